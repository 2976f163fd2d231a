/* Brings a session to a state of its machine, through the public interface
   alone: user mbed, password mirror, at example.com. */
#ifndef PARLEY_TESTS_STAGES_H
#define PARLEY_TESTS_STAGES_H

#include "common/session.h"

/* The states' names, in the machines' order; NULL ends them. */
extern const char *const stages_client[];
extern const char *const stages_server[];

/* The configurations for a state: PLAIN, or SCRAM-SHA-256 where the state is
   SCRAM's; 4096 iterations. */
void stage_client_config(parley_client_config *config, const char *state);
void stage_server_config(parley_server_config *config);

/* From a session just opened to the state. What was said on the way counts as
   read. The requests of a state that is a request's stay unanswered
   (session.held, session.hold_work). */
void stage_reach(session *s, const char *state);

/* Both in one. The configurations are kept by this file; NULL: as above. */
session *stage_client(const char *state, const parley_client_config *config);
session *stage_server(const char *state, const parley_server_config *config);

#endif

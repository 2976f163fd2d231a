/* The client's actions, one call each, and its machine's two entries. Each action
   is defined in the file of its step. */
#ifndef PARLEY_CLIENT_MACHINE_H
#define PARLEY_CLIENT_MACHINE_H

#include "parley/client.h"
#include "client_states.h"

/* Puts the machine into its start state. */
void parley_client_machine_init(parley_client *c);

/* Takes one event: runs the transition's actions, then enters its state. */
void parley_client_machine_step(parley_client *c, enum client_event event);

/* A state was entered, also by a self-loop. */
void parley_client_at(parley_client *c, enum client_state state);

/* Actions, by the names in spec/client.rl. */
void parley_client_open_stream(parley_client *c);
void parley_client_restart_stream(parley_client *c);
void parley_client_read_header(parley_client *c);
void parley_client_ask_tls(parley_client *c);
void parley_client_await_tls(parley_client *c);
void parley_client_refuse_plain(parley_client *c);
void parley_client_tls_refused(parley_client *c);
void parley_client_distrust(parley_client *c);
void parley_client_choose_mechanism(parley_client *c);
void parley_client_refuse_weak(parley_client *c);
void parley_client_send_auth(parley_client *c);
void parley_client_ask_credential(parley_client *c);
void parley_client_derive(parley_client *c);
void parley_client_send_response(parley_client *c);
void parley_client_send_empty(parley_client *c);
void parley_client_abort_sasl(parley_client *c);
void parley_client_sasl_refused(parley_client *c);
void parley_client_authenticated(parley_client *c);
void parley_client_send_bind(parley_client *c);
void parley_client_bind_refused(parley_client *c);
void parley_client_send_session(parley_client *c);
void parley_client_session_refused(parley_client *c);
void parley_client_become_ready(parley_client *c);
void parley_client_deliver(parley_client *c);
void parley_client_keep_alive(parley_client *c);
void parley_client_heard(parley_client *c);
void parley_client_report_error(parley_client *c);
void parley_client_answer_close(parley_client *c);
void parley_client_send_close(parley_client *c);
void parley_client_time_out(parley_client *c);
void parley_client_lose(parley_client *c);
void parley_client_reject(parley_client *c);
void parley_client_finished(parley_client *c);

#endif

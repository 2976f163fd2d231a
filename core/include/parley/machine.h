/* The negotiation machines as data: what `parley states` prints and what an
   exhaustive test walks. Generated from spec/client.rl and spec/server.rl. */
#ifndef PARLEY_MACHINE_H
#define PARLEY_MACHINE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum parley_deadline_class {
    PARLEY_DEADLINE_NONE = 0,
    PARLEY_DEADLINE_OPEN,
    PARLEY_DEADLINE_TLS,
    PARLEY_DEADLINE_SASL,
    PARLEY_DEADLINE_BIND,
    PARLEY_DEADLINE_READY,
    PARLEY_DEADLINE_CLOSING
} parley_deadline_class;

typedef struct parley_machine_state {
    const char *name;
    const char *clause; /* "RFC 6120 5.4.2" */
    uint8_t deadline;   /* parley_deadline_class */
    uint8_t step;       /* 1 open .. 6 close */
} parley_machine_state;

typedef struct parley_machine_transition {
    uint8_t state;
    uint8_t event;
    uint8_t next;
    const char *actions; /* names, comma-separated; "" if none */
} parley_machine_transition;

typedef struct parley_machine {
    const char *name; /* "client", "server" */
    const parley_machine_state *states;
    uint8_t state_count;
    const char *const *events;                    /* by number; events[0] is NULL */
    uint8_t event_count;                          /* highest number */
    const parley_machine_transition *transitions; /* every state with every event */
    uint16_t transition_count;
} parley_machine;

extern const parley_machine parley_client_machine;
extern const parley_machine parley_server_machine;

#ifdef __cplusplus
}
#endif
#endif

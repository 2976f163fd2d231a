/* Configurations that a byte a field makes right or wrong, and what is set up with them. */
#ifndef PARLEY_FUZZ_CONFIGURED_H
#define PARLEY_FUZZ_CONFIGURED_H

#include "common/wire_keys.h"

typedef enum fuzz_role { FUZZ_CLIENT, FUZZ_SERVER, FUZZ_TLS_CLIENT, FUZZ_TLS_SERVER } fuzz_role;

typedef struct fuzz_configured {
    parley_client_config client;
    parley_server_config server;
    parley_tls_client_config tls_client;
    parley_tls_server_config tls_server;
    parley_tls_session_input input;
    fuzz_identity identity;
    size_t size;    /* less or more than the struct's */
    bool no_object; /* NULL */
    bool no_config;
    bool no_input;
    bool no_why;
    unsigned char pin[32];
    void *last; /* that was set up */
} fuzz_configured;

/* One that is accepted. */
void fuzz_configure(fuzz_configured *s);

/* The field of this number is another: 0 to 21 the core's, 22 to 31 those of TLS, 32 to 43 what is
   given besides. */
void fuzz_configure_field(fuzz_configured *s, uint8_t field, uint8_t value);

/* Of 11. */
void fuzz_change_limits(parley_limits *limits, uint8_t field, uint8_t value);

/* Of a few that matter. */
uint32_t fuzz_number(uint8_t choice);

parley_result fuzz_set_up(fuzz_configured *s, fuzz_role role, parley_code *why);

/* What was set up, and not begun: closed; or, over TLS, where nobody watches, given a few bytes,
   none, and more said to have left than there are. */
void fuzz_use_early(fuzz_configured *s, fuzz_role role);

#endif

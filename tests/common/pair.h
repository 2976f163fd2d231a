/* A client core and a server core that talk to each other in memory, with a TLS
   between them that is only told of: what channel bindings, what certificates.
   Bytes pass whole or in pieces, and can be changed on their way to the client. */
#ifndef PARLEY_TESTS_PAIR_H
#define PARLEY_TESTS_PAIR_H

#include "parley/parley.h"

typedef struct pair {
    parley_client_config client_config;
    parley_server_config server_config;
    parley_tls_info client_tls;
    parley_tls_info server_tls;
    const char *password;           /* what the client answers; NULL: refuses */
    const char *known;              /* the server's for every user; NULL: nobody is known */
    const char *guest;              /* the user that ANONYMOUS gets; NULL: refused */
    const char *account;            /* the one user that EXTERNAL lets in; NULL: nobody */
    parley_scram_client_keys *keep; /* given to the client; NULL: not */
    bool without_keys;              /* parley_client_keep_keys is not called */
    const parley_scram_client_keys *client_keys; /* its first answer, if not NULL */
    const void *sought; /* looked for in structs and work blocks at the end; NULL: nothing */
    size_t sought_len;
    const parley_scram_keys *keys; /* the server's, in place of the password */
    const char *from;              /* in what the server says: is replaced by `to`; NULL: nothing */
    const char *to;
    size_t piece; /* most bytes fed at once; 0: all */
    size_t cut;   /* the server's bytes are cut here once; 0: not */

    parley_client client;
    parley_server server;
    void *client_work;
    void *server_work;
    size_t passed;         /* bytes to the client */
    unsigned char counter; /* makes randomness */
    bool found_in_client;
    bool found_in_server;
    unsigned misfits;     /* kept keys that the client did not take */
    unsigned credentials; /* requests of the client for one */
    bool authorize;
    bool ready; /* both ends are */
    bool server_proved;
    char mechanism[32]; /* of the client's authenticated event */
    char user[256];     /* of the server's */
    char asked[256];    /* user of the server's last CREDENTIAL request */
    char client_said[32768];
    char server_said[32768];
} pair;

/* Sets up: user romeo at example.com, password "r0m30myr0m30" on both sides, SCRAM
   by strength, a channel with both bindings. Change what is to differ, then run. */
void pair_init(pair *p);

/* Negotiates until both ends are ready or one is closed. Frees what it took. */
void pair_run(pair *p);

#endif

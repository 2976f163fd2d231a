/* One end of a session and its application: answers what is asked, logs what happens, and
   checks what has to hold whatever the peer does. */
#ifndef PARLEY_FUZZ_PARTY_H
#define PARLEY_FUZZ_PARTY_H

#include "common/heard.h"
#include "common/xml.h"

/* The account, and what must not be seen. */
#define FUZZ_USER     "mbed"
#define FUZZ_HOST     "example.com"
#define FUZZ_PASSWORD "mirror-4b1d-Marker"
/* What SASLprep makes the password of, with a soft hyphen and a wide M. */
#define FUZZ_PASSWORD_BEYOND_ASCII     \
    "mirr\xC2\xADor-4b1d-\xEF\xBC\xAD" \
    "arker"
#define FUZZ_SECRET "a secret that only fuzzers know."

/* How the application behaves, one bit each. */
enum {
    FUZZ_REFUSES_RANDOM = 0x01,
    FUZZ_REFUSES_CREDENTIAL = 0x02,
    FUZZ_REFUSES_AUTHORIZE = 0x04, /* and, once authenticated, hosts */
    FUZZ_REFUSES_BIND = 0x08,
    FUZZ_HAS_PASSWORDS = 0x10, /* server: a password in place of keys */
    FUZZ_DESCENDS = 0x20,      /* stepwise */
    FUZZ_ANNOUNCES = 0x40,
    FUZZ_ANSWERS_WRONGLY = 0x80 /* at first */
};

/* What TLS has for a mechanism to bind to. */
typedef enum fuzz_binding {
    FUZZ_BINDS_NOTHING,
    FUZZ_BINDS_BOTH,
    FUZZ_BINDS_UNIQUE, /* alone */
    FUZZ_BINDS_END_POINT,
    FUZZ_BINDS_RESUMED /* the unique one is void */
} fuzz_binding;

typedef struct fuzz_party {
    parley_client *client; /* one of the two */
    parley_server *server;
    fuzz_log *log;  /* events and answers */
    fuzz_log *said; /* output, inside TLS in the clear */
    fuzz_heard *heard;
    fuzz_cuts cuts; /* of acks and work */
    uint8_t manners;
    bool tls;                    /* up; on a client with a verified certificate */
    const parley_tls_info *told; /* of it; NULL before */
    bool authenticated;
    bool bound;
    bool closed;             /* the CLOSED event */
    bool plain;              /* PLAIN may be used */
    parley_string addresses; /* server: of the client's certificate, a NUL after each */
    parley_limits limits;    /* of its configuration */
    size_t early;            /* bytes heard before it was authenticated */
    fuzz_cost cost;
    bool pieces_whole;  /* all children of a stanza that was descended into were shown whole */
    unsigned inside;    /* elements that were descended into */
    uint32_t worked;    /* iterations */
    unsigned attempts;  /* of authentication that a server lets fail; 0: not known */
    size_t secure_from; /* of said */
    size_t silent_from; /* of said, after an error */
    parley_code code;
    char authorized[64];
    fuzz_binding binding;          /* on the way */
    bool puts_off;                 /* requests and work */
    bool is_stuck;                 /* what it says can not leave any more */
    bool takes_no_keys;            /* a server's: the mechanism under way */
    bool keeps_keys;               /* and has no password: a client of SCRAM-SHA-256 from before */
    bool beyond_ascii;             /* the password is given so */
    parley_scram_client_keys kept; /* where a client's keys go */
} fuzz_party;

#define FUZZ_STATE(p, state) \
    ((p)->server != NULL ? parley_server_state_text(state) : parley_client_state_text(state))
#define FUZZ_CALL0(p, call) \
    ((p)->server != NULL ? parley_server_##call((p)->server) : parley_client_##call((p)->client))
#define FUZZ_CALL1(p, call, a)                                  \
    ((p)->server != NULL ? parley_server_##call((p)->server, a) \
                         : parley_client_##call((p)->client, a))
#define FUZZ_CALL2(p, call, a, b)                                  \
    ((p)->server != NULL ? parley_server_##call((p)->server, a, b) \
                         : parley_client_##call((p)->client, a, b))

/* The core is set up, and not begun. The logs are emptied. */
void fuzz_party_open(fuzz_party *p, fuzz_log *log, fuzz_log *said, fuzz_heard *heard,
                     fuzz_cuts cuts);

/* Events, a request, work; whether there was any. */
bool fuzz_party_serve(fuzz_party *p);

/* Input, as it was taken. */
void fuzz_party_hears(fuzz_party *p, const void *data, size_t len);

/* Output, as it leaves. */
void fuzz_party_says(fuzz_party *p, const void *data, size_t len);

/* serve, and output, until nothing is left to do. */
void fuzz_party_run(fuzz_party *p);

/* Offers the bytes, cut; how many were taken. The core alone, without a TLS layer. */
size_t fuzz_party_feed(fuzz_party *p, const void *data, size_t len, fuzz_cuts *cuts);

/* Authentication by this mechanism: the peer has shown that it knows the password, and who it
   wants to be is itself, or was granted. */
void fuzz_party_proof(const fuzz_party *p, parley_string mechanism);

/* Whether the account is one of a client's certificate: an address of it, whole. */
bool fuzz_party_certified(const fuzz_party *p, parley_string user);

/* What a key is about to be derived for: as many iterations as the policy allows. */
void fuzz_party_iterations(const fuzz_party *p);

/* What a client is told of where to go. */
void fuzz_redirected(fuzz_party *p, const parley_redirect *redirect);

/* At rest. */
void fuzz_party_check(fuzz_party *p);

/* Ends the input and checks what was said, and that nothing follows. */
void fuzz_party_close(fuzz_party *p);

/* After the end: every call that an application can make is without effect, as far as what was said
   and logged tells, which the caller compares. */
void fuzz_party_after(fuzz_party *p);

/* Nothing of the password on a wire that has TLS, whatever is said inside it. */
void fuzz_party_check_wire(const fuzz_party *p, const fuzz_log *wire);

/* The checks alone, where a TLS layer has ended the core's input. */
void fuzz_party_review(const fuzz_party *p);

#endif

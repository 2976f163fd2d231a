/* What both roles are built on. Opaque: applications use <parley/client.h> and
   <parley/server.h>; this is visible for its size alone. */
#ifndef PARLEY_STREAM_H
#define PARLEY_STREAM_H

#include "session.h"
#include "xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a mechanism's state; checked by the mechanisms at compile time.
   Secrets and messages are not in it but in the scratch area. */
#ifndef PARLEY_SASL_STATE_SIZE
#define PARLEY_SASL_STATE_SIZE (48 + 4 * sizeof(void *))
#endif

/* The state early, for what short instructions reach of it. */
typedef struct parley_sasl {
    const parley_mechanism *mechanism; /* NULL: no attempt under way */
    parley_code code;                  /* why the last step was refused */
    uint8_t preparation;               /* of passwords: parley_password_preparation */
    union {
        uint64_t align;
        void *align_pointer;
        unsigned char bytes[PARLEY_SASL_STATE_SIZE];
    } state;
    unsigned char *scratch; /* PARLEY_SASL_SIZE bytes of the work block */
    size_t scratch_len;
    parley_string out;                       /* the message to send, in scratch; data NULL: none */
    parley_string user;                      /* server: the prepared authcid, in scratch */
    parley_string authzid;                   /* server: as sent, in scratch; data NULL: none */
    parley_scram_client_keys *keep;          /* client: where SCRAM's keys go; NULL: nowhere */
    const struct parley_sasl_keeper *keeper; /* client: what that takes; NULL: no keys at all */
} parley_sasl;

#define PARLEY_STATE_QUEUE 8

/* First what the roles ask, then by size, the XML layer last, for what short instructions reach,
   from the role's struct too (xml.h). */
typedef struct parley_stream {
    uint8_t state;      /* of the negotiation machine */
    uint8_t requests;   /* pending, one bit a kind */
    uint8_t next;       /* machine event that an action leads to; 0: none */
    uint8_t event_kind; /* what a delivered stanza's piece is */
    bool working;       /* key derivation is due */
    bool root_ended;    /* the header was an empty-element tag */
    bool silent;        /* a keepalive went out and nothing has come since */
    bool opened;        /* stepwise: an OPEN event was taken, descend is possible */
    bool header_sent;
    bool close_sent;
    bool authenticated;
    bool text_due;       /* text after white space of the same token is to be judged */
    bool broken;         /* the input is no longer parsed */
    bool skipping;       /* an element over the limit is being left out */
    uint8_t event_state; /* where the pending events happened */
    uint8_t state_count;
    uint8_t states[PARLEY_STATE_QUEUE]; /* to report, oldest first */
    parley_condition event_condition;
    uint16_t events;    /* pending, one bit a kind */
    uint16_t descended; /* stepwise: depth of the element taken child by child; 0: none */
    int cs;             /* Ragel's state */
    parley_code code;   /* why the next reject happens; is written in one with what follows */
    uint16_t condition; /* what that answers, a parley_condition */
    uint32_t phase;
    const parley_limits *limits;
    unsigned char *work; /* output | SASL scratch | XML memory */
    size_t work_len;
    size_t out_size;  /* the first bytes of work */
    size_t out_start; /* first byte not acked */
    size_t out_end;
    size_t beyond;            /* bytes of the text token under way after the one that decided */
    size_t text_beyond;       /* the same for the text that is due */
    parley_element element;   /* of the pending event or request */
    parley_string event_text; /* of a stream error event */
    parley_string close_text; /* what the stream error that is sent holds; during that call */
    uint32_t early;           /* bytes taken before authentication */
    uint8_t announced[8];     /* stepwise: bit d % 8 of byte d / 8: children of depth d's element
                                 are announced */
    parley_outcome outcome;
    parley_sasl sasl;
    parley_xml xml;
} parley_stream;

#ifdef __cplusplus
}
#endif
#endif

/* What both roles are built on. Opaque: applications use <parley/client.h> and
   <parley/server.h>; this is visible for its size alone. */
#ifndef PARLEY_STREAM_H
#define PARLEY_STREAM_H

#include "session.h"
#include "xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a mechanism's state; checked by the mechanisms at compile time. */
#ifndef PARLEY_SASL_STATE_SIZE
#define PARLEY_SASL_STATE_SIZE 512
#endif

typedef struct parley_sasl {
    const parley_mechanism *mechanism; /* NULL: no attempt under way */
    unsigned char *scratch;            /* PARLEY_SASL_SIZE bytes of the work block */
    size_t scratch_len;
    parley_string out;                 /* the message to send, in scratch; data NULL: none */
    parley_string user;                /* server: the prepared authcid, in scratch */
    parley_string authzid;             /* server: as sent, in scratch; data NULL: none */
    parley_code code;                  /* why the last step was refused */
    union {
        uint64_t align;
        void *align_pointer;
        unsigned char bytes[PARLEY_SASL_STATE_SIZE];
    } state;
} parley_sasl;

#define PARLEY_STATE_QUEUE 8

typedef struct parley_stream {
    parley_xml xml;
    parley_sasl sasl;
    parley_outcome outcome;
    unsigned char *work; /* output | SASL scratch | XML memory */
    size_t work_len;
    char *out;
    size_t out_size;
    size_t out_start; /* first byte not acked */
    size_t out_end;
    uint64_t taken;   /* bytes before authentication */
    parley_element element; /* of the pending event or request */
    parley_string event_text;
    parley_condition event_condition;
    uint32_t phase;
    uint16_t events;   /* pending, one bit a kind */
    uint16_t requests; /* pending, one bit a kind */
    uint8_t states[PARLEY_STATE_QUEUE]; /* to report, oldest first */
    uint8_t states_len;
    uint8_t state;     /* of the negotiation machine, by its generated numbers */
    uint8_t event_state;
    int cs;            /* Ragel's */
    bool begun;
    bool header_sent;
    bool close_sent;
    bool peer_closed;
    bool ended;        /* end of input seen */
    bool waiting_work;
    bool after_open;   /* stepwise: descend is possible */
    uint16_t descended;
    uint8_t reply_condition;
} parley_stream;

#ifdef __cplusplus
}
#endif
#endif

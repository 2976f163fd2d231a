/* The client core: one XMPP session, from the first byte to the last.

   Feed transport bytes with parley_client_push, send what parley_client_out_buf
   gives, pull events, answer requests, and obey parley_client_state. It does no
   I/O, allocates nothing, keeps no reference to what it is given (but for the
   configuration and the work block), and every call is short.

   TLS is a layer beside it: <parley/tls.h> composes this core with BearSSL;
   another stack calls parley_client_tls_up. Without TLS there is no session:
   the one entry that leaves it out is in <parley/insecure.h>, a build option. */
#ifndef PARLEY_CLIENT_H
#define PARLEY_CLIENT_H

#include "jid.h"
#include "session.h"
#include "stream.h"
#include "writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Const and shareable; outlives the session, strings included. */
typedef struct parley_client_config {
    parley_string domain;   /* the JID's domainpart: `to`, and the name that TLS verifies */
    parley_string user;     /* the JID's localpart; data NULL with ANONYMOUS or EXTERNAL alone */
    parley_string authzid;  /* data NULL: none */
    parley_string resource; /* data NULL: the server makes one */
    parley_string language; /* xml:lang of the header; data NULL: none */
    parley_security security;
    const parley_mechanism *const *mechanisms; /* allowed ones, in order of preference */
    size_t mechanism_count;
    parley_policy policy;
    parley_limits limits;
    parley_timeouts timeouts;
    size_t output; /* bytes of the work block that hold output; the longest stanza to send */
    bool stepwise; /* OPEN events before stanzas, so that they can be descended into */
    parley_password_preparation password; /* how a password beyond ASCII is prepared */
    unsigned cpu; /* what the processor has (parley/cpu.h); 0: nothing to make use of */
} parley_client_config;

/* Random bytes that the ids of a session's own iqs begin with. */
#define PARLEY_ID_RANDOM 9

typedef struct parley_client {
    /* Opaque; visible for its size. core/client.c says who writes what. */
    uint8_t fact_bits;
    uint8_t bind_attempts;
    uint8_t binding; /* what SCRAM says of channel binding */
    uint16_t jid_len;
    uint16_t user_len;
    uint16_t domain_len;
    const parley_client_config *config;
    const parley_mechanism *mechanism; /* chosen, and kept for its event */
    uint32_t id_count;
    parley_stream stream;
    parley_tls_info tls;
    char id[16];         /* prefix of stanza ids, random */
    char request_id[24]; /* of the bind or session iq under way */
    char jid[PARLEY_JID_SIZE];
    char user[PARLEY_PART_SIZE];   /* prepared */
    char domain[PARLEY_PART_SIZE]; /* prepared */
} parley_client;

/* Fills in the defaults: STARTTLS, SCRAM-SHA-256 and SCRAM-SHA-1, the strongest first,
   with 4096 to PARLEY_ITERATIONS_MAXIMUM iterations, default
   limits and timeouts, 4096 bytes of output. domain and user stay empty. */
void parley_client_config_init(parley_client_config *config);

/* Bytes of the work block that always suffice for this configuration:
   output + PARLEY_XML_MEMORY(E) + PARLEY_SASL_SIZE, E the larger of limits.element
   and limits.element_early. A smaller one works if the elements that arrive fit. */
size_t parley_client_work_size(const parley_client_config *config);

/* Sets a session up. `size` is sizeof(parley_client); `c` is not moved until the
   session is closed; `work` is aligned to 8 and is the session's until then.
   PARLEY_MISUSE: `*why`, if not NULL, says which part of the configuration is wrong. */
parley_result parley_client_init(parley_client *c, size_t size, const parley_client_config *config,
                                 void *work, size_t work_len, parley_code *why);

/* Before SASL begins, so also behind parley_tls_client_init: where the keys of a login
   with SCRAM go, once the server has proved itself. Written at most once in a session,
   whole; else left alone. The caller's, as long as the session; NULL: nowhere (the
   default). To answer CREDENTIAL with those of an earlier login, call this in that session
   too, with NULL if none are to be kept, or with their own place; without that, and if salt,
   iteration count or hash are others, answer gives PARLEY_MISUSE and the request stays: it
   takes the password then. Who never calls it links nothing of that. */
void parley_client_keep_keys(parley_client *c, parley_scram_client_keys *keys);

/* The transport is connected: opens the stream, or with PARLEY_DIRECT_TLS waits
   for TLS. PARLEY_MISUSE: begun before. */
parley_result parley_client_begin(parley_client *c);

/* Takes transport bytes (plaintext before TLS, decrypted ones after). Returns
   how many were taken; stops after each first-level element, and takes nothing
   while an event, a request or work is pending or TLS is due, nor, until ready,
   while output is. Once it is closing, what comes is taken and dropped. */
size_t parley_client_push(parley_client *c, const void *data, size_t len);

/* The input ended (in order, as far as the transport or TLS can tell). */
void parley_client_finish(parley_client *c);

/* Bytes to send; valid until the next call that is not const. NULL: none. */
const void *parley_client_out_buf(const parley_client *c, size_t *len);
void parley_client_out_ack(parley_client *c, size_t len);

/* PARLEY_WANTS_INPUT and so on. */
unsigned parley_client_state(const parley_client *c);

/* The state's name, as the diagrams show it; static. */
const char *parley_client_state_name(const parley_client *c);

/* The name of a state by the number that events and outcomes have; static. NULL: no such state. */
const char *parley_client_state_text(unsigned state);

/* Does at most `iterations` (at least 1) of SCRAM's key derivation. */
void parley_client_work(parley_client *c, uint32_t iterations);

/* Takes the oldest pending event. False: none. */
bool parley_client_event(parley_client *c, parley_event *event);

/* The pending request. False: none. */
bool parley_client_request(const parley_client *c, parley_request *request);
/* Each answers the pending request, once. PARLEY_MISUSE: none pending, or the
   answer is not of its kind; it stays pending. PARLEY_REFUSED: the credential
   cannot be used; the session fails with PARLEY_ERROR_SASL_CREDENTIAL. */
parley_result parley_client_answer(parley_client *c, const parley_answer *answer);
parley_result parley_client_refuse(parley_client *c, parley_refusal refusal);

/* TLS is up. `info` is copied. An unverified peer ends the session. */
parley_result parley_client_tls_up(parley_client *c, const parley_tls_info *info);
/* TLS failed, or was truncated (PARLEY_ERROR_TLS_TRUNCATED) later. `code` is of
   the 400 range. No effect before it begins and once it is closed. */
void parley_client_tls_failed(parley_client *c, parley_code code, int tls_code);

/* Ready only. Sets `w` up to write one stanza straight into the free part of
   the output buffer; content namespace jabber:client. PARLEY_MISUSE: not ready.
   No other call on the session may stand between this and send. */
parley_result parley_client_stanza(parley_client *c, parley_writer *w);
/* Puts the stanza out whole, or nothing of it (parley_writer_finish's results).
   PARLEY_NO_ROOM may pass when pending output has been sent. */
parley_result parley_client_send(parley_client *c, const parley_writer *w);

/* A fresh stanza id of this session, into `id`, terminated. */
void parley_client_id(parley_client *c, char id[24]);

/* In stepwise mode, after OPEN: take the open element child by child (each
   child is announced by OPEN if `announce`, so that it can be descended into
   too). PARLEY_MISUSE: not after OPEN, or too deep (62 at most). */
parley_result parley_client_descend(parley_client *c, bool announce);

/* Closes the stream in order (RFC 6120 section 4.4). No effect when closing. */
void parley_client_close(parley_client *c);

/* The deadline of the present phase: milliseconds from the moment when `*phase`
   took its value; 0: none. */
uint32_t parley_client_deadline(const parley_client *c, uint32_t *phase);
/* That time is over. A stale phase is ignored. */
void parley_client_expired(parley_client *c, uint32_t phase);

/* Whether the session needs its work block now: always until ready; then while a
   stanza is under way; and while output is pending, or an event of more than a new state, even
   when closed. */
bool parley_client_busy(const parley_client *c);

/* The bound full JID; empty before. Lives as long as the session. */
parley_string parley_client_jid(const parley_client *c);

/* Why the session ended; PARLEY_NO_ERROR while it runs and when it ended in
   order. */
const parley_outcome *parley_client_outcome(const parley_client *c);

/* Fails the session from outside (a limit of the application, its shutdown):
   sends `condition`, if not NONE, as a stream error. */
void parley_client_fail(parley_client *c, parley_code code, parley_condition condition);

#ifdef __cplusplus
}
#endif
#endif

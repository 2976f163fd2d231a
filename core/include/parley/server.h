/* The server core: one client's session, from the first byte to the last.

   The same calls as <parley/client.h>, and requests for what a server must
   know: HOST, CREDENTIAL, AUTHORIZE, BIND. Routing is the application's: each
   stanza arrives as an event, and parley_writer_element copies it into another
   session with its `from` set (RFC 6120 8.1.2.1). The `from` that it came with, if
   any, is the client's full or bare JID, but maybe not as that is prepared (RFC 7622):
   parley_server_jid is what to pass on. */
#ifndef PARLEY_SERVER_H
#define PARLEY_SERVER_H

#include "jid.h"
#include "session.h"
#include "stream.h"
#include "writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Const and shareable; outlives the session. */
typedef struct parley_server_config {
    parley_security security;
    const parley_mechanism *const *mechanisms; /* offered ones, in the order to offer */
    size_t mechanism_count;
    parley_policy policy;
    parley_kept kept;            /* what the application answers CREDENTIAL with */
    uint32_t iterations;         /* SCRAM and PLAIN: of passwords, and what nobody is shown */
    uint8_t salt_len;            /* the same of the salt's bytes: 1 to PARLEY_SALT_SIZE */
    const unsigned char *secret; /* 32 bytes, kept by the application: makes the salts of
                                    passwords and of unknown users (RFC 5802 section 9). With
                                    PARLEY_KEEPS_KEYS it has to outlive the process: a name whose
                                    salt changes is nobody's */
    parley_limits limits;        /* limits.element at least PARLEY_STANZA_MINIMUM */
    parley_timeouts timeouts;
    size_t output;
    uint8_t offer_session; /* RFC 3921's session: 0 no, 1 as optional, 2 as it used to be */
    bool skip_large;       /* a stanza over the limit is left out with a TOO_LARGE event;
                              else it ends the stream with policy-violation */
    bool stepwise;
    parley_password_preparation password; /* how passwords beyond ASCII are prepared */
    unsigned cpu; /* what the processor has (parley/cpu.h); 0: nothing to make use of */
} parley_server_config;

typedef struct parley_server {
    /* Opaque; visible for its size. core/server.c says who writes what. */
    parley_stream stream;
    const parley_server_config *config;
    const parley_mechanism *mechanism; /* of the attempt, and kept for its event */
    parley_tls_info tls;
    uint8_t fact_bits;
    uint8_t failures;       /* attempts that failed */
    uint8_t sasl_condition; /* what the next <failure/> says */
    uint8_t bind_error;     /* what the next bind error says */
    uint8_t id_len;
    uint8_t iq_id_len;
    uint16_t host_len;
    uint16_t user_len;
    uint16_t jid_len;
    char id[24];    /* the stream id */
    char iq_id[64]; /* of the bind or session request being answered */
    char host[PARLEY_PART_SIZE];
    char user[PARLEY_PART_SIZE];
    char jid[PARLEY_JID_SIZE];
} parley_server;

/* Fills in the defaults: STARTTLS, SCRAM-SHA-256 and SCRAM-SHA-1, 10000
   iterations, 16 bytes of salt, PARLEY_KEEPS_PASSWORDS, default limits
   (limits.element: 65536), 3 attempts, 4096 bytes of output, skip_large off.
   `secret` stays NULL. */
void parley_server_config_init(parley_server_config *config);

/* As for the client. */
size_t parley_server_work_size(const parley_server_config *config);
parley_result parley_server_init(parley_server *s, size_t size, const parley_server_config *config,
                                 void *work, size_t work_len, parley_code *why);

/* A connection was accepted: waits for the client's header, or for TLS. */
parley_result parley_server_begin(parley_server *s);

/* As for the client, role by role. After <proceed/> the rest of the input
   belongs to TLS (a client may send its ClientHello at once). */
size_t parley_server_push(parley_server *s, const void *data, size_t len);
void parley_server_finish(parley_server *s);
const void *parley_server_out_buf(const parley_server *s, size_t *len);
void parley_server_out_ack(parley_server *s, size_t len);
unsigned parley_server_state(const parley_server *s);
const char *parley_server_state_name(const parley_server *s);

/* As parley_client_state_text. */
const char *parley_server_state_text(unsigned state);
void parley_server_work(parley_server *s, uint32_t iterations);
bool parley_server_event(parley_server *s, parley_event *event);
bool parley_server_request(const parley_server *s, parley_request *request);
parley_result parley_server_answer(parley_server *s, const parley_answer *answer);
parley_result parley_server_refuse(parley_server *s, parley_refusal refusal);
parley_result parley_server_tls_up(parley_server *s, const parley_tls_info *info);
void parley_server_tls_failed(parley_server *s, parley_code code, int tls_code);
parley_result parley_server_stanza(parley_server *s, parley_writer *w);
parley_result parley_server_send(parley_server *s, const parley_writer *w);
parley_result parley_server_descend(parley_server *s, bool announce);
void parley_server_close(parley_server *s);
uint32_t parley_server_deadline(const parley_server *s, uint32_t *phase);
void parley_server_expired(parley_server *s, uint32_t phase);
bool parley_server_busy(const parley_server *s);
parley_string parley_server_jid(const parley_server *s);
const parley_outcome *parley_server_outcome(const parley_server *s);

/* How many attempts have failed so far, to authenticate and then to bind: what
   policy.attempts bounds. `*last` is what the last <failure/> said, for a log;
   PARLEY_SASL_NONE before there was one, and once the client is authenticated. */
unsigned parley_server_failures(const parley_server *s, parley_sasl_condition *last);

/* Ends the session with a stream error (system-shutdown, conflict, ...). see-other-host has
   to say which one: parley_server_redirect; here undefined-condition is sent in its place. */
void parley_server_fail(parley_server *s, parley_code code, parley_condition condition);

/* Ends it with see-other-host (RFC 6120 section 4.9.3.19): the client is to go to `address`, a host
   or host:port as parley_redirect_parse takes it. PARLEY_ILLEGAL: it is none; PARLEY_NO_ROOM:
   the output is too full to say it; PARLEY_MISUSE: the session is over. The session
   stays as it is then. */
parley_result parley_server_redirect(parley_server *s, parley_string address);

#ifdef __cplusplus
}
#endif
#endif

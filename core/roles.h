/* What the step files of one role share beyond the machine's actions. */
#ifndef PARLEY_CORE_ROLES_H
#define PARLEY_CORE_ROLES_H

#include "client_machine.h"
#include "engine.h"
#include "server_machine.h"

/* Facts about a session that decisions depend on; fact_bits holds them. */
enum {
    FACT_TLS = 0x01,      /* TLS is up and verified (server: up) */
    FACT_INSECURE = 0x02, /* begun without TLS, from parley_insecure */
    FACT_SESSION = 0x04,  /* client: the server wants the session iq */
    FACT_FOREIGN = 0x08,  /* client: the header came from another domain */
    FACT_BOUND = 0x10     /* server: a resource is bound; a client has its JID */
};

/* Runs the machine on an event and on those its actions lead to. */
void parley_client_step(parley_client *c, enum client_event event);
void parley_server_step(parley_server *s, enum server_event event);

/* Puts a form out (form.h); who has no room for it fails. */
void parley_client_say(parley_client *c, const char *form, const parley_string *a,
                       const parley_string *b);
void parley_server_say(parley_server *s, const char *form, const parley_string *a,
                       const parley_string *b);

/* The end of an element's form: in it the second value in base64; `/>` if there is none. */
#define FORM_MESSAGE(name) FORM_IF_B ">" FORM_BASE64 "</" name ">" FORM_ELSE "/>" FORM_END

/* The end, by an error: the outcome, and our close. What is not the peer's own error is said to it,
   if a condition is given. */
void parley_client_end(parley_client *c, parley_code code, parley_condition condition,
                       bool by_peer);
void parley_server_end(parley_server *s, parley_code code, parley_condition condition,
                       bool by_peer);

/* Prepares a part of a JID into `room`. Its length, at least 1; 0: it is none, or too long. */
uint16_t parley_client_prepare(parley_jid_part part, const parley_string *text, char *room,
                               size_t size);

/* Decisions: which machine event the present element (stream.element) is, given the facts. They
   set what a rejection would say (parley_engine_blame). */
enum client_event parley_client_judge_header(parley_client *c);
enum client_event parley_client_judge_element(parley_client *c);
enum client_event parley_client_judge_features(parley_client *c);
/* Sets the mechanism (NULL: none that is allowed) and the channel binding. */
void parley_client_judge_offer(parley_client *c, parley_element features,
                               parley_element mechanisms);
/* XEP-0474's hash of the offer, in `out` of PARLEY_HASH_SIZE bytes, by the chosen
   mechanism's hash. Data NULL: it cannot be made. */
parley_string parley_client_offer_hash(const parley_client *c, unsigned char *out);
enum client_event parley_client_judge_iq(parley_client *c);

enum server_event parley_server_judge_header(parley_server *s);
enum server_event parley_server_judge_element(parley_server *s);
enum server_event parley_server_judge_auth(parley_server *s);
enum server_event parley_server_judge_response(parley_server *s);
enum server_event parley_server_judge_abort(parley_server *s);
enum server_event parley_server_judge_stanza(parley_server *s);

/* What a mechanism's step means to the machine. */
enum client_event parley_client_sasl_event(parley_client *c, sasl_step step);
enum server_event parley_server_sasl_event(parley_server *s, sasl_step step);

/* Answers that belong to SASL and binding. */
parley_result parley_client_answer_sasl(parley_client *c, parley_request_kind kind,
                                        const parley_answer *answer);
parley_result parley_server_answer_sasl(parley_server *s, parley_request_kind kind,
                                        const parley_answer *answer);
void parley_server_refuse_sasl(parley_server *s, parley_request_kind kind, parley_refusal refusal);
parley_result parley_server_answer_bind(parley_server *s, const parley_answer *answer);
void parley_server_refuse_resource(parley_server *s, parley_refusal refusal);

/* Whether a mechanism is offered on this connection; whether one that binds is. */
bool parley_server_offers(const parley_server *s, const parley_mechanism *mechanism);
bool parley_server_offers_binding(const parley_server *s);
/* As parley_client_offer_hash. */
parley_string parley_server_offer_hash(const parley_server *s, unsigned char *out);

/* One more failed attempt: ATTEMPT (AUTH_REFUSED or ATTEMPT_REFUSED), or
   ATTEMPTS_SPENT when it was the last (RFC 6120 6.4.5). */
enum server_event parley_server_failed_attempt(parley_server *s, enum server_event event);

/* The answer to a header; `served`: the host is ours. False: no room. */
bool parley_server_put_header(parley_server *s, bool served);

/* SCRAM-SHA-256 and SCRAM-SHA-1. */
extern const parley_mechanism *const parley_mechanisms_default[];
extern const size_t parley_mechanisms_default_count;

/* Checks of a configuration that both roles make. */
bool parley_mechanisms_valid(const parley_mechanism *const *mechanisms, size_t count);
bool parley_limits_valid(const parley_limits *limits);

#endif

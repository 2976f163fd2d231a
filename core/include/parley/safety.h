/* What an application may believe of a stanza, and what it may answer.

   Whoever can reach the account can send it stanzas of any form. The server vouches
   for one thing alone, the `from` (RFC 6120 section 8.1.2.1); so each of these looks
   at it first. They read the element and keep nothing.

   `own` is parley_client_jid(c), the bound full JID. A `from` is prepared before it
   is compared, so that case and normal form do not matter; what is not a JID is
   nobody's. Each function names attacks that clients without such a check have
   fallen to. */
#ifndef PARLEY_SAFETY_H
#define PARLEY_SAFETY_H

#include "element.h"
#include "result.h"
#include "writer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum parley_sender {
    PARLEY_SENDER_NOBODY = 0, /* `from` is not a JID: believe nothing, answer nothing */
    PARLEY_SENDER_ACCOUNT,    /* no `from`, or the own bare JID: the server, for the own account */
    PARLEY_SENDER_SERVER,     /* the own domain: the server for itself */
    PARLEY_SENDER_SELF,       /* the own full JID: this session */
    PARLEY_SENDER_RESOURCE,   /* another session of the account, maybe another program */
    PARLEY_SENDER_OTHER       /* anybody else */
} parley_sender;

/* Who sent a stanza (RFC 6120 section 8.1.2.1). */
parley_sender parley_sender_of(parley_string own, parley_element stanza);

/* Whether it comes from `jid`, which is prepared: a contact (`bare`: whichever
   resource), a room, a service. A stanza without `from` comes from none of them.
   Answers of archives and proxies are to be asked so: CVE-2019-16237 (Dino took
   archived messages from anybody). */
bool parley_is_from(parley_element stanza, parley_string jid, bool bare);

/* Requests under way. An answer is one only if id, sender and type are right: with the
   id alone others could answer in the place of who was asked, CVE-2013-6483 (libpurple),
   and with id and sender alone a request can pass for an answer, CVE-2024-46957
   (mellium.im/xmpp). */
typedef struct parley_iq_request {
    char id[24];
    parley_string to; /* the caller's, as long as the request; data NULL: the own account */
    bool pending;
} parley_iq_request;

typedef enum parley_iq_answer {
    PARLEY_IQ_UNRELATED = 0, /* not an answer to this request */
    PARLEY_IQ_RESULT,
    PARLEY_IQ_ERROR,
    PARLEY_IQ_BROKEN /* an answer that RFC 6120 8.2.3 forbids: a result with two children,
                        an error without <error/>; nothing in it counts */
} parley_iq_answer;

/* A request has been sent with `id`, of parley_client_id (ids that can be guessed
   can be answered first), to the prepared JID `to`; data NULL: without a `to`.
   PARLEY_MISUSE: no id, or one longer than 23 bytes; nothing is pending then. */
parley_result parley_iq_sent(parley_iq_request *request, const char *id, parley_string to);

/* Whether the stanza answers the request, which is pending no longer if it does: an
   answer comes once. Of a start tag (PARLEY_EVENT_OPEN) the content is not judged. */
parley_iq_answer parley_iq_answered(parley_iq_request *request, parley_string own,
                                    parley_element stanza, bool whole);

typedef enum parley_push {
    PARLEY_PUSH_NONE = 0, /* not a roster push */
    PARLEY_PUSH_ITEM,     /* `item` is to be believed; to be answered with a result */
    PARLEY_PUSH_FORGED,   /* not from the own account: nothing in it counts. No answer, or
                             service-unavailable; only silence does not tell a stranger that
                             somebody is there (RFC 6121 section 2.1.6) */
    PARLEY_PUSH_BROKEN    /* not one item with a JID: to be answered with bad-request */
} parley_push;

/* Whether a stanza may change the roster (RFC 6121 sections 2.1.6 and 2.3.3):
   CVE-2015-8688 (Gajim), CVE-2016-9928 (MCabber), CVE-2019-16236 (Dino) let anybody do it. */
parley_push parley_roster_push(parley_string own, parley_element stanza, parley_element *item);

/* The <message/> inside a carbon copy (XEP-0280), if the own account sent it: `sent` says
   that it is one's own. False: not a carbon, or a forged one, which must not be shown as
   what it says it is: CVE-2017-5589 to 5593, 5602 to 5606 and 5858 (eleven clients), CVE-2019-16235
   (Dino), CVE-2020-26547 (Monal). Of the message inside nothing is vouched for but that
   the account's server had it. */
bool parley_carbon(parley_string own, parley_element stanza, parley_element *message, bool *sent);

typedef enum parley_reply {
    PARLEY_REPLY_NONE = 0,   /* must not be answered: an answer, an error, or nobody's */
    PARLEY_REPLY_MAY,        /* message and presence: as it pleases */
    PARLEY_REPLY_DUE,        /* a request: result or error */
    PARLEY_REPLY_BAD_REQUEST /* an iq of no known type, or a request without exactly one
                                child: the error bad-request */
} parley_reply;

/* What RFC 6120 asks to be done about a stanza. Answers to errors, or to answers, would
   go round and round between two that are equally wrong (sections 8.2.3 and 8.3.1). An
   iq without id cannot be answered. */
parley_reply parley_reply_to(parley_element stanza);

/* Begins the answer to `iq`: type, id and to. Children may follow, and
   parley_writer_end. */
void parley_iq_reply(parley_writer *w, parley_element iq, const char *type);

/* The whole answer: an error of this type ("cancel", "modify", "auth", "wait") and defined
   condition (RFC 6120 section 8.3.3). */
void parley_iq_reply_error(parley_writer *w, parley_element iq, const char *type,
                           const char *condition);

#ifdef __cplusplus
}
#endif
#endif

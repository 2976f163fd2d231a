/* What `parley connect` says and answers once the session is ready: roster,
   presence, a message, listening; and what the events on the way print. */
#ifndef PARLEY_CLI_CONVERSATION_H
#define PARLEY_CLI_CONVERSATION_H

#include "diagram.h"
#include "output.h"
#include "reply.h"
#include "session.h"

#include <parley/safety.h>

typedef struct conversation_plan {
    bool roster;
    bool presence;
    const char *to; /* NULL: no message */
    const char *message;
    int64_t listen;  /* milliseconds; 0: not at all */
    int64_t timeout; /* for the negotiation, and for the roster's answer */
    parley_redirect_policy redirects;
} conversation_plan;

typedef struct conversation {
    const conversation_plan *plan;
    session *session;
    output *out;
    trace *tracer;    /* NULL: none */
    int64_t deadline; /* of what is being waited for */
    bool ready;
    bool roster_asked;
    bool roster_done;
    uint8_t roster_depth; /* elements of the roster's answer that are descended into */
    bool presence_sent;
    bool message_sent;
    char message_id[24]; /* of this session */
    bool listening;
    int64_t listen_end; /* CLOCK_NEVER: it has not begun */
    bool closing;
    bool done;   /* all that was planned: the session was closed for it */
    bool failed; /* `problem` says how; the session was closed for it */
    diagram path;
    failure problem;
    bool roster_seen; /* the answer's <query/> */
    parley_iq_request roster_request;
    reply reply;         /* for which there was no room */
    char peer_text[256]; /* of the peer's stream error, or of its refusal */
    char offered[256];   /* mechanisms, as they were last offered */
    unsigned followed;   /* redirects, by the caller */
    bool sent_away;      /* by see-other-host, as follows */
    parley_redirect_verdict verdict;
    parley_redirect_target other; /* PARLEY_REDIRECT_FOLLOW: its host is in other_host */
    char other_host[PARLEY_REDIRECT_SIZE + 1]; /* terminated */
    char other_text[256];                      /* as the server wrote it */
} conversation;

/* The negotiation's time runs out at `deadline`. */
void conversation_init(conversation *c, const conversation_plan *plan, session *s, output *out,
                       trace *tracer, int64_t deadline);

/* The same in a new session after one that ended too early: the message is not sent again, and
   listening ends when it would have ended; all else is done anew. */
void conversation_again(conversation *c, int64_t deadline);

session_handler conversation_handler(conversation *c);

/* The session is over. */
void conversation_over(conversation *c);

/* Whether XML can carry the text. */
bool conversation_can_say(const char *text);

#endif

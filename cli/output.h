/* What a session says on stdout: lines for people, or JSON lines. */
#ifndef PARLEY_CLI_OUTPUT_H
#define PARLEY_CLI_OUTPUT_H

#include "json.h"
#include "report.h"

#include <parley/session.h>

typedef struct output {
    bool as_json;
    bool roster_open; /* a roster line has begun */
    size_t contacts;
    json line; /* of the open roster */
} output;

void output_init(output *o, bool as_json);

void output_state(output *o, const char *state);
void output_tls(output *o, const parley_tls_info *tls);
void output_features(output *o, parley_element features);
/* The mechanisms offered, for a message: names as RFC 4422 has them, while there is room. */
void output_mechanisms(parley_element features, char *text, size_t size);
/* `binding`: the channel-binding type; data NULL: none. */
void output_authenticated(output *o, parley_string mechanism, parley_string binding,
                          bool server_verified);
void output_bound(output *o, parley_string jid);

/* A roster, item by item; whatever is put out next ends one left open. */
void output_roster(output *o);
void output_roster_item(output *o, parley_element item);
void output_roster_end(output *o);

/* A roster push that is to be believed. */
void output_push(output *o, parley_element item);

/* Stanzas, with who sent them; `own`: the full JID. A copy of another session's message
   (XEP-0280) is shown as what it holds, if the own account made it. */
void output_stanza(output *o, parley_string own, parley_element stanza);
void output_too_large(output *o, parley_string own, parley_element stanza);
/* An error stanza's condition (RFC 6120 8.3.2), and its text if it has one, for a message: as they
   came. */
void output_error(parley_element stanza, char *text, size_t size);
/* The message to `to` came back. */
void output_returned(parley_string own, const char *to, parley_element stanza);

/* An attempt failed in `state`, and another one, `number` of `most`, follows after the time. */
void output_retry(output *o, unsigned number, unsigned most, int64_t milliseconds, const failure *f,
                  const char *state);

/* The server sends its client to another host, which is the redirect `number` of `most` that is
   followed. `port` 0: none was given. */
void output_redirect(output *o, const char *host, uint16_t port, unsigned number, unsigned most);

/* Always last. `outcome`: a code's name; `reason`: what failed, or how it ended. */
void output_closed(output *o, const char *outcome, const char *state, const char *reason,
                   bool in_order);

#endif

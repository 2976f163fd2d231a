/* JIDs: parsing, preparation, comparison (RFC 7622, RFC 6120 section 1.4).

   Localparts are prepared by UsernameCaseMapped and resourceparts by OpaqueString
   (RFC 8265; Unicode 15.0), domains to U-labels by IDNA2008 (RFC 5890 to 5895):
   an A-label ("xn--...") becomes its U-label. ASCII labels are letters, digits and
   inner hyphens; those of a name with dots have at most 63 characters, as A-labels
   too. The dots between labels are ASCII's. IP literals stay as they are, in lower
   case but for a zone. No part has more than 1023 bytes when it is prepared.

   A text with more than 30 combining marks in a row is refused, so that no one
   character costs more than a bounded time.

   Built with PARLEY_UNICODE=OFF there are no Unicode tables: what goes beyond
   ASCII is refused with that reason, and A-labels for their reserved hyphens. */
#ifndef PARLEY_JID_H
#define PARLEY_JID_H

#include "limits.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The prepared parts. They point into the buffer given to parley_jid_parse.
   local.data and resource.data are NULL when the part is absent. A domain that
   begins with '[' is an IPv6 address. */
typedef struct parley_jid {
    parley_string local;
    parley_string domain;
    parley_string resource;
} parley_jid;

typedef enum parley_jid_part {
    PARLEY_JID_LOCAL,
    PARLEY_JID_DOMAIN,
    PARLEY_JID_RESOURCE
} parley_jid_part;

/* Parses and prepares a JID into `buffer` (PARLEY_JID_SIZE bytes always do),
   which then begins with the prepared JID as it is written, separators in place.
   PARLEY_ILLEGAL: not a JID, and `*error_at`, if not NULL, is the offset in
   `text` of the first character that cannot stand (its length, if it ends too
   early); PARLEY_NO_ROOM. `buffer` and `text` do not overlap. */
parley_result parley_jid_parse(parley_jid *jid, parley_string text, char *buffer, size_t size,
                               size_t *error_at);

/* Prepares one part alone into `buffer`; `*prepared` points there. Results as
   above. */
parley_result parley_jid_prepare(parley_jid_part part, parley_string text, char *buffer,
                                 size_t size, parley_string *prepared, size_t *error_at);

/* A prepared domain as DNS and certificates have it: U-labels as A-labels. At most
   as long as `size`; 255 bytes do for every name that DNS can hold. PARLEY_NO_ROOM;
   PARLEY_ILLEGAL: a label is too long for DNS (a lone one may be). */
parley_result parley_jid_domain_ascii(parley_string domain, char *buffer, size_t size,
                                      parley_string *ascii);

/* Why `text` is not a JID and what to do about it, one line, static; NULL: it
   is one. Built with PARLEY_REASONS=OFF the line is empty. */
const char *parley_jid_reason(parley_string text);

/* Writes the full JID (or the bare JID if `bare`) without terminator; its
   length to `*len`. PARLEY_NO_ROOM. */
parley_result parley_jid_write(const parley_jid *jid, bool bare, char *buffer, size_t size,
                               size_t *len);

/* Byte comparison of prepared JIDs; `bare` leaves the resource out. */
bool parley_jid_equal(const parley_jid *a, const parley_jid *b, bool bare);

/* XEP-0106: escapes what no localpart may hold (space and "&'/:<>@) as "\20" and so
   on, and the backslash where it would be read as an escape; the result is to be
   prepared yet. PARLEY_ILLEGAL: the text begins or ends with a space (section 4.2);
   PARLEY_NO_ROOM: three times its length always suffices. */
parley_result parley_jid_escape(parley_string text, char *buffer, size_t size,
                                parley_string *escaped);

/* The other way; the result is to be shown to people, and is no localpart. Never
   longer than `local`. PARLEY_NO_ROOM. */
parley_result parley_jid_unescape(parley_string local, char *buffer, size_t size,
                                  parley_string *text);

#ifdef __cplusplus
}
#endif
#endif

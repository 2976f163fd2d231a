/* JIDs: parsing, preparation, comparison (RFC 7622, RFC 6120 section 1.4).

   Preparation here covers ASCII: case mapping, forbidden characters, the
   1023-byte limits, DNS label and IP literal syntax, the trailing dot. Labels
   are letters, digits and inner hyphens; those of a name with dots have at most
   63 characters. A-labels ("xn--...") are refused: write them as Unicode.

   Characters beyond ASCII must be well-formed UTF-8. Those that no PRECIS class
   allows, before or after any mapping, are refused: C1 controls, U+00AD, U+061C,
   U+200B, U+200E, U+200F, U+2028..U+202E, U+2060..U+206F, U+FE00..U+FE0F,
   U+FEFF, U+FFF0..U+FFFB, U+E0000..U+E0FFF, private use and noncharacters. The
   others pass unchanged in this version: no case or width mapping, no
   normalisation, no Bidi rule (RFC 8264, RFC 8265). */
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

/* Why `text` is not a JID and what to do about it, one line, static; NULL: it
   is one. */
const char *parley_jid_reason(parley_string text);

/* Writes the full JID (or the bare JID if `bare`) without terminator; its
   length to `*len`. PARLEY_NO_ROOM. */
parley_result parley_jid_write(const parley_jid *jid, bool bare, char *buffer, size_t size,
                               size_t *len);

/* Byte comparison of prepared JIDs; `bare` leaves the resource out. */
bool parley_jid_equal(const parley_jid *a, const parley_jid *b, bool bare);

#ifdef __cplusplus
}
#endif
#endif

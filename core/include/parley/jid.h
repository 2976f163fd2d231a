/* JIDs: parsing, preparation, comparison (RFC 7622, RFC 6120 section 1.4).

   Preparation here covers ASCII: case mapping, forbidden characters, the
   1023-byte limits, DNS label and IP literal syntax. Characters beyond ASCII
   must be well-formed UTF-8 and pass unchanged in this version. */
#ifndef PARLEY_JID_H
#define PARLEY_JID_H

#include "limits.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The prepared parts. They point into the buffer given to parley_jid_parse.
   local.data and resource.data are NULL when the part is absent. */
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

/* Parses and prepares a JID into `buffer` (PARLEY_JID_SIZE bytes always do).
   PARLEY_ILLEGAL: not a JID, and `*error_at`, if not NULL, is the offset in
   `text` of the first byte that cannot stand; PARLEY_NO_ROOM. */
parley_result parley_jid_parse(parley_jid *jid, parley_string text, char *buffer, size_t size,
                               size_t *error_at);

/* Prepares one part alone into `buffer`; `*prepared` points there. */
parley_result parley_jid_prepare(parley_jid_part part, parley_string text, char *buffer,
                                 size_t size, parley_string *prepared, size_t *error_at);

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

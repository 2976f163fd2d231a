/* Base64, strict (RFC 4648 section 4 with the rules of RFC 6120 section
   13.9.1): canonical padding, no white space, no line feeds, no stray bits. */
#ifndef PARLEY_BASE64_H
#define PARLEY_BASE64_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the encoding of n bytes. */
#define PARLEY_BASE64_SIZE(n) ((((n) + 2) / 3) * 4)

/* Encodes; `out` has PARLEY_BASE64_SIZE(len) bytes, is not terminated, and
   does not overlap `data`. Takes the same time whatever the bytes are. */
void parley_base64_encode(const void *data, size_t len, char *out);

/* Decodes into `out`, which may be `text` itself. `*len` gives the number of
   bytes. PARLEY_ILLEGAL; PARLEY_NO_ROOM. */
parley_result parley_base64_decode(const char *text, size_t text_len, void *out, size_t size,
                                   size_t *len);

#ifdef __cplusplus
}
#endif
#endif

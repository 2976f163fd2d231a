/* Punycode (RFC 3492), for labels: what follows "xn--". */
#ifndef PARLEY_CORE_PUNYCODE_H
#define PARLEY_CORE_PUNYCODE_H

#include "parley/result.h"

/* Characters and bytes of a label (RFC 1035 section 2.3.4). */
#define LABEL_MAXIMUM 63u

/* False: not Punycode of at most LABEL_MAXIMUM characters. `encoded` has at most
   LABEL_MAXIMUM bytes; letters beyond its characters may have either case. */
bool parley_punycode_decode(parley_string encoded, uint32_t characters[LABEL_MAXIMUM],
                            size_t *count);

/* Of at most LABEL_MAXIMUM characters. False: longer than `size` bytes. */
bool parley_punycode_encode(const uint32_t *characters, size_t count, char *encoded, size_t size,
                            size_t *len);

#endif

/* Domain labels beyond ASCII on the wire: "xn--" and Punycode (RFC 3492). */
#ifndef PARLEY_TLS_A_LABEL_H
#define PARLEY_TLS_A_LABEL_H

#include "parley/result.h"

/* Encodes a label of prepared UTF-8 into at most `room` bytes of `out`, not
   terminated; returns how many. 0: not UTF-8, or no room. */
size_t parley_a_label(parley_string label, char *out, size_t room);

#endif

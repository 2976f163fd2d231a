/* Base64 of bytes, as a contract: Eva takes it for the function (negotiation.h), and WP proves the
   function against it (wp_base64.c). */
#ifndef PARLEY_PROOF_ENCODE_H
#define PARLEY_PROOF_ENCODE_H

#include "parley/base64.h"

/*@ requires len <= SIZE_MAX / 4 * 3 - 2;
    requires len == 0 || \valid_read((unsigned char *)data + (0 .. len - 1));
    requires \valid(out + (0 .. (len + 2) / 3 * 4 - 1));
    requires \separated((unsigned char *)data + (0 .. len - 1), out + (0 .. (len + 2) / 3 * 4 - 1));
    assigns out[0 .. (len + 2) / 3 * 4 - 1] \from len, ((unsigned char *)data)[0 .. len - 1]; */
void parley_base64_encode(const void *data, size_t len, char *out);

#endif

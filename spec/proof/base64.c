/* Eva: base64, both ways, in place and apart. */
#include <parley/base64.h>

#include "message.h"

static void parse(parley_string message)
{
    static char out[PARLEY_BASE64_SIZE(PROOF_LONG)];
    static unsigned char octets[PROOF_LONG];
    size_t len;

    if (message.data == NULL) {
        return;
    }
    parley_base64_encode(message.data, message.len,
                         out + (sizeof out - PARLEY_BASE64_SIZE(message.len)));
    (void)parley_base64_decode(message.data, message.len,
                               octets + (sizeof octets - message.len / 4 * 3), message.len / 4 * 3,
                               &len);
    (void)parley_base64_decode(message.data, message.len, octets + sizeof octets - 2, 2, &len);
    (void)parley_base64_decode(message.data, message.len, (char *)message.data, message.len, &len);
}

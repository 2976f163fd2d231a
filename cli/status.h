/* Exit statuses, and which of them a session's outcome gives. */
#ifndef PARLEY_CLI_STATUS_H
#define PARLEY_CLI_STATUS_H

#include <parley/result.h>

enum {
    STATUS_OK = 0,
    STATUS_LOCAL = 1, /* a file, memory, entropy, no time */
    STATUS_USAGE = 2,
    STATUS_NETWORK = 3,  /* no address, refused, cut off, timed out */
    STATUS_TLS = 4,      /* not offered, refused, handshake, certificate */
    STATUS_SASL = 5,     /* refused, no mechanism, server without proof */
    STATUS_PROTOCOL = 6, /* the peer broke the protocol */
    STATUS_BIND = 7,     /* bind or session refused */
    STATUS_LIMIT = 8,    /* a limit or a policy of ours */
    STATUS_PEER = 9,     /* the peer sent a stream error */
    STATUS_SIGNAL = 128, /* plus the signal */

    /* parley xml and parley jid */
    STATUS_REFUSED = 1,
    STATUS_INCOMPLETE = 3
};

int status_of_code(parley_code code);

#endif

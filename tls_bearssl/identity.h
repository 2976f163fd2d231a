/* Which names a certificate may carry for a domain: DNS names alone
   (RFC 6125 section 6.4, RFC 6120 section 13.7.2). */
#ifndef PARLEY_TLS_IDENTITY_H
#define PARLEY_TLS_IDENTITY_H

#include "parley/tls.h"

/* Makes the reference identifier of a prepared domainpart: lower case, labels
   beyond ASCII as A-labels (RFC 3492), without a trailing dot, terminated. False,
   and empty: it is no DNS name (an IP literal, a bad or too long label), so that
   no certificate can carry it. */
bool parley_identity_reference(parley_string domain, char out[PARLEY_TLS_NAME_SIZE]);

/* Whether a dNSName of a certificate is the reference identifier, or matches it
   by one whole left-most wildcard label (RFC 6125 section 6.4.3). */
bool parley_identity_match(const char *reference, parley_string presented);

#endif

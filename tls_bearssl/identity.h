/* Which names a certificate may carry for a domain: a DNS-ID, an SRV-ID of
   _xmpp-client, or an XmppAddr (RFC 6125 section 6, RFC 6120 sections 13.7.1.2
   and 13.7.2.1). Any one that matches is enough; none is looked at before another. */
#ifndef PARLEY_TLS_IDENTITY_H
#define PARLEY_TLS_IDENTITY_H

#include "certificate.h"

/* Makes the reference identifier of a prepared domainpart: lower case, labels
   beyond ASCII as A-labels (RFC 5890), without a trailing dot, terminated. False,
   and empty: it is no DNS name (an IP literal, a bad or too long label), so that
   no certificate can carry it. */
bool parley_identity_reference(parley_string domain, char out[PARLEY_TLS_NAME_SIZE]);

/* 0: this entry is the reference identifier; else a PARLEY_TLS_NAME_* code, the
   greater the closer. A dNSName may match by one whole left-most wildcard label
   (RFC 6125 section 6.4.3); what stands behind it may not be a public suffix: a
   single label, or a two-letter one below com, co, org, ac and the like. An
   SRVName (RFC 4985) and an XmppAddr have no wildcards. */
int parley_identity_judge(const char *reference, const parley_name *presented);

#endif

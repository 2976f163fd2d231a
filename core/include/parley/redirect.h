/* see-other-host (RFC 6120 section 4.9.3.19): where a server sends its client, and
   whether the client goes there.

   The event PARLEY_EVENT_SEE_OTHER_HOST gives what the server said and how much that is
   worth; parley_redirect_judge decides, from its arguments alone (docs/reconnecting.md has the
   table). Going there is a new session of the application's, with the same configuration: the
   stream's `to` and the name that TLS verifies stay the JID's domain, whatever the host is
   called. A kept TLS session and SCRAM keys serve there too. */
#ifndef PARLEY_REDIRECT_H
#define PARLEY_REDIRECT_H

#include "limits.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many redirects to follow in a row: RFC 6120 asks for 2 to 5. */
#define PARLEY_REDIRECTS_DEFAULT 3u
#define PARLEY_REDIRECTS_MAXIMUM 5u

/* What a server said. `address` lives as long as its event. */
typedef struct parley_redirect {
    parley_string address; /* as it stands in the element; empty if it held no text alone */
    bool verified;         /* inside TLS, from a peer whose certificate carries the domain */
    bool foreign;          /* the stream's header was from another domain */
} parley_redirect;

/* All zeros: none is followed. */
typedef struct parley_redirect_policy {
    unsigned most;  /* in a row; counts over PARLEY_REDIRECTS_MAXIMUM are taken for that */
    bool clear_too; /* also without TLS: for streams that have none, <parley/insecure.h> */
} parley_redirect_policy;

typedef enum parley_redirect_verdict {
    PARLEY_REDIRECT_FOLLOW = 0,
    PARLEY_REDIRECT_UNWANTED,   /* the policy follows none */
    PARLEY_REDIRECT_UNVERIFIED, /* said before TLS was verified: anyone on the path can say it */
    PARLEY_REDIRECT_FOREIGN,    /* said by a server that answered for another domain */
    PARLEY_REDIRECT_MALFORMED,  /* not host, host:port, [IPv6] or [IPv6]:port */
    PARLEY_REDIRECT_TOO_MANY    /* as many have been followed as may be */
} parley_redirect_verdict;

/* Where to go. */
typedef struct parley_redirect_target {
    parley_string host; /* a prepared domainpart; an IPv6 address in its brackets */
    uint16_t port;      /* 0: none was given: look the host up as a domain (RFC 6120 3.2) */
    bool literal;       /* the host is an IP address */
} parley_redirect_target;

/* Bytes that a target's host always fits. */
#define PARLEY_REDIRECT_SIZE PARLEY_PART_SIZE

/* Whether to go, after `followed` redirects in a row. With PARLEY_REDIRECT_FOLLOW `*target` says
   where, its host in `buffer` (PARLEY_REDIRECT_SIZE bytes; what does not fit a smaller one
   counts as malformed); else both are left alone. */
parley_redirect_verdict parley_redirect_judge(const parley_redirect *redirect,
                                              const parley_redirect_policy *policy,
                                              unsigned followed, char *buffer, size_t size,
                                              parley_redirect_target *target);

/* An address alone: PARLEY_OK, PARLEY_ILLEGAL or PARLEY_NO_ROOM; nothing is written but with the
   first. A host is a domainpart as RFC 7622 has it, without a zone; a port is 1 to 65535, in
   decimal, without sign, spaces or leading zeros. */
parley_result parley_redirect_parse(parley_string address, char *buffer, size_t size,
                                    parley_redirect_target *target);

/* "redirect-unverified" and so on; static. */
const char *parley_redirect_name(parley_redirect_verdict verdict);

/* What it means and what to do about it, one line, static. */
const char *parley_redirect_text(parley_redirect_verdict verdict);

#ifdef __cplusplus
}
#endif
#endif

/* see-other-host (RFC 6120 section 4.9.3.19): the address, and the policy. No state, nothing but
   the arguments.

   The order of the refusals goes from what the application wants, over who speaks, to what was
   said: an address is looked at only if its sender may give one. */
#include "parley/jid.h"
#include "parley/redirect.h"

typedef struct verdict_row {
    const char *name;
    const char *text;
} verdict_row;

static const verdict_row verdict_rows[] = {
    [PARLEY_REDIRECT_FOLLOW] = {"redirect", "the server sends its client to another host"},
    [PARLEY_REDIRECT_UNWANTED] = {"redirect-unwanted",
                                  "the server sends its client to another host, which is not "
                                  "followed here; allow redirects, or connect to that host"},
    [PARLEY_REDIRECT_UNVERIFIED] = {"redirect-unverified",
                                    "the redirect came before TLS had shown whose it is, so "
                                    "anyone on the path can have sent it; have the server send "
                                    "it inside TLS, or name the host yourself"},
    [PARLEY_REDIRECT_FOREIGN] = {"redirect-foreign",
                                 "the redirect came from a server that answers for another "
                                 "domain; check the JID's domain and the host"},
    [PARLEY_REDIRECT_MALFORMED] = {"redirect-malformed",
                                   "the redirect holds no host, host:port or [IPv6]:port; report "
                                   "it to the server's operator"},
    [PARLEY_REDIRECT_TOO_MANY] = {"redirect-too-many",
                                  "one redirect too many in a row: the servers may be sending "
                                  "their clients in a circle; report it to their operator"},
};

#define VERDICTS (sizeof verdict_rows / sizeof verdict_rows[0])

_Static_assert(VERDICTS == PARLEY_REDIRECT_TOO_MANY + 1, "a verdict has no row");

const char *parley_redirect_name(parley_redirect_verdict verdict)
{
    return verdict_rows[(unsigned)verdict < VERDICTS ? (unsigned)verdict : 0].name;
}

const char *parley_redirect_text(parley_redirect_verdict verdict)
{
    return verdict_rows[(unsigned)verdict < VERDICTS ? (unsigned)verdict : 0].text;
}

/* 1 to 65535 in decimal; 0: it is none. */
static uint16_t read_port(parley_string text)
{
    uint32_t port = 0;

    if (text.len == 0 || text.len > 5 || text.data[0] == '0') {
        return 0;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return 0;
        }
        port = port * 10 + (uint32_t)(text.data[i] - '0');
    }
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* Where the byte stands first; the length: nowhere. */
static size_t find(parley_string text, char byte)
{
    size_t at = 0;

    while (at < text.len && text.data[at] != byte) {
        at++;
    }
    return at;
}

/* Where the host ends: behind the bracket of an IPv6 address, else at the first colon. */
static size_t host_length(parley_string address)
{
    bool bracketed = address.data[0] == '[';
    size_t at = find(address, bracketed ? ']' : ':');

    return bracketed && at < address.len ? at + 1 : at;
}

/* Names and IPv4 addresses are both letters and digits: only one has a last label of digits. */
static bool is_literal(parley_string host)
{
    size_t at = host.len;

    if (host.data[0] == '[') {
        return true;
    }
    while (at > 0 && host.data[at - 1] >= '0' && host.data[at - 1] <= '9') {
        at--;
    }
    return at < host.len && at > 0 && host.data[at - 1] == '.';
}

parley_result parley_redirect_parse(parley_string address, char *buffer, size_t size,
                                    parley_redirect_target *target)
{
    parley_string host = address;
    parley_redirect_target found = {{NULL, 0}, 0, false};
    parley_result result = PARLEY_ILLEGAL;

    if (address.len == 0 || address.len > PARLEY_PART_SIZE + 6) { /* ":65535" */
        return PARLEY_ILLEGAL;
    }
    host.len = host_length(address);
    if (host.len < address.len) {
        parley_string port = {address.data + host.len + 1, address.len - host.len - 1};

        found.port = address.data[host.len] == ':' ? read_port(port) : 0;
        if (found.port == 0) {
            return PARLEY_ILLEGAL;
        }
    }
    /* A zone has a meaning on the machine that wrote it alone (RFC 4007 section 6). */
    if (host.len > 0 && find(host, '%') == host.len) {
        result = parley_jid_prepare(PARLEY_JID_DOMAIN, host, buffer, size, &found.host, NULL);
    }
    if (result == PARLEY_OK) {
        found.literal = is_literal(found.host);
        *target = found;
    }
    return result;
}

parley_redirect_verdict parley_redirect_judge(const parley_redirect *redirect,
                                              const parley_redirect_policy *policy,
                                              unsigned followed, char *buffer, size_t size,
                                              parley_redirect_target *target)
{
    unsigned most = policy->most < PARLEY_REDIRECTS_MAXIMUM ? policy->most
                                                            : PARLEY_REDIRECTS_MAXIMUM;

    if (most == 0) {
        return PARLEY_REDIRECT_UNWANTED;
    }
    if (!redirect->verified && !policy->clear_too) {
        return PARLEY_REDIRECT_UNVERIFIED;
    }
    if (redirect->foreign) {
        return PARLEY_REDIRECT_FOREIGN;
    }
    if (followed >= most) {
        return PARLEY_REDIRECT_TOO_MANY;
    }
    return parley_redirect_parse(redirect->address, buffer, size, target) == PARLEY_OK
               ? PARLEY_REDIRECT_FOLLOW
               : PARLEY_REDIRECT_MALFORMED;
}

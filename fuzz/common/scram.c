#include <stdio.h>
#include <string.h>

#include "common/party.h"
#include "common/scram.h"
#include "common/scram_keys.h"

#define SASL       "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define BARE       "n=" FUZZ_USER ",r=clientnonce"
#define ITERATIONS 4096
#define FINAL_SIZE (2 * FUZZ_SASL_SIZE)

/* n,,n=mbed,r=clientnonce */
const char fuzz_scram_auth[] = "<auth " SASL
                               " mechanism='SCRAM-SHA-256'>biwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>";

static const parley_string sha_256 = {"SCRAM-SHA-256", 13};

const parley_scram_keys *fuzz_scram_keys(void)
{
    static fuzz_scram_derived own;
    static parley_scram_keys keys;

    own = *fuzz_scram_usual(sha_256);
    keys.salt = parley_string_of(FUZZ_SCRAM_SALT);
    keys.iterations = ITERATIONS;
    keys.stored_key = (parley_string){(const char *)own.stored_key, own.len};
    keys.server_key = (parley_string){(const char *)own.server_key, own.len};
    return &keys;
}

void fuzz_scram_client_keys(parley_scram_client_keys *out)
{
    const fuzz_scram_derived *keys = fuzz_scram_usual(sha_256);

    memset(out, 0, sizeof *out);
    out->iterations = ITERATIONS;
    out->salt_len = sizeof FUZZ_SCRAM_SALT - 1;
    out->key_len = (uint8_t)keys->len;
    memcpy(out->salt, FUZZ_SCRAM_SALT, out->salt_len);
    memcpy(out->client_key, keys->client_key, keys->len);
    memcpy(out->server_key, keys->server_key, keys->len);
}

/* The decoded, terminated content of the element that begins at `at`. */
static bool content(const fuzz_log *log, size_t at, char out[FUZZ_SCRAM_SIZE])
{
    const char *from = memchr(log->bytes + at, '>', log->len - at);
    const char *to = from != NULL ? memchr(from, '<', (size_t)(log->bytes + log->len - from))
                                  : NULL;
    size_t len = 0;

    if (to == NULL || parley_base64_decode(from + 1, (size_t)(to - from) - 1, out,
                                           FUZZ_SCRAM_SIZE / 4, &len) != PARLEY_OK) {
        return false;
    }
    out[len] = '\0';
    return true;
}

static bool is_at(const fuzz_log *log, size_t at, const char *tag)
{
    size_t len = strlen(tag);

    return log->len - at >= len && memcmp(log->bytes + at, tag, len) == 0;
}

bool fuzz_scram_last(const fuzz_log *said, const char *tag, char out[FUZZ_SCRAM_SIZE])
{
    for (size_t at = said->len; at-- > 0;) {
        if (is_at(said, at, tag)) {
            return content(said, at, out);
        }
    }
    return false;
}

bool fuzz_scram_last_with(const fuzz_log *said, const char *tag, const char *text,
                          char out[FUZZ_SCRAM_SIZE])
{
    for (size_t at = said->len; at-- > 0;) {
        if (is_at(said, at, tag) && content(said, at, out) && strstr(out, text) != NULL) {
            return true;
        }
    }
    return false;
}

/* Number `which`, counted from 1. */
static bool nth(const fuzz_log *log, const char *tag, unsigned which, char out[FUZZ_SCRAM_SIZE])
{
    for (size_t at = 0; at < log->len; at++) {
        if (is_at(log, at, tag) && --which == 0) {
            return content(log, at, out);
        }
    }
    return false;
}

static void apply(const fuzz_edit *edit, char *text, size_t len)
{
    if (edit != NULL && !edit->in_proof && len > 0 &&
        (text[edit->at % len] ^ (char)edit->change) != '\0') {
        text[edit->at % len] = (char)(text[edit->at % len] ^ (char)edit->change);
    }
}

size_t fuzz_scram_element(char *out, const char *name, const char *text, size_t len)
{
    char coded[PARLEY_BASE64_SIZE(FUZZ_SCRAM_SIZE / 2)];

    FUZZ_CHECK(len <= FUZZ_SCRAM_SIZE / 2);
    parley_base64_encode(text, len, coded);
    return (size_t)snprintf(out, FUZZ_SCRAM_SIZE, "<%s " SASL ">%.*s</%s>", name,
                            (int)PARLEY_BASE64_SIZE(len), coded, name);
}

/* Not the last characters, which have bits that must be 0. */
static void spoil(const fuzz_edit *edit, char *proof, size_t len)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    if (edit != NULL && edit->in_proof) {
        char *at = &proof[edit->at % (len - 4)];

        *at = alphabet[edit->change & 63] != *at ? alphabet[edit->change & 63]
                                                 : alphabet[(edit->change + 1) & 63];
    }
}

/* Behind the header of GS2. */
static const char *bare_of(const char *first)
{
    const char *comma = strchr(first, ',');

    comma = comma != NULL ? strchr(comma + 1, ',') : NULL;
    return comma != NULL ? comma + 1 : NULL;
}

/* The mechanism that the last <auth/> named; none: the usual one. */
static parley_string named(const fuzz_log *log)
{
    static const char name[] = " mechanism=";
    const char *at, *end;
    size_t from = log->len;

    while (from > 0 && !is_at(log, from, "<auth")) {
        from--;
    }
    end = memchr(log->bytes + from, '>', log->len - from);
    for (at = log->bytes + from; end != NULL && at + sizeof name < end; at++) {
        const char *value = at + sizeof name;
        const char *close = memchr(value, value[-1], (size_t)(end - value));

        if (memcmp(at, name, sizeof name - 1) == 0 && close != NULL) {
            return (parley_string){value, (size_t)(close - value)};
        }
    }
    return sha_256;
}

/* What TLS has for the header of GS2 (RFC 5929); none: the header wants nothing, or what there is
   not. */
static parley_string binding(const char *header, const parley_tls_info *tls)
{
    static const char end_point[] = "p=tls-server-end-point,", unique[] = "p=tls-unique,";

    if (tls != NULL && strncmp(header, end_point, sizeof end_point - 1) == 0) {
        return (parley_string){(const char *)tls->end_point, tls->end_point_len};
    }
    if (tls != NULL && !tls->resumed && strncmp(header, unique, sizeof unique - 1) == 0) {
        return (parley_string){(const char *)tls->unique, tls->unique_len};
    }
    return (parley_string){"", 0};
}

/* The header of GS2 and the rest of the last first message heard, or of fuzz_scram_auth. */
static void read_first(const fuzz_log *heard, char auth[FUZZ_SCRAM_SIZE], size_t *header_len)
{
    const char *bare = NULL;

    if (fuzz_scram_last(heard, "<auth", auth) && strchr("nyp", auth[0]) != NULL) {
        bare = bare_of(auth);
    }
    if (bare == NULL) {
        (void)snprintf(auth, FUZZ_SCRAM_SIZE, "n,," BARE);
        bare = auth + 3;
    }
    *header_len = (size_t)(bare - auth);
}

/* Client-final without its proof (RFC 5802 section 7): the header of client-first comes back with
   what TLS has for it, and the nonce of server-first. Its length. */
static size_t final_of(const char *first, const char *server_first, const parley_tls_info *tls,
                       char out[FINAL_SIZE])
{
    char data[FUZZ_SASL_SIZE + PARLEY_HASH_SIZE];
    char coded[PARLEY_BASE64_SIZE(sizeof data)];
    parley_string bound = binding(first, tls);
    size_t len = (size_t)(bare_of(first) - first);

    FUZZ_CHECK(len <= FUZZ_SASL_SIZE);
    memcpy(data, first, len);
    memcpy(data + len, bound.data, bound.len);
    len += bound.len;
    parley_base64_encode(data, len, coded);
    return (size_t)snprintf(out, FINAL_SIZE, "c=%.*s,%.*s", (int)PARLEY_BASE64_SIZE(len), coded,
                            (int)strcspn(server_first, ","), server_first);
}

size_t fuzz_scram_response(const fuzz_log *said, const fuzz_log *heard, const parley_tls_info *tls,
                           const fuzz_edit *edit, char *out)
{
    char auth[FUZZ_SCRAM_SIZE];
    char first[FUZZ_SCRAM_SIZE];
    char final[FINAL_SIZE];
    char proof[FUZZ_SCRAM_PROOF];
    const fuzz_scram_derived *keys;
    size_t header_len, len, proof_len;

    if (!fuzz_scram_last(said, "<challenge", first)) {
        return 0;
    }
    read_first(heard, auth, &header_len);
    len = final_of(auth, first, tls, final);
    if (len >= FUZZ_SCRAM_SIZE / 4) {
        return 0;
    }
    apply(edit, final, len);
    keys = fuzz_scram_derive(named(heard), first);
    keys = keys != NULL ? keys : fuzz_scram_usual(named(heard));
    proof_len = fuzz_scram_proof(keys, auth + header_len, first, final, proof);
    spoil(edit, proof, proof_len);
    len += (size_t)snprintf(final + len, sizeof final - len, ",p=%s", proof);
    return fuzz_scram_element(out, "response", final, len);
}

size_t fuzz_scram_first(parley_string authzid, char *out)
{
    char first[FUZZ_SCRAM_SIZE / 2];
    char coded[PARLEY_BASE64_SIZE(sizeof first)];
    int len = snprintf(first, sizeof first, "n,a=%.*s," BARE, (int)(authzid.len % 256),
                       authzid.data);

    parley_base64_encode(first, (size_t)len, coded);
    return (size_t)snprintf(out, FUZZ_SCRAM_SIZE,
                            "<auth " SASL " mechanism='SCRAM-SHA-256'>%.*s</auth>",
                            (int)PARLEY_BASE64_SIZE((size_t)len), coded);
}

static bool first_of(const char *auth, unsigned iterations, char out[FUZZ_SCRAM_SIZE])
{
    const char *nonce = strstr(auth, ",r=");

    if (nonce == NULL) {
        return false;
    }
    (void)snprintf(out, FUZZ_SCRAM_SIZE, "r=%.500sserver,s=c2FsdCBvZiBhIGZ1enplcg==,i=%u",
                   nonce + 3, iterations);
    return true;
}

size_t fuzz_scram_challenge(const fuzz_log *said, const fuzz_edit *edit, char *out)
{
    char auth[FUZZ_SCRAM_SIZE];
    char first[FUZZ_SCRAM_SIZE];

    if (!fuzz_scram_last(said, "<auth", auth) ||
        !first_of(auth, edit != NULL && edit->iterations > 0 ? edit->iterations : ITERATIONS,
                  first)) {
        return 0;
    }
    if (edit != NULL && edit->iterations == 0) {
        apply(edit, first, strlen(first));
    }
    return fuzz_scram_element(out, "challenge", first, strlen(first));
}

size_t fuzz_scram_success(const fuzz_log *said, const fuzz_log *heard, unsigned which,
                          const fuzz_edit *edit, char *out)
{
    char auth[FUZZ_SCRAM_SIZE];
    char first[FUZZ_SCRAM_SIZE];
    char final[FUZZ_SCRAM_SIZE];
    char text[2 + FUZZ_SCRAM_PROOF] = "v=";
    const fuzz_scram_derived *keys;
    char *proof;
    size_t len;

    if (!fuzz_scram_last(said, "<auth", auth) ||
        !(which == 0 ? first_of(auth, ITERATIONS, first)
                     : nth(heard, "<challenge", which, first)) ||
        !fuzz_scram_last(said, "<response", final) || bare_of(auth) == NULL ||
        (proof = strstr(final, ",p=")) == NULL) {
        return 0;
    }
    *proof = '\0';
    keys = fuzz_scram_derive(named(said), first);
    keys = keys != NULL ? keys : fuzz_scram_usual(named(said));
    len = fuzz_scram_signature(keys, bare_of(auth), first, final, text + 2);
    spoil(edit, text + 2, len);
    return fuzz_scram_element(out, "success", text, strlen(text));
}

/* Whether the flag of client-first is the mechanism's; "y" is for whom no -PLUS was offered
   (RFC 5802 section 6). */
static bool flags_right(char flag, const fuzz_log *said, parley_string mechanism, bool server)
{
    static const char plus[] = "-PLUS</mechanism>";
    bool binds = mechanism.len > 5 && memcmp(mechanism.data + mechanism.len - 5, plus, 5) == 0;

    return (flag == 'p') == binds &&
           (flag != 'y' || !server || !fuzz_has(said->bytes, said->len, plus, sizeof plus - 1));
}

/* Whether client-final, without its proof, goes on from the messages before it. */
static bool continues(const char *final, const char *first, const char *server_first,
                      const parley_tls_info *tls)
{
    char right[FINAL_SIZE];
    size_t len;

    if (bare_of(first) == NULL || (first[0] == 'p' && binding(first, tls).len == 0)) {
        return false;
    }
    len = final_of(first, server_first, tls, right);
    return len < sizeof right && strncmp(final, right, len) == 0 &&
           (final[len] == '\0' || final[len] == ',');
}

bool fuzz_scram_proved(const fuzz_log *said, const fuzz_heard *heard, const parley_tls_info *tls,
                       parley_string mechanism, bool server)
{
    char ours[FUZZ_SCRAM_SIZE];
    char final[FUZZ_SASL_SIZE];
    char right[FUZZ_SCRAM_PROOF];
    const fuzz_scram_derived *keys;
    const char *before = heard->sasl_before.text;
    const char *first = server ? before : ours;
    const char *server_first = server ? ours : before;
    const char *verifier = heard->sasl.text;
    char *proof;
    size_t len;

    if (heard->sasl.len == 0 || heard->sasl_before.len == 0 ||
        !fuzz_scram_last_with(said, server ? "<challenge" : "<auth", "r=", ours) ||
        (!server && !fuzz_scram_last_with(said, "<response", "r=", final))) {
        return false;
    }
    if (server) {
        memcpy(final, heard->sasl.text, heard->sasl.len + 1);
    }
    proof = strstr(final, ",p=");
    keys = fuzz_scram_derive(mechanism, server_first);
    if (proof == NULL || keys == NULL) {
        return false;
    }
    *proof = '\0';
    if (!continues(final, first, server_first, tls) ||
        !flags_right(first[0], said, mechanism, server)) {
        return false;
    }
    if (server) {
        (void)fuzz_scram_proof(keys, bare_of(first), server_first, final, right);
        return strcmp(proof + 3, right) == 0;
    }
    len = fuzz_scram_signature(keys, bare_of(first), server_first, final, right);
    return strncmp(verifier, "v=", 2) == 0 && strncmp(verifier + 2, right, len) == 0 &&
           (verifier[2 + len] == '\0' || verifier[2 + len] == ',');
}

bool fuzz_scram_nonces(const fuzz_log *said)
{
    char auth[FUZZ_SCRAM_SIZE] = "";
    char final[FUZZ_SCRAM_SIZE];

    for (size_t at = 0; at < said->len; at++) {
        const char *ours, *theirs;
        size_t len;

        if (is_at(said, at, "<auth") && !content(said, at, auth)) {
            auth[0] = '\0';
        }
        if (!is_at(said, at, "<response") || !content(said, at, final) ||
            (ours = strstr(auth, ",r=")) == NULL || strncmp(final, "c=", 2) != 0 ||
            (theirs = strstr(final, ",r=")) == NULL) {
            continue;
        }
        len = strlen(ours);
        if (strncmp(ours, theirs, len) != 0 || theirs[len] == ',' || theirs[len] == '\0') {
            return false;
        }
    }
    return true;
}

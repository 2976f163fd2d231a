#include <bearssl.h>
#include <stdio.h>
#include <string.h>

#include "common/party.h"
#include "common/scram.h"

#define SASL       "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define SALT       "salt of a fuzzer"
#define BARE       "n=" FUZZ_USER ",r=clientnonce"
#define ITERATIONS 4096

/* n,,n=mbed,r=clientnonce */
const char fuzz_scram_auth[] = "<auth " SASL
                               " mechanism='SCRAM-SHA-256'>biwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>";

static unsigned char client_key[32], stored_key[32], server_key[32];

static void hmac(unsigned char out[32], const void *key, size_t key_len, const void *data,
                 size_t len)
{
    br_hmac_key_context context;
    br_hmac_context h;

    br_hmac_key_init(&context, &br_sha256_vtable, key, key_len);
    br_hmac_init(&h, &context, 0);
    br_hmac_update(&h, data, len);
    (void)br_hmac_out(&h, out);
}

const parley_scram_keys *fuzz_scram_keys(void)
{
    static parley_scram_keys keys;
    unsigned char salted[32];
    unsigned char u[32];
    br_sha256_context sha;

    if (keys.iterations != 0) {
        return &keys;
    }
    hmac(u, FUZZ_PASSWORD, sizeof FUZZ_PASSWORD - 1, SALT "\0\0\0\1", sizeof SALT - 1 + 4);
    memcpy(salted, u, 32);
    for (unsigned i = 1; i < ITERATIONS; i++) {
        hmac(u, FUZZ_PASSWORD, sizeof FUZZ_PASSWORD - 1, u, 32);
        for (unsigned j = 0; j < 32; j++) {
            salted[j] ^= u[j];
        }
    }
    hmac(client_key, salted, 32, "Client Key", 10);
    hmac(server_key, salted, 32, "Server Key", 10);
    br_sha256_init(&sha);
    br_sha256_update(&sha, client_key, 32);
    br_sha256_out(&sha, stored_key);
    keys.salt = parley_string_of(SALT);
    keys.iterations = ITERATIONS;
    keys.stored_key = (parley_string){(const char *)stored_key, 32};
    keys.server_key = (parley_string){(const char *)server_key, 32};
    return &keys;
}

void fuzz_scram_client_keys(parley_scram_client_keys *out)
{
    const parley_scram_keys *keys = fuzz_scram_keys();

    memset(out, 0, sizeof *out);
    out->iterations = keys->iterations;
    out->salt_len = (uint8_t)keys->salt.len;
    out->key_len = 32;
    memcpy(out->salt, keys->salt.data, keys->salt.len);
    memcpy(out->client_key, client_key, 32);
    memcpy(out->server_key, server_key, 32);
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

/* A signature of the three messages, in base64. */
static void sign(char coded[45], const unsigned char *key, const unsigned char *proves,
                 const char *bare, const char *first, const char *final)
{
    char text[2 * FUZZ_SASL_SIZE + FUZZ_SCRAM_SIZE];
    unsigned char signature[32];
    int len = snprintf(text, sizeof text, "%s,%s,%s", bare, first, final);

    hmac(signature, key, 32, text, (size_t)len);
    for (unsigned i = 0; proves != NULL && i < 32; i++) {
        signature[i] ^= proves[i];
    }
    parley_base64_encode(signature, 32, coded);
    coded[44] = '\0';
}

/* 43 characters; the last one has bits that must be 0. */
static void spoil(const fuzz_edit *edit, char proof[45])
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    if (edit != NULL && edit->in_proof) {
        char *at = &proof[edit->at % 42];

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

/* The header of GS2 and the rest of the last first message heard, if it is one without channel
   binding (RFC 5802 section 7), or of fuzz_scram_auth. */
static void read_first(const fuzz_log *heard, char auth[FUZZ_SCRAM_SIZE], size_t *header_len)
{
    const char *bare = NULL;

    if (fuzz_scram_last(heard, "<auth", auth) && auth[0] == 'n') {
        bare = bare_of(auth);
    }
    if (bare == NULL) {
        (void)snprintf(auth, FUZZ_SCRAM_SIZE, "n,," BARE);
        bare = auth + 3;
    }
    *header_len = (size_t)(bare - auth);
}

size_t fuzz_scram_response(const fuzz_log *said, const fuzz_log *heard, const fuzz_edit *edit,
                           char *out)
{
    char auth[FUZZ_SCRAM_SIZE];
    char first[FUZZ_SCRAM_SIZE];
    char final[FUZZ_SCRAM_SIZE];
    char header[PARLEY_BASE64_SIZE(FUZZ_SCRAM_SIZE / 4)];
    char proof[45];
    size_t header_len;
    int len;

    (void)fuzz_scram_keys();
    if (!fuzz_scram_last(said, "<challenge", first)) {
        return 0;
    }
    read_first(heard, auth, &header_len);
    parley_base64_encode(auth, header_len, header);
    len = snprintf(final, sizeof final / 2, "c=%.*s,%.*s", (int)PARLEY_BASE64_SIZE(header_len),
                   header, (int)strcspn(first, ","), first);
    if (len >= FUZZ_SCRAM_SIZE / 4) {
        return 0;
    }
    apply(edit, final, (size_t)len);
    sign(proof, stored_key, client_key, auth + header_len, first, final);
    spoil(edit, proof);
    len += snprintf(final + len, sizeof final / 4, ",p=%s", proof);
    return fuzz_scram_element(out, "response", final, (size_t)len);
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
    char text[64] = "v=";
    const char *bare;
    char *proof;

    (void)fuzz_scram_keys();
    if (!fuzz_scram_last(said, "<auth", auth) ||
        !(which == 0 ? first_of(auth, ITERATIONS, first)
                     : nth(heard, "<challenge", which, first)) ||
        !fuzz_scram_last(said, "<response", final) || (bare = strstr(auth, "n=")) == NULL ||
        (proof = strstr(final, ",p=")) == NULL) {
        return 0;
    }
    *proof = '\0';
    bare = strstr(auth, ",n=") != NULL ? strstr(auth, ",n=") + 1 : bare;
    sign(text + 2, server_key, NULL, bare, first, final);
    spoil(edit, text + 2);
    return fuzz_scram_element(out, "success", text, strlen(text));
}

/* Client-final without its proof: the header of client-first comes back, and the nonce of
   server-first. */
static bool continues(const char *final, const char *first, const char *server_first)
{
    char header[FUZZ_SCRAM_SIZE];
    const char *nonce = strchr(final, ',');
    size_t header_len = (size_t)(bare_of(first) - first);
    size_t len = 0;

    return strncmp(final, "c=", 2) == 0 && nonce != NULL &&
           parley_base64_decode(final + 2, (size_t)(nonce - final) - 2, header, sizeof header,
                                &len) == PARLEY_OK &&
           len >= header_len && memcmp(header, first, header_len) == 0 &&
           (len > header_len) == (first[0] == 'p') &&
           strncmp(nonce + 1, server_first, strcspn(server_first, ",") + 1) == 0;
}

bool fuzz_scram_proved(const fuzz_log *said, const fuzz_heard *heard, bool server)
{
    char ours[FUZZ_SCRAM_SIZE];
    char final[FUZZ_SASL_SIZE];
    char signature[45];
    const char *before = heard->sasl_before.text;
    char *proof;

    (void)fuzz_scram_keys();
    if (heard->sasl.len == 0 || heard->sasl_before.len == 0 ||
        !fuzz_scram_last_with(said, server ? "<challenge" : "<auth", "r=", ours)) {
        return false;
    }
    if (server) {
        memcpy(final, heard->sasl.text, heard->sasl.len + 1);
        proof = strstr(final, ",p=");
        if (bare_of(before) == NULL || proof == NULL || !continues(final, before, ours)) {
            return false;
        }
        *proof = '\0';
        sign(signature, stored_key, client_key, bare_of(before), ours, final);
        return strcmp(proof + 3, signature) == 0;
    }
    if (!fuzz_scram_last_with(said, "<response", "r=", final) ||
        (proof = strstr(final, ",p=")) == NULL || bare_of(ours) == NULL) {
        return false;
    }
    *proof = '\0';
    sign(signature, server_key, NULL, bare_of(ours), before, final);
    return strncmp(heard->sasl.text, "v=", 2) == 0 &&
           strncmp(heard->sasl.text + 2, signature, 44) == 0;
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

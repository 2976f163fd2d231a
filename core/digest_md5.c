/* DIGEST-MD5: what both roles do alike, the digests among it, and the row.

   `state` holds positions, never a secret. The password goes into the hash and is
   not kept; of the digests only the one to expect stays. MD5 is here for this
   mechanism alone. */
#include "digest_md5.h"

#include <string.h>

digest_state *parley_digest_state(parley_sasl *s)
{
    return (digest_state *)(void *)&s->state;
}

digest_secrets *parley_digest_secrets(const parley_sasl *s)
{
    return (digest_secrets *)(void *)(s->scratch + s->scratch_len - sizeof(digest_secrets));
}

parley_scratch parley_digest_scratch(parley_sasl *s)
{
    return parley_scratch_of(s, parley_digest_state(s)->used, sizeof(digest_secrets));
}

bool parley_digest_begin(parley_sasl *s, const sasl_context *context)
{
    const digest_state fresh = {.phase = DIGEST_OVER};

    s->code = PARLEY_NO_ERROR;
    if (s->scratch == NULL || s->scratch_len < sizeof(digest_secrets)) {
        s->code = PARLEY_ERROR_CONFIG_MEMORY;
        return false;
    }
    if (context->random.data == NULL || context->random.len != DIGEST_RANDOM) {
        s->code = PARLEY_ERROR_NO_ENTROPY;
        return false;
    }
    memcpy(&s->state, &fresh, sizeof fresh);
    s->out = (parley_string){NULL, 0};
    return true;
}

void parley_digest_keep(parley_scratch *scratch, parley_string text, digest_span *span)
{
    span->at = (uint16_t)scratch->used;
    parley_scratch_put(scratch, text);
    span->len = (uint16_t)(scratch->used - span->at);
}

parley_string parley_digest_at(const parley_sasl *s, digest_span span)
{
    return parley_bytes(s->scratch + span.at, span.len);
}

void parley_digest_keep_host(parley_sasl *s, parley_scratch *scratch, parley_string host)
{
    digest_state *state = parley_digest_state(s);

    parley_digest_keep(scratch, parley_string_of("xmpp/"), &state->uri);
    parley_digest_keep(scratch, host, &state->host);
    state->uri.len = (uint16_t)(scratch->used - state->uri.at);
}

void parley_digest_put_escaped(parley_scratch *scratch, parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            parley_scratch_put_text(scratch, "\\");
        }
        parley_scratch_put(scratch, (parley_string){text.data + i, 1});
    }
}

void parley_digest_put_unescaped(parley_scratch *scratch, parley_string quoted)
{
    for (size_t i = 0; i < quoted.len; i++) {
        if (quoted.data[i] == '\\' && i + 1 < quoted.len) {
            i++;
        }
        parley_scratch_put(scratch, (parley_string){quoted.data + i, 1});
    }
}

/* Whether UTF-8 text has no character beyond U+00FF. */
static bool is_latin_1(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];

        if (byte > 0xC3) {
            return false;
        }
        if (byte >= 0x80) {
            i++;
            if (byte < 0xC2 || i == text.len || ((unsigned char)text.data[i] & 0xC0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

/* Octets without their escapes; UTF-8 as ISO 8859-1 where that can hold it
   (section 2.1.2.1). */
static void hash_text(parley_hash_pieces *pieces, parley_string text, bool escaped, bool utf8)
{
    bool shorten = utf8 && is_latin_1(text);

    for (size_t i = 0; i < text.len; i++) {
        char byte = text.data[i];

        if (escaped && byte == '\\' && i + 1 < text.len) {
            byte = text.data[++i];
        } else if (shorten && (unsigned char)byte >= 0x80) {
            byte = (char)(((unsigned char)byte << 6) | ((unsigned char)text.data[++i] & 0x3F));
        }
        parley_hash_add(pieces, (parley_string){&byte, 1});
    }
}

static void hash_colon(parley_hash_pieces *pieces)
{
    parley_hash_add(pieces, (parley_string){":", 1});
}

static void put_hex(const unsigned char *hash, unsigned char *hex)
{
    static const char digits[] = "0123456789abcdef";

    for (unsigned i = 0; i < DIGEST_HEX / 2; i++) {
        hex[2 * i] = (unsigned char)digits[hash[i] >> 4];
        hex[2 * i + 1] = (unsigned char)digits[hash[i] & 15];
    }
}

/* HEX(H(A1)), A1 of md5-sess. */
static void make_a1(parley_sasl *s, parley_string password, unsigned char *hex)
{
    const digest_state *state = parley_digest_state(s);
    unsigned char hash[PARLEY_HASH_SIZE];
    parley_hash_pieces pieces;

    parley_hash_begin(&pieces, s->mechanism->hash);
    hash_text(&pieces, parley_digest_at(s, state->user), state->names_escaped, state->utf8);
    hash_colon(&pieces);
    hash_text(&pieces, parley_digest_at(s, state->realm), true, state->utf8);
    hash_colon(&pieces);
    hash_text(&pieces, password, false, true);
    parley_hash_end(&pieces, hash);

    parley_hash_begin(&pieces, s->mechanism->hash);
    parley_hash_add(&pieces, parley_bytes(hash, DIGEST_HEX / 2));
    hash_colon(&pieces);
    hash_text(&pieces, parley_digest_at(s, state->nonce), true, false);
    hash_colon(&pieces);
    hash_text(&pieces, parley_digest_at(s, state->cnonce), true, false);
    if (state->authzid.len > 0) {
        hash_colon(&pieces);
        parley_hash_add(&pieces, parley_digest_at(s, state->authzid));
    }
    parley_hash_end(&pieces, hash);
    put_hex(hash, hex);
    parley_wipe(hash, sizeof hash);
}

/* The digest whose A2 begins with `method`. */
static void make_digest(parley_sasl *s, const unsigned char *a1, const char *method,
                        unsigned char *hex)
{
    const digest_state *state = parley_digest_state(s);
    unsigned char hash[PARLEY_HASH_SIZE];
    unsigned char a2[DIGEST_HEX];
    parley_hash_pieces pieces;

    parley_hash_begin(&pieces, s->mechanism->hash);
    parley_hash_add(&pieces, parley_string_of(method));
    parley_hash_add(&pieces, parley_string_of(":"));
    parley_hash_add(&pieces, parley_digest_at(s, state->uri));
    parley_hash_end(&pieces, hash);
    put_hex(hash, a2);

    parley_hash_begin(&pieces, s->mechanism->hash);
    parley_hash_add(&pieces, parley_bytes(a1, DIGEST_HEX));
    hash_colon(&pieces);
    hash_text(&pieces, parley_digest_at(s, state->nonce), true, false);
    parley_hash_add(&pieces, parley_string_of(":00000001:"));
    hash_text(&pieces, parley_digest_at(s, state->cnonce), true, false);
    parley_hash_add(&pieces, parley_string_of(":auth:"));
    parley_hash_add(&pieces, parley_bytes(a2, DIGEST_HEX));
    parley_hash_end(&pieces, hash);
    put_hex(hash, hex);
    parley_wipe(hash, sizeof hash);
}

void parley_digest_compute(parley_sasl *s, parley_string password, unsigned char *response,
                           unsigned char *rspauth)
{
    unsigned char a1[DIGEST_HEX];

    make_a1(s, password, a1);
    make_digest(s, a1, "AUTHENTICATE", response);
    make_digest(s, a1, "", rspauth);
    parley_wipe(a1, sizeof a1);
}

static sasl_step work(parley_sasl *s, uint32_t iterations)
{
    (void)iterations;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

const parley_mechanism parley_digest_md5 = {
    .name = "DIGEST-MD5",
    .flags = SASL_SERVER_PROVES,
    .strength = PARLEY_STRENGTH_DIGEST_MD5,
    .random_client = DIGEST_RANDOM,
    .random_server = DIGEST_RANDOM,
    .hash = PARLEY_MD5,
    SASL_CLIENT(parley_digest_client_start, parley_digest_client_credential,
                parley_digest_client_step),
    SASL_SERVER(parley_digest_server_start, parley_digest_server_credential,
                parley_digest_server_step),
    .work = work,
};

/* DIGEST-MD5, the client's side (RFC 2831 section 2.1).

   client_start (no initial response) -> digest-challenge is due -> password is due
   -> rspauth is due, in a challenge or with success -> over. All of the challenge
   is judged before the password is asked for, and one challenge is answered. */
#include "digest_md5.h"

#include "parley/base64.h"

#include <string.h>

sasl_step parley_digest_client_start(parley_sasl *s, const sasl_context *context)
{
    digest_state *state = parley_digest_state(s);
    parley_scratch scratch;

    if (!parley_digest_begin(s, context)) {
        return parley_sasl_refuse(s, s->code);
    }
    scratch = parley_digest_scratch(s);
    parley_digest_keep_host(s, &scratch, context->host);
    parley_digest_keep(&scratch, context->user, &state->user);
    parley_digest_keep(&scratch, context->authzid, &state->authzid);
    state->cnonce.at = (uint16_t)scratch.used;
    state->cnonce.len = DIGEST_NONCE_TEXT;
    parley_scratch_put_base64(&scratch, context->random);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->used = (uint16_t)scratch.used;
    state->phase = DIGEST_CHALLENGE_DUE;
    return SASL_SEND;
}

/* Whether a list such as qop's holds the token. */
static bool lists(parley_string list, const char *token)
{
    size_t at = 0;

    while (at <= list.len) {
        size_t end = at;
        parley_string item;

        while (end < list.len && list.data[end] != ',') {
            end++;
        }
        item = (parley_string){list.data + at, end - at};
        while (item.len > 0 && (item.data[0] == ' ' || item.data[0] == '\t')) {
            item.data++;
            item.len--;
        }
        while (item.len > 0 &&
               (item.data[item.len - 1] == ' ' || item.data[item.len - 1] == '\t')) {
            item.len--;
        }
        if (parley_digest_same(item, token)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

/* What may stand there once, or has to (section 2.1.1). */
static bool challenge_is_whole(const digest_fields *fields)
{
    static const digest_name once[] = {DIGEST_NONCE,  DIGEST_QOP,     DIGEST_STALE,
                                       DIGEST_MAXBUF, DIGEST_CHARSET, DIGEST_ALGORITHM,
                                       DIGEST_CIPHER};

    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++) {
        if (fields->counts[once[i]] > 1) {
            return false;
        }
    }
    return fields->values[DIGEST_NONCE].len > 0 && fields->quoted[DIGEST_NONCE] &&
           (fields->counts[DIGEST_REALM] == 0 || fields->quoted[DIGEST_REALM]) &&
           parley_digest_same(fields->values[DIGEST_ALGORITHM], "md5-sess") &&
           (fields->counts[DIGEST_CHARSET] == 0 ||
            parley_digest_same(fields->values[DIGEST_CHARSET], "utf-8")) &&
           (fields->counts[DIGEST_QOP] == 0 || lists(fields->values[DIGEST_QOP], "auth"));
}

/* RFC 6120 6.3.9. */
static sasl_step take_challenge(parley_sasl *s, parley_string message)
{
    digest_state *state = parley_digest_state(s);
    parley_scratch scratch = parley_digest_scratch(s);
    digest_fields fields = {.preferred_realm = parley_digest_at(s, state->host)};

    if (message.len > DIGEST_CHALLENGE_MAXIMUM || !parley_digest_parse(&fields, message) ||
        !challenge_is_whole(&fields)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    parley_digest_keep(&scratch, fields.values[DIGEST_REALM], &state->realm);
    parley_digest_keep(&scratch, fields.values[DIGEST_NONCE], &state->nonce);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->utf8 = fields.counts[DIGEST_CHARSET] > 0;
    state->used = (uint16_t)scratch.used;
    state->phase = DIGEST_PASSWORD_DUE;
    return SASL_CREDENTIAL;
}

static void put_quoted(parley_scratch *scratch, const char *name, parley_string escaped)
{
    parley_scratch_put(scratch, parley_string_of(name));
    parley_scratch_put(scratch, escaped);
    parley_scratch_put_text(scratch, "\"");
}

static bool is_ascii(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* digest-response (section 2.1.2). */
static void put_response(parley_sasl *s, parley_scratch *scratch, const unsigned char *response)
{
    const digest_state *state = parley_digest_state(s);

    parley_scratch_put(scratch, parley_string_of("username=\""));
    parley_digest_put_escaped(scratch, parley_digest_at(s, state->user));
    put_quoted(scratch, "\",realm=\"", parley_digest_at(s, state->realm));
    put_quoted(scratch, ",nonce=\"", parley_digest_at(s, state->nonce));
    put_quoted(scratch, ",cnonce=\"", parley_digest_at(s, state->cnonce));
    put_quoted(scratch, ",nc=00000001,qop=auth,digest-uri=\"", parley_digest_at(s, state->uri));
    parley_scratch_put(scratch, parley_string_of(",response="));
    parley_scratch_put(scratch, parley_bytes(response, DIGEST_HEX));
    if (state->utf8) {
        parley_scratch_put(scratch, parley_string_of(",charset=utf-8"));
    }
    if (state->authzid.len > 0) {
        parley_scratch_put(scratch, parley_string_of(",authzid=\""));
        parley_digest_put_escaped(scratch, parley_digest_at(s, state->authzid));
        parley_scratch_put_text(scratch, "\"");
    }
}

sasl_step parley_digest_client_credential(parley_sasl *s, const parley_answer *answer)
{
    digest_state *state = parley_digest_state(s);
    parley_scratch scratch = parley_digest_scratch(s);
    unsigned char response[DIGEST_HEX];
    parley_string password;
    uint32_t begin = scratch.used;

    if (state->phase != DIGEST_PASSWORD_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    /* Without charset=utf-8 it would all be ISO 8859-1: ASCII is both. */
    if (answer == NULL || answer->kind != PARLEY_ANSWER_PASSWORD ||
        !parley_scratch_password(&scratch, s, true, answer->bytes, &password) ||
        (!state->utf8 && (!is_ascii(password) || !is_ascii(parley_digest_at(s, state->user))))) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    parley_digest_compute(s, password, response, parley_digest_secrets(s)->expected);
    parley_scratch_forget(&scratch, password);
    put_response(s, &scratch, response);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->used = (uint16_t)scratch.used;
    state->phase = DIGEST_RSPAUTH_DUE;
    s->out = parley_scratch_from(&scratch, begin);
    return SASL_SEND;
}

/* response-auth (section 2.1.3): 32 digits in lower case, and the right ones. */
static sasl_step take_rspauth(parley_sasl *s, parley_string message)
{
    digest_fields fields = {.counts = {0}};
    parley_string rspauth;

    if (message.len > DIGEST_CHALLENGE_MAXIMUM || !parley_digest_parse(&fields, message) ||
        fields.counts[DIGEST_RSPAUTH] != 1 || fields.counts[DIGEST_NONCE] != 0) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    rspauth = fields.values[DIGEST_RSPAUTH];
    if (rspauth.len != DIGEST_HEX ||
        !parley_equal_secret(rspauth.data, parley_digest_secrets(s)->expected, DIGEST_HEX)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_SIGNATURE);
    }
    parley_wipe(s->scratch, s->scratch_len);
    parley_wipe(&s->state, sizeof s->state);
    s->out = (parley_string){NULL, 0};
    return SASL_PROVED;
}

sasl_step parley_digest_client_step(parley_sasl *s, parley_string message)
{
    switch (parley_digest_state(s)->phase) {
    case DIGEST_CHALLENGE_DUE:
        return take_challenge(s, message);
    case DIGEST_RSPAUTH_DUE:
        return take_rspauth(s, message);
    default:
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
}

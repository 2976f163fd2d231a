/* DIGEST-MD5, the server's side (RFC 2831 section 2.1).

   server_start -> digest-response is due -> credential is due -> the end is due ->
   over. There is no subsequent authentication (section 2.2): a nonce is good for
   one response. Nobody's response is computed like somebody's and fails. */
#include "digest_md5.h"

#include "parley/base64.h"
#include "parley/jid.h"

#include <string.h>

sasl_step parley_digest_server_start(parley_sasl *s, const sasl_context *context,
                                     parley_string message)
{
    digest_state *state = parley_digest_state(s);
    parley_scratch scratch;
    uint32_t begin;

    if (!parley_digest_begin(s, context)) {
        return parley_sasl_refuse(s, s->code);
    }
    if (message.len > 0) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    scratch = parley_digest_scratch(s);
    parley_digest_keep_host(s, &scratch, context->host);
    state->realm = state->host;
    begin = scratch.used;
    parley_scratch_put(&scratch, parley_string_of("realm=\""));
    parley_scratch_put(&scratch, context->host);
    parley_scratch_put(&scratch, parley_string_of("\",nonce=\""));
    state->nonce.at = (uint16_t)scratch.used;
    state->nonce.len = DIGEST_NONCE_TEXT;
    parley_scratch_put_base64(&scratch, context->random);
    parley_scratch_put(&scratch,
                       parley_string_of("\",qop=\"auth\",charset=utf-8,algorithm=md5-sess"));
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->used = (uint16_t)scratch.used;
    state->phase = DIGEST_RESPONSE_DUE;
    s->out = parley_scratch_from(&scratch, begin);
    return SASL_SEND;
}

/* Everything but the digest (section 2.1.2). */
static parley_code judge(parley_sasl *s, const digest_fields *fields)
{
    static const digest_name all[] = {DIGEST_USERNAME, DIGEST_REALM,    DIGEST_NONCE,
                                      DIGEST_CNONCE,   DIGEST_NC,       DIGEST_QOP,
                                      DIGEST_URI,      DIGEST_RESPONSE, DIGEST_MAXBUF,
                                      DIGEST_CHARSET,  DIGEST_CIPHER,   DIGEST_AUTHZID};
    const digest_state *state = parley_digest_state(s);
    const parley_string *values = fields->values;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (fields->counts[all[i]] > 1) {
            return PARLEY_ERROR_SASL_MESSAGE;
        }
    }
    if (values[DIGEST_USERNAME].len == 0 || !fields->quoted[DIGEST_USERNAME] ||
        values[DIGEST_CNONCE].len == 0 || !fields->quoted[DIGEST_CNONCE] ||
        values[DIGEST_RESPONSE].len != DIGEST_HEX || fields->counts[DIGEST_NONCE] == 0 ||
        !fields->quoted[DIGEST_NONCE] || !fields->quoted[DIGEST_URI] ||
        (fields->counts[DIGEST_QOP] > 0 && !parley_digest_same(values[DIGEST_QOP], "auth")) ||
        (fields->counts[DIGEST_CHARSET] > 0 &&
         !parley_digest_same(values[DIGEST_CHARSET], "utf-8")) ||
        (fields->counts[DIGEST_AUTHZID] > 0 &&
         (values[DIGEST_AUTHZID].len == 0 || !fields->quoted[DIGEST_AUTHZID]))) {
        return PARLEY_ERROR_SASL_MESSAGE;
    }
    if (!parley_string_equal(values[DIGEST_NONCE], parley_digest_at(s, state->nonce)) ||
        !parley_string_is(values[DIGEST_NC], "00000001")) {
        return PARLEY_ERROR_SASL_NONCE;
    }
    if (!parley_string_equal(values[DIGEST_URI], parley_digest_at(s, state->uri)) ||
        !parley_string_equal(values[DIGEST_REALM], parley_digest_at(s, state->realm))) {
        return PARLEY_ERROR_SASL_SIGNATURE;
    }
    return PARLEY_NO_ERROR;
}

/* ISO 8859-1 as UTF-8. */
static void put_latin_1(parley_scratch *scratch, parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        char two[2] = {(char)(0xC0 | byte >> 6), (char)(0x80 | (byte & 0x3F))};

        if (byte < 0x80) {
            parley_scratch_put(scratch, (parley_string){text.data + i, 1});
        } else {
            parley_scratch_put(scratch, (parley_string){two, 2});
        }
    }
}

/* s->user, prepared, and s->authzid, behind what the digests are made of. */
static bool take_names(parley_sasl *s, parley_scratch *scratch, const digest_fields *fields)
{
    digest_state *state = parley_digest_state(s);
    parley_string name;
    uint32_t begin = scratch->used;

    parley_digest_put_unescaped(scratch, fields->values[DIGEST_USERNAME]);
    name = parley_scratch_from(scratch, begin);
    if (!state->utf8) {
        begin = scratch->used;
        put_latin_1(scratch, name);
        name = parley_scratch_from(scratch, begin);
    }
    if (scratch->full ||
        parley_jid_prepare(PARLEY_JID_LOCAL, name, scratch->bytes + scratch->used,
                           scratch->size - scratch->used, &s->user, NULL) != PARLEY_OK) {
        return false;
    }
    scratch->used += (uint32_t)s->user.len;
    s->authzid = (parley_string){NULL, 0};
    if (fields->counts[DIGEST_AUTHZID] > 0) {
        state->authzid.at = (uint16_t)scratch->used;
        parley_digest_put_unescaped(scratch, fields->values[DIGEST_AUTHZID]);
        state->authzid.len = (uint16_t)(scratch->used - state->authzid.at);
        s->authzid = parley_digest_at(s, state->authzid);
    }
    return !scratch->full;
}

static sasl_step take_response(parley_sasl *s, parley_string message)
{
    digest_state *state = parley_digest_state(s);
    parley_scratch scratch = parley_digest_scratch(s);
    digest_fields fields = {.counts = {0}};
    parley_code code = PARLEY_ERROR_SASL_MESSAGE;

    if (message.len <= DIGEST_RESPONSE_MAXIMUM && parley_digest_parse(&fields, message)) {
        code = judge(s, &fields);
    }
    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    state->utf8 = fields.counts[DIGEST_CHARSET] > 0;
    state->names_escaped = true;
    parley_digest_keep(&scratch, fields.values[DIGEST_USERNAME], &state->user);
    parley_digest_keep(&scratch, fields.values[DIGEST_CNONCE], &state->cnonce);
    if (!take_names(s, &scratch, &fields)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    memcpy(parley_digest_secrets(s)->expected, fields.values[DIGEST_RESPONSE].data, DIGEST_HEX);
    state->used = (uint16_t)scratch.used;
    state->phase = DIGEST_CREDENTIAL_DUE;
    s->out = (parley_string){NULL, 0};
    return SASL_CREDENTIAL;
}

sasl_step parley_digest_server_credential(parley_sasl *s, const parley_answer *answer)
{
    digest_state *state = parley_digest_state(s);
    parley_scratch scratch = parley_digest_scratch(s);
    unsigned char response[DIGEST_HEX];
    unsigned char rspauth[DIGEST_HEX];
    static const parley_string any = {"nobody's", 8};
    parley_string password;
    bool right;
    uint32_t begin;

    if (state->phase != DIGEST_CREDENTIAL_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if ((answer != NULL && answer->kind != PARLEY_ANSWER_PASSWORD) ||
        !parley_scratch_password(&scratch, s, true, answer != NULL ? answer->bytes : any,
                                 &password)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    parley_digest_compute(s, password, response, rspauth);
    parley_scratch_forget(&scratch, password);
    right = parley_equal_secret(response, parley_digest_secrets(s)->expected, DIGEST_HEX);
    parley_wipe(response, sizeof response);
    if (!right || answer == NULL) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_SIGNATURE);
    }
    begin = scratch.used;
    parley_scratch_put(&scratch, parley_string_of("rspauth="));
    parley_scratch_put(&scratch, parley_bytes(rspauth, DIGEST_HEX));
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->phase = DIGEST_END_DUE;
    s->out = parley_scratch_from(&scratch, begin);
    return SASL_SEND;
}

sasl_step parley_digest_server_step(parley_sasl *s, parley_string message)
{
    digest_state *state = parley_digest_state(s);

    if (state->phase == DIGEST_RESPONSE_DUE) {
        return take_response(s, message);
    }
    if (state->phase != DIGEST_END_DUE || message.len > 0) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    /* The names stay, the digests and what was sent go. */
    parley_wipe(s->scratch + state->used, s->scratch_len - state->used);
    parley_wipe(&s->state, sizeof s->state);
    s->out = (parley_string){NULL, 0};
    return SASL_PROVED;
}

/* What a mechanism is given, and its calls. */
#include "common/attempt.h"

#include <string.h>

#include "common/scram.h"

enum { START, STEP, PASSWORD, KEYS, CLIENT_KEYS, NOBODY, WORK, ANOTHER };

static const parley_mechanism *const mechanisms[] = {
    &parley_scram_sha_256, &parley_scram_sha_256_plus, &parley_scram_sha_1, &parley_scram_sha_512,
    &parley_plain,         &parley_external,           &parley_anonymous,   &parley_digest_md5};

void fuzz_attempt_begin(fuzz_attempt *a, const uint8_t settings[3])
{
    static const char *const users[] = {"mbed", "m,b=d", "m\"b\\d", "mb\xC3\xA9"};
    static const char random[64] = "0123456789012345678901234567890123456789012345678901234567890";
    static const char two[] = "mbed@example.net\0mbed@example.com";
    size_t scratch = (settings[0] & 0x10u) != 0 ? (size_t)settings[2] * 8 : PARLEY_SASL_SIZE;
    size_t len;

    memset(a, 0, sizeof *a);
    a->server = (settings[0] & 1u) != 0;
    a->mechanism = mechanisms[settings[0] >> 1 & 7u];
    a->sasl.mechanism = a->mechanism;
    FUZZ_CHECK(parley_mechanism_name(a->mechanism) == a->mechanism->name);
    a->sasl.scratch = fuzz_block(0, scratch, 0xA5);
    a->sasl.scratch_len = scratch;
    a->sasl.preparation = (settings[0] & 0x40u) != 0;
    a->sasl.keep = &a->kept;
    a->sasl.keeper = &parley_scram_keeper;
    len = a->server ? a->mechanism->random_server : a->mechanism->random_client;
    a->context.random = (parley_string){random, (settings[0] & 0x20u) != 0 ? len / 2 : len};
    if ((settings[0] & 0x20u) != 0 && (settings[2] & 0x80u) != 0) {
        a->context.random = (parley_string){NULL, 0};
    }
    a->context.user = parley_string_of((settings[0] & 0x10u) != 0 ? users[0]
                                                                  : users[settings[2] % 4]);
    a->context.host = parley_string_of("example.com");
    a->policy.iterations_minimum = PARLEY_ITERATIONS_MINIMUM + (settings[1] >> 7);
    a->policy.iterations_maximum = PARLEY_ITERATIONS_MINIMUM + (settings[1] >> 6);
    a->context.policy = &a->policy;
    a->context.iterations = (settings[1] & 8u) != 0 ? 1 : PARLEY_ITERATIONS_MINIMUM;
    a->context.secret = (settings[1] & 16u) != 0
                            ? NULL
                            : (const unsigned char *)"a secret that only fuzzers know.";
    a->context.keeps_keys = (settings[1] & 32u) != 0;
    a->context.binding = (sasl_binding)(settings[1] & 3u);
    a->context.binding_offered = (settings[1] & 3u) != 0;
    a->context.tls = (settings[1] & 4u) != 0 ? NULL : &a->tls;
    memset(&a->tls, 'T', sizeof a->tls);
    a->tls.verified = (settings[1] & 64u) == 0;
    a->tls.resumed = false;
    a->tls.end_point_len = 32;
    a->tls.unique_len = sizeof a->tls.unique;
    a->tls.addresses = (parley_string){"mbed@example.com", sizeof "mbed@example.com"};
    if ((settings[0] & 0x20u) != 0) { /* random bytes are nothing to EXTERNAL */
        a->tls.addresses = (parley_string){two, sizeof two};
    }
    if (!a->server && (settings[0] & 0x80u) != 0) {
        a->context.offers = (parley_string){random, 32};
    }
    a->tls.addresses_left_out = (settings[0] & 0x80u) != 0;
}

static sasl_step credential(fuzz_attempt *a, const parley_answer *answer)
{
    return a->server ? a->mechanism->server_credential(&a->sasl, answer)
                     : a->mechanism->client_credential(&a->sasl, answer);
}

/* Keys that the caller has not looked at are the session's mistake, so they have to fit here. */
static sasl_step client_keys(fuzz_attempt *a, parley_string text)
{
    parley_scram_client_keys keys;
    parley_answer answer = {PARLEY_ANSWER_CLIENT_KEYS, {(const char *)&keys, sizeof keys}, NULL};

    fuzz_scram_client_keys(&keys);
    if (text.len > 0) {
        keys.salt[text.len % sizeof keys.salt] ^= (unsigned char)text.data[0];
        keys.salt_len = (uint8_t)(text.len > 1 ? text.data[1] : keys.salt_len);
    }
    if (a->server || !parley_scram_keeper.fits(&a->sasl, answer.bytes)) {
        return credential(a, NULL);
    }
    return credential(a, &answer);
}

static sasl_step keys(fuzz_attempt *a, parley_string text)
{
    parley_scram_keys changed = *fuzz_scram_keys();
    parley_answer answer = {PARLEY_ANSWER_SCRAM, {NULL, 0}, &changed};

    if (text.len > 0) {
        changed.iterations = (text.data[0] & 1) != 0 ? 1 : changed.iterations;
        changed.salt.len = (text.data[0] & 2) != 0 ? 0 : changed.salt.len;
        changed.stored_key.len = (text.data[0] & 4) != 0 ? 20 : changed.stored_key.len;
        changed.server_key.len = (text.data[0] & 8) != 0 ? 20 : changed.server_key.len;
        answer.keys = (text.data[0] & 16) != 0 ? NULL : &changed;
    }
    return credential(a, &answer);
}

static sasl_step start(fuzz_attempt *a, parley_string message)
{
    parley_string none = {NULL, 0};

    if (!a->server) {
        a->context.authzid = message.len > 0 ? message : none;
        return a->mechanism->client_start(&a->sasl, &a->context);
    }
    return a->mechanism->server_start(&a->sasl, &a->context,
                                      message.len > 0 && message.data[0] == '\377' ? none
                                                                                   : message);
}

static sasl_step work(fuzz_attempt *a)
{
    sasl_step step;

    fuzz_slice = PARLEY_ITERATIONS_MINIMUM;
    step = a->mechanism->work(&a->sasl, PARLEY_ITERATIONS_MINIMUM);
    fuzz_slice = 0;
    return step;
}

sasl_step fuzz_attempt_call(fuzz_attempt *a, uint8_t what, parley_string text)
{
    parley_answer answer = {PARLEY_ANSWER_PASSWORD, text, NULL};

    switch (what & 7u) {
    case START:
        return start(a, text);
    case STEP:
        return a->server ? a->mechanism->server_step(&a->sasl, text)
                         : a->mechanism->client_step(&a->sasl, text);
    case PASSWORD:
        answer.bytes = text.len > 0 ? text : parley_string_of("mirror-4b1d-Marker");
        return credential(a, &answer);
    case KEYS:
        return keys(a, text);
    case CLIENT_KEYS:
        return client_keys(a, text);
    case NOBODY:
        return credential(a, NULL);
    case WORK:
        return work(a);
    default:
        answer.kind = text.len % 2 != 0 ? PARLEY_ANSWER_USER : PARLEY_ANSWER_YES;
        return credential(a, &answer);
    }
}

/* Every row of scram-negative.tsv, and what its rows leave open: each refusal
   with its code, and that a refused attempt is wiped. */
#include "hash.h"
#include "sasl_attempt.h"
#include "vectors.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct verdict {
    const char *id;
    sasl_step step;
    parley_code code;
} verdict;

#define REFUSED(id, code)                          \
    {                                              \
        id, SASL_REFUSED, PARLEY_ERROR_SASL_##code \
    }

static const verdict verdicts[] = {
    REFUSED("s1-nonce-not-extended", NONCE),
    REFUSED("s1-nonce-prefix", NONCE),
    REFUSED("s1-nonce-prefix-short", NONCE),
    REFUSED("s1-no-salt", MESSAGE),
    REFUSED("s1-empty-salt", MESSAGE),
    REFUSED("s1-dup", MESSAGE),
    REFUSED("s1-i0", MESSAGE),
    REFUSED("s1-i-neg", MESSAGE),
    REFUSED("s1-i-plus", MESSAGE),
    REFUSED("s1-i-wrap", ITERATIONS),
    REFUSED("s1-i-huge", ITERATIONS),
    REFUSED("s1-i-low", ITERATIONS),
    REFUSED("s1-m", EXTENSION),
    {"s1-ext", SASL_CREDENTIAL, PARLEY_NO_ERROR},
    REFUSED("s1-ext-bad", MESSAGE),
    REFUSED("s1-salt-b64", ENCODING),
    REFUSED("s2-v-wrong", SIGNATURE),
    REFUSED("s2-v-short", SIGNATURE),
    REFUSED("s2-e", SIGNATURE),
    REFUSED("s2-missing", MESSAGE),
    {"s2-v-extra", SASL_PROVED, PARLEY_NO_ERROR},
    REFUSED("c1-gs2-bad", MESSAGE),
    REFUSED("c1-n-with-plus", MESSAGE),
    REFUSED("c1-m", EXTENSION),
    REFUSED("c1-name-bad", MESSAGE),
    REFUSED("c1-name-eq", MESSAGE),
    REFUSED("c1-empty-nonce", MESSAGE),
    REFUSED("c2-p-notlast", MESSAGE),
};

enum { VERDICTS = sizeof verdicts / sizeof verdicts[0] };

static void expect(const char *what, const attempt *a, sasl_step step, sasl_step expected,
                   parley_code code)
{
    if (step != expected || (step == SASL_REFUSED && a->sasl.code != code)) {
        fail_msg("%s: step %d, code %s; expected %d, %s", what, (int)step,
                 parley_code_name(a->sasl.code), (int)expected, parley_code_name(code));
    }
    if (step == SASL_REFUSED) {
        assert_true(attempt_is_blank(a));
        assert_null(a->sasl.mechanism);
        assert_null(a->sasl.out.data);
    }
}

/* Replaces the first `name` in `text`, in place. */
static void substitute(char *text, size_t size, const char *name, parley_string value)
{
    char *at = strstr(text, name);
    size_t rest;

    if (at == NULL) {
        return;
    }
    rest = strlen(at + strlen(name)) + 1;
    assert_true((size_t)(at - text) + value.len + rest <= size);
    memmove(at + value.len, at + strlen(name), rest);
    memcpy(at, value.data, value.len);
}

/* The row's stimulus with a real exchange's nonce, proof and signature put in. */
static parley_string stimulus(const vector_file *file, const recording *r, char *text, size_t size)
{
    const char *proof = strstr(r->client_final, ",p=") + 3;
    const char *nonce = strstr(r->client_final, ",r=") + 3;

    (void)snprintf(text, size, "%s", vector_text(file, "stimulus_decoded"));
    substitute(text, size, "CNONCE", text_of(NONCE_TEXT));
    substitute(text, size, "CNONCE", text_of(NONCE_TEXT));
    substitute(text, size, "XNONCE",
               text_of("X"
                       "yko+d2lbbFgONRv9qkxdawL"));
    substitute(text, size, "CNON", (parley_string){NONCE_TEXT, 22});
    substitute(text, size, "v=<right>", text_of(r->server_final));
    substitute(text, size, "<proof>", text_of(proof));
    substitute(text, size, "<nonce>", (parley_string){nonce, strcspn(nonce, ",")});
    substitute(text, size, "(success with no data and no final challenge)", text_of(""));
    return guarded(text_of(text));
}

static void play(const verdict *v, const recording *r, parley_string message)
{
    const parley_mechanism *mechanism = r->mechanism;
    sasl_context context = server_context();
    sasl_step step;
    attempt a;

    if (strncmp(v->id, "s1", 2) == 0) {
        attempt_copy(&a, &r->client_at_server_first);
        step = mechanism->client_step(&a.sasl, message);
    } else if (strncmp(v->id, "s2", 2) == 0) {
        attempt_copy(&a, &r->client_at_server_final);
        step = mechanism->client_step(&a.sasl, message);
    } else if (strncmp(v->id, "c1", 2) == 0) {
        mechanism = strstr(v->id, "plus") != NULL ? &parley_scram_sha_1_plus : mechanism;
        attempt_init(&a, mechanism);
        step = mechanism->server_start(&a.sasl, &context, message);
    } else {
        attempt_copy(&a, &r->server_at_client_final);
        step = mechanism->server_step(&a.sasl, message);
    }
    expect(v->id, &a, step, v->step, v->code);
}

static void rows(void **unused)
{
    static recording r;
    unsigned seen[VERDICTS] = {0};
    vector_file file;

    (void)unused;
    record(&r, &parley_scram_sha_1);
    vector_open(&file, "scram-negative.tsv");
    while (vector_next(&file)) {
        const char *id = vector_text(&file, "id");
        char text[512];
        size_t i = 0;

        while (i < VERDICTS && strcmp(verdicts[i].id, id) != 0) {
            i++;
        }
        if (i == VERDICTS) {
            fail_msg("%s: no verdict here", id);
        }
        seen[i]++;
        play(&verdicts[i], &r, stimulus(&file, &r, text, sizeof text));
    }
    vector_close(&file);
    for (size_t i = 0; i < VERDICTS; i++) {
        assert_int_equal(seen[i], 1);
    }
}

#define N "r=" NONCE_TEXT

static void server_first_refused(void **unused)
{
    static const struct {
        const char *message;
        parley_code code;
    } cases[] = {
        {"", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=04096", PARLEY_ERROR_SASL_MESSAGE},
        /* XEP-0474: an offer that nobody made here, one twice, an empty one. */
        {N "s,s=c2FsdA==,i=4096,h=AAAA", PARLEY_ERROR_SASL_DOWNGRADE},
        {N "s,s=c2FsdA==,i=4096,x=y,h=AAAA,z=", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,h=AAAA,h=AAAA", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,h=", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096 ", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=0x1000", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4095", PARLEY_ERROR_SASL_ITERATIONS},
        {N "s,s=c2FsdA==,i=20001", PARLEY_ERROR_SASL_ITERATIONS},
        {N "s,s=c2FsdA==,i=18446744073709555712", PARLEY_ERROR_SASL_ITERATIONS},
        {N "s,s=c2FsdA==,i=99999999999999999999999999999999", PARLEY_ERROR_SASL_ITERATIONS},
        {N "s,i=4096,s=c2FsdA==", PARLEY_ERROR_SASL_MESSAGE},
        {"s=c2FsdA==," N "s,i=4096", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,i=4097", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,s=AAAA", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,m=x", PARLEY_ERROR_SASL_EXTENSION},
        {N "s,s=c2FsdA==,i=4096,x=", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,xy=1", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,x=\xC0\xAF", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdA==,i=4096,x=\xED\xA0\x80", PARLEY_ERROR_SASL_MESSAGE},
        {N "\x7F,s=c2FsdA==,i=4096", PARLEY_ERROR_SASL_MESSAGE},
        {N " ,s=c2FsdA==,i=4096", PARLEY_ERROR_SASL_MESSAGE},
        {N "s,s=c2FsdB==,i=4096", PARLEY_ERROR_SASL_ENCODING},
        {N "s,s=c2FsdA=,i=4096", PARLEY_ERROR_SASL_ENCODING},
        {N "s,s=c2Fs\ndA==,i=4096", PARLEY_ERROR_SASL_ENCODING},
        {N "s,s==,i=4096", PARLEY_ERROR_SASL_ENCODING},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", PARLEY_ERROR_SASL_MESSAGE},
        {"e=unknown-user", PARLEY_ERROR_SASL_MESSAGE},
    };
    static recording r;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        attempt a;
        sasl_step step;

        attempt_copy(&a, &r.client_at_server_first);
        step = r.mechanism->client_step(&a.sasl, guarded(text_of(cases[i].message)));
        expect(cases[i].message, &a, step, SASL_REFUSED, cases[i].code);
    }
}

/* Bounds that are inside: the least, the most, extensions. */
static void server_first_taken(void **unused)
{
    static const char *const messages[] = {
        N "s,s=c2FsdA==,i=4096",
        N "s,s=c2FsdA==,i=20000",
        N "s,s=AA==,i=4096,x=y,Z=\xE2\x98\x83=,x=1",
    };
    static recording r;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        attempt a;

        attempt_copy(&a, &r.client_at_server_first);
        expect(messages[i], &a, r.mechanism->client_step(&a.sasl, text_of(messages[i])),
               SASL_CREDENTIAL, PARLEY_NO_ERROR);
    }
}

/* The server's proof of a client-final, computed apart from the core's own. */
static void prove(const recording *r, const char *server_first, parley_string client_final,
                  parley_string salt, char *message)
{
    const void *hash = r->mechanism->hash;
    unsigned char keys[2][PARLEY_HASH_SIZE];
    const char *proof = strstr(client_final.data, ",p=");
    parley_string pieces[] = {text_of(r->client_first + 3),
                              text_of(","),
                              text_of(server_first),
                              text_of(","),
                              {client_final.data, (size_t)(proof - client_final.data)}};
    parley_hmac_key key;
    size_t len;

    assert_int_equal(parley_scram_derive(r->mechanism, text_of(PASSWORD), salt, 4096, keys[0],
                                         keys[1], &len),
                     PARLEY_OK);
    parley_hmac_key_init(&key, hash, parley_bytes(keys[1], len));
    parley_hmac(&key, pieces, 5, keys[0]);
    memcpy(message, "v=", 2);
    parley_base64_encode(keys[0], len, message + 2);
    message[2 + PARLEY_BASE64_SIZE(len)] = '\0';
}

/* Salts of every length: refused before the password, or used whole. */
static void long_salts(void **unused)
{
    static recording r;
    static char message[PARLEY_SASL_SIZE];
    static char salt[PARLEY_SASL_SIZE];
    char final[128];
    size_t longest = 0;
    attempt a;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    for (size_t len = 3; len < sizeof salt * 3 / 4 - 64; len += 3) {
        (void)snprintf(message, sizeof message, N "s,s=%0*d,i=4096", (int)(len / 3 * 4), 0);
        attempt_copy(&a, &r.client_at_server_first);
        if (r.mechanism->client_step(&a.sasl, text_of(message)) == SASL_CREDENTIAL) {
            assert_int_equal(len, longest + 3);
            longest = len;
        } else {
            assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_MESSAGE);
        }
    }
    assert_in_range(longest, 512, sizeof salt);
    (void)snprintf(message, sizeof message, N "s,s=%0*d,i=4096", (int)(longest / 3 * 4), 0);
    assert_int_equal(parley_base64_decode(strstr(message, ",s=") + 3, longest / 3 * 4, salt,
                                          sizeof salt, &longest),
                     PARLEY_OK);
    attempt_copy(&a, &r.client_at_server_first);
    assert_int_equal(r.mechanism->client_step(&a.sasl, text_of(message)), SASL_CREDENTIAL);
    assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_WORK);
    assert_int_equal(work_through(&a, 4096, NULL), SASL_SEND);
    prove(&r, message, a.sasl.out, (parley_string){salt, longest}, final);
    assert_int_equal(r.mechanism->client_step(&a.sasl, text_of(final)), SASL_PROVED);
}

/* A message that leaves no room for the answer is refused before the password
   is asked for, whatever its length. */
static void too_long(void **unused)
{
    static recording r;
    static char message[PARLEY_SASL_SIZE + 64];
    size_t taken = 0;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    memset(message, 'n', sizeof message);
    memcpy(message, N, strlen(N));
    for (size_t len = 64; len < sizeof message - 32; len++) {
        attempt a;
        sasl_step step;

        memcpy(message + len, ",s=c2FsdA==,i=4096", 18);
        attempt_copy(&a, &r.client_at_server_first);
        step = r.mechanism->client_step(&a.sasl, (parley_string){message, len + 18});
        if (step == SASL_CREDENTIAL) {
            taken++;
            assert_int_equal(taken, len - 63); /* no length is taken after one was refused */
            if (len % 256 == 0) {
                assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_WORK);
                assert_int_equal(work_through(&a, 4096, NULL), SASL_SEND);
            }
        } else {
            expect("too long", &a, step, SASL_REFUSED, PARLEY_ERROR_SASL_MESSAGE);
        }
        memset(message + len, 'n', 18);
    }
    assert_in_range(taken, 1000, PARLEY_SASL_SIZE);
}

static void server_final_refused(void **unused)
{
    static recording r;
    char changed[256];
    attempt a;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    for (size_t i = 0; i < strlen(r.server_final); i++) {
        (void)snprintf(changed, sizeof changed, "%s", r.server_final);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        attempt_copy(&a, &r.client_at_server_final);
        assert_int_equal(r.mechanism->client_step(&a.sasl, guarded(text_of(changed))),
                         SASL_REFUSED);
        assert_true(attempt_is_blank(&a));
    }
    (void)snprintf(changed, sizeof changed, "%s,m=x", r.server_final);
    attempt_copy(&a, &r.client_at_server_final);
    expect("m=", &a, r.mechanism->client_step(&a.sasl, text_of(changed)), SASL_REFUSED,
           PARLEY_ERROR_SASL_EXTENSION);
    /* h= has its one place in the first message alone. */
    (void)snprintf(changed, sizeof changed, "%s,h=AAAA,h=AAAA", r.server_final);
    attempt_copy(&a, &r.client_at_server_final);
    expect("two of h=", &a, r.mechanism->client_step(&a.sasl, text_of(changed)), SASL_PROVED,
           PARLEY_NO_ERROR);
    attempt_copy(&a, &r.client_at_server_final);
    expect("empty v=", &a, r.mechanism->client_step(&a.sasl, text_of("v=")), SASL_REFUSED,
           PARLEY_ERROR_SASL_SIGNATURE);
    /* A signature of the right beginning and more. */
    (void)snprintf(changed, sizeof changed, "v=%.40sAAAAAAAA", r.server_final + 2);
    attempt_copy(&a, &r.client_at_server_final);
    expect("long v=", &a, r.mechanism->client_step(&a.sasl, text_of(changed)), SASL_REFUSED,
           PARLEY_ERROR_SASL_SIGNATURE);
}

/* The server's proof comes after ours, not instead of it. */
static void out_of_step(void **unused)
{
    static recording r;
    attempt a;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    assert_true((r.mechanism->flags & SASL_SERVER_PROVES) != 0);
    attempt_copy(&a, &r.client_at_server_first);
    expect("early v=", &a, r.mechanism->client_step(&a.sasl, text_of(r.server_final)), SASL_REFUSED,
           PARLEY_ERROR_SASL_MESSAGE);
    attempt_copy(&a, &r.client_at_server_first);
    expect("early work", &a, r.mechanism->work(&a.sasl, 1), SASL_REFUSED,
           PARLEY_ERROR_SASL_OUT_OF_STEP);
    attempt_copy(&a, &r.client_at_server_first);
    expect("early password", &a, give_password(&a, true, text_of(PASSWORD)), SASL_REFUSED,
           PARLEY_ERROR_SASL_OUT_OF_STEP);
    attempt_copy(&a, &r.client_at_server_first);
    (void)r.mechanism->client_step(&a.sasl, text_of(r.server_first));
    expect("no password yet", &a, r.mechanism->client_step(&a.sasl, text_of(r.server_final)),
           SASL_REFUSED, PARLEY_ERROR_SASL_OUT_OF_STEP);
    attempt_copy(&a, &r.client_at_server_final);
    assert_int_equal(r.mechanism->client_step(&a.sasl, text_of(r.server_final)), SASL_PROVED);
    expect("twice", &a, r.mechanism->client_step(&a.sasl, text_of(r.server_final)), SASL_REFUSED,
           PARLEY_ERROR_SASL_OUT_OF_STEP);
    expect("after refusal", &a, r.mechanism->client_step(&a.sasl, text_of(r.server_final)),
           SASL_REFUSED, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

static void password_refused(void **unused)
{
    static const char *const passwords[] = {
        "", "a\nb", "\x7F", "\t", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xC3"};
    const parley_answer resource = {.kind = PARLEY_ANSWER_RESOURCE, .bytes = text_of(PASSWORD)};
    static char long_one[PARLEY_PASSWORD_SIZE + 1];
    static recording r;
    attempt due;
    attempt a;

    (void)unused;
    record(&r, &parley_scram_sha_256);
    attempt_copy(&due, &r.client_at_server_first);
    assert_int_equal(r.mechanism->client_step(&due.sasl, text_of(r.server_first)), SASL_CREDENTIAL);
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++) {
        attempt_copy(&a, &due);
        expect(passwords[i], &a, give_password(&a, true, guarded(text_of(passwords[i]))),
               SASL_REFUSED, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    attempt_copy(&a, &due);
    expect("NUL", &a, give_password(&a, true, (parley_string){"a\0b", 3}), SASL_REFUSED,
           PARLEY_ERROR_SASL_CREDENTIAL);
    attempt_copy(&a, &due);
    expect("another kind", &a, r.mechanism->client_credential(&a.sasl, &resource), SASL_REFUSED,
           PARLEY_ERROR_SASL_CREDENTIAL);
    memset(long_one, 'x', sizeof long_one);
    attempt_copy(&a, &due);
    expect("long", &a, give_password(&a, true, (parley_string){long_one, sizeof long_one}),
           SASL_REFUSED, PARLEY_ERROR_SASL_CREDENTIAL);
    attempt_copy(&a, &due);
    assert_int_equal(give_password(&a, true, (parley_string){long_one, PARLEY_PASSWORD_SIZE}),
                     SASL_WORK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(server_first_refused),
        cmocka_unit_test(server_first_taken),
        cmocka_unit_test(too_long),
        cmocka_unit_test(server_final_refused),
        cmocka_unit_test(out_of_step),
        cmocka_unit_test(password_refused),
        cmocka_unit_test(long_salts),
    };

    return cmocka_run_group_tests_name("scram_negative", tests, NULL, NULL);
}

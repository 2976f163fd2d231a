/* PLAIN: every row of the vectors, both roles, each kind of credential. */
#include "derivation.h"
#include "plain_grammar.h"
#include "sasl_attempt.h"
#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LITERAL(text) ((parley_string){text, sizeof text - 1})

static const parley_mechanism *const plain = &parley_plain;

/* What this server makes of the rows that are PLAIN messages. */
typedef struct verdict {
    const char *id;
    bool syntax;      /* of RFC 4616 */
    const char *user; /* as asked for; NULL: refused */
} verdict;

static const verdict verdicts[] = {
    {"rfc4616-1", true, "tim"},
    {"rfc4616-2", true, "kurt"},
    {"rfc6120-plain", true, "juliet"},
    {"libstrophe", true, NULL}, /* well formed; the name is not a localpart */
    {"empty", false, NULL},
    {"no-nul", false, NULL},
    {"one-nul", false, NULL},
    {"three-nul", false, NULL},
    {"empty-authcid", false, NULL},
    {"empty-passwd", false, NULL},
    {"bad-utf8", false, NULL},
    {"long", true, "="}, /* "=": the whole authcid, not cut */
    {"authzid-full", true, "j"},
};

enum { VERDICTS = sizeof verdicts / sizeof verdicts[0] };

static sasl_step start(attempt *a, parley_string message)
{
    sasl_context context = server_context();

    attempt_init(a, plain);
    return plain->server_start(&a->sasl, &context, guarded(message));
}

static void expect_refused(const char *what, const attempt *a, sasl_step step, parley_code code)
{
    if (step != SASL_REFUSED || a->sasl.code != code) {
        fail_msg("%s: step %d, code %s; expected refusal, %s", what, (int)step,
                 parley_code_name(a->sasl.code), parley_code_name(code));
    }
    assert_true(attempt_is_blank(a));
}

static void row(const verdict *v, const vector_file *file, parley_string message)
{
    parley_string authcid = text_of(vector_text(file, "authcid"));
    parley_string authzid = text_of(vector_text(file, "authzid"));
    plain_fields fields;
    attempt a;
    sasl_step step = start(&a, message);

    if (parley_plain_parse(&fields, message) != v->syntax) {
        fail_msg("%s: syntax", v->id);
    }
    if (v->syntax && strcmp(v->id, "long") != 0) {
        assert_true(parley_string_equal(fields.authcid, authcid));
        assert_true(parley_string_equal(fields.authzid, authzid));
        assert_true(parley_string_equal(fields.passwd, text_of(vector_text(file, "passwd"))));
    }
    if (v->user == NULL) {
        expect_refused(v->id, &a, step, PARLEY_ERROR_SASL_MESSAGE);
        return;
    }
    if (step != SASL_CREDENTIAL) {
        fail_msg("%s: step %d", v->id, (int)step);
    }
    assert_true(parley_string_equal(a.sasl.user,
                                    strcmp(v->user, "=") == 0 ? fields.authcid : text_of(v->user)));
    assert_int_equal(a.sasl.authzid.data == NULL, authzid.len == 0);
    assert_true(parley_string_equal(a.sasl.authzid, authzid));
}

static void rows(void **unused)
{
    unsigned seen[VERDICTS] = {0};
    vector_file file;

    (void)unused;
    vector_open(&file, "plain.tsv");
    while (vector_next(&file)) {
        const char *id = vector_text(&file, "id");
        char buffer[1024];
        parley_string message = vector_bytes(&file, "message_escaped", buffer, sizeof buffer);
        size_t i = 0;

        while (i < VERDICTS && strcmp(verdicts[i].id, id) != 0) {
            i++;
        }
        if (i == VERDICTS) {
            fail_msg("%s: no verdict here", id);
        }
        /* Each row says "ok", "malformed..." or names what the layers above refuse. */
        assert_int_equal(verdicts[i].syntax,
                         strncmp(vector_text(&file, "expected"), "malformed", 9) != 0 &&
                             strncmp(vector_text(&file, "expected"), "not-authorized", 14) != 0);
        row(&verdicts[i], &file, message);
        seen[i]++;
    }
    vector_close(&file);
    for (size_t i = 0; i < VERDICTS; i++) {
        assert_int_equal(seen[i], 1);
    }
}

static void lengths(void **unused)
{
    static char message[3 * PARLEY_PASSWORD_SIZE];
    attempt a;

    (void)unused;
    memset(message, 'x', sizeof message);
    memcpy(message, "\0u", 3);
    assert_int_equal(start(&a, (parley_string){message, 3 + PARLEY_PASSWORD_SIZE}),
                     SASL_CREDENTIAL);
    expect_refused("password", &a, start(&a, (parley_string){message, 4 + PARLEY_PASSWORD_SIZE}),
                   PARLEY_ERROR_SASL_MESSAGE);
    memset(message + 1, 'x', PARLEY_PART_SIZE + 1);
    memcpy(message + 1 + PARLEY_PART_SIZE, "\0p", 2);
    assert_int_equal(start(&a, (parley_string){message, 3 + PARLEY_PART_SIZE}), SASL_CREDENTIAL);
    assert_int_equal(a.sasl.user.len, PARLEY_PART_SIZE);
    memcpy(message + 1 + PARLEY_PART_SIZE, "x\0p", 3);
    expect_refused("name", &a, start(&a, (parley_string){message, 4 + PARLEY_PART_SIZE}),
                   PARLEY_ERROR_SASL_MESSAGE);
}

/* Each part's characters (RFC 4616 section 2: SAFE). */
static void characters(void **unused)
{
    const parley_string refused[] = {
        LITERAL("\0u\0\xFF"),
        LITERAL("\0u\0\xED\xA0\x80"),
        LITERAL("\0u\0\xC3"),
        LITERAL("\xC0\x80\0u\0p"),
        LITERAL("\0u\0\xF5\x80\x80\x80"),
        LITERAL("\0u\0p\0"),
        LITERAL("u\0p"),
        LITERAL("\0\0\0"),
    };
    attempt a;

    (void)unused;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        expect_refused("characters", &a, start(&a, refused[i]), PARLEY_ERROR_SASL_MESSAGE);
    }
    /* A name beyond ASCII needs Unicode's tables; a password that no one can have does not. */
    assert_int_equal(start(&a, LITERAL("\0\xC3\xA9\0\xF4\x8F\xBF\xBF")),
                     PARLEY_UNICODE ? SASL_CREDENTIAL : SASL_REFUSED);
    assert_int_equal(start(&a, LITERAL("\0u\0\xF4\x8F\xBF\xBF")), SASL_CREDENTIAL);
}

static void client(void **unused)
{
    sasl_context context = client_context("mbed");
    attempt a;

    (void)unused;
    assert_true((plain->flags & SASL_CREDENTIAL_FIRST) != 0);
    assert_true((plain->flags & SASL_NEEDS_TLS) != 0);
    attempt_init(&a, plain);
    assert_int_equal(plain->client_start(&a.sasl, &context), SASL_CREDENTIAL);
    assert_null(a.sasl.out.data);
    assert_int_equal(give_password(&a, true, text_of("mirror")), SASL_SEND);
    assert_true(parley_string_equal(a.sasl.out, LITERAL("\0mbed\0mirror")));
    expect_refused("challenge", &a, plain->client_step(&a.sasl, text_of("")),
                   PARLEY_ERROR_SASL_OUT_OF_STEP);

    context.authzid = text_of("romeo@lab.example");
    attempt_init(&a, plain);
    assert_int_equal(plain->client_start(&a.sasl, &context), SASL_CREDENTIAL);
    if (PARLEY_UNICODE) {
        assert_int_equal(give_password(&a, true, text_of("r\xC3\xB6m")), SASL_SEND);
        assert_true(
            parley_string_equal(a.sasl.out, LITERAL("romeo@lab.example\0mbed\0r\xC3\xB6m")));
        parley_sasl_wipe(&a.sasl);
    } else {
        expect_refused("no tables", &a, give_password(&a, true, text_of("r\xC3\xB6m")),
                       PARLEY_ERROR_SASL_CREDENTIAL);
    }
    assert_true(attempt_is_blank(&a));

    attempt_init(&a, plain);
    assert_int_equal(plain->client_start(&a.sasl, &context), SASL_CREDENTIAL);
    expect_refused("empty", &a, give_password(&a, true, text_of("")), PARLEY_ERROR_SASL_CREDENTIAL);
    attempt_init(&a, plain);
    assert_int_equal(plain->client_start(&a.sasl, &context), SASL_CREDENTIAL);
    expect_refused("NUL", &a, give_password(&a, true, LITERAL("a\0b")),
                   PARLEY_ERROR_SASL_CREDENTIAL);
    attempt_init(&a, plain);
    assert_int_equal(plain->client_start(&a.sasl, &context), SASL_CREDENTIAL);
    expect_refused("early", &a, plain->client_step(&a.sasl, text_of("")),
                   PARLEY_ERROR_SASL_OUT_OF_STEP);
}

/* Logs romeo in with `password` against the answer; counts iterations. */
static parley_code log_in(const parley_answer *answer, parley_string password, uint32_t *calls)
{
    char message[256] = "x@y\0romeo";
    attempt a;
    sasl_step step;

    memcpy(message + 10, password.data, password.len);
    assert_int_equal(start(&a, (parley_string){message, 10 + password.len}), SASL_CREDENTIAL);
    /* The password is not kept (one letter stands anywhere). */
    assert_false(password.len > 1 && attempt_holds(&a, password.data, password.len));
    step = plain->server_credential(&a.sasl, answer);
    if (step == SASL_WORK) {
        step = work_through(&a, 1, calls);
    }
    if (step == SASL_PROVED) {
        assert_null(a.sasl.out.data);
        assert_true(parley_string_equal(a.sasl.user, text_of("romeo")));
        assert_true(parley_string_equal(a.sasl.authzid, text_of("x@y")));
        parley_wipe(a.scratch, 8);
        assert_true(attempt_is_blank(&a));
        return PARLEY_NO_ERROR;
    }
    assert_int_equal(step, SASL_REFUSED);
    assert_true(attempt_is_blank(&a));
    return a.sasl.code;
}

static void server(void **unused)
{
    static recording r;
    parley_answer by_password = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = text_of(PASSWORD)};
    parley_answer by_keys = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r.keys};
    const parley_answer *answers[] = {&by_password, &by_keys, NULL};
    const char *wrong[] = {"r0m30myr0m3", "r0m30myr0m300", "x", "R0M30MYR0M30"};

    (void)unused;
    record(&r, &parley_scram_sha_256);
    for (size_t i = 0; i < 3; i++) {
        uint32_t calls = 0;

        assert_int_equal(log_in(answers[i], text_of(PASSWORD), &calls),
                         answers[i] == NULL ? PARLEY_ERROR_SASL_SIGNATURE : PARLEY_NO_ERROR);
        assert_int_equal(calls, 4095);
        for (size_t j = 0; j < sizeof wrong / sizeof wrong[0]; j++) {
            calls = 0;
            assert_int_equal(log_in(answers[i], text_of(wrong[j]), &calls),
                             PARLEY_ERROR_SASL_SIGNATURE);
            assert_int_equal(calls, 4095);
        }
    }
    /* What SASLprep prohibits is no password, even on both sides. */
    by_password.bytes = LITERAL("tab\there");
    assert_int_equal(log_in(&by_password, text_of("tab\there"), &(uint32_t){0}),
                     PARLEY_ERROR_SASL_CREDENTIAL);
}

/* Keys of another hash, or none, cannot be used. */
static void keys(void **unused)
{
    static recording r;
    parley_answer answer = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r.keys};
    unsigned char derivation[PARLEY_DERIVATION_SIZE];
    unsigned char client_key[PARLEY_HASH_SIZE];

    (void)unused;
    record(&r, &parley_scram_sha_1);
    assert_int_equal(log_in(&answer, text_of(PASSWORD), NULL), PARLEY_ERROR_SASL_CREDENTIAL);
    record(&r, &parley_scram_sha_256);
    r.keys.iterations = 4095;
    assert_int_equal(log_in(&answer, text_of(PASSWORD), NULL), PARLEY_ERROR_SASL_CREDENTIAL);
    /* Keys that someone made of a password which SASLprep prohibits. */
    parley_derivation_key(parley_derivation_in(derivation), plain->hash, text_of("tab\there"));
    parley_derivation_salt(parley_derivation_in(derivation), r.keys.salt);
    assert_int_equal(parley_derivation_run(parley_derivation_in(derivation), 4095, 4095), 0);
    parley_derivation_keys(parley_derivation_in(derivation), client_key, r.stored_key,
                           r.server_key);
    r.keys.iterations = 4096;
    assert_int_equal(log_in(&answer, text_of("tab\there"), NULL), PARLEY_ERROR_SASL_SIGNATURE);
    answer.keys = NULL;
    assert_int_equal(log_in(&answer, text_of(PASSWORD), NULL), PARLEY_ERROR_SASL_CREDENTIAL);
    answer.kind = PARLEY_ANSWER_YES;
    assert_int_equal(log_in(&answer, text_of(PASSWORD), NULL), PARLEY_ERROR_SASL_CREDENTIAL);
}

static void steps(void **unused)
{
    sasl_context context = server_context();
    attempt a;

    (void)unused;
    attempt_init(&a, plain);
    assert_int_equal(plain->server_start(&a.sasl, &context, (parley_string){NULL, 0}), SASL_SEND);
    assert_int_equal(a.sasl.out.len, 0);
    assert_non_null(a.sasl.out.data);
    assert_int_equal(plain->server_step(&a.sasl, LITERAL("\0romeo\0p")), SASL_CREDENTIAL);
    expect_refused("twice", &a, plain->server_step(&a.sasl, LITERAL("\0romeo\0p")),
                   PARLEY_ERROR_SASL_OUT_OF_STEP);
    assert_int_equal(start(&a, LITERAL("\0romeo\0p")), SASL_CREDENTIAL);
    expect_refused("early work", &a, plain->work(&a.sasl, 1), PARLEY_ERROR_SASL_OUT_OF_STEP);
    attempt_init(&a, plain);
    context.iterations = 4095;
    attempt_init(&a, plain);
    expect_refused("iterations", &a, plain->server_start(&a.sasl, &context, LITERAL("\0romeo\0p")),
                   PARLEY_ERROR_SASL_ITERATIONS);
    attempt_init(&a, plain);
    a.sasl.scratch_len = 64;
    expect_refused("scratch", &a, plain->client_start(&a.sasl, &context),
                   PARLEY_ERROR_CONFIG_MEMORY);
    attempt_init(&a, plain);
    expect_refused("early credential", &a, plain->server_credential(&a.sasl, NULL),
                   PARLEY_ERROR_SASL_OUT_OF_STEP);
}

/* A right message, changed: never a crash, and right only if nothing changed
   in the password and the name. */
static void mutations(void **unused)
{
    parley_answer answer = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = text_of(PASSWORD)};
    parley_string right = LITERAL("\0romeo\0" PASSWORD);
    uint32_t seed = 0x706C6169;
    unsigned parsed = 0;

    (void)unused;
    for (unsigned i = 0; i < 4000; i++) {
        char buffer[1024];
        parley_string message = i < right.len ? (parley_string){right.data, i}
                                              : mutated(right, buffer, &seed);
        plain_fields fields;
        attempt a;

        if (start(&a, message) != SASL_CREDENTIAL) {
            assert_true(attempt_is_blank(&a));
            continue;
        }
        parsed++;
        assert_true(parley_plain_parse(&fields, message));
        if (plain->server_credential(&a.sasl, &answer) == SASL_WORK && i % 16 == 0) {
            bool same = parley_string_equal(fields.passwd, text_of(PASSWORD));

            assert_int_equal(work_through(&a, 4096, NULL), same ? SASL_PROVED : SASL_REFUSED);
        }
    }
    assert_in_range(parsed, 400, 3999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),   cmocka_unit_test(lengths),   cmocka_unit_test(characters),
        cmocka_unit_test(client), cmocka_unit_test(server),    cmocka_unit_test(keys),
        cmocka_unit_test(steps),  cmocka_unit_test(mutations),
    };

    return cmocka_run_group_tests_name("sasl_plain", tests, NULL, NULL);
}

/* The server's side of SCRAM: credentials of each kind, refusals with their
   codes, and that nobody looks like somebody. */
#include "sasl_attempt.h"
#include "scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *what, const attempt *a, sasl_step step, sasl_step expected,
                   parley_code code)
{
    if (step != expected || (step == SASL_REFUSED && a->sasl.code != code)) {
        fail_msg("%s: step %d, code %s; expected %d, %s", what, (int)step,
                 parley_code_name(a->sasl.code), (int)expected, parley_code_name(code));
    }
    if (step == SASL_REFUSED) {
        assert_true(attempt_is_blank(a));
    }
}

static sasl_step start(attempt *a, const parley_mechanism *mechanism, const char *message)
{
    sasl_context context = server_context();

    attempt_init(a, mechanism);
    return mechanism->server_start(&a->sasl, &context, guarded(text_of(message)));
}

static void client_first(void **unused)
{
    static const struct {
        const char *message;
        const char *user; /* NULL: refused */
        const char *authzid;
        parley_code code;
    } cases[] = {
        {"n,,n=romeo,r=x", "romeo", NULL, PARLEY_NO_ERROR},
        {"y,,n=romeo,r=x", "romeo", NULL, PARLEY_NO_ERROR},
        {"n,,n=Romeo,r=x", "romeo", NULL, PARLEY_NO_ERROR},
        {"n,,n=a=2Cb=3Dc,r=x", "a,b=c", NULL, PARLEY_NO_ERROR},
        {"n,a=x=3Dy@h=2C,n=romeo,r=x", "romeo", "x=y@h,", PARLEY_NO_ERROR},
        {"n,,n=romeo,r=x,z=1,q=\xC3\xA9", "romeo", NULL, PARLEY_NO_ERROR},
        {"n,,n=romeo,r=~!#$%&'()*+-./:;<=>?@[]", "romeo", NULL, PARLEY_NO_ERROR},
        {"", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"p=tls-unique,,n=romeo,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,n=romeo,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,a=,n=romeo,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,r=x,n=romeo", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=romeo,n=juliet,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=romeo,r=x,r=y", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=romeo,r=x,m=y", NULL, NULL, PARLEY_ERROR_SASL_EXTENSION},
        {"n,,n=romeo,r=x y", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=romeo,r=x,", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=romeo", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=a=2cb,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=\xC3\x28,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        /* Not localparts (RFC 7622 section 3.3.1). */
        {"n,,n=romeo@example.com,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=ro meo,r=x", NULL, NULL, PARLEY_ERROR_SASL_MESSAGE},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool taken = cases[i].user != NULL;
        attempt a;
        sasl_step step = start(&a, &parley_scram_sha_256, cases[i].message);

        expect(cases[i].message, &a, step, taken ? SASL_CREDENTIAL : SASL_REFUSED, cases[i].code);
        if (taken) {
            assert_true(parley_string_equal(a.sasl.user, text_of(cases[i].user)));
            assert_int_equal(a.sasl.authzid.data == NULL, cases[i].authzid == NULL);
        }
        if (cases[i].authzid != NULL) {
            assert_true(parley_string_equal(a.sasl.authzid, text_of(cases[i].authzid)));
        }
    }
}

/* Without an initial response the server asks for it (RFC 4422 section 5). */
static void no_initial_response(void **unused)
{
    static recording r;
    sasl_context context = server_context();
    parley_answer answer = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r.keys};
    attempt a;

    (void)unused;
    context.keeps_keys = true;
    record(&r, &parley_scram_sha_1);
    attempt_init(&a, r.mechanism);
    assert_int_equal(r.mechanism->server_start(&a.sasl, &context, (parley_string){NULL, 0}),
                     SASL_SEND);
    assert_non_null(a.sasl.out.data);
    assert_int_equal(a.sasl.out.len, 0);
    assert_int_equal(r.mechanism->server_step(&a.sasl, text_of(r.client_first)), SASL_CREDENTIAL);
    assert_int_equal(r.mechanism->server_credential(&a.sasl, &answer), SASL_SEND);
    assert_true(parley_string_equal(a.sasl.out, text_of(r.server_first)));
    assert_int_equal(r.mechanism->server_step(&a.sasl, text_of(r.client_final)), SASL_PROVED);
    assert_true(parley_string_equal(a.sasl.out, text_of(r.server_final)));
    assert_true(parley_string_equal(a.sasl.user, text_of("romeo")));
    assert_false(attempt_holds(&a, r.stored_key, 16));
    assert_false(attempt_holds(&a, r.server_key, 16));
    expect("twice", &a, r.mechanism->server_step(&a.sasl, text_of(r.client_final)), SASL_REFUSED,
           PARLEY_ERROR_SASL_OUT_OF_STEP);
}

static void client_final(void **unused)
{
    static recording r;
    char nonce[128];
    char proof[64];
    char message[256];
    const struct {
        const char *format; /* of nonce, proof */
        parley_code code;
    } cases[] = {
        {"c=biws,r=%s,p=%s", PARLEY_NO_ERROR},
        {"c=eSws,r=%s,p=%s", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biwsAAAA,r=%s,p=%s", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biw,r=%s,p=%s", PARLEY_ERROR_SASL_ENCODING},
        {"c=,r=%s,p=%s", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biws,r=%sx,p=%s", PARLEY_ERROR_SASL_NONCE},
        {"c=biws,r=%.30s,p=%s", PARLEY_ERROR_SASL_NONCE},
        {"c=biws,r=%s,x=y,p=%s", PARLEY_ERROR_SASL_SIGNATURE}, /* part of AuthMessage */
        {"c=biws,r=%s,m=y,p=%s", PARLEY_ERROR_SASL_EXTENSION},
        {"c=biws,r=%s,p=%s,x=y", PARLEY_ERROR_SASL_ENCODING},
        {"r=%s,c=biws,p=%s", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biws,r=%s,p=%.43s", PARLEY_ERROR_SASL_ENCODING},
        {"c=biws,r=%s,p=%.40s", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biws,r=%s,p=%.40sAAAAAAAA", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biws,r=%s,p=AAAA%.40s", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biws,r=%s,p=", PARLEY_ERROR_SASL_MESSAGE},
        {"c=biws,r=%s", PARLEY_ERROR_SASL_MESSAGE},
    };

    (void)unused;
    record(&r, &parley_scram_sha_256);
    assert_int_equal(sscanf(r.client_final, "c=biws,r=%127[^,],p=%63s", nonce, proof), 2);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        attempt a;
        sasl_step step;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
        (void)snprintf(message, sizeof message, cases[i].format, nonce, proof);
#pragma GCC diagnostic pop
        attempt_copy(&a, &r.server_at_client_final);
        step = r.mechanism->server_step(&a.sasl, guarded(text_of(message)));
        expect(message, &a, step, cases[i].code == PARLEY_NO_ERROR ? SASL_PROVED : SASL_REFUSED,
               cases[i].code);
    }
}

static void wrong_proofs(void **unused)
{
    static recording r;
    const char *proof;
    attempt a;

    (void)unused;
    record(&r, &parley_scram_sha_1);
    proof = strstr(r.client_final, ",p=") + 3;
    for (size_t i = (size_t)(proof - r.client_final); i + 2 < strlen(r.client_final); i++) {
        char changed[256];

        (void)snprintf(changed, sizeof changed, "%s", r.client_final);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        attempt_copy(&a, &r.server_at_client_final);
        expect(changed, &a, r.mechanism->server_step(&a.sasl, text_of(changed)), SASL_REFUSED,
               PARLEY_ERROR_SASL_SIGNATURE);
    }
}

/* One log-in of a real client, its password given; the steps come back as text. */
static parley_code log_in(const parley_answer *answer, const char *password, char *salt,
                          char *steps)
{
    const parley_mechanism *mechanism = &parley_scram_sha_256;
    sasl_context context = client_context("romeo");
    attempt client;
    attempt server;
    sasl_step step;
    uint32_t calls;

    attempt_init(&client, mechanism);
    assert_int_equal(mechanism->client_start(&client.sasl, &context), SASL_SEND);
    context = server_context();
    attempt_init(&server, mechanism);
    assert_int_equal(mechanism->server_start(&server.sasl, &context, client.sasl.out),
                     SASL_CREDENTIAL);
    assert_int_equal(mechanism->server_credential(&server.sasl, answer), SASL_SEND);
    assert_int_equal(sscanf(strstr(server.sasl.out.data, ",s="), ",s=%63[^,],", salt), 1);
    assert_int_equal(mechanism->client_step(&client.sasl, server.sasl.out), SASL_CREDENTIAL);
    assert_int_equal(give_password(&client, true, text_of(password)), SASL_WORK);
    assert_int_equal(work_through(&client, 4096, NULL), SASL_SEND);
    step = mechanism->server_step(&server.sasl, client.sasl.out);
    calls = 0;
    if (step == SASL_WORK) {
        step = work_through(&server, 1, &calls);
    }
    (void)snprintf(steps, 64, "%d after %u", (int)step, (unsigned)calls);
    assert_false(attempt_holds(&server, PASSWORD, strlen(PASSWORD)));
    return step == SASL_PROVED ? PARLEY_NO_ERROR : server.sasl.code;
}

static void nobody(void **unused)
{
    parley_answer password = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = text_of(PASSWORD)};
    char salt[3][64];
    char steps[3][64];

    (void)unused;
    assert_int_equal(log_in(&password, PASSWORD, salt[0], steps[0]), PARLEY_NO_ERROR);
    assert_int_equal(log_in(&password, "wrong", salt[1], steps[1]), PARLEY_ERROR_SASL_SIGNATURE);
    assert_int_equal(log_in(NULL, PASSWORD, salt[2], steps[2]), PARLEY_ERROR_SASL_SIGNATURE);
    assert_string_equal(salt[0], salt[1]);
    assert_string_equal(salt[1], salt[2]);
    assert_string_equal(steps[1], steps[2]);
    assert_int_equal(strlen(salt[0]), 24);
}

/* What nobody is derived from is shown to all, as the salt: it lets no one in. */
static void nobody_known(void **unused)
{
    const parley_mechanism *mechanism = &parley_scram_sha_256;
    sasl_context context = client_context("romeo");
    parley_derivation *derivation;
    parley_string salt;
    char bytes[SCRAM_SALT];
    attempt client;
    attempt server;

    (void)unused;
    attempt_init(&client, mechanism);
    assert_int_equal(mechanism->client_start(&client.sasl, &context), SASL_SEND);
    context = server_context();
    attempt_init(&server, mechanism);
    assert_int_equal(mechanism->server_start(&server.sasl, &context, client.sasl.out),
                     SASL_CREDENTIAL);
    memcpy(bytes, parley_scram_secrets(&server.sasl)->salt, sizeof bytes);
    salt = (parley_string){bytes, sizeof bytes};
    assert_int_equal(mechanism->server_credential(&server.sasl, NULL), SASL_SEND);
    assert_int_equal(mechanism->client_step(&client.sasl, server.sasl.out), SASL_CREDENTIAL);
    assert_int_equal(give_password(&client, true, text_of("any")), SASL_WORK);
    derivation = &parley_scram_secrets(&client.sasl)->derivation;
    parley_derivation_key(derivation, mechanism->hash, salt);
    parley_derivation_salt(derivation, salt);
    assert_int_equal(work_through(&client, 4096, NULL), SASL_SEND);
    assert_int_equal(mechanism->server_step(&server.sasl, client.sasl.out), SASL_WORK);
    expect("nobody", &server, work_through(&server, 4096, NULL), SASL_REFUSED,
           PARLEY_ERROR_SASL_SIGNATURE);
}

static void salts(void **unused)
{
    static const char *const users[] = {"romeo", "juliet"};
    const parley_mechanism *mechanisms[] = {&parley_scram_sha_256, &parley_scram_sha_1};
    static const unsigned char other[32] = "another secret of thirty-two...";
    sasl_context context = server_context();
    char seen[4][256];
    char message[64];
    attempt a;

    (void)unused;
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(message, sizeof message, "n,,n=%s,r=x", users[i % 2]);
        assert_int_equal(start(&a, mechanisms[i / 2], message), SASL_CREDENTIAL);
        assert_int_equal(mechanisms[i / 2]->server_credential(&a.sasl, NULL), SASL_SEND);
        (void)snprintf(seen[i], sizeof seen[i], "%.*s", (int)a.sasl.out.len, a.sasl.out.data);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(seen[j], seen[i]);
        }
        assert_false(attempt_holds(&a, server_context().secret, 32));
    }
    /* Another server's secret gives another salt. */
    context.secret = other;
    attempt_init(&a, mechanisms[0]);
    assert_int_equal(mechanisms[0]->server_start(&a.sasl, &context, text_of("n,,n=romeo,r=x")),
                     SASL_CREDENTIAL);
    assert_int_equal(mechanisms[0]->server_credential(&a.sasl, NULL), SASL_SEND);
    assert_memory_not_equal(a.sasl.out.data, seen[0], a.sasl.out.len);
}

static void credentials(void **unused)
{
    static recording r;
    attempt due;
    attempt a;
    parley_scram_keys keys;
    parley_answer answer = {.kind = PARLEY_ANSWER_SCRAM, .keys = &keys};

    (void)unused;
    record(&r, &parley_scram_sha_1);
    assert_int_equal(start(&due, r.mechanism, r.client_first), SASL_CREDENTIAL);
    for (int i = 0; i < 7; i++) {
        keys = r.keys;
        answer.kind = PARLEY_ANSWER_SCRAM;
        answer.keys = &keys;
        switch (i) {
        case 0:
            break;
        case 1:
            keys.stored_key.len--;
            break;
        case 2:
            keys.server_key.len = 32;
            break;
        case 3:
            keys.salt.len = 0;
            break;
        case 4:
            keys.iterations = 4095;
            break;
        case 5:
            answer.keys = NULL;
            break;
        default:
            answer.kind = PARLEY_ANSWER_YES;
            break;
        }
        attempt_copy(&a, &due);
        expect("keys", &a, r.mechanism->server_credential(&a.sasl, &answer),
               i == 0 ? SASL_SEND : SASL_REFUSED, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    attempt_copy(&a, &due);
    expect("password", &a, give_password(&a, false, text_of("a\tb")), SASL_REFUSED,
           PARLEY_ERROR_SASL_CREDENTIAL);
}

static void contexts(void **unused)
{
    sasl_context context = server_context();
    parley_string message = text_of("n,,n=romeo,r=x");
    attempt a;

    (void)unused;
    context.random.len = 17;
    attempt_init(&a, &parley_scram_sha_1);
    expect("random", &a, parley_scram_sha_1.server_start(&a.sasl, &context, message), SASL_REFUSED,
           PARLEY_ERROR_NO_ENTROPY);
    context = server_context();
    context.iterations = 4095;
    attempt_init(&a, &parley_scram_sha_1);
    expect("iterations", &a, parley_scram_sha_1.server_start(&a.sasl, &context, message),
           SASL_REFUSED, PARLEY_ERROR_SASL_ITERATIONS);
    context = server_context();
    attempt_init(&a, &parley_scram_sha_1);
    a.sasl.scratch_len = 64;
    expect("scratch", &a, parley_scram_sha_1.server_start(&a.sasl, &context, message), SASL_REFUSED,
           PARLEY_ERROR_CONFIG_MEMORY);
    context.secret = NULL;
    attempt_init(&a, &parley_scram_sha_1);
    expect("no secret", &a, parley_scram_sha_1.server_start(&a.sasl, &context, message),
           SASL_CREDENTIAL, PARLEY_NO_ERROR);
}

/* Messages of any length are taken whole or refused. */
static void too_long(void **unused)
{
    static char message[PARLEY_SASL_SIZE + 64];
    sasl_context context = server_context();
    size_t taken = 0;

    (void)unused;
    memset(message, 'x', sizeof message);
    memcpy(message, "n,,n=romeo,r=", 13);
    for (size_t len = 14; len <= sizeof message; len++) {
        attempt a;
        sasl_step step;

        attempt_init(&a, &parley_scram_sha_256);
        step = parley_scram_sha_256.server_start(&a.sasl, &context, (parley_string){message, len});
        if (step == SASL_CREDENTIAL) {
            step = parley_scram_sha_256.server_credential(&a.sasl, NULL);
        }
        if (step == SASL_SEND) {
            taken++;
            assert_int_equal(taken, len - 13);
        } else {
            expect("too long", &a, step, SASL_REFUSED, PARLEY_ERROR_SASL_MESSAGE);
        }
    }
    assert_in_range(taken, 1000, PARLEY_SASL_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_first), cmocka_unit_test(no_initial_response),
        cmocka_unit_test(client_final), cmocka_unit_test(wrong_proofs),
        cmocka_unit_test(nobody),       cmocka_unit_test(nobody_known),
        cmocka_unit_test(salts),        cmocka_unit_test(credentials),
        cmocka_unit_test(contexts),     cmocka_unit_test(too_long),
    };

    return cmocka_run_group_tests_name("scram_server", tests, NULL, NULL);
}

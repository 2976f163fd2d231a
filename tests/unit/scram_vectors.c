/* Every row of the SCRAM vectors, and the recorded exchanges. */
#include "sasl_attempt.h"
#include "scram.h"
#include "vectors.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Mechanisms that this build leaves out; their rows are other builds'. */
static const char *const left_out[] = {
#ifdef PARLEY_WITHOUT_SCRAM_SHA_512_PLUS
    "SCRAM-SHA-512-PLUS",
#endif
#ifdef PARLEY_WITHOUT_SCRAM_SHA_256_PLUS
    "SCRAM-SHA-256-PLUS",
#endif
#ifdef PARLEY_WITHOUT_SCRAM_SHA_1_PLUS
    "SCRAM-SHA-1-PLUS",
#endif
#ifdef PARLEY_WITHOUT_SCRAM_SHA_512
    "SCRAM-SHA-512",
#endif
#ifdef PARLEY_WITHOUT_SCRAM_SHA_256
    "SCRAM-SHA-256",
#endif
    NULL};

static const parley_mechanism *find(const char *name)
{
    const parley_mechanism *const *built = parley_mechanisms_strong;

    for (size_t i = 0; left_out[i] != NULL; i++) {
        if (strcmp(left_out[i], name) == 0) {
            return NULL;
        }
    }
    for (size_t i = 0; i < PARLEY_MECHANISMS_STRONG; i++) {
        if (strcmp(parley_mechanism_name(built[i]), name) == 0) {
            return built[i];
        }
    }
    fail_msg("%s is not built", name);
    return NULL;
}

static void expect_text(const char *id, parley_string actual, const char *expected)
{
    if (!parley_string_equal(actual, text_of(expected))) {
        fail_msg("%s: got \"%.*s\", expected \"%s\"", id, (int)actual.len, actual.data, expected);
    }
}

static void expect_step(const char *id, sasl_step actual, sasl_step expected)
{
    if (actual != expected) {
        fail_msg("%s: step %d, expected %d", id, (int)actual, (int)expected);
    }
}

/* One exchange, from the vectors. */
typedef struct exchange {
    const char *id;
    const parley_mechanism *mechanism;
    parley_string user;
    parley_string password;
    const char *client_first;
    const char *server_first;
    const char *client_final;
    const char *server_final;
    uint32_t iterations;
    const parley_tls_info *tls; /* of -PLUS; NULL: none */
} exchange;

/* What both ends know of the channel. */
static void bind_channel(const exchange *e, sasl_context *context)
{
    context->tls = e->tls;
    context->binding = e->tls != NULL ? SASL_BINDING_UNIQUE : SASL_BINDING_NONE;
}

/* The field after the last `name` in the message, up to a comma. */
static parley_string field(const char *message, const char *name)
{
    const char *at = strstr(message, name);

    assert_non_null(at);
    at += strlen(name);
    return (parley_string){at, strcspn(at, ",")};
}

static parley_string authzid_of(const exchange *e, char *buffer)
{
    parley_scratch scratch = {buffer, 0, 256, false};

    if (strncmp(e->client_first + 1, ",a=", 3) != 0) {
        return (parley_string){NULL, 0};
    }
    parley_scram_put_unescaped(&scratch, field(e->client_first, ",a="));
    assert_false(scratch.full);
    return parley_scratch_from(&scratch, 0);
}

/* Starts a client that has sent the row's client-first: its names come from
   the code under test, its nonce, and "y" for "n", are put in afterwards. */
static void start_client(attempt *a, const exchange *e)
{
    sasl_context context = client_context("");
    parley_string nonce = field(e->client_first, ",r=");
    scram_state *state;
    char authzid[256];

    attempt_init(a, e->mechanism);
    context.user = e->user;
    context.authzid = authzid_of(e, authzid);
    bind_channel(e, &context);
    expect_step(e->id, a->sasl.mechanism->client_start(&a->sasl, &context), SASL_SEND);
    state = parley_scram_state(&a->sasl);
    memcpy(a->scratch + state->nonce, nonce.data, nonce.len);
    state->nonce_len = (uint32_t)nonce.len;
    state->scratch.used = state->nonce + state->nonce_len;
    a->scratch[0] = (unsigned char)e->client_first[0];
    expect_text(e->id, (parley_string){(char *)a->scratch, state->scratch.used}, e->client_first);
}

static void run_client(const exchange *e, uint32_t slice)
{
    attempt a;
    uint32_t calls;
    sasl_step step;

    start_client(&a, e);
    step = a.sasl.mechanism->client_step(&a.sasl, guarded(text_of(e->server_first)));
    if (e->iterations < PARLEY_ITERATIONS_MINIMUM) {
        expect_step(e->id, step, SASL_REFUSED);
        assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_ITERATIONS);
        return;
    }
    expect_step(e->id, step, SASL_CREDENTIAL);
    expect_step(e->id, give_password(&a, true, e->password), SASL_WORK);
    expect_step(e->id, work_through(&a, slice, &calls), SASL_SEND);
    assert_int_equal(calls, ((uint64_t)e->iterations - 2 + slice) / slice);
    expect_text(e->id, a.sasl.out, e->client_final);
    step = a.sasl.mechanism->client_step(&a.sasl, guarded(text_of(e->server_final)));
    expect_step(e->id, step, SASL_PROVED);
    assert_true(attempt_is_blank(&a));
}

/* The server with these keys; its nonce is put in once it has sent its own. */
static void run_server(const exchange *e, const parley_scram_keys *keys)
{
    parley_answer answer = {.kind = PARLEY_ANSWER_SCRAM, .keys = keys};
    sasl_context context = server_context();
    parley_string nonce = field(e->server_first, "r=");
    scram_state *state;
    sasl_step step;
    char authzid[256];
    size_t begin;
    attempt a;

    context.keeps_keys = true;
    attempt_init(&a, e->mechanism);
    bind_channel(e, &context);
    step = a.sasl.mechanism->server_start(&a.sasl, &context, guarded(text_of(e->client_first)));
    expect_step(e->id, step, SASL_CREDENTIAL);
    assert_true(parley_string_equal(a.sasl.authzid, authzid_of(e, authzid)));
    assert_true(parley_string_equal(a.sasl.user, e->user));
    step = a.sasl.mechanism->server_credential(&a.sasl, &answer);
    if (e->iterations < PARLEY_ITERATIONS_MINIMUM) {
        expect_step(e->id, step, SASL_REFUSED);
        return;
    }
    expect_step(e->id, step, SASL_SEND);
    state = parley_scram_state(&a.sasl);
    begin = (size_t)(a.sasl.out.data - (char *)a.scratch);
    memcpy(a.scratch + begin, e->server_first, strlen(e->server_first));
    state->scratch.used = (uint32_t)(begin + strlen(e->server_first));
    state->nonce = (uint32_t)begin + 2;
    state->nonce_len = (uint32_t)nonce.len;
    step = a.sasl.mechanism->server_step(&a.sasl, guarded(text_of(e->client_final)));
    expect_step(e->id, step, SASL_PROVED);
    expect_text(e->id, a.sasl.out, e->server_final);
}

/* Both ends by themselves, the server deriving from the password. */
static void run_both(const exchange *e)
{
    sasl_context context = client_context("");
    sasl_context of_server = server_context();
    attempt client;
    attempt server;

    attempt_init(&client, e->mechanism);
    attempt_init(&server, e->mechanism);
    context.user = e->user;
    bind_channel(e, &context);
    bind_channel(e, &of_server);
    expect_step(e->id, e->mechanism->client_start(&client.sasl, &context), SASL_SEND);
    expect_step(e->id, e->mechanism->server_start(&server.sasl, &of_server, client.sasl.out),
                SASL_CREDENTIAL);
    expect_step(e->id, give_password(&server, false, e->password), SASL_SEND);
    expect_step(e->id, e->mechanism->client_step(&client.sasl, server.sasl.out), SASL_CREDENTIAL);
    expect_step(e->id, give_password(&client, true, e->password), SASL_WORK);
    expect_step(e->id, work_through(&client, 1000, NULL), SASL_SEND);
    expect_step(e->id, e->mechanism->server_step(&server.sasl, client.sasl.out), SASL_WORK);
    expect_step(e->id, work_through(&server, 333, NULL), SASL_PROVED);
    expect_step(e->id, e->mechanism->client_step(&client.sasl, server.sasl.out), SASL_PROVED);
}

/* Derivation in one go, then each role in several slices. */
static void run_row(const exchange *e, const parley_scram_keys *keys)
{
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
    size_t len;

    assert_int_equal(parley_scram_derive(e->mechanism, e->password, keys->salt, e->iterations,
                                         stored_key, server_key, &len),
                     PARLEY_OK);
    assert_int_equal(len, keys->stored_key.len);
    assert_int_equal(len, keys->server_key.len);
    assert_memory_equal(stored_key, keys->stored_key.data, len);
    assert_memory_equal(server_key, keys->server_key.data, len);
    run_client(e, 1);
    run_client(e, 1000);
    run_client(e, UINT32_MAX);
    run_server(e, keys);
    run_both(e);
}

static void read_row(const vector_file *file, exchange *e, parley_scram_keys *keys)
{
    static char user[64], password[512], stored_key[128], server_key[128], first[256];
    static char salt[256];
    parley_string text;
    size_t len;

    e->user = vector_bytes(file, "user", user, sizeof user);
    e->password = vector_bytes(file, "password", password, sizeof password);
    text = vector_bytes(file, "client_first", first, sizeof first - 1);
    first[text.len] = '\0';
    e->client_first = first;
    e->server_first = vector_text(file, "server_first");
    e->client_final = vector_text(file, "client_final");
    e->server_final = vector_text(file, "server_final");
    e->iterations = strcmp(vector_text(file, "i"), "1") == 0 ? 1 : 4096;
    keys->iterations = e->iterations;
    keys->stored_key = vector_hex(file, "stored_key_hex", stored_key, sizeof stored_key);
    keys->server_key = vector_hex(file, "server_key_hex", server_key, sizeof server_key);
    text = field(e->server_first, ",s=");
    assert_int_equal(parley_base64_decode(text.data, text.len, salt, sizeof salt, &len), PARLEY_OK);
    keys->salt = (parley_string){salt, len};
}

/* tls-exporter is not defined here (RFC 9266 section 3): not a type to bind by. */
static void refuse_exporter(const exchange *e)
{
    sasl_context context = server_context();
    attempt a;

    attempt_init(&a, e->mechanism);
    bind_channel(e, &context);
    expect_step(e->id,
                e->mechanism->server_start(&a.sasl, &context, guarded(text_of(e->client_first))),
                SASL_REFUSED);
    assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_BINDING);
}

/* Built without Unicode's tables, a name beyond ASCII is refused. */
static void refuse_beyond_ascii(const exchange *e)
{
    sasl_context context = server_context();
    attempt a;

    attempt_init(&a, e->mechanism);
    expect_step(e->id,
                e->mechanism->server_start(&a.sasl, &context, guarded(text_of(e->client_first))),
                SASL_REFUSED);
    assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_MESSAGE);
}

static void vectors(void **unused)
{
    vector_file file;
    unsigned rows[4] = {0};

    (void)unused;
    vector_open(&file, "scram.tsv");
    while (vector_next(&file)) {
        exchange e = {.id = vector_text(&file, "id"),
                      .mechanism = find(vector_text(&file, "mechanism"))};
        bool exporter = strstr(e.id, "exporter") != NULL;
        parley_tls_info tls = {.version = 0x0303, .unique_len = sizeof tls.unique};
        parley_scram_keys keys;

        if (e.mechanism == NULL) {
            rows[3]++;
            continue;
        }
        if ((e.mechanism->flags & SASL_BINDS) != 0) {
            e.tls = &tls;
        }
        if (e.tls != NULL && !exporter) {
            (void)vector_hex(&file, "cbdata_hex", (char *)tls.unique, sizeof tls.unique);
        }
        read_row(&file, &e, &keys);
        if (!PARLEY_UNICODE && strstr(e.id, "-utf8") != NULL) {
            refuse_beyond_ascii(&e);
            rows[0]++;
        } else if (exporter) {
            refuse_exporter(&e);
            rows[2]++;
        } else {
            run_row(&e, &keys);
            rows[e.tls != NULL]++;
        }
    }
    vector_close(&file);
    print_message("%u rows, %u with channel binding, %u by a type that is refused, %u left out\n",
                  rows[0], rows[1], rows[2], rows[3]);
    if (left_out[0] != NULL) {
        assert_in_range(rows[3], 1, 30);
        assert_int_equal(rows[0] + rows[1] + rows[2] + rows[3], 31);
        return;
    }
    assert_int_equal(rows[0], 25);
    assert_int_equal(rows[1], 3);
    assert_int_equal(rows[2], 3);
}

static void recorded(void **unused)
{
    vector_file file;
    unsigned rows = 0;

    (void)unused;
    vector_open(&file, "scram-recorded.tsv");
    while (vector_next(&file)) {
        exchange e = {vector_text(&file, "id"),
                      find(vector_text(&file, "mechanism")),
                      text_of("romeo"),
                      text_of("r0m30myr0m30"),
                      vector_text(&file, "client_first"),
                      vector_text(&file, "server_first"),
                      vector_text(&file, "client_final"),
                      vector_text(&file, "server_final"),
                      0,
                      NULL};
        sasl_context context = client_context("romeo");
        char authzid[256];
        attempt a;

        rows++;
        if (e.mechanism == NULL) {
            continue;
        }
        context.authzid = authzid_of(&e, authzid);
        attempt_init(&a, e.mechanism);
        expect_step(e.id, e.mechanism->client_start(&a.sasl, &context), SASL_SEND);
        expect_text(e.id, a.sasl.out, e.client_first);
        expect_step(e.id, e.mechanism->client_step(&a.sasl, text_of(e.server_first)),
                    SASL_CREDENTIAL);
        expect_step(e.id, give_password(&a, true, e.password), SASL_WORK);
        expect_step(e.id, work_through(&a, 512, NULL), SASL_SEND);
        expect_text(e.id, a.sasl.out, e.client_final);
        expect_step(e.id, e.mechanism->client_step(&a.sasl, text_of(e.server_final)), SASL_PROVED);
    }
    vector_close(&file);
    assert_int_equal(rows, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors), cmocka_unit_test(recorded)};

    return cmocka_run_group_tests_name("scram_vectors", tests, NULL, NULL);
}

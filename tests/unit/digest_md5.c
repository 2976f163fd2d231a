/* DIGEST-MD5 (RFC 2831): every row of the vectors and of the negatives, both roles,
   secrets, mutations; attack rows F01 to F07. */
#include "common/pair.h"
#include "common/seeded.h"
#include "digest_md5.h"
#include "sasl_attempt.h"
#include "vectors.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOST "lab.example"

static const parley_mechanism *const digest[] = {&parley_digest_md5};
static const parley_mechanism *const both[] = {&parley_scram_sha_1, &parley_digest_md5};

static void expect_hex(const char *id, const unsigned char *hex, const char *expected)
{
    if (memcmp(hex, expected, DIGEST_HEX) != 0) {
        fail_msg("%s: %.32s, expected %s", id, (const char *)hex, expected);
    }
}

/* The digests of a row, from a state that holds its values. */
static void vectors(void **unused)
{
    vector_file file;
    unsigned rows = 0;
    unsigned integrity = 0;

    (void)unused;
    vector_open(&file, "digest-md5.tsv");
    while (vector_next(&file)) {
        const char *id = vector_text(&file, "id");
        sasl_context context = client_context("");
        unsigned char response[DIGEST_HEX];
        unsigned char rspauth[DIGEST_HEX];
        char user[64], password[64];
        parley_scratch scratch;
        digest_state *state;
        attempt a;

        if (strcmp(vector_text(&file, "qop"), "auth-int") == 0) {
            integrity++; /* is not offered, not chosen and not taken: see below */
            continue;
        }
        attempt_init(&a, &parley_digest_md5);
        assert_true(parley_digest_begin(&a.sasl, &context));
        state = parley_digest_state(&a.sasl);
        scratch = parley_digest_scratch(&a.sasl);
        parley_digest_keep(&scratch, vector_bytes(&file, "username", user, sizeof user),
                           &state->user);
        parley_digest_keep(&scratch, text_of(vector_text(&file, "realm")), &state->realm);
        parley_digest_keep(&scratch, text_of(vector_text(&file, "nonce")), &state->nonce);
        parley_digest_keep(&scratch, text_of(vector_text(&file, "cnonce")), &state->cnonce);
        parley_digest_keep(&scratch, text_of(vector_text(&file, "digest_uri")), &state->uri);
        if (strcmp(vector_text(&file, "authzid"), "-") != 0) {
            parley_digest_keep(&scratch, text_of(vector_text(&file, "authzid")), &state->authzid);
        }
        state->utf8 = true;
        parley_digest_compute(&a.sasl, vector_bytes(&file, "password", password, sizeof password),
                              response, rspauth);
        expect_hex(id, response, vector_text(&file, "response"));
        expect_hex(id, rspauth, vector_text(&file, "rspauth"));
        rows++;
    }
    vector_close(&file);
    assert_int_equal(rows, 8);
    assert_int_equal(integrity, 1);
}

/* What ejabberd and the recording client said, byte for byte. */
static const char challenge[] =
    "nonce=\"3774900055687132003\",qop=\"auth\",charset=utf-8,algorithm=md5-sess";
static const char response[] = "username=\"romeo\",realm=\"\",nonce=\"3774900055687132003\","
                               "cnonce=\"" NONCE_TEXT "\",nc=00000001,qop=auth,"
                               "digest-uri=\"xmpp/" HOST
                               "\",response=af1a1bdf69f9cc9c13ad46528c1d8f33,charset=utf-8";
static const char rspauth[] = "rspauth=0a5ade225c471cdcf0aa5a68e3eb6634";

static void start_client(attempt *a, const char *user)
{
    sasl_context context = client_context(user);

    context.host = text_of(HOST);
    attempt_init(a, &parley_digest_md5);
    assert_int_equal(parley_digest_md5.client_start(&a->sasl, &context), SASL_SEND);
    assert_null(a->sasl.out.data); /* no initial response */
}

static sasl_step client_step(attempt *a, parley_string message)
{
    return parley_digest_md5.client_step(&a->sasl, guarded(message));
}

static void recorded(void **unused)
{
    attempt a;

    (void)unused;
    start_client(&a, "romeo");
    assert_int_equal(client_step(&a, text_of(challenge)), SASL_CREDENTIAL);
    assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_SEND);
    assert_true(parley_string_equal(a.sasl.out, text_of(response)));
    assert_false(attempt_holds(&a, PASSWORD, strlen(PASSWORD)));
    assert_int_equal(client_step(&a, text_of(rspauth)), SASL_PROVED);
    assert_true(attempt_is_blank(&a));
    assert_int_equal(client_step(&a, text_of(rspauth)), SASL_REFUSED);
    assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

typedef struct message_case {
    const char *id;
    const char *text;
    sasl_step step;
    parley_code code;
} message_case;

#define REFUSED(id, text, code)                          \
    {                                                    \
        id, text, SASL_REFUSED, PARLEY_ERROR_SASL_##code \
    }
#define TAKEN(id, text)                            \
    {                                              \
        id, text, SASL_CREDENTIAL, PARLEY_NO_ERROR \
    }

/* The first challenge; ids "ch-" are rows of digest-md5-negative.tsv. */
static const message_case challenges[] = {
    TAKEN("ch-ok-lws",
          "realm=\"r\" , nonce = \"n\",\tqop=\"auth\" ,charset=utf-8,algorithm=md5-sess"),
    TAKEN("ch-ok-emptyelem", ",,nonce=\"n\",,qop=\"auth\",algorithm=md5-sess,"),
    REFUSED("ch-alg-md5", "nonce=\"a\",algorithm=md5", MESSAGE),
    TAKEN("ch-qop-none", "nonce=\"a\",algorithm=md5-sess"),
    REFUSED("ch-qop-unknown", "nonce=\"a\",qop=\"auth-conf,foo\",algorithm=md5-sess", MESSAGE),
    TAKEN("ch-stale-first", "stale=true,nonce=\"n\",qop=\"auth\",algorithm=md5-sess"),
    REFUSED("ch-unterminated", "nonce=\"abc", MESSAGE),
    REFUSED("ch-escape-end", "nonce=\"abc\\", MESSAGE),
    REFUSED("ch-charset-bad", "nonce=\"a\",charset=iso-8859-1,algorithm=md5-sess", MESSAGE),
    TAKEN("ch-trailing-lf",
          "realm=\"somerealm\",nonce=\"n\",qop=\"auth\",charset=utf-8,algorithm=md5-sess\n"),
    /* F02, F03 and what lies beside them. */
    REFUSED("two nonces", "nonce=\"a\",nonce=\"a\",algorithm=md5-sess", MESSAGE),
    REFUSED("no nonce", "qop=\"auth\",algorithm=md5-sess", MESSAGE),
    REFUSED("empty nonce", "nonce=\"\",algorithm=md5-sess", MESSAGE),
    REFUSED("nonce as a token", "nonce=a,algorithm=md5-sess", MESSAGE),
    REFUSED("no algorithm", "nonce=\"a\",qop=\"auth\"", MESSAGE),
    REFUSED("two algorithms", "nonce=\"a\",algorithm=md5-sess,algorithm=md5-sess", MESSAGE),
    REFUSED("two charsets", "nonce=\"a\",charset=utf-8,charset=utf-8,algorithm=md5-sess", MESSAGE),
    REFUSED("auth-int alone", "nonce=\"a\",qop=\"auth-int\",algorithm=md5-sess", MESSAGE),
    TAKEN("auth among others", "nonce=\"a\",qop=\"auth-int , AUTH\",algorithm=MD5-sess"),
    TAKEN("unknown directives", "nonce=\"a\",x=y,x=\"z\",opaque=\"o\",algorithm=md5-sess"),
    TAKEN("escapes", "realm=\"a\\\"b\",nonce=\"x\\\\y\",algorithm=md5-sess"),
    REFUSED("empty", "", MESSAGE),
    REFUSED("no comma", "nonce=\"a\" algorithm=md5-sess", MESSAGE),
    REFUSED("no value", "nonce=\"a\",x=,algorithm=md5-sess", MESSAGE),
    REFUSED("a control character", "nonce=\"a\x01\",algorithm=md5-sess", MESSAGE),
    REFUSED("the end first", "rspauth=00000000000000000000000000000000", MESSAGE),
};

/* The second message of the server. */
static const message_case ends[] = {
    REFUSED("rsp-wrong", "rspauth=00000000000000000000000000000000", SIGNATURE),
    REFUSED("rsp-upper", "rspauth=0A5ADE225C471CDCF0AA5A68E3EB6634", SIGNATURE),
    REFUSED("rsp-short", "rspauth=ea40", SIGNATURE),
    REFUSED("re-challenge", "nonce=\"b\",qop=\"auth\",algorithm=md5-sess", MESSAGE),
    REFUSED("both", "rspauth=0a5ade225c471cdcf0aa5a68e3eb6634,nonce=\"b\"", MESSAGE),
    REFUSED("twice",
            "rspauth=0a5ade225c471cdcf0aa5a68e3eb6634,rspauth=0a5ade225c471cdcf0aa5a68e3eb6634",
            MESSAGE),
    REFUSED("longer", "rspauth=0a5ade225c471cdcf0aa5a68e3eb66340", SIGNATURE),
    REFUSED("nothing", "", MESSAGE),
    {"rsp-success-data", rspauth, SASL_PROVED, PARLEY_NO_ERROR},
    {"quoted", "rspauth=\"0a5ade225c471cdcf0aa5a68e3eb6634\"", SASL_PROVED, PARLEY_NO_ERROR},
};

static void expect(const char *what, const attempt *a, sasl_step step, sasl_step expected,
                   parley_code code)
{
    if (step != expected || a->sasl.code != code) {
        fail_msg("%s: step %d, code %s; expected %d, %s", what, (int)step,
                 parley_code_name(a->sasl.code), (int)expected, parley_code_name(code));
    }
    if (step == SASL_REFUSED) {
        assert_true(attempt_is_blank(a));
    }
}

static void client_messages(void **unused)
{
    attempt a;

    (void)unused;
    for (size_t i = 0; i < sizeof challenges / sizeof challenges[0]; i++) {
        const message_case *c = &challenges[i];

        start_client(&a, "romeo");
        expect(c->id, &a, client_step(&a, text_of(c->text)), c->step, c->code);
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const message_case *c = &ends[i];

        start_client(&a, "romeo");
        assert_int_equal(client_step(&a, text_of(challenge)), SASL_CREDENTIAL);
        assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_SEND);
        expect(c->id, &a, client_step(&a, text_of(c->text)), c->step, c->code);
    }
}

/* Sections 2.1.1 and 2.1.2: below 2048 and 4096 bytes. */
static void long_messages(void **unused)
{
    sasl_context context = server_context();
    char text[4200];
    attempt a;

    (void)unused;
    for (size_t len = 2047; len <= 2048; len++) {
        (void)snprintf(text, sizeof text, "nonce=\"n\",algorithm=md5-sess,realm=\"%0*d\"",
                       (int)(len - strlen("nonce=\"n\",algorithm=md5-sess,realm=\"\"")), 0);
        assert_int_equal(strlen(text), len);
        start_client(&a, "romeo");
        expect("length", &a, client_step(&a, text_of(text)),
               len == 2047 ? SASL_CREDENTIAL : SASL_REFUSED,
               len == 2047 ? PARLEY_NO_ERROR : PARLEY_ERROR_SASL_MESSAGE);
    }
    context.host = text_of(HOST);
    attempt_init(&a, &parley_digest_md5);
    assert_int_equal(parley_digest_md5.server_start(&a.sasl, &context, (parley_string){NULL, 0}),
                     SASL_SEND);
    memset(text, ',', 4096);
    expect("4096", &a, parley_digest_md5.server_step(&a.sasl, (parley_string){text, 4096}),
           SASL_REFUSED, PARLEY_ERROR_SASL_MESSAGE);
}

/* F03: escapes are undone for the digest and go back as they came. */
static void escapes(void **unused)
{
    static const char with[] = "realm=\"a\\\"b\",nonce=\"x\\\\y\",charset=utf-8,algorithm=md5-sess";
    attempt a;

    (void)unused;
    start_client(&a, "mer\\\"cutio");
    assert_int_equal(client_step(&a, text_of(with)), SASL_CREDENTIAL);
    assert_int_equal(give_password(&a, true, text_of("x")), SASL_SEND);
    assert_memory_equal(a.sasl.out.data,
                        "username=\"mer\\\\\\\"cutio\",realm=\"a\\\"b\",nonce=\"x\\\\y\",", 50);
    /* MD5 by another implementation, of mer\"cutio, a"b, x\y. */
    assert_non_null(strstr(a.sasl.out.data, "response=6b4da6f94273b7dde339bf613e4769bb"));
}

/* The realm that is the domain, if it is among those that are offered. */
static void realms(void **unused)
{
    static const struct {
        const char *text;
        const char *realm;
    } cases[] = {
        {"realm=\"a\",realm=\"" HOST "\",nonce=\"n\",algorithm=md5-sess", "realm=\"" HOST "\""},
        {"realm=\"" HOST "\",realm=\"a\",nonce=\"n\",algorithm=md5-sess", "realm=\"" HOST "\""},
        {"realm=\"a\",realm=\"b\",nonce=\"n\",algorithm=md5-sess", "realm=\"a\""},
        /* Not quite the domain, and not quite the directive. */
        {"realm=\"a\",realm=\"" HOST "s\",realm=\"lab\",nonce=\"n\",algorithm=md5-sess",
         "realm=\"a\""},
        {"realms=\"b\",real=\"c\",REALM=\"a\",nonce=\"n\",algorithm=md5-sess", "realm=\"a\""},
        {"nonce=\"n\",algorithm=md5-sess", "realm=\"\""},
    };
    attempt a;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[512];

        start_client(&a, "romeo");
        assert_int_equal(client_step(&a, text_of(cases[i].text)), SASL_CREDENTIAL);
        assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_SEND);
        (void)snprintf(said, sizeof said, "%.*s", (int)a.sasl.out.len, a.sasl.out.data);
        assert_non_null(strstr(said, cases[i].realm));
        assert_null(strstr(said, "charset"));
    }
    /* Without charset=utf-8 a password beyond ASCII would need ISO 8859-1. */
    start_client(&a, "romeo");
    assert_int_equal(client_step(&a, text_of(cases[0].text)), SASL_CREDENTIAL);
    expect("Latin-1", &a, give_password(&a, true, text_of("p\xC3\xA4ss")), SASL_REFUSED,
           PARLEY_ERROR_SASL_CREDENTIAL);
}

/* A server's attempt up to the response, with NONCE_TEXT. */
static void start_server(attempt *a)
{
    sasl_context context = server_context();

    context.host = text_of(HOST);
    attempt_init(a, &parley_digest_md5);
    assert_int_equal(parley_digest_md5.server_start(&a->sasl, &context, (parley_string){NULL, 0}),
                     SASL_SEND);
    assert_true(
        parley_string_equal(a->sasl.out, text_of("realm=\"" HOST "\",nonce=\"" NONCE_TEXT "\",qop="
                                                 "\"auth\",charset=utf-8,algorithm=md5-sess")));
}

#define NAMES  "username=\"romeo\",realm=\"" HOST "\","
#define NONCES "nonce=\"" NONCE_TEXT "\",cnonce=\"c\",nc=00000001,"
#define URI    "digest-uri=\"xmpp/" HOST "\","
#define PROOF  "response=00000000000000000000000000000000"

static const message_case responses[] = {
    TAKEN("all of it", NAMES NONCES "qop=auth," URI PROOF ",charset=utf-8"),
    TAKEN("qop left out", NAMES NONCES URI PROOF),
    TAKEN("r-charset", "username=\"r\xF6meo\",realm=\"" HOST "\"," NONCES URI PROOF),
    TAKEN("authzid", NAMES NONCES URI PROOF ",authzid=\"a\\\"b@" HOST "\""),
    REFUSED("r-nc", NAMES "nonce=\"" NONCE_TEXT "\",cnonce=\"c\",nc=00000002," URI PROOF, NONCE),
    REFUSED("r-nc-len", NAMES "nonce=\"" NONCE_TEXT "\",cnonce=\"c\",nc=1," URI PROOF, NONCE),
    REFUSED("no nc", NAMES "nonce=\"" NONCE_TEXT "\",cnonce=\"c\"," URI PROOF, NONCE),
    REFUSED("r-uri", NAMES NONCES "digest-uri=\"xmpp/other.example\"," PROOF, SIGNATURE),
    REFUSED("imap", NAMES NONCES "digest-uri=\"imap/" HOST "\"," PROOF, SIGNATURE),
    REFUSED("no uri", NAMES NONCES PROOF, MESSAGE),
    REFUSED("r-dup", "username=\"a\"," NAMES NONCES URI PROOF, MESSAGE),
    REFUSED("two nonces", NAMES NONCES "nonce=\"" NONCE_TEXT "\"," URI PROOF, MESSAGE),
    REFUSED("two responses", NAMES NONCES URI PROOF "," PROOF, MESSAGE),
    REFUSED("another nonce", NAMES "nonce=\"x\",cnonce=\"c\",nc=00000001," URI PROOF, NONCE),
    REFUSED("no cnonce", NAMES "nonce=\"" NONCE_TEXT "\",nc=00000001," URI PROOF, MESSAGE),
    REFUSED("another realm", "username=\"romeo\",realm=\"x\"," NONCES URI PROOF, SIGNATURE),
    REFUSED("no user", "realm=\"" HOST "\"," NONCES URI PROOF, MESSAGE),
    REFUSED("auth-int", NAMES NONCES "qop=auth-int," URI PROOF, MESSAGE),
    REFUSED("short digest", NAMES NONCES URI "response=00", MESSAGE),
    REFUSED("charset", NAMES NONCES URI PROOF ",charset=latin1", MESSAGE),
    REFUSED("empty authzid", NAMES NONCES URI PROOF ",authzid=\"\"", MESSAGE),
    REFUSED("no localpart", "username=\"a@b\",realm=\"" HOST "\"," NONCES URI PROOF, MESSAGE),
    REFUSED("not UTF-8", "username=\"\xC3\",realm=\"" HOST "\"," NONCES URI PROOF ",charset=utf-8",
            MESSAGE),
    REFUSED("empty", "", MESSAGE),
};

static void server_messages(void **unused)
{
    attempt a;

    (void)unused;
    for (size_t i = 0; i < sizeof responses / sizeof responses[0]; i++) {
        const message_case *c = &responses[i];
        sasl_step step;

        start_server(&a);
        step = parley_digest_md5.server_step(&a.sasl, guarded(text_of(c->text)));
        if (strcmp(c->id, "r-charset") == 0 && !PARLEY_UNICODE) {
            assert_int_equal(step, SASL_REFUSED); /* no names beyond ASCII in this build */
            continue;
        }
        expect(c->id, &a, step, c->step, c->code);
        if (strcmp(c->id, "r-charset") == 0) {
            assert_true(parley_string_equal(a.sasl.user, text_of("r\xC3\xB6meo")));
        }
        if (strcmp(c->id, "authzid") == 0) {
            assert_true(parley_string_equal(a.sasl.authzid, text_of("a\"b@" HOST)));
        }
        if (step == SASL_CREDENTIAL) { /* none of these digests is right */
            expect(c->id, &a, give_password(&a, false, text_of(PASSWORD)), SASL_REFUSED,
                   PARLEY_ERROR_SASL_SIGNATURE);
        }
    }
}

/* Each row of the negatives has its test above. */
static void rows(void **unused)
{
    vector_file file;
    unsigned count = 0;

    (void)unused;
    vector_open(&file, "digest-md5-negative.tsv");
    while (vector_next(&file)) {
        const char *id = vector_text(&file, "id");
        bool found = strstr(id, "maxlen") != NULL; /* long_messages */

        for (size_t i = 0; i < sizeof challenges / sizeof challenges[0]; i++) {
            found = found || strcmp(challenges[i].id, id) == 0;
        }
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            found = found || strcmp(ends[i].id, id) == 0;
        }
        for (size_t i = 0; i < sizeof responses / sizeof responses[0]; i++) {
            found = found || strcmp(responses[i].id, id) == 0;
        }
        if (!found) {
            fail_msg("%s has no test", id);
        }
        count++;
    }
    vector_close(&file);
    assert_int_equal(count, 22);
}

/* An exchange of both ends; with `known` the server has that password. */
static sasl_step exchange(attempt *server, attempt *client, const char *user, const char *password,
                          const char *known)
{
    sasl_step step;

    start_client(client, user);
    start_server(server);
    assert_int_equal(client_step(client, server->sasl.out), SASL_CREDENTIAL);
    assert_int_equal(give_password(client, true, text_of(password)), SASL_SEND);
    step = parley_digest_md5.server_step(&server->sasl, guarded(client->sasl.out));
    assert_int_equal(step, SASL_CREDENTIAL);
    assert_true(parley_string_equal(server->sasl.user, text_of(user)));
    return known != NULL ? give_password(server, false, text_of(known))
                         : parley_digest_md5.server_credential(&server->sasl, NULL);
}

static void exchanges(void **unused)
{
    const parley_answer keys = {.kind = PARLEY_ANSWER_SCRAM};
    attempt client;
    attempt server;

    (void)unused;
    assert_int_equal(exchange(&server, &client, "mer\\cutio", PASSWORD, PASSWORD), SASL_SEND);
    assert_false(attempt_holds(&server, PASSWORD, strlen(PASSWORD)));
    assert_int_equal(client_step(&client, server.sasl.out), SASL_PROVED);
    assert_int_equal(parley_digest_md5.server_step(&server.sasl, (parley_string){NULL, 0}),
                     SASL_PROVED);
    assert_true(parley_string_equal(server.sasl.user, text_of("mer\\cutio")));
    assert_false(attempt_holds(&server, "rspauth", 7));
    expect("after it", &server, parley_digest_md5.server_step(&server.sasl, text_of(response)),
           SASL_REFUSED, PARLEY_ERROR_SASL_OUT_OF_STEP);

    expect("wrong", &server, exchange(&server, &client, "romeo", PASSWORD, "other"), SASL_REFUSED,
           PARLEY_ERROR_SASL_SIGNATURE);
    expect("nobody", &server, exchange(&server, &client, "romeo", "nobody's", NULL), SASL_REFUSED,
           PARLEY_ERROR_SASL_SIGNATURE);
    /* F05: a second use, and something else than nothing at the end. */
    assert_int_equal(exchange(&server, &client, "romeo", PASSWORD, PASSWORD), SASL_SEND);
    expect("twice", &server, parley_digest_md5.server_step(&server.sasl, client.sasl.out),
           SASL_REFUSED, PARLEY_ERROR_SASL_OUT_OF_STEP);
    start_server(&server);
    assert_int_equal(parley_digest_md5.server_step(&server.sasl, text_of(responses[0].text)),
                     SASL_CREDENTIAL);
    expect("keys", &server, parley_digest_md5.server_credential(&server.sasl, &keys), SASL_REFUSED,
           PARLEY_ERROR_SASL_CREDENTIAL);
    attempt_init(&server, &parley_digest_md5);
    {
        sasl_context context = server_context();

        expect("initial response", &server,
               parley_digest_md5.server_start(&server.sasl, &context, text_of(response)),
               SASL_REFUSED, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
}

/* Changed messages: a verdict, never a proof, nothing read beyond them. */
static void mutations(void **unused)
{
    uint32_t seed = 0xD16E57;
    char buffer[1024];

    (void)unused;
    for (unsigned i = 0; i < 6000; i++) {
        parley_string message;
        attempt a;
        sasl_step step;

        start_client(&a, "romeo");
        message = i < sizeof challenge - 1 ? (parley_string){challenge, i}
                                           : mutated(text_of(challenge), buffer, &seed);
        step = client_step(&a, message);
        assert_true(step == SASL_REFUSED || step == SASL_CREDENTIAL);
        start_server(&a);
        message = i < sizeof response - 1 ? (parley_string){response, i}
                                          : mutated(text_of(responses[0].text), buffer, &seed);
        step = parley_digest_md5.server_step(&a.sasl, guarded(message));
        assert_true(step == SASL_REFUSED || step == SASL_CREDENTIAL);
        if (step == SASL_CREDENTIAL) {
            step = give_password(&a, false, text_of(PASSWORD));
        }
        assert_int_equal(step, SASL_REFUSED);
        assert_true(attempt_is_blank(&a));
    }
}

/* Through the cores, whole and in pieces; F01 and F07. */
static void sessions(void **unused)
{
    static const struct {
        const char *from, *to;
        parley_code code;
    } cases[] = {
        {NULL, NULL, PARLEY_NO_ERROR},
        /* F01: success without, or with another, rspauth. */
        {"<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cnNwYXV0aD", /* rspauth= */
         "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><x>", PARLEY_ERROR_SASL_UNPROVED},
        {"<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cnNwYXV0aD",
         "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cnNwYXV0aC",
         PARLEY_ERROR_SASL_MESSAGE},
    };
    static pair p;
    uint32_t seed = 0xD16;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = 1000;

        for (unsigned j = 0; j < 18; j++) {
            pair_init(&p);
            p.client_config.mechanisms = p.server_config.mechanisms = digest;
            p.client_config.mechanism_count = p.server_config.mechanism_count = 1;
            p.from = cases[i].from;
            p.to = cases[i].to;
            p.piece = j == 1;
            p.cut = j > 1 ? 1 + seeded_below(&seed, (uint32_t)len - 1) : 0;
            pair_run(&p);
            len = p.passed;
            assert_int_equal(p.ready, cases[i].from == NULL);
            assert_int_equal(p.server_proved, cases[i].from == NULL);
            assert_int_equal(parley_client_outcome(&p.client)->code, cases[i].code);
        }
    }
    pair_init(&p); /* F07 */
    p.client_config.mechanisms = p.server_config.mechanisms = both;
    p.client_config.mechanism_count = p.server_config.mechanism_count = 2;
    pair_run(&p);
    assert_true(p.ready);
    assert_string_equal(p.mechanism, "SCRAM-SHA-1");
    pair_init(&p); /* off unless it is named */
    p.server_config.mechanisms = digest;
    p.server_config.mechanism_count = 1;
    pair_run(&p);
    assert_int_equal(parley_client_outcome(&p.client)->code, PARLEY_ERROR_SASL_NO_MECHANISM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),         cmocka_unit_test(recorded),
        cmocka_unit_test(client_messages), cmocka_unit_test(long_messages),
        cmocka_unit_test(escapes),         cmocka_unit_test(realms),
        cmocka_unit_test(server_messages), cmocka_unit_test(rows),
        cmocka_unit_test(exchanges),       cmocka_unit_test(mutations),
        cmocka_unit_test(sessions),
    };

    return cmocka_run_group_tests_name("digest_md5", tests, NULL, NULL);
}

/* EXTERNAL (XEP-0178, RFC 6120 13.7.2.2.1) and ANONYMOUS (RFC 4505): both ends
   through their cores, whole, byte by byte and cut, and the messages alone.
   Attack rows A28, D07, D27, D28. */
#include "common/pair.h"
#include "common/seeded.h"
#include "sasl_attempt.h"

#include "anonymous_grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const parley_mechanism *const external[] = {&parley_external};
static const parley_mechanism *const anonymous[] = {&parley_anonymous};
static const parley_mechanism *const either[] = {&parley_external, &parley_scram_sha_256};

/* A literal with its NULs. */
#define ADDRESSES(text)        \
    {                          \
        text, sizeof(text) - 1 \
    }

typedef struct certificate_case {
    const char *what;
    parley_string addresses;
    const char *authzid; /* NULL: none */
    const char *account; /* that may log in */
    const char *user;    /* who it became; NULL: refused */
    parley_sasl_condition condition;
    bool authorize;
} certificate_case;

static const certificate_case certificate_cases[] = {
    {"one address", ADDRESSES("romeo@example.com\0"), NULL, "romeo", "romeo", 0, false},
    {"one, named", ADDRESSES("romeo@example.com\0"), "romeo@example.com", "romeo", "romeo", 0,
     false},
    {"one, prepared", ADDRESSES("ROMEO@Example.COM\0"), "Romeo@example.com", "romeo", "romeo", 0,
     false},
    {"one, another named", ADDRESSES("romeo@example.com\0"), "juliet@example.com", "romeo", NULL,
     PARLEY_SASL_INVALID_AUTHZID, false},
    {"one, another allowed", ADDRESSES("romeo@example.com\0"), "juliet@example.com", "romeo",
     "juliet", 0, true},
    {"two, none named (D28)", ADDRESSES("romeo@example.com\0juliet@example.com\0"), NULL, "romeo",
     NULL, PARLEY_SASL_INVALID_AUTHZID, false},
    {"two, one elsewhere, none named", ADDRESSES("romeo@example.com\0juliet@evil.example\0"), NULL,
     "romeo", NULL, PARLEY_SASL_INVALID_AUTHZID, false},
    {"two, the second named", ADDRESSES("romeo@example.com\0juliet@example.com\0"),
     "juliet@example.com", "juliet", "juliet", 0, false},
    {"two, a third named", ADDRESSES("romeo@example.com\0juliet@example.com\0"),
     "nurse@example.com", "nurse", NULL, PARLEY_SASL_INVALID_AUTHZID, true},
    {"elsewhere (A28)", ADDRESSES("juliet@evil.example\0"), "juliet@example.com", "juliet", NULL,
     PARLEY_SASL_INVALID_AUTHZID, true},
    {"elsewhere, none named", ADDRESSES("juliet@evil.example\0"), NULL, "juliet", NULL,
     PARLEY_SASL_INVALID_AUTHZID, true},
    {"a full JID", ADDRESSES("romeo@example.com/a\0"), NULL, "romeo", NULL,
     PARLEY_SASL_INVALID_AUTHZID, true},
    {"a domain", ADDRESSES("example.com\0"), NULL, "romeo", NULL, PARLEY_SASL_INVALID_AUTHZID,
     true},
    {"a prefix of it", ADDRESSES("rome@example.com\0"), NULL, "romeo", NULL,
     PARLEY_SASL_NOT_AUTHORIZED, true},
    {"no such account", ADDRESSES("romeo@example.com\0"), NULL, "juliet", NULL,
     PARLEY_SASL_NOT_AUTHORIZED, true},
};

static void run(const certificate_case *c, size_t piece, size_t cut, pair *p)
{
    pair_init(p);
    p->client_config.mechanisms = p->server_config.mechanisms = external;
    p->client_config.mechanism_count = p->server_config.mechanism_count = 1;
    p->client_config.user = (parley_string){NULL, 0};
    if (c->authzid != NULL) {
        p->client_config.authzid = parley_string_of(c->authzid);
    }
    p->server_tls.verified = true;
    p->server_tls.addresses = c->addresses;
    p->account = c->account;
    p->authorize = c->authorize;
    p->piece = piece;
    p->cut = cut;
    pair_run(p);
    if (p->ready != (c->user != NULL) || strcmp(p->user, c->user != NULL ? c->user : "") != 0 ||
        parley_client_outcome(&p->client)->sasl != c->condition) {
        fail_msg("%s: ready %d as '%s', condition %s", c->what, p->ready, p->user,
                 parley_sasl_condition_name(parley_client_outcome(&p->client)->sasl));
    }
    assert_false(p->server_proved);
    assert_int_equal(p->credentials, 0);
}

static void certificates(void **unused)
{
    static pair p;
    uint32_t seed = 0xCE27;

    (void)unused;
    for (size_t i = 0; i < sizeof certificate_cases / sizeof certificate_cases[0]; i++) {
        const certificate_case *c = &certificate_cases[i];
        size_t len;

        run(c, 0, 0, &p);
        len = p.passed;
        run(c, 1, 0, &p);
        for (unsigned j = 0; j < 16; j++) {
            run(c, 0, 1 + seeded_below(&seed, (uint32_t)len - 1), &p);
        }
    }
}

/* D27: not offered, and not taken by a server that is asked all the same. */
static void not_offered(void **unused)
{
    static const char ask[] = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                              "mechanism='EXTERNAL'>=</auth>";
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 3; i++) {
        pair_init(&p);
        p.client_config.mechanisms = p.server_config.mechanisms = either;
        p.client_config.mechanism_count = p.server_config.mechanism_count = 2;
        p.account = "romeo";
        p.server_tls.verified = i > 0;
        if (i != 1) { /* 0: not verified, 1: no address, 2: more than there is room for */
            p.server_tls.addresses = (parley_string)ADDRESSES("romeo@example.com\0");
        }
        p.server_tls.addresses_left_out = i == 2;
        pair_run(&p);
        assert_true(p.ready);
        assert_string_equal(p.mechanism, "SCRAM-SHA-256");
        assert_null(strstr(p.server_said, "EXTERNAL"));

        /* An attacker adds it to the offer: the client's attempt is refused. */
        pair_init(&p);
        p.client_config.mechanisms = p.server_config.mechanisms = either;
        p.client_config.mechanism_count = p.server_config.mechanism_count = 2;
        p.from = "<mechanism>";
        p.to = "<mechanism>EXTERNAL</mechanism><mechanism>";
        pair_run(&p);
        assert_false(p.ready);
        assert_int_equal(parley_client_outcome(&p.client)->sasl, PARLEY_SASL_INVALID_MECHANISM);
        assert_non_null(strstr(p.client_said, ask));
    }
}

/* XEP-0178 section 2: the first choice when it is there. */
static void preferred(void **unused)
{
    static pair p;

    (void)unused;
    pair_init(&p);
    p.client_config.mechanisms = p.server_config.mechanisms = either;
    p.client_config.mechanism_count = p.server_config.mechanism_count = 2;
    p.server_tls.verified = true;
    p.server_tls.addresses = (parley_string)ADDRESSES("romeo@example.com\0");
    p.account = "romeo";
    pair_run(&p);
    assert_true(p.ready);
    assert_string_equal(p.mechanism, "EXTERNAL");
}

static void guests(void **unused)
{
    static const struct {
        const char *guest;
        bool ready;
    } cases[] = {{"guest-17", true}, {"Guest", true}, {NULL, false}, {"a b", false}};
    static pair p;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t piece = 0; piece < 4; piece++) {
            pair_init(&p);
            p.client_config.mechanisms = p.server_config.mechanisms = anonymous;
            p.client_config.mechanism_count = p.server_config.mechanism_count = 1;
            p.client_config.user = (parley_string){NULL, 0};
            p.guest = cases[i].guest;
            p.piece = piece;
            pair_run(&p);
            assert_int_equal(p.ready, cases[i].ready);
            assert_string_equal(p.asked, "");
            assert_non_null(strstr(p.client_said, "mechanism='ANONYMOUS'>=</auth>"));
            if (!p.ready) {
                assert_int_equal(parley_client_outcome(&p.client)->sasl,
                                 PARLEY_SASL_NOT_AUTHORIZED);
                continue;
            }
            assert_string_equal(p.user, i == 0 ? "guest-17" : "guest");
            assert_non_null(strstr(p.server_said, i == 0 ? "<jid>guest-17@example.com/balcony<"
                                                         : "<jid>guest@example.com/balcony<"));
        }
    }
}

static bool is_taken(const char *text, size_t len)
{
    sasl_context context = server_context();
    attempt a;
    sasl_step step;

    attempt_init(&a, &parley_anonymous);
    step = parley_anonymous.server_start(&a.sasl, &context, guarded((parley_string){text, len}));
    assert_int_equal(a.sasl.code,
                     step == SASL_CREDENTIAL ? PARLEY_NO_ERROR : PARLEY_ERROR_SASL_MESSAGE);
    return step == SASL_CREDENTIAL;
}

/* RFC 4505 section 2: nothing, an address of mail (RFC 2822 section 3.4.1), or at most
   255 characters without "@". */
static void traces(void **unused)
{
    static const struct {
        const char *text;
        size_t len;
        bool taken;
    } cases[] = {
#define CASE(text, taken) {text, sizeof text - 1, taken}
        CASE("", true),
        CASE("sirhc", true),
        CASE("two words, \"quoted\" [and] (noted)", true),
        CASE("\xC3\xA9 \xF0\x9F\x99\x82", true),
        CASE("romeo@example.com", true),
        CASE("r.o!#$%&'*+-/=?^_`{|}~o@example", true),
        CASE("\"romeo @ home\"@example.com", true),
        CASE("\"a\\\"b\\@\"@example.com", true),
        CASE("romeo@[127.0.0.1]", true),
        CASE("romeo@[IPv6:\\]]", true),
        CASE("@", false),
        CASE("@example.com", false),
        CASE("romeo@", false),
        CASE("romeo@example@com", false),
        CASE(".romeo@example.com", false),
        CASE("romeo.@example.com", false),
        CASE("ro..meo@example.com", false),
        CASE("ro meo@example.com", false),
        CASE("romeo@example..com", false),
        CASE("romeo@example.com ", false),
        CASE("romeo(montague)@example.com", false),
        CASE("<romeo@example.com>", false),
        CASE("\"romeo@example.com", false),
        CASE("\"ro\"meo@example.com", false),
        CASE("romeo@[127.0.0.1", false),
        CASE("romeo@[a[b]", false),
        CASE("rom\xC3\xA9o@example.com", false),
        CASE("a\0b", false),
        CASE("a\nb", false),
        CASE("\x7F", false),
        CASE("\xC3", false),
        CASE("\xED\xA0\x80", false),
#undef CASE
    };
    char text[2 * 256];

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(is_taken(cases[i].text, cases[i].len), cases[i].taken);
    }
    for (unsigned i = 0; i < 256; i++) {
        memcpy(text + 2 * i, "\xC3\xA9", 2);
    }
    assert_true(is_taken(text, 2 * 255));
    assert_false(is_taken(text, 2 * 256));
    /* The limit is a token's, not an address's. */
    memset(text, 'a', 300);
    assert_false(is_taken(text, 300));
    text[250] = '@';
    assert_true(is_taken(text, 300));
}

/* RFC 4505 section 3: the tables of RFC 3454 that the profile "trace" prohibits. */
/* clang-format off */
static const struct {
    uint32_t first, last;
} prohibited[] = {
    {0x0000, 0x001F}, {0x007F, 0x007F},                         /* C.2.1 */
    {0x0080, 0x009F}, {0x06DD, 0x06DD}, {0x070F, 0x070F},       /* C.2.2 */
    {0x180E, 0x180E}, {0x200C, 0x200D}, {0x2028, 0x2029},
    {0x2060, 0x2063}, {0x206A, 0x206F}, {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFC}, {0x1D173, 0x1D17A},
    {0xE000, 0xF8FF}, {0xF0000, 0xFFFFD}, {0x100000, 0x10FFFD}, /* C.3 */
    {0xFDD0, 0xFDEF},                                           /* C.4, and is_prohibited */
    {0xD800, 0xDFFF},                                           /* C.5 */
    {0xFFF9, 0xFFFD},                                           /* C.6 */
    {0x0340, 0x0341}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x206A, 0x206F}, /* C.8 */
    {0xE0001, 0xE0001}, {0xE0020, 0xE007F},                     /* C.9 */
    {'@', '@'},                                                 /* section 2 */
};
/* clang-format on */

static bool is_prohibited(uint32_t character)
{
    for (size_t i = 0; i < sizeof prohibited / sizeof prohibited[0]; i++) {
        if (character >= prohibited[i].first && character <= prohibited[i].last) {
            return true;
        }
    }
    return (character & 0xFFFE) == 0xFFFE; /* C.4: the last two of a plane */
}

static size_t encode(char *out, uint32_t c)
{
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)(lead[len] | c);
    return len;
}

static void trace_characters(void **unused)
{
    char text[4];

    (void)unused;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (parley_anonymous_legal((parley_string){text, encode(text, c)}) == is_prohibited(c)) {
            fail_msg("U+%04X", c);
        }
    }
}

static void expect_refused(attempt *a, sasl_step step)
{
    assert_int_equal(step, SASL_REFUSED);
    assert_int_equal(a->sasl.code, PARLEY_ERROR_SASL_OUT_OF_STEP);
    assert_true(attempt_is_blank(a));
}

/* Whatever is not due is refused, on both sides of both (D07). */
static void out_of_step(void **unused)
{
    static const parley_mechanism *const both[] = {&parley_external, &parley_anonymous};
    const parley_answer yes = {.kind = PARLEY_ANSWER_YES};
    const parley_string none = {NULL, 0};
    const parley_string empty = {"", 0};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        const parley_mechanism *mechanism = both[i];
        parley_tls_info tls = {.verified = true, .addresses = ADDRESSES("romeo@example.com\0")};
        sasl_context context = server_context();
        attempt a;

        context.tls = &tls;
        context.host = text_of("example.com");
        attempt_init(&a, mechanism);
        assert_int_equal(mechanism->client_start(&a.sasl, &context), SASL_SEND);
        assert_non_null(a.sasl.out.data);
        assert_int_equal(a.sasl.out.len, 0);
        expect_refused(&a, mechanism->client_step(&a.sasl, empty));
        attempt_init(&a, mechanism);
        expect_refused(&a, mechanism->client_credential(&a.sasl, &yes));
        attempt_init(&a, mechanism);
        expect_refused(&a, mechanism->work(&a.sasl, 1));
        attempt_init(&a, mechanism);
        expect_refused(&a, mechanism->server_credential(&a.sasl, &yes));

        /* Without an initial response it is asked for, once. */
        attempt_init(&a, mechanism);
        assert_int_equal(mechanism->server_start(&a.sasl, &context, none), SASL_SEND);
        assert_int_equal(a.sasl.out.len, 0);
        assert_int_equal(mechanism->server_step(&a.sasl, empty), SASL_CREDENTIAL);
        expect_refused(&a, mechanism->server_step(&a.sasl, empty));
        attempt_init(&a, mechanism);
        assert_int_equal(mechanism->server_start(&a.sasl, &context, none), SASL_SEND);
        expect_refused(&a, mechanism->server_credential(&a.sasl, &yes));
    }
}

/* Authzids of any kind and length: a verdict, and nothing beyond the scratch. */
static void mutations(void **unused)
{
    static const char addresses[] = "romeo@example.com\0juliet@example.com\0";
    parley_tls_info tls = {.verified = true, .addresses = {addresses, sizeof addresses - 1}};
    sasl_context context = server_context();
    static char text[PARLEY_SASL_SIZE + 64];
    char buffer[1024];
    uint32_t seed = 0xE47;
    unsigned taken = 0;

    (void)unused;
    context.tls = &tls;
    context.host = text_of("example.com");
    memset(text, 'a', sizeof text);
    for (unsigned i = 0; i < 6000; i++) {
        attempt a;
        parley_string message = i < sizeof text
                                    ? (parley_string){text, i}
                                    : mutated(text_of("juliet@example.com"), buffer, &seed);
        sasl_step step;

        attempt_init(&a, &parley_external);
        step = parley_external.server_start(&a.sasl, &context, guarded(message));
        if (step == SASL_CREDENTIAL) {
            assert_true(parley_string_equal(a.sasl.user, text_of("juliet")));
            taken++;
        } else {
            assert_int_equal(step, SASL_REFUSED);
            assert_true(attempt_is_blank(&a));
        }
    }
    assert_in_range(taken, 1, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates), cmocka_unit_test(not_offered),
        cmocka_unit_test(preferred),    cmocka_unit_test(guests),
        cmocka_unit_test(traces),       cmocka_unit_test(trace_characters),
        cmocka_unit_test(out_of_step),  cmocka_unit_test(mutations),
    };

    return cmocka_run_group_tests_name("sasl_identity", tests, NULL, NULL);
}

/* The choice of mechanism and channel binding, and that it cannot be changed on
   the way: RFC 5802 section 6, XEP-0440, XEP-0474, attack rows E09 and E10. Both
   ends are real; what the server says can be altered before the client reads it. */
#include "common/pair.h"
#include "common/seeded.h"
#include "offers.h"
#include "sasl_attempt.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PLUS_512 "<mechanism>SCRAM-SHA-512-PLUS</mechanism>"
#define TYPES                                        \
    "<channel-binding type='tls-server-end-point'/>" \
    "<channel-binding type='tls-unique'/>"

/* The first SASL message of the client, decoded. */
static void first_message(const pair *p, char *text, size_t size)
{
    const char *at = strstr(p->client_said, "<auth ");
    size_t len = 0;

    text[0] = '\0';
    if (at != NULL) {
        at = strchr(at, '>') + 1;
        assert_int_equal(parley_base64_decode(at, strcspn(at, "<"), text, size - 1, &len),
                         PARLEY_OK);
    }
    text[len] = '\0';
}

typedef struct choice {
    const char *what;
    const char *mechanism;
    const char *begins;        /* of the client's first message */
    const char *from, *to;     /* changed on the way */
    parley_code client;        /* outcome; a failure of the server's for 0 and !ready */
    uint8_t end_point, unique; /* bytes that TLS gives both ends */
    bool ready;
} choice;

static const choice choices[] = {
    {"both types", "SCRAM-SHA-512-PLUS", "p=tls-server-end-point,,", NULL, NULL, 0, 32, 12, true},
    {"SHA-384's size", "SCRAM-SHA-512-PLUS", "p=tls-server-end-point,,", NULL, NULL, 0, 48, 0,
     true},
    {"tls-unique alone", "SCRAM-SHA-512-PLUS", "p=tls-unique,,", NULL, NULL, 0, 0, 12, true},
    {"no binding", "SCRAM-SHA-512", "n,,", NULL, NULL, 0, 0, 0, true},
    /* An attacker edits the offer; the hash tells, before the password is used. */
    {"a mechanism removed", "", "p=tls-server-end-point,,", PLUS_512, "",
     PARLEY_ERROR_SASL_DOWNGRADE, 32, 12, false},
    {"a mechanism added", "", "p=tls-server-end-point,,", PLUS_512,
     PLUS_512 "<mechanism>X</mechanism>", PARLEY_ERROR_SASL_DOWNGRADE, 32, 12, false},
    {"types replaced", "", "n,,", TYPES, "<channel-binding type='tls-exporter'/>",
     PARLEY_ERROR_SASL_DOWNGRADE, 32, 12, false},
    {"a type removed", "", "p=tls-unique,,", "<channel-binding type='tls-server-end-point'/>", "",
     PARLEY_ERROR_SASL_DOWNGRADE, 32, 12, false},
    {"the list removed", "", "p=tls-unique,,",
     "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>" TYPES "</sasl-channel-binding>", "",
     PARLEY_ERROR_SASL_DOWNGRADE, 32, 12, false},
    {"the order is no matter", "SCRAM-SHA-512-PLUS", "p=tls-server-end-point,,",
     PLUS_512 "<mechanism>SCRAM-SHA-256-PLUS</mechanism>",
     "<mechanism>SCRAM-SHA-256-PLUS</mechanism>" PLUS_512, 0, 32, 12, true},
    /* Every -PLUS removed: the client says that it could, and the server refuses (E10). */
    {"all that bind removed", "", "y,,",
     PLUS_512 "<mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism>",
     "", PARLEY_ERROR_SASL_FAILURE, 32, 12, false},
};

static void run(const choice *c, size_t piece, size_t cut, pair *p)
{
    char text[512];

    pair_init(p);
    p->client_tls.end_point_len = p->server_tls.end_point_len = c->end_point;
    p->client_tls.unique_len = p->server_tls.unique_len = c->unique;
    p->from = c->from;
    p->to = c->to;
    p->piece = piece;
    p->cut = cut;
    pair_run(p);
    first_message(p, text, sizeof text);
    if (p->ready != c->ready || strcmp(p->mechanism, c->mechanism) != 0 ||
        strncmp(text, c->begins, strlen(c->begins)) != 0 ||
        parley_client_outcome(&p->client)->code != c->client) {
        fail_msg("%s: ready %d, mechanism '%s', first message '%s', outcome %s", c->what, p->ready,
                 p->mechanism, text, parley_code_name(parley_client_outcome(&p->client)->code));
    }
    assert_int_equal(p->server_proved, c->ready);
    if (c->client == PARLEY_ERROR_SASL_DOWNGRADE) {
        assert_int_equal(p->credentials, 0); /* found before the password is asked for */
    }
}

static void choosing(void **unused)
{
    static pair p;

    (void)unused;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        uint32_t seed = 0x0FFE2;
        size_t len;

        run(&choices[i], 0, 0, &p);
        len = p.passed;
        run(&choices[i], 1, 0, &p);
        for (unsigned j = 0; j < 16; j++) {
            run(&choices[i], 0, 1 + seeded_below(&seed, (uint32_t)len - 1), &p);
        }
    }
}

/* The two ends are not on the same channel: someone sits between them. */
static void other_channel(void **unused)
{
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 2; i++) {
        pair_init(&p);
        if (i == 0) {
            p.client_tls.end_point[31] ^= 1;
        } else {
            p.client_tls.end_point_len = p.server_tls.end_point_len = 0;
            p.client_tls.unique[0] ^= 1;
        }
        pair_run(&p);
        assert_false(p.ready);
        assert_int_equal(parley_client_outcome(&p.client)->sasl, PARLEY_SASL_NOT_AUTHORIZED);
        assert_string_equal(p.user, "");
    }
}

/* A type that is not ours or has no data, a flag of the other kind. */
static void refused(void **unused)
{
    static const struct {
        const char *message;
        parley_code code;
    } cases[] = {
        {"p=tls-exporter,,n=romeo,r=x", PARLEY_ERROR_SASL_BINDING},
        {"p=tls-unique,,n=romeo,r=x", PARLEY_ERROR_SASL_BINDING},
        {"p=tls-server-end-poin,,n=romeo,r=x", PARLEY_ERROR_SASL_BINDING},
        {"p=TLS-SERVER-END-POINT,,n=romeo,r=x", PARLEY_ERROR_SASL_BINDING},
        {"p=,,n=romeo,r=x", PARLEY_ERROR_SASL_MESSAGE},
        {"y,,n=romeo,r=x", PARLEY_ERROR_SASL_MESSAGE},
        {"n,,n=romeo,r=x", PARLEY_ERROR_SASL_MESSAGE},
    };
    parley_tls_info tls = {.end_point_len = 32};

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const parley_mechanism *mechanism = &parley_scram_sha_256_plus;
        sasl_context context = server_context();
        attempt a;

        context.tls = &tls;
        context.binding_offered = true;
        attempt_init(&a, mechanism);
        assert_int_equal(mechanism->server_start(&a.sasl, &context,
                                                 guarded(text_of(cases[i].message))),
                         SASL_REFUSED);
        assert_int_equal(a.sasl.code, cases[i].code);
        assert_true(attempt_is_blank(&a));
        if (cases[i].message[0] == 'y') {
            attempt_init(&a, &parley_scram_sha_256);
            assert_int_equal(mechanism->server_start(&a.sasl, &context, text_of(cases[i].message)),
                             SASL_REFUSED);
            assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_DOWNGRADE);
        }
    }
}

/* After a resumption tls-unique is not used, by either. */
static void resumed(void **unused)
{
    static pair p;

    (void)unused;
    pair_init(&p);
    p.client_tls.resumed = p.server_tls.resumed = true;
    p.client_tls.end_point_len = p.server_tls.end_point_len = 0;
    pair_run(&p);
    assert_true(p.ready);
    assert_string_equal(p.mechanism, "SCRAM-SHA-512");
    assert_null(strstr(p.server_said, "-PLUS"));
    assert_null(strstr(p.server_said, "sasl-channel-binding"));
}

/* A client that has no -PLUS says "n", and is let in by a server that has. */
static void without_plus(void **unused)
{
    static pair p;
    char text[512];

    (void)unused;
    pair_init(&p);
    p.client_config.mechanisms = parley_mechanisms_strong + 3;
    p.client_config.mechanism_count = 3;
    pair_run(&p);
    assert_true(p.ready);
    first_message(&p, text, sizeof text);
    assert_memory_equal(text, "n,,", 3);
    assert_non_null(strstr(p.server_said, "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
                                          "<channel-binding type='tls-server-end-point'/>"
                                          "<channel-binding type='tls-unique'/>"
                                          "</sasl-channel-binding>"));
}

/* The other way round: "y", and a server without -PLUS agrees. */
static void server_without_plus(void **unused)
{
    static pair p;
    char text[512];

    (void)unused;
    pair_init(&p);
    p.server_config.mechanisms = parley_mechanisms_strong + 3;
    p.server_config.mechanism_count = 3;
    pair_run(&p);
    assert_true(p.ready);
    first_message(&p, text, sizeof text);
    assert_memory_equal(text, "y,,", 3);
}

/* A pin: what was used last is the least. D17: nothing weaker is tried. */
static void pinned(void **unused)
{
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 2; i++) {
        pair_init(&p);
        p.client_config.policy.minimum = parley_mechanism_strength(&parley_scram_sha_256_plus);
        p.server_config.mechanisms = parley_mechanisms_strong + 1 + i; /* with it, or without */
        p.server_config.mechanism_count = 3;
        pair_run(&p);
        assert_int_equal(p.ready, i == 0);
        if (i == 1) {
            assert_int_equal(parley_client_outcome(&p.client)->code,
                             PARLEY_ERROR_SASL_NO_MECHANISM);
            assert_null(strstr(p.client_said, "<auth"));
        }
    }
}

/* XEP-0474 section 6.3's own example. */
static void example(void **unused)
{
    static const char *const mechanisms[] = {"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"};
    static const char *const types[] = {"tls-server-end-point", "tls-exporter"};
    parley_offers names = {.count = 0};
    parley_hash_pieces pieces;
    unsigned char hash[PARLEY_HASH_SIZE];
    char text[PARLEY_BASE64_SIZE(20) + 1] = {0};

    (void)unused;
    parley_hash_begin(&pieces, PARLEY_SHA_1);
    for (unsigned i = 0; i < 2; i++) {
        parley_offers_add(&names, parley_string_of(mechanisms[i]));
    }
    parley_offers_hash(&names, &pieces);
    parley_hash_add(&pieces, parley_string_of("\x1F"));
    names.count = 0;
    for (unsigned i = 0; i < 2; i++) {
        parley_offers_add(&names, parley_string_of(types[i]));
    }
    parley_offers_hash(&names, &pieces);
    parley_hash_end(&pieces, hash);
    parley_base64_encode(hash, 20, text);
    assert_string_equal(text, "G6k/rBLDqgOhRRaCuuatSDFkJ08=");
}

static void bounded(void **unused)
{
    parley_offers names = {.count = 0};
    char letters[OFFERS_MAXIMUM + 1];

    (void)unused;
    for (unsigned i = 0; i < OFFERS_MAXIMUM; i++) {
        letters[i] = (char)('z' - i);
        parley_offers_add(&names, (parley_string){letters + i, 1});
    }
    assert_false(names.full);
    for (unsigned i = 1; i < OFFERS_MAXIMUM; i++) {
        assert_true(names.names[i - 1].data[0] < names.names[i].data[0]);
    }
    parley_offers_add(&names, (parley_string){"a", 1});
    assert_true(names.full);
    assert_int_equal(names.count, OFFERS_MAXIMUM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choosing),
        cmocka_unit_test(other_channel),
        cmocka_unit_test(resumed),
        cmocka_unit_test(without_plus),
        cmocka_unit_test(server_without_plus),
        cmocka_unit_test(example),
        cmocka_unit_test(pinned),
        cmocka_unit_test(bounded),
        cmocka_unit_test(refused),
    };

    return cmocka_run_group_tests_name("sasl_offer", tests, NULL, NULL);
}

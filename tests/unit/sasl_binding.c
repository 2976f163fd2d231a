/* Channel binding in full (RFC 5802 section 6, RFC 5929, XEP-0440): what a client says, by what TLS
   gives it, what the server lists and whether it offers -PLUS; what a server takes, by what it has
   offered. The expected values are worked out here by the RFC's words, not by the code's. */
#include "common/pair.h"
#include "sasl_attempt.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { END_POINT = 1, UNIQUE = 2, EXPORTER = 4, LISTED = 8 };

static const parley_mechanism *const with_plus[] = {&parley_scram_sha_256_plus,
                                                    &parley_scram_sha_256};
static const parley_mechanism *const without_plus[] = {&parley_scram_sha_256};

static void give(parley_tls_info *tls, unsigned types, bool resumed)
{
    tls->end_point_len = types & END_POINT ? 32 : 0;
    tls->unique_len = types & UNIQUE ? 12 : 0;
    tls->resumed = resumed;
}

/* The offer that the client is to see, in place of the server's. */
static void put_offer(char *text, size_t size, bool plus, unsigned types)
{
    (void)snprintf(text, size,
                   "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s%s</mechanisms>",
                   plus ? "<mechanism>SCRAM-SHA-256-PLUS</mechanism>" : "",
                   "<mechanism>SCRAM-SHA-256</mechanism>");
    if (types & LISTED) {
        (void)snprintf(
            text + strlen(text), size - strlen(text),
            "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>%s%s%s</sasl-channel-binding>",
            types & EXPORTER ? "<channel-binding type='tls-exporter'/>" : "",
            types & UNIQUE ? "<channel-binding type='tls-unique'/>" : "",
            types & END_POINT ? "<channel-binding type='tls-server-end-point'/>" : "");
    }
}

static const char *expected(unsigned have, bool resumed, bool ours, bool plus, unsigned types)
{
    unsigned usable = resumed ? have & END_POINT : have;

    if (usable == 0 || !ours) {
        return "n,,"; /* the client does not support channel binding */
    }
    if (!plus) {
        return "y,,"; /* it does, and thinks that the server does not */
    }
    if (!(types & LISTED)) {
        types = UNIQUE; /* RFC 5802 section 6.1: the default */
    }
    return usable & types & END_POINT ? "p=tls-server-end-point,,"
           : usable & types & UNIQUE  ? "p=tls-unique,,"
                                      : "n,,"; /* "y" would be taken for a downgrade */
}

static void first_message(const pair *p, char *text, size_t size)
{
    const char *at = strstr(p->client_said, "<auth ");
    size_t len = 0;

    assert_non_null(at);
    at = strchr(at, '>') + 1;
    assert_int_equal(parley_base64_decode(at, strcspn(at, "<"), text, size - 1, &len), PARLEY_OK);
    text[len] = '\0';
}

/* What TLS gives (4), resumed or not (2), -PLUS ours (2), offered (2), listed types (9). */
static void client_says(void **unused)
{
    static pair p;
    static char offer[1024];
    static char original[1024];
    unsigned seen = 0;

    (void)unused;
    for (unsigned i = 0; i < 4u * 2 * 2 * 2 * 9; i++) {
        unsigned have = i % 4;
        bool resumed = i / 4 % 2;
        bool ours = i / 8 % 2;
        bool plus = i / 16 % 2;
        unsigned list = i / 32;
        unsigned types = list == 8 ? 0 : LISTED | list;
        const char *wanted = expected(have, resumed, ours, plus, types);
        char text[256];

        pair_init(&p);
        give(&p.client_tls, have, resumed);
        give(&p.server_tls, 0, false);
        p.client_config.mechanisms = ours ? with_plus : without_plus;
        p.client_config.mechanism_count = ours ? 2 : 1;
        p.server_config.mechanisms = without_plus;
        p.server_config.mechanism_count = 1;
        put_offer(original, sizeof original, false, 0);
        put_offer(offer, sizeof offer, plus, types);
        p.from = original;
        p.to = offer;
        pair_run(&p);
        first_message(&p, text, sizeof text);
        if (strncmp(text, wanted, strlen(wanted)) != 0) {
            fail_msg("TLS gives %u, resumed %d, -PLUS ours %d, offered %d, list %u: '%s', not '%s'",
                     have, resumed, ours, plus, list, text, wanted);
        }
        assert_int_equal(strstr(p.client_said, "mechanism='SCRAM-SHA-256-PLUS'") != NULL,
                         wanted[0] == 'p');
        seen |= wanted[0] == 'n' ? 1 : wanted[0] == 'y' ? 2 : wanted[2 + 4] == 's' ? 4 : 8;
    }
    assert_int_equal(seen, 15);
}

/* By what TLS gives it, resumed, -PLUS configured: what is offered, listed, and taken. */
static void server_takes(void **unused)
{
    static const struct {
        const char *header;
        unsigned type;
    } says[] = {{"n,,", 0},
                {"y,,", 0},
                {"p=tls-server-end-point,,", END_POINT},
                {"p=tls-unique,,", UNIQUE},
                {"p=tls-exporter,,", EXPORTER}};

    (void)unused;
    for (unsigned i = 0; i < 4u * 2 * 2 * 5 * 2; i++) {
        unsigned have = i % 4;
        bool resumed = i / 4 % 2;
        bool configured = i / 8 % 2;
        unsigned said = i / 16 % 5;
        bool plus = i / 80; /* the mechanism that is asked for */
        unsigned usable = resumed ? have & END_POINT : have;
        bool offered = configured && usable != 0;
        sasl_context context = server_context();
        parley_tls_info tls = {.verified = true};
        const parley_mechanism *mechanism = plus ? &parley_scram_sha_256_plus
                                                 : &parley_scram_sha_256;
        char message[128];
        bool wanted = plus ? (says[said].type & usable) !=
                                 0 /* asked where it is not offered: below */
                           : said == 0 || (said == 1 && !offered);
        attempt a;
        sasl_step step;

        give(&tls, have, resumed);
        context.tls = &tls;
        context.binding_offered = offered;
        (void)snprintf(message, sizeof message, "%sn=romeo,r=x", says[said].header);
        attempt_init(&a, mechanism);
        step = mechanism->server_start(&a.sasl, &context, text_of(message));
        if ((step == SASL_CREDENTIAL) != wanted) {
            fail_msg("%s: TLS gives %u, resumed %d, -PLUS offered %d: '%s' is %s",
                     parley_mechanism_name(mechanism), have, resumed, offered, message,
                     wanted ? "refused" : "taken");
        }
        if (!plus && said == 1 && offered) {
            assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_DOWNGRADE);
        }
    }
}

/* Through the cores: the offer, and a -PLUS that is asked for where it was not offered. */
static void server_offers(void **unused)
{
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 16; i++) {
        unsigned have = i % 4;
        bool resumed = i / 4 % 2;
        bool configured = i / 8;
        unsigned usable = resumed ? have & END_POINT : have;
        bool offered = configured && usable != 0;

        for (unsigned ask = 0; ask < 2; ask++) {
            pair_init(&p);
            give(&p.server_tls, have, resumed);
            give(&p.client_tls, ask ? END_POINT | UNIQUE : have, ask ? false : resumed);
            p.client_config.mechanisms = with_plus;
            p.client_config.mechanism_count = 2;
            p.server_config.mechanisms = configured ? with_plus : without_plus;
            p.server_config.mechanism_count = configured ? 2 : 1;
            if (ask == 1) { /* someone writes it into the offer */
                p.from = "<mechanism>";
                p.to = "<mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>";
            }
            pair_run(&p);
            if (ask == 0) {
                assert_true(p.ready);
                assert_int_equal(strstr(p.server_said, "SCRAM-SHA-256-PLUS<") != NULL, offered);
                assert_int_equal(strstr(p.server_said, "type='tls-unique'") != NULL,
                                 offered && (usable & UNIQUE) != 0);
                assert_int_equal(strstr(p.server_said, "type='tls-server-end-point'") != NULL,
                                 offered && (usable & END_POINT) != 0);
                assert_string_equal(p.mechanism, offered ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256");
            } else if (!offered) {
                assert_false(p.ready);
                assert_int_equal(parley_client_outcome(&p.client)->sasl,
                                 PARLEY_SASL_INVALID_MECHANISM);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_says),
        cmocka_unit_test(server_takes),
        cmocka_unit_test(server_offers),
    };

    return cmocka_run_group_tests_name("sasl_binding", tests, NULL, NULL);
}

/* The structure-aware mutator of fuzz/mutator: what it makes, over many seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/guard.h"
#include "common/side.h"
#include "mutator/havoc.h"
#include "parley/base64.h"
#include "parley/parley.h"

#define ROUNDS 20000
#define ROOM   1500
#define EDITS  8

static const char session[] =
    "\1\2\3\4<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
    "<mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>"
    "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj14LHM9YWJjZCxpPTQwOTY=</challenge>"
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1hYmNk</success>"
    "<message to='a@example.com'><body>text</body></message>";

static size_t mutated(const char *target, uint32_t seed, const void *input, size_t len,
                      uint8_t *out, size_t max)
{
    fuzz_mutator m;

    memcpy(out, input, len);
    fuzz_havoc_seed(seed);
    (void)fuzz_mutator_init(&m, target, seed, fuzz_havoc);
    return fuzz_mutate(&m, out, len, max);
}

static size_t nothing(uint8_t *data, size_t size, size_t max)
{
    (void)data;
    (void)max;
    return size;
}

/* Without actions, inside a stream. */
static bool is_well_formed(const uint8_t *data, size_t len)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    static uint32_t memory[1 << 14];
    static char text[2 * ROOM + 200] = "<r xmlns:stream='s'>";
    size_t used = strlen("<r xmlns:stream='s'>");
    parley_xml_token token;
    parley_xml x;
    size_t at = 0;

    for (size_t i = 4; i < len; i++) {
        if (data[i] == 0xFF) {
            uint8_t what = i + 1 < len ? data[i + 1] : 0;

            if ((what == 18 || what == 21) && i + 3 < len) {
                i += (size_t)data[i + 2] << 8 | data[i + 3];
            }
            i += what == 15 || what == 16 || what == 18 || what == 20 || what == 21 ? 3 : 1;
        } else {
            text[used++] = (char)data[i];
        }
    }
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&x, PARLEY_XML_NO_TREE);
    do {
        at += parley_xml_push(&x, text + at, used - at, &token);
    } while (token != PARLEY_XML_MORE && token != PARLEY_XML_ERROR);
    return token == PARLEY_XML_MORE && parley_xml_depth(&x) == 1;
}

static const uint8_t *find(const uint8_t *data, size_t len, const char *text)
{
    for (size_t i = 0; i + strlen(text) <= len; i++) {
        if (memcmp(data + i, text, strlen(text)) == 0) {
            return data + i;
        }
    }
    return NULL;
}

/* The same arguments give the same bytes, and never more than there is room for. */
static void repeats_and_fits(void **state)
{
    static uint8_t again[ROOM];

    (void)state;
    for (size_t extra = 0; extra < 40; extra++) {
        size_t max = sizeof session - 1 + extra;
        guard g;
        uint8_t *out = guard_open(&g, max);

        for (uint32_t seed = 0; seed < 500; seed++) {
            size_t len = mutated("client_scram", seed, session, sizeof session - 1, out, max);

            assert_true(len <= max);
            assert_int_equal(mutated("client_scram", seed, session, sizeof session - 1, again, max),
                             len);
            assert_memory_equal(out, again, len);
        }
        guard_close(&g);
    }
}

/* Bytes that are no XML at all, and inputs of a few bytes. */
static void takes_anything(void **state)
{
    static const char *const targets[] = {"client_scram", "server_whole", "xml", "element",
                                          "tls_chain"};
    guard g;
    uint8_t *out = guard_open(&g, 64);

    (void)state;
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        static const char bytes[] = "<</>'\"=&\377\17\377 a<![CDATA[]]><?x?></a><stream:stream ='";
        char input[48];
        size_t len = seed % sizeof input;

        for (size_t i = 0; i < len; i++) {
            input[i] = bytes[(seed * 31u + i * (seed % 7 + 1)) % (sizeof bytes - 1)];
        }
        assert_true(mutated(targets[seed % 5], seed, input, len, out, 64) <= 64);
    }
    guard_close(&g);
}

static void crosses(void **state)
{
    static const char other[] = "\1\2\3\4<presence/><iq id='x' type='get'><q/></iq>";
    fuzz_mutator m;
    guard g;
    uint8_t *out = guard_open(&g, sizeof session + 10);
    unsigned found = 0;

    (void)state;
    for (uint32_t seed = 0; seed < 1000; seed++) {
        size_t len;

        (void)fuzz_mutator_init(&m, "client_stanza", seed, fuzz_havoc);
        len = fuzz_cross(&m, (const uint8_t *)session, sizeof session - 1, (const uint8_t *)other,
                         sizeof other - 1, out, sizeof session + 10);
        assert_true(len <= sizeof session + 10 && is_well_formed(out, len));
        found += find(out, len, "<presence/>") != NULL;
    }
    assert_true(found > 100);
    guard_close(&g);
}

/* What it is for: of each kind there is enough. */
static void makes_each_kind(void **state)
{
    static uint8_t out[ROOM];
    unsigned well_formed = 0, swapped = 0, proved = 0, decoded = 0, base64 = 0, late = 0, ended = 0;
    unsigned parted = 0;

    (void)state;
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        size_t len = mutated("client_scram", seed, session, sizeof session - 1, out, ROOM);
        const uint8_t *success = find(out, len, "<success");
        const uint8_t *challenge = find(out, len, "<challenge");
        const uint8_t *text = find(out, len, "sasl'>cj");
        const uint8_t *end;
        char message[ROOM];
        size_t got;

        well_formed += is_well_formed(out, len);
        swapped += success != NULL && challenge != NULL && success < challenge;
        proved += challenge == NULL && find(out, len, "\377\13") != NULL;
        late += memchr(out + 4, 0xFF, len - 4) != NULL && find(out, len, "\377\2") != NULL;
        ended += find(out, len, "<body>\377\2") != NULL || find(out, len, "te\377\2xt") != NULL;
        parted += find(out, len, "\377\16") != NULL;
        if (text == NULL || find(out, len, "sasl'>cj14LHM9YWJjZCxpPTQwOTY=<") != NULL ||
            (end = memchr(text + 6, '<', len - (size_t)(text + 6 - out))) == NULL) {
            continue;
        }
        base64++;
        decoded += parley_base64_decode((const char *)text + 6, (size_t)(end - text) - 6, message,
                                        sizeof message, &got) == PARLEY_OK;
    }
    print_message("of %d: well-formed %u, swapped %u, proved %u, base64 %u of which decodable %u, "
                  "ended %u %u, parted %u\n",
                  ROUNDS, well_formed, swapped, proved, base64, decoded, late, ended, parted);
    assert_in_range(well_formed, ROUNDS * 6 / 10, ROUNDS);
    assert_in_range(decoded, base64 / 2, base64);
    assert_true(base64 > 300);
    assert_true(swapped > 50 && proved > 50 && parted > 50 && late > 50 && ended > 0);
}

/* A right message that is due becomes a wrong one. */
static void spoils_proofs(void **state)
{
    static const char due[] = "\1\2\3\4\377\13\377\14";
    static uint8_t out[ROOM];
    unsigned first = 0, last = 0;

    (void)state;
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        size_t len = mutated("client_scram", seed, due, sizeof due - 1, out, ROOM);

        first += find(out, len, "\377\17") != NULL;
        last += find(out, len, "\377\20") != NULL;
    }
    assert_true(first > 100 && last > 100);
}

/* Or one at an edge of what is allowed: another count of iterations, another's account. */
static void goes_to_the_edges(void **state)
{
    static const char due[] = "\1\2\3\4\377\14\377\13";
    static uint8_t out[ROOM];
    unsigned few = 0, others = 0;

    (void)state;
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        size_t len = mutated("client_scram", seed, due, sizeof due - 1, out, ROOM);

        few += find(out, len, "\377\24\17\377") != NULL; /* 4095 */
        len = mutated("server_scram", seed, due, sizeof due - 1, out, ROOM);
        others += find(out, len, "\377\25") != NULL && find(out, len, "romeo@example.com") != NULL;
    }
    assert_true(few > 20 && others > 20);
}

/* Of a chain each setting. */
static void changes_settings(void **state)
{
    static const char chain[] = "\1\2\3\4\5\6\7";
    static unsigned made[7 * 8];
    uint8_t out[16];

    (void)state;
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        size_t len = mutated("tls_chain", seed, chain, 7, out, sizeof out);
        unsigned changed = 0, last = 0;

        for (unsigned bit = 0; bit < 7 * 8 && len == 7; bit++) {
            if (((out[bit / 8] ^ chain[bit / 8]) >> bit % 8 & 1) != 0) {
                changed++;
                last = bit;
            }
        }
        made[last] += changed == 1;
    }
    for (unsigned bit = 0; bit < 7 * 8; bit++) {
        assert_true(made[bit] > ROUNDS / 200);
    }
}

/* Of inputs that are edits one is new at most, and each of the others is one that was there: none
   is taken apart. */
static void keeps_edits_whole(void **state)
{
    static const struct {
        const char *target;
        size_t head, edit, most;
    } layouts[] = {{"duplex", 2, 4, 2 + 4 * FUZZ_SIDE_EDITS},
                   {"tls_records", 2, 3, ROOM},
                   {"tls_chain", 7, 3, ROOM}};
    static uint8_t out[ROOM];

    (void)state;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        size_t head = layouts[i].head, edit = layouts[i].edit;
        size_t before = head + EDITS * edit;
        unsigned shorter = 0, longer = 0, counted = 0;

        for (uint32_t seed = 0; seed < ROUNDS; seed++) {
            uint8_t input[7 + 4 * EDITS] = {4}; /* of records: edits inside a handshake */
            fuzz_mutator m;
            size_t len;
            unsigned strange = 0;

            input[6] = head == 7 ? EDITS / 2 : 0;
            for (size_t at = head; at < before; at++) {
                input[at] = (uint8_t)(200 + (at - head) / edit);
            }
            memcpy(out, input, before);
            (void)fuzz_mutator_init(&m, layouts[i].target, seed, nothing);
            len = fuzz_mutate(&m, out, before, ROOM);
            assert_true(len <= layouts[i].most && (len - head) % edit == 0);
            for (size_t at = head; at < len; at += edit) {
                strange += out[at] < 200 || out[at] != out[at + 1] || out[at] != out[at + edit - 1];
            }
            assert_true(strange <= 1);
            shorter += len < before;
            longer += len > before;
            counted += len != before && head == 7 && out[6] != EDITS / 2;
        }
        assert_true(shorter > 1000 && longer > 2000 && (head != 7 || counted > 1000));
    }
}

/* A record has as much as its length says. */
static void keeps_records_whole(void **state)
{
    static const char records[] = "\0\7\26\3\3\0\2ab\27\3\3\0\5cdefg";
    static uint8_t out[ROOM];
    unsigned whole = 0;

    (void)state;
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        size_t len = mutated("tls_records", seed, records, sizeof records - 1, out, ROOM);
        size_t at = 2;

        while (at + 5 <= len) {
            at += 5 + ((size_t)out[at + 3] << 8 | out[at + 4]);
        }
        whole += at == len;
    }
    print_message("of %d: whole %u\n", ROUNDS, whole);
    assert_in_range(whole, ROUNDS * 9 / 10, ROUNDS);
}

static void scans(void **state)
{
    static const char input[] =
        "sss<?xml?><stream:stream a='1'><a b='c'>t<d/></a>\377\5x</stream:stream>";
    static const struct {
        fuzz_kind kind;
        const char *text;
    } want[] = {{FUZZ_TAG, "<?xml?>"},
                {FUZZ_VALUE, "1"},
                {FUZZ_ATTRIBUTE, " a='1'"},
                {FUZZ_TAG, "<stream:stream a='1'>"},
                {FUZZ_VALUE, "c"},
                {FUZZ_ATTRIBUTE, " b='c'"},
                {FUZZ_TEXT, "t"},
                {FUZZ_ELEMENT, "<d/>"},
                {FUZZ_ELEMENT, "<a b='c'>t<d/></a>"},
                {FUZZ_ACTION, "\377\5"},
                {FUZZ_TEXT, "x"},
                {FUZZ_TAG, "</stream:stream>"}};
    static fuzz_span spans[FUZZ_SPANS];
    size_t count = fuzz_scan((const uint8_t *)input, sizeof input - 1, 3, true, spans);

    (void)state;
    assert_int_equal(count, sizeof want / sizeof *want);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(spans[i].kind, want[i].kind);
        assert_int_equal(spans[i].to - spans[i].from, strlen(want[i].text));
        assert_memory_equal(input + spans[i].from, want[i].text, strlen(want[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_and_fits),
        cmocka_unit_test(takes_anything),
        cmocka_unit_test(crosses),
        cmocka_unit_test(makes_each_kind),
        cmocka_unit_test(spoils_proofs),
        cmocka_unit_test(goes_to_the_edges),
        cmocka_unit_test(changes_settings),
        cmocka_unit_test(keeps_edits_whole),
        cmocka_unit_test(keeps_records_whole),
        cmocka_unit_test(scans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

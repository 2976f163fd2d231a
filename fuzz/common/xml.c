#include <string.h>

#include "common/xml.h"

#define MEMORY_PLACE   0
#define DOCUMENT_PLACE 1

fuzz_xml fuzz_xml_of(uint8_t choice, size_t len)
{
    static const uint16_t trees[4] = {PARLEY_XML_NO_TREE, 0, 1, 2};
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    fuzz_xml setup = {limits, PARLEY_XML_NO_TREE, 0, false, false, false};

    setup.tree = trees[choice & 3u];
    setup.park = (choice & 4u) != 0;
    setup.keep = (choice & 8u) != 0;
    setup.limits.element = 0;
    setup.limits.elements = 0;
    if ((choice & 16u) != 0) {
        setup.limits.element = 100;
        setup.limits.depth = 4;
        setup.limits.attributes = 3;
        setup.limits.name = 12;
        setup.limits.elements = 5;
    }
    if ((choice & 32u) != 0) {
        setup.memory = PARLEY_XML_MEMORY(0) + (choice & 64u ? 128 : 32) + len / 16 * 4;
    }
    return setup;
}

/* The root can be parked, once. */
static void park(fuzz_log *log, parley_xml *x)
{
    parley_result result = parley_xml_park(x);

    FUZZ_CHECK(parley_xml_depth(x) == 1 || result == PARLEY_MISUSE);
    FUZZ_CHECK(result != PARLEY_OK || parley_xml_park(x) == PARLEY_MISUSE);
    if (result != PARLEY_MISUSE) {
        fuzz_log_number(log, " park ", (unsigned)result);
    }
}

static void on_token(fuzz_log *log, const fuzz_xml *setup, parley_xml *x, parley_xml_token token)
{
    switch (token) {
    case PARLEY_XML_START:
        fuzz_log_start(log, parley_xml_element(x));
        FUZZ_CHECK(parley_xml_depth(x) <= setup->limits.depth);
        if (setup->park) {
            park(log, x);
        }
        break;
    case PARLEY_XML_TEXT:
        FUZZ_CHECK(parley_xml_text(x).len > 0);
        fuzz_log_characters(log, parley_xml_text(x));
        break;
    case PARLEY_XML_END:
        fuzz_log_end(log, parley_xml_element(x));
        break;
    case PARLEY_XML_ELEMENT:
        fuzz_log_tree(log, parley_xml_element(x));
        break;
    case PARLEY_XML_LARGE:
        FUZZ_CHECK(setup->memory != 0 || setup->limits.element != 0);
        fuzz_log_text(log, "\nlarge");
        if (parley_xml_element(x).xml != NULL) {
            fuzz_log_start(log, parley_xml_element(x));
        }
        if (!setup->keep) {
            fuzz_log_number(log, " skip ", (unsigned)parley_xml_skip(x));
        }
        break;
    case PARLEY_XML_MORE:
    case PARLEY_XML_ERROR:
        break;
    }
}

/* Between elements means: behind a tag, or white space there. */
static void check_idle(const parley_xml *x, const uint8_t *end, size_t taken)
{
    bool idle = parley_xml_idle(x);

    FUZZ_CHECK(!idle || parley_xml_error(x) == PARLEY_NO_ERROR);
    FUZZ_CHECK(!idle || taken == 0 || memchr("> \t\r\n", end[-1], 5) != NULL);
    FUZZ_CHECK(!idle || parley_xml_depth(x) <= 1);
}

/* An error stays. */
static void check_error(parley_xml *x)
{
    uint64_t at = parley_xml_offset(x);
    parley_code error = parley_xml_error(x);
    parley_xml_token token;

    FUZZ_CHECK(parley_xml_push(x, fuzz_flush("<a>", 3), 3, &token) == 0);
    FUZZ_CHECK(token == PARLEY_XML_ERROR && parley_xml_offset(x) == at &&
               parley_xml_error(x) == error);
}

/* False: an error. */
static bool push(fuzz_log *log, const fuzz_xml *setup, parley_xml *x, fuzz_cost *cost,
                 const uint8_t *data, size_t len)
{
    parley_xml_token token;
    size_t calls = 2 * len + 2; /* each takes a byte, or gives the token that it left due */

    do {
        uint64_t before = parley_xml_offset(x);
        const uint8_t *piece = fuzz_flush(data, len);
        size_t taken = (fuzz_cost_begin(), parley_xml_push(x, piece, len, &token));

        fuzz_cost_check(cost, &setup->limits, piece, len, taken);
        FUZZ_CHECK(taken <= len && parley_xml_offset(x) == before + taken);
        FUZZ_CHECK(token != PARLEY_XML_MORE || taken == len);
        FUZZ_CHECK(calls-- > 0);
        on_token(log, setup, x, token);
        data += taken;
        len -= taken;
        check_idle(x, data, taken);
    } while (token != PARLEY_XML_MORE && token != PARLEY_XML_ERROR);
    if (token == PARLEY_XML_ERROR) {
        check_error(x);
    }
    return token != PARLEY_XML_ERROR;
}

typedef struct reading {
    fuzz_log *log;
    const fuzz_xml *setup;
    uint64_t from, to; /* offsets that a token can be found at */
    size_t tokens;     /* that there can be */
    bool refused;
    bool failed;
} reading;

static bool see(void *context, parley_xml *x, parley_xml_token token)
{
    reading *r = context;
    uint64_t at = parley_xml_offset(x);

    FUZZ_CHECK(token != PARLEY_XML_MORE && !r->refused && !r->failed);
    FUZZ_CHECK(at >= r->from && at <= r->to && r->tokens-- > 0);
    on_token(r->log, r->setup, x, token);
    r->from = at;
    r->failed = token == PARLEY_XML_ERROR;
    r->refused = !r->failed && (at + r->tokens) % 5 == 0;
    if (at % 7 == 3) {
        parley_xml_set_tree(x, r->setup->tree); /* as it was: it has to be looked at all the same */
    }
    return !r->refused;
}

/* The same by parley_xml_read. */
static bool read(fuzz_log *log, const fuzz_xml *setup, parley_xml *x, const uint8_t *data,
                 size_t len)
{
    reading r = {log, setup, 0, 0, 2 * len + 2, false, false};

    do {
        size_t taken;

        r.from = parley_xml_offset(x);
        r.to = r.from + len;
        r.refused = false;
        taken = parley_xml_read(x, len > 0 ? fuzz_flush(data, len) : NULL, len, see, &r);
        FUZZ_CHECK(taken <= len && parley_xml_offset(x) + len == r.to + taken);
        FUZZ_CHECK(r.refused || r.failed || taken == len);
        data += taken;
        len -= taken;
        check_idle(x, data, taken);
    } while (r.refused);
    if (r.failed) {
        check_error(x);
    }
    return !r.failed;
}

fuzz_verdict fuzz_xml_run(fuzz_log *log, const fuzz_xml *setup, fuzz_cuts cuts, const void *data,
                          size_t len)
{
    size_t memory_len = setup->memory != 0 ? setup->memory : PARLEY_XML_MEMORY(len);
    uint8_t fill = (uint8_t)(0xA5 + cuts.kind);
    void *memory = fuzz_block_of_words(MEMORY_PLACE, memory_len, fill);
    parley_xml *x = fuzz_block(DOCUMENT_PLACE, sizeof *x, fill);
    fuzz_cost cost = {0, 0, 0};
    fuzz_verdict verdict;

    FUZZ_CHECK(parley_xml_init(x, sizeof *x, &setup->limits, memory, memory_len) == PARLEY_OK);
    parley_xml_set_tree(x, setup->tree);
    fuzz_log_reset(log);
    for (size_t at = 0; at < len;) {
        size_t piece = fuzz_piece(&cuts, len - at);

        const uint8_t *from = (const uint8_t *)data + at;

        if (!(setup->reads ? read(log, setup, x, from, piece)
                           : push(log, setup, x, &cost, from, piece))) {
            break;
        }
        at += piece;
    }
    verdict.result = parley_xml_finish(x);
    verdict.error = parley_xml_error(x);
    verdict.offset = parley_xml_offset(x);
    FUZZ_CHECK(!parley_xml_idle(x) || verdict.error == PARLEY_NO_ERROR);
    FUZZ_CHECK((verdict.error != PARLEY_NO_ERROR) == (verdict.result == PARLEY_ILLEGAL));
    FUZZ_CHECK((parley_xml_condition(x) != PARLEY_CONDITION_NONE) ==
               (verdict.result == PARLEY_ILLEGAL));
    FUZZ_CHECK(verdict.result == PARLEY_ILLEGAL || verdict.offset == len);
    FUZZ_CHECK(setup->memory != 0 || verdict.error != PARLEY_ERROR_XML_MEMORY);
    verdict.tokens = log->len;
    verdict.tokens_beyond = log->beyond;
    verdict.tokens_sum = log->sum;
    fuzz_log_number(log, "\nresult ", (unsigned)verdict.result);
    fuzz_log_number(log, " error ", (unsigned)verdict.error);
    fuzz_log_number(log, " condition ", (unsigned)parley_xml_condition(x));
    fuzz_log_number(log, " offset ", verdict.offset);
    fuzz_blocks_check();
    return verdict;
}

static void document(const char *data, size_t len, bool is_cut)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    static uint32_t memory[65536];
    parley_xml_token token = PARLEY_XML_MORE;
    parley_xml x;

    FUZZ_CHECK(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) == PARLEY_OK);
    parley_xml_set_tree(&x, PARLEY_XML_NO_TREE);
    do {
        size_t taken = parley_xml_push(&x, data, len, &token);

        if (token == PARLEY_XML_START && parley_xml_depth(&x) == 1) {
            FUZZ_CHECK(parley_xml_park(&x) == PARLEY_OK);
        } else if (token == PARLEY_XML_ERROR || token == PARLEY_XML_LARGE) {
            fuzz_broken("the output is well-formed", __FILE__, __LINE__,
                        parley_code_name(parley_xml_error(&x)));
        }
        data += taken;
        len -= taken;
    } while (token != PARLEY_XML_MORE);
    FUZZ_CHECK(is_cut || parley_xml_finish(&x) == PARLEY_OK ||
               (parley_xml_depth(&x) == 1 && parley_xml_idle(&x)));
}

void fuzz_xml_documents(const char *data, size_t len, bool is_stuck)
{
    static const char declaration[] = "<?xml version='1.0'?>";
    size_t from = 0;

    if (len == 0) {
        return;
    }
    FUZZ_CHECK(fuzz_has(data, sizeof declaration - 1 < len ? sizeof declaration - 1 : len,
                        declaration, sizeof declaration - 1));
    for (size_t at = 1; at <= len; at++) {
        if (at == len || (data[at] == '<' && len - at >= sizeof declaration - 1 &&
                          memcmp(data + at, declaration, sizeof declaration - 1) == 0)) {
            document(data + from, at - from, is_stuck && at == len);
            from = at;
        }
    }
}

/* Element trees: the ways to look at an element agree with each other, and a copy by the
   writer reads the same. Input: a choice, the document. */
#include "common/tree.h"

/* The document's tree, however it is cut; NULL: it is none. */
static const parley_xml *tree(fuzz_log *log, fuzz_cuts cuts, const uint8_t *data, size_t size)
{
    static const parley_limits first = PARLEY_LIMITS_DEFAULT;
    static const parley_limits limits = {.depth = 200, .attributes = 500, .name = FUZZ_INPUT};
    size_t memory_len = PARLEY_XML_MEMORY(size);
    uint8_t fill = (uint8_t)(0xA5 + cuts.kind);
    parley_xml *x = fuzz_block(0, sizeof *x, fill);
    parley_xml_token token = PARLEY_XML_MORE;
    fuzz_cost cost = {0, 0, 0};
    size_t at = 0;

    fuzz_style_of(cuts.kind);
    FUZZ_CHECK(parley_xml_init(x, sizeof *x, &first, fuzz_block_of_words(1, memory_len, fill),
                               memory_len) == PARLEY_OK);
    parley_xml_set_limits(x, &limits);
    parley_xml_set_tree(x, 0);
    while (at < size && token == PARLEY_XML_MORE) {
        size_t piece = fuzz_piece(&cuts, size - at);

        const uint8_t *given = fuzz_flush(data + at, piece);
        size_t taken = (fuzz_cost_begin(), parley_xml_push(x, given, piece, &token));

        fuzz_cost_check(&cost, &limits, given, piece, taken);
        at += taken;
    }
    if (token == PARLEY_XML_ERROR) { /* it stays */
        parley_code error = parley_xml_error(x);

        FUZZ_CHECK(parley_xml_push(x, fuzz_flush("<a/>", 4), 4, &token) == 0);
        FUZZ_CHECK(token == PARLEY_XML_ERROR && parley_xml_error(x) == error);
    }
    fuzz_log_reset(log);
    fuzz_log_number(log, "offset ", at);
    if (token == PARLEY_XML_ELEMENT) {
        fuzz_log_tree(log, parley_xml_element(x));
    }
    fuzz_blocks_check();
    return token == PARLEY_XML_ELEMENT ? x : NULL;
}

FUZZ_TARGET(element)
{
    static fuzz_log other, whole;
    uint8_t choice = fuzz_byte(&data, &size);
    const parley_xml *x;
    parley_walk walk;
    parley_step step;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    (void)tree(&whole, fuzz_cuts_of(FUZZ_WHOLE, 0), data, size);
    (void)tree(&other, fuzz_cuts_of(FUZZ_BYTES, 0), data, size);
    fuzz_log_same(&whole, &other);
    x = tree(&other, fuzz_cuts_of(FUZZ_RANDOM, choice), data, size);
    fuzz_log_same(&whole, &other);
    if (x != NULL) {
        parley_walk_init(&walk, parley_xml_element(x));
        while ((step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
            if (step == PARLEY_STEP_START) {
                fuzz_tree_check(walk.element);
            }
        }
        for (unsigned i = 0; i < 2; i++) {
            fuzz_tree_copy(parley_xml_element(x), (choice & 1u) != 0 ? "jabber:client" : "",
                           parley_string_of(i > 0 ? "mbed@example.com/r" : NULL));
        }
        fuzz_tree_copy_short(parley_xml_element(x), choice);
    }
    fuzz_blocks_check();
    return 0;
}

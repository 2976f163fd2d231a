/* Parley's tokenizer: as tokens, and as one tree a stanza. */
#include <parley/xml.h>

#include "bench.h"

#define MEMORY 262144

static uint32_t memory[MEMORY / 4];

/* Deep enough for the corpora, and every limit is in force. */
static const parley_limits limits = {.element = 131072, .depth = 64, .attributes = 64, .name = 256};

static void see(bench_seen *seen, parley_element element)
{
    parley_walk walk;
    parley_string name;

    if (!seen->checking) {
        seen->elements++;
        return;
    }
    parley_walk_init(&walk, element);
    for (;;) {
        switch (parley_walk_next(&walk)) {
        case PARLEY_STEP_START:
            name = parley_element_name(walk.element);
            bench_start(seen, name.data, name.len);
            break;
        case PARLEY_STEP_TEXT:
            bench_text(seen, walk.text.data, walk.text.len);
            break;
        case PARLEY_STEP_END:
            bench_end(seen);
            break;
        case PARLEY_STEP_DONE:
            return;
        }
    }
}

static bool see_token(void *context, parley_xml *x, parley_xml_token token)
{
    bench_seen *seen = context;
    parley_string string;

    switch (token) {
    case PARLEY_XML_START:
        string = parley_element_name(parley_xml_element(x));
        bench_start(seen, string.data, string.len);
        break;
    case PARLEY_XML_TEXT:
        string = parley_xml_text(x);
        bench_text(seen, string.data, string.len);
        break;
    case PARLEY_XML_END:
        bench_end(seen);
        break;
    case PARLEY_XML_ELEMENT:
        see(seen, parley_xml_element(x));
        break;
    default:
        return false;
    }
    return true;
}

/* A push for each token. */
static size_t push(parley_xml *x, const char *data, size_t len, bench_seen *seen)
{
    size_t taken = 0;
    parley_xml_token token;

    do {
        taken += parley_xml_push(x, data + taken, len - taken, &token);
    } while (token != PARLEY_XML_MORE && see_token(seen, x, token));
    return taken;
}

static bool parse(const char *data, size_t len, size_t step, bench_seen *seen, uint16_t tree,
                  unsigned cpu, bool reads)
{
    parley_xml x;

    if (parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) != PARLEY_OK) {
        return false;
    }
    parley_xml_set_tree(&x, tree);
    parley_xml_set_cpu(&x, cpu);
    for (size_t at = 0; at < len; at += step) {
        size_t piece = len - at < step ? len - at : step;
        size_t taken = reads ? parley_xml_read(&x, data + at, piece, see_token, seen)
                             : push(&x, data + at, piece, seen);
        if (taken != piece) {
            return false;
        }
    }
    return parley_xml_finish(&x) == PARLEY_OK;
}

#define PARSER(name, tree, cpu, reads)                                            \
    static bool name(const char *data, size_t len, size_t step, bench_seen *seen) \
    {                                                                             \
        return parse(data, len, step, seen, tree, cpu, reads);                    \
    }
PARSER(read_tokens, PARLEY_XML_NO_TREE, 0, true)
PARSER(tokens, PARLEY_XML_NO_TREE, 0, false)
PARSER(trees, 1, 0, true)
/* With what the processor has. */
PARSER(read_tokens_cpu, PARLEY_XML_NO_TREE, parley_cpu_features(), true)
PARSER(tokens_cpu, PARLEY_XML_NO_TREE, parley_cpu_features(), false)
PARSER(trees_cpu, 1, parley_cpu_features(), true)

const bench_parser bench_parsers[] = {
    {"read", read_tokens},
    {"tokens", tokens},
    {"tree", trees},
    {"read-cpu", read_tokens_cpu},
    {"tokens-cpu", tokens_cpu},
    {"tree-cpu", trees_cpu},
    {NULL, NULL},
};

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

static bool parse(const char *data, size_t len, size_t step, bench_seen *seen, uint16_t tree,
                  unsigned cpu)
{
    parley_xml x;
    parley_xml_token token;

    if (parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) != PARLEY_OK) {
        return false;
    }
    parley_xml_set_tree(&x, tree);
    parley_xml_set_cpu(&x, cpu);
    for (size_t at = 0; at < len; at += step) {
        size_t end = len - at < step ? len : at + step;
        size_t from = at;
        do {
            parley_string string;
            from += parley_xml_push(&x, data + from, end - from, &token);
            switch (token) {
            case PARLEY_XML_START:
                string = parley_element_name(parley_xml_element(&x));
                bench_start(seen, string.data, string.len);
                break;
            case PARLEY_XML_TEXT:
                string = parley_xml_text(&x);
                bench_text(seen, string.data, string.len);
                break;
            case PARLEY_XML_END:
                bench_end(seen);
                break;
            case PARLEY_XML_ELEMENT:
                see(seen, parley_xml_element(&x));
                break;
            case PARLEY_XML_MORE:
                break;
            default:
                return false;
            }
        } while (token != PARLEY_XML_MORE);
    }
    return parley_xml_finish(&x) == PARLEY_OK;
}

static bool tokens(const char *data, size_t len, size_t step, bench_seen *seen)
{
    return parse(data, len, step, seen, PARLEY_XML_NO_TREE, 0);
}

static bool tree(const char *data, size_t len, size_t step, bench_seen *seen)
{
    return parse(data, len, step, seen, 1, 0);
}

/* With what the processor has. */
static bool tokens_cpu(const char *data, size_t len, size_t step, bench_seen *seen)
{
    return parse(data, len, step, seen, PARLEY_XML_NO_TREE, parley_cpu_features());
}

static bool tree_cpu(const char *data, size_t len, size_t step, bench_seen *seen)
{
    return parse(data, len, step, seen, 1, parley_cpu_features());
}

const bench_parser bench_parsers[] = {{"tokens", tokens},
                                      {"tree", tree},
                                      {"tokens-cpu", tokens_cpu},
                                      {"tree-cpu", tree_cpu},
                                      {NULL, NULL}};

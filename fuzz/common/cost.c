/* Work per call. A call looks at few places a byte, and for what it completes: at each attribute a
   few times, as their names are a tree; for each prefix at what may be declared in scope, and at
   the other attributes that have one; and at all that is open and its attributes, when what is too
   large is let go. Equals signs, colons and angle brackets count these from above; the limits bound
   how many there are of those that came before. Not counted are bytes that are compared or
   moved. */
#include "common/fuzz.h"

/* No call of the corpus comes to more than six tenths of what these give. */
enum { BASE = 64, BYTE = 4, ATTRIBUTE = 24, PREFIX = 4, TAG = 8 };

uint64_t xml_places; /* counted by the tokenizer of parley_fuzz_styles */

void fuzz_cost_begin(void)
{
    xml_places = 0;
}

static fuzz_cost count(const unsigned char *bytes, size_t len)
{
    fuzz_cost found = {0, 0, 0};

    for (size_t i = 0; i < len; i++) {
        found.attributes += bytes[i] == '=';
        found.prefixes += bytes[i] == ':';
        found.tags += bytes[i] == '<';
    }
    return found;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void fuzz_cost_check(fuzz_cost *cost, const parley_limits *limits, const void *given, size_t len,
                     size_t taken)
{
    fuzz_cost now = count(given, len);
    fuzz_cost due = count(given, taken);
    size_t most = limits->attributes > limits->attributes_early ? limits->attributes
                                                                : limits->attributes_early;
    size_t open = limits->depth > limits->depth_early ? limits->depth : limits->depth_early;
    size_t attributes = least(cost->attributes, most * open) + now.attributes;
    size_t prefixes = least(cost->prefixes, (most + 1) * open) + now.prefixes;
    size_t declared = least(cost->attributes + now.attributes, 2 * most);
    size_t bound = BASE + BYTE * len + ATTRIBUTE * attributes + PREFIX * prefixes * declared +
                   TAG * least(cost->tags + now.tags, open);

    FUZZ_CHECK(xml_places <= bound);
    cost->attributes += due.attributes;
    cost->prefixes += due.prefixes;
    cost->tags += due.tags;
}

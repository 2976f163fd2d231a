/* Normalisation to NFC and NFKC (UAX #15), one character in, some out.

   The normalizer holds one starter with the marks that follow it, in canonical
   order (a text may begin with marks alone). A starter that arrives closes that:
   the marks are composed with their starter, as far as they can be; if none is
   left, the new starter may compose too and takes the old one's place; else all
   goes to the sink. So the work is bounded for each character, by the number of
   marks that are held at most.

   NFKC_3_2 is NFKC of Unicode 3.2: what that version did not assign passes as
   a starter that neither decomposes nor composes. */
#include "unicode.h"

#include "unicode_tables.h"

#define HANGUL_L 0x1100u
#define HANGUL_V 0x1161u
#define HANGUL_T 0x11A7u /* the one before the first */
#define HANGUL_S 0xAC00u
#define V_COUNT  21u
#define T_COUNT  28u
#define S_COUNT  11172u

/* The composite of two, or 0. */
static uint32_t find_pair(uint32_t first, uint32_t second)
{
    size_t low = 0;
    size_t high = parley_unicode_pairs_count;

    if (first > 0xFFFF) {
        for (size_t i = 0; i < parley_unicode_large_pairs_count; i++) {
            const unicode_large_pair *pair = &parley_unicode_large_pairs[i];

            if (pair->first == first && pair->second == second) {
                return pair->composite;
            }
        }
        return 0;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const unicode_pair *pair = &parley_unicode_pairs[middle];

        if (pair->first == first && pair->second == second) {
            return pair->composite;
        }
        if (pair->first < first || (pair->first == first && pair->second < second)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

static uint32_t compose(const unicode_normalizer *n, uint32_t first, uint32_t second)
{
    uint32_t composite;

    if (first - HANGUL_L < 19 && second - HANGUL_V < V_COUNT) {
        return HANGUL_S + ((first - HANGUL_L) * V_COUNT + second - HANGUL_V) * T_COUNT;
    }
    if (first - HANGUL_S < S_COUNT && (first - HANGUL_S) % T_COUNT == 0 &&
        second - HANGUL_T - 1 < T_COUNT - 1) {
        return first + second - HANGUL_T;
    }
    composite = find_pair(first, second);
    if (n->form == UNICODE_NFKC_3_2 && composite != 0 &&
        parley_unicode_old_kind(composite) == OLD_UNASSIGNED) {
        return 0;
    }
    return composite;
}

/* Composes the marks with their starter. */
static void close_held(unicode_normalizer *n)
{
    uint8_t kept = 1;

    if (n->count < 2 || n->combining[0] != 0) {
        return;
    }
    for (uint8_t i = 1; i < n->count; i++) {
        bool blocked = kept > 1 && n->combining[kept - 1] == n->combining[i];
        uint32_t composite = blocked ? 0 : compose(n, n->characters[0], n->characters[i]);

        if (composite != 0) {
            n->characters[0] = composite;
            continue;
        }
        n->characters[kept] = n->characters[i];
        n->combining[kept] = n->combining[i];
        n->at[kept] = n->at[i];
        kept++;
    }
    n->count = kept;
}

static bool flush(unicode_normalizer *n)
{
    uint8_t count = n->count;

    n->count = 0;
    for (uint8_t i = 0; i < count; i++) {
        if (!n->sink(n->context, n->characters[i], n->at[i])) {
            return false;
        }
    }
    return true;
}

static void hold(unicode_normalizer *n, uint8_t place, uint32_t character, unsigned combining,
                 size_t at)
{
    n->characters[place] = character;
    n->combining[place] = (uint8_t)combining;
    n->at[place] = at;
    n->count++;
}

/* One that does not decompose. */
static bool put_mark(unicode_normalizer *n, uint32_t character, unsigned combining, size_t at)
{
    bool starts = n->count > 0 && n->combining[0] == 0;
    uint8_t place = n->count;

    if (n->count == UNICODE_MARKS + starts) {
        n->crowded = true;
        n->crowded_at = at;
        return false;
    }
    while (place > 0 && n->combining[place - 1] > combining) {
        n->characters[place] = n->characters[place - 1];
        n->combining[place] = n->combining[place - 1];
        n->at[place] = n->at[place - 1];
        place--;
    }
    hold(n, place, character, combining, at);
    return true;
}

static bool put_starter(unicode_normalizer *n, uint32_t character, bool second, size_t at)
{
    close_held(n);
    if (second && n->count == 1 && n->combining[0] == 0) {
        uint32_t composite = compose(n, n->characters[0], character);

        if (composite != 0) {
            n->characters[0] = composite;
            return true;
        }
    }
    if (!flush(n)) {
        return false;
    }
    hold(n, 0, character, 0, at);
    return true;
}

static bool put_one(unicode_normalizer *n, uint32_t character, size_t at)
{
    unicode_properties p = parley_unicode_properties(character);

    if (n->form == UNICODE_NFKC_3_2 && parley_unicode_old_kind(character) == OLD_UNASSIGNED) {
        return put_starter(n, character, false, at);
    }
    return p.combining != 0 ? put_mark(n, character, p.combining, at)
                            : put_starter(n, character, p.second, at);
}

static bool put_hangul(unicode_normalizer *n, uint32_t index, size_t at)
{
    uint32_t t = HANGUL_T + index % T_COUNT;

    return put_starter(n, HANGUL_L + index / (V_COUNT * T_COUNT), false, at) &&
           put_starter(n, HANGUL_V + index % (V_COUNT * T_COUNT) / T_COUNT, true, at) &&
           (t == HANGUL_T || put_starter(n, t, true, at));
}

/* Where the decomposition stands; it exists. */
static const uint16_t *find_mapping(uint32_t character, size_t *units)
{
    size_t low = 0;
    size_t high = parley_unicode_mapped_runs_count;
    const unicode_run *run;
    const uint16_t *mapping;
    unsigned entry;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (parley_unicode_mapped_runs[middle].first <= character) {
            low = middle;
        } else {
            high = middle;
        }
    }
    run = &parley_unicode_mapped_runs[low];
    entry = parley_unicode_mapped[run->index + (character - run->first)];
    mapping = &parley_unicode_pool[entry >> 2];
    *units = entry & 3;
    if (*units == 0) {
        *units = *mapping++;
    }
    return mapping;
}

/* The next character of a mapping in UTF-16. */
static uint32_t next(const uint16_t *mapping, size_t *unit)
{
    uint32_t character = mapping[(*unit)++];

    if (character - 0xD800 < 0x400) {
        character = 0x10000 + ((character - 0xD800) << 10) + (mapping[(*unit)++] - 0xDC00u);
    }
    return character;
}

/* What Unicode 3.2 had instead, if it was corrected since. */
static uint32_t corrected(const unicode_normalizer *n, uint32_t character)
{
    for (size_t i = 0; i < parley_unicode_corrections_count; i++) {
        if (n->form == UNICODE_NFKC_3_2 && parley_unicode_corrections[i].character == character) {
            return parley_unicode_corrections[i].old;
        }
    }
    return character;
}

/* What stands in a canonical decomposition may decompose for compatibility; what
   comes of that does not any more. */
static bool put_part(unicode_normalizer *n, uint32_t character, size_t at)
{
    size_t units;
    const uint16_t *mapping;

    if (n->form == UNICODE_NFC || !parley_unicode_properties(character).compatible) {
        return put_one(n, character, at);
    }
    mapping = find_mapping(character, &units);
    for (size_t i = 0; i < units;) {
        if (!put_one(n, next(mapping, &i), at)) {
            return false;
        }
    }
    return true;
}

bool parley_normalizer_put(unicode_normalizer *n, uint32_t character, size_t at)
{
    unicode_properties p;
    const uint16_t *mapping;
    size_t units;

    if (character - HANGUL_S < S_COUNT) {
        return put_hangul(n, character - HANGUL_S, at);
    }
    if (character < 0x80) {
        return put_starter(n, character, false, at);
    }
    if (n->form == UNICODE_NFKC_3_2 && parley_unicode_old_kind(character) == OLD_UNASSIGNED) {
        return put_starter(n, character, false, at);
    }
    character = corrected(n, character);
    p = parley_unicode_properties(character);
    if (!p.canonical) {
        return put_part(n, character, at);
    }
    mapping = find_mapping(character, &units);
    for (size_t i = 0; i < units;) {
        if (!put_part(n, next(mapping, &i), at)) {
            return false;
        }
    }
    return true;
}

bool parley_normalizer_end(unicode_normalizer *n)
{
    close_held(n);
    return flush(n);
}

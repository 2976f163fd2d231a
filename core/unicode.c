/* Properties, case and width by binary search in the tables. Pure functions. */
#include "unicode.h"

#include "unicode_tables.h"

/* The last run that begins at `character` or before; runs[0] begins at 0. */
static uint32_t find_run(const uint32_t *runs, size_t count, unsigned bits, uint32_t character)
{
    size_t low = 0;
    size_t high = count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (runs[middle] >> bits <= character) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return runs[low] & ((1u << bits) - 1);
}

unicode_properties parley_unicode_properties(uint32_t character)
{
    uint32_t number = find_run(parley_unicode_class_runs, parley_unicode_class_runs_count, 11,
                               character);
    uint32_t bits = parley_unicode_class_bits[number];

    return (unicode_properties){
        .combining = parley_unicode_class_combining[number],
        .bidi = bits & 15,
        .precis = bits >> 4 & 3,
        .idna = bits >> 6 & 3,
        .joining = bits >> 8 & 7,
        .script = bits >> 11 & 3,
        .mark = bits >> 13 & 1,
        .cased = bits >> 14 & 1,
        .case_ignorable = bits >> 15 & 1,
        .space = bits >> 16 & 1,
        .lower = bits >> 17 & 1,
        .canonical = bits >> 18 & 1,
        .compatible = bits >> 19 & 1,
        .second = bits >> 20 & 1,
    };
}

static unsigned old_class(uint32_t character)
{
    return parley_unicode_old_classes[find_run(parley_unicode_old_runs,
                                               parley_unicode_old_runs_count, 4, character)];
}

unicode_old_kind parley_unicode_old_kind(uint32_t character)
{
    return (unicode_old_kind)(old_class(character) & 7);
}

unicode_old_side parley_unicode_old_side(uint32_t character)
{
    return (unicode_old_side)(old_class(character) >> 3);
}

uint32_t parley_unicode_lower(uint32_t character)
{
    const unicode_delta *run;
    size_t low = 0;
    size_t high = parley_unicode_lowercase_count;

    if (character == 0x130) {
        return 'i';
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (parley_unicode_lowercase[middle].first <= character) {
            low = middle;
        } else {
            high = middle;
        }
    }
    run = &parley_unicode_lowercase[low];
    if (character < run->first || character - run->first > run->span ||
        (character - run->first) % run->step != 0) {
        return character;
    }
    return (uint32_t)((int32_t)character + run->delta);
}

uint32_t parley_unicode_width(uint32_t character)
{
    if (character > 0xFF00 && character - 0xFF01 < parley_unicode_wide_count &&
        parley_unicode_wide[character - 0xFF01] != 0) {
        return parley_unicode_wide[character - 0xFF01];
    }
    return character;
}

/* Language tags by the form that all of RFC 5646 section 2.1 share: subtags of one to eight letters
   and digits, the first a language of two or more letters, or x or i; one alone (x, or an
   extension's) has another after it. Which subtags there are and where they may stand is not
   looked at. */
#include "language.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_lone(parley_string tag, size_t at, char letter)
{
    return (tag.data[at] | 0x20) == letter;
}

/* RFC 6120 4.7.4, 8.1.5. */
bool parley_is_language(parley_string tag)
{
    size_t begin = 0; /* of the subtag under way */
    bool is_private = false;
    size_t i;

    if (tag.len > 35) { /* RFC 5646 4.4.1 */
        return false;
    }
    for (i = 0; i < tag.len; i++) {
        char c = tag.data[i];
        bool is_digit = c >= '0' && c <= '9';

        if (c == '-') {
            bool is_short = i - begin == 1;

            if (i == begin ||
                (begin == 0 && is_short && !is_lone(tag, 0, 'x') && !is_lone(tag, 0, 'i'))) {
                return false;
            }
            is_private = is_private || (is_short && is_lone(tag, begin, 'x'));
            begin = i + 1;
        } else if ((!is_letter(c) && (begin == 0 || !is_digit)) || i - begin == 8) {
            return false;
        }
    }
    return tag.len > begin + (is_private ? 0 : 1);
}

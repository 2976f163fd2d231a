/* Character classes by comparison and one range table; pure functions. */
#include "characters.h"

/* First and last of each range: NameStartChar, without the colon, then what NameChar adds (XML 1.0
   fifth edition, productions 4 and 4a), as far as 16 bits reach. */
static const uint16_t names[][2] = {
    {'a', 'z'},       {'A', 'Z'},       {'_', '_'},       {0xC0, 0xD6},     {0xD8, 0xF6},
    {0xF8, 0x2FF},    {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F},
    {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {'0', '9'},
    {'-', '.'},       {0xB7, 0xB7},     {0x300, 0x36F},   {0x203F, 0x2040},
};

enum { NAME_STARTS = 14, NAMES = sizeof names / sizeof names[0] };

size_t parley_utf8_decode(const char *data, size_t len, uint32_t *character)
{
    unsigned lead = (unsigned char)data[0];
    unsigned count = 2u + (lead >= 0xE0) + (lead >= 0xF0);
    uint32_t value = lead & (0x7Fu >> count);

    if (lead < 0x80) {
        *character = lead;
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4 || count > len) {
        return 0;
    }
    /*@ loop invariant 1 <= i <= count;
        loop assigns i, value;
        loop variant count - i; */
    for (size_t i = 1; i < count; i++) {
        unsigned byte = (unsigned char)data[i];
        if ((byte & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (byte & 0x3F);
    }
    /* Overlong, as three bytes are for 11 bits and four for 16; a surrogate; too large. */
    if (value >> (5 * count - 4) == 0 || value >> 11 == 0x1B || value > 0x10FFFF) {
        return 0;
    }
    *character = value;
    return count;
}

bool parley_is_utf8(parley_string text)
{
    uint32_t character;
    size_t len;

    /*@ loop invariant at <= text.len;
        loop assigns at, len, character;
        loop variant text.len - at; */
    for (size_t at = 0; at < text.len; at += len) {
        len = parley_utf8_decode(text.data + at, text.len - at, &character);
        if (len == 0) {
            return false;
        }
    }
    return true;
}

bool parley_is_xml_character(uint32_t character)
{
    if (character < 0x20) {
        return character == '\t' || character == '\n' || character == '\r';
    }
    /* No surrogate, not U+FFFE and U+FFFF. */
    return character <= 0x10FFFF && character >> 11 != 0x1B && (character | 1) != 0xFFFF;
}

/* Whether a character is in one of the first ranges, or has more than 16 bits and begins a name. */
static bool is_among(uint32_t character, size_t ranges)
{
    for (size_t i = 0; i < ranges; i++) {
        if (character >= names[i][0] && character <= names[i][1]) {
            return true;
        }
    }
    return character >= 0x10000 && character <= 0xEFFFF;
}

bool parley_is_name_start(uint32_t character)
{
    return is_among(character, NAME_STARTS);
}

bool parley_is_name_character(uint32_t character)
{
    return is_among(character, NAMES);
}

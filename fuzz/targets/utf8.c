/* UTF-8 and XML's characters: as character data the tokenizer takes exactly what a
   decoder written from RFC 3629 and XML 1.0's Char takes, and gives it back with its line
   ends normalised. Input: a seed for the cuts, the bytes. */
#include <string.h>

#include "common/xml.h"

/* The length of the character at `data`; 0: none that XML allows. */
static size_t character(const uint8_t *data, size_t len)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = data[0] < 0x80   ? 1
               : data[0] < 0xC0 ? 0
               : data[0] < 0xE0 ? 2
               : data[0] < 0xF0 ? 3
                                : 4;
    uint32_t code = n == 1 ? data[0] : data[0] & (0x7Fu >> n);

    if (n == 0 || n > len || data[0] >= 0xF8) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((data[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (data[i] & 0x3Fu);
    }
    if (code < least[n] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE ||
        code == 0xFFFF) {
        return 0;
    }
    return code >= 0x20 || code == '\t' || code == '\n' || code == '\r' ? n : 0;
}

/* What the log shows of the text; false: it is refused. */
static bool expected(fuzz_log *log, const uint8_t *data, size_t size)
{
    fuzz_log_reset(log);
    fuzz_log_text(log, "\n<{}a");
    for (size_t at = 0; at < size;) {
        size_t n = character(data + at, size - at);
        parley_string text = {(const char *)data + at, n};

        if (n == 0) {
            return false;
        }
        if (data[at] == '\r') {
            text.data = "\n";
            n += at + 1 < size && data[at + 1] == '\n';
        }
        fuzz_log_characters(log, text);
        at += n;
    }
    return true;
}

FUZZ_TARGET(utf8)
{
    static fuzz_log log, want;
    static char text[FUZZ_INPUT + 8];
    uint8_t seed = fuzz_byte(&data, &size);
    fuzz_xml setup;

    if (size > FUZZ_INPUT || memchr(data, '<', size) != NULL || memchr(data, '&', size) != NULL ||
        fuzz_has(data, size, "]]>", 3)) {
        return 0;
    }
    memcpy(text, "<a>", 3);
    memcpy(text + 3, data, size);
    memcpy(text + 3 + size, "</a>", 4);
    setup = fuzz_xml_of(0, size + 7);
    for (unsigned kind = 0; kind < FUZZ_CUTS; kind++) {
        fuzz_verdict verdict = fuzz_xml_run(&log, &setup, fuzz_cuts_of(kind, seed), text, size + 7);

        FUZZ_CHECK((verdict.result == PARLEY_OK) == expected(&want, data, size));
        FUZZ_CHECK(verdict.result == PARLEY_OK ||
                   verdict.error == PARLEY_ERROR_XML_NOT_WELL_FORMED);
        if (verdict.result == PARLEY_OK) {
            FUZZ_CHECK(log.len > want.len && memcmp(log.bytes, want.bytes, want.len) == 0);
            FUZZ_CHECK(memcmp(log.bytes + want.len, "\n/{}a", 5) == 0);
        }
    }
    return 0;
}

/* Expat with namespaces; U+0001 cannot occur in XML and separates its names' parts. */
#include <string.h>

#include <expat.h>

#include "common/expat.h"

static void named(fuzz_log *log, const char *before, const char *name)
{
    const char *separator = strchr(name, 1);
    parley_string space = {name, separator != NULL ? (size_t)(separator - name) : 0};

    fuzz_log_named(log, before, space, parley_string_of(separator != NULL ? separator + 1 : name));
}

static void XMLCALL on_start(void *log, const XML_Char *name, const XML_Char **attributes)
{
    named(log, "\n<", name);
    for (; attributes[0] != NULL; attributes += 2) {
        named(log, " ", attributes[0]);
        fuzz_log_string(log, "=", parley_string_of(attributes[1]));
    }
}

static void XMLCALL on_end(void *log, const XML_Char *name)
{
    named(log, "\n/", name);
}

static void XMLCALL on_text(void *log, const XML_Char *data, int len)
{
    parley_string text = {data, (size_t)len};

    fuzz_log_characters(log, text);
}

bool fuzz_expat_run(fuzz_log *log, const uint8_t *data, size_t size)
{
    XML_Parser parser = XML_ParserCreateNS(NULL, 1);
    bool taken;

    FUZZ_CHECK(parser != NULL);
    fuzz_log_reset(log);
    (void)XML_SetHashSalt(parser, 1);
    XML_SetUserData(parser, log);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    taken = XML_Parse(parser, (const char *)data, (int)size, XML_TRUE) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return taken;
}

static char text[3 * FUZZ_INPUT];

static size_t as_ascii(const uint8_t *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    bool in_tag = false;
    uint8_t quote = 0;
    size_t len = 0;

    for (size_t i = 0; i < size; i++) {
        if (!in_tag && size - i > 9 && memcmp(data + i, "<![CDATA[", 9) == 0) {
            do {
                text[len++] = (char)data[i++];
            } while (memcmp(data + i, "]]>", 3) != 0);
        }
        if (in_tag && quote == 0 && data[i] >= 0x80) {
            text[len++] = 'u';
            text[len++] = digits[data[i] >> 4];
            text[len++] = digits[data[i] & 15];
            continue;
        }
        if (!in_tag) {
            in_tag = data[i] == '<';
        } else if (quote != 0) {
            quote = data[i] == quote ? 0 : quote;
        } else if (data[i] == '"' || data[i] == '\'') {
            quote = data[i];
        } else {
            in_tag = data[i] != '>';
        }
        text[len++] = (char)data[i];
    }
    return len;
}

bool fuzz_expat_run_names(fuzz_log *log, const uint8_t *data, size_t size)
{
    size_t len = as_ascii(data, size);

    return fuzz_expat_run(log, (const uint8_t *)text, len);
}

void fuzz_expat_same(const fuzz_log *ours, const fuzz_verdict *verdict, const fuzz_log *theirs)
{
    static fuzz_log tokens;

    fuzz_log_copy(&tokens, ours);
    tokens.len = verdict->tokens;
    tokens.beyond = verdict->tokens_beyond;
    tokens.sum = verdict->tokens_sum;
    fuzz_log_same(&tokens, theirs);
}

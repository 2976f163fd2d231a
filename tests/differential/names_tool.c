/* Prepares names for tests/differential/names.py. Lines of stdin: a form and a text
   in hexadecimal UTF-8 ("local 61c3a9"); for each a line: the prepared text in
   hexadecimal after '=', or '!' and why it is refused. */
#include <stdio.h>
#include <string.h>

#include "characters.h"
#include "parley/jid.h"
#include "precis.h"
#include "unicode.h"

#define SIZE 8192

static bool keep(void *context, uint32_t character, size_t at)
{
    (void)at;
    return parley_text_out_put(context, character);
}

static bool normalise(unicode_form form, parley_string text, text_out *out, problem *why)
{
    unicode_normalizer n = {.form = form, .sink = keep, .context = out};

    (void)parley_problem(why, 0, "not normalised");
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = parley_utf8_decode(text.data + at, text.len - at, &c);

        if (len == 0 || !parley_normalizer_put(&n, c, at)) {
            return false;
        }
        at += len;
    }
    return parley_normalizer_end(&n);
}

static bool prepare(const char *form, parley_string text, text_out *out, problem *why)
{
    static const char *const parts[] = {"localpart", "domainpart", "resourcepart"};

    for (int part = 0; part < 3; part++) {
        parley_string prepared;

        if (strcmp(form, parts[part]) == 0) {
            (void)parley_problem(why, 0, "refused");
            if (parley_jid_prepare((parley_jid_part)part, text, out->bytes, out->size, &prepared,
                                   NULL) != PARLEY_OK) {
                return false;
            }
            out->len = prepared.len;
            return true;
        }
    }
    if (strcmp(form, "local") == 0) {
        return parley_precis_local(text, out, why);
    }
    if (strcmp(form, "opaque") == 0) {
        return parley_precis_opaque(text, out, why);
    }
    if (strcmp(form, "domain") == 0) {
        return parley_precis_domain(text, out, why);
    }
    if (strcmp(form, "ascii") == 0) {
        return parley_precis_domain_ascii(text, out, why);
    }
    if (strcmp(form, "stored") == 0 || strcmp(form, "query") == 0) {
        return parley_saslprep(text, form[0] == 's', out, why);
    }
    return normalise(strcmp(form, "nfc") == 0    ? UNICODE_NFC
                     : strcmp(form, "nfkc") == 0 ? UNICODE_NFKC
                                                 : UNICODE_NFKC_3_2,
                     text, out, why);
}

int main(void)
{
    static char line[4 * SIZE], form[32], hex[2 * SIZE + 1], text[SIZE], bytes[SIZE];

    while (fgets(line, sizeof line, stdin) != NULL) {
        text_out out = {bytes, sizeof bytes, 0};
        problem why = {0};
        size_t len = 0;
        unsigned byte;

        hex[0] = '\0';
        if (sscanf(line, "%31s %16384s", form, hex) < 1) {
            return 1;
        }
        while (sscanf(hex + 2 * len, "%2x", &byte) == 1) {
            text[len++] = (char)byte;
        }
        if (!prepare(form, (parley_string){text, len}, &out, &why)) {
            printf("!%s\n", parley_problem_reason(&why));
            continue;
        }
        putchar('=');
        for (size_t i = 0; i < out.len; i++) {
            printf("%02x", (unsigned)(unsigned char)bytes[i]);
        }
        putchar('\n');
    }
    return 0;
}

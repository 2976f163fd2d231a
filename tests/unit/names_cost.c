/* Preparing a name or a password costs a bounded amount a byte, whatever the text: counted,
   not timed. The linker puts the functions below in front of the library's; they count
   characters that are decoded, that enter the normaliser, and searches in the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <parley/jid.h>
#include <parley/mechanism.h>

#include "characters.h"
#include "unicode.h"

static uint64_t cost;

size_t __real_parley_utf8_decode(const char *text, size_t len, uint32_t *character);
size_t __wrap_parley_utf8_decode(const char *text, size_t len, uint32_t *character);
bool __real_parley_normalizer_put(unicode_normalizer *n, uint32_t character, size_t at);
bool __wrap_parley_normalizer_put(unicode_normalizer *n, uint32_t character, size_t at);
unicode_properties __real_parley_unicode_properties(uint32_t character);
unicode_properties __wrap_parley_unicode_properties(uint32_t character);

size_t __wrap_parley_utf8_decode(const char *text, size_t len, uint32_t *character)
{
    cost++;
    return __real_parley_utf8_decode(text, len, character);
}

bool __wrap_parley_normalizer_put(unicode_normalizer *n, uint32_t character, size_t at)
{
    cost++;
    return __real_parley_normalizer_put(n, character, at);
}

unicode_properties __wrap_parley_unicode_properties(uint32_t character)
{
    cost++;
    return __real_parley_unicode_properties(character);
}

enum { LOCAL, DOMAIN, RESOURCE, SASLPREP, OPAQUE, FORMS };

static const char *const forms[FORMS] = {"local", "domain", "resource", "SASLprep", "OpaqueString"};

static parley_result prepare(int form, parley_string text)
{
    static char buffer[8192];
    parley_string prepared;

    if (form == SASLPREP || form == OPAQUE) {
        return parley_password_prepare(form == OPAQUE ? PARLEY_OPAQUE_STRING : PARLEY_SASLPREP,
                                       false, text, buffer, sizeof buffer, &prepared);
    }
    return parley_jid_prepare((parley_jid_part)form, text, buffer, sizeof buffer, &prepared, NULL);
}

/* Each is repeated up to the length. */
static const char *const pieces[] = {
    "a",
    "a.",
    "xn--bcher-kva.",
    "\xC3\xBC",                             /* decomposes, and is composed again */
    "\xE1\xBB\xA4\xCC\x88",                 /* in two steps */
    "\xEA\xB0\x81",                         /* Hangul, of three */
    "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", /* and in pieces */
    "\xEF\xBD\x81",                         /* wide */
    "\xEF\xB7\xBA",                         /* one that SASLprep makes 18 of */
    "\xCE\xA3",                             /* sigma, final or not */
    "\xCE\xA3\xCC\x81",                     /* what follows decides, marks passed over */
    "l\xC2\xB7l",                           /* contextual */
    "\xD7\x90\xD7\xB3",                     /* from right to left, contextual */
    "\xE3\x83\xBB\xE3\x82\xA2",             /* contextual on all of the label */
    "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D", /* a joiner */
    "\xD8\xA8\xE2\x80\x8C\xD8\xA8",         /* a non-joiner, by what joins around it */
    "\xE2\x80\x8C",
    "\xF0\x90\x90\x80",
    /* thirty marks, each to be sorted before the one that came */
    "a\xCD\x85\xCC\x95\xCC\x81\xCC\x80\xCC\xA3\xCC\xA7\xCD\x85\xCC\x95\xCC\x81\xCC\x80\xCC\xA3\xCC"
    "\xA7\xCD\x85\xCC\x95\xCC\x81\xCC\x80\xCC\xA3\xCC\xA7\xCD\x85\xCC\x95\xCC\x81\xCC\x80\xCC\xA3"
    "\xCC\xA7\xCD\x85\xCC\x95\xCC\x81\xCC\x80\xCC\xA3\xCC\xA7",
    "\xCC\x81",
    "\xFF",
};

static double measure(int form, const char *piece, size_t length, bool *taken)
{
    static char text[8192];
    size_t len = 0;

    while (len + strlen(piece) <= length) {
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    if (len > 1 && text[len - 1] == '.') {
        len--;
    }
    cost = 0;
    *taken = prepare(form, (parley_string){text, len}) == PARLEY_OK;
    return (double)cost / (double)len;
}

static void linear_in_the_length(void **state)
{
    static const size_t lengths[] = {60, 250, 1000, 4000, 8000};
    double worst = 0;
    unsigned accepted = 0;

    (void)state;
    for (int form = 0; form < FORMS; form++) {
        for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
            for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
                bool taken;
                double steps = measure(form, pieces[p], lengths[l], &taken);

                accepted += taken;
                worst = steps > worst ? steps : worst;
                if (steps > 24.0) {
                    fail_msg("%s, piece %zu, %zu bytes: %.1f steps a byte", forms[form], p,
                             lengths[l], steps);
                }
            }
        }
    }
    assert_in_range(accepted, 100, 500); /* most refusals are early, and cost nothing */
    printf("figures: at most %.1f steps a byte of a name or a password\n", worst);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(linear_in_the_length)};

    return cmocka_run_group_tests_name("names_cost", tests, NULL, NULL);
}

/* The tokenizer against Expat, over the cases and over seeded mutants of them: no document
   that we accept and Expat refuses, but for names of the fifth edition that Expat does not
   know, each shown legal here; none that we refuse and Expat accepts without one of the
   documented reasons; and where both accept, the same tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/rows.h"
#include "common/seeded.h"
#include "common/xml_mutants.h"
#include "differential/expat_trace.h"

#define MUTANTS 500000

enum reason {
    REASON_NONE,
    REASON_RESTRICTED, /* a comment, an instruction, a declaration: RFC 6120 11.1 */
    REASON_ENCODING,   /* not UTF-8, by declaration or by the first bytes: 11.6 */
    REASON_BOM,        /* 11.6 */
    REASON_VERSION,    /* of the declaration: not 1.x (XML 26, fifth edition) */
    REASON_COUNT
};

static const char *const reason_names[] = {
    "unexplained", "restricted", "encoding", "byte order mark", "version",
};

/* XML 1.0 fifth edition, productions 4 and 4a, as they stand there but for ':'. */
static const char name_start_char[] =
    "[A-Z] | _ | [a-z] | [#xC0-#xD6] | [#xD8-#xF6] | [#xF8-#x2FF] | [#x370-#x37D] | "
    "[#x37F-#x1FFF] | [#x200C-#x200D] | [#x2070-#x218F] | [#x2C00-#x2FEF] | [#x3001-#xD7FF] | "
    "[#xF900-#xFDCF] | [#xFDF0-#xFFFD] | [#x10000-#xEFFFF]";
static const char name_char[] = "- | . | [0-9] | #xB7 | [#x0300-#x036F] | [#x203F-#x2040]";

/* Whether the production has the character, which is above ASCII. */
static bool has(const char *production, unsigned long character)
{
    for (const char *at = strstr(production, "#x"); at != NULL; at = strstr(at + 2, "#x")) {
        unsigned long first, last;
        int count = sscanf(at, "#x%lX-#x%lX", &first, &last);

        assert_true(count >= 1);
        if (character >= first && character <= (count == 2 ? last : first)) {
            return true;
        }
        at = count == 2 ? strchr(at, '-') : at;
    }
    return false;
}

typedef struct rewriting {
    char text[8 * XML_MUTANT_SIZE];
    size_t len;
    unsigned names; /* characters above ASCII in names */
} rewriting;

static size_t decode(const unsigned char *data, unsigned long *character)
{
    size_t len = data[0] < 0xE0 ? 2 : data[0] < 0xF0 ? 3 : 4;

    *character = data[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        *character = *character << 6 | (data[i] & 0x3F);
    }
    return len;
}

/* A document that has been accepted, with the characters above ASCII in its names put in
   ASCII; outside quotes and CDATA sections markup has them nowhere else. Fails the test at
   one that the fifth edition does not allow. */
static void rewrite(rewriting *out, const unsigned char *data, size_t len)
{
    bool in_tag = false;
    unsigned char quote = 0;

    out->len = 0;
    out->names = 0;
    for (size_t i = 0; i < len; i++) {
        const unsigned char *end = data + len;
        if (!in_tag && len - i > 9 && memcmp(data + i, "<![CDATA[", 9) == 0) {
            while (end - (data + i) > 3 && memcmp(data + i, "]]>", 3) != 0) {
                out->text[out->len++] = (char)data[i++];
            }
        }
        if (in_tag && quote == 0 && data[i] >= 0x80) {
            unsigned long character;
            bool is_first = strchr("<:/ \t\r\n", data[i - 1]) != NULL;

            i += decode(data + i, &character) - 1;
            assert_true(has(name_start_char, character) ||
                        (!is_first && has(name_char, character)));
            out->len += (size_t)snprintf(out->text + out->len, 16, "u%lx", character);
            out->names++;
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
        out->text[out->len++] = (char)data[i];
    }
}

/* Whether the declaration's version is 1.x. */
static bool version_is_known(const char *declaration)
{
    const char *at = strstr(declaration, "version");
    size_t digits;

    if (at == NULL) {
        return false;
    }
    at += strcspn(at, "'\"");
    if (strncmp(at + 1, "1.", 2) != 0) {
        return false;
    }
    digits = strspn(at + 3, "0123456789");
    return digits > 0 && at[3 + digits] == at[0];
}

/* Why we may refuse what Expat accepts. */
static enum reason explain(const unsigned char *data, size_t len, const xml_trace *t)
{
    static char declaration[XML_MUTANT_SIZE + 1];
    size_t at = (size_t)t->offset;

    memcpy(declaration, data, len);
    declaration[len] = '\0';
    declaration[at < len ? at : len] = '\0';
    switch (t->error) {
    case PARLEY_ERROR_XML_RESTRICTED: {
        const char *open = strrchr(declaration, '<');
        bool certain = open != NULL && (strcmp(open, "<!-") == 0 || strcmp(open, "<!") == 0 ||
                                        strcmp(open, "<") == 0 || strncmp(open, "<?", 2) == 0);
        return certain ? REASON_RESTRICTED : REASON_NONE;
    }
    case PARLEY_ERROR_XML_ENCODING:
        return at <= 1 && (data[at] == 0 || data[at] >= 0xFE) ? REASON_ENCODING
               : strncmp(declaration, "<?xml", 5) == 0 && strstr(declaration, "encoding")
                   ? REASON_ENCODING
                   : REASON_NONE;
    case PARLEY_ERROR_XML_NOT_WELL_FORMED:
        if (at == 0 && len > 2 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
            return REASON_BOM;
        }
        if (strncmp(declaration, "<?xml", 5) == 0 && strstr(declaration, "?>") == NULL) {
            memcpy(declaration, data, len);
            return version_is_known(declaration) ? REASON_NONE : REASON_VERSION;
        }
        return REASON_NONE;
    default:
        return REASON_NONE;
    }
}

typedef struct figures {
    unsigned both_accept;
    unsigned both_refuse;
    unsigned fifth_edition;
    unsigned reasons[REASON_COUNT];
} figures;

static void fail_on(const unsigned char *data, size_t len, const char *what, const xml_trace *t)
{
    char shown[4 * XML_MUTANT_SIZE + 1];
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        to += (size_t)(data[i] >= 0x20 && data[i] < 0x7F
                           ? snprintf(shown + to, 5, "%c", data[i])
                           : snprintf(shown + to, 5, "\\x%02X", data[i]));
    }
    fail_msg("%s: error %d at %llu\n%s", what, t->error, (unsigned long long)t->offset, shown);
}

/* Names aside, Expat agrees. */
static void check_names(xml_bench *bench, xml_trace *expat, const unsigned char *data, size_t len)
{
    static rewriting out;
    xml_setup setup = xml_setup_default();
    xml_cuts one = {0, 0, 0};

    rewrite(&out, data, len);
    if (out.names == 0) {
        fail_on(data, len, "accepted, and refused by Expat", &bench->trace);
    }
    setup.limits.name = 4096;
    expat_trace_run(expat, out.text, out.len);
    xml_bench_run(bench, &setup, one, out.text, out.len);
    if (expat->verdict != PARLEY_OK || bench->trace.verdict != PARLEY_OK ||
        strcmp(expat->log, bench->trace.log) != 0) {
        fail_on(data, len, "accepted, and refused by Expat not for its names", &bench->trace);
    }
}

static void compare(xml_bench *bench, xml_trace *expat, const unsigned char *data, size_t len,
                    figures *f)
{
    xml_setup setup = xml_setup_default();
    xml_cuts one = {0, 0, 0};
    bool accepted;

    setup.limits.name = 4096;
    xml_bench_run(bench, &setup, one, data, len);
    expat_trace_run(expat, data, len);
    accepted = bench->trace.verdict == PARLEY_OK;
    if (accepted && expat->verdict == PARLEY_OK) {
        f->both_accept++;
        if (strcmp(bench->trace.log, expat->log) != 0) {
            fail_on(data, len, "other tokens than Expat's", &bench->trace);
        }
    } else if (accepted) {
        check_names(bench, expat, data, len);
        f->fifth_edition++;
    } else if (expat->verdict == PARLEY_OK) {
        enum reason reason = explain(data, len, &bench->trace);
        if (reason == REASON_NONE) {
            fail_on(data, len, "refused, and accepted by Expat", &bench->trace);
        }
        f->reasons[reason]++;
    } else {
        f->both_refuse++;
    }
}

static void print_figures(const char *what, const figures *f)
{
    printf("figures: %s: %u accepted and %u refused by both, %u with names of the fifth edition",
           what, f->both_accept, f->both_refuse, f->fifth_edition);
    for (int i = 1; i < REASON_COUNT; i++) {
        printf(", %u %s", f->reasons[i], reason_names[i]);
        /* A reason that never came up would be untested. */
        assert_true(f->reasons[i] > 0);
    }
    printf("\n");
    assert_true(f->both_accept > 0 && f->both_refuse > 0 && f->fifth_edition > 0);
}

static void mutants(void **state)
{
    static xml_mutants m;
    xml_trace expat = {0};
    figures f = {0};
    xml_bench bench;

    (void)state;
    xml_bench_open(&bench);
    xml_mutants_open(&m, 20260101);
    for (size_t i = 0; i < m.documents; i++) {
        compare(&bench, &expat, m.document[i], m.document_len[i], &f);
    }
    for (unsigned n = 0; n < MUTANTS; n++) {
        xml_mutants_next(&m);
        compare(&bench, &expat, m.mutant, m.len, &f);
    }
    print_figures("cases and mutants", &f);
    xml_mutants_close(&m);
    xml_trace_free(&expat);
    xml_bench_close(&bench);
}

/* The rewriting and the reasons can fail. */
static void the_comparison_sees(void **state)
{
    static const unsigned char not_restricted[] = "<a>&lt;</a>";
    xml_trace t = {0};

    (void)state;
    t.error = PARLEY_ERROR_XML_RESTRICTED;
    t.offset = 5;
    assert_int_equal(explain(not_restricted, sizeof not_restricted - 1, &t), REASON_NONE);
    t.error = PARLEY_ERROR_XML_NOT_WELL_FORMED;
    assert_int_equal(explain(not_restricted, sizeof not_restricted - 1, &t), REASON_NONE);
    assert_true(version_is_known("<?xml version = \"1.25\"?>"));
    assert_false(version_is_known("<?xml version='2.0'?>"));
    assert_true(has(name_start_char, 0x10330) && has(name_start_char, 0x2070));
    assert_false(has(name_start_char, 0xD7) || has(name_start_char, 0xF0000));
    assert_true(has(name_char, 0xB7) && has(name_char, 0x2040) && !has(name_char, 0x2041));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_comparison_sees),
        cmocka_unit_test(mutants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

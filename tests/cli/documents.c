/* `parley xml` and `parley jid`: verdicts, tokens, parts, and messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cli/harness.h"
#include "common/rows.h"

/* xml */

static void xml_prints_tokens(void **state)
{
    static const char document[] =
        "<?xml version='1.0'?><a xmlns='urn:x' b='1&#10;\"' xmlns:p='urn:p' p:c='&lt;'>one "
        "<![CDATA[two\\]]> &amp;\n three<p:d/>\xE2\x80\xAE</a>\n";
    static const char expected[] = "start {urn:x}a\n"
                                   "attribute {}b \"1\\n\\\"\"\n"
                                   "attribute {urn:p}c \"<\"\n"
                                   "text \"one two\\\\ &\\n three\"\n"
                                   "start {urn:p}d\n"
                                   "end {urn:p}d\n"
                                   "text \"\\u{202e}\"\n"
                                   "end {urn:x}a\n";
    static const char expected_json[] =
        "{\"token\":\"start\",\"namespace\":\"urn:x\",\"name\":\"a\"}\n"
        "{\"token\":\"attribute\",\"namespace\":\"\",\"name\":\"b\",\"value\":\"1\\n\\\"\"}\n"
        "{\"token\":\"attribute\",\"namespace\":\"urn:p\",\"name\":\"c\",\"value\":\"<\"}\n"
        "{\"token\":\"text\",\"text\":\"one two\\\\ &\\n three\"}\n"
        "{\"token\":\"start\",\"namespace\":\"urn:p\",\"name\":\"d\"}\n"
        "{\"token\":\"end\",\"namespace\":\"urn:p\",\"name\":\"d\"}\n"
        "{\"token\":\"text\",\"text\":\"\\u202e\"}\n"
        "{\"token\":\"end\",\"namespace\":\"urn:x\",\"name\":\"a\"}\n";
    static const char *const chunks[] = {"1", "2", "3", "7", "64", "65536"};
    run r;

    (void)state;
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        run_whole(&r, ARGUMENTS("xml", "--chunk", chunks[i]), document, NULL);
        assert_int_equal(r.status, 0);
        assert_string_equal(r.out, expected);
        assert_int_equal(r.err_len, 0);
        run_free(&r);
        run_whole(&r, ARGUMENTS("xml", "--json", "--chunk", chunks[i]), document, NULL);
        assert_string_equal(r.out, expected_json);
        run_free(&r);
    }
    run_whole(&r, ARGUMENTS("xml", "--events", "none", "-"), document, NULL);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.out_len, 0);
    run_free(&r);
}

static bool names_one_of(const char *text, const char *conditions)
{
    char list[128];

    snprintf(list, sizeof list, "%s", conditions);
    for (char *name = strtok(list, "|"); name != NULL; name = strtok(NULL, "|")) {
        char words[160];

        snprintf(words, sizeof words, ": %s:", name);
        if (strstr(text, words) != NULL) {
            return true;
        }
    }
    return false;
}

static void judge_case(const rows *cases, const run *r)
{
    const char *wanted = cases->field[1];
    int status = strcmp(wanted, "accept") == 0 ? 0 : strcmp(wanted, "reject") == 0 ? 1 : 3;

    if (r->status != status) {
        fail_msg("%s: status %d, not %d: %s", cases->field[0], r->status, status, r->err);
    }
    if (lines_of(r->err) != (status == 0 ? 0 : 1)) {
        fail_msg("%s: stderr: %s", cases->field[0], r->err);
    }
    if (status != 0 && strstr(r->err, ", byte ") == NULL) {
        fail_msg("%s: no offset: %s", cases->field[0], r->err);
    }
    if (status == 1 && !names_one_of(r->err, cases->field[2])) {
        fail_msg("%s: not %s: %s", cases->field[0], cases->field[2], r->err);
    }
    if (status == 3 && strstr(r->err, "incomplete") == NULL) {
        fail_msg("%s: %s", cases->field[0], r->err);
    }
}

/* Each case has its status and message, and the same output whatever the chunks. */
static void xml_judges_the_cases(void **state)
{
    static rows cases;
    unsigned count = 0;

    (void)state;
    rows_open(&cases, "xmlcases/CASES.tsv");
    while (rows_next(&cases)) {
        char path[1024];
        run whole;
        run cut;

        snprintf(path, sizeof path, "%s/xmlcases/%s", PARLEY_TEST_DATA, cases.field[0]);
        run_whole(&whole, ARGUMENTS("xml", "--json", path), "", NULL);
        judge_case(&cases, &whole);
        check_json_lines(whole.out);
        run_whole(&cut, ARGUMENTS("xml", "--json", "--chunk", "1", path), "", NULL);
        assert_int_equal(cut.status, whole.status);
        assert_string_equal(cut.out, whole.out);
        assert_string_equal(cut.err, whole.err);
        run_free(&whole);
        run_free(&cut);
        count++;
    }
    assert_true(count > 150);
}

/* jid */

/* ,"NAME":"VALUE" or null, as the line must hold it. "-": absent. */
static void has_part(const run *r, const char *name, const char *wanted)
{
    char value[4096];
    char words[4200];
    size_t used = 0;

    value[rows_unescape(wanted, value, sizeof value - 1).len] = '\0';
    if (strcmp(wanted, "-") == 0) {
        snprintf(words, sizeof words, "\"%s\":null", name);
    } else {
        char escaped[4096];

        for (const char *at = value; *at != '\0' && used + 3 < sizeof escaped; at++) {
            if (*at == '"' || *at == '\\') {
                escaped[used++] = '\\';
            }
            escaped[used++] = *at;
        }
        escaped[used] = '\0';
        snprintf(words, sizeof words, "\"%s\":\"%s\"", name, escaped);
    }
    if (strstr(r->out, words) == NULL) {
        fail_msg("no %s in %s", words, r->out);
    }
}

static void jid_judges_the_rows(void **state)
{
    static rows r;
    unsigned count = 0;

    (void)state;
    rows_open(&r, "vectors/jid.tsv");
    while (rows_next(&r)) {
        char text[4096];
        parley_string jid = rows_unescape(r.field[0], text, sizeof text);
        bool valid = strcmp(r.field[1], "valid") == 0;
        run done;

        text[jid.len < sizeof text ? jid.len : 0] = '\0';
        if (strlen(text) != jid.len || strstr(text, "@xn--") != NULL || !PARLEY_UNICODE) {
            continue; /* no argument; either outcome; the library's own tests judge */
        }
        run_whole(&done, ARGUMENTS("jid", "--json", "--", text), "", NULL);
        if (done.status != (valid ? 0 : 1)) {
            fail_msg("'%s': status %d: %s%s", text, done.status, done.out, done.err);
        }
        if (valid) {
            check_json_lines(done.out);
            has_part(&done, "local", r.field[2]);
            has_part(&done, "domain", r.field[3]);
            has_part(&done, "resource", r.field[4]);
        } else {
            assert_int_equal(lines_of(done.err), 1);
            assert_non_null(strstr(done.err, "byte "));
            assert_int_equal(done.out_len, 0);
        }
        run_free(&done);
        count++;
    }
    assert_true(PARLEY_UNICODE ? count > 120 : count == 0);
}

static void jid_says_where_and_why(void **state)
{
    run r;

    (void)state;
    run_refused(ARGUMENTS("jid", "a b@c"), 1,
                "byte 1, in the localpart: the localpart holds a space");
    run_refused(
        ARGUMENTS("jid", "a@c d"), 1,
        "byte 3, in the domainpart: a domain holds letters, digits, hyphens and dots alone");
    run_refused(ARGUMENTS("jid", "@c"), 1, "byte 0, in the localpart: nothing stands before");
    run_refused(ARGUMENTS("jid", "a@"), 1, "byte 2, in the domainpart: nothing follows the '@'");
    run_refused(ARGUMENTS("jid", "a@b/"), 1,
                "byte 4, in the resourcepart: nothing follows the '/'");
    run_refused(ARGUMENTS("jid", ""), 1, "byte 0, in the domainpart: it is empty");
    run_refused(ARGUMENTS("jid", "a@b/\x01"), 1,
                "byte 4, in the resourcepart: the resource holds a control character");
    run_refused(ARGUMENTS("jid", "a\xe2\x99\x9a@b"), 1,
                PARLEY_UNICODE ? "byte 1, in the localpart: it holds a symbol"
                               : "byte 1, in the localpart: it goes beyond ASCII");
    if (PARLEY_UNICODE) {
        run_whole(&r, ARGUMENTS("jid", "JOS\xc3\x89@xn--bcher-kva.example/a\xc2\xa0z"), "", NULL);
        assert_string_equal(r.out, "local     jos\xc3\xa9\ndomain    b\xc3\xbc"
                                   "cher.example\nresource  a z\n");
        run_free(&r);
    }
    run_whole(&r, ARGUMENTS("jid", "Juliet@Example.ORG/Balcony"), "", NULL);
    assert_string_equal(r.out, "local     juliet\ndomain    example.org\nresource  Balcony\n");
    run_free(&r);
    run_whole(&r, ARGUMENTS("jid", "example.org"), "", NULL);
    assert_string_equal(r.out, "domain    example.org\n");
    run_free(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_prints_tokens),
        cmocka_unit_test(xml_judges_the_cases),
        cmocka_unit_test(jid_judges_the_rows),
        cmocka_unit_test(jid_says_where_and_why),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

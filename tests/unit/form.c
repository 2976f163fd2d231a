/* Forms: exact bytes, refusals, every size of the output. What is read ends at a page that may not
   be touched, as does what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "form.h"
#include "name_list.h"
#include "names.h"

#define S(literal) ((parley_string){literal, sizeof literal - 1})

static const parley_string absent = {NULL, 0};

/* Of each mark one. */
static const char whole[] = "<a b='" FORM_A "'" FORM_XMLNS "c'" FORM_IF_B ">" FORM_B "|" FORM_BASE64
                            "</a>" FORM_ELSE "/>" FORM_END "<d/>";

typedef struct held {
    guard pages;
    parley_string string;
} held;

static void hold(held *h, parley_string s)
{
    const char *copy = guard_copy(&h->pages, s.data, s.len);

    h->string = (parley_string){s.data != NULL ? copy : NULL, s.len};
}

/* Puts the form into `size` bytes, and gives what the writer says and how much it has written. */
static parley_result put_into(size_t size, const char *form, parley_string a, parley_string b,
                              char *copy, size_t *len)
{
    held held_a, held_b;
    guard g, text;
    const char *exact = guard_copy(&text, form, strlen(form) + 1);
    char *out = guard_open(&g, size);
    parley_writer w;
    parley_result result;

    hold(&held_a, a);
    hold(&held_b, b);
    parley_writer_init(&w, out, size, S(PARLEY_NS_CLIENT));
    parley_form_put(&w, exact, &held_a.string, &held_b.string);
    result = parley_writer_finish(&w, len);
    if (*len > 0) {
        memcpy(copy, out, *len);
    }
    guard_close(&g);
    guard_close(&text);
    guard_close(&held_a.pages);
    guard_close(&held_b.pages);
    return result;
}

/* At every size: all of it, or nothing. */
static void assert_put(const char *form, parley_string a, parley_string b, const char *expected)
{
    const size_t needed = strlen(expected);
    char copy[512];

    assert_true(needed < sizeof copy);
    for (size_t size = 0; size <= needed + 1; size++) {
        size_t len = sizeof copy;

        assert_int_equal(put_into(size, form, a, b, copy, &len),
                         size < needed ? PARLEY_NO_ROOM : PARLEY_OK);
        assert_int_equal(len, size < needed ? 0 : needed);
        assert_memory_equal(copy, expected, len);
    }
}

/* Nothing comes of it: to the writer that is misuse, as for any content. */
static void assert_nothing(const char *form, parley_string b)
{
    char copy[1];
    size_t len = 1;

    assert_int_equal(put_into(0, form, absent, b, copy, &len), PARLEY_MISUSE);
    assert_int_equal(len, 0);
}

static void plain(void **state)
{
    (void)state;
    assert_nothing("", absent);
    assert_put(" ", absent, absent, " ");
    assert_put("</stream:stream>", absent, absent, "</stream:stream>");
    assert_put("<a" FORM_XMLNS "tls'/>", absent, absent, "<a xmlns='" PARLEY_NS_TLS "'/>");
    assert_put("<a" FORM_XMLNS "stanzas'/>", absent, absent, "<a xmlns='" PARLEY_NS_STANZAS "'/>");
}

static void escapes(void **state)
{
    const parley_string value = S("a'b\"c<d>e&f\tg\nh\ri ]]> \x7f\xc2\x80\xf4\x8f\xbf\xbf");

    (void)state;
    assert_put("'" FORM_A "'", value, absent,
               "'a&apos;b\"c&lt;d>e&amp;f&#9;g&#10;h&#13;i ]]>"
               " \x7f\xc2\x80\xf4\x8f\xbf\xbf'");
    assert_put(">" FORM_B "<", absent, value,
               ">a'b\"c&lt;d&gt;e&amp;f\tg\nh&#13;i ]]&gt; \x7f\xc2\x80\xf4\x8f\xbf\xbf<");
    assert_put(FORM_A FORM_A, S("<"), absent, "&lt;&lt;");
    assert_put(FORM_A "." FORM_B "." FORM_BASE64, S("first"), S("second"), "first.second.c2Vjb25k");
    assert_put("'" FORM_A "'", S(""), absent, "''");
    assert_put("'" FORM_A "'", absent, absent, "''");
    assert_put(">" FORM_B "<", absent, S(""), "><");
}

static void second_value(void **state)
{
    static const char alone[] = "<a" FORM_IF_B " b='c'" FORM_END "/>";
    static const char twice[] = FORM_IF_B "1" FORM_ELSE "2" FORM_END "-" FORM_IF_B "3" FORM_ELSE
                                          "4" FORM_END;

    (void)state;
    assert_put(whole, S("x"), S("y"),
               "<a b='x' xmlns='urn:ietf:params:xml:ns:xmpp-c'>y|eQ==</a><d/>");
    assert_put(whole, S("x"), S(""), "<a b='x' xmlns='urn:ietf:params:xml:ns:xmpp-c'>|=</a><d/>");
    assert_put(whole, S("x"), absent, "<a b='x' xmlns='urn:ietf:params:xml:ns:xmpp-c'/><d/>");
    assert_put(alone, absent, S(""), "<a b='c'/>");
    assert_put(alone, absent, absent, "<a/>");
    assert_put(twice, absent, S("y"), "1-3");
    assert_put(twice, absent, absent, "2-4");
    assert_nothing(FORM_IF_B FORM_ELSE FORM_END, absent);
    assert_nothing(FORM_IF_B FORM_ELSE FORM_END, S("y"));
    assert_put(FORM_IF_B FORM_ELSE "0" FORM_END, absent, absent, "0");
    assert_put(FORM_IF_B "0" FORM_END, absent, S("y"), "0");
}

/* RFC 6120 6.4.2; RFC 4648 10. */
static void base64(void **state)
{
    (void)state;
    assert_put(FORM_BASE64, absent, S(""), "=");
    assert_put(FORM_BASE64, absent, S("f"), "Zg==");
    assert_put(FORM_BASE64, absent, S("fo"), "Zm8=");
    assert_put(FORM_BASE64, absent, S("foo"), "Zm9v");
    assert_put(FORM_BASE64, absent, S("foob"), "Zm9vYg==");
    assert_put(FORM_BASE64, absent, S("fooba"), "Zm9vYmE=");
    assert_put(FORM_BASE64, absent, S("foobar"), "Zm9vYmFy");
    assert_put(FORM_BASE64, absent, S("\0\xff\xfe\1"), "AP/+AQ=="); /* of any bytes */
}

/* What XML cannot hold is not put out, nor anything with it; marks are of that. */
static void refused(void **state)
{
    static const parley_string values[] = {
        {"\0", 1},           {"a\1", 2},
        {"\6", 1},           {"\x1f", 1},
        {"\x80", 1},         {"a\xc3", 2},
        {"\xc0\x80", 2},     {"\xed\xa0\x80", 3},
        {"\xef\xbf\xbe", 3}, {"\xf4\x90\x80\x80", 4},
    };
    char copy[512];

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        size_t len = 1;

        assert_int_equal(put_into(sizeof copy, "<a b='" FORM_A "'/>", values[i], absent, copy,
                                  &len),
                         PARLEY_ILLEGAL);
        assert_int_equal(len, 0);
        len = 1;
        assert_int_equal(put_into(sizeof copy, "<a>" FORM_B "</a>", absent, values[i], copy, &len),
                         PARLEY_ILLEGAL);
        assert_int_equal(len, 0);
    }
}

/* Each mark of a name is that of its number. */
static void names_by_number(void **state)
{
    (void)state;
    assert_put(FORM_NS_STREAM, absent, absent, PARLEY_NS_STREAM);
    assert_put(FORM_NS_CLIENT, absent, absent, PARLEY_NS_CLIENT);
    assert_put(FORM_IQ, absent, absent, "iq");
    assert_put(FORM_ERROR, absent, absent, "error");
    assert_put(FORM_STREAM, absent, absent, "stream");
    assert_put(FORM_STARTTLS, absent, absent, "starttls");
    assert_put(FORM_MECHANISM, absent, absent, "mechanism");
    assert_put(FORM_BIND, absent, absent, "bind");
    assert_put(FORM_SESSION, absent, absent, "session");
    assert_put(FORM_AUTH, absent, absent, "auth");
    assert_put(FORM_RESPONSE, absent, absent, "response");
    assert_put(FORM_ABORT, absent, absent, "abort");
    assert_put("<" FORM_RESOURCE "/>", absent, absent, "<resource/>");
    for (unsigned i = 1; i < NAMES_END; i++) {
        const char form[] = {(char)(FORM_NAMES + i), '\0'};

        assert_put(form, absent, absent, parley_name_at(i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),  cmocka_unit_test(escapes), cmocka_unit_test(second_value),
        cmocka_unit_test(base64), cmocka_unit_test(refused), cmocka_unit_test(names_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Mutants, the same on every machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/rows.h"
#include "common/seeded.h"
#include "common/xml_mutants.h"

static const char *const stanzas[] = {
    ("<?xml version='1.0'?><stream:stream from='juliet@im.example.com' to='im.example.com' "
     "version='1.0' xml:lang='en' xmlns='jabber:client' "
     "xmlns:stream='http://etherx.jabber.org/streams'><stream:features><starttls "
     "xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
     "</stream:stream>"),
    ("<message from='romeo@example.net' type='chat'>\r\n <body>Neither, fair saint; \xE2\x80\x94 "
     "&lt;I&gt; &amp; <![CDATA[thee <dislike>]]></body>\r<subject "
     "xml:lang='cs'>\xC4\x8C</subject>\n"
     "</message>"),
    ("<iq id='x' type='set'><query xmlns='jabber:iq:roster'><item jid=\"a&quot;&#x41;\tb\"/>"
     "<p:i xmlns:p='urn:1' p:a='1' a='2'>]] ></p:i></query></iq>"),
    "<a xmlns:p='u' xmlns:q='v'><p:b p:c='1' q:c='2'/><q:b xmlns:q='w'><q:c/></q:b>t</a>",
    "<\xC3\xA9l\xC3\xA9ment \xCE\xB1='\xCE\xB2'><\xE6\x96\x87/></\xC3\xA9l\xC3\xA9ment>",
    "<\xF0\x90\x8C\xB0><b\xF0\x90\x8C\xB1 \xE2\x81\xB0q='1'/></\xF0\x90\x8C\xB0>",
    "<a>\r\r\n\n]&#13;]]&gt;<![CDATA[\r\n]]]>]]&#xD;\t</a>",
};

static const char *const words[] = {
    "<",
    ">",
    "/>",
    "</",
    "<a>",
    "</a>",
    "<b/>",
    "<!--",
    "-->",
    "<!",
    "<![CDATA[",
    "]]>",
    "]]",
    "<?",
    "?>",
    "<?xml version='1.0'?>",
    "<?xml version=\"1.1\" encoding='utf-8' standalone='yes'?>",
    "encoding='UTF-16'",
    " encoding=\"ISO-8859-1\"",
    " standalone='no'",
    "version='2.0'",
    "<!DOCTYPE a>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "&",
    ";",
    "&lt;",
    "&gt;",
    "&amp;",
    "&apos;",
    "&quot;",
    "&b;",
    "&#",
    "&#x",
    "&#65;",
    "&#x41;",
    "&#0;",
    "&#xD800;",
    "&#x10FFFF;",
    "&#x110000;",
    "&#13;",
    "&#xFFFE;",
    "=",
    "'",
    "\"",
    " a='1'",
    " b=\"2\"",
    " p:a='1'",
    " q:a='1'",
    " xmlns='u'",
    " xmlns=''",
    " xmlns:p='u'",
    " xmlns:q='u'",
    " xmlns:p=''",
    " xmlns:xml='u'",
    "xmlns:",
    "xmlns",
    " xmlns:xmlns='u'",
    " xmlns:q='http://www.w3.org/XML/1998/namespace'",
    " xmlns:xml='http://www.w3.org/XML/1998/namespace'",
    " xmlns:q='http://www.w3.org/2000/xmlns/'",
    " xml:lang='en'",
    "xml:",
    "p:",
    "q:",
    ":",
    "<p:b/>",
    "<p:a xmlns:p='v'>",
    "</p:a>",
    "\r",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\xEF\xBB\xBF",
    "\xC3\xA9",
    "\xC3",
    "\xA9",
    "\xE2\x82\xAC",
    "\xEF\xBF\xBE",
    "\xEF\xBF\xBF",
    "\xED\xA0\x80",
    "\xF0\x9F\x98\x80",
    "\xF0\x90\x8C\xB0",
    "\xF4\x90\x80\x80",
    "\xC0\x80",
    "\xE0\x80\x80",
    "\xCC\x80",
    "\xC2\xB7",
    "\xE2\x81\xB0",
    "\xCD\xBE",
    "\xC3\x97",
    "\x7F",
    "\x01",
    "\xFF\xFE",
    "\xFE\xFF",
};

/* What is often legal right after a '>', and right before one. */
static const char *const contents[] = {
    "<b/>",
    "<b>\xE2\x82\xAC</b>",
    "&lt;",
    "&amp;gt;",
    "&#x10FFFF;",
    "&#13;",
    "&#x20;",
    "\r",
    "\r\n",
    "\n\r",
    "]]",
    "]",
    "]>",
    "<![CDATA[]]>",
    "<![CDATA[]]]]>",
    "<![CDATA[<a>\r\n]]>",
    " ",
    "\xC3\xA9",
    "<p:b xmlns:p='u' p:a='&#9;' a=\"'\"/>",
    "<b xmlns='w'><c/></b>",
    "<b xmlns=''/>",
    "<p:c/>",
    "<\xCE\xB1 \xE6\x96\x87=''/>",
    "<\xF0\x90\x8C\xB0/>",
    "<xml:b/>",
    "<b a='&lt;\r\n\t &#10;'  />",
    "<a.b-c_1></a.b-c_1 >",
    "<!---->",
    "<?p?>",
    "\x7F",
    "\xEF\xBB\xBF",
};

static const char *const attributes[] = {
    " a='1'",
    " b=\"&quot;'\"",
    " xml:lang=''",
    " xmlns='v'",
    " xmlns:p='v'",
    " xmlns:q='u'",
    " p:d='1'",
    " q:d='1'",
    " e\n=\r'\r\r\n\n'",
    "\t",
    " \xCE\xB1='\xCE\xB2'",
    " \xF0\x90\x8C\xB0='1'",
    " xmlns=''",
    " xml:p='>'",
    " xmlns:xml='http://www.w3.org/XML/1998/namespace'",
};

static void load(xml_mutants *m, const void *data, size_t len)
{
    assert_true(m->documents < 256 && len < XML_MUTANT_SIZE);
    m->document[m->documents] = malloc(len + 1);
    assert_non_null(m->document[m->documents]);
    memcpy(m->document[m->documents], data, len);
    m->document_len[m->documents++] = len;
}

void xml_mutants_open(xml_mutants *m, uint32_t seed)
{
    static rows r;

    memset(m, 0, sizeof *m);
    m->seed = seed;
    rows_open(&r, "xmlcases/CASES.tsv");
    while (rows_next(&r)) {
        char path[1024];
        unsigned char data[XML_MUTANT_SIZE];
        FILE *file;

        snprintf(path, sizeof path, "%s/xmlcases/%s", PARLEY_TEST_DATA, r.field[0]);
        file = fopen(path, "rb");
        assert_non_null(file);
        load(m, data, fread(data, 1, sizeof data, file));
        fclose(file);
    }
    for (size_t i = 0; i < sizeof stanzas / sizeof stanzas[0]; i++) {
        /* Several times, as there are so many cases. */
        for (int n = 0; n < 8; n++) {
            load(m, stanzas[i], strlen(stanzas[i]));
        }
    }
}

void xml_mutants_close(xml_mutants *m)
{
    while (m->documents > 0) {
        free(m->document[--m->documents]);
    }
}

static void insert_at(xml_mutants *m, size_t at, const void *data, size_t len)
{
    if (m->len + len <= XML_MUTANT_SIZE) {
        memmove(m->mutant + at + len, m->mutant + at, m->len - at);
        memcpy(m->mutant + at, data, len);
        m->len += len;
    }
}

static void insert(xml_mutants *m, const void *data, size_t len)
{
    size_t at = seeded_below(&m->seed, (uint32_t)m->len + 1);

    insert_at(m, at, data, len);
}

static void delete (xml_mutants *m)
{
    size_t at = seeded_below(&m->seed, (uint32_t)m->len + 1);
    size_t len = 1 + seeded_below(&m->seed, 4);

    len = len < m->len - at ? len : m->len - at;
    memmove(m->mutant + at, m->mutant + at + len, m->len - at - len);
    m->len -= len;
}

static void splice(xml_mutants *m)
{
    size_t other = seeded_below(&m->seed, (uint32_t)m->documents);
    size_t from = seeded_below(&m->seed, (uint32_t)m->document_len[other] + 1);
    size_t len = seeded_below(&m->seed, (uint32_t)(m->document_len[other] - from) + 1);

    insert(m, m->document[other] + from, len < 64 ? len : 64);
}

/* What probably leaves the document well-formed. */
static void extend(xml_mutants *m)
{
    size_t at = seeded_below(&m->seed, (uint32_t)m->len + 1);
    bool is_content = seeded_below(&m->seed, 2) == 0;
    const char *word =
        is_content ? contents[seeded_below(&m->seed, sizeof contents / sizeof contents[0])]
                   : attributes[seeded_below(&m->seed, sizeof attributes / sizeof attributes[0])];

    while (at < m->len && m->mutant[at] != '>') {
        at++;
    }
    if (at == m->len) {
        return;
    }
    if (is_content) {
        at++;
    } else if (at > 0 && m->mutant[at - 1] == '/') {
        at--;
    }
    insert_at(m, at, word, strlen(word));
}

static void mutate(xml_mutants *m)
{
    const char *word = words[seeded_below(&m->seed, sizeof words / sizeof words[0])];

    switch (seeded_below(&m->seed, 16)) {
    case 0:
        if (m->len > 0) {
            m->mutant[seeded_below(&m->seed, (uint32_t)m->len)] ^=
                (unsigned char)(1u << seeded_below(&m->seed, 8));
        }
        break;
    case 1:
        if (m->len > 0) {
            m->mutant[seeded_below(&m->seed, (uint32_t)m->len)] = (unsigned char)
                seeded_below(&m->seed, 256);
        }
        break;
    case 2:
        delete (m);
        break;
    case 3:
        splice(m);
        break;
    case 4:
    case 5:
    case 6:
        insert(m, word, strlen(word));
        break;
    default:
        extend(m);
        break;
    }
}

void xml_mutants_next(xml_mutants *m)
{
    size_t which = seeded_below(&m->seed, (uint32_t)m->documents);
    uint32_t times = 1 + seeded_below(&m->seed, 3);

    m->len = m->document_len[which];
    memcpy(m->mutant, m->document[which], m->len);
    while (times-- > 0) {
        mutate(m);
    }
}

/* Expat with namespaces; U+0001 cannot occur in XML and separates its triplets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <expat.h>

#include "differential/expat_trace.h"

typedef struct triplet {
    parley_string space;
    parley_string name;
    parley_string prefix;
} triplet;

static triplet split(const char *name)
{
    triplet t = {{"", 0}, {name, strlen(name)}, {"", 0}};
    const char *first = strchr(name, 1);
    const char *second = first != NULL ? strchr(first + 1, 1) : NULL;

    if (first != NULL) {
        t.space.data = name;
        t.space.len = (size_t)(first - name);
        t.name.data = first + 1;
        t.name.len = second != NULL ? (size_t)(second - first - 1) : strlen(first + 1);
    }
    if (second != NULL) {
        t.prefix = parley_string_of(second + 1);
    }
    return t;
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    triplet element = split(name);

    xml_trace_start(user, element.space, element.prefix, element.name);
    for (; attributes[0] != NULL; attributes += 2) {
        triplet attribute = split(attributes[0]);
        xml_trace_attribute(user, attribute.space, attribute.name, parley_string_of(attributes[1]));
    }
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    triplet element = split(name);

    xml_trace_end(user, element.space, element.name);
}

static void XMLCALL on_text(void *user, const XML_Char *data, int len)
{
    parley_string text = {data, (size_t)len};

    xml_trace_text(user, text);
}

void expat_trace_run(xml_trace *trace, const void *data, size_t len)
{
    XML_Parser parser = XML_ParserCreateNS(NULL, 1);

    assert_non_null(parser);
    xml_trace_reset(trace);
    XML_SetReturnNSTriplet(parser, XML_TRUE);
    XML_SetUserData(parser, trace);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    trace->verdict = XML_Parse(parser, data, (int)len, XML_TRUE) == XML_STATUS_OK ? PARLEY_OK
                                                                                  : PARLEY_ILLEGAL;
    XML_ParserFree(parser);
}

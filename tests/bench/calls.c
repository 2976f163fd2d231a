/* One call of the core at a time, for callgrind to count: calls CASE [FILE]. The default limits,
   in pieces of 1460 bytes.

   Cases: file (a document), and attacks on what is not linear in a start tag, whose cost the limits
   bound: names (as many attributes as there can be), alike (the same, whose names all have to be
   compared), prefixes (as many declarations, and prefixed attributes that look them up), around (as
   many declarations in scope as there can be, and elements that look past them), skip (an element
   over its limit in open elements that have to be moved together), value (one long value), deep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parley/xml.h>

#include "../common/attributes_alike.h"

#define PIECE 1460

static uint32_t memory[PARLEY_XML_MEMORY(PARLEY_LIMIT_ELEMENT) / 4];

size_t one_call(parley_xml *x, const char *data, size_t len, parley_xml_token *token);
parley_result one_skip(parley_xml *x);

__attribute__((noinline)) size_t one_call(parley_xml *x, const char *data, size_t len,
                                          parley_xml_token *token)
{
    return parley_xml_push(x, data, len, token);
}

__attribute__((noinline)) parley_result one_skip(parley_xml *x)
{
    return parley_xml_skip(x);
}

static char *document;
static size_t document_len;

static void add(const char *text)
{
    size_t len = strlen(text);

    document = realloc(document, document_len + len + 1);
    if (document == NULL) {
        exit(1);
    }
    memcpy(document + document_len, text, len + 1);
    document_len += len;
}

static void add_names(unsigned count, const char *format)
{
    char name[64];

    for (unsigned i = 0; i < count; i++) {
        snprintf(name, sizeof name, format, 'a' + i / 8, 'a' + i % 8, i);
        add(name);
    }
}

static void make(const char *what)
{
    add("<r xmlns:p='u'>");
    if (strcmp(what, "names") == 0) {
        /* Same length, same first and last letter: the same bit. */
        add("<e");
        add_names(PARLEY_LIMIT_ATTRIBUTES, " x%c%cx=''");
        add("/>");
    } else if (strcmp(what, "alike") == 0) {
        add("<e");
        for (unsigned i = 0; i < PARLEY_LIMIT_ATTRIBUTES; i++) {
            add(" ");
            add(attributes_alike[i]);
            add("=''");
        }
        add("/>");
    } else if (strcmp(what, "prefixes") == 0) {
        add("<e");
        add_names(PARLEY_LIMIT_ATTRIBUTES / 2, " xmlns:%c%c='u%u'");
        add_names(PARLEY_LIMIT_ATTRIBUTES / 2, " %c%c:b=''");
        add("/>");
    } else if (strcmp(what, "around") == 0) {
        for (unsigned i = 0; i < 2; i++) {
            add(i == 0 ? "<q" : "<q ");
            add_names(PARLEY_LIMIT_ATTRIBUTES - 1,
                      i == 0 ? " xmlns:%c%c='a%u'" : " xmlns:x%c%c='b%u'");
            add(">");
        }
        add("<p:e");
        add_names(PARLEY_LIMIT_ATTRIBUTES, " p:%c%c=''");
        add("/></q></q>");
    } else if (strcmp(what, "lookups") == 0) {
        /* The prefix that was declared first, and no other, is looked for. */
        add("<q");
        add_names(PARLEY_LIMIT_ATTRIBUTES, " xmlns:y%c%c='u%u'");
        add("><q");
        add_names(PARLEY_LIMIT_ATTRIBUTES - 1, " xmlns:x%c%c='u%u'");
        add(">");
        for (unsigned i = 0; i < 2000; i++) {
            add("<yaa:b/>");
        }
        add("</q></q>");
    } else if (strcmp(what, "skip") == 0) {
        for (unsigned i = 0; i < PARLEY_LIMIT_DEPTH - 2; i++) {
            add("<q xmlns='u' a='some value or other'>");
        }
        for (unsigned i = 0; i < PARLEY_LIMIT_ELEMENT / 8; i++) {
            add("text of it ");
        }
        for (unsigned i = 0; i < PARLEY_LIMIT_DEPTH - 2; i++) {
            add("</q>");
        }
    } else if (strcmp(what, "value") == 0) {
        add("<e a='");
        for (unsigned i = 0; i < 3000; i++) {
            add("&#x10FFFF;\r\n");
        }
        add("'/>");
    } else {
        for (unsigned i = 0; i < PARLEY_LIMIT_DEPTH - 1; i++) {
            add("<e>");
        }
        for (unsigned i = 0; i < PARLEY_LIMIT_DEPTH - 1; i++) {
            add("</e>");
        }
    }
    add("</r>");
}

static void load(const char *path)
{
    FILE *file = fopen(path, "rb");

    document = malloc(1 << 20);
    if (file == NULL || document == NULL) {
        perror(path);
        exit(1);
    }
    document_len = fread(document, 1, 1 << 20, file);
    fclose(file);
}

int main(int argc, char **argv)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    parley_xml_token token = PARLEY_XML_MORE;
    static parley_xml x;

    if (argc < 2) {
        fprintf(stderr, "usage: %s CASE [FILE]\n", argv[0]);
        return 2;
    }
    argc > 2 ? load(argv[2]) : make(argv[1]);
    if (parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) != PARLEY_OK) {
        return 1;
    }
    parley_xml_set_tree(&x, 1);
    for (size_t at = 0; at < document_len; at += PIECE) {
        size_t end = document_len - at < PIECE ? document_len : at + PIECE;
        size_t from = at;
        do {
            from += one_call(&x, document + from, end - from, &token);
            if (token == PARLEY_XML_ERROR) {
                fprintf(stderr, "error %d at %zu\n", parley_xml_error(&x), from);
                return 1;
            }
            if (token == PARLEY_XML_LARGE && one_skip(&x) != PARLEY_OK) {
                return 1;
            }
        } while (token != PARLEY_XML_MORE);
    }
    free(document);
    return parley_xml_finish(&x) == PARLEY_OK ? 0 : 1;
}

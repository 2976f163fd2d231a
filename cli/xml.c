/* `parley xml`: the tokenizer alone. */
#include "commands.h"
#include "json.h"
#include "options.h"
#include "report.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <parley/xml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The open start tags. */
#define MEMORY ((size_t)1 << 20)
#define PIECE  ((size_t)1 << 16)

enum { OPTION_CHUNK = 256, OPTION_EVENTS, OPTION_JSON };

static const struct option known[] = {
    {"chunk", required_argument, NULL, OPTION_CHUNK},
    {"events", required_argument, NULL, OPTION_EVENTS},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley xml [OPTION]... [FILE]\n"
    "Reads a document (standard input if there is no FILE, or '-') as a stream would be\n"
    "read, and prints its tokens, or says at which byte and why it is refused: XML 1.0 in\n"
    "UTF-8 with namespaces, less what RFC 6120 section 11 forbids.\n"
    "\n"
    "  --chunk N       feed N bytes at a time; the output is the same\n"
    "  --events none   print no tokens, only judge\n"
    "  --json          one JSON object a line\n"
    "  --help          this text\n"
    "\n"
    "A token is a line: start {NAMESPACE}NAME, attribute {NAMESPACE}NAME \"VALUE\" (after\n"
    "its start), text \"TEXT\", end {NAMESPACE}NAME.\n"
    "\n"
    "Exit status: 0 accepted, 1 refused, 2 usage, 3 incomplete.\n";

typedef struct reader {
    parley_xml xml;
    const char *path; /* for messages */
    size_t chunk;
    bool quiet;
    bool as_json;
    bool in_text; /* a text token is being printed */
    text_writer text;
} reader;

/* Tokens. */

static void end_text(reader *r)
{
    if (r->in_text) {
        text_end(&r->text);
        fputs(r->as_json ? "\"}\n" : "\"\n", stdout);
        r->in_text = false;
    }
}

/* Pieces of text that touch are one token. */
static void put_text(reader *r, parley_string piece)
{
    if (r->quiet || piece.len == 0) {
        return;
    }
    if (!r->in_text) {
        fputs(r->as_json ? "{\"token\":\"text\",\"text\":\"" : "text \"", stdout);
        text_begin(&r->text, stdout, r->as_json ? TEXT_JSON : TEXT_QUOTED);
        r->in_text = true;
    }
    text_piece(&r->text, piece);
}

static void put_name(parley_string space, parley_string name)
{
    putchar('{');
    text_print(stdout, TEXT_LINE, space);
    putchar('}');
    text_print(stdout, TEXT_LINE, name);
}

/* `value` NULL: none. */
static void put_token(const reader *r, const char *token, parley_string space, parley_string name,
                      const parley_string *value)
{
    if (r->as_json) {
        json j;

        json_open(&j, stdout, "token", token);
        json_string(&j, "namespace", space.data != NULL ? space : parley_string_of(""));
        json_string(&j, "name", name);
        if (value != NULL) {
            json_string(&j, "value", value->data != NULL ? *value : parley_string_of(""));
        }
        json_end(&j);
        return;
    }
    printf("%s ", token);
    put_name(space, name);
    if (value != NULL) {
        fputs(" \"", stdout);
        text_print(stdout, TEXT_QUOTED, *value);
        putchar('"');
    }
    putchar('\n');
}

static void put_element(reader *r, const char *token, bool attributes)
{
    parley_element e = parley_xml_element(&r->xml);
    parley_attribute attribute;
    uint32_t next = 0;

    end_text(r);
    if (r->quiet) {
        return;
    }
    put_token(r, token, parley_element_namespace(e), parley_element_name(e), NULL);
    while (attributes && parley_element_attributes(e, &next, &attribute)) {
        put_token(r, "attribute", attribute.space, attribute.name, &attribute.value);
    }
}

/* Feeding. */

static const char *advice(parley_code code)
{
    switch (code) {
    case PARLEY_ERROR_XML_RESTRICTED:
        return "comments, processing instructions, DTDs and entities other than the five have no "
               "place in XMPP; take it out";
    case PARLEY_ERROR_XML_ENCODING:
        return "only UTF-8 is taken; convert the document, or correct its declaration";
    case PARLEY_ERROR_XML_NAMESPACE:
        return "a prefix is not declared, is reserved, or names an attribute twice; declare it, or "
               "choose another";
    case PARLEY_ERROR_XML_DEPTH:
        return "elements are nested deeper than the limit; make it flatter";
    case PARLEY_ERROR_XML_ATTRIBUTES:
        return "the element has more attributes than the limit; give it fewer";
    case PARLEY_ERROR_XML_NAME:
        return "the name is longer than the limit; shorten it";
    case PARLEY_ERROR_XML_ELEMENT:
    case PARLEY_ERROR_XML_MEMORY:
        return "the start tag is larger than the memory for it; shorten it";
    default:
        return "from this byte on it cannot be XML; correct what stands there";
    }
}

static int refuse(reader *r)
{
    end_text(r);
    fflush(stdout);
    report("%s, byte %llu: %s: %s", r->path, (unsigned long long)parley_xml_offset(&r->xml),
           parley_condition_name(parley_xml_condition(&r->xml)), advice(parley_xml_error(&r->xml)));
    return STATUS_REFUSED;
}

/* STATUS_OK: all of it was taken. */
static int feed(reader *r, const char *data, size_t len)
{
    for (;;) {
        parley_xml_token token;
        size_t taken = parley_xml_push(&r->xml, data, len, &token);

        switch (token) {
        case PARLEY_XML_MORE:
            return STATUS_OK;
        case PARLEY_XML_START:
            put_element(r, "start", true);
            break;
        case PARLEY_XML_TEXT:
            put_text(r, parley_xml_text(&r->xml));
            break;
        case PARLEY_XML_END:
            put_element(r, "end", false);
            break;
        case PARLEY_XML_ERROR:
            return refuse(r);
        default:
            break; /* a start tag over the memory: the next push is the error */
        }
        data += taken;
        len -= taken;
    }
}

static int conclude(reader *r)
{
    parley_result result = parley_xml_finish(&r->xml);

    end_text(r);
    if (result == PARLEY_OK) {
        return STATUS_OK;
    }
    if (result == PARLEY_MORE) {
        fflush(stdout);
        report("%s, byte %llu: incomplete: the document ends before its root element does", r->path,
               (unsigned long long)parley_xml_offset(&r->xml));
        return STATUS_INCOMPLETE;
    }
    return refuse(r);
}

static int read_document(reader *r, FILE *in)
{
    static char piece[PIECE];
    size_t got;

    while ((got = fread(piece, 1, sizeof piece, in)) > 0) {
        for (size_t at = 0; at < got; at += r->chunk) {
            size_t len = got - at < r->chunk ? got - at : r->chunk;
            int status = feed(r, piece + at, len);

            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    if (ferror(in)) {
        report("%s: cannot be read: %s", r->path, strerror(errno));
        return STATUS_USAGE;
    }
    return conclude(r);
}

static int read_file(reader *r)
{
    static union {
        uint64_t align;
        char bytes[MEMORY];
    } memory;
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    bool standard = strcmp(r->path, "-") == 0;
    FILE *in = standard ? stdin : fopen(r->path, "rb");
    int status;

    if (in == NULL) {
        report("%s: cannot be opened: %s", r->path, strerror(errno));
        return STATUS_USAGE;
    }
    if (standard) {
        r->path = "standard input";
    }
    limits.element = 0; /* a document is not a stanza: no such limits */
    limits.elements = 0;
    if (parley_xml_init(&r->xml, sizeof r->xml, &limits, &memory, sizeof memory) != PARLEY_OK) {
        report("the tokenizer cannot be set up: header and library differ; rebuild both");
        status = STATUS_USAGE;
    } else {
        parley_xml_set_tree(&r->xml, PARLEY_XML_NO_TREE);
        status = read_document(r, in);
    }
    if (!standard) {
        fclose(in);
    }
    return status;
}

static int take(reader *r, int option)
{
    unsigned long chunk;

    switch (option) {
    case OPTION_CHUNK:
        if (!options_number(optarg, 1, PIECE, &chunk)) {
            return report_usage("--chunk takes 1 to %zu, not '%s'", PIECE, optarg);
        }
        r->chunk = chunk;
        return STATUS_OK;
    case OPTION_EVENTS:
        if (strcmp(optarg, "none") != 0) {
            return report_usage("--events takes none, not '%s'", optarg);
        }
        r->quiet = true;
        return STATUS_OK;
    case OPTION_JSON:
        r->as_json = true;
        return STATUS_OK;
    default:
        return STATUS_USAGE;
    }
}

int command_xml(int argc, char **argv)
{
    static reader r;
    int option;

    r.chunk = PIECE;
    r.path = "-";
    while ((option = options_next(argc, argv, known)) != -1) {
        int status;

        if (option == 'h') {
            fputs(help, stdout);
            return STATUS_OK;
        }
        status = take(&r, option);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (optind + 1 < argc) {
        return report_usage("one FILE is enough: what is '%s'", argv[optind + 1]);
    }
    if (optind < argc) {
        r.path = argv[optind];
    }
    return read_file(&r);
}

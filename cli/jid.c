/* `parley jid`: a JID's prepared parts, or why it is refused. */
#include "commands.h"
#include "json.h"
#include "options.h"
#include "report.h"
#include "status.h"
#include "text.h"

#include <parley/jid.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_JSON = 256 };

static const struct option known[] = {
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley jid [OPTION]... JID\n"
    "Prints the parts of JID (localpart@domainpart/resourcepart, RFC 7622) as they are\n"
    "compared and sent, or says at which byte and why it is refused.\n"
    "\n"
    "  --json   one JSON object; a part that is absent is null\n"
    "  --help   this text\n"
    "\n"
    "Exit status: 0 accepted, 1 refused, 2 usage.\n";

/* Where the parts of a text lie, by its first '/' and the first '@' before it
   (RFC 7622 section 3.1). */
typedef struct split {
    size_t domain;   /* offset; 0: no localpart */
    size_t resource; /* offset of its first byte; len + 1: none */
} split;

static split split_text(parley_string text)
{
    const char *slash = memchr(text.data, '/', text.len);
    size_t before = slash != NULL ? (size_t)(slash - text.data) : text.len;
    const char *at = memchr(text.data, '@', before);

    return (split){at != NULL ? (size_t)(at - text.data) + 1 : 0, before + 1};
}

static int refuse(parley_string text, size_t offset)
{
    split s = split_text(text);
    const char *part = offset >= s.resource ? "resourcepart"
                       : offset >= s.domain ? "domainpart"
                                            : "localpart";

    report("byte %zu, in the %s: %s", offset, part, parley_jid_reason(text));
    return STATUS_REFUSED;
}

static void put_part(const char *name, parley_string part)
{
    if (part.data != NULL) {
        printf("%-9s ", name);
        text_print(stdout, TEXT_LINE, part);
        putchar('\n');
    }
}

static void put_json(const parley_jid *jid)
{
    json j;

    json_begin(&j, stdout);
    json_string(&j, "local", jid->local);
    json_string(&j, "domain", jid->domain);
    json_string(&j, "resource", jid->resource);
    json_close(&j);
}

static int show(const char *argument, bool as_json)
{
    char buffer[PARLEY_JID_SIZE];
    parley_string text = parley_string_of(argument);
    parley_jid jid;
    size_t offset = 0;

    if (parley_jid_parse(&jid, text, buffer, sizeof buffer, &offset) != PARLEY_OK) {
        return refuse(text, offset);
    }
    if (as_json) {
        put_json(&jid);
    } else {
        put_part("local", jid.local);
        put_part("domain", jid.domain);
        put_part("resource", jid.resource);
    }
    return STATUS_OK;
}

int command_jid(int argc, char **argv)
{
    bool as_json = false;
    int option;

    while ((option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return STATUS_OK;
        }
        if (option != OPTION_JSON) {
            return STATUS_USAGE;
        }
        as_json = true;
    }
    if (optind == argc) {
        return report_usage("which JID? Give one");
    }
    if (optind + 1 < argc) {
        return report_usage("one JID is enough: what is '%s'", argv[optind + 1]);
    }
    return show(argv[optind], as_json);
}

#include "probe_options.h"

#include "report.h"
#include "status.h"

#include <stdio.h>
#include <string.h>

enum { OPTION_STRICT = 256, OPTION_TRACE, OPTION_JSON };

static const struct option known[] = {
    SERVER_OPTIONS,
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"trace", no_argument, NULL, OPTION_TRACE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley probe [OPTION]... DOMAIN\n"
    "Negotiates with DOMAIN's server up to authentication, without an account, and reports\n"
    "what it offers before and after TLS, its certificate, and a verdict on each point: pass,\n"
    "warn (against a SHOULD or good practice) or fail (against a MUST, or nothing can come of\n"
    "it), with the RFC or XEP behind it. It sends no credentials. After a bad certificate it\n"
    "connects once more, trusting that key alone, to see the rest; after a good one once more\n"
    "to see whether TLS sessions are resumed.\n"
    "\n" SERVER_OPTIONS_HELP "Output:\n"
    "  --strict               a verdict that fails is exit status 8\n"
    "  --trace                the conversation and the states on stderr\n"
    "  --json                 one JSON object a line on stdout\n"
    "  --help                 this text\n"
    "\n"
    "Exit status: 0 probed to the end (the verdicts say what was found), 1 something local,\n"
    "2 usage, 3 network, 4 TLS (not offered, refused, handshake, certificate), 5 no mechanism\n"
    "that parley has, 6 the server broke the protocol, 8 a limit of ours, or --strict,\n"
    "9 the server sent a stream error, 128 + N signal N.\n";

static int read_domain(probe_options *o, int argc, char **argv)
{
    size_t at = 0;

    if (optind == argc) {
        return report_usage("whose server? Give a domain");
    }
    if (optind + 1 < argc) {
        return report_usage("one domain is enough: what is '%s'", argv[optind + 1]);
    }
    if (parley_jid_parse(&o->jid, parley_string_of(argv[optind]), o->jid_text, sizeof o->jid_text,
                         &at) != PARLEY_OK) {
        return report_usage("'%s' is not a domain, at byte %zu; parley jid says more", argv[optind],
                            at);
    }
    if (o->jid.local.data != NULL || o->jid.resource.data != NULL) {
        return report_usage("'%s' is more than a domain; no account is needed: give %.*s",
                            argv[optind], (int)o->jid.domain.len, o->jid.domain.data);
    }
    memcpy(o->domain, o->jid.domain.data, o->jid.domain.len);
    return STATUS_OK;
}

int probe_options_read(probe_options *o, int argc, char **argv, bool *done)
{
    int option;
    int status = STATUS_OK;

    memset(o, 0, sizeof *o);
    server_options_init(&o->server);
    *done = false;
    while (status == STATUS_OK && (option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            *done = true;
            return STATUS_OK;
        }
        if (option == '?') {
            return STATUS_USAGE;
        }
        o->strict |= option == OPTION_STRICT;
        o->trace |= option == OPTION_TRACE;
        o->json |= option == OPTION_JSON;
        if (server_options_has(option)) {
            status = server_options_take(&o->server, option, optarg);
        }
    }
    if (status == STATUS_OK) {
        status = read_domain(o, argc, argv);
    }
    return status == STATUS_OK ? server_options_check(&o->server) : status;
}

/* The options of parley serve. */
#include "serve.h"

#include "options.h"
#include "status.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: parley serve --users FILE [OPTION...]\n"
    "       parley serve --add-user NAME [--password-file FILE]\n"
    "\n"
    "A small XMPP server for tests, labs and closed networks. When it is ready it\n"
    "prints \"listening starttls ADDR:PORT\", \"listening tls ADDR:PORT\" and \"pin sha256\n"
    "HEX\"; SIGTERM closes every stream in order.\n"
    "\n"
    "  --users FILE           a user a line: NAME:PASSWORD, or as --add-user prints it\n"
    "  --add-user NAME        print a line with SCRAM keys for FILE, and end; the password\n"
    "                         comes from --password-file, PARLEY_PASSWORD or the terminal\n"
    "  --listen ADDR:PORT     STARTTLS; port 0 picks one (127.0.0.1:5222, if neither this\n"
    "                         nor --tls-listen is given)\n"
    "  --tls-listen ADDR:PORT direct TLS (XEP-0368)\n"
    "  --domain D             the domain it serves (localhost)\n"
    "  --cert FILE --key FILE certificate chain and key, PEM; without them a P-256\n"
    "                         certificate is made on the spot\n"
    "  --cert-out FILE        write the trust anchor made with it, for clients to trust\n"
    "  --client-ca FILE       ask clients for a certificate of these authorities\n"
    "  --mechanisms LIST      SASL mechanisms to offer, with commas between\n"
    "                         (all of SCRAM, -PLUS included; SCRAM-SHA-512 if every user\n"
    "                         has a password or keys for it; EXTERNAL with --client-ca).\n"
    "                         ANONYMOUS logs in as the user 'anonymous' of --users\n"
    "  --roster FILE          who is in whose roster; without it everybody is in\n"
    "                         everybody's. A contact a line:\n"
    "                             OWNER CONTACT none|to|from|both [NAME]\n"
    "                         CONTACT is a user or a bare JID; a user gets the reverse\n"
    "  --sessions N           sessions at once (100); memory for them is taken at the start\n"
    "  --stanza BYTES         longest stanza that is taken, 10000 or more (65536)\n"
    "  --lock-out N           failed logins of a user from an address before both have to\n"
    "                         wait, 1 s at first and twice that each time, to 15 minutes;\n"
    "                         of any users from there 4 N (5). 0: never. Named, it holds\n"
    "                         for connections from this host too\n"
    "  --timeout SECONDS      for a client's negotiation (30)\n"
    "  --insecure             --listen offers SASL without TLS, and no STARTTLS; for labs\n"
    "                         alone\n"
    "  --log FILE             one line an event (standard error)\n"
    "  --json                 the lines and the log as JSON objects (on standard output)\n"
    "\n"
    "A resource that is taken is not refused: the newcomer gets one made by the server\n"
    "(RFC 6120 7.7.2.2). Rosters are kept in memory, until the server ends.\n"
    "\n"
    "Exit status: 0 ended in order; 1 a file, memory, an address; 2 usage.\n";

enum {
    OPTION_ADD_USER = 256,
    OPTION_CERT,
    OPTION_CERT_OUT,
    OPTION_CLIENT_CA,
    OPTION_DOMAIN,
    OPTION_INSECURE,
    OPTION_JSON,
    OPTION_KEY,
    OPTION_LISTEN,
    OPTION_LOCK_OUT,
    OPTION_LOG,
    OPTION_MECHANISMS,
    OPTION_PASSWORD_FILE,
    OPTION_ROSTER,
    OPTION_SESSIONS,
    OPTION_STANZA,
    OPTION_TIMEOUT,
    OPTION_TLS_LISTEN,
    OPTION_USERS
};

static const struct option known[] = {{"add-user", required_argument, NULL, OPTION_ADD_USER},
                                      {"cert", required_argument, NULL, OPTION_CERT},
                                      {"cert-out", required_argument, NULL, OPTION_CERT_OUT},
                                      {"client-ca", required_argument, NULL, OPTION_CLIENT_CA},
                                      {"domain", required_argument, NULL, OPTION_DOMAIN},
                                      {"help", no_argument, NULL, 'h'},
                                      {"insecure", no_argument, NULL, OPTION_INSECURE},
                                      {"json", no_argument, NULL, OPTION_JSON},
                                      {"key", required_argument, NULL, OPTION_KEY},
                                      {"listen", required_argument, NULL, OPTION_LISTEN},
                                      {"lock-out", required_argument, NULL, OPTION_LOCK_OUT},
                                      {"log", required_argument, NULL, OPTION_LOG},
                                      {"mechanisms", required_argument, NULL, OPTION_MECHANISMS},
                                      {"password-file", required_argument, NULL,
                                       OPTION_PASSWORD_FILE},
                                      {"roster", required_argument, NULL, OPTION_ROSTER},
                                      {"sessions", required_argument, NULL, OPTION_SESSIONS},
                                      {"stanza", required_argument, NULL, OPTION_STANZA},
                                      {"timeout", required_argument, NULL, OPTION_TIMEOUT},
                                      {"tls-listen", required_argument, NULL, OPTION_TLS_LISTEN},
                                      {"users", required_argument, NULL, OPTION_USERS},
                                      {NULL, 0, NULL, 0}};

static int read_mechanisms(serve_options *o, const char *list)
{
    o->mechanism_count = 0;
    for (;;) {
        size_t len = strcspn(list, ",");
        char name[32];
        const parley_mechanism *mechanism = NULL;
        if (len < sizeof(name)) {
            memcpy(name, list, len);
            name[len] = '\0';
            mechanism = options_mechanism(name);
        }
        if (!mechanism) {
            return report_usage("--mechanisms: '%.*s' is not known; known: %s",
                                (int)(len < 64 ? len : 64), list, options_mechanism_names());
        }
        for (size_t i = 0; i < o->mechanism_count; i++) {
            if (o->mechanisms[i] == mechanism) {
                return report_usage("--mechanisms: %s stands there twice", name);
            }
        }
        if (o->mechanism_count == SERVE_MECHANISMS) {
            return report_usage("--mechanisms: at most %u", SERVE_MECHANISMS);
        }
        o->mechanisms[o->mechanism_count++] = mechanism;
        if (list[len] == '\0') {
            return 0;
        }
        list += len + 1;
    }
}

static int read_number(const char *name, unsigned long least, unsigned long most,
                       unsigned long *value)
{
    if (!options_number(optarg, least, most, value)) {
        return report_usage("%s: a number from %lu to %lu", name, least, most);
    }
    return 0;
}

/* The text options, by number. */
static const char **text_of(serve_options *o, int option)
{
    switch (option) {
    case OPTION_ADD_USER:
        return &o->add_user;
    case OPTION_CERT:
        return &o->cert;
    case OPTION_CERT_OUT:
        return &o->cert_out;
    case OPTION_CLIENT_CA:
        return &o->client_ca;
    case OPTION_DOMAIN:
        return &o->domain;
    case OPTION_KEY:
        return &o->key;
    case OPTION_LISTEN:
        return &o->listen;
    case OPTION_LOG:
        return &o->log;
    case OPTION_PASSWORD_FILE:
        return &o->password_file;
    case OPTION_ROSTER:
        return &o->roster;
    case OPTION_TLS_LISTEN:
        return &o->tls_listen;
    case OPTION_USERS:
        return &o->users;
    default:
        return NULL;
    }
}

/* A stanza of 10000 bytes is always taken (RFC 6120 13.12). */
static int read_one(serve_options *o, int option)
{
    const char **text = text_of(o, option);
    if (text) {
        *text = optarg;
        return 0;
    }
    switch (option) {
    case OPTION_INSECURE:
        o->insecure = true;
        return 0;
    case OPTION_JSON:
        o->json = true;
        return 0;
    case OPTION_MECHANISMS:
        return read_mechanisms(o, optarg);
    case OPTION_LOCK_OUT:
        o->lock_out_named = true;
        return read_number("--lock-out", 0, 1000, &o->lock_out);
    case OPTION_SESSIONS:
        return read_number("--sessions", 1, SERVE_SESSIONS_MOST, &o->sessions);
    case OPTION_STANZA:
        return read_number("--stanza", PARLEY_STANZA_MINIMUM, 4u << 20, &o->stanza);
    case OPTION_TIMEOUT:
        return read_number("--timeout", 1, 3600, &o->timeout);
    default:
        return STATUS_USAGE; /* reported by options_next */
    }
}

static bool names_external(const serve_options *o)
{
    for (size_t i = 0; i < o->mechanism_count; i++) {
        if (o->mechanisms[i] == &parley_external) {
            return true;
        }
    }
    return false;
}

static int check(serve_options *o)
{
    if (o->add_user) {
        return 0;
    }
    if (!o->users) {
        return report_usage("--users FILE is missing");
    }
    if (o->password_file) {
        return report_usage("--password-file belongs to --add-user");
    }
    if (!o->cert != !o->key) {
        return report_usage("--cert and --key belong together");
    }
    if (o->cert_out && o->cert) {
        return report_usage("--cert-out writes the certificate made here; there is none with "
                            "--cert");
    }
    if (!o->listen && !o->tls_listen) {
        o->listen = "127.0.0.1:5222";
    }
    if (o->insecure && !o->listen) {
        return report_usage("--insecure is for --listen");
    }
    if (!o->client_ca && names_external(o)) {
        return report_usage("EXTERNAL takes the certificates of --client-ca: add that, or leave "
                            "EXTERNAL out of --mechanisms");
    }
    if (o->insecure && o->mechanism_count == 1 && o->mechanisms[0] == &parley_plain) {
        return report_usage("PLAIN is not offered without TLS: name another mechanism too, or "
                            "leave --insecure out");
    }
    return 0;
}

int serve_options_read(int argc, char **argv, serve_options *options, bool *go)
{
    int option;
    int status;

    *go = false;
    *options = (serve_options){.domain = "localhost",
                               .sessions = SERVE_SESSIONS,
                               .timeout = SERVE_TIMEOUT,
                               .lock_out = SERVE_FAILURES,
                               .stanza = SERVE_STANZA};
    while ((option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return STATUS_OK;
        }
        status = read_one(options, option);
        if (status) {
            return status;
        }
    }
    if (optind < argc) {
        return report_usage("'%s' is not an option", argv[optind]);
    }
    status = check(options);
    *go = status == 0;
    return status;
}

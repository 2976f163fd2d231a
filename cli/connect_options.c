#include "connect_options.h"

#include "clock.h"
#include "status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_CERT = 256,
    OPTION_KEY,
    OPTION_MECHANISM,
    OPTION_ALLOW_PLAIN,
    OPTION_PASSWORD_FILE,
    OPTION_RESOURCE,
    OPTION_ROSTER,
    OPTION_PRESENCE,
    OPTION_TO,
    OPTION_MESSAGE,
    OPTION_LISTEN,
    OPTION_RETRY,
    OPTION_RETRY_WAIT,
    OPTION_REDIRECTS,
    OPTION_DIAGRAM,
    OPTION_TRACE,
    OPTION_JSON
};

static const struct option known[] = {
    SERVER_OPTIONS,
    {"cert", required_argument, NULL, OPTION_CERT},
    {"key", required_argument, NULL, OPTION_KEY},
    {"mechanism", required_argument, NULL, OPTION_MECHANISM},
    {"allow-plain", no_argument, NULL, OPTION_ALLOW_PLAIN},
    {"password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
    {"resource", required_argument, NULL, OPTION_RESOURCE},
    {"roster", no_argument, NULL, OPTION_ROSTER},
    {"presence", no_argument, NULL, OPTION_PRESENCE},
    {"to", required_argument, NULL, OPTION_TO},
    {"message", required_argument, NULL, OPTION_MESSAGE},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"retry", required_argument, NULL, OPTION_RETRY},
    {"retry-wait", required_argument, NULL, OPTION_RETRY_WAIT},
    {"redirects", required_argument, NULL, OPTION_REDIRECTS},
    {"diagram", required_argument, NULL, OPTION_DIAGRAM},
    {"trace", no_argument, NULL, OPTION_TRACE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley connect [OPTION]... JID\n"
    "Logs in as JID (user@domain or user@domain/resource), does what is asked for, and\n"
    "closes the session in order.\n"
    "\n" SERVER_OPTIONS_HELP
    "  --cert FILE --key FILE a client certificate with its chain, and its key, PEM\n"
    "Authentication:\n"
    "  --mechanism NAME       use this mechanism only; may be repeated, best first\n"
    "                         (SCRAM-SHA-512, -256, -1, each with -PLUS too, EXTERNAL,\n"
    "                         PLAIN, DIGEST-MD5, ANONYMOUS: then a domain will do)\n"
    "  --allow-plain          allow PLAIN beside the SCRAM mechanisms\n"
    "  --password-file FILE   the password is its first line; else PARLEY_PASSWORD, else\n"
    "                         it is asked for\n"
    "  --resource NAME        bind this resource (the JID's, or one of the server's)\n"
    "Then:\n"
    "  --roster               print the contacts\n"
    "  --presence             say that we are available\n"
    "  --to JID --message TEXT  send a message\n"
    "  --listen SECONDS       stay, and print what comes\n"
    "When it fails:\n"
    "  --retry N              try again up to N times (0) where that can help: never after a\n"
    "                         refused password or certificate; no message is sent twice\n"
    "  --retry-wait SECONDS   wait this long at most before (a random part of 60, then of 120,\n"
    "                         240 and so on up to 3600: RFC 6120 3.3)\n"
    "  --redirects N          go where the server sends us (see-other-host) up to N times (3,\n"
    "                         at most 5); never if it says so before TLS\n"
    "Output:\n"
    "  --trace                the conversation and the states on stderr, secrets hidden\n"
    "  --diagram FILE         the states that the session went through, drawn (SVG)\n"
    "  --json                 one JSON object a line on stdout\n"
    "  --help                 this text\n"
    "\n"
    "Exit status: 0 the session ended in order, 1 something local, 2 usage, 3 network,\n"
    "4 TLS, 5 authentication, 6 the peer broke the protocol, 7 bind or session refused,\n"
    "8 a limit or policy of ours, 9 the peer sent a stream error, 128 + N signal N.\n";

static int read_mechanism(connect_options *o, const char *value)
{
    const parley_mechanism *mechanism = options_mechanism(value);

    if (mechanism == NULL) {
        return report_usage("there is no mechanism '%s' here; there are %s", value,
                            options_mechanism_names());
    }
    for (size_t i = 0; i < o->mechanism_count; i++) {
        if (o->mechanisms[i] == mechanism) {
            return report_usage("--mechanism %s stands there twice", value);
        }
    }
    o->mechanisms[o->mechanism_count++] = mechanism;
    return STATUS_OK;
}

static int read_count(const char *name, const char *value, unsigned long most, unsigned *count)
{
    unsigned long number;

    if (!options_number(value, 0, most, &number)) {
        return report_usage("--%s takes 0 to %lu, not '%s'", name, most, value);
    }
    *count = (unsigned)number;
    return STATUS_OK;
}

/* The options without a value, or with one that needs no reading. */
static void take_plainly(connect_options *o, int option, const char *value)
{
    switch (option) {
    case OPTION_CERT:
        o->certificate = value;
        break;
    case OPTION_KEY:
        o->key = value;
        break;
    case OPTION_ALLOW_PLAIN:
        o->allow_plain = true;
        break;
    case OPTION_PASSWORD_FILE:
        o->password_file = value;
        break;
    case OPTION_RESOURCE:
        o->resource = value;
        break;
    case OPTION_ROSTER:
        o->plan.roster = true;
        break;
    case OPTION_PRESENCE:
        o->plan.presence = true;
        break;
    case OPTION_TO:
        o->plan.to = value;
        break;
    case OPTION_MESSAGE:
        o->plan.message = value;
        break;
    case OPTION_DIAGRAM:
        o->diagram = value;
        break;
    case OPTION_TRACE:
        o->trace = true;
        break;
    default:
        o->json = true;
        break;
    }
}

static int take(connect_options *o, int option, const char *value)
{
    if (server_options_has(option)) {
        return server_options_take(&o->server, option, value);
    }
    switch (option) {
    case OPTION_MECHANISM:
        return read_mechanism(o, value);
    case OPTION_LISTEN:
        return options_seconds("listen", value, 0, &o->plan.listen);
    case OPTION_RETRY:
        return read_count("retry", value, 1000, &o->retries);
    case OPTION_RETRY_WAIT:
        return options_seconds("retry-wait", value, 0, &o->retry_wait);
    case OPTION_REDIRECTS:
        return read_count("redirects", value, PARLEY_REDIRECTS_MAXIMUM, &o->plan.redirects.most);
    default:
        take_plainly(o, option, value);
        return STATUS_OK;
    }
}

static int check_certificate(connect_options *o)
{
    if (o->server.security == SERVER_OFF && o->certificate != NULL) {
        return report_usage("--cert has no meaning with --tls off");
    }
    if ((o->certificate == NULL) != (o->key == NULL)) {
        return report_usage("--cert and --key go together");
    }
    o->plan.timeout = o->server.timeout;
    o->plan.redirects.clear_too = o->server.insecure;
    return STATUS_OK;
}

bool connect_options_without_password(const connect_options *o)
{
    for (size_t i = 0; i < o->mechanism_count; i++) {
        if (o->mechanisms[i] != &parley_external && o->mechanisms[i] != &parley_anonymous) {
            return false;
        }
    }
    return true;
}

/* Named mechanisms are all there is; else EXTERNAL with a certificate, the SCRAM
   ones, and PLAIN if allowed. With a certificate nobody is asked for a password: where
   none was given, EXTERNAL is all there is. */
static int check_mechanisms(connect_options *o)
{
    for (size_t i = 0; i < o->mechanism_count && o->certificate == NULL; i++) {
        if (o->mechanisms[i] == &parley_external) {
            return report_usage("--mechanism EXTERNAL shows a certificate: add --cert and --key");
        }
    }
    if (o->mechanism_count > 0) {
        return o->allow_plain
                   ? report_usage("--mechanism names all that may be used; to have PLAIN among "
                                  "them, add --mechanism PLAIN in place of --allow-plain")
                   : STATUS_OK;
    }
    if (o->certificate != NULL) {
        o->mechanisms[o->mechanism_count++] = &parley_external;
        if (o->password_file == NULL && getenv("PARLEY_PASSWORD") == NULL) {
            return STATUS_OK;
        }
    }
    for (size_t i = 0; i < PARLEY_MECHANISMS_STRONG; i++) {
        o->mechanisms[o->mechanism_count++] = parley_mechanisms_strong[i];
    }
    if (o->allow_plain) {
        o->mechanisms[o->mechanism_count++] = &parley_plain;
    }
    return STATUS_OK;
}

static int check_resource(const connect_options *o)
{
    char buffer[PARLEY_JID_SIZE];
    parley_string prepared;
    size_t at = 0;

    if (o->resource != NULL &&
        parley_jid_prepare(PARLEY_JID_RESOURCE, parley_string_of(o->resource), buffer,
                           sizeof buffer, &prepared, &at) != PARLEY_OK) {
        return report_usage("--resource '%s' cannot be a resource, at byte %zu", o->resource, at);
    }
    return STATUS_OK;
}

static int check_message(const connect_options *o)
{
    char buffer[PARLEY_JID_SIZE];
    parley_jid jid;
    size_t at = 0;

    if ((o->plan.to == NULL) != (o->plan.message == NULL)) {
        return report_usage("--to and --message go together");
    }
    if (o->plan.to == NULL) {
        return STATUS_OK;
    }
    if (parley_jid_parse(&jid, parley_string_of(o->plan.to), buffer, sizeof buffer, &at) !=
        PARLEY_OK) {
        return report_usage("--to '%s' is not a JID, at byte %zu; parley jid says more", o->plan.to,
                            at);
    }
    if (!conversation_can_say(o->plan.message)) {
        return report_usage("--message holds a character that XML cannot carry, or is not UTF-8");
    }
    return STATUS_OK;
}

static void copy_part(char *to, parley_string part)
{
    memcpy(to, part.data, part.len);
    to[part.len] = '\0';
}

static int read_jid(connect_options *o, int argc, char **argv)
{
    size_t at = 0;
    size_t len = 0;

    if (optind == argc) {
        return report_usage("whom to log in as? Give a JID, user@domain");
    }
    if (optind + 1 < argc) {
        return report_usage("one JID is enough: what is '%s'", argv[optind + 1]);
    }
    if (parley_jid_parse(&o->jid, parley_string_of(argv[optind]), o->jid_text, sizeof o->jid_text,
                         &at) != PARLEY_OK) {
        return report_usage("'%s' is not a JID, at byte %zu; parley jid says more", argv[optind],
                            at);
    }
    if (o->jid.local.data == NULL &&
        (o->mechanism_count == 0 || !connect_options_without_password(o))) {
        return report_usage("'%s' names no user; give user@%s", argv[optind], argv[optind]);
    }
    copy_part(o->domain, o->jid.domain);
    if (parley_jid_write(&o->jid, true, o->bare, sizeof o->bare - 1, &len) != PARLEY_OK) {
        return report_usage("'%s' is longer than a JID can be", argv[optind]);
    }
    o->bare[len] = '\0';
    return STATUS_OK;
}

int connect_options_read(connect_options *o, int argc, char **argv, bool *done)
{
    int option;
    int status = STATUS_OK;

    memset(o, 0, sizeof *o);
    server_options_init(&o->server);
    o->retry_wait = CLOCK_NEVER;
    o->plan.redirects.most = PARLEY_REDIRECTS_DEFAULT;
    *done = false;
    while (status == STATUS_OK && (option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            *done = true;
            return STATUS_OK;
        }
        status = option == '?' ? STATUS_USAGE : take(o, option, optarg);
    }
    if (status == STATUS_OK) {
        status = read_jid(o, argc, argv);
    }
    if (status == STATUS_OK) {
        status = server_options_check(&o->server);
    }
    if (status == STATUS_OK) {
        status = check_certificate(o);
    }
    if (status == STATUS_OK) {
        status = check_mechanisms(o);
    }
    if (status == STATUS_OK) {
        status = check_resource(o);
    }
    return status == STATUS_OK ? check_message(o) : status;
}

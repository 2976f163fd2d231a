#include "server_options.h"

#include "report.h"
#include "status.h"

#include <parley/redirect.h>
#include <string.h>

void server_options_init(server_options *o)
{
    memset(o, 0, sizeof *o);
    o->timeout = 30000;
}

bool server_options_has(int option)
{
    return option >= SERVER_OPTION_DNS && option <= SERVER_OPTION_TIMEOUT;
}

static int read_security(server_options *o, const char *value)
{
    if (strcmp(value, "starttls") == 0) {
        o->security = SERVER_STARTTLS;
    } else if (strcmp(value, "direct") == 0) {
        o->security = SERVER_DIRECT;
    } else if (strcmp(value, "off") == 0) {
        o->security = SERVER_OFF;
    } else {
        return report_usage("--tls takes starttls, direct or off, not '%s'", value);
    }
    return STATUS_OK;
}

static int read_pin(server_options *o, const char *value, bool only)
{
    if (o->pinned) {
        return report_usage("only one of --pin and --pin-only can be given, once");
    }
    o->pinned = true;
    o->pin_only = only;
    if (!options_sha256(value, o->pin)) {
        return report_usage("a pin is a SHA-256 in 64 hexadecimal digits, which '%s' is not",
                            value);
    }
    return STATUS_OK;
}

static int read_dns(server_options *o, const char *value)
{
    char host[PARLEY_REDIRECT_SIZE];
    parley_redirect_target server;
    const char *at = value;

    for (;;) {
        parley_string one = {at, strcspn(at, ",")};

        if (parley_redirect_parse(one, host, sizeof host, &server) != PARLEY_OK ||
            !server.literal) {
            return report_usage("--dns takes addresses of servers, ADDRESS or ADDRESS:PORT, "
                                "[IPv6] in brackets, separated by commas, not '%s'",
                                value);
        }
        if (at[one.len] == '\0') {
            o->dns = value;
            return STATUS_OK;
        }
        at += one.len + 1;
    }
}

static int read_port(server_options *o, const char *value)
{
    unsigned long port;

    if (!options_number(value, 1, 65535, &port)) {
        return report_usage("--port takes 1 to 65535, not '%s'", value);
    }
    o->port = (uint16_t)port;
    return STATUS_OK;
}

int server_options_take(server_options *o, int option, const char *value)
{
    switch (option) {
    case SERVER_OPTION_DNS:
        return read_dns(o, value);
    case SERVER_OPTION_HOST:
        o->host = value;
        return STATUS_OK;
    case SERVER_OPTION_PORT:
        return read_port(o, value);
    case SERVER_OPTION_TLS:
        return read_security(o, value);
    case SERVER_OPTION_INSECURE:
        o->insecure = true;
        return STATUS_OK;
    case SERVER_OPTION_CA:
        o->ca = value;
        return STATUS_OK;
    case SERVER_OPTION_PIN:
        return read_pin(o, value, false);
    case SERVER_OPTION_PIN_ONLY:
        return read_pin(o, value, true);
    default:
        return options_seconds("timeout", value, 1, &o->timeout);
    }
}

int server_options_check(const server_options *o)
{
    if (o->security == SERVER_OFF && !o->insecure) {
        return report_usage("--tls off sends everything in the clear: it needs --insecure too");
    }
    if (o->insecure && o->security != SERVER_OFF) {
        return report_usage("--insecure goes with --tls off only");
    }
    if (o->security == SERVER_OFF && (o->ca != NULL || o->pinned)) {
        return report_usage("--ca, --pin and --pin-only have no meaning with --tls off");
    }
    if (o->pin_only && o->ca != NULL) {
        return report_usage("--pin-only takes the place of --ca; use --pin to require both");
    }
    return STATUS_OK;
}

/* The options that say which server, and how it must show itself: those that
   `parley connect` and `parley probe` share. */
#ifndef PARLEY_CLI_SERVER_OPTIONS_H
#define PARLEY_CLI_SERVER_OPTIONS_H

#include "options.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum server_security {
    SERVER_ANY, /* as the SRV records say; STARTTLS where there are none */
    SERVER_STARTTLS,
    SERVER_DIRECT,
    SERVER_OFF
} server_security;

typedef struct server_options {
    const char *dns;  /* servers to ask, separated by commas; NULL: the system's */
    const char *host; /* NULL: SRV look-up */
    uint16_t port;    /* 0: the service's own */
    server_security security;
    bool insecure;
    const char *ca; /* NULL: the system's */
    bool pinned;
    bool pin_only;
    unsigned char pin[32];
    int64_t timeout; /* milliseconds, for connecting and negotiating */
} server_options;

enum {
    SERVER_OPTION_DNS = 512,
    SERVER_OPTION_HOST,
    SERVER_OPTION_PORT,
    SERVER_OPTION_TLS,
    SERVER_OPTION_INSECURE,
    SERVER_OPTION_CA,
    SERVER_OPTION_PIN,
    SERVER_OPTION_PIN_ONLY,
    SERVER_OPTION_TIMEOUT
};

/* Rows for getopt's table, and lines for --help. */
#define SERVER_OPTIONS                                                 \
    {"dns", required_argument, NULL, SERVER_OPTION_DNS},               \
        {"host", required_argument, NULL, SERVER_OPTION_HOST},         \
        {"port", required_argument, NULL, SERVER_OPTION_PORT},         \
        {"tls", required_argument, NULL, SERVER_OPTION_TLS},           \
        {"insecure", no_argument, NULL, SERVER_OPTION_INSECURE},       \
        {"ca", required_argument, NULL, SERVER_OPTION_CA},             \
        {"pin", required_argument, NULL, SERVER_OPTION_PIN},           \
        {"pin-only", required_argument, NULL, SERVER_OPTION_PIN_ONLY}, \
    {                                                                  \
        "timeout", required_argument, NULL, SERVER_OPTION_TIMEOUT      \
    }

#define SERVER_OPTIONS_HELP                                                         \
    "Where:\n"                                                                      \
    "  --host HOST            connect to HOST, without looking SRV records up\n"    \
    "  --port PORT            at this port (5222, or 5223 with --tls direct)\n"     \
    "  --dns ADDRESS[:PORT]   ask this DNS server (the system's)\n"                 \
    "  --timeout SECONDS      for connecting and negotiating (30)\n"                \
    "Encryption:\n"                                                                 \
    "  --tls starttls         ask the server to start TLS (RFC 6120)\n"             \
    "  --tls direct           TLS from the first byte (XEP-0368)\n"                 \
    "  --tls off --insecure   none at all: for labs\n"                              \
    "  --ca FILE              authorities to trust, PEM (the system's)\n"           \
    "  --pin SHA256           and the server's public key must have this SHA-256\n" \
    "  --pin-only SHA256      this alone decides, instead of authorities and name\n"

void server_options_init(server_options *o);

/* Whether the option is one of these. */
bool server_options_has(int option);

/* STATUS_OK, or everything has been said. */
int server_options_take(server_options *o, int option, const char *value);

/* Once all are read. */
int server_options_check(const server_options *o);

#endif

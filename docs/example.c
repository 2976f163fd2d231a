/* A login over a connected socket, with nothing but Parley. `example PORT PIN USER
   PASSWORD` connects to a `parley serve` on this machine for example.org, trusts
   the key whose SHA-256 is PIN, prints states and the JID it is given, and closes. */
#include <parley/tls.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* begin: the loop */
static parley_code converse(parley_tls_client *t, int wire, parley_string password)
{
    char in[4096], random[64];
    size_t at = 0, have = 0, len;
    for (;;) {
        unsigned state = parley_tls_client_run(t);
        const void *out = parley_tls_client_out_buf(t, &len);
        parley_event event;
        parley_request request;
        if (parley_client_event(&t->core, &event)) {
            printf("%s %.*s\n", parley_client_state_text(event.state), (int)event.jid.len,
                   event.jid.data);
        } else if (parley_client_request(&t->core, &request)) {
            bool dice = request.kind == PARLEY_REQUEST_RANDOM;
            parley_string bytes = dice ? (parley_string){random, request.random_len} : password;
            parley_answer_kind kind = dice ? PARLEY_ANSWER_RANDOM : PARLEY_ANSWER_PASSWORD;
            if (dice && getentropy(random, bytes.len) != 0)
                return PARLEY_ERROR_NO_ENTROPY;
            parley_client_answer(&t->core, &(parley_answer){kind, bytes, NULL});
        } else if (state & PARLEY_HAS_WORK) {
            parley_client_work(&t->core, 1000); /* a slice of SCRAM's key derivation */
        } else if (out != NULL) {
            ssize_t sent = write(wire, out, len);
            sent > 0 ? parley_tls_client_out_ack(t, (size_t)sent) : parley_tls_client_finish(t);
        } else if (state & PARLEY_IS_CLOSED) {
            return parley_client_outcome(&t->core)->code;
        } else if (state & PARLEY_IS_READY) {
            parley_client_close(&t->core); /* or parley_client_stanza, parley_client_send */
        } else if (at < have) {
            at += parley_tls_client_push(t, in + at, have - at);
        } else {
            ssize_t got = read(wire, in, sizeof in);
            at = 0, have = got > 0 ? (size_t)got : 0;
            if (have == 0)
                parley_tls_client_finish(t);
        }
    }
}
/* end: the loop */

static int connect_to(const char *port)
{
    struct sockaddr_in address;
    int wire = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)strtoul(port, NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return wire < 0 || connect(wire, (struct sockaddr *)&address, sizeof address) != 0 ? -1 : wire;
}

static int read_pin(const char *text, unsigned char pin[32])
{
    size_t i;
    unsigned byte;

    for (i = 0; i < 32 && sscanf(text + 2 * i, "%2x", &byte) == 1; i++) {
        pin[i] = (unsigned char)byte;
    }
    return i == 32 && text[64] == '\0';
}

int main(int argc, char **argv)
{
    static parley_tls_client client;
    static unsigned char pin[32], seed[32], records[PARLEY_TLS_BUFFER_SIZE];
    parley_client_config core;
    parley_tls_client_config config;
    parley_tls_session_input input;
    parley_code code = PARLEY_NO_ERROR;
    int wire;

    if (argc != 5 || !read_pin(argv[2], pin) || (wire = connect_to(argv[1])) < 0) {
        fprintf(stderr, "usage: example PORT PIN USER PASSWORD, with parley serve on PORT\n");
        return 2;
    }
    parley_client_config_init(&core);
    core.domain = parley_string_of("example.org");
    core.user = parley_string_of(argv[3]);
    memset(&config, 0, sizeof config);
    config.core = &core;
    config.pin = pin;
    config.pin_only = true;
    memset(&input, 0, sizeof input);
    input.work_len = parley_client_work_size(&core);
    input.work = malloc(input.work_len);
    input.buffer = records;
    input.buffer_len = sizeof records;
    input.seed = seed;
    input.seed_len = getentropy(seed, sizeof seed) == 0 ? sizeof seed : 0;
    input.unix_time = time(NULL);
    if (parley_tls_client_init(&client, sizeof client, &config, &input, &code) == PARLEY_OK) {
        code = converse(&client, wire, parley_string_of(argv[4]));
    }
    if (code != PARLEY_NO_ERROR) {
        fprintf(stderr, "%s: %s\n", parley_code_name(code), parley_code_text(code));
    }
    free(input.work);
    close(wire);
    return code == PARLEY_NO_ERROR ? 0 : 1;
}

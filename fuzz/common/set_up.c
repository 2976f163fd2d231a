/* What a configuration sets up, and its first calls. */
#include "common/configured.h"

parley_result fuzz_set_up(fuzz_configured *s, fuzz_role role, parley_code *why)
{
    static const size_t sizes[] = {sizeof(parley_client), sizeof(parley_server),
                                   sizeof(parley_tls_client), sizeof(parley_tls_server)};
    size_t size = sizes[role] + s->size;
    void *object = s->no_object ? NULL : fuzz_block(1, sizes[role], 0xA5);
    const parley_tls_session_input *input = s->no_input ? NULL : &s->input;

    s->last = object;
    if (role == FUZZ_CLIENT) {
        return parley_client_init(object, size, s->no_config ? NULL : &s->client, s->input.work,
                                  s->input.work_len, why);
    }
    if (role == FUZZ_SERVER) {
        return parley_server_init(object, size, s->no_config ? NULL : &s->server, s->input.work,
                                  s->input.work_len, why);
    }
    if (role == FUZZ_TLS_CLIENT) {
        return parley_tls_client_init(object, size, s->no_config ? NULL : &s->tls_client, input,
                                      why);
    }
    return parley_tls_server_init(object, size, s->no_config ? NULL : &s->tls_server, input, why);
}

/* What has not begun can be closed, and says nothing. */
static void close_early(fuzz_configured *s, fuzz_role role)
{
    parley_client *client = s->last;
    parley_server *server = s->last;
    size_t len;

    if (role == FUZZ_CLIENT) {
        parley_client_close(client);
        FUZZ_CHECK(parley_client_out_buf(client, &len) == NULL);
    } else {
        parley_server_close(server);
        FUZZ_CHECK(parley_server_out_buf(server, &len) == NULL);
    }
}

/* Over TLS, where nobody watches: a few bytes, none, and more said to have left than there are. */
static void begin_tls(fuzz_configured *s, fuzz_role role)
{
    parley_tls_client *client = s->last;
    parley_tls_server *server = s->last;
    size_t len;

    if (role == FUZZ_TLS_CLIENT) {
        FUZZ_CHECK(parley_tls_client_push(client, fuzz_flush("", 0), 0) == 0);
        parley_tls_client_out_ack(client, 0);
        (void)parley_tls_client_run(client);
        parley_tls_client_out_ack(client, SIZE_MAX);
        FUZZ_CHECK(parley_tls_client_out_buf(client, &len) == NULL && len == 0);
        (void)parley_tls_client_push(client, fuzz_flush("<a", 2), 2);
    } else {
        FUZZ_CHECK(parley_tls_server_push(server, fuzz_flush("<a", 2), 2) <= 2);
        FUZZ_CHECK(parley_tls_server_push(server, fuzz_flush("", 0), 0) == 0);
        (void)parley_tls_server_run(server);
        parley_tls_server_out_ack(server, SIZE_MAX);
        FUZZ_CHECK(parley_tls_server_out_buf(server, &len) == NULL && len == 0);
    }
}

void fuzz_use_early(fuzz_configured *s, fuzz_role role)
{
    if (role <= FUZZ_SERVER) {
        close_early(s, role);
    } else {
        begin_tls(s, role);
    }
}

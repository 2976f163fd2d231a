#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_ends.h"
#include "tls_engine.h"

static size_t core_push(void *core, const void *data, size_t len)
{
    end_core *c = core;
    const char *text = data;
    size_t taken = 0;

    if (c->deaf || c->out_len > c->out_at || (c->state & (PARLEY_WAITS_TLS | PARLEY_IS_CLOSED))) {
        return 0;
    }
    while (taken < len && !(c->state & (PARLEY_WAITS_TLS | PARLEY_IS_CLOSED)) &&
           c->out_len == c->out_at) {
        assert_true(c->in_len < END_TEXT);
        c->in[c->in_len++] = text[taken];
        if (text[taken] == '!') {
            c->state |= PARLEY_WAITS_TLS;
        } else if (text[taken] == '.') {
            c->state |= PARLEY_IS_CLOSED;
        } else if (text[taken] == '?' && c->answer != NULL) {
            size_t n = strlen(c->answer);

            memcpy(c->out + c->out_len, c->answer, n);
            c->out_len += n;
            if (strchr(c->answer, '.') != NULL) {
                c->state |= PARLEY_IS_CLOSED;
            }
            if (strchr(c->answer, '!') != NULL) {
                c->state |= PARLEY_WAITS_TLS;
            }
        }
        taken++;
    }
    return taken;
}

static void core_finish(void *core)
{
    end_core *c = core;

    c->finishes++;
    c->state |= PARLEY_IS_CLOSED;
    c->state &= ~(unsigned)PARLEY_WAITS_TLS;
}

static const void *core_out_buf(const void *core, size_t *len)
{
    const end_core *c = core;

    *len = c->out_len - c->out_at;
    return *len > 0 ? c->out + c->out_at : NULL;
}

static void core_out_ack(void *core, size_t len)
{
    end_core *c = core;

    assert_true(len <= c->out_len - c->out_at);
    c->out_at += len;
}

static unsigned core_state(const void *core)
{
    const end_core *c = core;
    unsigned state = c->state;

    if (c->out_len > c->out_at) {
        state |= PARLEY_HAS_OUTPUT; /* PARLEY_WAITS_TLS stays: the transport must wait by itself */
    }
    if (!(state & (PARLEY_WAITS_TLS | PARLEY_IS_CLOSED | PARLEY_HAS_OUTPUT)) && !c->deaf) {
        state |= PARLEY_WANTS_INPUT;
    }
    return state;
}

static const char *core_state_name(const void *core)
{
    return ((const end_core *)core)->ups > 0 ? "inside" : "outside";
}

static parley_result core_tls_up(void *core, const parley_tls_info *info)
{
    end_core *c = core;

    assert_true(c->state & PARLEY_WAITS_TLS);
    c->state &= ~(unsigned)PARLEY_WAITS_TLS;
    c->info = *info;
    c->ups++;
    return PARLEY_OK;
}

static void core_tls_failed(void *core, parley_code code, int tls_code)
{
    end_core *c = core;

    c->failures++;
    c->code = code;
    c->tls_code = tls_code;
    c->state |= PARLEY_IS_CLOSED;
    c->state &= ~(unsigned)PARLEY_WAITS_TLS;
}

static int client_start(parley_tls_transport *t)
{
    return br_ssl_client_reset((br_ssl_client_context *)(void *)t->engine,
                               t->verifier.domain[0] != '\0' ? t->verifier.domain : NULL, 0);
}

static int server_start(parley_tls_transport *t)
{
    return br_ssl_server_reset((br_ssl_server_context *)(void *)t->engine);
}

static const parley_tls_core client_calls = {
    true,       core_push,       core_finish, core_out_buf,    core_out_ack,
    core_state, core_state_name, core_tls_up, core_tls_failed, client_start,
};

static const parley_tls_core server_calls = {
    false,      core_push,       core_finish, core_out_buf,    core_out_ack,
    core_state, core_state_name, core_tls_up, core_tls_failed, server_start,
};

static void end_open(end *e, const end_settings *s, bool client)
{
    char seed[32];
    parley_tls_session_input input;

    memset(seed, (client ? 'c' : 's') + s->seed, sizeof seed);
    memset(&input, 0, sizeof input);
    input.buffer = e->buffer;
    input.buffer_len = s->buffer_len != 0 ? s->buffer_len : sizeof e->buffer;
    input.seed = seed;
    input.seed_len = sizeof seed;
    input.unix_time = s->time != 0 ? s->time : CERTIFICATES_TIME;
    assert_int_equal(parley_tls_input_check(&input), PARLEY_NO_ERROR);
    parley_tls_transport_init(&e->transport, client ? &e->tls.client.eng : &e->tls.server.eng,
                              client ? &client_calls : &server_calls, &e->core, &input, s->direct);
    if (s->direct) {
        e->core.state = PARLEY_WAITS_TLS;
    }
}

void end_client(end *e, const end_settings *s)
{
    parley_verifier_settings settings;

    memset(e, 0, sizeof *e);
    memset(&settings, 0, sizeof settings);
    settings.anchors = certificate_anchor(s->anchor != NULL ? s->anchor : "ca");
    settings.anchor_count = 1;
    settings.pin = s->pin != NULL ? certificate_key_hash(s->pin) : NULL;
    settings.pin_only = s->pin_only;
    settings.domain = parley_string_of(s->domain != NULL ? s->domain : "example.com");
    settings.unix_time = s->time != 0 ? s->time : CERTIFICATES_TIME;
    settings.handshake = &e->handshake;
    parley_verifier_init(&e->transport.verifier, &settings);
    br_ssl_client_zero(&e->tls.client);
    end_open(e, s, true);
}

void end_server(end *e, const end_settings *s)
{
    static br_x509_certificate chains[64][3];
    static size_t used;
    br_x509_certificate *chain = chains[used++ % 64];
    const char *key = s->key != NULL ? s->key : "server";
    size_t count = 1;

    memset(e, 0, sizeof *e);
    chain[0] = *certificate_load(s->chain[0] != NULL ? s->chain[0] : "good");
    while (count < 3 && s->chain[count] != NULL) {
        chain[count] = *certificate_load(s->chain[count]);
        count++;
    }
    e->transport.verifier.handshake = &e->handshake;
    br_ssl_server_zero(&e->tls.server);
    end_open(e, s, false);
    if (strcmp(key, "server-rsa") == 0) {
        br_ssl_server_set_single_rsa(&e->tls.server, chain, count,
                                     certificate_rsa_key("server-rsa.key"), BR_KEYTYPE_SIGN,
                                     br_rsa_private_get_default(), br_rsa_pkcs1_sign_get_default());
    } else {
        char name[32];

        (void)snprintf(name, sizeof name, "%s.key", key);
        br_ssl_server_set_single_ec(&e->tls.server, chain, count, certificate_ec_key(name),
                                    BR_KEYTYPE_SIGN, BR_KEYTYPE_EC, br_ec_get_default(),
                                    br_ecdsa_sign_asn1_get_default());
    }
}

void end_say(end *e, const char *text)
{
    size_t len = strlen(text);

    assert_true(len <= END_TEXT - e->core.out_len);
    memcpy(e->core.out + e->core.out_len, text, len);
    e->core.out_len += len;
}

size_t end_take(end *e, void *to, size_t len)
{
    size_t n;
    const void *data;

    (void)parley_tls_transport_run(&e->transport);
    data = parley_tls_transport_out_buf(&e->transport, &n);
    if (data == NULL) {
        assert_int_equal(n, 0);
        return 0;
    }
    n = n < len ? n : len;
    memcpy(to, data, n);
    assert_true(n <= sizeof e->wire - e->wire_len);
    memcpy(e->wire + e->wire_len, data, n);
    e->wire_len += n;
    parley_tls_transport_out_ack(&e->transport, n);
    return n;
}

size_t end_push(end *e, const void *data, size_t len)
{
    size_t at = 0, n;

    do {
        n = parley_tls_transport_push(&e->transport, (const char *)data + at, len - at);
        at += n;
    } while (n > 0);
    return at;
}

static size_t move_one_way(end *from, end *to, size_t chunk)
{
    size_t moved = 0;
    size_t n;

    while ((n = end_take(from, to->inbox + to->inbox_len, sizeof to->inbox - to->inbox_len)) > 0) {
        to->inbox_len += n;
        moved += n;
    }
    while (to->inbox_at < to->inbox_len &&
           (parley_tls_transport_run(&to->transport) & PARLEY_WANTS_INPUT)) {
        n = to->inbox_len - to->inbox_at;
        n = parley_tls_transport_push(&to->transport, to->inbox + to->inbox_at,
                                      n < chunk ? n : chunk);
        if (n == 0) {
            break;
        }
        to->inbox_at += n;
        moved += n;
    }
    return moved;
}

void end_move(end *a, end *b, size_t chunk)
{
    while (move_one_way(a, b, chunk) + move_one_way(b, a, chunk) > 0) {
        continue;
    }
}

void end_pair(end *client, end *server, const end_settings *settings, size_t chunk)
{
    end_client(client, settings);
    end_server(server, settings);
    if (!settings->direct) {
        end_say(client, "begin?");
        server->core.answer = "proceed!";
    }
    end_move(client, server, chunk);
}

bool end_heard(const end *e, const char *text)
{
    size_t len = strlen(text);

    return e->core.in_len >= len && memcmp(e->core.in + e->core.in_len - len, text, len) == 0;
}

bool end_wire_has(const end *e, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i + len <= e->wire_len; i++) {
        if (memcmp(e->wire + i, text, len) == 0) {
            return true;
        }
    }
    return false;
}

void end_assert_up(const end *e)
{
    if (e->core.failures != 0 || e->core.ups != 1) {
        fail_msg("ups %u, failures %u, code %d, BearSSL %d", e->core.ups, e->core.failures,
                 (int)e->core.code, e->core.tls_code);
    }
}

void end_assert_failed(const end *e, parley_code code, int tls_code)
{
    if (e->core.failures != 1 || e->core.code != code || e->core.tls_code != tls_code) {
        fail_msg("ups %u, failures %u, code %d instead of %d, BearSSL %d instead of %d",
                 e->core.ups, e->core.failures, (int)e->core.code, (int)code, e->core.tls_code,
                 tls_code);
    }
}

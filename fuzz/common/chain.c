#include "common/chain.h"

#include <string.h>

#include "parley/certificate.h"

static void watch(void *context, const void *data, size_t len)
{
    fuzz_chain *c = context;

    if (data == NULL) {
        c->watched_whole = true;
    } else if (!c->watched_whole && len <= sizeof c->watched - c->watched_len) {
        memcpy(c->watched + c->watched_len, data, len);
        c->watched_len += len;
    }
}

void fuzz_chain_set_time(fuzz_chain *c)
{
    static const int64_t times[] = {1767225600, 1577750400, 4796668800, 1600000000};

    c->terms.unix_time = times[c->head[0] >> 6];
    c->is_near_end = false;
    if ((c->head[5] & FUZZ_CHAIN_NEAR_END) != 0) {
        parley_string der = fuzz_certificate_der(c->terms.certificate);
        parley_certificate_facts facts;

        FUZZ_CHECK(parley_certificate_read(der.data, der.len, &facts, NULL, 0) == PARLEY_OK);
        c->terms.unix_time = facts.not_after > FUZZ_CHAIN_END_SECONDS
                                 ? facts.not_after - FUZZ_CHAIN_END_SECONDS
                                 : 1;
        c->is_near_end = true;
    }
}

static void set_pin(fuzz_chain *c)
{
    parley_string der = fuzz_certificate_der(c->terms.certificate);

    FUZZ_CHECK(parley_tls_key_hash(der.data, der.len, c->pin) == PARLEY_OK);
    c->terms.pin_is_anothers = (c->head[0] & FUZZ_CHAIN_WRONG) != 0;
    c->pin[0] ^= c->terms.pin_is_anothers;
    c->terms.pin = c->pin;
    c->terms.pin_only = (c->head[0] & FUZZ_CHAIN_PIN_ONLY) != 0;
}

bool fuzz_chain_of(fuzz_chain *c, const uint8_t *data, size_t size)
{
    static const char *const domains[] = {FUZZ_HOST, "im.example.com", "t\xC3\xA9st.example",
                                          "192.0.2.1"};
    unsigned count = (unsigned)fuzz_certificate_count();

    if (size < FUZZ_CHAIN_HEAD || size > FUZZ_INPUT) {
        return false;
    }
    memset(c, 0, sizeof *c);
    c->head = data;
    c->edits = data + FUZZ_CHAIN_HEAD;
    c->edit_count = (size - FUZZ_CHAIN_HEAD) / 3;
    c->server = (c->head[0] & FUZZ_CHAIN_SERVER) != 0;
    c->resumes = (c->head[0] & FUZZ_CHAIN_RESUMES) != 0;
    c->terms.certificate = c->head[2] % count;
    c->terms.between = c->head[3] % count;
    c->terms.asks = c->server && (c->head[0] & FUZZ_CHAIN_CLIENTS) != 0;
    c->terms.client_certificate = (c->head[0] & FUZZ_CHAIN_CLIENTS) != 0 ? c->head[4] % count : 0;
    c->terms.domain = parley_string_of(domains[c->head[5] % 4]);
    c->terms.watcher = watch;
    c->terms.watcher_context = c;
    c->terms.edits = c->edits;
    c->terms.edit_count = c->head[6] < c->edit_count ? c->head[6] : c->edit_count;
    c->terms.sends_none = (c->head[5] & FUZZ_CHAIN_NONE) != 0;
    if ((c->head[0] & FUZZ_CHAIN_PIN) != 0) {
        set_pin(c);
    }
    return true;
}

void fuzz_chain_talk(fuzz_chain *c, unsigned kind, fuzz_log *log, fuzz_log *said, fuzz_wire *w)
{
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256_plus,
                                                         &parley_external};
    static const char header[] =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "version='1.0' to='example.com'>";
    fuzz_settings settings = {0};

    settings.direct = true;
    settings.mechanisms = mechanisms;
    settings.mechanism_count = 2;
    c->watched_len = 0;
    c->watched_whole = false;
    fuzz_wire_open_on(w, c->server, &settings, &c->terms, log, said, kind, c->head[1]);
    w->party.attempts = 0;
    fuzz_wire_settle(w);
    if (c->server && w->party.tls) { /* what is offered depends on the certificate */
        fuzz_wire_says(w, (const uint8_t *)header, sizeof header - 1);
    }
    fuzz_log_number(log, "\nwatched ", c->watched_len);
    fuzz_log_text(log, parley_tls_error_text(FUZZ_CALL0(&w->party, outcome)->tls_code));
}

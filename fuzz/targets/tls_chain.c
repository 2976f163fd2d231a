/* Handshakes with certificates, good ones and others, on both roles, and sessions that are
   resumed: what is judged does not depend on the pieces, and is what common/trust.h says of
   the chain and common/chain.h of the session: whoever has to come up does, and nobody else.

   Input: settings (role, pin, pin alone, the pin is another's, client certificates, resumption,
   two bits of the time), the seed of the cuts, the certificate of the server, the one behind it,
   the client's or, without one, how much later the second handshake is (three bits), the domain
   (two bits; a time shortly before the certificate's end, a peer that forgets its sessions, one
   that sends no certificate) and how many edits are of the certificate; then edits as
   tls_records has them, of the certificate, and of the session. */
#include "common/chain.h"

/* A client is let in, or passes as one without a certificate, or is refused. */
static void judge_server(const fuzz_chain *c, const fuzz_wire *w)
{
    const parley_tls_info *told = w->party.told;
    bool sends = c->terms.client_certificate != 0;
    fuzz_judgement verdict = sends ? fuzz_trust(&c->terms, true) : FUZZ_MUST_NOT;

    FUZZ_CHECK(told == NULL || !told->verified || (verdict != FUZZ_MUST_NOT && !told->resumed));
    FUZZ_CHECK(told == NULL || told->verified || verdict != FUZZ_MUST);
    FUZZ_CHECK(told == NULL || !sends || !fuzz_trust_is_faulty(&c->terms, true));
    /* The peer, which judges the server by itself, has nothing against the first one. */
    FUZZ_CHECK(told != NULL || c->terms.certificate != 0 || c->is_altered ||
               (sends && verdict != FUZZ_MUST));
}

static void judge_client(const fuzz_chain *c, const fuzz_wire *w)
{
    fuzz_judgement verdict = fuzz_trust(&c->terms, false);

    if (w->party.tls && w->party.told->resumed) {
        return;
    }
    FUZZ_CHECK(!w->party.tls || verdict != FUZZ_MUST_NOT);
    /* Of the client's own certificate the peer judges. */
    FUZZ_CHECK(w->party.tls || verdict != FUZZ_MUST || c->terms.client_certificate != 0);
}

static void judge(const fuzz_chain *c, const fuzz_wire *w, fuzz_judgement resumed)
{
    bool is_resumed = w->party.tls && w->party.told->resumed;

    FUZZ_CHECK(!is_resumed || resumed != FUZZ_MUST_NOT);
    FUZZ_CHECK(is_resumed || resumed != FUZZ_MUST);
    if (c->server) {
        judge_server(c, w);
    } else {
        judge_client(c, w);
    }
}

static void run_once(fuzz_chain *c, unsigned kind, fuzz_log *log, fuzz_log *said)
{
    static fuzz_wire w;
    fuzz_judgement resumed;

    fuzz_chain_reset(c);
    fuzz_chain_talk(c, kind, log, said, &w);
    judge(c, &w, FUZZ_MUST_NOT);
    if (c->resumes) {
        resumed = fuzz_chain_keep(c, &w, log);
        fuzz_chain_talk(c, kind, log, said, &w);
        judge(c, &w, resumed);
    }
    fuzz_chain_close(c, &w);
}

/* Once: no input changes it. */
static void check_texts(void)
{
    static bool checked;

    for (int code = 0; code < 1100 && !checked; code++) {
        FUZZ_CHECK(parley_tls_error_text(code)[0] != '\0');
    }
    checked = true;
}

FUZZ_TARGET(tls_chain)
{
    static fuzz_log logs[2], said[2];
    static fuzz_chain c;

    if (!fuzz_chain_of(&c, data, size)) {
        return 0;
    }
    run_once(&c, FUZZ_WHOLE, &logs[0], &said[0]);
    fuzz_log_show(&logs[0]);
    for (unsigned kind = FUZZ_BYTES; kind <= FUZZ_RANDOM; kind++) {
        run_once(&c, kind, &logs[1], &said[1]);
        fuzz_log_same(&logs[0], &logs[1]);
        fuzz_log_same(&said[0], &said[1]);
    }
    check_texts();
    return 0;
}

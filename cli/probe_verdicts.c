#include "probe_verdicts.h"

#include <parley/jid.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void probe_add(probe_verdicts *v, probe_word word, const char *point, const char *reference,
               const char *format, ...)
{
    va_list arguments;
    probe_verdict *verdict = &v->list[v->count];

    if (v->count == PROBE_VERDICTS) {
        return;
    }
    v->count++;
    verdict->word = word;
    verdict->point = point;
    verdict->reference = reference;
    va_start(arguments, format);
    vsnprintf(verdict->text, sizeof verdict->text, format, arguments);
    va_end(arguments);
}

const char *probe_word_name(probe_word word)
{
    return word == PROBE_PASS ? "pass" : word == PROBE_WARN ? "warn" : "fail";
}

/* The header rules, for both streams alike: the first stream that breaks one is told. */

typedef struct pair {
    const probe_header *header[2];
    const char *when[2];
    size_t count;
} pair;

static void add_header(pair *p, const probe_header *header, const char *when)
{
    if (header->seen) {
        p->header[p->count] = header;
        p->when[p->count++] = when;
    }
}

static bool is_domain(const probe_facts *f, const char *from)
{
    char room[PARLEY_PART_SIZE];
    parley_string prepared;

    return parley_jid_prepare(PARLEY_JID_DOMAIN, parley_string_of(from), room, sizeof room,
                              &prepared, NULL) == PARLEY_OK &&
           parley_string_equal(prepared, f->domain);
}

static void judge_from(const probe_facts *f, const pair *p, probe_verdicts *v)
{
    static const char point[] = "header-from";
    static const char reference[] = "RFC 6120 4.7.1";

    for (size_t i = 0; i < p->count; i++) {
        const probe_text *from = &p->header[i]->from;

        if (!from->there) {
            probe_add(v, PROBE_FAIL, point, reference, "the header %s has no 'from'", p->when[i]);
            return;
        }
        if (from->text[0] == '\0' && f->look->code == PARLEY_ERROR_STREAM_PEER) {
            return; /* to a domain that it does not serve (RFC 6120 4.9.1.3) */
        }
        if (!is_domain(f, from->text)) {
            probe_add(v, PROBE_FAIL, point, reference, "the header %s is from '%s'", p->when[i],
                      from->text);
            return;
        }
    }
    probe_add(v, PROBE_PASS, point, reference, "'from' is the domain");
}

static void judge_to(const pair *p, probe_verdicts *v)
{
    static const char point[] = "header-to";
    static const char reference[] = "RFC 6120 4.7.2";

    for (size_t i = 0; i < p->count; i++) {
        if (p->header[i]->to.there) {
            probe_add(v, PROBE_FAIL, point, reference,
                      "the header %s is to '%s', where ours names nobody", p->when[i],
                      p->header[i]->to.text);
            return;
        }
    }
    probe_add(v, PROBE_PASS, point, reference, "no 'to', as ours has no 'from'");
}

static void judge_id(const pair *p, probe_verdicts *v)
{
    static const char point[] = "header-id";
    static const char reference[] = "RFC 6120 4.7.3, 5.4.3.3";

    for (size_t i = 0; i < p->count; i++) {
        const probe_text *id = &p->header[i]->id;

        if (!id->there || id->text[0] == '\0') {
            probe_add(v, PROBE_FAIL, point, reference, "the header %s has no 'id'", p->when[i]);
            return;
        }
        if (i > 0 && strcmp(id->text, p->header[0]->id.text) == 0) {
            probe_add(v, PROBE_FAIL, point, reference,
                      "the stream after TLS has the 'id' of the one before, '%s'", id->text);
            return;
        }
    }
    for (size_t i = 0; i < p->count; i++) {
        if (strlen(p->header[i]->id.text) < 8) {
            probe_add(v, PROBE_WARN, point, reference,
                      "the 'id' %s, '%s', is too short to be unpredictable", p->when[i],
                      p->header[i]->id.text);
            return;
        }
    }
    probe_add(v, PROBE_PASS, point, reference, "%s",
              p->count > 1 ? "an 'id', and a new one after TLS" : "an 'id'");
}

static void judge_version(const pair *p, probe_verdicts *v)
{
    static const char point[] = "header-version";
    static const char reference[] = "RFC 6120 4.7.5";

    for (size_t i = 0; i < p->count; i++) {
        const probe_text *version = &p->header[i]->version;

        if (!version->there || strcmp(version->text, "1.0") != 0) {
            probe_add(v, PROBE_FAIL, point, reference, "the header %s has %s%s%s", p->when[i],
                      version->there ? "version '" : "no 'version'",
                      version->there ? version->text : "", version->there ? "'" : "");
            return;
        }
    }
    probe_add(v, PROBE_PASS, point, reference, "version 1.0");
}

static void judge_language(const pair *p, probe_verdicts *v)
{
    static const char point[] = "header-language";
    static const char reference[] = "RFC 6120 4.7.4";

    for (size_t i = 0; i < p->count; i++) {
        if (!p->header[i]->language.there) {
            probe_add(v, PROBE_FAIL, point, reference, "the header %s has no 'xml:lang'",
                      p->when[i]);
            return;
        }
    }
    probe_add(v, PROBE_PASS, point, reference, "xml:lang '%s'", p->header[0]->language.text);
}

static void judge_headers(const probe_facts *f, const probe_stage *secure, probe_verdicts *v)
{
    pair p = {{NULL, NULL}, {NULL, NULL}, 0};

    add_header(&p, &f->look->clear.header, f->insecure ? "of the stream" : "before TLS");
    add_header(&p, &secure->header, "in TLS");
    if (p.count == 0) {
        return;
    }
    judge_from(f, &p, v);
    judge_to(&p, v);
    judge_id(&p, v);
    judge_version(&p, v);
    judge_language(&p, v);
}

/* Before TLS. */

static void judge_starttls(const probe_offer *offer, probe_verdicts *v)
{
    if (!offer->starttls) {
        probe_add(v, PROBE_FAIL, "starttls-offered", "RFC 6120 5.4.1, RFC 7590 3.1",
                  "STARTTLS is not offered: passwords and messages would go in the clear");
        return;
    }
    probe_add(v, PROBE_PASS, "starttls-offered", "RFC 6120 5.4.1, RFC 7590 3.1",
              "STARTTLS is offered");
    if (offer->starttls_required) {
        probe_add(v, PROBE_PASS, "starttls-required", "RFC 6120 5.3.1, RFC 7590 3.1",
                  "STARTTLS is required");
    } else if (offer->feature_count == 1) {
        probe_add(v, PROBE_PASS, "starttls-required", "RFC 6120 5.3.1, RFC 7590 3.1",
                  "STARTTLS is all there is, and so required");
    } else {
        probe_add(v, PROBE_WARN, "starttls-required", "RFC 6120 5.3.1, RFC 7590 3.1",
                  "STARTTLS is not required: a careless client stays in the clear");
    }
    if (offer->starttls_required && offer->feature_count > 1) {
        probe_add(v, PROBE_WARN, "starttls-alone", "RFC 6120 5.3.1",
                  "STARTTLS is required, and %zu more features are offered beside it",
                  offer->feature_count - 1);
    } else if (offer->starttls_required) {
        probe_add(v, PROBE_PASS, "starttls-alone", "RFC 6120 5.3.1",
                  "nothing is offered beside it before TLS");
    }
}

static void judge_clear(const probe_facts *f, probe_verdicts *v)
{
    const probe_offer *offer = &f->look->clear.offer;

    if (!offer->seen) {
        if (f->look->clear.header.seen && f->look->code != PARLEY_ERROR_STREAM_PEER) {
            probe_add(v, PROBE_FAIL, "features-before", "RFC 6120 4.3.2",
                      "no features came after the header");
        }
        return;
    }
    judge_starttls(offer, v);
    if (probe_names_has(&offer->mechanisms, "PLAIN")) {
        probe_add(v, PROBE_FAIL, "plain-in-the-clear", "RFC 6120 13.8.3",
                  "PLAIN is offered without TLS: whoever listens gets the passwords");
    } else if (offer->mechanisms.count > 0) {
        probe_add(v, PROBE_WARN, "sasl-in-the-clear", "RFC 6120 5.3.1, RFC 7590 3.1",
                  "authentication is offered without TLS");
    } else {
        probe_add(v, PROBE_PASS, "sasl-in-the-clear", "RFC 6120 5.3.1, 13.8.3",
                  "no authentication is offered without TLS");
    }
}

/* TLS itself. */

/* Of TLS itself: not that it is missing, and not a certificate's. */
static bool is_tls_failure(parley_code code)
{
    return parley_code_layer(code) == PARLEY_LAYER_TLS && code != PARLEY_ERROR_TLS_NOT_OFFERED &&
           code != PARLEY_ERROR_TLS_CERTIFICATE_CHAIN &&
           code != PARLEY_ERROR_TLS_CERTIFICATE_NAME && code != PARLEY_ERROR_TLS_CERTIFICATE_PIN;
}

static void judge_tls(const probe_facts *f, const probe_look *tls, probe_verdicts *v)
{
    static const char reference[] = "RFC 9325 3.1, 4.2";

    if (!tls->has_tls) {
        if (f->look->code == PARLEY_ERROR_TLS_ALPN) {
            probe_add(v, PROBE_FAIL, "alpn", "XEP-0368 2", "%s", f->look->problem.text);
        } else if (is_tls_failure(f->look->code)) {
            probe_add(v, PROBE_FAIL, "tls", reference, "%s", f->look->problem.text);
        }
        return;
    }
    probe_add(v, PROBE_PASS, "tls", reference,
              "TLS 1.2 with %s: forward secrecy and authenticated encryption; TLS 1.3, which "
              "parley has not, was not tried",
              parley_tls_suite_name(tls->tls.suite));
    if (f->direct) {
        probe_add(v, PROBE_PASS, "alpn", "XEP-0368 2",
                  "direct TLS, and no word against ALPN xmpp-client");
    }
}

static void judge_resumption(const probe_facts *f, probe_verdicts *v)
{
    static const char point[] = "resumption";
    static const char reference[] = "RFC 5246 7.3, RFC 9325 3.4";

    if (f->look->has_tls && !f->look->resumable) {
        probe_add(v, PROBE_PASS, point, reference,
                  "not offered (it need not be): each connection has a full handshake");
    } else if (f->resumption == PROBE_RESUMED) {
        probe_add(v, PROBE_PASS, point, reference,
                  "offered, and a second connection resumed the TLS session");
    } else if (f->resumption == PROBE_NOT_RESUMED) {
        probe_add(v, PROBE_WARN, point, reference,
                  "offered, but a second connection had a full handshake");
    } else if (f->resumption == PROBE_NOT_REACHED) {
        probe_add(v, PROBE_WARN, point, reference,
                  "offered, but there was no second connection to try it");
    }
}

/* In TLS. */

static void judge_channel_binding(const probe_facts *f, const probe_offer *offer, probe_verdicts *v)
{
    static const char point[] = "channel-binding";
    static const char reference[] = "RFC 6120 13.9.4, XEP-0440";
    bool plus = probe_names_bind(&offer->mechanisms);
    bool known = probe_names_has(&offer->bindings, "tls-server-end-point") ||
                 probe_names_has(&offer->bindings, "tls-unique");

    if (f->insecure) {
        return;
    }
    if (!plus) {
        probe_add(v, PROBE_WARN, point, reference,
                  "no -PLUS mechanism: a login is not bound to its TLS connection%s",
                  offer->binds ? ", though types for it are listed" : "");
    } else if (!offer->binds) {
        probe_add(v, PROBE_WARN, point, reference,
                  "-PLUS is offered without a list of types: clients have to guess tls-unique");
    } else if (!known) {
        probe_add(v, PROBE_WARN, point, reference,
                  "-PLUS is offered, with no type that there is in TLS 1.2");
    } else if (!probe_names_has(&offer->bindings, "tls-server-end-point")) {
        probe_add(v, PROBE_WARN, point, reference,
                  "-PLUS is offered, but not with tls-server-end-point, which every client has "
                  "(XEP-0440 4)");
    } else {
        probe_add(v, PROBE_PASS, point, reference, "-PLUS is offered with tls-server-end-point");
    }
}

static void judge_mechanisms(const probe_facts *f, const probe_offer *offer, probe_verdicts *v)
{
    const probe_names *names = &offer->mechanisms;
    bool scram = probe_names_scram(names);

    if (!offer->sasl) {
        probe_add(v, PROBE_FAIL, "sasl", "RFC 6120 6.4.1", "no SASL mechanisms are offered");
        return;
    }
    if (!scram) {
        probe_add(v, PROBE_WARN, "scram", "RFC 6120 13.8.3, RFC 7677",
                  "no SCRAM mechanism: passwords reach the server, or an old hash of them");
    } else if (!probe_names_has(names, "SCRAM-SHA-256") &&
               !probe_names_has(names, "SCRAM-SHA-512")) {
        probe_add(v, PROBE_WARN, "scram", "RFC 6120 13.8.3, RFC 7677",
                  "SCRAM with SHA-1 alone; SCRAM-SHA-256 is due");
    } else {
        probe_add(v, PROBE_PASS, "scram", "RFC 6120 13.8.3, RFC 7677", "SCRAM is offered");
    }
    if (probe_names_has(names, "PLAIN") && !f->insecure) {
        probe_add(v, scram ? PROBE_WARN : PROBE_PASS, "plain", "RFC 6120 13.8.3",
                  scram ? "PLAIN is offered beside SCRAM: only for clients that have nothing else"
                        : "PLAIN is offered, in TLS");
    }
    if (probe_names_has(names, "DIGEST-MD5")) {
        probe_add(v, PROBE_WARN, "digest-md5", "RFC 6331",
                  "DIGEST-MD5 is offered, which is historic");
    }
    judge_channel_binding(f, offer, v);
}

static void judge_old(const probe_offer *offer, probe_verdicts *v)
{
    if (offer->session) {
        probe_add(v, offer->session_optional ? PROBE_PASS : PROBE_WARN, "session",
                  "RFC 3921 3, RFC 6120 1.4",
                  offer->session_optional
                      ? "the session request is optional"
                      : "the session request of old is asked for: it costs each login a round "
                        "trip; mark it <optional/>");
    }
    if (probe_offer_has(offer, "http://jabber.org/features/iq-auth")) {
        probe_add(v, PROBE_WARN, "iq-auth", "XEP-0078",
                  "authentication from before SASL is offered, which is obsolete");
    }
    if (probe_offer_has(offer, "http://jabber.org/features/compress")) {
        probe_add(v, PROBE_WARN, "compression", "RFC 7457 2.6, XEP-0138 6",
                  "compression is offered: beside secrets it betrays them");
    }
    if (probe_offer_has(offer, "http://jabber.org/features/iq-register")) {
        probe_add(v, PROBE_WARN, "registration", "XEP-0077 10", "anyone may register an account");
    }
}

static void judge_secure(const probe_facts *f, const probe_stage *stage, probe_verdicts *v)
{
    const probe_offer *offer = &stage->offer;

    if (!offer->seen) {
        if (stage->header.seen && f->look->code != PARLEY_ERROR_STREAM_PEER) {
            probe_add(v, PROBE_FAIL, "features-after", "RFC 6120 5.4.3.3",
                      "no features came after the header in TLS");
        }
        return;
    }
    if (!f->insecure) {
        probe_add(v, PROBE_PASS, "features-after", "RFC 6120 5.4.3.3",
                  "the stream begins anew in TLS, with features");
        probe_add(v, offer->starttls ? PROBE_FAIL : PROBE_PASS, "starttls-gone", "RFC 6120 5.4.3.3",
                  offer->starttls ? "STARTTLS is offered in TLS" : "STARTTLS is not offered again");
    }
    judge_mechanisms(f, offer, v);
    judge_old(offer, v);
}

static void judge_end(const probe_facts *f, probe_verdicts *v)
{
    const probe_look *look = f->anew != NULL ? f->anew : f->look;

    if (look->closing) {
        probe_add(v, look->answered ? PROBE_PASS : PROBE_WARN, "close", "RFC 6120 4.4",
                  look->answered ? "our close tag was answered with the server's"
                                 : "our close tag was not answered with the server's");
    }
}

/* What none of the points says. */
static void judge_problem(const probe_facts *f, probe_verdicts *v)
{
    parley_code code = f->look->code;

    if (f->look->good || code == PARLEY_ERROR_TLS_NOT_OFFERED ||
        code == PARLEY_ERROR_TLS_CERTIFICATE_CHAIN || code == PARLEY_ERROR_TLS_CERTIFICATE_NAME ||
        code == PARLEY_ERROR_TLS_CERTIFICATE_PIN || (is_tls_failure(code) && !f->look->has_tls)) {
        return;
    }
    if (code == PARLEY_ERROR_SASL_NO_MECHANISM) {
        probe_add(v, PROBE_FAIL, "mechanisms", "RFC 6120 6.3.3",
                  "none of the mechanisms is one that parley has");
        return;
    }
    probe_add(v, PROBE_FAIL, "negotiation", "RFC 6120 4.3", "%s", f->look->problem.text);
}

void probe_judge(const probe_facts *f, probe_verdicts *v)
{
    const probe_look *inside = f->anew != NULL ? f->anew : f->look;

    memset(v, 0, sizeof *v);
    judge_headers(f, &inside->secure, v);
    if (!f->direct) {
        judge_clear(f, v);
    }
    if (!f->insecure) {
        judge_tls(f, inside, v);
        probe_judge_certificates(f, v);
        judge_resumption(f, v);
    }
    judge_secure(f, f->insecure ? &f->look->clear : &inside->secure, v);
    judge_end(f, v);
    judge_problem(f, v);
}

/* The verdicts on certificates. Whether the chain is trusted is the session's word; the
   rest is read from what it sent, so that all that is wrong is told, not the first. */
#include "probe_verdicts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

/* A certificate that runs out within that many days wants attention. */
#define SOON 14

void probe_time_text(int64_t value, char *text, size_t size)
{
    time_t seconds = (time_t)value;
    struct tm parts;

    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(text, size, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) {
        snprintf(text, size, "an unknown time");
    }
}

const char *probe_kind_name(parley_name_kind kind)
{
    return kind == PARLEY_NAME_DNS ? "dns" : kind == PARLEY_NAME_SRV ? "srv" : "xmpp";
}

/* A name may hold any byte, a NUL too. */
static const char *shown(const probe_certificate *c, size_t index, char *text, size_t size)
{
    parley_string name = c->names[index].value;
    size_t len = (size_t)snprintf(text, size, "%s ", probe_kind_name(c->names[index].kind));

    for (size_t i = 0; i < name.len && len + 5 < size; i++) {
        unsigned char byte = (unsigned char)name.data[i];

        len += (size_t)snprintf(text + len, size - len,
                                byte < 0x20 || byte == 0x7F ? "\\x%02X" : "%c", byte);
    }
    return text;
}

static void judge_trust(const probe_facts *f, probe_verdicts *v)
{
    static const char point[] = "certificate-trust";
    static const char reference[] = "RFC 6120 13.7.2, RFC 5280 6";
    const probe_look *look = f->look;

    if (look->code == PARLEY_ERROR_TLS_CERTIFICATE_CHAIN) {
        probe_add(v, PROBE_FAIL, point, reference, "%s", parley_tls_error_text(look->tls_code));
    } else if (f->pin_only) {
        probe_add(v, look->has_tls ? PROBE_PASS : PROBE_FAIL, "pin", "RFC 7590 4",
                  look->has_tls ? "the key is the pinned one, which alone was to count"
                                : "the key is not the pinned one");
    } else if (look->has_tls || look->code == PARLEY_ERROR_TLS_CERTIFICATE_NAME ||
               look->code == PARLEY_ERROR_TLS_CERTIFICATE_PIN) {
        probe_add(v, PROBE_PASS, point, reference, "chains to an authority that is trusted");
    }
    if (f->pinned && !f->pin_only &&
        (look->has_tls || look->code == PARLEY_ERROR_TLS_CERTIFICATE_PIN)) {
        probe_add(v, look->has_tls ? PROBE_PASS : PROBE_FAIL, "pin", "RFC 7590 4",
                  look->has_tls ? "the key is the pinned one" : "the key is not the pinned one");
    }
}

/* The name that came closest, as a session tells it. */
static void judge_name(const probe_facts *f, const probe_certificate *c, probe_verdicts *v)
{
    static const char point[] = "certificate-name";
    static const char reference[] = "RFC 6120 13.7.2.1, RFC 6125 6";
    int closest = PARLEY_TLS_NAME_NONE;
    size_t at = 0;
    char text[300];

    for (size_t i = 0; i < c->facts.names && i < PROBE_ALTNAMES; i++) {
        if (c->judged[i] == 0) {
            probe_add(v, PROBE_PASS, point, reference, "%s is the domain's",
                      shown(c, i, text, sizeof text));
            return;
        }
        if (c->judged[i] > closest) {
            closest = c->judged[i];
            at = i;
        }
    }
    if (f->look->has_tls && !f->pin_only) { /* it is beyond those that are kept */
        probe_add(v, PROBE_PASS, point, reference, "one of its %zu names is the domain's",
                  c->facts.names);
    } else if (closest == PARLEY_TLS_NAME_NONE) {
        probe_add(v, f->pin_only ? PROBE_WARN : PROBE_FAIL, point, reference, "%s",
                  parley_tls_error_text(closest));
    } else {
        probe_add(v, f->pin_only ? PROBE_WARN : PROBE_FAIL, point, reference,
                  "%s: %s, and not %.*s", parley_tls_error_text(closest),
                  shown(c, at, text, sizeof text), (int)f->domain.len, f->domain.data);
    }
}

/* Of all certificates sent, since an authority's may have run out. */
static void judge_validity(const probe_facts *f, const probe_certificate *c, size_t index,
                           probe_verdicts *v)
{
    static const char point[] = "certificate-validity";
    static const char reference[] = "RFC 5280 4.1.2.5";
    char which[32] = "";
    char when[40];
    int64_t left = c->facts.not_after - f->now;

    if (index > 0) {
        snprintf(which, sizeof which, "certificate %zu of the chain ", index + 1);
    }
    probe_time_text(left < 0 || f->now >= c->facts.not_before ? c->facts.not_after
                                                              : c->facts.not_before,
                    when, sizeof when);
    if (c->facts.not_before == 0 || c->facts.not_after == 0) {
        probe_add(v, PROBE_FAIL, point, reference, "%sits dates are not understood", which);
    } else if (left < 0) {
        probe_add(v, PROBE_FAIL, point, reference, "%sexpired %lld days ago, on %s", which,
                  (long long)(-left / DAY), when);
    } else if (f->now < c->facts.not_before) {
        probe_add(v, PROBE_FAIL, point, reference, "%sis not valid before %s; or a clock is wrong",
                  which, when);
    } else if (left < SOON * DAY) {
        probe_add(v, PROBE_WARN, point, reference, "%sexpires in %lld days, on %s", which,
                  (long long)(left / DAY), when);
    } else if (index == 0) {
        probe_add(v, PROBE_PASS, point, reference, "valid for %lld more days, to %s",
                  (long long)(left / DAY), when);
    }
}

/* RFC 9325: RSA from 2048 bits; elliptic curves from 224, of which parley has three. */
static void judge_key(const probe_certificate *c, probe_verdicts *v)
{
    static const char point[] = "certificate-key";
    static const char reference[] = "RFC 9325 4.5";
    const parley_certificate_facts *facts = &c->facts;
    bool good = facts->key == PARLEY_KEY_RSA  ? facts->key_bits >= 2048
                : facts->key == PARLEY_KEY_EC ? facts->key_bits >= 256
                                              : false;

    probe_add(v, good ? PROBE_PASS : PROBE_FAIL, point, reference, "%s, %u bits%s",
              facts->key_name != NULL ? facts->key_name : "a key of an unknown kind",
              facts->key_bits, good ? "" : ": too weak, or none that TLS 1.2 can use");
}

static void judge_signature(const probe_certificate *c, size_t index, bool own, probe_verdicts *v)
{
    static const char point[] = "certificate-signature";
    static const char reference[] = "RFC 9325 4.5";
    const char *name = c->facts.signature != NULL ? c->facts.signature : "an unknown algorithm";

    if (own && index > 0) {
        return; /* an authority's signature of itself is worth nothing, and checked by nobody */
    }
    if (c->facts.signature_weak) {
        probe_add(v, PROBE_FAIL, point, reference, "certificate %zu is signed with %s: too weak",
                  index + 1, name);
    } else if (index == 0) {
        probe_add(v, PROBE_PASS, point, reference, "%s", name);
    }
}

static void judge_purpose(const probe_facts *f, const probe_certificate *c, probe_verdicts *v)
{
    static const char point[] = "certificate-purpose";
    static const char reference[] = "RFC 6120 13.7.1.1, RFC 5280 4.2.1.12";

    if (c->facts.uses != 0 &&
        (c->facts.uses & (PARLEY_USE_SERVER | PARLEY_USE_ANY | PARLEY_USE_XMPP)) == 0) {
        probe_add(v, PROBE_FAIL, point, reference, "its extended key usage is not for servers");
    } else if (c->facts.authority) {
        probe_add(v, f->look->has_tls ? PROBE_WARN : PROBE_FAIL, point, reference,
                  "it is an authority's certificate, not a server's");
    } else {
        probe_add(v, PROBE_PASS, point, reference, "a server's certificate");
    }
}

static void judge_order(const probe_look *look, probe_verdicts *v)
{
    static const char point[] = "certificate-chain";
    static const char reference[] = "RFC 5246 7.4.2";
    size_t count = look->chain_count < PROBE_CHAIN ? look->chain_count : PROBE_CHAIN;

    for (size_t i = 0; i + 1 < count; i++) {
        if (!look->chain[i].readable || !look->chain[i + 1].readable ||
            !parley_string_equal(look->chain[i].facts.issuer, look->chain[i + 1].facts.subject)) {
            probe_add(
                v, PROBE_FAIL, point, reference,
                "certificate %zu was not issued by certificate %zu: the chain is out of order",
                i + 1, i + 2);
            return;
        }
    }
    if (count == 1 &&
        parley_string_equal(look->chain[0].facts.issuer, look->chain[0].facts.subject)) {
        probe_add(v, PROBE_WARN, point, reference, "one certificate, which is its own issuer");
    } else {
        probe_add(v, PROBE_PASS, point, reference, "%zu certificate%s, in order", look->chain_count,
                  look->chain_count == 1 ? "" : "s");
    }
}

void probe_judge_certificates(const probe_facts *f, probe_verdicts *v)
{
    const probe_look *look = f->look;

    if (look->chain_count == 0) {
        return;
    }
    judge_trust(f, v);
    if (!look->chain[0].readable) {
        probe_add(v, PROBE_FAIL, "certificate", "RFC 5280 4.1",
                  "the server's certificate cannot be read: it is none, or its DER is broken");
        return;
    }
    judge_name(f, &look->chain[0], v);
    for (size_t i = 0; i < look->chain_count && i < PROBE_CHAIN; i++) {
        const probe_certificate *c = &look->chain[i];

        if (c->readable) {
            judge_validity(f, c, i, v);
            judge_signature(c, i, parley_string_equal(c->facts.issuer, c->facts.subject), v);
        }
    }
    judge_key(&look->chain[0], v);
    judge_purpose(f, &look->chain[0], v);
    judge_order(look, v);
}

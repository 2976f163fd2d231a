/* Notes. The table is make.py's, read by a person; that it is told in the order of
   fuzz_certificates is checked. A chain is good where each link is: who signed it, when it
   holds, what it is for, whom it names, and whether its sender has the key. */
#include "common/trust.h"

#include <string.h>

#include "common/wire_keys.h"

enum {
    HELD = 1,      /* the sender has its key */
    NAMED = 2,     /* example.com, in a way that counts */
    AUTHORITY = 4, /* issues, and so stands for nobody */
    ANCHOR = 8,    /* stands for itself: its name and its key are an anchor's */
    SERVERS = 16,  /* for these alone */
    CLIENTS = 32,
    BAD = 64, /* a hash, a key, a use, an extension that will not do */
    SITE = HELD | NAMED
};

#define Y2020 1577836800
#define Y2021 1609459200
#define Y2110 4417977600
#define Y2120 4733510400

typedef struct fact {
    const char *name;
    const char *issuer; /* one of these; "": another */
    unsigned flags;
    int64_t from; /* 0: 2020 */
    int64_t to;   /* 0: 2120 */
} fact;

static const fact facts[] = {
    {"good", "ca", SITE, 0, 0},
    {"good-rsa", "ca-rsa", SITE, 0, 0},
    {"good-middle", "middle", SITE, 0, 0},
    {"middle", "ca", AUTHORITY, 0, 0},
    {"middle-not-ca", "ca", 0, 0, 0},
    {"good-mixed", "ca-rsa", SITE, 0, 0},
    {"expired", "ca", SITE, Y2020, Y2021},
    {"early", "ca", SITE, Y2110, Y2120},
    {"sha1", "ca", SITE | BAD, 0, 0},
    {"md5-rsa", "ca-rsa", SITE | BAD, 0, 0},
    {"small", "ca", NAMED | BAD, 0, 0},
    {"not-ca", "middle", SITE, 0, 0},
    {"own", "", SITE | ANCHOR, 0, 0},
    {"stranger", "", AUTHORITY, 0, 0},
    {"unknown-ca", "stranger", SITE, 0, 0},
    {"usage", "ca", SITE | BAD, 0, 0},
    {"critical", "ca", SITE | BAD, 0, 0},
    {"name-other", "ca", HELD, 0, 0},
    {"name-none", "ca", HELD, 0, 0},
    {"name-nul", "ca", HELD, 0, 0},
    {"name-cn", "ca", HELD, 0, 0},
    {"name-address", "ca", HELD, 0, 0},
    {"name-srv", "ca", SITE, 0, 0},
    {"name-xmpp", "ca", SITE, 0, 0},
    {"name-empty", "ca", HELD, 0, 0},
    {"international", "ca", HELD, 0, 0},
    {"client", "ca", HELD | CLIENTS, 0, 0},
    {"client-two", "ca", SITE | CLIENTS, 0, 0},
    {"client-many", "ca", HELD, 0, 0},
    {"client-nul", "ca", HELD, 0, 0},
    {"client-long", "ca", HELD, 0, 0},
    {"client-expired", "ca", HELD, Y2020, Y2021},
    {"client-server", "ca", HELD | SERVERS, 0, 0},
    {"ca", "ca", AUTHORITY | BAD, 0, 0},
    {"ca-rsa", "ca-rsa", AUTHORITY, 0, 0},
    {"lower", "middle", AUTHORITY, 0, 0},
    {"good-sha384", "ca", SITE, 0, 0},
    {"good-sha512", "ca", SITE, 0, 0},
    {"every-name", "ca", SITE, 0, 0},
    {"good-any", "ca", SITE, 0, 0},
    {"good-xmpp", "ca", SITE, 0, 0},
    {"own-ca", "", SITE | ANCHOR | AUTHORITY, 0, 0},
    {"authority", "ca", SITE | AUTHORITY, 0, 0},
};

static const fact *fact_of(unsigned which)
{
    FUZZ_CHECK(fuzz_certificate_count() == sizeof facts / sizeof facts[0]);
    FUZZ_CHECK(strcmp(facts[which].name, fuzz_certificate_name(which)) == 0);
    return &facts[which];
}

static bool holds_at(const fact *f, int64_t now)
{
    return (f->from != 0 ? f->from : Y2020) <= now && now <= (f->to != 0 ? f->to : Y2120);
}

static bool is_anchor(const char *name)
{
    return strcmp(name, "ca") == 0 || strcmp(name, "ca-rsa") == 0;
}

/* Whether it ends at an anchor: by itself, or by what stands behind it. */
static bool ends_well(const fact *leaf, unsigned between, int64_t now)
{
    const fact *next = fact_of(between);

    if ((leaf->flags & ANCHOR) != 0 || is_anchor(leaf->issuer)) {
        return true;
    }
    return between != 0 && strcmp(leaf->issuer, next->name) == 0 &&
           (next->flags & (AUTHORITY | BAD)) == AUTHORITY && holds_at(next, now) &&
           is_anchor(next->issuer);
}

/* What edits have left as it was. */
typedef struct left {
    bool all;
    bool is_signed; /* what the signature is of */
    bool key;
} left;

static size_t element_size(const uint8_t *at)
{
    return at[1] == 0x82   ? 4 + ((size_t)at[2] << 8 | at[3])
           : at[1] == 0x81 ? 3u + at[2]
                           : 2u + at[1];
}

static left left_of(const fuzz_terms *terms, unsigned which)
{
    parley_string der = fuzz_certificate_der(which);
    const uint8_t *was = (const uint8_t *)der.data, *is;
    br_x509_decoder_context decoder;
    const br_x509_pkey *key;
    fuzz_identity edited;

    fuzz_wire_identity(&edited, which, 0, terms, 1);
    is = edited.chain[0].data;
    if (memcmp(was, is, der.len) == 0) {
        return (left){true, true, true};
    }
    br_x509_decoder_init(&decoder, NULL, NULL);
    br_x509_decoder_push(&decoder, was, der.len);
    key = br_x509_decoder_get_pkey(&decoder);
    FUZZ_CHECK(key != NULL && was[1] == 0x82);
    return (left){false, memcmp(was + 4, is + 4, element_size(was + 4)) == 0,
                  key->key_type == BR_KEYTYPE_EC
                      ? fuzz_has(is, der.len, (const char *)key->key.ec.q, key->key.ec.qlen)
                      : fuzz_has(is, der.len, (const char *)key->key.rsa.n, key->key.rsa.nlen)};
}

static unsigned certificate_of(const fuzz_terms *terms, bool of_client)
{
    return of_client ? terms->client_certificate : terms->certificate;
}

static bool is_faulty(const fact *f, const fuzz_terms *terms, bool of_client)
{
    return (f->flags & (of_client ? SERVERS : CLIENTS)) != 0 || !holds_at(f, terms->unix_time);
}

bool fuzz_trust_is_faulty(const fuzz_terms *terms, bool of_client)
{
    unsigned which = certificate_of(terms, of_client);

    return left_of(terms, which).all && is_faulty(fact_of(which), terms, of_client);
}

fuzz_judgement fuzz_trust(const fuzz_terms *terms, bool of_client)
{
    unsigned which = certificate_of(terms, of_client);
    const fact *f = fact_of(which);
    left kept = left_of(terms, which);

    if ((f->flags & HELD) == 0 || !kept.key || (!of_client && terms->sends_none) ||
        (!of_client && terms->pin != NULL && terms->pin_is_anothers)) {
        return FUZZ_MUST_NOT;
    }
    if (!of_client && terms->pin_only) {
        return kept.all ? FUZZ_MUST : FUZZ_MAY;
    }
    if (!of_client && parley_string_equal(terms->domain, parley_string_of("192.0.2.1"))) {
        return FUZZ_MUST_NOT;
    }
    if (!kept.is_signed) { /* where it is the anchor itself nobody asks for its signature */
        return (f->flags & ANCHOR) != 0 ? FUZZ_MAY : FUZZ_MUST_NOT;
    }
    if ((f->flags & BAD) != 0 || (f->flags & (AUTHORITY | ANCHOR)) == AUTHORITY ||
        is_faulty(f, terms, of_client) ||
        !ends_well(f, of_client ? 0 : terms->between, terms->unix_time)) {
        return FUZZ_MUST_NOT;
    }
    if (!of_client && ((f->flags & NAMED) == 0 ||
                       !parley_string_equal(terms->domain, parley_string_of(FUZZ_HOST)))) {
        return FUZZ_MUST_NOT;
    }
    return kept.all ? FUZZ_MUST : FUZZ_MAY;
}

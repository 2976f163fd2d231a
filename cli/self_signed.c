/* The certificate is written from its end to its start: when an element's
   content stands, its length is known, and the header goes before it. `at` is
   the first byte that is written; what lies before it is free. */
#include "self_signed.h"

#include "entropy.h"

#include <parley/base64.h>
#include <string.h>

#define SECONDS_PER_DAY 86400
#define SERIAL_SIZE     16
#define NAME_LONGEST    64 /* ub-common-name, RFC 5280 appendix A.1 */
#define NAME_OF_LONG    "parley serve"
#define NAME_OF_ANCHOR  "parley serve, trust anchor"
#define DOMAIN_LONGEST  253
#define PEM_LINE        64

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_UTF8_STRING = 0x0C,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_SAN_DNS = 0x82,   /* [2] of GeneralName */
    DER_KEY_ID = 0x80,    /* [0] of AuthorityKeyIdentifier */
    DER_VERSION = 0xA0,   /* [0] of TBSCertificate */
    DER_EXTENSIONS = 0xA3 /* [3] of TBSCertificate */
};

typedef struct der {
    unsigned char *buffer;
    size_t at;
} der;

/* Complete OBJECT IDENTIFIERs and AlgorithmIdentifiers. */
static const unsigned char oid_common_name[] = {0x06, 0x03, 0x55, 0x04, 0x03};
static const unsigned char oid_key_id[] = {0x06, 0x03, 0x55, 0x1D, 0x0E};
static const unsigned char oid_key_usage[] = {0x06, 0x03, 0x55, 0x1D, 0x0F};
static const unsigned char oid_alt_name[] = {0x06, 0x03, 0x55, 0x1D, 0x11};
static const unsigned char oid_constraints[] = {0x06, 0x03, 0x55, 0x1D, 0x13};
static const unsigned char oid_authority_key_id[] = {0x06, 0x03, 0x55, 0x1D, 0x23};
static const unsigned char ecdsa_sha256[] = {0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86,
                                             0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
static const unsigned char public_key_p256[] = {0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                                0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
                                                0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
static const unsigned char der_true[] = {DER_BOOLEAN, 0x01, 0xFF};
/* CA:TRUE, no path below it */
static const unsigned char constraints[] = {0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x00};
static const unsigned char cert_sign[] = {DER_BIT_STRING, 0x02, 0x02, 0x04};
static const unsigned char digital_signature[] = {DER_BIT_STRING, 0x02, 0x07, 0x80};
static const unsigned char version_3[] = {DER_INTEGER, 0x01, 0x02};

/* What a certificate says. */
typedef struct contents {
    parley_string domain; /* data NULL: it is the anchor's own */
    const br_ec_public_key *key;
    const br_ec_public_key *issuer;
    const unsigned char *serial;
    int64_t unix_time;
} contents;

static void put(der *d, const void *data, size_t len)
{
    d->at -= len;
    memcpy(d->buffer + d->at, data, len);
}

static void put_byte(der *d, unsigned value)
{
    d->buffer[--d->at] = (unsigned char)value;
}

/* The header of an element whose content stands from `at` up to `end`. */
static void put_header(der *d, unsigned tag, size_t end)
{
    size_t len = end - d->at;
    if (len < 0x80) {
        put_byte(d, (unsigned)len);
    } else if (len < 0x100) {
        put_byte(d, (unsigned)len);
        put_byte(d, 0x81);
    } else {
        put_byte(d, (unsigned)(len & 0xFF));
        put_byte(d, (unsigned)(len >> 8));
        put_byte(d, 0x82);
    }
    put_byte(d, tag);
}

static void put_element(der *d, unsigned tag, const void *data, size_t len)
{
    size_t end = d->at;
    put(d, data, len);
    put_header(d, tag, end);
}

/* Extension ::= SEQUENCE { id, critical, OCTET STRING around what stands from
   `at` up to `end` }. */
static void put_extension(der *d, const unsigned char *id, size_t id_len, bool critical, size_t end)
{
    put_header(d, DER_OCTET_STRING, end);
    if (critical) {
        put(d, der_true, sizeof(der_true));
    }
    put(d, id, id_len);
    put_header(d, DER_SEQUENCE, end);
}

/* A distinguished name of one common name. */
static void put_name(der *d, parley_string domain)
{
    size_t end = d->at;
    if (domain.data == NULL) {
        domain = parley_string_of(NAME_OF_ANCHOR);
    } else if (domain.len > NAME_LONGEST) {
        domain = parley_string_of(NAME_OF_LONG);
    }
    put_element(d, DER_UTF8_STRING, domain.data, domain.len);
    put(d, oid_common_name, sizeof(oid_common_name));
    put_header(d, DER_SEQUENCE, end);
    put_header(d, DER_SET, end);
    put_header(d, DER_SEQUENCE, end);
}

static void put_decimal(char *out, unsigned value, size_t digits)
{
    while (digits > 0) {
        out[--digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* UTCTime up to 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5). */
static void put_time(der *d, int64_t unix_time)
{
    int64_t days = unix_time / SECONDS_PER_DAY;
    unsigned seconds = (unsigned)(unix_time % SECONDS_PER_DAY);
    unsigned year = 1970;
    unsigned month = 0;
    char text[15];
    for (;;) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const unsigned lengths[12] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (days < (int64_t)lengths[month]) {
            break;
        }
        days -= lengths[month];
        if (++month == 12) {
            month = 0;
            year++;
        }
    }
    put_decimal(text, year, 4);
    put_decimal(text + 4, month + 1, 2);
    put_decimal(text + 6, (unsigned)days + 1, 2);
    put_decimal(text + 8, seconds / 3600, 2);
    put_decimal(text + 10, seconds / 60 % 60, 2);
    put_decimal(text + 12, seconds % 60, 2);
    text[14] = 'Z';
    if (year < 2050) {
        put_element(d, DER_UTC_TIME, text + 2, sizeof(text) - 2);
    } else {
        put_element(d, DER_GENERALIZED_TIME, text, sizeof(text));
    }
}

/* A name, not a proof: RFC 5280 section 4.2.1.2 (1). */
static void put_key_id(der *d, unsigned tag, const br_ec_public_key *key)
{
    unsigned char key_id[br_sha1_SIZE];
    br_sha1_context sha1;

    br_sha1_init(&sha1);
    br_sha1_update(&sha1, key->q, key->qlen);
    br_sha1_out(&sha1, key_id);
    put_element(d, tag, key_id, sizeof(key_id));
}

/* The anchor's are those of a certification authority, and the domain's those of an end entity,
   without cA (RFC 6120 13.7.1.1). */
static void put_extensions(der *d, const contents *c)
{
    bool anchor = c->domain.data == NULL;
    size_t end = d->at;
    size_t item = d->at;
    put_key_id(d, DER_KEY_ID, c->issuer);
    put_header(d, DER_SEQUENCE, item);
    put_extension(d, oid_authority_key_id, sizeof(oid_authority_key_id), false, item);

    item = d->at;
    put_key_id(d, DER_OCTET_STRING, c->key);
    put_extension(d, oid_key_id, sizeof(oid_key_id), false, item);

    item = d->at;
    put(d, anchor ? cert_sign : digital_signature, sizeof(cert_sign));
    put_extension(d, oid_key_usage, sizeof(oid_key_usage), true, item);

    item = d->at;
    if (anchor) {
        put(d, constraints, sizeof(constraints));
        put_extension(d, oid_constraints, sizeof(oid_constraints), true, item);
    } else {
        put_element(d, DER_SAN_DNS, c->domain.data, c->domain.len);
        put_header(d, DER_SEQUENCE, item);
        put_extension(d, oid_alt_name, sizeof(oid_alt_name), false, item);
    }
    put_header(d, DER_SEQUENCE, end);
    put_header(d, DER_EXTENSIONS, end);
}

static void put_public_key(der *d, const br_ec_public_key *key)
{
    size_t end = d->at;
    put(d, key->q, key->qlen);
    put_byte(d, 0); /* no unused bits */
    put_header(d, DER_BIT_STRING, end);
    put(d, public_key_p256, sizeof(public_key_p256));
    put_header(d, DER_SEQUENCE, end);
}

/* TBSCertificate, RFC 5280 section 4.1. */
static void put_to_be_signed(der *d, const contents *c)
{
    static const parley_string anchor = {NULL, 0};
    size_t end = d->at;
    size_t part;

    put_extensions(d, c);
    put_public_key(d, c->key);
    put_name(d, c->domain);
    part = d->at;
    put_time(d, c->unix_time + 365 * SECONDS_PER_DAY);
    put_time(d, c->unix_time - SECONDS_PER_DAY);
    put_header(d, DER_SEQUENCE, part);
    put_name(d, anchor);
    put(d, ecdsa_sha256, sizeof(ecdsa_sha256));
    put_element(d, DER_INTEGER, c->serial, SERIAL_SIZE);
    part = d->at;
    put(d, version_3, sizeof(version_3));
    put_header(d, DER_VERSION, part);
    put_header(d, DER_SEQUENCE, end);
}

/* The whole certificate, at the start of `out`; its length. */
static size_t put_certificate(unsigned char out[SELF_SIGNED_SIZE], const contents *c,
                              const br_ec_private_key *issuer)
{
    unsigned char signed_part[SELF_SIGNED_SIZE];
    unsigned char signature[80];
    unsigned char hash[br_sha256_SIZE];
    br_sha256_context sha256;
    der d = {signed_part, sizeof(signed_part)};
    der whole = {out, SELF_SIGNED_SIZE};
    size_t len;

    put_to_be_signed(&d, c);
    br_sha256_init(&sha256);
    br_sha256_update(&sha256, d.buffer + d.at, sizeof(signed_part) - d.at);
    br_sha256_out(&sha256, hash);
    len = br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), &br_sha256_vtable, hash, issuer,
                                           signature);
    put(&whole, signature, len);
    put_byte(&whole, 0);
    put_header(&whole, DER_BIT_STRING, SELF_SIGNED_SIZE);
    put(&whole, ecdsa_sha256, sizeof(ecdsa_sha256));
    put(&whole, d.buffer + d.at, sizeof(signed_part) - d.at);
    put_header(&whole, DER_SEQUENCE, SELF_SIGNED_SIZE);
    len = SELF_SIGNED_SIZE - whole.at;
    memmove(out, out + whole.at, len);
    return len;
}

/* Letters, digits, hyphens and dots, and not an IPv4 address. */
static bool is_dns_name(parley_string domain)
{
    bool letter = false;
    bool boundary = true; /* a label begins here */
    char last = '.';
    if (domain.len == 0 || domain.len > DOMAIN_LONGEST) {
        return false;
    }
    for (size_t i = 0; i < domain.len; i++) {
        char c = domain.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == '.') {
            if (boundary || last == '-') {
                return false;
            }
            boundary = true;
        } else if (is_letter || (c >= '0' && c <= '9') || (c == '-' && !boundary)) {
            letter = letter || is_letter;
            boundary = false;
        } else {
            return false;
        }
        last = c;
    }
    return letter && !boundary && last != '-';
}

static void make_serial(br_hmac_drbg_context *random, unsigned char serial[SERIAL_SIZE])
{
    br_hmac_drbg_generate(random, serial, SERIAL_SIZE);
    serial[0] = (unsigned char)((serial[0] & 0x7F) | 0x40); /* positive, shortest form */
}

/* RFC 6120 13.7.1.1. */
parley_result self_signed_make(self_signed *s, parley_string domain, const void *seed,
                               size_t seed_len, int64_t unix_time)
{
    const br_ec_impl *ec = br_ec_get_default();
    unsigned char point[BR_EC_KBUF_PUB_MAX_SIZE];
    unsigned char anchor_point[BR_EC_KBUF_PUB_MAX_SIZE];
    unsigned char anchor_bytes[BR_EC_KBUF_PRIV_MAX_SIZE];
    unsigned char serial[SERIAL_SIZE];
    br_hmac_drbg_context random;
    br_ec_private_key anchor_key;
    br_ec_public_key public_key;
    br_ec_public_key anchor_public;
    contents c = {{NULL, 0}, &anchor_public, &anchor_public, serial, unix_time};

    memset(s, 0, sizeof(*s));
    if (!is_dns_name(domain)) {
        return PARLEY_ILLEGAL;
    }
    if (seed_len < 32 || unix_time < SECONDS_PER_DAY) {
        return PARLEY_REFUSED;
    }
    br_hmac_drbg_init(&random, &br_sha256_vtable, seed, seed_len);
    br_ec_keygen(&random.vtable, ec, &s->key, s->key_bytes, BR_EC_secp256r1);
    br_ec_compute_pub(ec, &public_key, point, &s->key);
    br_ec_keygen(&random.vtable, ec, &anchor_key, anchor_bytes, BR_EC_secp256r1);
    br_ec_compute_pub(ec, &anchor_public, anchor_point, &anchor_key);

    make_serial(&random, serial);
    s->anchor_len = put_certificate(s->anchor, &c, &anchor_key);
    make_serial(&random, serial);
    c.domain = domain;
    c.key = &public_key;
    s->len = put_certificate(s->certificate, &c, &anchor_key);
    entropy_wipe(&random, sizeof(random));
    entropy_wipe(anchor_bytes, sizeof(anchor_bytes));
    s->chain[0].data = s->certificate;
    s->chain[0].data_len = s->len;
    return PARLEY_OK;
}

size_t self_signed_pem(const self_signed *s, char out[SELF_SIGNED_PEM_SIZE])
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
    static const char end[] = "-----END CERTIFICATE-----\n";
    char text[PARLEY_BASE64_SIZE(SELF_SIGNED_SIZE)];
    size_t text_len = PARLEY_BASE64_SIZE(s->anchor_len);
    size_t len = sizeof(begin) - 1;

    parley_base64_encode(s->anchor, s->anchor_len, text);
    memcpy(out, begin, len);
    for (size_t at = 0; at < text_len; at += PEM_LINE) {
        size_t piece = text_len - at < PEM_LINE ? text_len - at : PEM_LINE;
        memcpy(out + len, text + at, piece);
        len += piece;
        out[len++] = '\n';
    }
    memcpy(out + len, end, sizeof(end));
    return len + sizeof(end) - 1;
}

void self_signed_wipe(self_signed *s)
{
    entropy_wipe(s, sizeof(*s));
}

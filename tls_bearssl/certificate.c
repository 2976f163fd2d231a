/* Notes.

   A stack of open constructed elements (levels[0..depth)), each with the offset
   of its end, its kind and its step; a table says which tag may stand at which
   step of which kind, which step follows, and what the child is. A child is
   either opened (its kind is below FIRST_VALUE) or a value that is run through.

   Modes: TAG -> LENGTH -> (TAG of the first child | VALUE -> TAG ...) -> DONE.
   BAD is final. `at` grows by one a byte; value_end and every level's end are
   never beyond the end of the level around it, so that the stack bounds them.

   parley_certificate_push alone moves `at` and `mode`; certificate_open alone
   pushes levels and certificate_close alone pops them.

   Lengths are definite and minimal (X.690 section 10.1); three bytes of length
   suffice for what a TLS handshake can carry. */
#include "certificate.h"

#include <string.h>

#include "algorithms.h"

enum { TAG, LENGTH, VALUE, DONE, BAD };

enum {
    TOP,
    CERTIFICATE,
    TBS,
    ALGORITHM,       /* inside TBSCertificate */
    ALGORITHM_AGAIN, /* beside it: must be the same */
    VALIDITY,
    EXTENSIONS,
    EXTENSION_LIST,
    EXTENSION,
    NAMES,
    NAME_LIST,
    OTHER_NAME,
    OTHER_VALUE,
    USES,
    USE_LIST,
    CONSTRAINTS,
    CONSTRAINT_LIST,
    FIRST_VALUE,
    SKIPPED = FIRST_VALUE,
    ISSUER, /* of these four it is marked where they stand */
    SUBJECT,
    KEY,
    ALGORITHM_OBJECT,
    OBJECT,
    ALGORITHM_AGAIN_OBJECT,
    USE_OBJECT,
    AUTHORITY,
    NOT_BEFORE,
    NOT_AFTER,
    EXTENSION_VALUE, /* NAMES, USES, CONSTRAINTS or SKIPPED, by its OBJECT */
    OTHER_ANY,       /* SRV_NAME, XMPP_NAME or SKIPPED, by its OBJECT */
    DNS_NAME,
    SRV_NAME,
    XMPP_NAME
};

#define ANY_TAG      0
#define TAG_UTC_TIME 0x17
#define TAG_TIME     0x18 /* GeneralizedTime */

/* In a byte each: the kind and its step, the tag, the steps to go on and the kind of the child. */
typedef struct certificate_rule {
    uint8_t place;
    uint8_t tag;
    uint8_t child;
} certificate_rule;

#define STEPS_MOST        11 /* of a kind */
#define PLACE(kind, step) ((uint8_t)((kind)*STEPS_MOST + (step)))
#define RULE(kind, step, tag, next, child)                         \
    {                                                              \
        PLACE(kind, step), (tag), ((next) - (step)) << 5 | (child) \
    }
#define CHILD_MASK 0x1F

_Static_assert(FIRST_VALUE *STEPS_MOST <= UINT8_MAX && DNS_NAME <= CHILD_MASK,
               "a rule has too few bits");

/* RFC 5280 section 4.1; of the rules of a step the first that fits counts. */
static const certificate_rule certificate_rules[] = {
    RULE(TOP, 0, 0x30, 1, CERTIFICATE),
    RULE(CERTIFICATE, 0, 0x30, 1, TBS),
    RULE(CERTIFICATE, 1, 0x30, 2, ALGORITHM_AGAIN),
    RULE(CERTIFICATE, 2, 0x03, 3, SKIPPED), /* signature */
    RULE(TBS, 0, 0xA0, 1, SKIPPED),         /* version */
    RULE(TBS, 0, 0x02, 2, SKIPPED),         /* serialNumber */
    RULE(TBS, 1, 0x02, 2, SKIPPED),
    RULE(TBS, 2, 0x30, 3, ALGORITHM),
    RULE(TBS, 3, 0x30, 4, ISSUER),
    RULE(TBS, 4, 0x30, 5, VALIDITY),
    RULE(TBS, 5, 0x30, 6, SUBJECT), /* its CN never counts */
    RULE(TBS, 6, 0x30, 7, KEY),
    RULE(TBS, 7, 0x81, 8, SKIPPED), /* issuerUniqueID */
    RULE(TBS, 7, 0x82, 9, SKIPPED), /* subjectUniqueID */
    RULE(TBS, 7, 0xA3, 10, EXTENSIONS),
    RULE(TBS, 8, 0x82, 9, SKIPPED),
    RULE(TBS, 8, 0xA3, 10, EXTENSIONS),
    RULE(TBS, 9, 0xA3, 10, EXTENSIONS),
    RULE(ALGORITHM, 0, 0x06, 1, ALGORITHM_OBJECT),
    RULE(ALGORITHM, 1, ANY_TAG, 2, SKIPPED), /* parameters */
    RULE(ALGORITHM_AGAIN, 0, 0x06, 1, ALGORITHM_AGAIN_OBJECT),
    RULE(ALGORITHM_AGAIN, 1, ANY_TAG, 2, SKIPPED),
    RULE(VALIDITY, 0, TAG_UTC_TIME, 1, NOT_BEFORE),
    RULE(VALIDITY, 0, TAG_TIME, 1, NOT_BEFORE),
    RULE(VALIDITY, 1, TAG_UTC_TIME, 2, NOT_AFTER),
    RULE(VALIDITY, 1, TAG_TIME, 2, NOT_AFTER),
    RULE(EXTENSIONS, 0, 0x30, 1, EXTENSION_LIST),
    RULE(EXTENSION_LIST, 0, 0x30, 1, EXTENSION),
    RULE(EXTENSION_LIST, 1, 0x30, 1, EXTENSION),
    RULE(EXTENSION, 0, 0x06, 1, OBJECT),
    RULE(EXTENSION, 1, 0x01, 2, SKIPPED), /* critical */
    RULE(EXTENSION, 1, 0x04, 3, EXTENSION_VALUE),
    RULE(EXTENSION, 2, 0x04, 3, EXTENSION_VALUE),
    RULE(NAMES, 0, 0x30, 1, NAME_LIST),
    RULE(NAME_LIST, 0, 0x82, 0, DNS_NAME),
    RULE(NAME_LIST, 0, 0xA0, 0, OTHER_NAME),
    RULE(NAME_LIST, 0, ANY_TAG, 0, SKIPPED), /* addresses, mail, URIs */
    RULE(OTHER_NAME, 0, 0x06, 1, OBJECT),
    RULE(OTHER_NAME, 1, 0xA0, 2, OTHER_VALUE),
    RULE(OTHER_VALUE, 0, ANY_TAG, 1, OTHER_ANY),
    RULE(USES, 0, 0x30, 1, USE_LIST),
    RULE(USE_LIST, 0, 0x06, 1, USE_OBJECT),
    RULE(USE_LIST, 1, 0x06, 1, USE_OBJECT),
    RULE(CONSTRAINTS, 0, 0x30, 1, CONSTRAINT_LIST),
    RULE(CONSTRAINT_LIST, 0, 0x01, 1, AUTHORITY),
    RULE(CONSTRAINT_LIST, 0, 0x02, 2, SKIPPED), /* pathLenConstraint */
    RULE(CONSTRAINT_LIST, 1, 0x02, 2, SKIPPED),
};

#define STEP(n) (1u << (n))

/* The steps at which an element of a kind may end. */
static const uint16_t certificate_ends[FIRST_VALUE] = {
    [CERTIFICATE] = STEP(3),
    [TBS] = STEP(7) | STEP(8) | STEP(9) | STEP(10),
    [ALGORITHM] = STEP(1) | STEP(2),
    [ALGORITHM_AGAIN] = STEP(1) | STEP(2),
    [VALIDITY] = STEP(2),
    [EXTENSIONS] = STEP(1),
    [EXTENSION_LIST] = STEP(1),
    [EXTENSION] = STEP(3),
    [NAMES] = STEP(1),
    [NAME_LIST] = STEP(0),
    [OTHER_NAME] = STEP(2),
    [OTHER_VALUE] = STEP(1),
    [USES] = STEP(1),
    [USE_LIST] = STEP(1),
    [CONSTRAINTS] = STEP(1),
    [CONSTRAINT_LIST] = STEP(0) | STEP(1) | STEP(2),
};

#define PKCS_1     0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01
#define ANSI_ECDSA 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04
#define PKIX       0x2B, 0x06, 0x01, 0x05, 0x05, 0x07

/* Objects alike but for their last byte: the kind of value whose OBJECT they are, how many bytes
   are alike, how many objects there are, those bytes; then of each its last byte and what it is:
   a kind of child, a hash, or a purpose. */
static const uint8_t certificate_objects[] = {
    /* clang-format off */
    EXTENSION_VALUE, 2, 3, 0x55, 0x1D, /* RFC 5280 section 4.2.1 */
    0x11, NAMES, 0x13, CONSTRAINTS, 0x25, USES,
    OTHER_ANY, 7, 2, PKIX, 0x08, /* RFC 4985, RFC 6120 section 13.7.1.4 */
    0x07, SRV_NAME, 0x05, XMPP_NAME,
    USE_OBJECT, 7, 2, PKIX, 0x03,
    0x01, PARLEY_USE_SERVER, 0x02, PARLEY_USE_CLIENT,
    USE_OBJECT, 7, 1, PKIX, 0x08,
    0x05, PARLEY_USE_XMPP,
    USE_OBJECT, 3, 1, 0x55, 0x1D, 0x25,
    0x00, PARLEY_USE_ANY,
    /* RFC 5929 section 4.1: MD5 and SHA-1 give way to SHA-256. */
    ALGORITHM_OBJECT, 8, 6, PKCS_1,
    4, br_sha256_ID, 5, br_sha256_ID, 11, br_sha256_ID,
    12, br_sha384_ID, 13, br_sha512_ID, 14, br_sha224_ID,
    ALGORITHM_OBJECT, 6, 1, ANSI_ECDSA,
    1, br_sha256_ID,
    ALGORITHM_OBJECT, 7, 4, ANSI_ECDSA, 3,
    1, br_sha224_ID, 2, br_sha256_ID, 3, br_sha384_ID, 4, br_sha512_ID,
    /* clang-format on */
};

#define TAG_UTF8 0x0C
#define TAG_IA5  0x16

void parley_certificate_init(parley_certificate *c)
{
    memset(c, 0, sizeof *c);
    br_multihash_zero(&c->whole);
    parley_tls_end_point_hashes(&c->whole);
    br_multihash_init(&c->whole);
    c->levels[0].end = UINT32_MAX;
    c->levels[0].kind = TOP;
    c->depth = 1;
    c->mode = TAG;
}

/* What the last OBJECT means as one of kind `in`; `otherwise` if unknown. */
static uint8_t certificate_find(const parley_certificate *c, uint8_t in, uint8_t otherwise)
{
    const uint8_t *at = certificate_objects;

    while (at < certificate_objects + sizeof certificate_objects) {
        const size_t alike = at[1];
        const bool fits = at[0] == in && alike + 1 == c->object_len &&
                          memcmp(at + 3, c->object, alike) == 0;
        uint8_t left = at[2];

        for (at += 3 + alike; left > 0; left--, at += 2) {
            if (fits && at[0] == c->object[alike])
                return at[1];
        }
    }
    return otherwise;
}

/* Settles the children that depend on an OBJECT. FIRST_VALUE and above are
   values; TOP: refused. */
static uint8_t certificate_child(parley_certificate *c, uint8_t child)
{
    if (child == EXTENSION_VALUE) {
        child = certificate_find(c, EXTENSION_VALUE, SKIPPED);
        if (child != SKIPPED) {
            const uint8_t bit = (uint8_t)(1u << (child - NAMES));

            if (c->extensions & bit) /* RFC 5280 section 4.2: no extension twice */
                return TOP;
            c->extensions |= bit;
        }
    } else if (child == OTHER_ANY) {
        child = certificate_find(c, OTHER_ANY, SKIPPED);
        if ((child == SRV_NAME && c->header[0] != TAG_IA5) ||
            (child == XMPP_NAME && c->header[0] != TAG_UTF8))
            child = SKIPPED;
    }
    return child;
}

/* The header of an element of `length` bytes is complete. */
static bool certificate_open(parley_certificate *c, uint32_t length)
{
    const size_t count = sizeof certificate_rules / sizeof certificate_rules[0];
    parley_certificate_level *level = &c->levels[c->depth - 1];
    const uint32_t room = level->end - c->at;
    const uint8_t place = PLACE(level->kind, level->step);
    const certificate_rule *rule = NULL;
    uint8_t child;

    if (length > room)
        return false;
    for (size_t i = 0; i < count && rule == NULL; i++) {
        const certificate_rule *r = &certificate_rules[i];

        if (r->place == place && (r->tag == c->header[0] || r->tag == ANY_TAG))
            rule = r;
    }
    if (rule == NULL)
        return false;
    child = certificate_child(c, rule->child & CHILD_MASK);
    if (child == TOP)
        return false;
    level->step = (uint8_t)(level->step + (rule->child >> 5));
    if (child < FIRST_VALUE) {
        if (c->depth == PARLEY_CERTIFICATE_DEPTH)
            return false;
        level++;
        level->end = c->at + length;
        level->kind = child;
        level->step = 0;
        c->depth++;
        c->mode = TAG;
        return true;
    }
    c->value_kind = child;
    c->value_at = c->at;
    c->value_end = c->at + length;
    c->mode = VALUE;
    if (child >= ISSUER && child <= ALGORITHM_OBJECT)
        c->marks[child - ISSUER] = c->at - c->header_len;
    if (child == KEY) {
        br_sha256_init(&c->key);
        br_sha256_update(&c->key, c->header, c->header_len);
    } else if (child >= DNS_NAME) {
        c->name_len = 0;
    } else if (child != SKIPPED) {
        c->object_len = 0;
    }
    return true;
}

/* Pops every element that ends here. */
static bool certificate_close(parley_certificate *c)
{
    const parley_certificate_level *level = &c->levels[c->depth - 1];

    while (c->depth > 1 && level->end == c->at) {
        if (!(certificate_ends[level->kind] & STEP(level->step)))
            return false;
        c->depth--;
        level--;
    }
    c->mode = c->depth == 1 ? DONE : TAG;
    return true;
}

/* One byte of a tag or of a length. */
static bool certificate_header(parley_certificate *c, uint8_t byte)
{
    uint32_t length = 0;
    uint8_t bytes;

    if (c->at == c->levels[c->depth - 1].end)
        return false; /* the element around it ends inside this header */
    c->at++;
    if (c->mode == TAG) {
        if (c->depth == 1 && c->levels[0].step != 0)
            return false; /* after the certificate */
        c->header[0] = byte;
        c->header_len = 1;
        c->mode = LENGTH;
        return (byte & 0x1F) != 0x1F && byte != 0; /* no tag here has more than one byte */
    }
    if (c->header_len == sizeof c->header)
        return false;
    c->header[c->header_len++] = byte;
    if (c->header[1] < 0x80)
        return certificate_open(c, c->header[1]);
    bytes = c->header[1] & 0x7F;
    if (bytes == 0 || bytes > 3)
        return false;
    if (c->header_len < 2 + bytes)
        return true;
    for (uint8_t i = 0; i < bytes; i++)
        length = length << 8 | c->header[2 + i];
    if (c->header[2] == 0 || length < 0x80)
        return false;
    return certificate_open(c, length);
}

static void certificate_value(parley_certificate *c, const unsigned char *data, size_t len)
{
    switch (c->value_kind) {
    case KEY:
        br_sha256_update(&c->key, data, len);
        break;
    case DNS_NAME:
    case SRV_NAME:
    case XMPP_NAME:
        if (c->name_len + len < sizeof c->name)
            memcpy(c->name + c->name_len, data, len);
        c->name_len += (uint32_t)len;
        break;
    case OBJECT:
    case ALGORITHM_OBJECT:
    case ALGORITHM_AGAIN_OBJECT:
    case USE_OBJECT:
    case AUTHORITY:
    case NOT_BEFORE:
    case NOT_AFTER:
        for (size_t i = 0; i < len; i++) {
            if (c->object_len < sizeof c->object)
                c->object[c->object_len] = data[i];
            if (c->object_len < UINT8_MAX)
                c->object_len++;
        }
        break;
    default:
        break;
    }
}

/* Days from 1970-01-01 to a day of the Gregorian calendar, without a division. */
static int32_t certificate_days(uint32_t century, uint32_t year, uint32_t month, uint32_t day)
{
    const uint32_t early = month < 3; /* years begin in March */
    const uint32_t last = early & (uint32_t)(year == 0);

    month += 12 * early;
    year += 100 * last - early;
    century += 4 - last;
    /* 979 / 32 days a month, less those of the first two. */
    return (int32_t)(century * 36524 + century / 4 + year * 365 + year / 4 +
                     ((979 * month - 2919) >> 5) + day) -
           865566;
}

/* The time that has just been read (RFC 5280 section 4.1.2.5), in Unix's seconds;
   0: not of that form, which BearSSL judges. */
static int64_t certificate_time(const parley_certificate *c)
{
    const size_t left_out = c->header[0] == TAG_UTC_TIME ? 2 : 0; /* the century */
    const uint8_t *digits = c->object;
    uint8_t pair[7]; /* century, year, month, day, hour, minute, second */
    int32_t days;

    if (c->object_len != 15 - left_out || digits[14 - left_out] != 'Z')
        return 0;
    for (size_t i = left_out / 2; i < sizeof pair; i++, digits += 2) {
        const uint8_t tens = (uint8_t)(digits[0] - '0'), units = (uint8_t)(digits[1] - '0');

        if (tens > 9 || units > 9)
            return 0;
        pair[i] = (uint8_t)(tens * 10 + units);
    }
    if (left_out > 0)
        pair[0] = pair[1] < 50 ? 20 : 19;
    if (pair[2] - 1u > 11 || pair[3] - 1u > 30)
        return 0;
    days = certificate_days(pair[0], pair[1], pair[2], pair[3]);
    /* 675 times 128 seconds a day: days of years of four digits fit 32 bits so, which spares a
       small processor the product of 64. */
    return (int64_t)(int32_t)((uint32_t)days * 675) * 128 +
           (pair[4] * 3600 + pair[5] * 60 + pair[6]);
}

/* The present value has ended. */
static bool certificate_value_end(parley_certificate *c)
{
    switch (c->value_kind) {
    case KEY:
        br_sha256_out(&c->key, c->key_hash);
        c->key_seen = true;
        return true;
    case ALGORITHM_OBJECT:
        c->signature = certificate_find(c, ALGORITHM_OBJECT, 0);
        return true;
    case ALGORITHM_AGAIN_OBJECT: /* RFC 5280 section 4.1.1.2 */
        return c->signature == certificate_find(c, ALGORITHM_OBJECT, 0);
    case USE_OBJECT:
        c->uses |= certificate_find(c, USE_OBJECT, PARLEY_USE_OTHER);
        return true;
    case AUTHORITY:
        c->authority = c->object_len != 1 || c->object[0] != 0;
        return true;
    case NOT_BEFORE:
        c->not_before = certificate_time(c);
        return true;
    case NOT_AFTER:
        c->not_after = certificate_time(c);
        return true;
    default:
        return true;
    }
}

static bool certificate_run(parley_certificate *c, const unsigned char *data, size_t len,
                            size_t *taken, bool *named)
{
    while (!*named) {
        if (c->mode == VALUE && c->at == c->value_end) {
            if (!certificate_value_end(c))
                return false;
            *named = c->value_kind >= DNS_NAME;
            if (!certificate_close(c))
                return false;
        } else if (c->mode == TAG && c->depth > 1 && c->levels[c->depth - 1].end == c->at) {
            if (!certificate_close(c)) /* an empty element */
                return false;
        } else if (*taken == len) {
            break;
        } else if (c->mode == VALUE) {
            size_t n = c->value_end - c->at;

            if (n > len - *taken)
                n = len - *taken;
            certificate_value(c, data + *taken, n);
            c->at += (uint32_t)n;
            *taken += n;
        } else if (c->mode == DONE) {
            return false; /* after the certificate */
        } else if (!certificate_header(c, data[(*taken)++])) {
            return false;
        }
    }
    return true;
}

/* RFC 6120 13.7.1.4. */
size_t parley_certificate_push(parley_certificate *c, const void *data, size_t len,
                               parley_certificate_token *token)
{
    size_t taken = 0;
    bool named = false;

    if (c->mode == BAD || !certificate_run(c, data, len, &taken, &named)) {
        c->mode = BAD;
        *token = PARLEY_CERTIFICATE_ERROR;
        return 0;
    }
    if (taken > 0)
        br_multihash_update(&c->whole, data, taken);
    *token = named ? PARLEY_CERTIFICATE_NAME : PARLEY_CERTIFICATE_MORE;
    return taken;
}

parley_result parley_certificate_finish(const parley_certificate *c)
{
    if (c->mode == BAD)
        return PARLEY_ILLEGAL;
    return c->mode == DONE ? PARLEY_OK : PARLEY_MORE;
}

parley_name parley_certificate_name(const parley_certificate *c)
{
    parley_name name = {PARLEY_NAME_DNS, c->value_at, c->name_len, {NULL, 0}};

    if (c->value_kind == SRV_NAME)
        name.kind = PARLEY_NAME_SRV;
    else if (c->value_kind == XMPP_NAME)
        name.kind = PARLEY_NAME_XMPP;
    if (c->name_len < sizeof c->name) {
        name.value.data = c->name;
        name.value.len = c->name_len;
    }
    return name;
}

bool parley_certificate_authority(const parley_certificate *c)
{
    return c->authority;
}

unsigned parley_certificate_uses(const parley_certificate *c)
{
    return c->uses;
}

int64_t parley_certificate_not_before(const parley_certificate *c)
{
    return c->not_before;
}

int64_t parley_certificate_not_after(const parley_certificate *c)
{
    return c->not_after;
}

size_t parley_certificate_end_point(const parley_certificate *c,
                                    unsigned char out[PARLEY_HASH_SIZE])
{
    return c->signature == 0 ? 0 : br_multihash_out(&c->whole, c->signature, out);
}

parley_result parley_tls_key_hash(const void *certificate, size_t len, unsigned char hash[32])
{
    const unsigned char *data = certificate;
    parley_certificate c;
    parley_certificate_token token;
    size_t at = 0;

    parley_certificate_init(&c);
    do {
        at += parley_certificate_push(&c, data + at, len - at, &token);
    } while (token == PARLEY_CERTIFICATE_NAME);
    if (parley_certificate_finish(&c) != PARLEY_OK)
        return PARLEY_ILLEGAL;
    memcpy(hash, c.key_hash, 32);
    return PARLEY_OK;
}

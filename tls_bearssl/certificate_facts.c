/* Notes. The walker has settled that the bytes are a certificate and where its parts
   stand; what is inside those parts it has stepped over, so they are read here with the
   same distrust: every length is checked against what is left, and what does not read
   is "not known", never an error. */
#include "certificate.h"

#include <string.h>

#include "identity.h"

#define TAG_INTEGER    0x02
#define TAG_BIT_STRING 0x03
#define TAG_OBJECT     0x06
#define TAG_UTF8       0x0C
#define TAG_PRINTABLE  0x13
#define TAG_IA5        0x16
#define TAG_SEQUENCE   0x30
#define TAG_SET        0x31

/* One element of DER off the front of `rest`. */
static bool facts_next(parley_string *rest, uint8_t *tag, parley_string *value)
{
    const unsigned char *at = (const unsigned char *)rest->data;
    size_t head = 2, len, bytes;

    if (rest->len < 2)
        return false;
    len = at[1];
    if (len >= 0x80) {
        bytes = len & 0x7F;
        if (bytes == 0 || bytes > 3 || rest->len < 2 + bytes)
            return false;
        len = 0;
        for (size_t i = 0; i < bytes; i++)
            len = len << 8 | at[2 + i];
        head += bytes;
    }
    if (len > rest->len - head)
        return false;
    *tag = at[0];
    *value = (parley_string){rest->data + head, len};
    rest->data += head + len;
    rest->len -= head + len;
    return true;
}

static bool facts_take(parley_string *rest, uint8_t wanted, parley_string *value)
{
    uint8_t tag;

    return facts_next(rest, &tag, value) && tag == wanted;
}

/* The element that stands at `at`, header included. */
static parley_string facts_element(const void *der, size_t len, uint32_t at)
{
    parley_string rest = {(const char *)der + at, len - at};
    const char *begin = rest.data;
    parley_string value;
    uint8_t tag;

    if (!facts_next(&rest, &tag, &value))
        return (parley_string){begin, 0};
    return (parley_string){begin, (size_t)(rest.data - begin)};
}

typedef struct facts_object {
    uint8_t len;
    uint8_t object[10];
    const char *name;
    uint16_t bits; /* of a key; 0: of a signature whose hash is weak */
} facts_object;

#define PKCS_1     0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01
#define ANSI_ECDSA 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04

static const facts_object facts_signatures[] = {
    {9, {PKCS_1, 2}, "md2WithRSAEncryption", 0},
    {9, {PKCS_1, 4}, "md5WithRSAEncryption", 0},
    {9, {PKCS_1, 5}, "sha1WithRSAEncryption", 0},
    {9, {PKCS_1, 10}, "RSASSA-PSS", 1},
    {9, {PKCS_1, 11}, "sha256WithRSAEncryption", 1},
    {9, {PKCS_1, 12}, "sha384WithRSAEncryption", 1},
    {9, {PKCS_1, 13}, "sha512WithRSAEncryption", 1},
    {9, {PKCS_1, 14}, "sha224WithRSAEncryption", 0},
    {7, {ANSI_ECDSA, 1}, "ecdsa-with-SHA1", 0},
    {8, {ANSI_ECDSA, 3, 1}, "ecdsa-with-SHA224", 0},
    {8, {ANSI_ECDSA, 3, 2}, "ecdsa-with-SHA256", 1},
    {8, {ANSI_ECDSA, 3, 3}, "ecdsa-with-SHA384", 1},
    {8, {ANSI_ECDSA, 3, 4}, "ecdsa-with-SHA512", 1},
    {3, {0x2B, 0x65, 0x70}, "Ed25519", 1},
    {3, {0x2B, 0x65, 0x71}, "Ed448", 1},
};

/* Curves, and keys that are of one kind. */
static const facts_object facts_keys[] = {
    {8, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07}, "P-256", 256},
    {5, {0x2B, 0x81, 0x04, 0x00, 0x22}, "P-384", 384},
    {5, {0x2B, 0x81, 0x04, 0x00, 0x23}, "P-521", 521},
    {5, {0x2B, 0x81, 0x04, 0x00, 0x21}, "P-224", 224},
    {8, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x01}, "P-192", 192},
    {5, {0x2B, 0x81, 0x04, 0x00, 0x0A}, "secp256k1", 256},
    {9, {0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07}, "brainpoolP256r1", 256},
    {9, {0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B}, "brainpoolP384r1", 384},
    {9, {0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D}, "brainpoolP512r1", 512},
    {3, {0x2B, 0x65, 0x70}, "Ed25519", 256},
    {3, {0x2B, 0x65, 0x71}, "Ed448", 448},
};

static const facts_object *facts_find(const facts_object *list, size_t count, parley_string object)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].len == object.len && memcmp(list[i].object, object.data, object.len) == 0)
            return &list[i];
    }
    return NULL;
}

static void facts_signature(parley_certificate_facts *facts, parley_string element)
{
    const facts_object *found = NULL;
    parley_string object;

    if (facts_take(&element, TAG_OBJECT, &object))
        found = facts_find(facts_signatures, sizeof facts_signatures / sizeof *facts_signatures,
                           object);
    facts->signature = found != NULL ? found->name : NULL;
    facts->signature_weak = found == NULL || found->bits == 0;
}

/* Bits of the modulus (RFC 8017 appendix A.1.1). */
static unsigned facts_modulus(parley_string bits)
{
    parley_string list, number;
    unsigned count;

    if (bits.len < 1 || bits.data[0] != 0)
        return 0;
    bits.data++;
    bits.len--;
    if (!facts_take(&bits, TAG_SEQUENCE, &list) || !facts_take(&list, TAG_INTEGER, &number))
        return 0;
    while (number.len > 0 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    if (number.len == 0)
        return 0;
    count = (unsigned)number.len * 8;
    for (unsigned char first = (unsigned char)number.data[0]; (first & 0x80) == 0;
         first = (unsigned char)(first << 1))
        count--;
    return count;
}

/* SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, RFC 3279 section 2.3). */
static void facts_key(parley_certificate_facts *facts, parley_string element)
{
    static const unsigned char rsa[] = {PKCS_1, 1};
    static const unsigned char ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
    const facts_object *found;
    parley_string info, algorithm, object, bits;

    if (!facts_take(&element, TAG_SEQUENCE, &info) ||
        !facts_take(&info, TAG_SEQUENCE, &algorithm) ||
        !facts_take(&algorithm, TAG_OBJECT, &object) || !facts_take(&info, TAG_BIT_STRING, &bits))
        return;
    if (object.len == sizeof rsa && memcmp(object.data, rsa, sizeof rsa) == 0) {
        facts->key = PARLEY_KEY_RSA;
        facts->key_name = "RSA";
        facts->key_bits = facts_modulus(bits);
        return;
    }
    if (object.len == sizeof ec && memcmp(object.data, ec, sizeof ec) == 0) {
        facts->key = PARLEY_KEY_EC;
        if (!facts_take(&algorithm, TAG_OBJECT, &object))
            return; /* the curve is not named */
    }
    found = facts_find(facts_keys, sizeof facts_keys / sizeof *facts_keys, object);
    if (found != NULL) {
        facts->key_name = found->name;
        facts->key_bits = found->bits;
    }
}

parley_result parley_certificate_read(const void *der, size_t len, parley_certificate_facts *facts,
                                      parley_certificate_name_entry *names, size_t room)
{
    const unsigned char *data = der;
    parley_certificate c;
    parley_certificate_token token;
    size_t at = 0;

    memset(facts, 0, sizeof *facts);
    parley_certificate_init(&c);
    do {
        at += parley_certificate_push(&c, data + at, len - at, &token);
        if (token == PARLEY_CERTIFICATE_NAME) {
            parley_name name = parley_certificate_name(&c);

            if (facts->names < room)
                names[facts->names] = (parley_certificate_name_entry){
                    name.kind, {(const char *)data + name.offset, name.len}};
            facts->names++;
        }
    } while (token == PARLEY_CERTIFICATE_NAME);
    if (parley_certificate_finish(&c) != PARLEY_OK)
        return PARLEY_ILLEGAL;
    facts->issuer = facts_element(der, len, c.marks[PARLEY_CERTIFICATE_ISSUER]);
    facts->subject = facts_element(der, len, c.marks[PARLEY_CERTIFICATE_SUBJECT]);
    facts->not_before = c.not_before;
    facts->not_after = c.not_after;
    facts->authority = c.authority;
    facts->uses = c.uses;
    memcpy(facts->key_hash, c.key_hash, sizeof facts->key_hash);
    facts_signature(facts, facts_element(der, len, c.marks[PARLEY_CERTIFICATE_ALGORITHM]));
    facts_key(facts, facts_element(der, len, c.marks[PARLEY_CERTIFICATE_KEY]));
    return PARLEY_OK;
}

int parley_certificate_name_judge(parley_string domain, const parley_certificate_name_entry *name)
{
    char reference[PARLEY_TLS_NAME_SIZE];
    parley_name presented = {name->kind, 0, (uint32_t)name->value.len, name->value};

    if (name->value.len >= PARLEY_TLS_NAME_SIZE)
        presented.value.data = NULL; /* as in a handshake: too long for a domain */
    (void)parley_identity_reference(domain, reference);
    return parley_identity_judge(reference, &presented);
}

/* Text for people. */

typedef struct facts_text {
    char *text;
    size_t size;
    size_t len;
} facts_text;

static void facts_put(facts_text *t, char c)
{
    if (t->len + 1 < t->size)
        t->text[t->len++] = c;
}

static void facts_put_text(facts_text *t, const char *text)
{
    while (*text != '\0')
        facts_put(t, *text++);
}

static void facts_put_number(facts_text *t, uint32_t number)
{
    char digits[10];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0)
        facts_put(t, digits[--count]);
}

/* The attribute types of RFC 4514 section 3, and e-mail's (RFC 2985). */
static void facts_put_type(facts_text *t, parley_string object)
{
    static const facts_object types[] = {
        {3, {0x55, 0x04, 0x03}, "CN", 0},
        {3, {0x55, 0x04, 0x06}, "C", 0},
        {3, {0x55, 0x04, 0x07}, "L", 0},
        {3, {0x55, 0x04, 0x08}, "ST", 0},
        {3, {0x55, 0x04, 0x0A}, "O", 0},
        {3, {0x55, 0x04, 0x0B}, "OU", 0},
        {10, {0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19}, "DC", 0},
        {9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01}, "emailAddress", 0},
    };
    const facts_object *found = facts_find(types, sizeof types / sizeof *types, object);
    uint32_t arc = 0;
    bool first = true;

    if (found != NULL) {
        facts_put_text(t, found->name);
        return;
    }
    for (size_t i = 0; i < object.len; i++) {
        unsigned char byte = (unsigned char)object.data[i];

        arc = arc << 7 | (byte & 0x7Fu); /* an arc beyond 32 bits is cut; it only is shown */
        if ((byte & 0x80) != 0)
            continue;
        if (first) {
            facts_put_number(t, arc < 80 ? arc / 40 : 2);
            arc = arc < 80 ? arc % 40 : arc - 80;
        }
        facts_put(t, '.');
        facts_put_number(t, arc);
        first = false;
        arc = 0;
    }
}

static void facts_put_value(facts_text *t, uint8_t tag, parley_string value)
{
    static const char digits[] = "0123456789abcdef";
    bool text = tag == TAG_UTF8 || tag == TAG_PRINTABLE || tag == TAG_IA5;

    if (!text)
        facts_put(t, '#');
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.data[i];

        if (text) {
            facts_put(t, value.data[i]);
        } else {
            facts_put(t, digits[byte >> 4]);
            facts_put(t, digits[byte & 15]);
        }
    }
}

parley_result parley_certificate_name_text(parley_string name, char *text, size_t size)
{
    facts_text t = {text, size, 0};
    parley_string list, set, pair, object, value;
    parley_result result = PARLEY_ILLEGAL;
    uint8_t tag;

    if (facts_take(&name, TAG_SEQUENCE, &list)) {
        result = PARLEY_OK;
        while (result == PARLEY_OK && list.len > 0) {
            result = PARLEY_ILLEGAL;
            if (!facts_take(&list, TAG_SET, &set))
                break;
            /* A set of several is rare; each of its members is shown alike. */
            for (result = PARLEY_OK; set.len > 0; facts_put_value(&t, tag, value)) {
                if (!facts_take(&set, TAG_SEQUENCE, &pair) ||
                    !facts_take(&pair, TAG_OBJECT, &object) || !facts_next(&pair, &tag, &value)) {
                    result = PARLEY_ILLEGAL;
                    break;
                }
                facts_put_text(&t, t.len > 0 ? ", " : "");
                facts_put_type(&t, object);
                facts_put(&t, '=');
            }
        }
    }
    if (size > 0)
        text[t.len] = '\0';
    return result;
}

/* The DER walker and what is made of its findings: whatever the bytes and their pieces,
   the same names, dates, purposes and hashes; names judged against a domain; a pin only
   of what is a certificate. Input: a seed for the cuts, the certificate; or, of what is none, a
   domain, byte 0xFF and a name that a certificate could have. */
#include <string.h>

#include "certificate.h"
#include "common/fuzz.h"
#include "identity.h"

static void on_name(fuzz_log *log, parley_name name)
{
    static const char *const references[] = {"example.com", "im.example.com", "xn--tst-bma.example",
                                             "two.labels.ample.com"};

    fuzz_log_number(log, "\nname ", (unsigned)name.kind);
    fuzz_log_number(log, " at ", name.offset);
    fuzz_log_number(log, " len ", name.len);
    fuzz_log_string(log, " is ", name.value);
    FUZZ_CHECK(name.value.data == NULL || name.value.len == name.len);
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        int judged = parley_identity_judge(references[i], &name);

        FUZZ_CHECK(judged == 0 ||
                   (judged >= PARLEY_TLS_NAME_NONE && judged <= PARLEY_TLS_NAME_LITERAL));
        /* A wildcard stands for one label (RFC 6125 6.4.3). */
        FUZZ_CHECK(judged != 0 || name.kind != PARLEY_NAME_DNS || name.value.data[0] != '*' ||
                   strlen(strchr(references[i], '.')) == name.value.len - 1);
        /* Without the domain or a wildcard in it there is no match. */
        FUZZ_CHECK(judged != 0 || name.value.len >= strlen("*.example"));
        fuzz_log_number(log, " judged ", (unsigned)judged);
    }
}

static parley_result walk(fuzz_log *log, fuzz_cuts cuts, const uint8_t *data, size_t size)
{
    parley_certificate *c = fuzz_block(0, sizeof *c, (uint8_t)(0xA5 + cuts.kind));
    parley_certificate_token token = PARLEY_CERTIFICATE_MORE;
    unsigned char end_point[PARLEY_HASH_SIZE];
    parley_result result;

    fuzz_log_reset(log);
    parley_certificate_init(c);
    for (size_t at = 0; at < size && token != PARLEY_CERTIFICATE_ERROR;) {
        size_t left = fuzz_piece(&cuts, size - at);

        do {
            size_t taken = parley_certificate_push(c, fuzz_flush(data + at, left), left, &token);

            FUZZ_CHECK(taken <= left);
            FUZZ_CHECK(token != PARLEY_CERTIFICATE_MORE || taken == left);
            at += taken;
            left -= taken;
            if (token == PARLEY_CERTIFICATE_NAME) {
                FUZZ_CHECK(taken > 0);
                on_name(log, parley_certificate_name(c));
            }
        } while (token == PARLEY_CERTIFICATE_NAME);
    }
    result = parley_certificate_finish(c);
    fuzz_log_number(log, "\nresult ", (unsigned)result);
    if (result == PARLEY_OK) {
        parley_string bound = {(const char *)end_point, parley_certificate_end_point(c, end_point)};

        fuzz_log_number(log, " authority ", parley_certificate_authority(c));
        fuzz_log_number(log, " uses ", parley_certificate_uses(c));
        fuzz_log_number(log, " from ", (uint64_t)parley_certificate_not_before(c));
        fuzz_log_number(log, " to ", (uint64_t)parley_certificate_not_after(c));
        fuzz_log_string(log, " bound ", bound);
    }
    fuzz_blocks_check();
    return result;
}

/* The report of it: within the bytes, and of a certificate only. */
static void report(const uint8_t *data, size_t size, parley_result result)
{
    parley_certificate_name_entry names[4];
    parley_certificate_facts facts;
    char text[64];
    const char *bytes = (const char *)fuzz_flush(data, size);

    FUZZ_CHECK((parley_certificate_read(bytes, size, &facts, names, 4) == PARLEY_OK) ==
               (result == PARLEY_OK));
    if (result != PARLEY_OK) {
        (void)parley_certificate_name_text((parley_string){bytes, size}, text, sizeof text);
        return;
    }
    for (size_t i = 0; i < facts.names && i < 4; i++) {
        size_t at = (size_t)(names[i].value.data - bytes);

        FUZZ_CHECK(at <= size && names[i].value.len <= size - at);
        (void)parley_certificate_name_judge((parley_string){"example.com", 11}, &names[i]);
    }
    (void)parley_certificate_name_text(facts.subject, text, sizeof text);
    FUZZ_CHECK(memchr(text, '\0', sizeof text) != NULL);
    for (size_t room = 0; room < 4; room++) {
        text[room] = '?';
        (void)parley_certificate_name_text(facts.issuer, text, room);
        FUZZ_CHECK(text[room] == '?' && (room == 0 || memchr(text, '\0', room) != NULL));
    }
    (void)parley_certificate_name_text(facts.issuer, text, sizeof text);
    FUZZ_CHECK(facts.subject.len >= 2 && facts.issuer.len >= 2);
}

/* A domain that nobody has prepared. */
static void judge_as_given(parley_string domain, parley_string text)
{
    parley_certificate_name_entry name = {PARLEY_NAME_DNS, text};
    int judged = parley_certificate_name_judge(domain, &name);

    FUZZ_CHECK(judged == 0 ||
               (judged >= PARLEY_TLS_NAME_NONE && judged <= PARLEY_TLS_NAME_LITERAL));
    FUZZ_CHECK(judged != 0 || domain.len > 0);
}

/* A name of each kind for a domain. */
static void judge(const uint8_t *data, size_t size)
{
    static const parley_name_kind kinds[] = {PARLEY_NAME_DNS, PARLEY_NAME_SRV, PARLEY_NAME_XMPP};
    const uint8_t *parted = size > 0 ? memchr(data, 0xFF, size) : NULL;
    char *reference = fuzz_block(1, PARLEY_TLS_NAME_SIZE, 0xA5);
    char *room = fuzz_block(2, PARLEY_PART_SIZE, 0xA5);
    parley_string domain = {(const char *)data, parted != NULL ? (size_t)(parted - data) : 0};
    size_t len = size - domain.len - 1;

    if (parted == NULL || len >= PARLEY_TLS_NAME_SIZE) {
        return;
    }
    judge_as_given(domain, (parley_string){(const char *)fuzz_flush(parted + 1, len), len});
    if (parley_jid_prepare(PARLEY_JID_DOMAIN, domain, room, PARLEY_PART_SIZE, &domain, NULL) !=
        PARLEY_OK) {
        return;
    }
    FUZZ_CHECK(parley_identity_reference(domain, reference) == (reference[0] != '\0'));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        parley_name name = {kinds[i], 0, (uint32_t)len, {NULL, len}};
        const char *parent = strchr(reference, '.');
        int judged;

        name.value.data = (const char *)fuzz_flush(parted + 1, len);
        judged = parley_identity_judge(reference, &name);
        FUZZ_CHECK((judged == PARLEY_TLS_NAME_LITERAL) == (reference[0] == '\0'));
        /* RFC 6125 6.4.3; and not for all of a top-level domain. */
        FUZZ_CHECK(judged != 0 || memchr(name.value.data, '*', len) == NULL ||
                   (kinds[i] == PARLEY_NAME_DNS && parent != NULL && strlen(parent) == len - 1 &&
                    strchr(parent + 1, '.') != NULL));
    }
    fuzz_blocks_check();
}

FUZZ_TARGET(certificate)
{
    static fuzz_log whole, other;
    uint8_t seed = fuzz_byte(&data, &size);
    unsigned char hash[32];
    parley_result result;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    result = walk(&whole, fuzz_cuts_of(FUZZ_WHOLE, 0), data, size);
    walk(&other, fuzz_cuts_of(FUZZ_BYTES, 0), data, size);
    fuzz_log_same(&whole, &other);
    walk(&other, fuzz_cuts_of(FUZZ_RANDOM, seed), data, size);
    fuzz_log_same(&whole, &other);
    FUZZ_CHECK((parley_tls_key_hash(fuzz_flush(data, size), size, hash) == PARLEY_OK) ==
               (result == PARLEY_OK));
    report(data, size, result);
    if (result != PARLEY_OK) {
        judge(data, size);
    }
    return 0;
}

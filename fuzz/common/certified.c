#include "common/certified.h"

#include <string.h>

#include "identity.h"

void fuzz_certified_name(fuzz_log *log, parley_name name)
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
        /* A name ends where its length says (CVE-2009-2408). */
        FUZZ_CHECK(judged != 0 || memchr(name.value.data, '\0', name.value.len) == NULL);
        /* Without the domain or a wildcard in it there is no match. */
        FUZZ_CHECK(judged != 0 || name.value.len >= strlen("*.example"));
        fuzz_log_number(log, " judged ", (unsigned)judged);
    }
}

void fuzz_certified_facts(fuzz_log *log, const parley_certificate *c)
{
    unsigned char end_point[PARLEY_HASH_SIZE];
    parley_string bound = {(const char *)end_point, parley_certificate_end_point(c, end_point)};

    fuzz_log_number(log, " authority ", parley_certificate_authority(c));
    fuzz_log_number(log, " uses ", parley_certificate_uses(c));
    fuzz_log_number(log, " from ", (uint64_t)parley_certificate_not_before(c));
    fuzz_log_number(log, " to ", (uint64_t)parley_certificate_not_after(c));
    fuzz_log_string(log, " bound ", bound);
}

void fuzz_certified_report(const uint8_t *data, size_t size, bool is_one)
{
    parley_certificate_name_entry names[4];
    parley_certificate_facts facts;
    char text[64];
    const char *bytes = (const char *)fuzz_flush(data, size);

    FUZZ_CHECK((parley_certificate_read(bytes, size, &facts, names, 4) == PARLEY_OK) == is_one);
    if (!is_one) {
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

void fuzz_certified_judge(const uint8_t *data, size_t size)
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
        /* A name ends where its length says (CVE-2009-2408). */
        FUZZ_CHECK(judged != 0 || memchr(name.value.data, '\0', len) == NULL);
        FUZZ_CHECK(judged != 0 || kinds[i] == PARLEY_NAME_XMPP || *name.value.data == '*' ||
                   len == strlen(reference) + (kinds[i] == PARLEY_NAME_SRV ? 13 : 0));
        /* RFC 6125 6.4.3; and not for all of a top-level domain. */
        FUZZ_CHECK(judged != 0 || memchr(name.value.data, '*', len) == NULL ||
                   (kinds[i] == PARLEY_NAME_DNS && parent != NULL && strlen(parent) == len - 1 &&
                    strchr(parent + 1, '.') != NULL));
    }
    fuzz_blocks_check();
}

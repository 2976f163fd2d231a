/* What has to hold of a party at rest, and of all that it has said. */
#include <string.h>

#include "common/party.h"
#include "common/scram.h"

void fuzz_party_check(fuzz_party *p)
{
    unsigned state = FUZZ_CALL0(p, state);
    const parley_outcome *outcome = FUZZ_CALL0(p, outcome);

    FUZZ_CHECK((state & PARLEY_IS_READY) == 0 ||
               (p->tls && p->authenticated && p->bound && outcome->code == PARLEY_NO_ERROR));
    FUZZ_CHECK((state & PARLEY_IS_CLOSED) == 0 || p->closed);
    FUZZ_CHECK((state & PARLEY_WAITS_TLS) == 0 || !p->tls);
    FUZZ_CHECK(p->code == PARLEY_NO_ERROR || p->code == outcome->code);
    p->code = outcome->code;
    if (p->closed || p->code != PARLEY_NO_ERROR) {
        p->silent_from = p->said->len;
    }
}

#define MARKERS 5

/* The password and its base64 wherever in a message it stands; the server's secret. */
static const parley_string *markers(void)
{
    static parley_string list[MARKERS];
    static char coded[3][PARLEY_BASE64_SIZE(sizeof FUZZ_PASSWORD + 2)];
    char text[sizeof FUZZ_PASSWORD + 2];

    if (list[0].data != NULL) {
        return list;
    }
    for (size_t i = 0; i < 3; i++) {
        size_t len = i + sizeof FUZZ_PASSWORD - 1;

        memset(text, '-', i);
        memcpy(text + i, FUZZ_PASSWORD, sizeof FUZZ_PASSWORD - 1);
        parley_base64_encode(text, len, coded[i]);
        /* Less what its neighbours decide, too. */
        list[i + 2].data = coded[i] + (i > 0 ? 4 : 0);
        list[i + 2].len = PARLEY_BASE64_SIZE(len) - (i > 0 ? 8 : 4);
    }
    list[1] = parley_string_of(FUZZ_SECRET);
    list[0] = parley_string_of(FUZZ_PASSWORD);
    return list;
}

/* The content of the element that proves the password has been heard. References and CDATA
   sections could have hidden it. */
static bool has_proof(const fuzz_party *p, const char *element, size_t len)
{
    const char *from = memchr(element, '>', len);
    const char *to = from != NULL ? memchr(from, '<', len - (size_t)(from - element)) : NULL;

    return to != NULL && fuzz_has(p->heard->bytes, p->heard->len, from, (size_t)(to - from));
}

void fuzz_party_proof(const fuzz_party *p, parley_string mechanism)
{
    char element[FUZZ_SCRAM_SIZE];
    bool is_scram = mechanism.len > 5 && memcmp(mechanism.data, "SCRAM", 5) == 0;
    const parley_string *list = markers();
    bool proved = false;

    if (p->heard == NULL || p->heard->full ||
        (!is_scram && (p->client != NULL || mechanism.len != 5)) ||
        memchr(p->heard->bytes, '&', p->heard->len) != NULL ||
        fuzz_has(p->heard->bytes, p->heard->len, "<![", 3)) {
        return;
    }
    if (is_scram && p->client != NULL) {
        for (unsigned i = 0; i <= 8 && !proved; i++) { /* whichever challenge it was */
            size_t len = fuzz_scram_success(p->said, p->heard, i, NULL, element);

            proved = len > 0 && has_proof(p, element, len);
        }
    } else if (is_scram) {
        size_t len = fuzz_scram_response(p->said, NULL, element);

        proved = len > 0 && has_proof(p, element, len);
    } else {
        for (size_t i = 2; i < MARKERS; i++) {
            proved = proved || fuzz_has(p->heard->bytes, p->heard->len, list[i].data, list[i].len);
        }
    }
    FUZZ_CHECK(proved);
}

static bool has_text(const char *data, size_t len, const char *text)
{
    return fuzz_has(data, len, text, strlen(text));
}

static unsigned count(const fuzz_log *log, const char *text)
{
    unsigned n = 0;

    for (size_t at = 0; at < log->len; at++) {
        n += log->len - at >= strlen(text) && memcmp(log->bytes + at, text, strlen(text)) == 0;
    }
    return n;
}

static void check_secrets(const fuzz_party *p)
{
    const parley_string *list = markers();
    const char *said = p->said->bytes;
    size_t len = p->said->len;
    size_t clear = p->secure_from < len ? p->secure_from : len;

    for (size_t i = 0; i < MARKERS; i++) {
        bool may = i >= 2 && p->client != NULL && p->plain;

        if (p->heard != NULL &&
            fuzz_has(p->heard->bytes, p->heard->len, list[i].data, list[i].len)) {
            continue; /* the peer has said it, and it may come back: in an id */
        }
        FUZZ_CHECK(!fuzz_has(said, may ? clear : len, list[i].data, list[i].len));
    }
    FUZZ_CHECK(!has_text(said, clear, "<auth") && !has_text(said, clear, "<response"));
    FUZZ_CHECK(!has_text(said, clear, "<mechanism") && !has_text(said, clear, "<success"));
    FUZZ_CHECK(!has_text(said, clear, "<challenge") && !has_text(said, clear, "<iq"));
    FUZZ_CHECK(!has_text(said, clear, "<message"));
    FUZZ_CHECK(p->server == NULL || p->attempts == 0 || count(p->said, "<failure") <= p->attempts);
    FUZZ_CHECK(p->authenticated || (!has_text(said, len, "<iq") && !has_text(said, len, "<bind")));
}

void fuzz_party_review(const fuzz_party *p)
{
    /* The other runs have said the same. */
    if (!p->said->full && p->cuts.kind == FUZZ_WHOLE) {
        check_secrets(p);
        FUZZ_CHECK(p->client == NULL || fuzz_scram_nonces(p->said));
        fuzz_xml_documents(p->said->bytes, p->said->len);
    }
    fuzz_blocks_check();
}

void fuzz_party_close(fuzz_party *p)
{
    size_t said, logged;
    uint32_t phase;

    FUZZ_CALL0(p, finish);
    fuzz_party_run(p);
    FUZZ_CHECK(p->closed && FUZZ_CALL0(p, state) == PARLEY_IS_CLOSED);
    said = p->said->len;
    logged = p->log->len;
    FUZZ_CHECK(FUZZ_CALL2(p, push, fuzz_flush("<a/>", 4), 4) == 0);
    FUZZ_CHECK(FUZZ_CALL1(p, deadline, &phase) == 0);
    FUZZ_CALL1(p, expired, phase);
    FUZZ_CALL1(p, work, 1);
    FUZZ_CALL0(p, close);
    FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_INTERNAL_SERVER_ERROR);
    FUZZ_CALL2(p, tls_failed, PARLEY_ERROR_TLS_RECORD, 1);
    FUZZ_CALL0(p, finish);
    fuzz_party_run(p);
    FUZZ_CHECK(FUZZ_CALL0(p, state) == PARLEY_IS_CLOSED && !FUZZ_CALL0(p, busy));
    FUZZ_CHECK(p->said->len == said && p->log->len == logged);
    fuzz_party_review(p);
}

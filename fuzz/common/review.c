/* What has to hold of a party at rest, and of all that it has said. */
#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "common/party.h"
#include "common/scram.h"

/* Failures are counted as the policy bounds them, until the client is authenticated said why. */
static void check_failures(const fuzz_party *p)
{
    parley_sasl_condition last;
    unsigned failures = parley_server_failures(p->server, &last);

    FUZZ_CHECK(p->attempts == 0 || failures <= p->attempts);
    FUZZ_CHECK(last == PARLEY_SASL_NONE || (failures > 0 && !p->authenticated));
}

void fuzz_party_check(fuzz_party *p)
{
    parley_request request;
    unsigned state = FUZZ_CALL0(p, state);
    bool ready = (state & PARLEY_IS_READY) != 0;
    bool over = (state & PARLEY_IS_CLOSED) != 0;
    bool busy = FUZZ_CALL0(p, busy);
    const parley_outcome *outcome = FUZZ_CALL0(p, outcome);

    FUZZ_CHECK((state & PARLEY_IS_READY) == 0 ||
               (p->tls && p->authenticated && p->bound && outcome->code == PARLEY_NO_ERROR));
    FUZZ_CHECK(!over || p->closed);
    FUZZ_CHECK(ready || over || busy);
    FUZZ_CHECK(!over || busy == ((state & PARLEY_HAS_OUTPUT) != 0) ||
               (state & PARLEY_HAS_EVENT) != 0);
    FUZZ_CHECK((FUZZ_CALL0(p, jid).len > 0) == p->bound);
    FUZZ_CHECK((state & PARLEY_HAS_REQUEST) != 0 || !FUZZ_CALL1(p, request, &request));
    if (p->server != NULL) {
        check_failures(p);
    }
    FUZZ_CHECK((state & PARLEY_WAITS_TLS) == 0 || !p->tls);
    FUZZ_CHECK(p->code == PARLEY_NO_ERROR || p->code == outcome->code);
    p->code = outcome->code;
    /* A stream that is not well-formed by itself is an error, unless it is over. */
    FUZZ_CHECK(!p->heard->is_illegal || p->code != PARLEY_NO_ERROR || p->closed ||
               strncmp(FUZZ_CALL0(p, state_name), "clos", 4) == 0);
    /* An element that is too long is an error, before authentication always. */
    FUZZ_CHECK(p->authenticated || !p->heard->is_whole || p->closed ||
               p->heard->size <= p->limits.element_early || p->code != PARLEY_NO_ERROR ||
               strncmp(FUZZ_CALL0(p, state_name), "clos", 4) == 0);
    /* What waits to leave may still do so. */
    if ((p->closed || p->code != PARLEY_NO_ERROR) && (state & PARLEY_HAS_OUTPUT) == 0) {
        p->silent_from = p->said->len;
    }
}

#define SOURCES 5 /* the password, the server's secret, SCRAM's keys */
#define MARKERS (SOURCES * 4)

typedef struct marker {
    char text[PARLEY_BASE64_SIZE(34)];
    parley_string is;
} marker;

/* As it is, and as base64 wherever in a message it stands. */
static void mark(marker four[4], const void *secret, size_t len)
{
    char text[34];

    FUZZ_CHECK(len + 2 <= sizeof text);
    memcpy(four[0].text, secret, len);
    four[0].is = (parley_string){four[0].text, len};
    for (size_t i = 0; i < 3; i++) {
        size_t coded = PARLEY_BASE64_SIZE(i + len);

        memset(text, '-', i);
        memcpy(text + i, secret, len);
        parley_base64_encode(text, i + len, four[1 + i].text);
        /* Less what its neighbours decide, too. */
        four[1 + i].is.data = four[1 + i].text + (i > 0 ? 4 : 0);
        four[1 + i].is.len = coded - (i > 0 ? 8 : 4);
    }
}

/* The password's are the first four. */
static const marker *markers(void)
{
    static marker list[MARKERS];
    parley_scram_client_keys keys;

    if (list[0].is.data == NULL) {
        fuzz_scram_client_keys(&keys);
        mark(list, FUZZ_PASSWORD, sizeof FUZZ_PASSWORD - 1);
        mark(list + 4, FUZZ_SECRET, sizeof FUZZ_SECRET - 1);
        mark(list + 8, keys.client_key, 32);
        mark(list + 12, keys.server_key, 32);
        mark(list + 16, fuzz_scram_keys()->stored_key.data, 32);
    }
    return list;
}

/* The identity that was asked for is the user's own, or the one that the application granted. */
static void check_authzid(const fuzz_party *p, const char *authzid, size_t len)
{
    char buffers[2][PARLEY_JID_SIZE];
    parley_string granted = parley_string_of(p->authorized[0] != '\0' ? p->authorized
                                                                      : FUZZ_USER "@" FUZZ_HOST);
    parley_jid jid, account;

    if (len > 0) {
        FUZZ_CHECK(parley_jid_parse(&account, granted, buffers[0], sizeof buffers[0], NULL) ==
                   PARLEY_OK);
        FUZZ_CHECK(parley_jid_parse(&jid, (parley_string){authzid, len}, buffers[1],
                                    sizeof buffers[1], NULL) == PARLEY_OK &&
                   parley_jid_equal(&jid, &account, false));
    }
}

/* Of a first message of SCRAM: "a=" and a name, =2C a comma in it and =3D an equals sign. */
static void check_scram_authzid(const fuzz_party *p)
{
    const char *at = strchr(p->heard->sasl_before.text, ',');
    char authzid[FUZZ_SASL_SIZE];
    size_t len = 0;

    if (at == NULL || at[1] != 'a') {
        return;
    }
    for (at += 3; *at != ',' && *at != '\0'; at++) {
        bool escaped = *at == '=';

        authzid[len++] = escaped ? (at[1] == '2' ? ',' : '=') : *at;
        at += escaped ? 2 : 0;
    }
    check_authzid(p, authzid, len);
}

/* RFC 4616: authzid NUL authcid NUL password. */
static bool plain_proves(const fuzz_party *p)
{
    const fuzz_sasl *message = &p->heard->sasl;
    const char *user = memchr(message->text, '\0', message->len);
    const char *password = user != NULL ? strchr(user + 1, '\0') + 1 : NULL;

    if (user == NULL || password > message->text + message->len) {
        return false;
    }
    check_authzid(p, message->text, (size_t)(user - message->text));
    return strcmp(password, FUZZ_PASSWORD) == 0;
}

void fuzz_party_proof(const fuzz_party *p, parley_string mechanism)
{
    bool is_scram = mechanism.len > 5 && memcmp(mechanism.data, "SCRAM", 5) == 0;
    bool is_plain = parley_string_equal(mechanism, parley_string_of("PLAIN"));
    bool is_digest = parley_string_equal(mechanism, parley_string_of("DIGEST-MD5"));
    char authzid[FUZZ_SASL_SIZE];

    if (!p->heard->reads || p->heard->is_illegal) {
        return;
    }
    if (is_scram) {
        FUZZ_CHECK(fuzz_scram_proved(p->said, p->heard, p->told, mechanism, p->server != NULL));
        if (p->server != NULL) {
            check_scram_authzid(p);
        }
    } else if (is_digest) {
        FUZZ_CHECK(fuzz_digest_proved(p->said, p->heard, p->server != NULL));
        if (p->server != NULL) {
            check_authzid(p, authzid, fuzz_digest_authzid(p->heard->sasl.text, authzid));
        }
    } else if (is_plain && p->server != NULL) {
        FUZZ_CHECK(plain_proves(p));
    }
}

void fuzz_party_iterations(const fuzz_party *p)
{
    const char *iterations = strstr(p->heard->sasl.text, ",i=");

    if (p->client != NULL && p->heard->reads && p->heard->sasl.len > 0) {
        FUZZ_CHECK(iterations != NULL &&
                   strtoul(iterations + 3, NULL, 10) == PARLEY_ITERATIONS_MINIMUM);
    }
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
    const marker *list = markers();
    const char *said = p->said->bytes;
    size_t len = p->said->len;
    size_t clear = p->secure_from < len ? p->secure_from : len;

    for (size_t i = 0; i < MARKERS; i++) {
        bool may = i > 0 && i < 4 && p->client != NULL && p->plain;

        if (fuzz_has(p->heard->log.bytes, p->heard->log.len, list[i].is.data, list[i].is.len)) {
            continue; /* the peer has said it, and it may come back: in an id */
        }
        FUZZ_CHECK(!fuzz_has(said, may ? clear : len, list[i].is.data, list[i].is.len));
    }
    FUZZ_CHECK(!has_text(said, clear, "<auth") && !has_text(said, clear, "<response"));
    FUZZ_CHECK(!has_text(said, clear, "<mechanism") && !has_text(said, clear, "<success"));
    FUZZ_CHECK(!has_text(said, clear, "<challenge") && !has_text(said, clear, "<iq"));
    FUZZ_CHECK(!has_text(said, clear, "<message"));
    FUZZ_CHECK(p->server == NULL || p->attempts == 0 || count(p->said, "<failure") <= p->attempts);
    FUZZ_CHECK(p->authenticated || (!has_text(said, len, "<iq") && !has_text(said, len, "<bind")));
}

void fuzz_party_check_wire(const fuzz_party *p, const fuzz_log *wire)
{
    const marker *list = markers();

    FUZZ_CHECK(wire->beyond == 0);
    for (size_t i = 0; i < MARKERS; i++) {
        FUZZ_CHECK(
            !fuzz_has(wire->bytes, wire->len, list[i].is.data, list[i].is.len) ||
            fuzz_has(p->heard->log.bytes, p->heard->log.len, list[i].is.data, list[i].is.len));
    }
}

void fuzz_party_review(const fuzz_party *p)
{
    /* All is there to look at: inputs, and what their actions have said and heard, are bounded. */
    FUZZ_CHECK(p->said->beyond == 0 && p->heard->log.beyond == 0);
    /* The other runs have said the same. */
    if (p->cuts.kind == FUZZ_WHOLE) {
        check_secrets(p);
        FUZZ_CHECK(p->client == NULL || fuzz_scram_nonces(p->said));
        fuzz_xml_documents(p->said->bytes, p->said->len, p->is_stuck);
    }
    fuzz_blocks_check();
}

bool fuzz_party_certified(const fuzz_party *p, parley_string user)
{
    char address[64] = "";

    FUZZ_CHECK(user.len < 40);
    memcpy(address, user.data, user.len);
    if (strchr(address, '@') == NULL) {
        strcat(address, "@" FUZZ_HOST);
    }
    for (size_t at = 0; at < p->addresses.len; at += strlen(p->addresses.data + at) + 1) {
        if (strcmp(p->addresses.data + at, address) == 0) {
            return true;
        }
    }
    return false;
}

void fuzz_party_after(fuzz_party *p)
{
    uint32_t phase;

    FUZZ_CHECK(FUZZ_STATE(p, UINT8_MAX) == NULL);
    FUZZ_CHECK(FUZZ_CALL1(p, deadline, &phase) == 0);
    FUZZ_CALL1(p, expired, phase);
    FUZZ_CALL1(p, work, 1);
    FUZZ_CALL0(p, close);
    FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_INTERNAL_SERVER_ERROR);
    FUZZ_CHECK(p->server == NULL ||
               parley_server_redirect(p->server, parley_string_of("x")) == PARLEY_MISUSE);
}

void fuzz_party_close(fuzz_party *p)
{
    size_t said, logged;

    FUZZ_CHECK(FUZZ_CALL2(p, push, NULL, 0) == 0);
    fuzz_party_run(p);
    FUZZ_CALL0(p, finish);
    fuzz_party_run(p);
    FUZZ_CHECK(p->closed && FUZZ_CALL0(p, state) == PARLEY_IS_CLOSED);
    said = p->said->len;
    logged = p->log->len;
    FUZZ_CHECK(FUZZ_CALL2(p, push, fuzz_flush("<a/>", 4), 4) == 0);
    fuzz_party_after(p);
    FUZZ_CALL2(p, tls_failed, PARLEY_ERROR_TLS_RECORD, 1);
    FUZZ_CALL0(p, finish);
    fuzz_party_run(p);
    FUZZ_CHECK(FUZZ_CALL0(p, state) == PARLEY_IS_CLOSED && !FUZZ_CALL0(p, busy));
    FUZZ_CHECK(p->said->len == said && p->log->len == logged);
    fuzz_party_review(p);
}

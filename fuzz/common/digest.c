#include <bearssl.h>
#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "common/party.h"

#define FIRST "realm=\"" FUZZ_HOST "\",nonce=\"abc\",qop=\"auth\",charset=utf-8,algorithm=md5-sess"

/* The value of a quoted directive; empty: it is not there. */
static void value(const char *message, const char *name, char out[256])
{
    const char *from = strstr(message, name);
    const char *to = from != NULL ? strchr(from + strlen(name), '"') : NULL;

    out[0] = '\0';
    if (to != NULL && (size_t)(to - from) - strlen(name) < 256) {
        (void)snprintf(out, 256, "%.*s", (int)((size_t)(to - from) - strlen(name)),
                       from + strlen(name));
    }
}

static void md5(const void *data, size_t len, unsigned char hash[16])
{
    br_md5_context context;

    br_md5_init(&context);
    br_md5_update(&context, data, len);
    br_md5_out(&context, hash);
}

static void hex_of(const void *data, size_t len, char hex[33])
{
    unsigned char hash[16];

    md5(data, len, hash);
    for (unsigned i = 0; i < 16; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    }
}

/* Of a message that has realm, nonce, cnonce and perhaps authzid (section 2.1.2.1). */
static void digest(const char *message, const char *method, char hex[33])
{
    char realm[256], nonce[256], cnonce[256], authzid[256], a1[33], a2[33];
    char text[2048];
    unsigned char hash[16];
    int len;

    value(message, "realm=\"", realm);
    value(message, ",nonce=\"", nonce);
    value(message, "cnonce=\"", cnonce);
    value(message, "authzid=\"", authzid);
    len = snprintf(text, sizeof text, "%s:%s:%s", FUZZ_USER, realm, FUZZ_PASSWORD);
    md5(text, (size_t)len, hash);
    memcpy(text, hash, sizeof hash);
    len = snprintf(text + 16, sizeof text - 16, ":%s:%s%s%s", nonce, cnonce,
                   authzid[0] != '\0' ? ":" : "", authzid);
    hex_of(text, 16 + (size_t)len, a1);
    len = snprintf(text, sizeof text, "%s:xmpp/%s", method, FUZZ_HOST);
    hex_of(text, (size_t)len, a2);
    len = snprintf(text, sizeof text, "%s:%s:00000001:%s:auth:%s", a1, nonce, cnonce, a2);
    hex_of(text, (size_t)len, hex);
}

size_t fuzz_digest_response(const fuzz_log *said, char *out)
{
    char challenge[FUZZ_SCRAM_SIZE], message[FUZZ_SCRAM_SIZE];
    char realm[256], nonce[256], hex[33];
    int len;

    if (!fuzz_scram_last(said, "<challenge", challenge)) {
        return 0;
    }
    value(challenge, "realm=\"", realm);
    value(challenge, ",nonce=\"", nonce);
    len = snprintf(message, sizeof message,
                   "username=\"%s\",realm=\"%s\",nonce=\"%s\",cnonce=\"fuzz\",nc=00000001,qop=auth,"
                   "digest-uri=\"xmpp/%s\",charset=utf-8,response=",
                   FUZZ_USER, realm, nonce, FUZZ_HOST);
    digest(message, "AUTHENTICATE", hex);
    memcpy(message + len, hex, sizeof hex);
    return fuzz_scram_element(out, "response", message, (size_t)len + 32);
}

size_t fuzz_digest_proof(const fuzz_log *said, const char *element, char *out)
{
    char response[FUZZ_SCRAM_SIZE];
    char message[64] = "rspauth=";

    if (!fuzz_scram_last(said, "<response", response)) {
        return fuzz_scram_element(out, "challenge", FIRST, sizeof FIRST - 1);
    }
    digest(response, "", message + 8);
    return fuzz_scram_element(out, element, message, strlen(message));
}

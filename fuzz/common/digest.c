#include <bearssl.h>
#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "common/party.h"

#define FIRST "realm=\"" FUZZ_HOST "\",nonce=\"abc\",qop=\"auth\",charset=utf-8,algorithm=md5-sess"

/* The next directive of the list, LWS around it left out, quotes and what is escaped in them
   undone; NULL: there is none. `end`: of the message. */
static const char *next_directive(const char *at, const char *end, char name[32], fuzz_sasl *value)
{
    size_t len = 0;
    bool quoted;

    while (at < end && strchr(", \t\r\n", *at) != NULL) {
        at++;
    }
    for (; at < end && *at != '=' && *at != ' '; at++) {
        if (len < 31) {
            name[len++] = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        }
    }
    name[len] = '\0';
    while (at < end && strchr("= \t\r\n", *at) != NULL) {
        at++;
    }
    quoted = at < end && *at == '"';
    at += quoted;
    value->len = 0;
    while (at < end && (quoted ? *at != '"' : strchr(", \t\r\n", *at) == NULL)) {
        at += quoted && *at == '\\' && at + 1 < end;
        value->text[value->len++] = *at++;
    }
    value->text[value->len] = '\0';
    return len > 0 ? at + (at < end && quoted) : NULL;
}

/* The first of the name; its length, 0: none. */
static size_t directive(const char *message, const char *name, fuzz_sasl *value)
{
    const char *end = message + strlen(message);
    char found[32];

    while ((message = next_directive(message, end, found, value)) != NULL) {
        if (strcmp(found, name) == 0) {
            return value->len;
        }
    }
    value->len = 0;
    value->text[0] = '\0';
    return 0;
}

static bool is(const char *message, const char *name, const char *text)
{
    fuzz_sasl value;

    (void)directive(message, name, &value);
    return strcmp(value.text, text) == 0;
}

static void hex_of(const br_md5_context *context, char hex[33])
{
    unsigned char hash[16];

    br_md5_out(context, hash);
    for (unsigned i = 0; i < 16; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    }
}

static void add(br_md5_context *context, const char *text)
{
    br_md5_update(context, text, strlen(text));
}

/* UTF-8 is ISO 8859-1 where that can hold it all. */
static void shorten(fuzz_sasl *value)
{
    size_t len = 0;

    for (size_t i = 0; i < value->len; i++) {
        if ((unsigned char)value->text[i] > 0xC3) {
            return;
        }
    }
    for (size_t i = 0; i < value->len; i++) {
        unsigned char byte = (unsigned char)value->text[i];

        if (byte >= 0x80) {
            byte = (unsigned char)(byte << 6 | ((unsigned char)value->text[++i] & 0x3F));
        }
        value->text[len++] = (char)byte;
    }
    value->text[len] = '\0';
    value->len = len;
}

static void add_value(br_md5_context *context, const char *message, const char *name,
                      bool is_latin_1)
{
    fuzz_sasl value;

    (void)directive(message, name, &value);
    if (is_latin_1 && is(message, "charset", "utf-8")) {
        shorten(&value);
    }
    br_md5_update(context, value.text, value.len);
}

/* Of a response: username, realm, nonce, cnonce and perhaps authzid (section 2.1.2.1). */
static void digest(const char *message, const char *method, char hex[33])
{
    unsigned char hash[16];
    char a1[33], a2[33];
    br_md5_context context;
    fuzz_sasl authzid;

    br_md5_init(&context);
    add_value(&context, message, "username", true);
    add(&context, ":");
    add_value(&context, message, "realm", true);
    add(&context, ":" FUZZ_PASSWORD);
    br_md5_out(&context, hash);
    br_md5_init(&context);
    br_md5_update(&context, hash, sizeof hash);
    add(&context, ":");
    add_value(&context, message, "nonce", false);
    add(&context, ":");
    add_value(&context, message, "cnonce", false);
    if (directive(message, "authzid", &authzid) > 0) {
        add(&context, ":");
        add(&context, authzid.text);
    }
    hex_of(&context, a1);
    br_md5_init(&context);
    add(&context, method);
    add(&context, ":xmpp/" FUZZ_HOST);
    hex_of(&context, a2);
    br_md5_init(&context);
    add(&context, a1);
    add(&context, ":");
    add_value(&context, message, "nonce", false);
    add(&context, ":00000001:");
    add_value(&context, message, "cnonce", false);
    add(&context, ":auth:");
    add(&context, a2);
    hex_of(&context, hex);
}

size_t fuzz_digest_authzid(const char *response, char *out)
{
    fuzz_sasl value;
    size_t len = directive(response, "authzid", &value);

    memcpy(out, value.text, len + 1);
    return len;
}

/* A response that is right all by itself, to this challenge. */
static bool is_response(const char *response, const char *challenge)
{
    fuzz_sasl nonce;
    char hex[33];

    digest(response, "AUTHENTICATE", hex);
    return directive(challenge, "nonce", &nonce) > 0 && is(response, "nonce", nonce.text) &&
           is(response, "digest-uri", "xmpp/" FUZZ_HOST) && is(response, "nc", "00000001") &&
           is(response, "response", hex);
}

bool fuzz_digest_proved(const fuzz_log *said, const fuzz_heard *heard, bool server)
{
    char ours[FUZZ_SCRAM_SIZE];
    char hex[33];

    if (heard->sasl.len == 0) {
        return false;
    }
    if (server) {
        return fuzz_scram_last_with(said, "<challenge", "nonce=", ours) &&
               is(heard->sasl.text, "realm", FUZZ_HOST) && is_response(heard->sasl.text, ours) &&
               fuzz_scram_last_with(said, "<challenge", "rspauth=", ours) &&
               (digest(heard->sasl.text, "", hex), is(ours, "rspauth", hex));
    }
    if (heard->sasl_before.len == 0 || !fuzz_scram_last_with(said, "<response", "nonce=", ours)) {
        return false;
    }
    digest(ours, "", hex);
    return is(ours, "username", FUZZ_USER) && is_response(ours, heard->sasl_before.text) &&
           is(heard->sasl.text, "rspauth", hex);
}

size_t fuzz_digest_response(const fuzz_log *said, const fuzz_edit *edit, char *out)
{
    char challenge[FUZZ_SCRAM_SIZE], message[FUZZ_SCRAM_SIZE];
    fuzz_sasl realm, nonce;
    char hex[33];
    int len;

    if (!fuzz_scram_last(said, "<challenge", challenge)) {
        return 0;
    }
    (void)directive(challenge, "realm", &realm);
    (void)directive(challenge, "nonce", &nonce);
    len = snprintf(message, sizeof message,
                   "username=\"%s\",realm=\"%s\",nonce=\"%s\",cnonce=\"fuzz\",nc=00000001,qop=auth,"
                   "digest-uri=\"xmpp/%s\",charset=utf-8,response=",
                   FUZZ_USER, realm.text, nonce.text, FUZZ_HOST);
    digest(message, "AUTHENTICATE", hex);
    if (edit != NULL && edit->in_proof) {
        hex[edit->at % 32] = hex[edit->at % 32] == '0' ? '1' : '0';
    }
    memcpy(message + len, hex, sizeof hex);
    return fuzz_scram_element(out, "response", message, (size_t)len + 32);
}

size_t fuzz_digest_proof(const fuzz_log *said, const char *element, const fuzz_edit *edit,
                         char *out)
{
    char response[FUZZ_SCRAM_SIZE];
    char message[64] = "rspauth=";

    if (!fuzz_scram_last(said, "<response", response)) {
        return fuzz_scram_element(out, "challenge", FIRST, sizeof FIRST - 1);
    }
    digest(response, "", message + 8);
    if (edit != NULL && edit->in_proof) {
        message[8 + edit->at % 32] = message[8 + edit->at % 32] == '0' ? '1' : '0';
    }
    return fuzz_scram_element(out, element, message, strlen(message));
}

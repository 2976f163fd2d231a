/* Replays recorded negotiations through the client core: given the recorded
   nonce and password and the server's bytes, the client's bytes have to be the
   recorded ones. Three things are not determined and are put right here: the
   ids of the bind request, how an empty element is written, and the stream
   management that the recording client used and this one does not have. */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

#include "common/seeded.h"
#include "common/session.h"

#define RECORD_SIZE 16384
#define RECORDINGS  93 /* so that none is left out unseen */
#define CUTS        (REPLAY_ALL ? 16u : 2u)
#define BIND_ID     "AAECAwQFBgcI-1"

static const unsigned char nonce[18] = {0x7f, 0x29, 0x28, 0xf9, 0xdd, 0xa5, 0x6d, 0xb1, 0x60,
                                        0x38, 0xd4, 0x6f, 0xf6, 0xa9, 0x31, 0x75, 0xac, 0x0b};

typedef struct record {
    char kind; /* C, S, T, N, E; 0 at the end */
    char text[RECORD_SIZE];
} record;

static void read_record(FILE *file, record *r)
{
    char line[1024];
    unsigned long len;

    r->kind = 0;
    r->text[0] = '\0';
    if (fgets(line, sizeof line, file) == NULL) {
        return;
    }
    r->kind = line[0];
    if (r->kind == 'N') {
        (void)snprintf(r->text, sizeof r->text, "%.*s", (int)strcspn(line + 2, "\n"), line + 2);
    }
    if (r->kind != 'C' && r->kind != 'S') {
        return;
    }
    len = strtoul(line + 2, NULL, 10);
    assert_true(len < sizeof r->text);
    assert_int_equal(fread(r->text, 1, len, file), len);
    r->text[len] = '\0';
    assert_int_equal(fgetc(file), '\n');
}

/* Replaces each `from` by `to`. */
static void replace(char *text, const char *from, const char *to)
{
    char *at = text;

    while ((at = strstr(at, from)) != NULL) {
        size_t rest = strlen(at + strlen(from)) + 1;
        memmove(at + strlen(to), at + strlen(from), rest);
        memcpy(at, to, strlen(to));
        at += strlen(to);
    }
}

/* Removes empty elements that begin with `start`. */
static void remove_elements(char *text, const char *start)
{
    char *at;

    while ((at = strstr(text, start)) != NULL) {
        char *end = strstr(at, "/>");
        assert_non_null(end);
        memmove(at, end + 2, strlen(end + 2) + 1);
    }
}

static void normalise(char *text)
{
    replace(text, "'bind1'", "'" BIND_ID "'");
    replace(text, "xmpp-bind'></bind>", "xmpp-bind'/>");
    remove_elements(text, "<enable ");
    remove_elements(text, "<enabled ");
    remove_elements(text, "<r xmlns='urn:xmpp:sm:");
    remove_elements(text, "<a ");
}

/* Sends what the recorded application sent, by way of the tree and the writer. */
static void send_recorded(session *s, const char *text)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    static uint32_t memory[8192];
    parley_xml xml;
    parley_xml_token token;
    parley_writer w;
    size_t at;
    char copy[RECORD_SIZE + sizeof "<r xmlns='jabber:client'>"];

    (void)snprintf(copy, sizeof copy, "<r xmlns='jabber:client'>%s", text);
    assert_int_equal(parley_xml_init(&xml, sizeof xml, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&xml, 1);
    at = parley_xml_push(&xml, copy, strlen(copy), &token);
    assert_int_equal(token, PARLEY_XML_START);
    while (at < strlen(copy)) {
        at += parley_xml_push(&xml, copy + at, strlen(copy) - at, &token);
        assert_int_equal(token, PARLEY_XML_ELEMENT);
        assert_int_equal(parley_client_stanza(&s->core.client, &w), PARLEY_OK);
        parley_writer_element(&w, parley_xml_element(&xml), session_string(NULL));
        assert_int_equal(parley_client_send(&s->core.client, &w), PARLEY_OK);
    }
    session_run(s);
}

static bool is_over(const session *s)
{
    unsigned state = session_state(s);

    return (state & PARLEY_IS_CLOSED) != 0 || strcmp(session_state_name(s), "closing") == 0;
}

/* The client's recorded write: ours must be the same, and what the recorded
   application decided is done. */
static void on_client(session *s, char *text)
{
    normalise(text);
    if (text[0] == '\0') {
        return;
    }
    if (strcmp(text, "</stream:stream>") == 0) {
        session_shut(s);
    } else if ((session_state(s) & PARLEY_IS_READY) != 0) {
        send_recorded(s, text);
    }
    assert_string_equal(session_said(s), text);
}

static void on_server(session *s, char *text)
{
    normalise(text);
    assert_int_equal(session_feed_text(s, text), strlen(text));
}

typedef struct recording {
    char path[1024];
    char name[256];
    char mechanism[32];
    char resource[32];
    char user[32];
    char authzid[64];
    parley_tls_info tls;           /* the channel binding, from the note */
    parley_sasl_condition refused; /* how the server refused, from the note */
    bool wrong_password;
    bool clear;
    bool direct;
} recording;

static void copy_value(const char *text, const char *before, char end, char *out, size_t size)
{
    const char *at = strstr(text, before);
    const char *stop;

    out[0] = '\0';
    if (at != NULL) {
        at += strlen(before);
        stop = strchr(at, end);
        assert_non_null(stop);
        assert_true((size_t)(stop - at) < size);
        memcpy(out, at, (size_t)(stop - at));
        out[stop - at] = '\0';
    }
}

static unsigned digit(char hex)
{
    return (unsigned)(hex >= 'a' ? hex - 'a' + 10 : hex - '0');
}

/* "channel binding tls-unique: HEX", or "MECHANISM: condition". */
static void read_note(recording *r, const char *note)
{
    const char *hex = strstr(note, "tls-unique: ");
    const char *condition = strstr(note, ": ");

    if (hex != NULL) {
        hex += strlen("tls-unique: ");
        assert_int_equal(strlen(hex), 2 * sizeof r->tls.unique);
        for (size_t i = 0; i < sizeof r->tls.unique; i++) {
            r->tls.unique[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
        }
        r->tls.unique_len = sizeof r->tls.unique;
    } else if (condition != NULL) {
        r->refused = parley_sasl_condition_find(session_string(condition + 2));
    }
}

/* The authzid is all of EXTERNAL's message. */
static void read_external(recording *r, const char *text)
{
    char encoded[96];
    size_t len = 0;

    copy_value(text, "mechanism='EXTERNAL'>", '<', encoded, sizeof encoded);
    if (strcmp(encoded, "=") != 0) {
        assert_int_equal(parley_base64_decode(encoded, strlen(encoded), r->authzid,
                                              sizeof r->authzid - 1, &len),
                         PARLEY_OK);
    }
    r->authzid[len] = '\0';
}

/* What the recording client was set to, from what it wrote. */
static void survey(recording *r)
{
    FILE *file = fopen(r->path, "rb");
    record one;

    assert_non_null(file);
    r->clear = true;
    for (read_record(file, &one); one.kind != 0; read_record(file, &one)) {
        if (one.kind == 'C' && r->mechanism[0] == '\0') {
            copy_value(one.text, "mechanism='", '\'', r->mechanism, sizeof r->mechanism);
            if (strcmp(r->mechanism, "EXTERNAL") == 0) {
                read_external(r, one.text);
            }
        }
        if (one.kind == 'S' && r->user[0] == '\0') {
            copy_value(one.text, "<jid>", '@', r->user, sizeof r->user);
        }
        if (one.kind == 'T') {
            r->clear = false;
        }
        if (one.kind == 'N') {
            read_note(r, one.text);
        }
        if (one.kind == 'C' && r->resource[0] == '\0') {
            copy_value(one.text, "<resource>", '<', r->resource, sizeof r->resource);
        }
    }
    (void)fclose(file);
    r->wrong_password = strstr(r->name, "wrong-password") != NULL;
    r->direct = strstr(r->name, "-direct") != NULL;
    if (strstr(r->name, "authzid-self") != NULL || strstr(r->name, "md5-authzid") != NULL) {
        (void)snprintf(r->authzid, sizeof r->authzid, "romeo@lab.example");
    }
    if (r->user[0] == '\0') {
        (void)snprintf(r->user, sizeof r->user, "romeo");
    }
}

/* NULL: this build has not got it. */
static const parley_mechanism *const *mechanism_of(const recording *r)
{
    static const parley_mechanism *const all[] = {
#ifndef PARLEY_WITHOUT_SCRAM_SHA_512_PLUS
        &parley_scram_sha_512_plus,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256_PLUS
        &parley_scram_sha_256_plus,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1_PLUS
        &parley_scram_sha_1_plus,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_512
        &parley_scram_sha_512,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256
        &parley_scram_sha_256,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1
        &parley_scram_sha_1,
#endif
#ifndef PARLEY_WITHOUT_PLAIN
        &parley_plain,
#endif
#ifndef PARLEY_WITHOUT_EXTERNAL
        &parley_external,
#endif
#ifndef PARLEY_WITHOUT_DIGEST_MD5
        &parley_digest_md5,
#endif
        NULL};
    size_t i;

    for (i = 0; all[i] != NULL; i++) {
        if (strcmp(parley_mechanism_name(all[i]), r->mechanism) == 0) {
            return all + i;
        }
    }
    if (REPLAY_ALL) {
        fail_msg("%s: mechanism %s", r->name, r->mechanism);
    }
    return NULL;
}

static session *open_session(const recording *r, parley_client_config *config, size_t cut)
{
    session *s;

    parley_client_config_init(config);
    config->domain = session_string("lab.example");
    config->user = session_string(r->user);
    config->language = session_string("en");
    config->mechanisms = mechanism_of(r);
    config->mechanism_count = 1;
    config->resource = session_string(r->resource[0] != '\0' ? r->resource : NULL);
    config->authzid = session_string(r->authzid[0] != '\0' ? r->authzid : NULL);
    config->security = r->direct ? PARLEY_DIRECT_TLS : PARLEY_STARTTLS;
    s = session_open_client(config, r->wrong_password ? "not the password" : "r0m30myr0m30");
    s->cut = cut;
    s->tls = r->tls;
    if (strcmp(r->mechanism, "PLAIN") != 0 && strcmp(r->mechanism, "EXTERNAL") != 0) {
        s->random = nonce;
        s->random_len = sizeof nonce;
    }
    if (r->clear) {
        session_begin_insecure(s);
    } else {
        session_begin(s);
    }
    return s;
}

static void check_end(const recording *r, const session *s)
{
    const parley_outcome *outcome = session_outcome(s);
    parley_code expected = PARLEY_NO_ERROR;
    char bound[64];

    if (r->wrong_password) {
        expected = PARLEY_ERROR_SASL_FAILURE;
        assert_int_equal(outcome->sasl, PARLEY_SASL_NOT_AUTHORIZED);
    } else if (r->refused != PARLEY_SASL_NONE) {
        expected = PARLEY_ERROR_SASL_FAILURE;
        assert_int_equal(outcome->sasl, r->refused);
    } else if (strcmp(r->name, "prosody-external-external-expired.rec") == 0) {
        expected = PARLEY_ERROR_SASL_OUT_OF_STEP; /* it says <false/>, which is nothing */
    } else if (r->clear && strcmp(r->mechanism, "PLAIN") == 0) {
        expected = PARLEY_ERROR_SASL_NO_MECHANISM; /* never in the clear */
    } else if (strstr(r->name, "bind-conflict") != NULL) {
        expected = PARLEY_ERROR_STREAM_PEER;
        assert_int_equal(outcome->condition, PARLEY_CONFLICT);
    }
    if (outcome->code != expected) {
        fail_msg("%s: %s in %s", r->name, parley_code_name(outcome->code),
                 session_state_text(s, outcome->state));
    }
    if (expected == PARLEY_NO_ERROR) {
        assert_string_equal(session_state_name(s), "closed");
        (void)snprintf(bound, sizeof bound, "\nbound %s@lab.example/", r->user);
        assert_non_null(strstr(s->log, bound));
        assert_non_null(strstr(s->log, "\nstate ready\n"));
    }
}

static size_t replay(const recording *r, size_t cut, char *log, size_t log_size)
{
    parley_client_config config;
    FILE *file = fopen(r->path, "rb");
    session *s;
    record one;
    size_t fed;

    assert_non_null(file);
    s = open_session(r, &config, cut);
    for (read_record(file, &one); one.kind != 0 && !is_over(s); read_record(file, &one)) {
        if (one.kind == 'C') {
            on_client(s, one.text);
        } else if (one.kind == 'S') {
            on_server(s, one.text);
        } else if (one.kind == 'T') {
            session_tls_up(s, true);
        }
    }
    (void)fclose(file);
    check_end(r, s);
    (void)snprintf(log, log_size, "%s", s->log);
    fed = s->fed;
    session_close(s);
    return fed;
}

static void replay_everywhere(const recording *r)
{
    static char whole[65536];
    static char log[65536];
    uint32_t seed = 1;
    size_t len = replay(r, SESSION_WHOLE, whole, sizeof whole);
    unsigned i;

    if (SESSION_CUTS) {
        (void)replay(r, SESSION_EVERY_BYTE, log, sizeof log);
        assert_string_equal(log, whole);
    }
    for (i = 0; SESSION_CUTS && i < CUTS; i++) {
        (void)replay(r, 1 + seeded_below(&seed, (uint32_t)len - 1), log, sizeof log);
        assert_string_equal(log, whole);
    }
}

static void recordings(void **state)
{
    const char *folder = PARLEY_TEST_DATA "/transcripts";
    DIR *dir = opendir(folder);
    struct dirent *entry;
    unsigned count = 0;
    unsigned left_out = 0;

    (void)state;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        recording r = {0};
        if (strstr(entry->d_name, ".rec") == NULL) {
            continue;
        }
        (void)snprintf(r.path, sizeof r.path, "%s/%s", folder, entry->d_name);
        (void)snprintf(r.name, sizeof r.name, "%s", entry->d_name);
        survey(&r);
        count++;
        if (mechanism_of(&r) == NULL) {
            left_out++;
            continue;
        }
        replay_everywhere(&r);
    }
    (void)closedir(dir);
    assert_int_equal(count, RECORDINGS);
    assert_true(left_out < count);
    (void)printf("figures: %u recordings, each in %u ways\n", count - left_out, 2 + CUTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(recordings)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

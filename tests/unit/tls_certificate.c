/* The certificate walker: what it finds, whatever the chunks; every truncation;
   seeded mutations; against a guard page. Hashes are checked against openssl's
   (KEY_HASHES) and against BearSSL's over the whole file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "certificate.h"
#include "common/certificates.h"
#include "common/guard.h"
#include "common/seeded.h"

#define NAMES_MAX 640

typedef struct found {
    parley_result result;
    size_t count;
    struct {
        parley_name_kind kind;
        uint32_t offset;
        uint32_t len;
        bool kept;
        uint32_t sum; /* of the bytes */
    } names[NAMES_MAX];
    unsigned char key_hash[32];
    unsigned char end_point[PARLEY_HASH_SIZE];
    size_t end_point_len;
    unsigned uses;
    bool authority;
    int64_t not_before;
    int64_t not_after;
} found;

static void add_name(found *f, parley_name name)
{
    assert_true(f->count < NAMES_MAX);
    f->names[f->count].kind = name.kind;
    f->names[f->count].offset = name.offset;
    f->names[f->count].len = name.len;
    f->names[f->count].kept = name.value.data != NULL;
    for (size_t i = 0; name.value.data != NULL && i < name.value.len; i++) {
        f->names[f->count].sum = f->names[f->count].sum * 31 + (unsigned char)name.value.data[i];
    }
    f->count++;
}

/* `data` in chunks of at most `chunk`, the first of at most `first`. */
static void walk(found *f, const unsigned char *data, size_t len, size_t first, size_t chunk)
{
    parley_certificate c;
    size_t at = 0;

    memset(f, 0, sizeof *f);
    parley_certificate_init(&c);
    while (at < len) {
        size_t n = at < first ? first - at : chunk;
        size_t end = n < len - at ? at + n : len;
        parley_certificate_token token;

        do {
            size_t taken = parley_certificate_push(&c, data + at, end - at, &token);

            assert_true(taken <= end - at);
            at += taken;
            if (token == PARLEY_CERTIFICATE_NAME) {
                add_name(f, parley_certificate_name(&c));
            }
        } while (token == PARLEY_CERTIFICATE_NAME);
        if (token == PARLEY_CERTIFICATE_ERROR) {
            assert_int_equal(parley_certificate_push(&c, data, 1, &token), 0);
            assert_int_equal(token, PARLEY_CERTIFICATE_ERROR);
            break;
        }
        assert_int_equal(at, end);
    }
    f->result = parley_certificate_finish(&c);
    if (f->result == PARLEY_OK) {
        memcpy(f->key_hash, c.key_hash, 32);
        f->end_point_len = parley_certificate_end_point(&c, f->end_point);
        f->uses = parley_certificate_uses(&c);
        f->authority = parley_certificate_authority(&c);
        f->not_before = parley_certificate_not_before(&c);
        f->not_after = parley_certificate_not_after(&c);
    }
}

static void assert_same(const found *a, const found *b)
{
    assert_int_equal(a->result, b->result);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a, b, sizeof *a);
}

static const char *const every_file[] = {
    "good",      "good-rsa",  "good-mixed",  "good-sha384", "good-sha512", "good-middle",
    "good-any",  "good-xmpp", "upper",       "wildcard",    "name-none",   "name-empty",
    "name-cn",   "name-nul",  "name-srv",    "name-xmpp",   "name-mail",   "name-address",
    "name-long", "expired",   "sha1",        "sha224",      "sha1-rsa",    "md5-rsa",
    "small",     "usage",     "uses-client", "authority",   "critical",    "own-ca",
    "ca",        "ca-rsa",    "client",      "every-name",  "middle",
};
#define FILE_COUNT (sizeof every_file / sizeof every_file[0])

static void test_names(void **state)
{
    static const struct {
        const char *file;
        const char *names[4];
    } rows[] = {
        {"good", {"D11"}},
        {"upper", {"D11"}},
        {"name-none", {NULL}},
        {"name-cn", {NULL}},
        {"name-empty", {"D0"}},
        {"name-nul", {"D24"}},
        {"name-srv", {"S24"}},
        {"name-xmpp", {"X11"}},
        {"name-mail", {NULL}},
        {"name-address", {"D9"}},
        {"name-long", {"D300-", "D256-", "D255", "D11"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const br_x509_certificate *file = certificate_load(rows[i].file);
        size_t count = 0;
        found f;

        walk(&f, file->data, file->data_len, 0, file->data_len);
        assert_int_equal(f.result, PARLEY_OK);
        for (; count < 4 && rows[i].names[count] != NULL; count++) {
            char text[16];

            (void)snprintf(text, sizeof text, "%c%u%s", "DSX"[f.names[count].kind],
                           f.names[count].len, f.names[count].kept ? "" : "-");
            assert_string_equal(text, rows[i].names[count]);
        }
        assert_int_equal(f.count, count);
    }
}

/* Kinds, offsets and values of a certificate with every kind of name. */
static void test_every_name(void **state)
{
    static const struct {
        parley_name_kind kind;
        const char *value;
    } rows[] = {
        {PARLEY_NAME_SRV, "_xmpp-client.example.com"},
        {PARLEY_NAME_XMPP, "juliet@example.com"},
        {PARLEY_NAME_DNS, "a.example.com"},
        {PARLEY_NAME_DNS, ""},
        {PARLEY_NAME_DNS, "b.example.com"},
    };
    const br_x509_certificate *file = certificate_load("every-name");
    parley_certificate c;
    parley_certificate_token token;
    size_t at = 0;

    (void)state;
    parley_certificate_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        parley_name name;

        at += parley_certificate_push(&c, file->data + at, file->data_len - at, &token);
        assert_int_equal(token, PARLEY_CERTIFICATE_NAME);
        name = parley_certificate_name(&c);
        assert_int_equal(name.kind, rows[i].kind);
        assert_int_equal(name.len, strlen(rows[i].value));
        assert_int_equal(name.value.len, name.len);
        assert_memory_equal(name.value.data, rows[i].value, name.len);
        assert_memory_equal(file->data + name.offset, rows[i].value, name.len);
    }
    at += parley_certificate_push(&c, file->data + at, file->data_len - at, &token);
    assert_int_equal(token, PARLEY_CERTIFICATE_MORE);
    assert_int_equal(at, file->data_len);
    assert_int_equal(parley_certificate_finish(&c), PARLEY_OK);
}

static void test_many_names(void **state)
{
    const br_x509_certificate *file = certificate_load("name-many");
    found whole, bytes;

    (void)state;
    walk(&whole, file->data, file->data_len, 0, file->data_len);
    assert_int_equal(whole.result, PARLEY_OK);
    assert_int_equal(whole.count, 601);
    walk(&bytes, file->data, file->data_len, 0, 1);
    assert_same(&whole, &bytes);
}

/* Whole, byte by byte, and cut at every place. */
static void test_chunks(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const br_x509_certificate *file = certificate_load(every_file[i]);
        found whole, cut;
        guard g;
        const unsigned char *data = guard_copy(&g, file->data, file->data_len);

        walk(&whole, data, file->data_len, 0, file->data_len);
        assert_int_equal(whole.result, PARLEY_OK);
        walk(&cut, data, file->data_len, 0, 1);
        assert_same(&whole, &cut);
        for (size_t at = 1; at < file->data_len; at++) {
            walk(&cut, data, file->data_len, at, file->data_len);
            assert_same(&whole, &cut);
        }
        guard_close(&g);
    }
}

/* Cut short at every byte: more is wanted, no error. One byte more: an error. */
static void test_truncated(void **state)
{
    unsigned char hash[32];

    (void)state;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const br_x509_certificate *file = certificate_load(every_file[i]);
        unsigned char longer[4096];
        found f;

        for (size_t len = 0; len < file->data_len; len++) {
            guard g;
            const unsigned char *data = guard_copy(&g, file->data, len);

            walk(&f, data, len, 0, len);
            assert_int_equal(f.result, PARLEY_MORE);
            assert_int_equal(parley_tls_key_hash(data, len, hash), PARLEY_ILLEGAL);
            guard_close(&g);
        }
        assert_true(file->data_len < sizeof longer);
        memcpy(longer, file->data, file->data_len);
        longer[file->data_len] = 0x30;
        walk(&f, longer, file->data_len + 1, 0, 1);
        assert_int_equal(f.result, PARLEY_ILLEGAL);
        walk(&f, longer, file->data_len + 1, 0, 4096);
        assert_int_equal(f.result, PARLEY_ILLEGAL);
    }
}

static void test_hashes(void **state)
{
    static const struct {
        const char *file;
        const br_hash_class *hash; /* RFC 5929 section 4.1 */
    } rows[] = {
        {"good", &br_sha256_vtable},        {"good-rsa", &br_sha256_vtable},
        {"sha1", &br_sha256_vtable},        {"sha1-rsa", &br_sha256_vtable},
        {"md5-rsa", &br_sha256_vtable},
#ifndef PARLEY_TLS_SMALL /* which has SHA-256 alone */
        {"good-mixed", &br_sha512_vtable},  {"good-sha384", &br_sha384_vtable},
        {"good-sha512", &br_sha512_vtable}, {"sha224", &br_sha224_vtable},
#endif
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const br_x509_certificate *file = certificate_load(rows[i].file);
        size_t len = rows[i].hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
        br_hash_compat_context context;
        unsigned char expected[64], hash[32];
        found f;

        walk(&f, file->data, file->data_len, 0, 7);
        assert_int_equal(f.result, PARLEY_OK);
        rows[i].hash->init(&context.vtable);
        rows[i].hash->update(&context.vtable, file->data, file->data_len);
        rows[i].hash->out(&context.vtable, expected);
        assert_int_equal(f.end_point_len, len);
        assert_memory_equal(f.end_point, expected, len);
        assert_memory_equal(f.key_hash, certificate_key_hash(rows[i].file), 32);
        assert_int_equal(parley_tls_key_hash(file->data, file->data_len, hash), PARLEY_OK);
        assert_memory_equal(hash, f.key_hash, 32);
    }
}

/* An algorithm with no hash of its own: no binding, and no error. */
static void test_unknown_algorithm(void **state)
{
    const br_x509_certificate *file = certificate_load("good");
    static const unsigned char from[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
    unsigned char data[2048];
    unsigned changed = 0;
    found f;

    (void)state;
    memcpy(data, file->data, file->data_len);
    for (size_t i = 0; i + sizeof from <= file->data_len; i++) {
        if (memcmp(data + i, from, sizeof from) == 0) {
            data[i + 7] = 0x7F;
            changed++;
            walk(&f, data, file->data_len, 0, 100);
            /* With one of them changed, the two do not agree. */
            assert_int_equal(f.result, changed == 2 ? PARLEY_OK : PARLEY_ILLEGAL);
        }
    }
    assert_int_equal(changed, 2);
    assert_int_equal(f.end_point_len, 0);
}

static void test_facts(void **state)
{
    static const struct {
        const char *file;
        unsigned uses;
        bool authority;
    } rows[] = {
        {"good", PARLEY_USE_SERVER | PARLEY_USE_CLIENT, false},
        {"good-rsa", 0, false},
        {"good-any", PARLEY_USE_ANY, false},
        {"good-xmpp", PARLEY_USE_XMPP, false},
        {"uses-client", PARLEY_USE_CLIENT, false},
        {"authority", 0, true},
        {"own-ca", 0, true},
        {"middle", 0, true},
        {"middle-not-ca", 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const br_x509_certificate *file = certificate_load(rows[i].file);
        found f;

        walk(&f, file->data, file->data_len, 0, 1);
        assert_int_equal(f.result, PARLEY_OK);
        assert_int_equal(f.uses, rows[i].uses);
        assert_int_equal(f.authority, rows[i].authority);
    }
}

/* UTCTime to 2049, GeneralizedTime after; what is of another form is no error here. */
static void test_validity(void **state)
{
    static const struct {
        const char *file;
        int64_t not_before;
        int64_t not_after;
    } rows[] = {
        {"good", 1577836800, 4733510400},    /* 2020 to 2120 */
        {"expired", 1577836800, 1609459200}, /* to 2021 */
        {"early", 4417977600, 4733510400},   /* from 2110 */
    };
    static const struct {
        const char *time; /* instead of "200101000000Z" */
        int64_t not_before;
    } times[] = {
        {"000229235959Z", 951868799}, {"491231235959Z", 2524607999}, {"500101000000Z", -631152000},
        {"700101000001Z", 1},         {"201301000000Z", 0},          {"200001000000Z", 0},
        {"200100000000Z", 0},         {"2001010000000", 0},          {"20010100000aZ", 0},
    };
    const br_x509_certificate *file = certificate_load("good");
    found f;
    parley_certificate c;
    parley_certificate_token token;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const br_x509_certificate *one = certificate_load(rows[i].file);

        walk(&f, one->data, one->data_len, 0, 1);
        assert_int_equal(f.not_before, rows[i].not_before);
        assert_int_equal(f.not_after, rows[i].not_after);
    }
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        unsigned char data[2048];
        size_t at = 0;

        memcpy(data, file->data, file->data_len);
        while (memcmp(data + at, "200101000000Z", 13) != 0) {
            at++;
        }
        memcpy(data + at, times[i].time, 13);
        parley_certificate_init(&c);
        at = 0;
        do {
            at += parley_certificate_push(&c, data + at, file->data_len - at, &token);
        } while (token == PARLEY_CERTIFICATE_NAME);
        assert_int_equal(parley_certificate_finish(&c), PARLEY_OK);
        assert_int_equal(parley_certificate_not_before(&c), times[i].not_before);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *what;
        const char *bytes;
        size_t len;
    } rows[] = {
        {"not a SEQUENCE", "\x31\x03\x30\x01\x00", 5},
        {"indefinite", "\x30\x80\x30\x80", 4},
        {"length in four bytes", "\x30\x84\x00\x00\x01\x00", 6},
        {"length with a leading zero", "\x30\x82\x00\x80", 4},
        {"long form of a short length", "\x30\x81\x7F", 3},
        {"tag of several bytes", "\x3F\x30\x02", 3},
        {"tag 0", "\x00\x00", 2},
        {"empty", "\x30\x00", 2},
        {"child longer than its parent", "\x30\x04\x30\x03\xA0\x03", 6},
        {"header beyond its parent", "\x30\x03\x30\x01\xA0\x03", 6},
        {"length cut by the end of its parent", "\x30\x04\x30\x02\x02\x81\x80", 7},
        {"no version and no serial", "\x30\x06\x30\x04\x30\x02\x06\x00", 8},
    };
    const br_x509_certificate *twice = certificate_load("twice");
    found f;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        guard g;
        const unsigned char *data = guard_copy(&g, rows[i].bytes, rows[i].len);

        for (size_t chunk = 1; chunk <= rows[i].len; chunk++) {
            walk(&f, data, rows[i].len, 0, chunk);
            if (f.result != PARLEY_ILLEGAL) {
                fail_msg("%s: result %d", rows[i].what, f.result);
            }
        }
        guard_close(&g);
    }
    walk(&f, twice->data, twice->data_len, 0, 1);
    assert_int_equal(f.result, PARLEY_ILLEGAL);
}

/* Mutations: no crash, and the same names and verdict in one piece and byte by byte. */
static void test_mutations(void **state)
{
    uint32_t seed = 7;
    size_t refused = 0, accepted = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        const br_x509_certificate *file = certificate_load(every_file[round % (int)FILE_COUNT]);
        unsigned char bytes[4096];
        size_t len = file->data_len;
        found whole, single;
        const unsigned char *data;
        guard g;

        memcpy(bytes, file->data, len);
        for (uint32_t n = 1 + seeded_below(&seed, 4); n > 0; n--) {
            size_t at = seeded_below(&seed, (uint32_t)len);

            switch (seeded_below(&seed, 4)) {
            case 0:
                bytes[at] = (unsigned char)seeded_next(&seed);
                break;
            case 1:
                bytes[at] ^= (unsigned char)(1u << seeded_below(&seed, 8));
                break;
            case 2: /* a byte out */
                memmove(bytes + at, bytes + at + 1, len - at - 1);
                len--;
                break;
            default: /* a byte in */
                memmove(bytes + at + 1, bytes + at, len - at);
                len++;
                break;
            }
        }
        data = guard_copy(&g, bytes, len);
        walk(&whole, data, len, 0, len);
        walk(&single, data, len, 0, 1);
        assert_same(&whole, &single);
        *(whole.result == PARLEY_OK ? &accepted : &refused) += 1;
        guard_close(&g);
    }
    assert_true(accepted > 1000 && refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_every_name),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_unknown_algorithm),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_validity),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_mutations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

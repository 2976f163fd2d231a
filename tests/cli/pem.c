/* PEM files: what loads, and where and why the rest does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "pem.h"
#include "status.h"

static char folder[] = "parley-pem-XXXXXX";
static char path[64];
static char other_path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/one.pem", folder);
    snprintf(other_path, sizeof other_path, "%s/two.pem", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(other_path);
    return rmdir(folder);
}

static void put(const char *to, const char *text, size_t len)
{
    FILE *file = fopen(to, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* The PEM of tests/data/certificates/NAME, appended to `text`. */
static void encode(char *text, size_t size, const char *name, const char *banner)
{
    char from[512];
    static unsigned char der[8192];
    size_t len;
    size_t used = strlen(text);
    FILE *file;

    snprintf(from, sizeof from, "%s/certificates/%s.der", PARLEY_TEST_DATA, name);
    file = fopen(from, "rb");
    assert_non_null(file);
    len = fread(der, 1, sizeof der, file);
    fclose(file);
    assert_true(used + br_pem_encode(NULL, NULL, len, banner, 0) < size);
    br_pem_encode(text + used, der, len, banner, 0);
}

static void refused(bool loaded, const failure *f, const char *words)
{
    assert_false(loaded);
    assert_int_equal(f->status, STATUS_LOCAL);
    if (strstr(f->text, path) == NULL || strstr(f->text, words) == NULL) {
        fail_msg("'%s' does not name the file and say '%s'", f->text, words);
    }
}

static void anchors_load(void **state)
{
    char text[16384] = "Some words before.\n";
    pem_anchors anchors;
    failure f;

    (void)state;
    encode(text, sizeof text, "ca", "CERTIFICATE");
    strcat(text, "and between\n");
    encode(text, sizeof text, "ca-rsa", "X509 CERTIFICATE");
    encode(text, sizeof text, "own", "CERTIFICATE");
    put(path, text, strlen(text) - 1); /* without the last line's end */
    assert_true(pem_anchors_load(&anchors, path, &f));
    assert_int_equal(anchors.count, 3);
    assert_int_equal(anchors.list[0].pkey.key_type, BR_KEYTYPE_EC);
    assert_int_equal(anchors.list[0].flags, BR_X509_TA_CA);
    assert_int_equal(anchors.list[1].pkey.key_type, BR_KEYTYPE_RSA);
    assert_int_equal(anchors.list[2].flags, 0); /* not a CA: trusted as itself */
    assert_true(anchors.list[0].dn.len > 0);
    pem_anchors_free(&anchors);
}

static void bad_files_are_named(void **state)
{
    static const char no_pem[] = "not a PEM file\n";
    static const char key_only[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    static const char not_base64[] = "\n-----BEGIN CERTIFICATE-----\nAAAA\nAA*A\n-----END "
                                     "CERTIFICATE-----\n";
    static const char not_der[] = "\n\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END "
                                  "CERTIFICATE-----\n";
    static const char empty_block[] = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    pem_anchors anchors;
    pem_chain chain;
    failure f;

    (void)state;
    unlink(path);
    refused(pem_anchors_load(&anchors, path, &f), &f, "No such file");
    put(path, "", 0);
    refused(pem_anchors_load(&anchors, path, &f), &f, "no PEM block");
    put(path, no_pem, sizeof no_pem - 1);
    refused(pem_anchors_load(&anchors, path, &f), &f, "no PEM block");
    put(path, key_only, sizeof key_only - 1);
    refused(pem_anchors_load(&anchors, path, &f), &f, "no CERTIFICATE block");
    refused(pem_chain_load(&chain, path, &f), &f, "no CERTIFICATE block");
    put(path, not_base64, sizeof not_base64 - 1);
    refused(pem_anchors_load(&anchors, path, &f), &f, "line 4");
    put(path, not_der, sizeof not_der - 1);
    refused(pem_anchors_load(&anchors, path, &f), &f, "line 3");
    refused(pem_chain_load(&chain, path, &f), &f, "line 3");
    put(path, empty_block, sizeof empty_block - 1);
    refused(pem_anchors_load(&anchors, path, &f), &f, "line 1");
}

/* A file that was cut anywhere inside its block is refused. */
static void cut_files_are_refused(void **state)
{
    char text[4096] = "";
    pem_anchors anchors;
    failure f;
    size_t len;

    (void)state;
    encode(text, sizeof text, "ca", "CERTIFICATE");
    len = strlen(text) - strlen("CERTIFICATE-----\n");
    for (size_t cut = 0; cut < len; cut++) {
        put(path, text, cut);
        refused(pem_anchors_load(&anchors, path, &f), &f, "");
    }
}

static void chains_and_keys_fit(void **state)
{
    static const struct {
        const char *certificate;
        const char *key;
        const char *banner;
        unsigned issuer;
        bool fits;
    } rows[] = {
        {"good", "server.key", "PRIVATE KEY", BR_KEYTYPE_EC, true},
        {"good-mixed", "server.key", "EC PRIVATE KEY", BR_KEYTYPE_RSA, true},
        {"good-rsa", "server-rsa.key", "PRIVATE KEY", BR_KEYTYPE_RSA, true},
        {"good-rsa", "server.key", "PRIVATE KEY", BR_KEYTYPE_RSA, false},
        {"good", "client.key", "PRIVATE KEY", BR_KEYTYPE_EC, false},
        {"good", "server-rsa.key", "PRIVATE KEY", BR_KEYTYPE_EC, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char chain_text[16384] = "";
        char key_text[8192] = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
                              "-----END EC PARAMETERS-----\n";
        pem_chain chain;
        pem_key key;
        failure f;

        encode(chain_text, sizeof chain_text, rows[i].certificate, "CERTIFICATE");
        encode(chain_text, sizeof chain_text, "ca", "CERTIFICATE");
        encode(key_text, sizeof key_text, rows[i].key, rows[i].banner);
        put(path, key_text, strlen(key_text));
        put(other_path, chain_text, strlen(chain_text));
        assert_true(pem_chain_load(&chain, other_path, &f));
        assert_int_equal(chain.count, 2);
        assert_int_equal(chain.issuer_type, rows[i].issuer);
        assert_true(pem_key_load(&key, path, &f));
        if (rows[i].fits) {
            assert_true(pem_key_fits(&key, &chain, path, other_path, &f));
        } else {
            refused(pem_key_fits(&key, &chain, path, other_path, &f), &f, other_path);
        }
        pem_key_wipe(&key);
        pem_chain_free(&chain);
    }
}

static void bad_keys_are_named(void **state)
{
    static const char encrypted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END "
                                    "ENCRYPTED PRIVATE KEY-----\n";
    static const char broken[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    char text[4096] = "";
    pem_key key;
    failure f;

    (void)state;
    put(path, encrypted, sizeof encrypted - 1);
    refused(pem_key_load(&key, path, &f), &f, "encrypted");
    put(path, broken, sizeof broken - 1);
    refused(pem_key_load(&key, path, &f), &f, "line 1");
    encode(text, sizeof text, "ca", "CERTIFICATE");
    put(path, text, strlen(text));
    refused(pem_key_load(&key, path, &f), &f, "no PRIVATE KEY block");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors_load),          cmocka_unit_test(bad_files_are_named),
        cmocka_unit_test(cut_files_are_refused), cmocka_unit_test(chains_and_keys_fit),
        cmocka_unit_test(bad_keys_are_named),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"

#define FOLDER PARLEY_TEST_DATA "/certificates/"
#define FILES  96

typedef struct certificate_file {
    char name[64];
    unsigned char data[20000];
    br_x509_certificate certificate;
    br_x509_decoder_context decoder;
    br_skey_decoder_context key;
    br_x509_trust_anchor anchor;
    unsigned char subject[512];
    unsigned char key_hash[32];
} certificate_file;

static certificate_file files[FILES];
static size_t files_len;

static certificate_file *certificate_open(const char *name)
{
    certificate_file *file;
    char path[512];
    FILE *in;

    for (size_t i = 0; i < files_len; i++) {
        if (strcmp(files[i].name, name) == 0) {
            return &files[i];
        }
    }
    assert_true(files_len < FILES);
    file = &files[files_len++];
    assert_true(strlen(name) < sizeof file->name);
    memcpy(file->name, name, strlen(name) + 1);
    assert_true(snprintf(path, sizeof path, "%s%s.der", FOLDER, name) < (int)sizeof path);
    in = fopen(path, "rb");
    if (in == NULL) {
        fail_msg("%s: cannot be opened", path);
    }
    file->certificate.data = file->data;
    file->certificate.data_len = fread(file->data, 1, sizeof file->data, in);
    assert_true(file->certificate.data_len > 0 && file->certificate.data_len < sizeof file->data);
    assert_int_equal(fclose(in), 0);
    return file;
}

const br_x509_certificate *certificate_load(const char *name)
{
    return &certificate_open(name)->certificate;
}

static void certificate_subject(void *context, const void *data, size_t len)
{
    certificate_file *file = context;

    assert_true(file->anchor.dn.len + len <= sizeof file->subject);
    memcpy(file->subject + file->anchor.dn.len, data, len);
    file->anchor.dn.len += len;
}

const br_x509_trust_anchor *certificate_anchor(const char *name)
{
    certificate_file *file = certificate_open(name);
    const br_x509_pkey *key;

    if (file->anchor.dn.data != NULL) {
        return &file->anchor;
    }
    br_x509_decoder_init(&file->decoder, certificate_subject, file);
    br_x509_decoder_push(&file->decoder, file->data, file->certificate.data_len);
    key = br_x509_decoder_get_pkey(&file->decoder);
    assert_non_null(key);
    file->anchor.dn.data = file->subject;
    file->anchor.flags = br_x509_decoder_isCA(&file->decoder) ? BR_X509_TA_CA : 0;
    file->anchor.pkey = *key;
    return &file->anchor;
}

static br_skey_decoder_context *certificate_key(const char *name)
{
    certificate_file *file = certificate_open(name);

    br_skey_decoder_init(&file->key);
    br_skey_decoder_push(&file->key, file->data, file->certificate.data_len);
    assert_int_equal(br_skey_decoder_last_error(&file->key), 0);
    return &file->key;
}

const br_ec_private_key *certificate_ec_key(const char *name)
{
    const br_ec_private_key *key = br_skey_decoder_get_ec(certificate_key(name));

    assert_non_null(key);
    return key;
}

const br_rsa_private_key *certificate_rsa_key(const char *name)
{
    const br_rsa_private_key *key = br_skey_decoder_get_rsa(certificate_key(name));

    assert_non_null(key);
    return key;
}

const unsigned char *certificate_key_hash(const char *name)
{
    certificate_file *file = certificate_open(name);
    char line[128];
    FILE *in = fopen(FOLDER "KEY_HASHES", "r");

    assert_non_null(in);
    while (fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        assert_true(strlen(line) > 65);
        if (strcmp(line + 65, name) != 0) {
            continue;
        }
        for (size_t i = 0; i < 32; i++) {
            unsigned byte;

            assert_int_equal(sscanf(line + 2 * i, "%2x", &byte), 1);
            file->key_hash[i] = (unsigned char)byte;
        }
        assert_int_equal(fclose(in), 0);
        return file->key_hash;
    }
    fail_msg("%s is not in KEY_HASHES", name);
    return NULL;
}

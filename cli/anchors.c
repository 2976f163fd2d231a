/* `parley anchors`: the certificates of a PEM file as trust anchors in C, for a
   program that has no files. */
#include "commands.h"
#include "options.h"
#include "pem.h"
#include "report.h"
#include "status.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_NAME = 256 };

static const struct option known[] = {
    {"name", required_argument, NULL, OPTION_NAME},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley anchors [OPTION]... FILE\n"
    "Prints the certificates of FILE (PEM) as C: an array of trust anchors, and how many\n"
    "they are, to include where parley_tls_client_config is filled in. A certificate that\n"
    "is not an authority is trusted as itself alone.\n"
    "\n"
    "  --name NAME   the array's name (anchors); NAME_count is the number\n"
    "  --help        this text\n";

static bool is_name(const char *text)
{
    bool good = isalpha((unsigned char)*text) || *text == '_';

    while (good && *text != '\0') {
        good = isalnum((unsigned char)*text) || *text == '_';
        text++;
    }
    return good;
}

static void put_bytes(const char *name, size_t number, const char *what, const unsigned char *data,
                      size_t len)
{
    printf("static const unsigned char %s_%zu_%s[] = {", name, number, what);
    for (size_t i = 0; i < len; i++) {
        printf("%s0x%02x,", i % 12 == 0 ? "\n    " : " ", data[i]);
    }
    printf("\n};\n");
}

/* Its last common name, or what it ends with, for the reader alone. */
static void put_subject(const br_x509_trust_anchor *anchor)
{
    static const unsigned char common_name[] = {0x06, 0x03, 0x55, 0x04, 0x03};
    const unsigned char *dn = anchor->dn.data;
    size_t at = 0;
    size_t len = 0;

    for (size_t i = 0; i + sizeof common_name + 2 <= anchor->dn.len; i++) {
        if (memcmp(dn + i, common_name, sizeof common_name) == 0) {
            at = i + sizeof common_name + 2;
            len = dn[at - 1];
        }
    }
    if (len == 0 || len > anchor->dn.len - at) {
        printf("no common name");
        return;
    }
    for (size_t i = at; i < at + len; i++) {
        bool plain = dn[i] >= ' ' && dn[i] <= '~' && strchr("*/\\?\"", dn[i]) == NULL;

        putchar(plain ? dn[i] : '.');
    }
}

static const char *curve_name(int curve)
{
    return curve == BR_EC_secp256r1   ? "BR_EC_secp256r1"
           : curve == BR_EC_secp384r1 ? "BR_EC_secp384r1"
                                      : "BR_EC_secp521r1";
}

static void put_data(const char *name, size_t number, const br_x509_trust_anchor *anchor)
{
    const br_x509_pkey *key = &anchor->pkey;

    printf("\n/* %zu: ", number);
    put_subject(anchor);
    printf("%s */\n", anchor->flags & BR_X509_TA_CA ? "" : " (itself alone)");
    put_bytes(name, number, "name", anchor->dn.data, anchor->dn.len);
    if (key->key_type == BR_KEYTYPE_EC) {
        put_bytes(name, number, "q", key->key.ec.q, key->key.ec.qlen);
    } else {
        put_bytes(name, number, "n", key->key.rsa.n, key->key.rsa.nlen);
        put_bytes(name, number, "e", key->key.rsa.e, key->key.rsa.elen);
    }
}

static void put_reference(const char *name, size_t number, const char *what)
{
    printf("(unsigned char *)%s_%zu_%s, sizeof %s_%zu_%s", name, number, what, name, number, what);
}

static void put_anchor(const char *name, size_t number, const br_x509_trust_anchor *anchor)
{
    const br_x509_pkey *key = &anchor->pkey;

    printf("    {\n        .dn = {");
    put_reference(name, number, "name");
    printf("},\n        .flags = %s,\n", anchor->flags & BR_X509_TA_CA ? "BR_X509_TA_CA" : "0");
    if (key->key_type == BR_KEYTYPE_EC) {
        printf("        .pkey = {.key_type = BR_KEYTYPE_EC,\n                 .key.ec = {%s, ",
               curve_name(key->key.ec.curve));
        put_reference(name, number, "q");
    } else {
        printf("        .pkey = {.key_type = BR_KEYTYPE_RSA,\n                 .key.rsa = {");
        put_reference(name, number, "n");
        printf(",\n                             ");
        put_reference(name, number, "e");
    }
    printf("}},\n    },\n");
}

/* BearSSL's pointers are not to const, and it writes through none of them. */
static void put_anchors(const char *name, const pem_anchors *anchors)
{
    printf("/* Made by `parley anchors`: do not edit. */\n#include <bearssl.h>\n");
    for (size_t i = 0; i < anchors->count; i++) {
        put_data(name, i, &anchors->list[i]);
    }
    printf("\nstatic const br_x509_trust_anchor %s[] = {\n", name);
    for (size_t i = 0; i < anchors->count; i++) {
        put_anchor(name, i, &anchors->list[i]);
    }
    printf("};\n\nenum { %s_count = %zu };\n", name, anchors->count);
}

int command_anchors(int argc, char **argv)
{
    const char *name = "anchors";
    pem_anchors anchors;
    failure f;
    int option;

    while ((option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return STATUS_OK;
        }
        if (option != OPTION_NAME) {
            return STATUS_USAGE;
        }
        name = optarg;
    }
    if (!is_name(name)) {
        return report_usage("--name: '%s' is not a name in C", name);
    }
    if (optind == argc) {
        return report_usage("which file? Give one with certificates, in PEM");
    }
    if (optind + 1 < argc) {
        return report_usage("one file is enough: what is '%s'", argv[optind + 1]);
    }
    if (!pem_anchors_load(&anchors, argv[optind], &f)) {
        report("%s", f.text);
        return f.status;
    }
    put_anchors(name, &anchors);
    pem_anchors_free(&anchors);
    return STATUS_OK;
}

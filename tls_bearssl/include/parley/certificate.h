/* What a certificate says of itself, for reports to people. Nothing here judges: whether
   a session goes on is <parley/tls.h>'s verdict alone, and what is read here counts as
   little as the word of whoever sent it. Bounded, and total on arbitrary bytes; no
   reference is kept. What is given points into the certificate, or is static. */
#ifndef PARLEY_CERTIFICATE_H
#define PARLEY_CERTIFICATE_H

#include <parley/result.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum parley_name_kind {
    PARLEY_NAME_DNS, /* dNSName */
    PARLEY_NAME_SRV, /* SRVName (RFC 4985) */
    PARLEY_NAME_XMPP /* XmppAddr (RFC 6120 section 13.7.1.4) */
} parley_name_kind;

/* Purposes (RFC 5280 section 4.2.1.12, RFC 6120 section 13.7.1.4). */
enum {
    PARLEY_USE_SERVER = 1,
    PARLEY_USE_CLIENT = 2,
    PARLEY_USE_ANY = 4,
    PARLEY_USE_XMPP = 8,
    PARLEY_USE_OTHER = 16
};

typedef enum parley_key_kind { PARLEY_KEY_OTHER, PARLEY_KEY_RSA, PARLEY_KEY_EC } parley_key_kind;

typedef struct parley_certificate_facts {
    parley_string issuer;  /* Name (RFC 5280 section 4.1.2.4) in DER: the same bytes, the same */
    parley_string subject; /* name; parley_certificate_name_text is for people */
    int64_t not_before;    /* in Unix's seconds; 0: not understood */
    int64_t not_after;
    const char *signature; /* "ecdsa-with-SHA256"; NULL: not known */
    bool signature_weak;   /* MD5, SHA-1, or not known: no session accepts it */
    parley_key_kind key;
    unsigned key_bits;          /* 0: not known */
    const char *key_name;       /* "RSA", "P-256", "Ed25519"; NULL: not known */
    unsigned char key_hash[32]; /* SHA-256 of the SubjectPublicKeyInfo, as pins are given */
    bool authority;             /* basicConstraints say cA */
    unsigned uses;              /* purposes; 0: any */
    size_t names;               /* of those three kinds in subjectAltName, all of them */
} parley_certificate_facts;

/* An entry of subjectAltName: raw bytes, which may be anything. */
typedef struct parley_certificate_name_entry {
    parley_name_kind kind;
    parley_string value;
} parley_certificate_name_entry;

/* Reads one certificate in DER, and its first `room` names into `names` (NULL if 0).
   PARLEY_ILLEGAL: not a certificate. */
parley_result parley_certificate_read(const void *der, size_t len, parley_certificate_facts *facts,
                                      parley_certificate_name_entry *names, size_t room);

/* What parley thinks of that name for a prepared domain: 0, it is the domain's; else one
   of the PARLEY_TLS_NAME_* codes of <parley/tls.h>. */
int parley_certificate_name_judge(parley_string domain, const parley_certificate_name_entry *name);

/* A Name for people ("CN=example.org, O=Example"; an attribute without a short name by its
   number, what is not text in hexadecimal), terminated, cut at `size`; control
   characters in it are the reader's affair. PARLEY_ILLEGAL: not a Name, and `text` has
   what came before that. */
parley_result parley_certificate_name_text(parley_string name, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif

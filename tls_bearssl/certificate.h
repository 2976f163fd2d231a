/* A bounded walker over the DER of one certificate (RFC 5280 section 4.1).

   Bytes go in by chunks of any size; names come out one at a time. It looks at
   what the identity check and the channel bindings need and steps over the
   rest; it is total on arbitrary bytes and keeps no reference to them. It
   judges no signature and no date: that is BearSSL's. */
#ifndef PARLEY_TLS_CERTIFICATE_H
#define PARLEY_TLS_CERTIFICATE_H

#include "parley/certificate.h"
#include "parley/tls.h"

typedef enum parley_certificate_token {
    PARLEY_CERTIFICATE_MORE, /* all bytes were taken */
    PARLEY_CERTIFICATE_NAME, /* an entry of subjectAltName: parley_certificate_name */
    PARLEY_CERTIFICATE_ERROR /* not a certificate; sticky */
} parley_certificate_token;

/* Indices of its marks. */
enum {
    PARLEY_CERTIFICATE_ISSUER,
    PARLEY_CERTIFICATE_SUBJECT,
    PARLEY_CERTIFICATE_KEY,
    PARLEY_CERTIFICATE_ALGORITHM
};

typedef struct parley_name {
    parley_name_kind kind;
    uint32_t offset; /* of its value in the certificate */
    uint32_t len;
    parley_string value; /* data NULL: longer than PARLEY_TLS_NAME_SIZE - 1. Valid until the
                            next push */
} parley_name;

void parley_certificate_init(parley_certificate *c);

/* Returns the bytes taken: all, or up to the end of a name, or none after an error. */
size_t parley_certificate_push(parley_certificate *c, const void *data, size_t len,
                               parley_certificate_token *token);

/* PARLEY_OK: a whole certificate and nothing else; PARLEY_MORE; PARLEY_ILLEGAL. */
parley_result parley_certificate_finish(const parley_certificate *c);

/* After NAME. */
parley_name parley_certificate_name(const parley_certificate *c);

/* After finish gave PARLEY_OK: whether basicConstraints says cA; the purposes
   (0: any, there is no extendedKeyUsage). */
bool parley_certificate_authority(const parley_certificate *c);
unsigned parley_certificate_uses(const parley_certificate *c);

/* After finish gave PARLEY_OK: the validity, in Unix's seconds; 0: not understood. */
int64_t parley_certificate_not_before(const parley_certificate *c);
int64_t parley_certificate_not_after(const parley_certificate *c);

/* After finish gave PARLEY_OK: tls-server-end-point (RFC 5929 section 4.1).
   Returns its length; 0: not defined for this signature algorithm. */
size_t parley_certificate_end_point(const parley_certificate *c,
                                    unsigned char out[PARLEY_HASH_SIZE]);

#endif

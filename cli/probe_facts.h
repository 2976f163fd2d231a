/* What a probe has seen of a server, apart from what is thought of it: the streams'
   headers and offers, before and after TLS, the certificates, how it went. */
#ifndef PARLEY_CLI_PROBE_FACTS_H
#define PARLEY_CLI_PROBE_FACTS_H

#include "report.h"

#include <parley/certificate.h>
#include <parley/tls.h>
#include <parley/xml.h>

#define PROBE_NAMES    48 /* of each list; more are counted */
#define PROBE_FEATURES 48
#define PROBE_CHAIN    8
#define PROBE_ALTNAMES 64

/* Cut at its room; whatever the server sent. */
typedef struct probe_text {
    bool there;
    char text[256];
} probe_text;

typedef struct probe_header {
    bool seen;
    probe_text from, to, id, version, language;
} probe_header;

typedef struct probe_names {
    char list[PROBE_NAMES][64];
    size_t count; /* may be beyond the list */
} probe_names;

typedef struct probe_feature {
    char name[64];
    char space[128];
} probe_feature;

typedef struct probe_offer {
    bool seen;
    bool starttls, starttls_required;
    bool sasl, sasl2, binds; /* <mechanisms/>, <authentication/>, XEP-0440's list */
    bool session, session_optional;
    probe_names mechanisms;  /* of SASL */
    probe_names mechanisms2; /* of SASL2 */
    probe_names bindings;
    probe_names inlines; /* of SASL2 */
    probe_feature features[PROBE_FEATURES];
    size_t feature_count; /* may be beyond the list */
} probe_offer;

typedef struct probe_stage {
    probe_header header;
    probe_offer offer;
} probe_stage;

typedef struct probe_certificate {
    unsigned char *der;
    size_t len;
    size_t size;
    bool whole;
    bool readable;
    parley_certificate_facts facts;
    parley_certificate_name_entry names[PROBE_ALTNAMES];
    int judged[PROBE_ALTNAMES]; /* parley_certificate_name_judge of each */
} probe_certificate;

/* One connection. */
typedef struct probe_look {
    probe_stage clear;  /* before TLS, or without it */
    probe_stage secure; /* in TLS */
    probe_certificate chain[PROBE_CHAIN];
    size_t chain_count; /* may be beyond the list */
    parley_tls_info tls;
    bool has_tls;
    bool resumable; /* the server gave its TLS session a name */
    bool closing;   /* we have closed: all was seen that is offered without an account */
    bool answered;  /* and the server closed too */
    parley_code code;
    int tls_code;
    bool good;       /* it came to its end in order */
    failure problem; /* if not */
    const char *state;
} probe_look;

/* Reads what the server sends, as it comes. */
typedef struct probe_reader {
    probe_look *look;
    parley_xml xml;
    void *memory;
    bool secure;
    bool failed;
    parley_string domain; /* prepared */
    void *context;
    /* Each as soon as it is there; NULL: not wanted. */
    void (*on_header)(void *context, bool secure, const probe_header *header);
    void (*on_offer)(void *context, bool secure, const probe_offer *offer);
    void (*on_certificate)(void *context, size_t index, const probe_certificate *certificate);
} probe_reader;

/* False: no memory. `direct`: TLS from the first byte. */
bool probe_reader_open(probe_reader *r, probe_look *look, parley_string domain, bool direct);
void probe_reader_close(probe_reader *r);

/* The two calls of session_watch; the context is the reader. */
void probe_reader_bytes(void *context, bool sent, const char *state, const void *data, size_t len);
void probe_reader_certificate(void *context, const void *data, size_t len);

void probe_look_free(probe_look *look);

bool probe_names_has(const probe_names *names, const char *name);
/* One of -PLUS or of SCRAM. */
bool probe_names_bind(const probe_names *names);
bool probe_names_scram(const probe_names *names);

/* What the namespace belongs to ("XEP-0198 stream management"); NULL: not known. */
const char *probe_feature_known(const char *space);
bool probe_offer_has(const probe_offer *offer, const char *space);

#endif

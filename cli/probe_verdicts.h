/* What is thought of what a probe has seen: a verdict on each point, by the RFC or XEP
   behind it. A pure function of the facts. */
#ifndef PARLEY_CLI_PROBE_VERDICTS_H
#define PARLEY_CLI_PROBE_VERDICTS_H

#include "probe_facts.h"

#define PROBE_VERDICTS 48

typedef enum probe_word {
    PROBE_PASS,
    PROBE_WARN, /* against a SHOULD, or good practice */
    PROBE_FAIL  /* against a MUST, or nothing can come of it */
} probe_word;

typedef struct probe_verdict {
    probe_word word;
    const char *point; /* "starttls-required" */
    const char *reference;
    char text[640];
} probe_verdict;

typedef struct probe_verdicts {
    probe_verdict list[PROBE_VERDICTS];
    size_t count;
} probe_verdicts;

/* Whether a second connection resumed the TLS session of the first. */
typedef enum probe_resumption {
    PROBE_NOT_TRIED,
    PROBE_RESUMED,
    PROBE_NOT_RESUMED,
    PROBE_NOT_REACHED /* the second connection came to nothing */
} probe_resumption;

typedef struct probe_facts {
    const probe_look *look; /* the first connection */
    const probe_look *anew; /* with the key alone, after a bad certificate; NULL: none */
    probe_resumption resumption;
    parley_string domain;
    bool direct, insecure, pinned, pin_only;
    int64_t now; /* in Unix's seconds */
} probe_facts;

void probe_judge(const probe_facts *f, probe_verdicts *v);

const char *probe_word_name(probe_word word);

/* "2026-01-31 23:59:59 UTC". */
void probe_time_text(int64_t time, char *text, size_t size);
/* "dns", "srv", "xmpp". */
const char *probe_kind_name(parley_name_kind kind);

/* For the certificates' half, which stands in a file of its own. */
void probe_add(probe_verdicts *v, probe_word word, const char *point, const char *reference,
               const char *format, ...) REPORT_FORMAT(5, 6);
void probe_judge_certificates(const probe_facts *f, probe_verdicts *v);

#endif

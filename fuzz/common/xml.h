/* Runs of the tokenizer, checked and logged. */
#ifndef PARLEY_FUZZ_XML_H
#define PARLEY_FUZZ_XML_H

#include "common/fuzz.h"

typedef struct fuzz_xml {
    parley_limits limits;
    uint16_t tree;
    size_t memory; /* bytes of the block; 0: what the formula gives */
    bool park;     /* park the root */
    bool keep;     /* not to skip what is too large */
    bool reads;    /* by parley_xml_read, whose handler now and then wants no more */
} fuzz_xml;

typedef struct fuzz_verdict {
    parley_result result;
    parley_code error;
    uint64_t offset;
    size_t tokens;          /* of the log: what comes before the verdict */
    uint64_t tokens_beyond; /* and of what it had no room for */
    uint64_t tokens_sum;
} fuzz_verdict;

/* Limits, trees and memory from one byte; `len` is the document's. */
fuzz_xml fuzz_xml_of(uint8_t choice, size_t len);

fuzz_verdict fuzz_xml_run(fuzz_log *log, const fuzz_xml *setup, fuzz_cuts cuts, const void *data,
                          size_t len);

/* Whether the output of a session is in order: documents, each begun by a declaration,
   the last one whole to its first-level elements, unless what is behind it could not leave. */
void fuzz_xml_documents(const char *data, size_t len, bool is_stuck);

#endif

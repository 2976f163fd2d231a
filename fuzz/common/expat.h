/* What Expat makes of a document. */
#ifndef PARLEY_FUZZ_EXPAT_H
#define PARLEY_FUZZ_EXPAT_H

#include "common/xml.h"

/* Whether Expat takes the document; its tokens. */
bool fuzz_expat_run(fuzz_log *log, const uint8_t *data, size_t size);

/* The same with the characters above ASCII in names put in ASCII. For documents that the
   tokenizer has taken: there markup has them in names alone, outside quotes. */
bool fuzz_expat_run_names(fuzz_log *log, const uint8_t *data, size_t size);

/* `ours` is the log of a tokenizer's run, which ends with this verdict. */
void fuzz_expat_same(const fuzz_log *ours, const fuzz_verdict *verdict, const fuzz_log *theirs);

#endif

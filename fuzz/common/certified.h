/* What is made of a certificate's findings, and names of domains judged. */
#ifndef PARLEY_FUZZ_CERTIFIED_H
#define PARLEY_FUZZ_CERTIFIED_H

#include "certificate.h"
#include "common/fuzz.h"

/* A name that the walker found is judged for domains of each kind, and logged. */
void fuzz_certified_name(fuzz_log *log, parley_name name);

/* What a certificate that is one says besides its names. */
void fuzz_certified_facts(fuzz_log *log, const parley_certificate *c);

/* The report of it: within the bytes, and of a certificate only. */
void fuzz_certified_report(const uint8_t *data, size_t size, bool is_one);

/* A domain, byte 0xFF and a name of each kind for it. */
void fuzz_certified_judge(const uint8_t *data, size_t size);

#endif

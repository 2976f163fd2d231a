/* The tokenizer against Expat: no document that we take and Expat refuses, none that we
   refuse and Expat takes without a reason of RFC 6120, and the same tokens where both take
   it. Input: a seed for the cuts, the document. */
#include "common/expat.h"

/* Why we may refuse what Expat takes. */
static bool explained(fuzz_verdict verdict, const uint8_t *data, size_t size)
{
    switch (verdict.error) {
    case PARLEY_ERROR_XML_RESTRICTED: /* 11.1: comments, instructions, declarations, entities */
        return fuzz_has(data, size, "<!", 2) || fuzz_has(data, size, "<?", 2) ||
               fuzz_has(data, size, "&", 1);
    case PARLEY_ERROR_XML_ENCODING: /* 11.6 */
        return fuzz_has(data, size, "encoding", 8) || size == 0 || data[0] != '<' ||
               (size > 1 && data[1] == 0);
    case PARLEY_ERROR_XML_NOT_WELL_FORMED:
        /* A byte order mark (11.6), and versions that are not 1.x. */
        return (size > 0 && data[0] >= 0xEF) ||
               (fuzz_has(data, size, "<?xml", 5) && fuzz_has(data, size, "version", 7) &&
                verdict.offset < 128 && !fuzz_has(data, (size_t)verdict.offset, "?>", 2));
    default:
        return false;
    }
}

FUZZ_TARGET(xml_vs_expat)
{
    static fuzz_log ours, theirs, other;
    uint8_t seed = fuzz_byte(&data, &size);
    fuzz_xml setup = fuzz_xml_of(0, size);
    fuzz_verdict verdict;
    bool taken;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    setup.limits.depth = UINT16_MAX;
    setup.limits.attributes = UINT16_MAX;
    setup.limits.name = UINT16_MAX;
    verdict = fuzz_xml_run(&ours, &setup, fuzz_cuts_of(FUZZ_RANDOM, seed), data, size);
    for (unsigned kind = FUZZ_WHOLE; kind <= FUZZ_BYTES; kind++) {
        (void)fuzz_xml_run(&other, &setup, fuzz_cuts_of(kind, 0), data, size);
        fuzz_log_same(&ours, &other);
    }
    taken = fuzz_expat_run(&theirs, data, size);
    if (verdict.result == PARLEY_OK) {
        /* Expat knows the names of the fourth edition alone. */
        FUZZ_CHECK(taken || fuzz_expat_run_names(&theirs, data, size));
        if (taken) {
            fuzz_expat_same(&ours, &verdict, &theirs);
        }
    } else if (taken) {
        FUZZ_CHECK(verdict.result == PARLEY_ILLEGAL && explained(verdict, data, size));
    }
    return 0;
}

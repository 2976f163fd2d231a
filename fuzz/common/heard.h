/* What a party has heard, and how a tokenizer reads it that knows nothing of the session: it
   begins anew with each stream, so that what a session keeps of the stream before shows. */
#ifndef PARLEY_FUZZ_HEARD_H
#define PARLEY_FUZZ_HEARD_H

#include "common/fuzz.h"

/* What an element of SASL carried, decoded and terminated: more than what a mechanism takes. */
#define FUZZ_SASL_SIZE 4160
typedef struct fuzz_sasl {
    size_t len;
    char text[FUZZ_SASL_SIZE];
} fuzz_sasl;

typedef struct fuzz_heard {
    fuzz_log log; /* all bytes */
    parley_xml xml;
    bool reads;      /* the stream under way is read */
    bool is_illegal; /* it is not well-formed, or its header has no room */
    bool is_whole;   /* the last byte completed an element of the first level */
    size_t from;     /* of the bytes, where the stream begins */
    size_t at;       /* what has been read up to */
    size_t behind;   /* the header, or the element before */
    size_t size;     /* of the last element, in bytes */
    fuzz_sasl sasl;  /* the last one that was not empty */
    fuzz_sasl sasl_before;
    uint32_t memory[PARLEY_XML_MEMORY(1 << 17) / 4];
} fuzz_heard;

/* Nothing has been heard. `reads`: elements are wanted, not the bytes alone. */
void fuzz_heard_open(fuzz_heard *h, bool reads);

/* What follows is a new stream. */
void fuzz_heard_restart(fuzz_heard *h);

void fuzz_heard_bytes(fuzz_heard *h, const void *data, size_t len);

/* The first-level element that was completed by the last byte; false: none was, or it is not
   known. Valid until more is heard. */
bool fuzz_heard_element(const fuzz_heard *h, parley_element *e);

#endif

/* Seeded mutants of documents: bytes flipped, deleted and inserted, words of a dictionary
   inserted, pieces of other documents spliced in. */
#ifndef PARLEY_TESTS_XML_MUTANTS_H
#define PARLEY_TESTS_XML_MUTANTS_H

#include <stddef.h>
#include <stdint.h>

#define XML_MUTANT_SIZE 4096

typedef struct xml_mutants {
    uint32_t seed;
    size_t documents;
    unsigned char *document[256];
    size_t document_len[256];
    unsigned char mutant[XML_MUTANT_SIZE];
    size_t len;
} xml_mutants;

/* Loads the cases of tests/data/xmlcases and some stanzas. */
void xml_mutants_open(xml_mutants *m, uint32_t seed);
void xml_mutants_close(xml_mutants *m);
/* The next mutant, into m->mutant. */
void xml_mutants_next(xml_mutants *m);

#endif

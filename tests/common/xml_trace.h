/* What the tokenizer makes of a document, as text: one line a token, with adjacent text
   joined and a tree told as the tokens it stands for. So documents can be compared however
   they are cut, and whether trees are built or not. */
#ifndef PARLEY_TESTS_XML_TRACE_H
#define PARLEY_TESTS_XML_TRACE_H

#include "common/guard.h"
#include "parley/xml.h"

/* How the input is cut: one piece, or at `cut`, or every `step` bytes, or by `seed`. */
typedef struct xml_cuts {
    size_t cut;
    size_t step;
    uint32_t seed;
} xml_cuts;

typedef struct xml_setup {
    parley_limits limits;
    uint16_t tree;
    size_t memory; /* bytes of the block; 0: plenty */
    bool park;     /* park the root */
    bool keep;     /* not to skip what is too large */
    bool reads;    /* by parley_xml_read; its handler says now and then that it wants no more */
} xml_setup;

typedef struct xml_trace {
    char *log; /* terminated */
    size_t len;
    size_t size;
    parley_result verdict; /* PARLEY_OK, _MORE, _ILLEGAL */
    parley_code error;
    parley_condition condition;
    uint64_t offset;
    uint32_t high;   /* bytes of the block that were used */
    uint64_t places; /* mixed of the offsets behind tags; 0: of another parser */
    bool joined;     /* the last line is text that can go on */
} xml_trace;

/* The pieces of the input stand flush against a guard page, and so does the memory. */
typedef struct xml_bench {
    guard input_guard;
    guard memory_guard;
    unsigned char *input_end;
    unsigned char *memory_end;
    xml_trace trace;
} xml_bench;

#define XML_BENCH_INPUT  (1u << 16)
#define XML_BENCH_MEMORY (1u << 19)

void xml_bench_open(xml_bench *bench);
void xml_bench_close(xml_bench *bench);

/* Default limits, no trees. */
xml_setup xml_setup_default(void);

/* Runs the document and fills in bench->trace. Fails the test where a promise of
   <parley/xml.h> is broken. */
void xml_bench_run(xml_bench *bench, const xml_setup *setup, xml_cuts cuts, const void *data,
                   size_t len);

/* The same in one piece, byte by byte, at every cut (to 1 kB) and at 16 seeded splittings, pushed
   and, but at every cut, read; which must not differ. */
void xml_bench_every_cut(xml_bench *bench, const xml_setup *setup, const void *data, size_t len,
                         const char *what);

/* Every cut of the terminated document, with trees from nowhere, the root and its children;
   the tokens must be `log`, each line begun by '\n', if it is not NULL. */
void xml_bench_expect(xml_bench *bench, const char *document, const char *log);
/* The same; the error, and the offset of the byte that makes it certain. */
void xml_bench_expect_error(xml_bench *bench, const char *document, parley_code error,
                            uint64_t offset);

void xml_trace_free(xml_trace *trace);
void xml_trace_copy(xml_trace *to, const xml_trace *from);
/* Fails the test if verdict, error, offset or tokens differ. */
void xml_trace_same(const xml_trace *a, const xml_trace *b, const char *what);

/* For the traces of other parsers. */
void xml_trace_reset(xml_trace *trace);
void xml_trace_start(xml_trace *trace, parley_string space, parley_string prefix,
                     parley_string name);
void xml_trace_attribute(xml_trace *trace, parley_string space, parley_string name,
                         parley_string value);
void xml_trace_text(xml_trace *trace, parley_string text);
void xml_trace_end(xml_trace *trace, parley_string space, parley_string name);
void xml_trace_line(xml_trace *trace, const char *line);

#endif

/* How parley demo prints: headings, and each first-level element of a direction
   with who sent it, the state after it, what it is for and where the RFC says
   so. SASL messages are hidden. */
#ifndef PARLEY_CLI_DEMO_PRINT_H
#define PARLEY_CLI_DEMO_PRINT_H

#include <parley/xml.h>
#include <stdio.h>

#define DEMO_WIDTH 100
#define DEMO_HELD  8192
#define DEMO_STEPS 6

/* One direction of one connection. */
typedef struct demo_direction {
    parley_xml xml;
    void *memory; /* DEMO_MEMORY bytes, aligned */
    size_t held_len;
    unsigned headers;     /* stream headers so far: 1 in the clear, 2 in TLS, 3 authenticated */
    char held[DEMO_HELD]; /* of the element that is not complete yet */
} demo_direction;

#define DEMO_MEMORY 65536u

typedef struct demo_printer {
    FILE *out;
    bool colour;
    unsigned step; /* heading that was printed last */
    bool broken;   /* something was not XML, or too long to hold */
} demo_printer;

bool demo_direction_init(demo_direction *d, void *memory);

/* The heading of a step from 1 to DEMO_STEPS, once each. */
void demo_heading(demo_printer *p, unsigned step);

/* A remark in the conversation. */
void demo_remark(demo_printer *p, const char *text, const char *clause);

/* A piece of plaintext, cut anywhere. `who` talks with the server; `state` is
   the client's after it. `quiet`: followed, not printed. */
void demo_piece(demo_printer *p, demo_direction *d, const char *who, bool to_server,
                const char *state, bool quiet, parley_string piece);

#endif

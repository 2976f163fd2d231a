/* Text from outside, made fit for a terminal, a quoted token or JSON. */
#ifndef PARLEY_CLI_TEXT_H
#define PARLEY_CLI_TEXT_H

#include <parley/result.h>
#include <stdio.h>

typedef enum text_mode {
    TEXT_LINE,   /* control and invisible characters as \n, \u{1b}; bad UTF-8 as \xFF */
    TEXT_QUOTED, /* the same, and '"' and '\' with a '\' before them */
    TEXT_JSON    /* the inside of a JSON string, with the same characters as \n, \u001b;
                    bad UTF-8 as U+FFFD */
} text_mode;

/* Takes the text in pieces, cut anywhere. */
typedef struct text_writer {
    FILE *out;
    text_mode mode;
    unsigned char held[4]; /* an incomplete character */
    unsigned held_len;
} text_writer;

void text_begin(text_writer *t, FILE *out, text_mode mode);
void text_piece(text_writer *t, parley_string piece);
void text_end(text_writer *t);

/* All of it at once. */
void text_print(FILE *out, text_mode mode, parley_string text);

#endif

/* The XML layer: bytes in, tokens or element trees out, in caller's memory.

   UTF-8, XML 1.0 (fifth edition) with Namespaces 1.0, less what RFC 6120
   section 11.1 forbids: comments, processing instructions, DTDs, and entity
   references but for the five predefined ones. A declaration is taken as the
   first bytes only. Tokens, error and offset do not depend on how the input
   is cut into pieces; adjacent PARLEY_XML_TEXT tokens may be, and a piece may
   end inside a character.

   A session uses this by itself; an application needs it only to read XML
   of its own. */
#ifndef PARLEY_XML_H
#define PARLEY_XML_H

#include "cpu.h"
#include "element.h"
#include "limits.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum parley_xml_token {
    PARLEY_XML_MORE = 0, /* all input was taken; nothing to report yet */
    PARLEY_XML_START,    /* a start tag: parley_xml_element */
    PARLEY_XML_TEXT,     /* a piece of character data: parley_xml_text */
    PARLEY_XML_END,      /* an end tag, or the second half of an empty-element tag:
                            parley_xml_element gives the element, without content */
    PARLEY_XML_ELEMENT,  /* a whole element of the tree depth: parley_xml_element */
    PARLEY_XML_LARGE,    /* the element is over its limit of bytes or elements, or does not fit
                            the memory: parley_xml_skip goes on, else the next push is an error */
    PARLEY_XML_ERROR     /* parley_xml_error and parley_xml_offset; sticky */
} parley_xml_token;

/* No trees: every element gives START, TEXT and END. */
#define PARLEY_XML_NO_TREE 0xFFFFu

/* Bytes of memory that a document of n bytes, or a tree of n bytes whose root is
   parked, always fits into. Without parking, the open start tags around a tree
   count as part of it. */
#define PARLEY_XML_MEMORY(n) ((size_t)6 * (n) + 64)

/* What the tokenizer keeps of parley_limits. */
typedef struct parley_xml_limits {
    uint32_t element;
    uint16_t depth;
    uint16_t attributes;
    uint16_t name;
    uint16_t elements;
} parley_xml_limits;

struct parley_xml;

/* What parley_xml_read gives tokens to, with its `context`. True: go on, and the token's element or
   text is gone when it returns; false: no more, and they are valid until the next push or read. It
   has to return, and may call for `x` all that is in this header but parley_xml_init, _restart,
   _push and _read. */
typedef bool (*parley_xml_handler)(void *context, struct parley_xml *x, parley_xml_token token);

typedef struct parley_xml {
    /* Opaque; visible for its size. core/xml.c says who writes what. The smallest come first: a
       short instruction of Thumb reaches bytes up to 31, halfwords up to 62, words up to 124. */
    bool stop;
    bool bad;
    bool name_is_new;
    bool declaration;
    bool plain;
    bool cut;
    bool end_due;
    bool parked;
    bool closed;
    bool between;
    bool counting;
    bool large;
    bool many;
    uint8_t mode;
    uint8_t cpu;
    uint8_t run;
    uint8_t utf8_left;
    unsigned char buffer[4];
    parley_xml_token token;
    parley_code error;
    uint16_t depth;
    uint16_t tree;
    uint16_t attributes;
    uint16_t elements;
    uint16_t prefix;
    uint16_t matched;
    parley_xml_limits limits;
    int cs;
    uint32_t memory_len;
    uint32_t top;
    uint32_t high;
    uint32_t release;
    uint32_t element;
    uint32_t open;
    uint32_t limited;
    uint32_t tag;
    uint32_t attribute;
    uint32_t name;
    uint32_t value;
    uint32_t last;
    uint32_t text_record;
    uint32_t declarations;
    uint32_t in_scope;
    uint32_t character;
    uint32_t utf8;
    unsigned char *memory;
    const unsigned char *chunk;
    parley_string text;
    uint64_t offset;
    uint64_t counted_from;
    uint64_t tag_from;
    parley_xml_handler handler;
    void *context;
    uint8_t handed;
    uint32_t root[PARLEY_ROOT_SIZE / 4];
} parley_xml;

/* Starts a document. `size` is sizeof(parley_xml); `x` is not moved from then
   on. `memory` is aligned to 4 bytes, holds the open start tags and the tree, and
   stays the tokenizer's until another is set. `limits` is copied, without the
   _early ones; limits->element and limits->elements bound a tree (or a first-level
   element where no trees are built); 0 in one of them: no such limit.
   A tree of n bytes of XML needs at most PARLEY_XML_MEMORY(n) bytes.
   PARLEY_MISUSE: wrong size, NULL, misaligned, less than PARLEY_XML_MEMORY(0)
   bytes, or another limit of 0. */
parley_result parley_xml_init(parley_xml *x, size_t size, const parley_limits *limits, void *memory,
                              size_t memory_len);

/* Starts over with a new document, keeping limits, tree depth and memory;
   wipes what was written of the memory, and everything learnt. */
void parley_xml_restart(parley_xml *x);

/* Another memory block, while no element below the root is open and the root
   is parked or not yet begun. The former block is wiped. NULL: none, until the
   next call. PARLEY_MISUSE: not now. */
parley_result parley_xml_memory(parley_xml *x, void *memory, size_t memory_len);

/* Whether that call is possible now (between first-level elements). */
bool parley_xml_idle(const parley_xml *x);

/* What the processor has (parley/cpu.h); kept by parley_xml_restart. It changes how fast bytes
   are taken, and nothing else. */
void parley_xml_set_cpu(parley_xml *x, unsigned cpu);

/* Other limits, such as parley_xml_init takes; they are for what begins from now on. */
void parley_xml_set_limits(parley_xml *x, const parley_limits *limits);

/* Sets the depth from which trees are built (the root is depth 0): an element of
   exactly that depth gives one ELEMENT token with all its content, shallower ones give
   START, TEXT and END. After a START token of depth d, setting the depth to d keeps
   that element as a tree, unless it is parked. */
void parley_xml_set_tree(parley_xml *x, uint16_t depth);

/* Takes bytes up to and including the one that completes a token. Returns how
   many. Never keeps a reference to `data`, but a TEXT token may point into it.
   Call again with the rest (also with len 0) until PARLEY_XML_MORE. With no
   memory set, takes white space between first-level elements only. */
size_t parley_xml_push(parley_xml *x, const void *data, size_t len, parley_xml_token *token);

/* Takes all of the bytes and gives every token to the handler as it is found, but
   PARLEY_XML_MORE: less work than a push for each where they are short (but where
   PARLEY_XML_STYLE is small). `handler` is not NULL. Returns how many bytes were
   taken: all, unless the handler returned false, with whose token they end, or there
   is an error, which the handler was given too. What is left is read or pushed later;
   a token may be due even then (with len 0). Without memory as parley_xml_push. */
size_t parley_xml_read(parley_xml *x, const void *data, size_t len, parley_xml_handler handler,
                       void *context);

/* The end of input. PARLEY_OK: a whole document; PARLEY_MORE: it is
   incomplete; PARLEY_ILLEGAL: an error had been reported. */
parley_result parley_xml_finish(parley_xml *x);

/* After START, END, ELEMENT, LARGE (then: the element of the tree depth, its
   start tag; no element if that is not complete). Valid until the next push. */
parley_element parley_xml_element(const parley_xml *x);

/* After TEXT. Valid until the next push or until `data` goes. */
parley_string parley_xml_text(const parley_xml *x);

/* After LARGE: forgets the content of the element of the tree depth and goes
   on to its end tag, which gives an END token with its start tag's name and
   attributes; where the start tag itself was too large, values of attributes from
   there on are empty. PARLEY_NO_ROOM: the open start tags do not fit, and the next
   push is an error; PARLEY_MISUSE: no LARGE token came last. */
parley_result parley_xml_skip(parley_xml *x);

/* After the START of the root: moves its name and namespace declarations out of
   the memory block (its attributes are gone then). PARLEY_NO_ROOM: they do not
   fit PARLEY_ROOT_SIZE; PARLEY_MISUSE: not now. */
parley_result parley_xml_park(parley_xml *x);

/* The default namespace in force where the next child of the innermost open
   element would stand; empty: none. Valid until the next push. */
parley_string parley_xml_default_namespace(const parley_xml *x);

/* Open elements. */
unsigned parley_xml_depth(const parley_xml *x);

/* The error (200..299), PARLEY_NO_ERROR if none; the condition to answer it
   with; and the offset, from 0, of the byte that made it certain. Without an
   error the offset is that of the next byte. */
parley_code parley_xml_error(const parley_xml *x);
parley_condition parley_xml_condition(const parley_xml *x);
uint64_t parley_xml_offset(const parley_xml *x);

#ifdef __cplusplus
}
#endif
#endif

/* Writes XML elements into a buffer: escapes, refuses what XML forbids before
   a byte leaves, and puts out all of an element or nothing. One writer writes
   one element with its content.

   Errors stick until parley_writer_init: after the first, every call does
   nothing, and parley_writer_finish says which it was. Attribute values stand
   in single quotes. */
#ifndef PARLEY_WRITER_H
#define PARLEY_WRITER_H

#include "element.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Open elements a writer can hold. */
#ifndef PARLEY_WRITER_DEPTH
#define PARLEY_WRITER_DEPTH 64
#endif

typedef struct parley_writer {
    /* Opaque; visible for its size. */
    char *buffer;
    size_t size;
    size_t used;
    parley_result error;
    bool tag_open; /* the start tag still takes attributes */
    uint16_t depth;
    parley_string content_space;            /* default namespace around the first element */
    uint32_t start_at[PARLEY_WRITER_DEPTH]; /* where the open start tags stand in buffer */
} parley_writer;

/* Starts writing into `buffer`. `content_space` is the default namespace in
   force around the element (a stream's "jabber:client"), so that it is not
   declared again; it must live as long as the writer. */
void parley_writer_init(parley_writer *w, char *buffer, size_t size, parley_string content_space);

/* Opens an element. `space` NULL: its parent's (or the content's) namespace;
   otherwise declared as the default namespace if it differs from the one in
   force. Names must be NCNames; a `name` may carry the prefix that the stream
   declares ("stream:error"), and then takes no `space`. Another prefix is
   PARLEY_ILLEGAL. */
void parley_writer_start(parley_writer *w, const char *name, const char *space);
void parley_writer_start_string(parley_writer *w, parley_string name, parley_string space);

/* An attribute of the element just opened; PARLEY_MISUSE after content, or
   when the name was given before. `name` may be "xml:lang", whose value has to
   be a language tag; other prefixes, and declarations, are PARLEY_MISUSE. A
   `value` with data NULL writes nothing. */
void parley_writer_attribute(parley_writer *w, const char *name, parley_string value);

/* Character data: '<', '&' and '>' are escaped, CR is written as a reference. */
void parley_writer_text(parley_writer *w, parley_string text);

/* Character data: base64 of `data`, in one piece (RFC 6120 section 13.9.1). */
void parley_writer_base64(parley_writer *w, const void *data, size_t len);

/* Closes the innermost open element. */
void parley_writer_end(parley_writer *w);

/* Copies an element with all its content. `from`, if its data is not NULL,
   replaces or adds the `from` attribute of the copied element (RFC 6120
   section 8.1.2.1). Namespaces are declared as needed. PARLEY_MISUSE: no element. */
void parley_writer_element(parley_writer *w, parley_element element, parley_string from);

/* PARLEY_OK and the number of bytes, or what went wrong: PARLEY_NO_ROOM,
   PARLEY_ILLEGAL (a character or name that XML forbids, or not UTF-8),
   PARLEY_REFUSED (deeper than PARLEY_WRITER_DEPTH), PARLEY_MISUSE (nothing
   written, elements left open, or calls out of order). Then `*len` is 0 and the
   buffer's content is void. */
parley_result parley_writer_finish(const parley_writer *w, size_t *len);

#ifdef __cplusplus
}
#endif
#endif

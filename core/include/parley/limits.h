/* Compile-time bounds and the limits a caller may set lower (or, where the
   memory allows, higher) at run time. */
#ifndef PARLEY_LIMITS_H
#define PARLEY_LIMITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Defaults of parley_limits. */
#ifndef PARLEY_LIMIT_DEPTH
#define PARLEY_LIMIT_DEPTH 64u /* open elements, the root included */
#endif
#ifndef PARLEY_LIMIT_ATTRIBUTES
#define PARLEY_LIMIT_ATTRIBUTES 64u /* of one element, xmlns included */
#endif
#ifndef PARLEY_LIMIT_NAME
#define PARLEY_LIMIT_NAME 256u /* bytes of a name with its prefix */
#endif
#ifndef PARLEY_LIMIT_ELEMENT
#define PARLEY_LIMIT_ELEMENT 65536u /* bytes of a first-level element */
#endif
#ifndef PARLEY_LIMIT_ELEMENTS
#define PARLEY_LIMIT_ELEMENTS 4096u /* elements in one, itself included */
#endif
/* The same before authentication. What servers offer there is some 7 deep (SASL2 with Bind 2),
   and some 50 elements. */
#ifndef PARLEY_LIMIT_DEPTH_EARLY
#define PARLEY_LIMIT_DEPTH_EARLY 16u
#endif
#ifndef PARLEY_LIMIT_ATTRIBUTES_EARLY
#define PARLEY_LIMIT_ATTRIBUTES_EARLY 16u
#endif
#ifndef PARLEY_LIMIT_NAME_EARLY
#define PARLEY_LIMIT_NAME_EARLY 64u
#endif
#ifndef PARLEY_LIMIT_ELEMENT_EARLY
#define PARLEY_LIMIT_ELEMENT_EARLY 8192u /* and of the header */
#endif
#ifndef PARLEY_LIMIT_ELEMENTS_EARLY
#define PARLEY_LIMIT_ELEMENTS_EARLY 256u
#endif
#ifndef PARLEY_LIMIT_TOTAL_EARLY
#define PARLEY_LIMIT_TOTAL_EARLY 65536u /* all bytes before authentication */
#endif

/* RFC 6120 13.12: a server takes at least this much in one stanza. */
#define PARLEY_STANZA_MINIMUM 10000u

/* Bytes kept of a stream header (its name and namespace declarations). */
#ifndef PARLEY_ROOT_SIZE
#define PARLEY_ROOT_SIZE 384
#endif

/* Bytes of a JID part (RFC 7622 section 3) that a session can hold. */
#ifndef PARLEY_PART_SIZE
#define PARLEY_PART_SIZE 1023
#endif
/* Bytes of a full JID: three parts, '@' and '/'. */
#define PARLEY_JID_SIZE (3 * PARLEY_PART_SIZE + 2)

/* Bytes of the scratch area for SASL messages, part of the work block until
   authentication is over. */
#ifndef PARLEY_SASL_SIZE
#define PARLEY_SASL_SIZE 4096
#endif

/* Once authenticated those whose name ends plainly hold, before that the _early ones, which are
   smaller by default. */
typedef struct parley_limits {
    uint32_t element;       /* bytes of a first-level element */
    uint16_t depth;         /* open elements, the root included */
    uint16_t attributes;    /* attributes of one element, declarations included; twice as many
                            declarations can be in scope. Where PARLEY_XML_STYLE is small each
                            is compared with all before it */
    uint16_t name;          /* bytes of a name with its prefix */
    uint16_t elements;      /* elements in what `element` counts the bytes of, itself included */
    uint32_t element_early; /* as before, and bytes of a stream header */
    uint16_t depth_early;
    uint16_t attributes_early;
    uint16_t name_early;
    uint16_t elements_early;
    uint32_t total_early; /* bytes in all before authentication, white space included */
} parley_limits;

/* The defaults above. */
#define PARLEY_LIMITS_DEFAULT                                                                    \
    {                                                                                            \
        PARLEY_LIMIT_ELEMENT, PARLEY_LIMIT_DEPTH, PARLEY_LIMIT_ATTRIBUTES, PARLEY_LIMIT_NAME,    \
            PARLEY_LIMIT_ELEMENTS, PARLEY_LIMIT_ELEMENT_EARLY, PARLEY_LIMIT_DEPTH_EARLY,         \
            PARLEY_LIMIT_ATTRIBUTES_EARLY, PARLEY_LIMIT_NAME_EARLY, PARLEY_LIMIT_ELEMENTS_EARLY, \
            PARLEY_LIMIT_TOTAL_EARLY                                                             \
    }

#ifdef __cplusplus
}
#endif
#endif

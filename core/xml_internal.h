/* What the parts of the XML layer share. core/xml.c describes the whole. */
#ifndef PARLEY_CORE_XML_INTERNAL_H
#define PARLEY_CORE_XML_INTERNAL_H

#include <parley/xml.h>

#include <string.h>

/* For flash. Records begin at a multiple of 4: the compiler is told, and what reads one is put
   where it is called, so that only the members that are used are loaded. A freestanding compiler
   does not know memcpy and memcmp unless they are called by their built-in names. */
#if defined(__GNUC__) && !defined(__FRAMAC__) && defined(XML_SMALL)
#define XML_ALIGNED(at) __builtin_assume_aligned(at, 4)
#define XML_IN_PLACE    inline __attribute__((always_inline))
#define XML_CALLED      __attribute__((noinline, unused))
#undef memcpy
#undef memcmp
#define memcpy __builtin_memcpy
#define memcmp __builtin_memcmp
#else
#define XML_ALIGNED(at) (at)
#define XML_IN_PLACE    inline
#define XML_CALLED      inline
#endif

/* What the parts share with each other alone. core/xml_whole.c makes one unit of them, so that
   the compiler can see through the calls; each also stands by itself. */
#ifndef XML_SHARED
#define XML_SHARED
#endif
#ifndef XML_MACHINE
#define XML_MACHINE
#endif

/* What is seldom done stands apart from what calls it for nearly every name and value. */
#if defined(__GNUC__) && !defined(XML_SMALL)
#define XML_SELDOM __attribute__((noinline, cold))
#else
#define XML_SELDOM
#endif

/* What would make the short way of its caller longer. */
#if defined(__GNUC__) && !defined(XML_SMALL)
#define XML_APART __attribute__((noinline))
#else
#define XML_APART
#endif
#ifdef XML_WHOLE
#define XML_SHARED_APART static XML_APART
#else
#define XML_SHARED_APART
#endif

/* What is worth its room in each place. */
#if defined(__GNUC__) && !defined(XML_SMALL)
#define XML_ALWAYS inline __attribute__((always_inline))
#else
#define XML_ALWAYS inline
#endif

/* What Frama-C is to know of the loops from record to record, in terms of spec/proof/records.h;
   for all but the proofs that include it, nothing. */
#ifndef XML_PROVED
#define XML_PROVED(...) (0 == 0)
#define XML_LINKED      \empty
#define XML_NAMED       \empty
#define XML_CLEAN       \empty
#endif

/* tests/unit/xml_cost.c counts the places that are looked at. */
#ifdef XML_COUNTED
extern uint64_t xml_places;
#define XML_COUNT() (xml_places++)
#else
#define XML_COUNT() ((void)0)
#endif

/* Places. The stack of records has virtual offsets: below PARLEY_ROOT_SIZE they
   lie in x->root, from there on in the caller's block. For flash of 32 bits a place is the
   record's address, so that nothing has to be looked up; not where the machine is one of several,
   which take the same places. XML_RANK brings places into their order: the parked root, which
   begins at XML_ROOT, and then the block, from XML_BASE on. XML_NOWHERE is no place. */
#if defined(XML_SMALL) && !defined(XML_MACHINE_ONLY) && UINTPTR_MAX == UINT32_MAX
#define XML_ADDRESSES
#define XML_NOWHERE        0u
#define XML_ROOT(x)        ((uint32_t)(uintptr_t)(x)->root)
#define XML_BASE(x)        ((uint32_t)(uintptr_t)(x)->memory)
#define XML_RANK(x, place) ((place)-XML_ROOT(x)) /* modulo 2^32: what is below comes last */
#else
#define XML_NOWHERE        UINT32_MAX
#define XML_ROOT(x)        0u
#define XML_BASE(x)        PARLEY_ROOT_SIZE
#define XML_RANK(x, place) (place)
#endif

/* Namespaces that no declaration in scope stands for. No record lies at these offsets. */
#define XML_SPACE_NONE 0u
#define XML_SPACE_XML  1u

/* What one action adds to the stack at most; so much is kept free, and an action that
   leaves less of it free is the last one. */
#define XML_RESERVE 32u

/* What xml_copy may write past what it keeps. */
#define XML_COPIED_OVER 32u

/* What xml_is may read from a name on: no more than is kept free behind it. */
#define XML_NAME_READ 16

/* Bytes from an offset to another. For flash of 32 bits, which is enough unless an element of over
   4 GiB, whose limit was 0, is given one at last. */
#ifdef XML_SMALL
typedef uint32_t xml_count;
#else
typedef uint64_t xml_count;
#endif

/* Kinds of run, one bit each in parley_xml_kinds. */
#define XML_NAME          1u
#define XML_DOUBLE_QUOTED 2u
#define XML_SINGLE_QUOTED 4u
#define XML_TEXT          8u
#define XML_CDATA         16u
#define XML_WHITE         32u
#define XML_NAME_START    64u

/* xml.mode */
enum { XML_STREAM, XML_TREE, XML_SKIP };

/* xml.handed */
enum { XML_NOT_HANDED, XML_HANDED, XML_REFUSED };

/* The first word of a record of content, its head. Text: its length << 2. An element: the
   number of its attributes << 16. And these: */
#define XML_IS_TEXT 1u
#define XML_IS_LAST 2u /* the last record of its parent's content */
#define XML_CONTENT 4u /* an element with content, which goes up to `link` */

/* Text: its head, its bytes; if it is the last of its parent's content, the parent's place.
   An element: this, its QName, its attributes; in a tree, its content. */
typedef struct xml_element {
    uint32_t head;
    uint32_t link;       /* the element around it; but in a tree, once it is closed and unless it
                       is the last of its parent's content, its end */
    uint32_t space;      /* the declaration of its namespace, or XML_SPACE_* */
    uint16_t name_len;   /* of the QName */
    uint16_t prefix_len; /* 0: no prefix */
} xml_element;

/* An attribute: this, its QName, its value. */
typedef struct xml_attribute {
    uint32_t space; /* of a declaration: the one before it in scope; where there is no prefix, of
                       no meaning (parley_xml_is_repeated), but XML_SPACE_NONE in XML_SMALL */
    uint32_t value; /* its length << 1, and 1 for a declaration */
    uint16_t name_len;
    uint16_t prefix_len;
} xml_attribute;

#ifdef XML_ADDRESSES
static inline unsigned char *parley_xml_at(const parley_xml *x, uint32_t place)
{
    (void)x;
    XML_COUNT();
    return (unsigned char *)(uintptr_t)place;
}

#define parley_xml_block_at parley_xml_at
#else
/* Where the record at an offset is. */
static inline unsigned char *parley_xml_at(const parley_xml *x, uint32_t offset)
{
    XML_COUNT();
    if (offset < PARLEY_ROOT_SIZE) {
        return (unsigned char *)x->root + offset;
    }
    return x->memory + (offset - PARLEY_ROOT_SIZE);
}

/* The same for what is not the parked root: a start tag under way, the top. */
static inline unsigned char *parley_xml_block_at(const parley_xml *x, uint32_t offset)
{
    XML_COUNT();
    return x->memory + (offset - PARLEY_ROOT_SIZE);
}

#endif

static XML_IN_PLACE xml_element parley_xml_get_element(const parley_xml *x, uint32_t at)
{
    xml_element element;

    memcpy(&element, XML_ALIGNED(parley_xml_at(x, at)), sizeof element);
    return element;
}

static inline void parley_xml_put_element(parley_xml *x, uint32_t at, const xml_element *element)
{
    memcpy(XML_ALIGNED(parley_xml_at(x, at)), element, sizeof *element);
}

static XML_IN_PLACE xml_attribute parley_xml_get_attribute(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute;

    memcpy(&attribute, XML_ALIGNED(parley_xml_at(x, at)), sizeof attribute);
    return attribute;
}

static XML_IN_PLACE void parley_xml_put_attribute(parley_xml *x, uint32_t at,
                                                  const xml_attribute *attribute)
{
    memcpy(XML_ALIGNED(parley_xml_at(x, at)), attribute, sizeof *attribute);
}

static inline uint32_t parley_xml_get_head(const parley_xml *x, uint32_t at)
{
    uint32_t head;

    memcpy(&head, XML_ALIGNED(parley_xml_at(x, at)), sizeof head);
    return head;
}

static inline void parley_xml_put_head(parley_xml *x, uint32_t at, uint32_t head)
{
    memcpy(XML_ALIGNED(parley_xml_at(x, at)), &head, sizeof head);
}

/* Of an element alone. */
static inline void parley_xml_put_link(parley_xml *x, uint32_t at, uint32_t link)
{
    memcpy(XML_ALIGNED(parley_xml_at(x, at) + offsetof(xml_element, link)), &link, sizeof link);
}

static inline void parley_xml_put_space(parley_xml *x, uint32_t at, uint32_t space)
{
    memcpy(XML_ALIGNED(parley_xml_at(x, at) + offsetof(xml_element, space)), &space, sizeof space);
}

/* Of an attribute alone. */
static inline void parley_xml_put_name_space(parley_xml *x, uint32_t at, uint32_t space)
{
    memcpy(XML_ALIGNED(parley_xml_at(x, at)), &space, sizeof space);
}

static inline uint32_t parley_xml_round(uint32_t offset)
{
    return (offset + 3u) / 4 * 4;
}

/* Where the attributes of an element begin, and what comes after an attribute. */
static XML_IN_PLACE uint32_t parley_xml_first_attribute(uint32_t at, const xml_element *element)
{
    return parley_xml_round(at + (uint32_t)sizeof *element + element->name_len);
}

static XML_IN_PLACE uint32_t parley_xml_next_attribute(const parley_xml *x, uint32_t at,
                                                       const xml_attribute *attribute)
{
    (void)x;
    return parley_xml_round(at + (uint32_t)sizeof *attribute + attribute->name_len +
                            (attribute->value >> 1));
}

#ifdef XML_SMALL
/* By a call, for which the record is read again. */
XML_CALLED static uint32_t parley_xml_attribute_behind(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute = parley_xml_get_attribute(x, at);

    return parley_xml_next_attribute(x, at, &attribute);
}

#define parley_xml_next_attribute(x, at, attribute) \
    ((void)(attribute), parley_xml_attribute_behind(x, at))
#endif

/* Where the attributes of an element end. */
static inline uint32_t parley_xml_attributes_end(const parley_xml *x, uint32_t at)
{
    xml_element element = parley_xml_get_element(x, at);
    uint32_t count = element.head >> 16;

    at = parley_xml_first_attribute(at, &element);
    /*@ loop invariant XML_PROVED(left(at) == count);
        loop invariant XML_PROVED((count > 0 ? stop(at) : at) == \at(stop(first(at)), Pre));
        loop assigns at, count;
        loop variant count; */
    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        at = parley_xml_next_attribute(x, at, &attribute);
    }
    return at;
}

/* xml_store.c */
/* Bytes that one action may add: at least one, and one more than leave the reserve whole. */
XML_SHARED size_t parley_xml_room(const parley_xml *x);
XML_SHARED bool parley_xml_is_short(const parley_xml *x);
/* Bytes that can be added, and the reserve stays whole. */
XML_SHARED size_t parley_xml_spare(const parley_xml *x);
/* Adds bytes; there is room for them. Stops the machine if the memory is short then. */
XML_SHARED void parley_xml_append(parley_xml *x, const void *data, size_t len);
/* Takes room for a record and returns its place; does not stop the machine. */
XML_SHARED uint32_t parley_xml_reserve(parley_xml *x, uint32_t len);
XML_SHARED void parley_xml_align(parley_xml *x);
/* Moves an element to `to`, with its declarations but without its other attributes;
   returns its new end. The declarations have to be resolved again. */
XML_SHARED uint32_t parley_xml_move_element(parley_xml *x, uint32_t at, uint32_t to);
/* Bytes of what that keeps. */
XML_SHARED uint32_t parley_xml_kept_size(const parley_xml *x, uint32_t at);
/* Leaves only the open elements from x->limited on, and an unfinished start tag. */
XML_SHARED void parley_xml_compact(parley_xml *x);

/* xml_namespace.c: Namespaces in XML 1.0. */
/* Whether a declaration is one that section 3 allows. */
XML_SHARED bool parley_xml_declaration_allowed(const parley_xml *x, uint32_t at);
/* Takes the element's declarations into scope and resolves its names. False: a prefix
   is unbound, or two attributes have the same expanded name, or (and this sets the error)
   too many declarations are in scope. */
XML_SHARED bool parley_xml_resolve(parley_xml *x, uint32_t at);
#ifndef XML_SMALL
/* The same for a start tag that came whole, at `at`; `declaration` is its only one, or XML_NOWHERE,
   and has_prefixes tells whether attributes have. False: it has errors; nothing has changed. */
XML_SHARED bool parley_xml_resolve_run(parley_xml *x, uint32_t at, uint32_t declaration,
                                       bool has_prefixes);
#endif
/* The place of the default namespace's declaration, or XML_SPACE_NONE. */
XML_SHARED uint32_t parley_xml_default_space(const parley_xml *x);

/* The name of a namespace, by its place (core/element.c). */
parley_string parley_xml_space_name(const parley_xml *x, uint32_t space);
/* Takes the declarations at and after `at` out of scope. */
XML_SHARED void parley_xml_leave_scope(parley_xml *x, uint32_t at);

/* xml_run.c: the runs, and the only place where the machine's p is moved. Each returns
   the last byte that it took, or the one that it refuses, having set the error. */
XML_SHARED const unsigned char *parley_xml_name_first(parley_xml *x, const unsigned char *p,
                                                      const unsigned char *pe);
XML_SHARED const unsigned char *parley_xml_name_run(parley_xml *x, const unsigned char *p,
                                                    const unsigned char *pe);
XML_SHARED const unsigned char *parley_xml_value_run(parley_xml *x, const unsigned char *p,
                                                     const unsigned char *pe, unsigned kind);
XML_SHARED const unsigned char *parley_xml_text_run(parley_xml *x, const unsigned char *p,
                                                    const unsigned char *pe, unsigned kind);
#ifndef XML_SMALL
/* The same, where p..from are known to be of the run; from < pe. */
XML_SHARED const unsigned char *parley_xml_text_run_from(parley_xml *x, const unsigned char *p,
                                                         const unsigned char *from,
                                                         const unsigned char *pe, unsigned kind);
#endif
XML_SHARED const unsigned char *parley_xml_end_start(parley_xml *x, const unsigned char *p,
                                                     const unsigned char *pe);
XML_SHARED const unsigned char *parley_xml_end_run(parley_xml *x, const unsigned char *p,
                                                   const unsigned char *pe);
/* How many of the bytes are white space. */
XML_SHARED size_t parley_xml_white(const unsigned char *data, size_t len);
/* Takes a byte of 0x80 or over. False: it cannot stand here. */
XML_SHARED bool parley_xml_utf8_step(parley_xml *x, unsigned char byte);

/* xml_text.c: text and references. */
XML_SHARED void parley_xml_markup(parley_xml *x);
XML_SHARED void parley_xml_reference(parley_xml *x);
XML_SHARED void parley_xml_digit(parley_xml *x, uint32_t base, unsigned char digit);
/* Text that is not of the input as it stands: `brackets` times ']', then the byte. */
XML_SHARED void parley_xml_text_held(parley_xml *x, size_t brackets, unsigned char byte);
XML_SHARED void parley_xml_text_character(parley_xml *x);
/* Text for the tree or the caller. */
XML_SHARED void parley_xml_text_open(parley_xml *x);
XML_SHARED void parley_xml_text_add(parley_xml *x, const void *data, size_t len);
XML_SHARED void parley_xml_text_close(parley_xml *x);
/* Whether the reference is to a character of XML (2); otherwise it is an error. */
XML_SHARED bool parley_xml_is_character(parley_xml *x);
/* The character of the reference in UTF-8; returns its length. */
XML_SHARED size_t parley_xml_encode(uint32_t character, unsigned char out[4]);

/* xml_tag.c: tags. */
/* An element begins at the place `tag`, its '<' at the offset `from`: limits count from here. */
XML_SHARED void parley_xml_begin_element(parley_xml *x, uint32_t tag, xml_count from);
/* A tag and an attribute, whose name begins at p: runs over it as parley_xml_name_first does. */
XML_SHARED const unsigned char *parley_xml_element_start(parley_xml *x, const unsigned char *p,
                                                         const unsigned char *pe);
XML_SHARED const unsigned char *parley_xml_attribute_start(parley_xml *x, const unsigned char *p,
                                                           const unsigned char *pe);
/* Whether one of the attributes from `first` on has the QName of that at `at` (XML 3.1). It comes
   among them: each is to be asked about in turn, with a `space` of 0. In XML_SMALL with another
   `space` the same of expanded names. */
XML_SHARED bool parley_xml_is_repeated(parley_xml *x, uint32_t first, uint32_t at);
XML_SHARED void parley_xml_name_colon(parley_xml *x);
XML_SHARED void parley_xml_attribute_name_end(parley_xml *x);
/* Whether the value of the attribute under way is stored. */
XML_SHARED bool parley_xml_keeps_value(const parley_xml *x);
/* Drops the value under way and those to come, of a start tag that is too large. */
XML_SHARED void parley_xml_cut_tag(parley_xml *x);
#ifdef XML_SMALL
#define parley_xml_value_byte(x, byte) parley_xml_text_held(x, 0, byte)
#define parley_xml_value_character     parley_xml_text_character
#else
XML_SHARED void parley_xml_value_byte(parley_xml *x, unsigned char byte);
XML_SHARED void parley_xml_value_character(parley_xml *x);
#endif
XML_SHARED void parley_xml_value_end(parley_xml *x);
XML_SHARED void parley_xml_start_tag(parley_xml *x);
XML_SHARED void parley_xml_empty_tag(parley_xml *x);
XML_SHARED void parley_xml_end_name_end(parley_xml *x);
XML_SHARED void parley_xml_end_tag(parley_xml *x);
/* The element at x->tag, whose start tag has ended, is open: START, or on to its content. */
XML_SHARED void parley_xml_open(parley_xml *x);
/* The innermost open element ends: gives END or ELEMENT, or puts it into its tree. */
XML_SHARED void parley_xml_close(parley_xml *x);

#ifndef XML_SMALL
/* xml_content.c: takes what comes whole of content, from the machine's state of text on and back
   to it; p < pe. Returns the next byte, which is the machine's unless x->stop is set. */
XML_SHARED const unsigned char *parley_xml_content(parley_xml *x, const unsigned char *p,
                                                   const unsigned char *pe);
#endif

#ifndef XML_SMALL
/* xml_read.c: gives the token of what came whole before p to the handler, and lets it go; another
   may be due then, for which x->stop is set. False: there is no handler, it wants no more, or
   there is more to look at; the machine is to be left, as x->stop tells. */
XML_SHARED bool parley_xml_hand_over(parley_xml *x, const unsigned char *p);
#endif

/* What the last token was valid for is over. */
static XML_ALWAYS void parley_xml_release(parley_xml *x)
{
    if (x->release != XML_NOWHERE) {
        x->top = x->release == XML_ROOT(x) ? XML_BASE(x) : x->release;
        x->release = XML_NOWHERE;
    }
    x->token = PARLEY_XML_MORE;
    x->element = XML_NOWHERE;
    x->text.data = NULL;
    x->text.len = 0;
    x->stop = false;
}

#ifndef XML_MACHINE_ONLY
/* xml_push.c: parley_xml_push. */
XML_SHARED_APART size_t parley_xml_take(parley_xml *x, const void *data, size_t len,
                                        parley_xml_token *token);
#ifndef XML_SMALL
/* The same for a byte or none. False: there is more to it than a token of text that is over and a
   byte that goes on with the run that the one before was of; then the byte is not taken, and such a
   token may have been let go, as parley_xml_take would. */
XML_SHARED bool parley_xml_take_byte(parley_xml *x, const void *data, size_t len,
                                     parley_xml_token *token);
#endif
#endif

/* xml_avx2.c: the same. */
size_t parley_xml_push_avx2(parley_xml *x, const void *data, size_t len, parley_xml_token *token);

/* xml_stop.c */
/* The first error sticks, and stops the machine. */
XML_SHARED void parley_xml_fail(parley_xml *x, parley_code code);
/* The machine has no transition on this byte. */
XML_SHARED void parley_xml_refuse(parley_xml *x, const unsigned char *p);
/* Bytes that make the name of an entity, a target, an encoding another one. */
XML_SHARED void parley_xml_other_name(parley_xml *x, unsigned char byte, unsigned kinds,
                                      unsigned char also);
XML_SHARED void parley_xml_other_encoding(parley_xml *x, unsigned char byte, bool first);
XML_SHARED void parley_xml_give(parley_xml *x, parley_xml_token token, uint32_t element);

/* machines/xml.rl */
XML_MACHINE void parley_xml_machine_begin(parley_xml *x);
XML_MACHINE void parley_xml_machine_epilog(parley_xml *x);
/* Runs over p..pe until something stops it. Returns where it stopped: the next byte, or
   on an error the byte that raised it. */
XML_MACHINE const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                                    const unsigned char *pe);

/* Whether a byte is of one of the kinds: none of 0x80 and over is. For flash the machine has them
   by class of bytes. */
#ifdef XML_SMALL
#define XML_IS(byte, kinds) parley_xml_is(byte, kinds)
XML_MACHINE bool parley_xml_is(unsigned char byte, unsigned kinds);
#else
extern const unsigned char parley_xml_kinds[256];
#define XML_IS(byte, kinds) ((byte) < 0x80 && (parley_xml_kinds[byte] & (kinds)) != 0)
#endif

#endif

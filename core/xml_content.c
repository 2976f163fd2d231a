/* Content that comes whole: text, start tags and end tags in one step each, where the machine
   (spec/xml.rl) would go from its state `text` through others and back to it.

   A tag is taken here only if it lies in [p, pe) with its '>' and has nothing in it but names and
   values of ASCII, white space between attributes and none around '=', and if it fits the memory.
   Otherwise it has changed nothing but bytes beyond the top of the stack, and the machine takes
   the tag as it comes: every error is raised there, and every limit found to be reached. Behind a
   tag it stops, for its token or as it is in a tree (core/xml_tag.c), and this goes on; of what is
   skipped the machine takes all.

   A start tag is copied while it is looked at. The room is seen to first: a tag of n bytes needs
   WHOLE_ROOM(n) at most. What is copied of a block beyond a run is overwritten by what follows.
   Where blocks are looked at and many bytes are left, nothing but the beginning of a block is
   compared with their end: what is looked at behind a run lies before the end too. Near the end,
   and where eight bytes are looked at, the same code compares each. */
#include "xml_internal.h"
#include "xml_skip.h"

#include <stddef.h>
#include <string.h>

#include "characters.h"
#include "names.h"

#ifndef XML_SMALL

/* An element of one letter takes 20 bytes; an attribute of five (" a=''") 16; a block behind. */
#define WHOLE_ROOM(n) (4 * (size_t)(n) + 56)

#ifdef XML_BLOCK
#define XML_LOOKS_AT_BLOCKS
#else
#define XML_BLOCK(kind) 8u
#endif

/* Bytes that are looked at behind a run without a comparison. */
#define BEHIND 4

/* The bytes left of the tag, and where what is made of them goes. */
typedef struct whole {
    const unsigned char *p;
    const unsigned char *pe;
    const unsigned char *safe; /* up to which p can begin a block, with BEHIND bytes behind it */
    unsigned char *to;
    unsigned char *first;       /* attribute */
    unsigned char *declaration; /* of the default namespace, or NULL */
    uint64_t names;             /* a bit for each attribute's: two with one bit may be the same */
    uint32_t count;             /* of attributes */
    size_t most_name;           /* bytes of a QName */
    bool has_prefixes;          /* of attributes, to be looked up */
} whole;

static XML_ALWAYS bool is_kind(unsigned char byte, unsigned kind)
{
    return (parley_xml_kinds[byte] & kind) != 0;
}

static inline uint32_t place_of(const parley_xml *x, const unsigned char *at)
{
    return PARLEY_ROOT_SIZE + (uint32_t)(at - x->memory);
}

/* For Frama-C (spec/proof/placed.h) it is another: the same in its last two bits. */
#ifndef XML_NUMBER
#define XML_NUMBER(at) ((uintptr_t)(at))
#endif

/* The memory begins at a multiple of 4. */
static XML_ALWAYS unsigned char *round_up(unsigned char *to)
{
    return to + (-XML_NUMBER(to) & 3);
}

/* Whether `count` bytes can be read. */
static XML_ALWAYS bool has(const whole *w, bool near, ptrdiff_t count)
{
    return !near || w->pe - w->p >= count;
}

/* Copies the run of the kind. False: there is no byte behind it. */
static XML_ALWAYS bool take_run(whole *w, bool near, unsigned kind)
{
#ifdef XML_LOOKS_AT_BLOCKS
    while (w->p <= w->safe) {
        xml_mask ends = xml_look_and_copy(w->to, w->p, kind);
        if (ends != 0) {
            unsigned len = xml_first(ends);
            w->p += len;
            w->to += len;
            return true;
        }
        w->p += XML_BLOCK(kind);
        w->to += XML_BLOCK(kind);
    }
#else
    while (kind != XML_NAME && w->p <= w->safe) {
        uint64_t special = xml_special(xml_eight(w->p), kind);
        unsigned len = special != 0 ? xml_before(special) : 8;
        memcpy(w->to, w->p, 8);
        w->p += len;
        w->to += len;
        if (special != 0) {
            return true;
        }
    }
#endif
    if (!near) {
        return false;
    }
    while (w->p < w->pe && is_kind(*w->p, kind)) {
        *w->to++ = *w->p++;
    }
    return w->p < w->pe;
}

/* A QName that begins at w->p, and is followed by a byte. Returns its length, 0: this is none. */
static XML_ALWAYS size_t take_name(whole *w, bool near, size_t *prefix_len)
{
    const unsigned char *begin = w->p;

    if (!take_run(w, near, XML_NAME)) {
        return 0;
    }
    *prefix_len = 0;
    if (*w->p == ':') {
        *prefix_len = (size_t)(w->p - begin);
        if (!has(w, near, 2) || !is_kind(w->p[1], XML_NAME_START)) {
            return 0;
        }
        *w->to++ = *w->p++;
        if (!take_run(w, near, XML_NAME)) {
            return 0;
        }
    }
    return (size_t)(w->p - begin) <= w->most_name ? (size_t)(w->p - begin) : 0;
}

/* A quoted value with what stands before it. */
static XML_ALWAYS bool take_value(whole *w, bool near, uint32_t *len)
{
    const unsigned char *begin = w->p + 2;
    unsigned char quote;
    bool taken = false;

    if (!has(w, near, 3) || *w->p != '=') {
        return false;
    }
    quote = w->p[1];
    w->p = begin;
    if (quote == '\'') {
        taken = take_run(w, near, XML_SINGLE_QUOTED);
    } else if (quote == '"') {
        taken = take_run(w, near, XML_DOUBLE_QUOTED);
    }
    *len = (uint32_t)(w->p - begin);
    return taken && *w->p++ == quote;
}

/* What an attribute's name that begins with x means: OTHER is a declaration that the machine has to
   look at; the prefix xml is always bound. */
enum meaning { ORDINARY, DEFAULT_NAMESPACE, PREFIX_XML, OTHER };

static XML_ALWAYS enum meaning meaning_of(const unsigned char *name, size_t len, size_t prefix_len)
{
    size_t first = prefix_len > 0 ? prefix_len : len;

    if (first == 5 && memcmp(name, "xmln", 4) == 0 && name[4] == 's') {
        return prefix_len == 0 ? DEFAULT_NAMESPACE : OTHER;
    }
    return prefix_len == 3 && name[1] == 'm' && name[2] == 'l' ? PREFIX_XML : ORDINARY;
}

/* Lengths of the two names that a default namespace cannot have. */
static XML_ALWAYS bool can_be_default(uint32_t len)
{
    return len != sizeof PARLEY_NS_XML - 1 && len != sizeof PARLEY_NS_XMLNS - 1;
}

/* As many are compared one by one, sooner than they are made a tree. */
#define FEW 8

static bool is_among_few(const parley_xml *x, uint32_t first, uint32_t at)
{
    xml_attribute last = parley_xml_get_attribute(x, at);
    const unsigned char *name = parley_xml_at(x, at) + sizeof last;

    while (first < at) {
        xml_attribute attribute = parley_xml_get_attribute(x, first);
        if (attribute.name_len == last.name_len &&
            memcmp(parley_xml_at(x, first) + sizeof attribute, name, last.name_len) == 0) {
            return true;
        }
        first = parley_xml_next_attribute(x, first, &attribute);
    }
    return false;
}

/* Whether the attribute at `at`, the count'th, has the QName of one from `first` on. *next is the
   first whose name is not in the tree yet; 0: none is. */
XML_APART static bool is_same(parley_xml *x, uint32_t *next, uint32_t count, uint32_t first,
                              uint32_t at)
{
    bool same = false;

    if (count <= FEW) {
        return is_among_few(x, first, at);
    }
    *next = *next > 0 ? *next : first;
    while (!same && *next <= at) {
        xml_attribute attribute = parley_xml_get_attribute(x, *next);
        attribute.space = XML_SPACE_NONE; /* also where it is XML_SPACE_XML */
        parley_xml_put_attribute(x, *next, &attribute);
        same = parley_xml_is_repeated(x, first, *next);
        *next = parley_xml_next_attribute(x, *next, &attribute);
    }
    return same;
}

/* Whether a name may be one of those before it. */
static XML_ALWAYS bool may_be_same(whole *w, const unsigned char *name, size_t len)
{
    uint64_t bit = (uint64_t)1 << ((name[0] + name[len - 1] + (uint32_t)len * 8u) & 63u);
    bool may_be = (w->names & bit) != 0;

    w->names |= bit;
    return may_be;
}

/* An attribute; w->p stands on its name. */
static XML_ALWAYS bool take_attribute(parley_xml *x, whole *w, uint32_t *next, bool near)
{
    unsigned char *at = w->to;
    unsigned char *name = at + sizeof(xml_attribute);
    uint32_t space = XML_SPACE_NONE;
    uint32_t declares = 0;
    uint32_t value_len = 0;
    size_t prefix_len = 0;
    size_t name_len;
    bool may_be;

    w->count++;
    w->to = name;
    name_len = take_name(w, near, &prefix_len);
    if (name_len == 0 || !take_value(w, near, &value_len)) {
        return false;
    }
    if (name[0] == 'x') {
        enum meaning meaning = meaning_of(name, name_len, prefix_len);
        if (meaning == DEFAULT_NAMESPACE && can_be_default(value_len)) {
            declares = 1;
            w->declaration = at;
        } else if (meaning == PREFIX_XML) {
            space = XML_SPACE_XML;
        } else if (meaning != ORDINARY) {
            return false;
        }
    }
    may_be = may_be_same(w, name, name_len);
    if (prefix_len > 0 && space == XML_SPACE_NONE) {
        w->has_prefixes = true;
    }
    {
        xml_attribute attribute = {space, value_len << 1 | declares, (uint16_t)name_len,
                                   (uint16_t)prefix_len};
        memcpy(at, &attribute, sizeof attribute);
    }
    w->to = round_up(w->to);
    if (may_be) {
        w->has_prefixes = w->has_prefixes ||
                          w->count > FEW; /* is_same leaves them to be looked up */
        return !is_same(x, next, w->count, place_of(x, w->first), place_of(x, at));
    }
    return true;
}

/* White space. False: there is no byte behind it. */
static XML_ALWAYS bool take_white(whole *w, bool near)
{
    do {
        w->p++;
        if (near ? w->p == w->pe : w->p > w->safe) {
            return false;
        }
    } while (is_kind(*w->p, XML_WHITE));
    return true;
}

/* What comes between the element's name and the end of the tag. */
static XML_ALWAYS bool take_attributes(parley_xml *x, whole *w, uint32_t *next, bool near)
{
    while (has(w, near, 1) && is_kind(*w->p, XML_WHITE)) {
        if (!take_white(w, near)) {
            return false;
        }
        if (!is_kind(*w->p, XML_NAME_START)) {
            break;
        }
        if (!take_attribute(x, w, next, near)) {
            return false;
        }
    }
    return (has(w, near, 1) && *w->p == '>') || (has(w, near, 2) && *w->p == '/' && w->p[1] == '>');
}

/* The namespace of an element without a prefix, and the scope of its declaration, whose place is
   `declaration` or XML_NOWHERE. XML_NOWHERE: there are too many. */
static XML_ALWAYS uint32_t enter_scope(parley_xml *x, uint32_t declaration)
{
    if (declaration == XML_NOWHERE) {
        return parley_xml_default_space(x);
    }
    if (x->in_scope >= 2u * x->limits.attributes) {
        return XML_NOWHERE;
    }
    memcpy(parley_xml_block_at(x, declaration), &x->declarations, sizeof x->declarations);
    x->declarations = declaration;
    x->in_scope++;
    return declaration;
}

/* Everything but what the tag changes beside the stack and the scope. */
static XML_ALWAYS bool take_tag(parley_xml *x, whole *w, uint32_t *next, bool near)
{
    unsigned char *at = w->to;
    xml_element element = {0, x->open, XML_SPACE_NONE, 0, 0};
    uint32_t declaration;
    size_t prefix_len = 0;
    size_t name_len;

    w->to += sizeof element;
    name_len = take_name(w, near, &prefix_len);
    if (name_len == 0) {
        return false;
    }
    w->to = round_up(w->to);
    w->first = w->to;
    if (!take_attributes(x, w, next, near) || w->count > x->limits.attributes) {
        return false;
    }
    declaration = w->declaration != NULL ? place_of(x, w->declaration) : XML_NOWHERE;
    element.head = w->count << 16;
    element.name_len = (uint16_t)name_len;
    element.prefix_len = (uint16_t)prefix_len;
    if (prefix_len > 0 || w->has_prefixes) {
        memcpy(at, &element, sizeof element);
        return parley_xml_resolve_run(x, place_of(x, at), declaration, w->has_prefixes);
    }
    element.space = enter_scope(x, declaration);
    memcpy(at, &element, sizeof element);
    return element.space != XML_NOWHERE;
}

/* Keeps how far the memory may have been written, to be wiped. */
static XML_ALWAYS void raise(parley_xml *x, const unsigned char *to)
{
    uint32_t high = place_of(x, to) + XML_COPIED_OVER;

    if (high > x->high) {
        x->high = high;
    }
}

/* Returns the end of the tag, its '>' or "/>"; NULL: it is not taken, and `at_end` tells whether
   the end of the bytes was near. */
static XML_ALWAYS const unsigned char *take(parley_xml *x, const unsigned char *p,
                                            const unsigned char *pe, bool near, bool *at_end)
{
    const size_t behind = XML_BLOCK(XML_NAME) + (near ? 0 : BEHIND);
    whole w = {p,    pe,   (size_t)(pe - p) < behind ? p - 1 : pe - behind,
               NULL, NULL, NULL,
               0,    0,    x->limits.name,
               false};
    uint32_t next = 0;
    bool taken;

    w.to = parley_xml_block_at(x, x->top);
    taken = take_tag(x, &w, &next, near);
    raise(x, w.to);
    *at_end = w.p > w.safe;
    if (!taken) {
        return NULL;
    }
    x->top = place_of(x, w.to);
    return w.p;
}

#ifdef XML_LOOKS_AT_BLOCKS
XML_SELDOM static const unsigned char *take_near(parley_xml *x, const unsigned char *p,
                                                 const unsigned char *pe)
{
    bool at_end;

    return take(x, p, pe, true, &at_end);
}
#endif

static XML_ALWAYS const unsigned char *take_anywhere(parley_xml *x, const unsigned char *p,
                                                     const unsigned char *pe)
{
    bool at_end = true;
#ifdef XML_LOOKS_AT_BLOCKS
    const unsigned char *end = pe - p > 64 ? take(x, p, pe, false, &at_end) : NULL;

    return end == NULL && at_end ? take_near(x, p, pe) : end;
#else
    return take(x, p, pe, true, &at_end);
#endif
}

/* From behind the '<' of a start tag. Returns what comes behind it, or NULL. */
static XML_ALWAYS const unsigned char *start_tag(parley_xml *x, const unsigned char *p,
                                                 const unsigned char *pe)
{
    size_t room;
    uint32_t at;
    const unsigned char *end;

    if (!is_kind(*p, XML_NAME_START) || x->depth >= x->limits.depth) {
        return NULL;
    }
    parley_xml_text_close(x);
    room = parley_xml_spare(x);
    if (room < WHOLE_ROOM(3)) {
        return NULL;
    }
    if (WHOLE_ROOM(pe - p) > room) {
        pe = p + (room - WHOLE_ROOM(0)) / 4;
    }
    at = x->top;
    end = take_anywhere(x, p, pe);
    if (end == NULL) {
        return NULL;
    }
    parley_xml_begin_element(x, at, x->offset + (uint64_t)(p - x->chunk) - 1);
    parley_xml_open(x);
    if (*end == '>') {
        return end + 1;
    }
    if (x->mode == XML_STREAM) {
        x->end_due = true;
    } else {
        parley_xml_close(x);
    }
    return end + 2;
}

/* From behind the "</" of an end tag. The memory is not short, so XML_RESERVE bytes follow the
   top; a parked root's name lies in x->root, which has room for it. */
static XML_ALWAYS const unsigned char *end_tag(parley_xml *x, const unsigned char *p,
                                               const unsigned char *pe)
{
    const unsigned char *open = parley_xml_at(x, x->open);
    xml_element element;
    size_t len;

    memcpy(&element, open, sizeof element);
    len = element.name_len;
    if ((size_t)(pe - p) <= len || p[len] != '>' || !xml_is(p, pe, open + sizeof element, len)) {
        return NULL;
    }
    parley_xml_close(x);
    return p + len + 1;
}

/* Text. Returns what comes behind it, or on an error its byte. */
static XML_ALWAYS const unsigned char *text(parley_xml *x, const unsigned char *p,
                                            const unsigned char *pe)
{
    const unsigned char *end = p;

    if (x->mode == XML_STREAM) {
        end = xml_skip(p, pe, XML_TEXT);
        if (end < pe && *end >= 0x80 && x->utf8_left == 0) {
            end = xml_skip_text(end, pe);
        }
        if (end == pe || (end > p && *end < 0x80 && !is_kind(*end, XML_TEXT))) {
            parley_xml_text_add(x, p, (size_t)(end - p));
            x->run = end == pe ? XML_TEXT : 0;
            return end;
        }
    } else {
        size_t len = (size_t)(pe - p);
        size_t room;
        parley_xml_text_open(x);
        room = parley_xml_spare(x);
        len = xml_copy(parley_xml_block_at(x, x->top), p, len < room ? len : room, XML_TEXT);
        if (len > 0) {
            x->top += (uint32_t)len;
            raise(x, parley_xml_block_at(x, x->top));
            return p + len;
        }
    }
    p = parley_xml_text_run_from(x, p, end, pe, XML_TEXT);
    return x->error != PARLEY_NO_ERROR ? p : p + 1;
}

/* The number of a character, from behind "&#"; *end is set behind its ';'. 0: it is none that lies
   here whole, or one that the machine has to look at. */
static uint32_t number(const unsigned char *p, const unsigned char *pe, const unsigned char **end)
{
    uint32_t base = *p == 'x' ? 16 : 10;
    uint32_t character = 0;

    p += base == 16;
    while (p < pe && character <= 0x10FFFF) {
        unsigned char low = *p | 0x20;
        uint32_t digit = (uint32_t)*p - '0';
        if (digit > 9) {
            digit = low >= 'a' ? (uint32_t)low - 'a' + 10 : base;
        }
        if (digit >= base) {
            break;
        }
        character = character * base + digit;
        p++;
    }
    *end = p + 1;
    return p < pe && *p == ';' && parley_is_xml_character(character) ? character : 0;
}

/* From behind the '&' of a reference. Returns what comes behind it, or NULL. */
static XML_ALWAYS const unsigned char *reference(parley_xml *x, const unsigned char *p,
                                                 const unsigned char *pe)
{
    const unsigned char *end = p;
    uint32_t character = 0;

    if (pe - p < 5) {
        return NULL;
    }
    if (memcmp(p, "lt;", 3) == 0 || memcmp(p, "gt;", 3) == 0) {
        character = *p == 'l' ? '<' : '>';
        end = p + 3;
    } else if (memcmp(p, "amp;", 4) == 0) {
        character = '&';
        end = p + 4;
    } else if (memcmp(p, "quot;", 5) == 0 || memcmp(p, "apos;", 5) == 0) {
        character = *p == 'q' ? '"' : '\'';
        end = p + 5;
    } else if (*p == '#') {
        character = number(p + 1, pe, &end);
    }
    if (character == 0) {
        return NULL;
    }
    parley_xml_reference(x);
    x->character = character;
    parley_xml_text_character(x);
    return end;
}

/* It is called in one place, once a token. */
#if defined(XML_WHOLE) && defined(__GNUC__)
__attribute__((always_inline))
#endif
const unsigned char *
parley_xml_content(parley_xml *x, const unsigned char *p, const unsigned char *pe)
{
    if (x->mode == XML_SKIP) {
        return p;
    }
    do {
        const unsigned char *end;
        if (*p == '&') {
            end = reference(x, p + 1, pe);
        } else if (*p != '<') {
            if (*p < 0x80 && !is_kind(*p, XML_TEXT)) {
                return p;
            }
            end = text(x, p, pe);
        } else if (pe - p < 4) {
            return p;
        } else if (p[1] == '/') {
            end = end_tag(x, p + 2, pe);
        } else {
            end = start_tag(x, p + 1, pe);
        }
        if (end == NULL) {
            return p;
        }
        p = end;
        while (x->stop) {
            if (!parley_xml_hand_over(x, p)) {
                return p;
            }
        }
    } while (p < pe);
    return p;
}

#endif

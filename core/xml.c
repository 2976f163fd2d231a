/* The XML layer: what the machine and its helpers share, and the calls around them.

   A push runs the machine (spec/xml.rl) until something stops it: a token, the first error,
   short memory, the byte limit, or the end of the bytes. The machine reads every byte once.

   Who writes what
     offset, chunk          push: the offset of the next byte, the bytes at hand
     cs                     the machine, at its exit
     stop                   set by give, fail and append, and in a tree behind a tag: the machine
                            breaks off; cleared by push.
                            Between two calls, but in XML_SMALL: the next push has to look at
                            more than its bytes, as after a token and after the calls that
                            change what it goes by
     token, text, element   give, once a push
     error                  fail; the first sticks
     top, high, memory      xml_store.c; release (where to cut the stack before going on)
                            is set by close and obeyed by the next push
     open, tag, attribute,
     name, value, limited   xml_tag.c; offsets of records, XML_NOWHERE if there is none
     declarations, in_scope xml_namespace.c
     last, text_record      xml_text.c, xml_tag.c: content of the tree's innermost open element
     utf8*, bad             xml_run.c
     run                    xml_run.c: the kind of run that the last bytes ended in, or 0
     mode                   xml_tag.c; XML_SKIP by parley_xml_skip
     between                no part of markup, and no text but white space, since the last tag
     cut                    xml_tag.c: values of the start tag under way are no longer kept
     plain                  xml_tag.c, of the start tag under way: no name has a prefix but the
                            element's, and nothing is declared
     handler, context,      xml_read.c, while parley_xml_read runs; there offset is that of the
     handed                 token's end while the handler has it
     cpu                    parley_xml_set_cpu; which parley_xml_push runs
     elements, many         xml_tag.c: of x->limited; many: one more than the limit
     large                  LARGE was given and neither skip nor another push has followed

   Invariants, between two calls: x->top - soft end <= 0 unless `large`; x->open leads through
   `link` to the root; records from x->open on that are open have x->declarations in order;
   utf8_left > 0 only in the middle of a name, a value, text or CDATA. */
#include "xml_internal.h"

#include <string.h>

#include "apart.h"
#include "sasl.h"
#include "xml_session.h"

#ifndef XML_SMALL
const unsigned char parley_xml_kinds[sizeof parley_xml_kinds] = {
#define N       XML_NAME
#define D       XML_DOUBLE_QUOTED
#define S       XML_SINGLE_QUOTED
#define T       XML_TEXT
#define C       XML_CDATA
#define W       XML_WHITE
#define ANY     (D | S | T | C)
#define ANY_8   ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY
#define NAME    (N | ANY)
#define START   (XML_NAME_START | NAME)
#define NAME_8  NAME, NAME, NAME, NAME, NAME, NAME, NAME, NAME
#define START_8 START, START, START, START, START, START, START, START
    /* clang-format off */
    0, 0, 0, 0, 0, 0, 0, 0,   0, T | C | W, T | C | W, 0, 0, W, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0, 0,
    /* space to ' */
    ANY | W, ANY, S | T | C, ANY, ANY, ANY, C, D | T | C,
    /* ( to / */
    ANY, ANY, ANY, ANY, ANY, NAME, NAME, ANY,
    /* digits, : ; < = > ? */
    NAME_8, NAME, NAME, ANY, ANY, C, ANY, ANY, ANY,
    /* @ and letters; [ \ ] ^ _ */
    ANY, START, START, START, START, START, START, START, START_8,
    START_8, START, START, START, ANY, ANY, D | S, ANY, START,
    /* ` and letters; { | } ~ and DEL */
    ANY, START, START, START, START, START, START, START, START_8,
    START_8, START, START, START, ANY, ANY, ANY, ANY, ANY,
/* clang-format on */
#undef N
#undef D
#undef S
#undef T
#undef C
#undef W
};
#endif

/* The next push looks at more than its bytes. XML_SMALL always does. */
static inline void look_around(parley_xml *x)
{
#ifdef XML_SMALL
    (void)x;
#else
    x->stop = true;
#endif
}

static void begin(parley_xml *x)
{
    parley_xml_machine_begin(x);
    if (XML_NOWHERE != 0) { /* all is zero */
        x->release = XML_NOWHERE;
        x->element = XML_NOWHERE;
        x->open = XML_NOWHERE;
        x->limited = XML_NOWHERE;
        x->tag = XML_NOWHERE;
        x->attribute = XML_NOWHERE;
        x->last = XML_NOWHERE;
        x->text_record = XML_NOWHERE;
        x->declarations = XML_NOWHERE;
    }
    x->tree = PARLEY_XML_NO_TREE;
    x->top = XML_BASE(x);
    x->high = XML_BASE(x);
    x->between = true;
    look_around(x);
}

static bool fits(const void *memory, size_t len)
{
    /* 2^29: a value's length has 31 bits, and offsets do not wrap. */
    return (uintptr_t)memory % 4 == 0 && len >= PARLEY_XML_MEMORY(0) && len < 0x20000000;
}

void parley_xml_start(parley_xml *x, const void *limits, void *memory, size_t memory_len)
{
    memset(x, 0, sizeof *x);
    memcpy(&x->limits, limits, sizeof x->limits);
    x->memory = memory;
    x->memory_len = (uint32_t)(memory_len & ~(size_t)3);
    begin(x);
}

parley_result parley_xml_init(parley_xml *x, size_t size, const parley_limits *limits, void *memory,
                              size_t memory_len)
{
    if (x == NULL || size != sizeof *x || limits == NULL || memory == NULL ||
        !fits(memory, memory_len) || limits->depth == 0 || limits->attributes == 0 ||
        limits->name == 0) {
        return PARLEY_MISUSE;
    }
    parley_xml_start(x, limits, memory, memory_len);
    return PARLEY_OK;
}

/* How far the block may have been written. */
static uint32_t written(const parley_xml *x)
{
    uint32_t len = x->high - XML_BASE(x);

#ifndef XML_SMALL
    /* x->high counts what xml_copy may write over, also where it had no room to copy to. */
    len = len < x->memory_len ? len : x->memory_len;
#endif
    return len;
}

void parley_xml_wipe(parley_xml *x)
{
    if (x->memory != NULL) {
        parley_wipe(x->memory, written(x));
    }
    x->high = XML_BASE(x);
}

void parley_xml_restart(parley_xml *x)
{
    parley_xml_limits limits = x->limits;
    unsigned char *memory = x->memory;
    uint32_t memory_len = x->memory_len;
    uint16_t tree = x->tree;
    uint8_t cpu = x->cpu;

    parley_xml_wipe(x);
    parley_wipe(x, sizeof *x);
    x->limits = limits;
    x->memory = memory;
    x->memory_len = memory_len;
    begin(x);
    x->tree = tree;
    x->cpu = cpu;
}

parley_result parley_xml_memory(parley_xml *x, void *memory, size_t memory_len)
{
    if (!parley_xml_idle(x) || (memory != NULL && !fits(memory, memory_len))) {
        return PARLEY_MISUSE;
    }
    parley_xml_wipe(x);
    x->memory = memory;
    x->memory_len = memory != NULL ? (uint32_t)(memory_len & ~(size_t)3) : XML_RESERVE;
    x->top = XML_BASE(x);
    x->high = XML_BASE(x);
    x->release = XML_NOWHERE;
    x->element = XML_NOWHERE;
    look_around(x);
    return PARLEY_OK;
}

bool parley_xml_idle(const parley_xml *x)
{
    bool outside = x->depth == 0 || (x->depth == 1 && x->parked);

    return outside && x->between && x->mode == XML_STREAM && x->tag == XML_NOWHERE && !x->end_due &&
           !x->large && x->utf8_left == 0 && x->error == PARLEY_NO_ERROR;
}

void parley_xml_set_cpu(parley_xml *x, unsigned cpu)
{
    x->cpu = (uint8_t)cpu;
}

void parley_xml_set_limits(parley_xml *x, const parley_limits *limits)
{
    look_around(x);
    x->limits.element = limits->element;
    x->limits.depth = limits->depth;
    x->limits.attributes = limits->attributes;
    x->limits.name = limits->name;
    x->limits.elements = limits->elements;
}

void parley_xml_set_tree(parley_xml *x, uint16_t depth)
{
    x->tree = depth;
    /* Behind a parked root is no room for what is in it. */
    if (x->token == PARLEY_XML_START && x->depth == (unsigned)depth + 1 && x->mode == XML_STREAM &&
        x->open != XML_ROOT(x)) {
        x->limited = x->open;
        x->mode = XML_TREE;
        x->counted_from = x->tag_from;
        x->counting = true;
        x->elements = 1;
    }
    look_around(x);
}

size_t parley_xml_push(parley_xml *x, const void *data, size_t len, parley_xml_token *token)
{
#ifndef XML_SMALL
    if (len <= 1 && parley_xml_take_byte(x, data, len, token)) {
        return len;
    }
#endif
#ifdef XML_HAS_AVX2
    if ((x->cpu & PARLEY_CPU_AVX2) != 0) {
        return parley_xml_push_avx2(x, data, len, token);
    }
#endif
    return parley_xml_take(x, data, len, token);
}

parley_result parley_xml_finish(parley_xml *x)
{
    if (x->error != PARLEY_NO_ERROR) {
        return PARLEY_ILLEGAL;
    }
    return x->closed && x->between ? PARLEY_OK : PARLEY_MORE;
}

parley_element parley_xml_element(const parley_xml *x)
{
    parley_element element = {x->element == XML_NOWHERE ? NULL : x, x->element};

    return element;
}

parley_string parley_xml_text(const parley_xml *x)
{
    return x->text;
}

PARLEY_APART parley_result parley_xml_skip(parley_xml *x)
{
    if (!x->large) {
        return PARLEY_MISUSE;
    }
    if (x->tag != x->limited) {
        parley_xml_compact(x);
    } else {
        parley_xml_cut_tag(x);
    }
    if (parley_xml_is_short(x)) {
        return PARLEY_NO_ROOM;
    }
    x->mode = XML_SKIP;
    x->counting = false;
    x->large = false;
    x->many = false;
    return PARLEY_OK;
}

bool parley_xml_park_root(parley_xml *x)
{
    uint32_t root = XML_ROOT(x);

    if (parley_xml_kept_size(x, XML_BASE(x)) > PARLEY_ROOT_SIZE) {
        return false;
    }
    parley_xml_leave_scope(x, root);
    parley_xml_move_element(x, XML_BASE(x), root);
    x->open = root;
    x->element = root;
    x->parked = true;
    x->top = XML_BASE(x);
    parley_xml_resolve(x, root);
    return true;
}

parley_result parley_xml_park(parley_xml *x)
{
    if (x->token != PARLEY_XML_START || x->depth != 1 || x->parked || x->limited != XML_NOWHERE) {
        return PARLEY_MISUSE;
    }
    return parley_xml_park_root(x) ? PARLEY_OK : PARLEY_NO_ROOM;
}

size_t parley_xml_white_len(const void *data, size_t len)
{
    return parley_xml_white(data, len);
}

parley_string parley_xml_default_namespace(const parley_xml *x)
{
    return parley_xml_space_name(x, parley_xml_default_space(x));
}

unsigned parley_xml_depth(const parley_xml *x)
{
    return x->depth;
}

parley_code parley_xml_error(const parley_xml *x)
{
    return x->error;
}

parley_condition parley_xml_condition(const parley_xml *x)
{
    switch (x->error) {
    case PARLEY_NO_ERROR:
        return PARLEY_CONDITION_NONE;
    case PARLEY_ERROR_XML_RESTRICTED:
        return PARLEY_RESTRICTED_XML;
    case PARLEY_ERROR_XML_ENCODING:
        return PARLEY_UNSUPPORTED_ENCODING;
    case PARLEY_ERROR_XML_NOT_WELL_FORMED:
    case PARLEY_ERROR_XML_NAMESPACE: /* RFC 6120 11.3 rule 4 */
        return PARLEY_NOT_WELL_FORMED;
    default:
        return PARLEY_POLICY_VIOLATION;
    }
}

uint64_t parley_xml_offset(const parley_xml *x)
{
    return x->offset;
}

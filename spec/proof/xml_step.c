/* Eva: a call in any state of the tokenizer that the invariant allows; afterwards the invariant
   holds again. The call, PROOF_CALL: a push of any byte, where the push before gave no token
   (one_byte, one_byte_by_depth); around: a push of none after a token, a byte of the run before,
   and the calls that are no push; without_memory: these and a byte, where no memory is set; or
   from_nothing: what a document starts with.

   What is read of a record that decides where another one is, is a relation: the functions that
   go by it are taken for the contracts below, and a link leads to a place of a record. */
#define XML_WHOLE
#define XML_SHARED  static inline
#define XML_MACHINE static XML_ALWAYS
#include "xml_internal.h"

#include "__fc_builtin.h"
#include "bytes.h"
#include "xml_fast_proof.h"

#define BLOCK    160u
#define END      (PARLEY_ROOT_SIZE + BLOCK)
#define SOFT_END (END - XML_RESERVE)

static uint32_t memory[BLOCK / 4];
static uint32_t other_memory[BLOCK / 4];
static parley_xml x;

/* Places of records in the block: all that are aligned and have the reserve behind them. */
#define ANY_OF(array) array[Frama_C_interval(0, sizeof array / sizeof *array - 1)]
static uint32_t somewhere[(SOFT_END - PARLEY_ROOT_SIZE) / 4 + 1];
static uint32_t anywhere[(SOFT_END - PARLEY_ROOT_SIZE) / 4 + 2]; /* or XML_NOWHERE */
static uint32_t elements[(SOFT_END - PARLEY_ROOT_SIZE) / 4 + 3]; /* or 0, the parked root */
static uint32_t open[(SOFT_END - PARLEY_ROOT_SIZE) / 4 + 2];     /* of these, one that is */

static void fill(void)
{
    uint32_t i = 0;

    for (; i < sizeof somewhere / sizeof *somewhere; i++) {
        somewhere[i] = PARLEY_ROOT_SIZE + 4 * i;
        anywhere[i] = PARLEY_ROOT_SIZE + 4 * i;
        elements[i] = PARLEY_ROOT_SIZE + 4 * i;
        open[i] = PARLEY_ROOT_SIZE + 4 * i;
    }
    anywhere[i] = XML_NOWHERE;
    elements[i] = XML_NOWHERE;
    elements[i + 1] = 0;
    open[i] = 0;
}

static xml_element linked_element(const parley_xml *t, uint32_t at)
{
    xml_element element = parley_xml_get_element(t, at);

    element.link = ANY_OF(elements);
    return element;
}
#define parley_xml_get_element linked_element

/* Of records: any of their bytes. */
/* clang-format off */
#define WRITTEN(what) memory[0 .. BLOCK / 4 - 1], t->root[0 .. PARLEY_ROOT_SIZE / 4 - 1]
/* clang-format on */
#include "relations.h"

/*@ assigns memory[0 .. BLOCK / 4 - 1] \from t->top;
    assigns \result \from t->top;
    ensures \result == 0 || \result == 1; */
static bool is_repeated(parley_xml *t);

/*@ assigns memory[0 .. BLOCK / 4 - 1] \from first, at;
    assigns \result \from first, at;
    ensures \result == 0 || \result == 1; */
static inline bool parley_xml_is_repeated(parley_xml *t, uint32_t first, uint32_t at);

/* A lower limit may have been set. */
/*@ requires t->limited <= SOFT_END && t->error == PARLEY_NO_ERROR;
    assigns t->error, t->stop \from t->limits;
    ensures (t->error == \old(t->error) && t->stop == \old(t->stop)) ||
            (t->error == PARLEY_ERROR_XML_ATTRIBUTES && t->stop == 1);
    assigns memory[0 .. BLOCK / 4 - 1] \from t->open;
    assigns t->root[0 .. PARLEY_ROOT_SIZE / 4 - 1] \from t->open;
    assigns t->open, t->top, t->tag, t->name, t->value, t->attribute \from t->tag;
    assigns t->declarations, t->in_scope \from t->declarations;
    assigns t->text_record, t->last \from \nothing;
    ensures t->text_record == XML_NOWHERE && t->last == XML_NOWHERE;
    ensures PARLEY_ROOT_SIZE <= t->top <= END && PARLEY_ROOT_SIZE <= t->open <= SOFT_END;
    ensures \old(t->tag) == XML_NOWHERE ? t->tag == XML_NOWHERE
        : PARLEY_ROOT_SIZE <= t->tag <= SOFT_END && t->top > PARLEY_ROOT_SIZE + 16 &&
          PARLEY_ROOT_SIZE <= t->name <= SOFT_END + 16;
    ensures \old(t->value) == XML_NOWHERE ? t->value == XML_NOWHERE
        : PARLEY_ROOT_SIZE + 16 < t->value <= SOFT_END;
    ensures t->attribute == XML_NOWHERE || PARLEY_ROOT_SIZE <= t->attribute <= SOFT_END;
    ensures \old(t->attribute) == XML_NOWHERE ? t->attribute == XML_NOWHERE
        : PARLEY_ROOT_SIZE <= t->attribute <= SOFT_END; */
static inline void parley_xml_compact(parley_xml *t);

#define PARLEY_XML_MACHINE "xml_fast_proof.c"
#include "../../core/xml_whole.c"

#include "look_up.h"

#define X(bits) bits,
static const unsigned short phases[] = {PROOF_PHASES(X)};
#undef X

static const int states[] = {PROOF_STATES};
static const bool either[] = {false, true};
/* Whether the call may close an element, or depend on one: then x.depth and x.open go together. */
static bool by_depth;

/* What a place can be: bit 0, XML_NOWHERE; bit 1, a place. A flag: bit 0, false; bit 1, true. */
enum { TAG, ATTRIBUTE, VALUE, OPEN, CLOSED, BETWEEN };

static unsigned phase(int cs, unsigned place)
{
    return phases[cs] >> 2 * place & 3;
}

/* The kinds of run that a byte can go on with. */
static uint8_t runs(int cs)
{
    if (phase(cs, TAG) == 1) {
        return phase(cs, OPEN) == 2 ? XML_TEXT | XML_CDATA : 0;
    }
    return phase(cs, VALUE) == 2 ? XML_DOUBLE_QUOTED | XML_SINGLE_QUOTED : XML_NAME;
}

static bool is_epilog(int cs)
{
    return phase(cs, CLOSED) == 2;
}

/* Before the root nothing has been written, and nothing is under way. */
static void no_root(void)
{
    x.depth = 0;
    x.open = XML_NOWHERE;
    x.top = PARLEY_ROOT_SIZE;
    x.limited = XML_NOWHERE;
    x.last = XML_NOWHERE;
    x.text_record = XML_NOWHERE;
    x.release = XML_NOWHERE;
    x.token = PARLEY_XML_MORE;
    x.mode = XML_STREAM;
    x.utf8_left = 0;
    x.parked = false;
    x.counting = false;
    x.large = false;
    x.many = false;
}

static void any_limits(void)
{
    x.limits.element = (uint32_t)Frama_C_interval(0, 0x7fffffff);
    x.limits.depth = (uint16_t)Frama_C_interval(1, 65535);
    x.limits.attributes = (uint16_t)Frama_C_interval(1, 65535);
    x.limits.name = (uint16_t)Frama_C_interval(1, 65535);
    x.limits.elements = (uint16_t)Frama_C_interval(0, 65535);
}

/* `cs`: of which all states are alike. The push before gave no token. */
static void any_tokenizer(int cs)
{
    unsigned attribute = phase(cs, ATTRIBUTE);
    unsigned value = phase(cs, VALUE);
    unsigned root = phase(cs, OPEN);

    Frama_C_make_unknown((char *)&x, sizeof x);
    Frama_C_make_unknown((char *)memory, sizeof memory);
    x.memory = (unsigned char *)memory;
    x.memory_len = BLOCK;
    x.chunk = NULL;
    x.handler = NULL;
    x.handed = XML_NOT_HANDED;
    x.text = (parley_string){NULL, 0};
    x.error = PARLEY_NO_ERROR;
    any_limits();
    x.tag = phase(cs, TAG) == 1 ? XML_NOWHERE : ANY_OF(somewhere);
    x.depth = (uint16_t)Frama_C_interval(0, phase(cs, TAG) == 1 ? 65535 : 65534);
    x.top = (uint32_t)Frama_C_interval(PARLEY_ROOT_SIZE + (phase(cs, TAG) == 1 ? 0 : 17), SOFT_END);
    x.high = (uint32_t)Frama_C_interval(PARLEY_ROOT_SIZE, END + XML_RESERVE);
    x.attribute = attribute == 1   ? XML_NOWHERE
                  : attribute == 2 ? ANY_OF(somewhere)
                                   : ANY_OF(anywhere);
    x.value = value == 1   ? XML_NOWHERE
              : value == 2 ? (uint32_t)Frama_C_interval(PARLEY_ROOT_SIZE + 17, SOFT_END)
                           : ANY_OF(anywhere);
    x.open = root == 1 ? XML_NOWHERE : root == 2 ? ANY_OF(open) : ANY_OF(elements);
    x.name = (uint32_t)Frama_C_interval(PARLEY_ROOT_SIZE, SOFT_END + 16);
    x.limited = ANY_OF(anywhere);
    x.last = ANY_OF(anywhere);
    x.text_record = phase(cs, TAG) == 2 ? XML_NOWHERE : ANY_OF(anywhere);
    x.release = XML_NOWHERE;
    x.token = PARLEY_XML_MORE;
    x.mode = (uint8_t)Frama_C_interval(XML_STREAM, XML_SKIP);
    x.utf8_left = (uint8_t)Frama_C_interval(0, 3);
    x.run = 0;
    x.stop = false;
    x.bad = ANY_OF(either);
    x.name_is_new = ANY_OF(either);
    x.declaration = ANY_OF(either);
    x.plain = ANY_OF(either);
    x.cut = ANY_OF(either);
    x.end_due = false;
    x.parked = ANY_OF(either);
    x.closed = is_epilog(cs);
    x.between = phase(cs, BETWEEN) != 1 && ANY_OF(either);
    x.counting = ANY_OF(either);
    x.large = false;
    x.many = false;
}

static void check_place(uint32_t at, unsigned can)
{
    if (at == XML_NOWHERE) {
        //@ assert (can & 1) != 0;
    } else {
        //@ assert (can & 2) != 0 && PARLEY_ROOT_SIZE <= at <= SOFT_END;
    }
}

static void check_element(uint32_t at, unsigned can)
{
    if (at != 0) {
        check_place(at, can);
    }
}

/* Of a flag that is set. */
static void check_flag(unsigned can)
{
    //@ assert (can & 2) != 0;
}

static void check_no_root(void)
{
    //@ assert x.depth == 0 && x.open == XML_NOWHERE && x.top == PARLEY_ROOT_SIZE;
    //@ assert x.limited == XML_NOWHERE && x.last == XML_NOWHERE && x.text_record == XML_NOWHERE;
    //@ assert x.release == XML_NOWHERE && x.token == PARLEY_XML_MORE && x.mode == XML_STREAM;
    //@ assert x.utf8_left == 0 && !x.parked && !x.counting && !x.large && !x.many && !x.end_due;
}

/* What is true where no memory is set, and what keeps it from being written. */
static void check_no_memory(void)
{
    //@ assert x.memory_len == XML_RESERVE && x.top == PARLEY_ROOT_SIZE && x.mode == XML_STREAM;
    //@ assert x.tag == XML_NOWHERE && x.limited == XML_NOWHERE && x.release == XML_NOWHERE;
    //@ assert x.utf8_left == 0 && !x.large && !x.end_due;
    //@ assert x.closed || (x.between && (x.depth == 0 || (x.depth == 1 && x.open == 0)));
}

static void check_places(void)
{
    unsigned tag, value, root;

    tag = phase(x.cs, TAG);
    value = phase(x.cs, VALUE);
    root = phase(x.cs, OPEN);
    check_place(x.tag, tag);
    check_place(x.attribute, phase(x.cs, ATTRIBUTE));
    check_element(x.open, root);
    check_place(x.limited, 3);
    check_place(x.last, 3);
    check_place(x.text_record, 3);
    check_element(x.release, 3);
    if (value != 3) {
        check_place(x.value, value);
    }
    if (value == 2) {
        //@ assert x.value > PARLEY_ROOT_SIZE + 16;
    }
    if (tag == 2) {
        //@ assert PARLEY_ROOT_SIZE <= x.name <= SOFT_END + 16 && x.top > PARLEY_ROOT_SIZE + 16;
        //@ assert x.release == XML_NOWHERE && x.depth < 65535 && x.text_record == XML_NOWHERE;
        //@ assert x.token == PARLEY_XML_MORE || x.token == PARLEY_XML_LARGE;
    }
    if (x.end_due) {
        //@ assert root == 2 && !x.large && x.mode != XML_SKIP && x.run == 0;
        check_flag(phase(x.cs, BETWEEN));
        //@ assert x.last == XML_NOWHERE && x.text_record == XML_NOWHERE;
    }
    if (x.large) {
        //@ assert x.limited != XML_NOWHERE;
    }
}

static void check_flags(void)
{
    if (x.closed != is_epilog(x.cs)) {
        //@ assert \false;
    }
    if (x.closed && by_depth) {
        //@ assert x.depth == 0;
    }
    if (x.between) {
        check_flag(phase(x.cs, BETWEEN));
    }
    if (by_depth && x.depth == 0 && phase(x.cs, TAG) == 1 && !x.closed) {
        check_no_root();
    }
    if (x.memory == NULL) {
        check_no_memory();
    }
    if ((x.run & ~runs(x.cs)) != 0) {
        //@ assert \false;
    }
    if (!x.stop) {
        //@ assert x.top <= SOFT_END && x.token == PARLEY_XML_MORE && x.release == XML_NOWHERE;
        //@ assert !x.end_due && !x.large && !x.many;
    }
    //@ assert x.mode <= XML_SKIP && x.utf8_left <= 3;
}

/* What any_tokenizer takes for granted holds again. After an error nothing is left
   but to start over. */
static void check_tokenizer(void)
{
    const int count = (int)(sizeof phases / sizeof *phases);

    //@ assert PARLEY_ROOT_SIZE <= x.top <= END && PARLEY_ROOT_SIZE <= x.high <= END + XML_RESERVE;
    //@ assert x.memory_len == (x.memory == \null ? XML_RESERVE : BLOCK);
    if (x.error != PARLEY_NO_ERROR) {
        //@ assert x.stop == 1;
        return;
    }
    //@ assert 0 < x.cs < count;
    if (phase(x.cs, OPEN) == 1) {
        check_no_root();
    }
    /* Taken for granted: x.depth counts the open elements, of which x.limited is one. */
    if ((x.depth > 0 && x.open == XML_NOWHERE) || (x.closed && x.mode != XML_STREAM) ||
        (by_depth && x.depth == 0 && x.open != XML_NOWHERE)) {
        return;
    }
    /* And that a parked root is alone, neither in a tree nor skipped, once it is the innermost. */
    if (by_depth && x.open == 0 && x.tag == XML_NOWHERE && (x.depth != 1 || x.mode != XML_STREAM)) {
        return;
    }
    check_places();
    check_flags();
}

/* x.depth with the open element that goes with it. Ways, for Eva: an element around or none; that
   closes the root or another. No element but a tag under way, or a root that has ended: it has not
   begun. */
#define ANY_DEPTH(cs)                                   \
    if (is_epilog(cs)) {                                \
        x.depth = 0;                                    \
        x.open = XML_NOWHERE;                           \
    } else if (phase(cs, OPEN) == 1) {                  \
        no_root();                                      \
    } else if (phase(cs, OPEN) == 2) {                  \
        x.open = ANY_OF(somewhere);                     \
        x.depth = (uint16_t)Frama_C_interval(2, 65535); \
        if (ANY_OF(either)) {                           \
            x.depth = 1;                                \
            if (x.mode == XML_STREAM) {                 \
                x.open = ANY_OF(open);                  \
            }                                           \
        }                                               \
    } else if (ANY_OF(either)) {                        \
        x.depth = (uint16_t)Frama_C_interval(1, 65534); \
        x.open = ANY_OF(open);                          \
    } else if (phase(cs, TAG) == 1) {                   \
        no_root();                                      \
    } else {                                            \
        x.depth = 0;                                    \
        x.open = XML_NOWHERE;                           \
    }

/* A byte, from where the push before ended without a token. */
static void one_byte(void)
{
    parley_xml_token token;
    unsigned char byte = any_byte();

    any_tokenizer(states[0]);
    x.cs = ANY_OF(states);
    (void)parley_xml_push(&x, &byte, 1, &token);
    check_tokenizer();
}

static void one_byte_by_depth(void)
{
    parley_xml_token token;
    unsigned char byte = any_byte();

    by_depth = true;
    any_tokenizer(states[0]);
    ANY_DEPTH(states[0])
    x.cs = ANY_OF(states);
    (void)parley_xml_push(&x, &byte, 1, &token);
    check_tokenizer();
}

/* What a token has left. */
static void any_token(int cs)
{
    x.stop = true;
    /* In a tag there is no other. */
    x.token = ANY_OF(either) ? PARLEY_XML_MORE : PARLEY_XML_LARGE;
    if (phase(cs, TAG) == 1) {
        x.token = (parley_xml_token)Frama_C_interval(PARLEY_XML_MORE, PARLEY_XML_LARGE);
    }
    x.top = (uint32_t)Frama_C_interval(PARLEY_ROOT_SIZE + (phase(cs, TAG) == 1 ? 0 : 17), END);
    x.release = phase(cs, TAG) == 1 ? ANY_OF(elements) : XML_NOWHERE;
    x.large = ANY_OF(either);
    x.many = ANY_OF(either);
}

/* An empty element's tag has come; its application may have made a tree of it. */
static void any_end_due(void)
{
    x.end_due = true;
    x.large = false;
    x.mode = XML_STREAM;
    if (ANY_OF(either)) {
        x.mode = XML_TREE;
        x.open = ANY_OF(somewhere);
    }
    x.last = XML_NOWHERE;
    x.text_record = XML_NOWHERE;
}

static bool end_can_be_due(int cs)
{
    return phase(cs, OPEN) == 2 && phase(cs, BETWEEN) != 1;
}

/* The next push, before its first byte. */
static void no_byte(void)
{
    parley_xml_token token;

    any_tokenizer(states[0]);
    any_token(states[0]);
    ANY_DEPTH(states[0])
    if (end_can_be_due(states[0]) && ANY_OF(either)) {
        any_end_due();
    }
    x.cs = ANY_OF(states);
    (void)parley_xml_push(&x, NULL, 0, &token);
    check_tokenizer();
}

/* The push before gave no token, or gave one; some call may have come after it. */
static void any_before(void)
{
    any_tokenizer(states[0]);
    if (ANY_OF(either)) {
        any_token(states[0]);
        if (x.large) {
            x.limited = ANY_OF(somewhere);
        }
    }
    ANY_DEPTH(states[0])
    if (x.stop && end_can_be_due(states[0]) && ANY_OF(either)) {
        any_end_due();
    }
    x.cs = ANY_OF(states);
}

/* A byte that may go on with the run that the byte before was of. */
static void byte_of_run(void)
{
    parley_xml_token token;
    unsigned char byte;

    any_before();
    /* One way for all: any_byte would be followed value by value. */
    Frama_C_make_unknown((char *)&byte, 1);
    x.run = x.end_due ? 0 : (uint8_t)Frama_C_interval(0, 255) & runs(states[0]);
    (void)parley_xml_take_byte(&x, &byte, 1, &token);
    check_tokenizer();
}

/* What an application may do but push. */
static void call(void)
{
    parley_limits limits;

    Frama_C_make_unknown((char *)&limits, sizeof limits);
    switch (Frama_C_interval(0, 5)) {
    case 0:
        (void)parley_xml_skip(&x);
        break;
    case 1:
        (void)parley_xml_park(&x);
        break;
    case 2:
        (void)parley_xml_memory(&x, other_memory, sizeof other_memory);
        break;
    case 3:
        /* Taken for granted: where the innermost element is a parked root, and where none is, none
           is limited. */
        x.limited = parley_xml_idle(&x) ? XML_NOWHERE : x.limited;
        x.open = parley_xml_idle(&x) && x.depth == 1 ? 0 : x.open;
        (void)parley_xml_memory(&x, NULL, 0);
        break;
    case 4:
        parley_xml_set_tree(&x, (uint16_t)Frama_C_interval(0, 65535));
        break;
    default:
        parley_xml_set_limits(&x, &limits);
    }
    (void)parley_xml_finish(&x);
}

static void no_push(void)
{
    any_before();
    call();
    check_tokenizer();
}

static void around(void)
{
    by_depth = true;
    switch (Frama_C_interval(0, 2)) {
    case 0:
        no_byte();
        break;
    case 1:
        byte_of_run();
        break;
    default:
        no_push();
    }
}

#include "xml_start.h"

int main(void)
{
    fill();
    PROOF_CALL();
    return 0;
}

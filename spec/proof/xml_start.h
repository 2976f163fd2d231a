/* Of xml_step.c: the tokenizer without memory, and how a document starts. */
#ifndef PARLEY_PROOF_XML_START_H
#define PARLEY_PROOF_XML_START_H

/* In the work block's place is nothing: white space alone is taken, until the root has ended. */
static void no_memory(int cs)
{
    x.memory = NULL;
    x.memory_len = XML_RESERVE;
    x.top = PARLEY_ROOT_SIZE;
    x.mode = XML_STREAM;
    x.limited = XML_NOWHERE;
    x.release = XML_NOWHERE;
    x.utf8_left = 0;
    x.large = false;
    if (!is_epilog(cs)) {
        x.between = true;
    }
    if (phase(cs, OPEN) == 2) {
        x.depth = 1;
        x.open = 0;
        x.parked = true;
    }
}

static void without_memory(void)
{
    parley_xml_token token;
    unsigned char byte = any_byte();
    size_t len = ANY_OF(either) ? 1 : 0;

    by_depth = true;
    any_tokenizer(states[0]);
    if (ANY_OF(either)) {
        any_token(states[0]);
    }
    ANY_DEPTH(states[0])
    no_memory(states[0]);
    x.cs = ANY_OF(states);
    if (ANY_OF(either)) {
        x.run = (uint8_t)Frama_C_interval(0, 255) & runs(states[0]);
        (void)parley_xml_push(&x, &byte, len, &token);
    } else {
        call();
    }
    check_tokenizer();
}

/* Of a block of each size. */
static void any_block(void)
{
    parley_limits limits;

    Frama_C_make_unknown((char *)&limits, sizeof limits);
    for (size_t len = 0; len <= BLOCK; len++) {
        if (parley_xml_init(&x, sizeof x, &limits, memory, len) == PARLEY_OK) {
            //@ assert XML_RESERVE < x.memory_len && x.memory_len <= len;
        }
    }
}

static void first_start(void)
{
    parley_limits limits;
    parley_xml nothing;

    Frama_C_make_unknown((char *)&limits, sizeof limits);
    x = nothing;
    if (parley_xml_init(ANY_OF(either) ? &x : NULL, sizeof x, &limits,
                        ANY_OF(either) ? memory : NULL, BLOCK) == PARLEY_OK) {
        check_tokenizer();
        //@ assert x.memory == (unsigned char *)memory && x.depth == 0;
    }
}

/* From any state, after an error too. */
static void restart(void)
{
    Frama_C_make_unknown((char *)&x, sizeof x);
    Frama_C_make_unknown((char *)memory, sizeof memory);
    x.high = (uint32_t)Frama_C_interval(PARLEY_ROOT_SIZE, END + XML_RESERVE);
    x.memory = NULL;
    x.memory_len = XML_RESERVE;
    if (ANY_OF(either)) {
        x.memory = (unsigned char *)memory;
        x.memory_len = BLOCK;
    }
    parley_xml_restart(&x);
    check_tokenizer();
}

static void from_nothing(void)
{
    by_depth = true;
    switch (Frama_C_interval(0, 2)) {
    case 0:
        any_block();
        break;
    case 1:
        first_start();
        break;
    default:
        restart();
    }
}

#endif

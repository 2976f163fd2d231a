/* WP: a form is read as far as it goes, and what is put out stays within the writer's buffer. */
#include "decode.h"
#include "encode.h"
#include "form_put.h"
#include "name_copy.h"
#include "wipe.h"

#include <string.h>

/*@ requires len == 0 || \valid(to + (0 .. len - 1));
    requires len == 0 || \valid_read(from + (0 .. len - 1));
    requires \separated(to + (0 .. len - 1), from + (0 .. len - 1));
    assigns to[0 .. len - 1]; */
static void copy(char *to, const char *from, size_t len);

/*@ assigns \nothing; */
bool parley_is_xml_character(uint32_t character);

#define memcpy(to, from, len) copy(to, from, len)

#include "../../core/form.c"
#include "../../core/writer.c"

/*@ requires is_branch(form) && \valid_read(form + (0 .. branch(form)));
    assigns \nothing;
    ensures \base_addr(\result) == \base_addr(form) && form < \result <= form + branch(form); */
static const char *left_out(const char *form);

/*@ requires \valid(w) && has_room(w) && has_value(data) && beside(w, data);
    assigns w->used, w->error, w->buffer[0 .. w->size - 1];
    ensures has_room(w) && \old(w->used) <= w->used; */
static void put_base64(parley_writer *w, const parley_string *data);

/*@ requires \valid(w) && has_room(w) && \valid_read(form);
    requires is_name(form);
    requires \separated(w, w->buffer + (0 .. w->size - 1), form);
    assigns w->used, w->error, w->buffer[0 .. w->size - 1];
    ensures has_room(w) && \old(w->used) <= w->used; */
static void put_other(parley_writer *w, const char *form);

/*@ requires \valid(c) && \valid_read(*c);
    assigns *c;
    ensures 1 <= \result <= 6;
    ensures \valid_read(*c + (0 .. \result - 1)); */
static size_t written_as(const char **c, bool in_value);

/*@ requires \valid(w);
    assigns w->error; */
static void fail(parley_writer *w, parley_result error);

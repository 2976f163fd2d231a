/* WP: a form, and what putting it out does. Which forms there are Eva follows (client.c, server.c,
   server_header.c, close.c). */
#ifndef PARLEY_PROOF_FORM_PUT_H
#define PARLEY_PROOF_FORM_PUT_H

#define FORM_PROVED(...) (__VA_ARGS__)

#include "form.h"
#include "name_list.h"
#include "puts.h"

/*@ axiomatic forms {
      logic integer length(char *form); // to the zero that ends it
      logic integer branch(char *mark); // from an IF or ELSE to the ELSE or END that ends it
    }

    predicate is_branch{L}(char *p) =
      0 < branch(p) && (p[branch(p)] == 6 || p[branch(p)] == 7);

    predicate is_name{L}(char *p) =
      (unsigned char)*p >= FORM_NAMES ==> FORM_NAMES < (unsigned char)*p < FORM_NAMES + NAMES_END;

    predicate within(char *begin, char *p) =
      \base_addr(p) == \base_addr(begin) && begin <= p <= begin + length(begin);

    predicate has_value{L}(parley_string *v) =
      \valid_read(v) && v->len <= 0x10000000 &&
      (v->len == 0 || \valid_read(v->data + (0 .. v->len - 1)));

    // A form, and the values that it asks for.
    predicate is_form{L}(char *begin, parley_string *a, parley_string *b) =
      0 <= length(begin) <= 0x10000 && \valid_read(begin + (0 .. length(begin))) &&
      begin[length(begin)] == 0 &&
      (\forall char *p; within(begin, p) ==>
         (*p == 1 ==> has_value(a)) &&
         (*p == 2 || *p == 3 || *p == 5 ==> has_value(b)) &&
         is_name(p) &&
         (*p == 5 || *p == 6 ==>
            is_branch(p) && p + branch(p) < begin + length(begin)));

    predicate beside{L}(parley_writer *w, parley_string *v) =
      \separated(w, w->buffer + (0 .. w->size - 1), v) &&
      \separated(w, w->buffer + (0 .. w->size - 1), v->data + (0 .. v->len - 1));

    predicate values{L}(parley_writer *w, parley_string *v) =
      has_room(w) && has_value(v) && beside(w, v);

    // Of left_out, from an IF or ELSE.
    predicate left_out_of{L}(char *mark, char *p) =
      \base_addr(p) == \base_addr(mark) && mark <= p < mark + branch(mark);

    // Of parley_form_put.
    predicate goes_on{L}(parley_writer *w, char *begin, char *p, parley_string *a,
                         parley_string *b) =
      within(begin, p) && has_room(w) && is_form(begin, a, b) && beside(w, a) && beside(w, b) &&
      \separated(w, w->buffer + (0 .. w->size - 1), begin + (0 .. length(begin))); */

/*@ requires \valid(w) && goes_on(w, form, form, a, b);
    assigns w->used, w->error, w->buffer[0 .. w->size - 1];
    ensures has_room(w) && \old(w->used) <= w->used; */
void parley_form_put(parley_writer *w, const char *form, const parley_string *a,
                     const parley_string *b);

#endif

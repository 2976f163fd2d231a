/* What goes by a relation between records, as contracts: Eva takes them for the functions
   (xml_step.c), and WP proves the functions against them (wp_scope.c, wp_records.c, wp_move.c,
   wp_end.c). A RELATION is in terms of records.h. WP goes by it; for Eva it is nothing, so that one
   which is required is assumed at Eva's calls. What a function writes of records, WRITTEN, is for
   WP what it has in their place, for Eva all bytes of the root and the block. What is said to
   come \from where is Eva's alone: no pointer comes of it but end_run's. */
#ifndef PARLEY_PROOF_RELATIONS_H
#define PARLEY_PROOF_RELATIONS_H

#include "xml_internal.h"

#define RELATION(...) XML_PROVED(__VA_ARGS__)
#ifdef PARLEY_PROOF_RECORDS_H
#define WRITTEN(what) what
#define SOFT_END      (PARLEY_ROOT_SIZE + t->memory_len - XML_RESERVE)
#endif

/*@ requires RELATION(block(t) && left(at) > 0);
    assigns \result \from at;
    ensures \result == 0 || \result == 1; */
XML_SHARED bool parley_xml_declaration_allowed(const parley_xml *t, uint32_t at);

/*@ requires RELATION(block(t) && in_scope(t->declarations));
    assigns \result \from t->declarations;
    ensures RELATION(is_space(\result)); */
XML_SHARED uint32_t parley_xml_default_space(const parley_xml *t);

/*@ requires RELATION(block(t) && in_scope(t->declarations) && left(at) == count);
    requires RELATION(t->declarations == XML_NOWHERE || t->declarations < at);
    assigns t->declarations, t->in_scope, WRITTEN(XML_LINKED) \from at, count;
    assigns \result \from at, count;
    ensures RELATION(in_scope(t->declarations));
    ensures \result == 0 || \result == 1; */
static bool declare(parley_xml *t, uint32_t at, uint32_t count);

/*@ requires RELATION(block(t) && in_scope(t->declarations));
    requires RELATION(left(first) == count && is_first(first));
    assigns WRITTEN(XML_NAMED) \from first, count;
    assigns \result \from first, count;
    ensures \result == 0 || \result == 1; */
static bool resolve_attributes(parley_xml *t, uint32_t first, uint32_t count);

/*@ requires RELATION(block(t) && in_scope(t->declarations));
    assigns t->declarations, t->in_scope \from at;
    ensures RELATION(in_scope(t->declarations));
    ensures RELATION(t->declarations == XML_NOWHERE || t->declarations < at); */
XML_SHARED void parley_xml_leave_scope(parley_xml *t, uint32_t at);

/* Down in the block, or to the parked root. */
/*@ requires at <= SOFT_END && to <= SOFT_END;
    requires RELATION(block(t) && whole(t, at) && PARLEY_ROOT_SIZE <= clean <= at);
    requires RELATION(stop(first(at)) <= SOFT_END);
    requires RELATION(to % 4 == 0);
    requires RELATION(to < PARLEY_ROOT_SIZE
                          ? to + (first(at) - at) + kept(first(at)) <= PARLEY_ROOT_SIZE
                          : to <= at);
    assigns WRITTEN(XML_CLEAN) \from at, to;
    assigns \result \from at, to;
    ensures RELATION(\result == to + (first(at) - at) + kept(first(at)));
    ensures to < PARLEY_ROOT_SIZE ? \result <= PARLEY_ROOT_SIZE
                                  : PARLEY_ROOT_SIZE <= \result <= SOFT_END; */
XML_SHARED uint32_t parley_xml_move_element(parley_xml *t, uint32_t at, uint32_t to);

/*@ requires at <= SOFT_END;
    requires RELATION(block(t) && whole(t, at));
    assigns \result \from at;
    ensures RELATION(\result == first(at) - at + kept(first(at))); */
XML_SHARED uint32_t parley_xml_kept_size(const parley_xml *t, uint32_t at);

/*@ requires t->open <= SOFT_END && t->error == PARLEY_NO_ERROR;
    requires RELATION(block(t) && is_element(t->open) && fits(t, t->open, 16));
    requires RELATION(t->matched <= names(t->open));
    requires \base_addr(p) == \base_addr(pe) && p < pe;
    requires \valid_read(p + (0 .. pe - p - 1));
    assigns t->matched, t->error, t->stop, \result \from t->open, p, pe;
    ensures \base_addr(\result) == \base_addr(p) && p <= \result < pe;
    ensures pe == p + 1 ==> \result == p;
    ensures RELATION(t->matched <= names(t->open));
    ensures (t->error == \old(t->error) && t->stop == \old(t->stop)) ||
            (t->error == PARLEY_ERROR_XML_NOT_WELL_FORMED && t->stop == 1); */
XML_SHARED const unsigned char *parley_xml_end_run(parley_xml *t, const unsigned char *p,
                                                   const unsigned char *pe);

#endif

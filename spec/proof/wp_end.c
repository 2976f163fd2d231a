/* WP: the name of an end tag is compared with that of the open element, as far as both go. */
#include "records.h"

/*@ requires \valid_read(p + (0 .. most - 1)) && \valid_read(name + (0 .. most - 1));
    assigns \nothing;
    ensures 0 <= \result <= most; */
static inline size_t xml_same(const unsigned char *p, const unsigned char *name, size_t most);

/*@ requires \valid(x);
    assigns x->error, x->stop; */
void parley_xml_fail(parley_xml *x, parley_code code);

/*@ requires block(x) && is_element(x->open) && fits(x, x->open, 16);
    requires x->matched <= names(x->open);
    requires \base_addr(p) == \base_addr(pe) && p < pe;
    requires \valid_read(p + (0 .. pe - p - 1));
    assigns x->matched, x->error, x->stop;
    ensures \base_addr(\result) == \base_addr(p) && p <= \result < pe;
    ensures x->matched <= names(x->open); */
const unsigned char *parley_xml_end_run(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe);

/*@ requires block(x) && is_element(x->open) && fits(x, x->open, 16);
    requires \base_addr(p) == \base_addr(pe) && p < pe;
    requires \valid_read(p + (0 .. pe - p - 1));
    assigns x->matched, x->error, x->stop;
    ensures \base_addr(\result) == \base_addr(p) && p <= \result < pe;
    ensures x->matched <= names(x->open); */
const unsigned char *parley_xml_end_start(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe);

#include "../../core/xml_run.c"

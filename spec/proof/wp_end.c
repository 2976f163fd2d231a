/* WP: the name of an end tag is compared with that of the open element, as far as both go. */
#include "records.h"
#include "relations.h"
#include "same.h"

/*@ requires block(x) && is_element(x->open) && fits(x, x->open, 16);
    requires x->open <= PARLEY_ROOT_SIZE + x->memory_len - XML_RESERVE;
    requires x->error == PARLEY_NO_ERROR;
    requires \base_addr(p) == \base_addr(pe) && p < pe;
    requires \valid_read(p + (0 .. pe - p - 1));
    assigns x->matched, x->error, x->stop;
    ensures \base_addr(\result) == \base_addr(p) && p <= \result < pe;
    ensures x->matched <= names(x->open); */
const unsigned char *parley_xml_end_start(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe);

#include "../../core/xml_run.c"
#include "../../core/xml_stop.c"

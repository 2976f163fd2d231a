/* WP: what goes from attribute to attribute of an element stays within what the element has, and in
   the root or the block. */
#include "records.h"

/*@ requires block(x) && whole(x, at);
    assigns \nothing;
    ensures \result == first(at) - at + kept(first(at)); */
uint32_t parley_xml_kept_size(const parley_xml *x, uint32_t at);

#include "../../core/xml_store.c"

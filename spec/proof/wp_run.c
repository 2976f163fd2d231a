/* WP: the loops that skip runs of bytes look at [p, end) only, and end there. */
#include "characters.h"
#include "xml_internal.h"

/*@ assigns \nothing; */
bool parley_is_name_start(uint32_t character);
/*@ assigns \nothing; */
bool parley_is_name_character(uint32_t character);

/*@ requires \valid(x);
    assigns x->utf8, x->utf8_left, x->utf8_low, x->utf8_high; */
static bool utf8_lead(parley_xml *x, unsigned char byte);

/*@ requires \valid(x);
    assigns x->utf8, x->utf8_left, x->utf8_low, x->utf8_high; */
bool parley_xml_utf8_step(parley_xml *x, unsigned char byte);

/*@ requires \valid(x);
    assigns x->name_is_new; */
static bool name_allows(parley_xml *x);

/*@ requires \valid(x);
    requires \base_addr(p) == \base_addr(end) && p <= end;
    requires \valid_read(p + (0 .. end - p - 1));
    requires \separated(x, p + (0 .. end - p - 1));
    assigns x->bad, x->utf8, x->utf8_left, x->utf8_low, x->utf8_high, x->name_is_new;
    ensures \base_addr(\result) == \base_addr(end) && p <= \result <= end;
    ensures x->bad ==> \result < end; */
static const unsigned char *scan(parley_xml *x, const unsigned char *p, const unsigned char *end,
                                 unsigned kind);

/*@ requires \valid_read(data + (0 .. len - 1));
    assigns \nothing;
    ensures 0 <= \result <= len; */
size_t parley_xml_white(const unsigned char *data, size_t len);

#include "../../core/xml_run.c"

/* WP: the loops that get over runs of bytes look at [p, end) only, and end there. With XML_SMALL
   that of the small form, which has one for all. */
#include "characters.h"
#include "same.h"
#include "xml_internal.h"

/*@ assigns \nothing; */
bool parley_is_name_start(uint32_t character);
/*@ assigns \nothing; */
bool parley_is_name_character(uint32_t character);

#ifdef XML_SMALL
/*@ assigns \nothing; */
bool parley_xml_is(unsigned char byte, unsigned kinds);
#else
/*@ requires \base_addr(p) == \base_addr(end) && p <= end;
    requires \valid_read(p + (0 .. end - p - 1));
    assigns \nothing;
    ensures \base_addr(\result) == \base_addr(end) && p <= \result <= end; */
static inline const unsigned char *xml_skip(const unsigned char *p, const unsigned char *end,
                                            unsigned kind);

/*@ requires \base_addr(p) == \base_addr(end) && p <= end;
    requires \valid_read(p + (0 .. end - p - 1));
    assigns \nothing;
    ensures \base_addr(\result) == \base_addr(end) && p <= \result <= end; */
static inline const unsigned char *xml_skip_utf8(const unsigned char *p, const unsigned char *end,
                                                 unsigned kind);

/*@ requires \valid_read(p + (0 .. 2));
    assigns \nothing; */
static inline bool xml_is_three(const unsigned char *p);

/* Its body is Eva's (skip.c). */
/*@ requires \valid_read(p + (0 .. 15));
    assigns \nothing; */
static inline bool xml_are_threes(const unsigned char *p);
#endif

/*@ requires \valid(x);
    assigns x->utf8, x->utf8_left; */
bool parley_xml_utf8_step(parley_xml *x, unsigned char byte);

/*@ requires \valid(x);
    assigns x->name_is_new; */
static bool name_allows(parley_xml *x);

/*@ requires \valid(x);
    assigns x->utf8, x->utf8_left, x->name_is_new; */
static inline bool high_byte(parley_xml *x, unsigned char byte, unsigned kind);

#ifndef XML_SMALL
/*@ requires \valid(x) && x->bad == 0;
    requires \base_addr(p) == \base_addr(end) && p <= end;
    requires \valid_read(p + (0 .. end - p - 1));
    requires \separated(x, p + (0 .. end - p - 1));
    assigns x->bad, x->utf8, x->utf8_left, x->name_is_new;
    ensures \base_addr(\result) == \base_addr(end) && p <= \result <= end;
    ensures x->bad != 0 ==> \result < end; */
static const unsigned char *scan_high(parley_xml *x, const unsigned char *p,
                                      const unsigned char *end, unsigned kind);

#endif

/*@ requires \valid(x);
    requires \base_addr(p) == \base_addr(end) && p <= end;
    requires \valid_read(p + (0 .. end - p - 1));
    requires \separated(x, p + (0 .. end - p - 1));
    assigns x->bad, x->utf8, x->utf8_left, x->name_is_new;
    ensures \base_addr(\result) == \base_addr(end) && p <= \result <= end;
    ensures x->bad != 0 ==> \result < end; */
static inline const unsigned char *scan(parley_xml *x, const unsigned char *p,
                                        const unsigned char *end, unsigned kind);

/*@ requires \valid_read(data + (0 .. len - 1));
    assigns \nothing;
    ensures 0 <= \result <= len; */
size_t parley_xml_white(const unsigned char *data, size_t len);

#include "../../core/xml_run.c"

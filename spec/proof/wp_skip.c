/* WP: the loops that get over eight bytes at once, portable, stay within any run and its copy. How
   eight bytes are read as a word, and put, is Eva's (skip.c). */
#include "xml_internal.h"

/*@ requires \valid_read(p + (0 .. 7));
    assigns \nothing; */
static inline uint64_t xml_eight(const unsigned char *p);

/*@ assigns \nothing; */
static inline uint64_t xml_equal(uint64_t bytes, unsigned char byte);

/*@ assigns \nothing; */
static inline uint64_t xml_special(uint64_t bytes, unsigned kind);

/*@ assigns \nothing;
    ensures 0 <= \result <= 7; */
static inline unsigned xml_before(uint64_t special);

/*@ requires \valid(to + (0 .. 7)) && \valid_read(from + (0 .. 7));
    requires \separated(to + (0 .. 7), from + (0 .. 7));
    assigns to[0 .. 7]; */
static inline void xml_put_eight(unsigned char *to, const unsigned char *from);

/*@ requires \base_addr(p) == \base_addr(end) && p <= end;
    requires \valid_read(p + (0 .. end - p - 1));
    assigns \nothing;
    ensures \base_addr(\result) == \base_addr(end) && p <= \result <= end; */
static inline const unsigned char *xml_skip(const unsigned char *p, const unsigned char *end,
                                            unsigned kind);

/*@ requires \valid_read(p + (0 .. len - 1)) && \valid(to + (0 .. len - 1));
    requires \separated(to + (0 .. len - 1), p + (0 .. len - 1));
    assigns to[0 .. len - 1];
    ensures 0 <= \result <= len; */
static inline size_t xml_copy(unsigned char *to, const unsigned char *p, size_t len, unsigned kind);

#include "xml_skip.h"

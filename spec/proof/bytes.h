/* Any byte, for Eva: one of twelve sets, which the run loops do not tell apart further
   (parley_xml_kinds). One by one they are followed exactly; all at once they are not. None has
   more values than Eva keeps apart (-eva-ilevel): those between them would be taken for its own. */
#ifndef PARLEY_PROOF_BYTES_H
#define PARLEY_PROOF_BYTES_H

#include "__fc_builtin.h"

/* clang-format off */
static const unsigned char controls[] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
    28, 29, 30, 31,
};
static const unsigned char white[] = {
    9, 10,
};
static const unsigned char carriage_return[] = {
    13,
};
static const unsigned char space[] = {
    32,
};
static const unsigned char others[] = {
    33, 35, 36, 37, 40, 41, 42, 43, 44, 47, 58, 59, 61, 62, 63, 64, 91, 92, 94, 96, 123, 124,
    125, 126, 127,
};
static const unsigned char quote[] = {
    34,
};
static const unsigned char markup[] = {
    38, 60,
};
static const unsigned char apostrophe[] = {
    39,
};
static const unsigned char of_names[] = {
    45, 46, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76,
    77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 95,
};
static const unsigned char small_letters[] = {
    97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115,
    116, 117, 118, 119, 120, 121, 122,
};
static const unsigned char bracket[] = {
    93,
};
static const unsigned char high[] = {
    128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145,
    146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163,
    164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181,
    182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199,
    200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217,
    218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235,
    236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253,
    254, 255,
};
/* clang-format on */

#define PROOF_ANY(set) set[Frama_C_interval(0, sizeof set - 1)]

static unsigned char any_byte(void)
{
    switch (Frama_C_interval(0, 11)) {
    case 0:
        return PROOF_ANY(controls);
    case 1:
        return PROOF_ANY(white);
    case 2:
        return PROOF_ANY(carriage_return);
    case 3:
        return PROOF_ANY(space);
    case 4:
        return PROOF_ANY(others);
    case 5:
        return PROOF_ANY(quote);
    case 6:
        return PROOF_ANY(markup);
    case 7:
        return PROOF_ANY(apostrophe);
    case 8:
        return PROOF_ANY(of_names);
    case 9:
        return PROOF_ANY(bracket);
    case 10:
        return PROOF_ANY(small_letters);
    default:
        return PROOF_ANY(high);
    }
}

#endif

/* Tables that machines/pack makes of Ragel's, for flash. The second byte of `rows` is the place of
   a byte, and eight states' rows follow that; it tells how far away the byte is after which the
   next eight begin, unless these are the last. A row is a list of entries, each a byte, its lower
   six bits a letter, its upper two what follows:

     PACKED_SINGLE  the number of where it leads
     PACKED_RANGE   the last of the letters from that one on, and the number
     PACKED_LAST    as PACKED_SINGLE, and no more entries; PACKED_ANY stands for each letter
     PACKED_NEXT    nothing: that letter leads to the next state; and no more entries
     PACKED_LIKE    (a letter, of PACKED_LAST) a state, whose row is that of all other letters
     PACKED_MOVED   the same, but where that one leads to another than the error state, this one
                    leads as far beyond it as this state is beyond that one

   What no entry is for leads to the error state, 0. A number is that of a state, with no actions;
   but from the first byte of `rows` on, up to 255, it stands for two of the bytes that follow those
   two: the state and, 0 for none, the number of an action and one; where a list has more than one
   action, the place of a list.

   Before `rows` of a machine with 16 letters or fewer stand those of all bytes, the first of them
   last: of each run of bytes the letter and, << 4, how many more than one they are; PACKED_REST:
   all others. */
#ifndef PARLEY_MACHINES_PACKED_H
#define PARLEY_MACHINES_PACKED_H

enum { PACKED_SINGLE, PACKED_RANGE, PACKED_LAST, PACKED_NEXT };

#define PACKED_ANY   63u
#define PACKED_LIKE  62u
#define PACKED_MOVED 61u
#define PACKED_EVERY 8u
#define PACKED_REST  15u

/* The next state, and << 8 what is told of the action. */
unsigned parley_packed_step(const unsigned char *rows, unsigned state, unsigned letter);

/* The same for a byte, where the letters stand before `rows`. */
unsigned parley_packed_byte(const unsigned char *rows, unsigned state, unsigned byte);

/* The letter of a byte: `classes` has for each run of bytes the last of them and its letter. */
unsigned parley_packed_letter(const unsigned char *classes, unsigned char byte);

#endif

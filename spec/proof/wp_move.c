/* WP: an element is moved with its declarations: down in the block, or from it to the parked root.
   What was written over is no record any more, and not read. */
#define PROOF_INTACT(at) (clean <= (at))
#include "records.h"
#include "relations.h"

/*@ requires len == 0 || \valid(to + (0 .. len - 1));
    requires len == 0 || \valid_read(from + (0 .. len - 1));
    assigns clean;
    ensures place(to) < PARLEY_ROOT_SIZE || place(to) + len <= \old(clean) ?
              clean == \old(clean) : clean == place(to) + len; */
static void move(unsigned char *to, const unsigned char *from, size_t len);

/*@ requires inside(x, at, 4) && at < clean;
    assigns \nothing; */
static inline void parley_xml_put_head(parley_xml *x, uint32_t at, uint32_t head);

#define memmove(to, from, len) move(to, from, len)

#include "../../core/xml_store.c"

/* Forgetting, as a contract: Eva takes it for the function where what was there is unknown anyhow,
   and WP proves the function against it (wp_wipe.c). */
#ifndef PARLEY_PROOF_WIPE_H
#define PARLEY_PROOF_WIPE_H

#include <stddef.h>

/*@ requires len == 0 || \valid((unsigned char *)memory + (0 .. len - 1));
    assigns ((unsigned char *)memory)[0 .. len - 1] \from \nothing; */
void parley_wipe(void *memory, size_t len);

#endif

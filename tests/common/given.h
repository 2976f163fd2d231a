/* Which event each element became: a test that defines `given` is called with every event before
   its machine takes it. The machines' entries are wrapped for it. */
#ifndef PARLEY_TESTS_GIVEN_H
#define PARLEY_TESTS_GIVEN_H

#include <stdbool.h>

void given(bool server, unsigned state, unsigned event);

#endif

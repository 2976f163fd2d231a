/* What is called from many places, by a call that is smaller than what it does: with link-time
   optimisation a compiler would put it in each of them. Also what has much on the stack, which
   its caller, longer there, is not to hold. */
#ifndef PARLEY_CORE_APART_H
#define PARLEY_CORE_APART_H

#if defined(__GNUC__)
#define PARLEY_APART __attribute__((noinline))
#else
#define PARLEY_APART
#endif

#endif

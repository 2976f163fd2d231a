/* What Centipede's compile flags name beside the engine, in OSS-Fuzz: an object with the callbacks
   of the instrumentation, so that the programs link which a build system tries before it has an
   engine. */
#include <stddef.h>
#include <stdint.h>

extern "C" {
#define CALLBACK(name, ...)                                                             \
    __attribute__((weak, no_sanitize("all"))) void __sanitizer_cov_##name(__VA_ARGS__); \
    void __sanitizer_cov_##name(__VA_ARGS__)                                            \
    {                                                                                   \
    }

CALLBACK(trace_pc_guard_init, uint32_t *from, uint32_t *to)
CALLBACK(trace_pc_guard, uint32_t *guard)
CALLBACK(pcs_init, const uintptr_t *from, const uintptr_t *to)
CALLBACK(trace_cmp1, uint8_t a, uint8_t b)
CALLBACK(trace_cmp2, uint16_t a, uint16_t b)
CALLBACK(trace_cmp4, uint32_t a, uint32_t b)
CALLBACK(trace_cmp8, uint64_t a, uint64_t b)
CALLBACK(trace_const_cmp1, uint8_t a, uint8_t b)
CALLBACK(trace_const_cmp2, uint16_t a, uint16_t b)
CALLBACK(trace_const_cmp4, uint32_t a, uint32_t b)
CALLBACK(trace_const_cmp8, uint64_t a, uint64_t b)
CALLBACK(trace_switch, uint64_t value, uint64_t *cases)
CALLBACK(load1, uint8_t *at)
CALLBACK(load2, uint16_t *at)
CALLBACK(load4, uint32_t *at)
CALLBACK(load8, uint64_t *at)
CALLBACK(load16, void *at)
}

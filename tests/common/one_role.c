/* Where a build leaves a role out: what tests that can play either name of it. None of it may be
   called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parley/insecure.h"
#include "parley/parley.h"

#define ABSENT(type, name, ...)                        \
    type name(__VA_ARGS__)                             \
    {                                                  \
        fail_msg("%s is of the role left out", #name); \
        return (type)0;                                \
    }
#define ABSENT_VOID(name, ...)                         \
    void name(__VA_ARGS__)                             \
    {                                                  \
        fail_msg("%s is of the role left out", #name); \
    }

/* Unnamed parameters are an extension before C23; (void) would say nothing more. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wunused-parameter"
#else
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif

#define ROLE(role, core)                                                                           \
    ABSENT_VOID(parley_##role##_config_init, core##_config *config)                                \
    ABSENT(size_t, parley_##role##_work_size, const core##_config *config)                         \
    ABSENT(parley_result, parley_##role##_init, core *s, size_t size, const core##_config *config, \
           void *work, size_t work_len, parley_code *why)                                          \
    ABSENT(parley_result, parley_##role##_begin, core *s)                                          \
    ABSENT(parley_result, parley_##role##_begin_insecure, core *s)                                 \
    ABSENT(size_t, parley_##role##_push, core *s, const void *data, size_t len)                    \
    ABSENT_VOID(parley_##role##_finish, core *s)                                                   \
    ABSENT(const void *, parley_##role##_out_buf, const core *s, size_t *len)                      \
    ABSENT_VOID(parley_##role##_out_ack, core *s, size_t len)                                      \
    ABSENT(unsigned, parley_##role##_state, const core *s)                                         \
    ABSENT(const char *, parley_##role##_state_text, unsigned state)                               \
    ABSENT(const char *, parley_##role##_state_name, const core *s)                                \
    ABSENT_VOID(parley_##role##_work, core *s, uint32_t iterations)                                \
    ABSENT(bool, parley_##role##_event, core *s, parley_event *event)                              \
    ABSENT(bool, parley_##role##_request, const core *s, parley_request *request)                  \
    ABSENT(parley_result, parley_##role##_answer, core *s, const parley_answer *answer)            \
    ABSENT(parley_result, parley_##role##_refuse, core *s, parley_refusal refusal)                 \
    ABSENT(parley_result, parley_##role##_tls_up, core *s, const parley_tls_info *info)            \
    ABSENT(parley_result, parley_##role##_stanza, core *s, parley_writer *w)                       \
    ABSENT(parley_result, parley_##role##_send, core *s, const parley_writer *w)                   \
    ABSENT(parley_result, parley_##role##_descend, core *s, bool announce)                         \
    ABSENT_VOID(parley_##role##_close, core *s)                                                    \
    ABSENT(uint32_t, parley_##role##_deadline, const core *s, uint32_t *phase)                     \
    ABSENT_VOID(parley_##role##_expired, core *s, uint32_t phase)                                  \
    ABSENT(const parley_outcome *, parley_##role##_outcome, const core *s)

#ifdef PARLEY_WITHOUT_CLIENT
ROLE(client, parley_client)
#endif
#ifdef PARLEY_WITHOUT_SERVER
ROLE(server, parley_server)
#endif

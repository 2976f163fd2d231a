#include <string.h>

#include "common/actions.h"

unsigned fuzz_strange_actions;

uint16_t fuzz_two_bytes(const uint8_t **data, size_t *size)
{
    unsigned high = fuzz_byte(data, size);

    return (uint16_t)(high << 8 | fuzz_byte(data, size));
}

parley_string fuzz_text_of(const uint8_t **data, size_t *size)
{
    size_t len = fuzz_two_bytes(data, size);
    parley_string text = {(const char *)*data, len < *size ? len : *size};

    *data += text.len;
    *size -= text.len;
    return text;
}

void fuzz_expire(fuzz_party *p, bool is_stale)
{
    uint32_t phase;

    (void)FUZZ_CALL1(p, deadline, &phase);
    if (is_stale) {
        unsigned state = FUZZ_CALL0(p, state);

        FUZZ_CALL1(p, expired, phase - 1);
        FUZZ_CHECK(FUZZ_CALL0(p, state) == state);
    } else {
        FUZZ_CALL1(p, expired, phase);
    }
}

void fuzz_misuse(fuzz_party *p)
{
    parley_answer answer = {PARLEY_ANSWER_YES, {NULL, 0}, NULL};

    /* A request that was put off may be answered. */
    if ((FUZZ_CALL0(p, state) & PARLEY_HAS_REQUEST) == 0) {
        FUZZ_CHECK(FUZZ_CALL1(p, answer, &answer) == PARLEY_MISUSE);
        FUZZ_CHECK(FUZZ_CALL1(p, refuse, PARLEY_REFUSE_DENIED) == PARLEY_MISUSE);
    }
    FUZZ_CHECK(FUZZ_CALL0(p, begin) == PARLEY_MISUSE);
    FUZZ_CHECK(FUZZ_CALL1(p, descend, false) == PARLEY_MISUSE || p->bound);
}

size_t fuzz_scram_due(const fuzz_party *p, bool second, const fuzz_edit *edit, bool *changed,
                      char out[FUZZ_SCRAM_SIZE])
{
    if (p->server != NULL && second) {
        memcpy(out, fuzz_scram_auth, strlen(fuzz_scram_auth) + 1);
        return strlen(out);
    }
    if (p->server != NULL) {
        return fuzz_scram_response(p->said, &p->heard->log, p->told, edit, out);
    }
    if (second) {
        return fuzz_scram_success(p->said, &p->heard->log, *changed ? 1 : 0, edit, out);
    }
    *changed = *changed || edit != NULL;
    return fuzz_scram_challenge(p->said, edit, out);
}

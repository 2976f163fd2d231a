/* Configurations, right ones and wrong ones: a refusal names what is wrong, what is accepted
   begins, and neither writes beside its memory; and the calls of parts in any order. Input: which
   role, with TLS or without; then a byte for each field to change, and the byte that says into
   what. Or which part, and what its calls are given. */
#include <string.h>

#include "common/calls.h"
#include "common/configured.h"

enum { TOKENIZER = FUZZ_TLS_SERVER + 1, REST, LONG_TAG, WHAT };

static void judge(fuzz_configured *s, fuzz_role role)
{
    size_t work = role == FUZZ_CLIENT || role == FUZZ_TLS_CLIENT
                      ? parley_client_work_size(&s->client)
                      : parley_server_work_size(&s->server);
    parley_code why = PARLEY_NO_ERROR;
    parley_result result;

    if (work > 400000) {
        return; /* limits that a block of ours has no room for */
    }
    s->input.work_len = s->input.work_len < work ? s->input.work_len : work;
    s->input.work = s->input.work != NULL ? fuzz_block_of_words(0, s->input.work_len, 0xA5) : NULL;
    result = fuzz_set_up(s, role, s->no_why ? NULL : &why);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_MISUSE);
    if (result == PARLEY_OK) {
        fuzz_use_early(s, role);
    }
    FUZZ_CHECK(s->no_why || (result == PARLEY_OK) == (why == PARLEY_NO_ERROR));
    FUZZ_CHECK(parley_code_name(why)[0] != '\0' && parley_code_text(why)[0] != '\0');
    FUZZ_CHECK(result == PARLEY_OK || s->no_why || parley_code_layer(why) != PARLEY_LAYER_NONE);
    fuzz_blocks_check();
}

FUZZ_TARGET(setup)
{
    static fuzz_configured s;
    unsigned what = fuzz_byte(&data, &size) % WHAT;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    switch (what) {
    case TOKENIZER:
        fuzz_call_tokenizer(data, size);
        break;
    case REST:
        fuzz_call_rest(data, size);
        break;
    case LONG_TAG:
        if (size >= 4) {
            fuzz_call_long_tag(data[0], (uint16_t)(data[1] << 8 | data[2]), data[3]);
        }
        break;
    default:
        fuzz_configure(&s);
        for (; size > 1; data += 2, size -= 2) {
            fuzz_configure_field(&s, data[0] % 44, data[1]);
        }
        judge(&s, (fuzz_role)what);
        break;
    }
    return 0;
}

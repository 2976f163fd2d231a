/* Writing into an attempt's scratch area. Only `used` and `full` change; once
   full, a writer refuses everything, so that callers check at the end. */
#include "scratch.h"

#include "base64_size.h"
#include "parley/base64.h"
#include "text_of.h"

#include <string.h>

parley_scratch parley_scratch_of(const parley_sasl *s, uint32_t used, size_t secrets)
{
    parley_scratch scratch = {(char *)s->scratch, used, 0, true};

    if (s->scratch_len >= secrets && s->scratch_len - secrets >= used &&
        s->scratch_len <= UINT32_MAX) {
        scratch.size = (uint32_t)(s->scratch_len - secrets);
        scratch.full = false;
    }
    return scratch;
}

/* Takes room; NULL: there is not that much. */
static char *take(parley_scratch *scratch, size_t len)
{
    char *at = scratch->bytes + scratch->used;

    if (scratch->full || len > scratch->size - scratch->used) {
        scratch->full = true;
        return NULL;
    }
    scratch->used += (uint32_t)len;
    return at;
}

void parley_scratch_put_bytes(parley_scratch *scratch, const void *bytes, size_t len)
{
    char *at = take(scratch, len);

    if (at != NULL && len > 0) {
        memcpy(at, bytes, len);
    }
}

void parley_scratch_put_text(parley_scratch *scratch, const char *text)
{
    parley_scratch_put(scratch, parley_text(text));
}

void parley_scratch_encode(parley_scratch *scratch, const void *bytes, size_t len)
{
    char *at = take(scratch, parley_base64_size(len));

    if (at != NULL) {
        parley_base64_encode(bytes, len, at);
    }
}

void parley_scratch_put_number(parley_scratch *scratch, uint32_t number)
{
    char digits[10];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    parley_scratch_put(scratch, (parley_string){digits + at, sizeof digits - at});
}

bool parley_scratch_password(const parley_scratch *scratch, const parley_sasl *s, bool stored,
                             parley_string password, parley_string *prepared)
{
    return !scratch->full &&
           parley_password_prepare((parley_password_preparation)s->preparation, stored, password,
                                   scratch->bytes + scratch->used, scratch->size - scratch->used,
                                   prepared) == PARLEY_OK;
}

void parley_scratch_forget(const parley_scratch *scratch, parley_string prepared)
{
    if (prepared.data == scratch->bytes + scratch->used) {
        parley_wipe(scratch->bytes + scratch->used, prepared.len);
    }
}

parley_string parley_scratch_from(const parley_scratch *scratch, uint32_t begin)
{
    return (parley_string){scratch->bytes + begin, scratch->used - begin};
}

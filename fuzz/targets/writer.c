/* The writer: what it says it has written is read back as what was asked for; what it
   refuses is refused for good. Input: a room, a choice of namespace, operations: a byte
   says which, the next how many bytes it takes. */
#include "common/plan.h"

FUZZ_TARGET(writer)
{
    static fuzz_plan p;
    size_t room = (size_t)fuzz_byte(&data, &size) * 16;
    const char *space = (fuzz_byte(&data, &size) & 1u) != 0 ? "jabber:client" : "";
    parley_writer *w = fuzz_block(1, sizeof *w, 0xA5);
    char *out = fuzz_block(0, room, 0xA5);
    size_t len = 1;
    parley_result result;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    fuzz_plan_begin(&p, parley_string_of(space));
    parley_writer_init(w, out, room, p.space[0]);
    while (size > 0) {
        uint8_t operation = fuzz_byte(&data, &size);
        size_t take = fuzz_byte(&data, &size);
        parley_string text = {(const char *)data, take < size ? take : size};

        fuzz_plan_operate(&p, w, operation, text);
        data += text.len;
        size -= text.len;
    }
    result = parley_writer_finish(w, &len);
    FUZZ_CHECK(result == PARLEY_OK ? len > 0 && len <= room : len == 0);
    if (result == PARLEY_OK) {
        fuzz_plan_read_back(&p, out, len, space);
    } else if (w->error != PARLEY_OK) { /* not an element that was left open */
        parley_writer_text(w, parley_string_of("more"));
        parley_writer_end(w);
        FUZZ_CHECK(parley_writer_finish(w, &len) == result && len == 0);
    }
    fuzz_blocks_check();
    return 0;
}

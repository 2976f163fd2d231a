/* The mutator of fuzz/mutator makes the actions that what reads the inputs knows, a step or a wire,
   with the bytes that each reads behind it, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/actions.h"
#include "common/wire.h"
#include "mutator/mutator.h"

#define ROUNDS 20000
#define ROOM   200
#define RUNS   3 /* of an input: whole, by bytes, in random pieces */

enum { NO_ACTION = 200 };

typedef struct reader {
    const char *target;
    bool server, wire;
    size_t head;
} reader;

static const reader readers[] = {{"client_stanza", false, false, 4},
                                 {"server_stanza", true, false, 4},
                                 {"client_whole", false, true, 3},
                                 {"server_whole", true, true, 3}};

/* How often the reader meets an action that it does not know. */
static unsigned strange(const reader *r, const uint8_t *action, size_t len)
{
    static const fuzz_step steps[] = {{false, {"ready", NULL, NULL, NULL}, NULL, 0},
                                      {true, {"ready", NULL, NULL, NULL}, NULL, 0}};
    uint8_t data[ROOM] = {0};

    data[0] = r->wire ? 2 : 0; /* without a peer's handshake */
    memcpy(data + r->head, action, len);
    fuzz_strange_actions = 0;
    (void)(r->wire ? fuzz_wire_run(r->server, data, r->head + len)
                   : fuzz_step_run(&steps[r->server], data, r->head + len));
    return fuzz_strange_actions / RUNS;
}

static size_t unchanged(uint8_t *data, size_t size, size_t max)
{
    (void)data;
    (void)max;
    return size;
}

/* The action, and one behind it that there is not: the bytes in between belong to the first. Its
   last one would make another action of the one behind it. */
static void is_read(const reader *r, const uint8_t *action, size_t len)
{
    uint8_t data[ROOM];

    if (strange(r, action, len) != 0) {
        fail_msg("%s: nothing reads the action %u", r->target, action[1]);
    }
    memcpy(data, action, len);
    if (len > 2 && (len > 4 || (action[1] != 18 && action[1] != 21))) { /* else it is a length */
        data[len - 1] = 0xFF;
    }
    data[len] = 0xFF;
    data[len + 1] = NO_ACTION;
    if (strange(r, data, len + 2) != 1) {
        fail_msg("%s: of the action %u not %u bytes are read", r->target, action[1], (unsigned)len);
    }
}

static void makes_what_is_read(void **state)
{
    const reader *r = *state;
    static fuzz_span spans[FUZZ_SPANS];
    bool made[256] = {false};

    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        uint8_t data[ROOM] = {0};
        fuzz_mutator m;
        size_t count;
        size_t size;

        assert_true(fuzz_mutator_init(&m, r->target, seed, unchanged));
        assert_int_equal(m.head, r->head);
        memcpy(data + r->head, "\377\13<a/>", 6);
        size = fuzz_mutate(&m, data, r->head + 6, ROOM);
        count = fuzz_scan(data, size, r->head, true, spans);
        for (size_t i = 0; i < count; i++) {
            size_t len = spans[i].to - spans[i].from;
            uint8_t action = len > 1 ? data[spans[i].from + 1] : 0;

            if (spans[i].kind == FUZZ_ACTION && len > 1 && spans[i].to < size && !made[action]) {
                is_read(r, data + spans[i].from, len);
                made[action] = true;
            }
        }
    }
    for (unsigned action = 0; action < 256; action++) {
        const uint8_t bytes[] = {0xFF, (uint8_t)action, 0, 0};
        bool is_others = action == (r->server ? 20 : 21); /* a count is a server's to ask for */

        if (!made[action] && !is_others && strange(r, bytes, sizeof bytes) == 0) {
            fail_msg("%s: the action %u is never made", r->target, action);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"of a client's step", makes_what_is_read, NULL, NULL, (void *)&readers[0]},
        {"of a server's step", makes_what_is_read, NULL, NULL, (void *)&readers[1]},
        {"of a client's wire", makes_what_is_read, NULL, NULL, (void *)&readers[2]},
        {"of a server's wire", makes_what_is_read, NULL, NULL, (void *)&readers[3]},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

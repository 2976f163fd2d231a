#include <string.h>

#include "common/scram.h"
#include "common/wire.h"

static void hear_scram(fuzz_wire *w, bool second)
{
    static char text[FUZZ_SCRAM_SIZE];
    const char *data = text;
    size_t len;

    if (w->server != NULL && second) {
        data = fuzz_scram_auth;
        len = strlen(data);
    } else if (w->server != NULL) {
        len = fuzz_scram_response(w->party.said, &w->party.heard->log, NULL, text);
    } else {
        len = second ? fuzz_scram_success(w->party.said, &w->party.heard->log, 0, NULL, text)
                     : fuzz_scram_challenge(w->party.said, NULL, text);
    }
    fuzz_wire_says(w, (const uint8_t *)data, len);
}

/* Those of common/step.h that a wire has. */
static void act(fuzz_wire *w, uint8_t action)
{
    fuzz_party *p = &w->party;
    parley_writer writer;
    uint32_t phase;

    switch (action) {
    case 0:
        (void)FUZZ_CALL1(p, deadline, &phase);
        FUZZ_CALL1(p, expired, phase);
        break;
    case 3:
        FUZZ_CALL0(p, close);
        break;
    case 4:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
        break;
    case 5:
        if (FUZZ_CALL1(p, stanza, &writer) == PARLEY_OK) {
            parley_writer_start(&writer, "presence", NULL);
            parley_writer_end(&writer);
            FUZZ_CHECK(FUZZ_CALL1(p, send, &writer) == PARLEY_OK);
        }
        break;
    case 14:
        w->is_stuck = true;
        break;
    case 17:
        p->puts_off = !p->puts_off;
        break;
    case 8:
        if (w->peer_is_up) {
            br_ssl_engine_close(w->peer);
        }
        break;
    case 11:
    case 12:
        hear_scram(w, action == 12);
        break;
    default:
        break;
    }
    fuzz_wire_settle(w);
}

static void run_once(bool server, const uint8_t *data, size_t size, unsigned kind, fuzz_log *log,
                     fuzz_log *said)
{
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256_plus,
                                                         &parley_scram_sha_256, &parley_plain};
    static fuzz_wire w;
    fuzz_settings settings = {0};
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t seed = fuzz_byte(&data, &size);
    uint8_t manners = fuzz_byte(&data, &size);
    bool raw = false;

    settings.stepwise = (choice & 1u) != 0;
    settings.skip_large = (choice & 4u) != 0;
    settings.direct = (choice & 8u) != 0;
    settings.variant = choice >> 5;
    settings.mechanisms = (choice & 16u) != 0 ? mechanisms : mechanisms + 2;
    settings.mechanism_count = (choice & 16u) != 0 ? 3 : 1;
    fuzz_wire_open(&w, server, &settings, log, said, kind, seed);
    w.party.manners = manners;
    w.alone = (choice & 2u) != 0;
    fuzz_wire_settle(&w);
    while (size > 0) {
        const uint8_t *action = memchr(data, 0xFF, size);
        size_t text = action != NULL ? (size_t)(action - data) : size;

        if (raw) {
            fuzz_wire_raw(&w, data, text);
        } else {
            fuzz_wire_says(&w, data, text);
        }
        data += text;
        size -= text;
        if (size > 0) {
            uint8_t what = (fuzz_byte(&data, &size), fuzz_byte(&data, &size));

            raw = what == 13;
            act(&w, what);
        }
    }
    if (!w.is_stuck) { /* else the end finds what has been put off */
        w.party.puts_off = false;
    }
    fuzz_wire_close(&w);
}

int fuzz_wire_run(bool server, const uint8_t *data, size_t size)
{
    static fuzz_log logs[2], said[2];

    if (size < 4 || size > FUZZ_INPUT) {
        return 0;
    }
    run_once(server, data, size, FUZZ_WHOLE, &logs[0], &said[0]);
    fuzz_log_show(&logs[0]);
    fuzz_log_show(&said[0]);
    for (unsigned kind = FUZZ_BYTES; kind <= FUZZ_RANDOM; kind++) {
        run_once(server, data, size, kind, &logs[1], &said[1]);
        fuzz_log_same(&logs[0], &logs[1]);
        fuzz_log_same(&said[0], &said[1]);
    }
    return 0;
}

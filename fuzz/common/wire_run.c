#include <string.h>

#include "common/actions.h"
#include "common/wire.h"

typedef struct run {
    fuzz_wire wire;
    bool raw;     /* text goes to the wire as it is */
    bool changed; /* the challenge */
} run;

static void hear(run *r, const void *data, size_t len)
{
    if (r->raw) {
        fuzz_wire_raw(&r->wire, data, len);
    } else {
        fuzz_wire_says(&r->wire, data, len);
    }
}

static void hear_scram(run *r, bool second, const fuzz_edit *edit)
{
    static char text[FUZZ_SCRAM_SIZE];
    size_t len = fuzz_scram_due(&r->wire.party, second, edit, &r->changed, text);

    hear(r, text, len);
}

static void hear_first(run *r, parley_string authzid)
{
    static char text[FUZZ_SCRAM_SIZE];

    if (r->wire.server != NULL) {
        hear(r, text, fuzz_scram_first(authzid, text));
    }
}

static void redirect(fuzz_party *p, parley_string address)
{
    parley_result result;

    if (p->server != NULL) {
        result = parley_server_redirect(p->server, address);
        FUZZ_CHECK(result == PARLEY_MISUSE || !p->closed);
        fuzz_log_number(p->log, "\nredirect ", (unsigned)result);
    }
}

static void act_at_once(run *r, uint8_t action)
{
    fuzz_party *p = &r->wire.party;

    switch (action) {
    case 0:
    case 1:
        fuzz_expire(p, action == 1);
        break;
    case 2:
        fuzz_wire_finish(&r->wire);
        break;
    case 3:
        FUZZ_CALL0(p, close);
        break;
    case 4:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
        break;
    case 5:
    case 9:
        (void)fuzz_put(p, action == 5 ? 3 : 5000);
        break;
    case 8:
        if (r->wire.peer_is_up) {
            br_ssl_engine_close(r->wire.peer);
        }
        break;
    case 10:
        fuzz_misuse(p);
        break;
    case 11:
    case 12:
        hear_scram(r, action == 12, NULL);
        break;
    case 13:
    case 14:
        break;
    case 17:
        p->puts_off = !p->puts_off;
        break;
    case 19:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_SEE_OTHER_HOST);
        break;
    case 22:
        (void)fuzz_put(p, 3);
        (void)fuzz_put(p, 100);
        break;
    case 23:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_CONDITION_NONE);
        break;
    case 24:
        r->wire.is_stuck = true;
        break;
    case 255:
        hear(r, "\377", 1);
        break;
    default:
        fuzz_strange_actions++;
        break;
    }
}

static void act(run *r, uint8_t action, const uint8_t **data, size_t *size)
{
    fuzz_edit edit = {0, 0, action == 16, 0};

    r->raw = r->raw && action == 255;
    switch (action) {
    case 15:
    case 16:
        edit.at = fuzz_byte(data, size);
        edit.change = fuzz_byte(data, size);
        hear_scram(r, action == 16 && r->wire.server == NULL, &edit);
        break;
    case 18:
        redirect(&r->wire.party, fuzz_text_of(data, size));
        break;
    case 20:
        edit.iterations = fuzz_two_bytes(data, size);
        if (r->wire.server == NULL) {
            hear_scram(r, false, &edit);
        }
        break;
    case 21:
        hear_first(r, fuzz_text_of(data, size));
        break;
    default:
        act_at_once(r, action);
        break;
    }
    r->raw = r->raw || action == 13;
    fuzz_wire_settle(&r->wire);
}

static void run_once(bool server, const uint8_t *data, size_t size, unsigned kind, fuzz_log *log,
                     fuzz_log *said)
{
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256_plus,
                                                         &parley_scram_sha_256, &parley_plain};
    static run r;
    fuzz_wire *w = &r.wire;
    fuzz_settings settings = {0};
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t seed = fuzz_byte(&data, &size);
    uint8_t manners = fuzz_byte(&data, &size);
    unsigned actions = 0;

    memset(&r, 0, sizeof r);
    settings.stepwise = (choice & 1u) != 0;
    settings.skip_large = (choice & 4u) != 0;
    settings.direct = (choice & 8u) != 0;
    settings.variant = choice >> 5;
    settings.mechanisms = (choice & 16u) != 0 ? mechanisms : mechanisms + 2;
    settings.mechanism_count = (choice & 16u) != 0 ? 3 : 1;
    fuzz_wire_open(w, server, &settings, log, said, kind, seed);
    w->party.manners = manners;
    w->alone = (choice & 2u) != 0;
    fuzz_wire_settle(w);
    while (size > 0 && actions < FUZZ_ACTIONS) {
        const uint8_t *action = memchr(data, 0xFF, size);
        size_t text = action != NULL ? (size_t)(action - data) : size;

        hear(&r, data, text);
        data += text;
        size -= text;
        if (size > 0) {
            uint8_t what = (fuzz_byte(&data, &size), fuzz_byte(&data, &size));

            actions++;
            act(&r, what, &data, &size);
        }
    }
    if (!w->is_stuck) { /* else the end finds what has been put off */
        w->party.puts_off = false;
    }
    fuzz_wire_close(w);
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

/* TLS records that are not in order, on both roles: from the first byte on, behind a
   handshake, and inside one.

   Input: settings (role, what is wrong, a server that asks for certificates, a deadline that
   passes then), the seed of the cuts; then the bytes, or edits of
   what the peer sends: offset (2 bytes), XOR. */
#include "common/wire.h"

enum { FROM_THE_START, BEHIND, INSIDE };

static void expire(fuzz_wire *w)
{
    uint32_t phase;

    (void)FUZZ_CALL1(&w->party, deadline, &phase);
    FUZZ_CALL1(&w->party, expired, phase);
    fuzz_wire_settle(w);
}

static void run(const uint8_t *data, size_t size, unsigned kind, fuzz_log *log, fuzz_log *said)
{
    static const parley_mechanism *const mechanisms[] = {&parley_plain};
    static fuzz_terms terms;
    static fuzz_wire w;
    fuzz_settings settings = {0};
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t seed = fuzz_byte(&data, &size);
    unsigned wrong = (choice >> 1) % 3;

    settings.direct = true;
    settings.mechanisms = mechanisms;
    settings.mechanism_count = 1;
    terms.unix_time = FUZZ_WIRE_TIME;
    terms.asks = (choice & 64u) != 0;
    fuzz_wire_open_on(&w, (choice & 1u) != 0, &settings, &terms, log, said, kind, seed);
    if (wrong == FROM_THE_START) {
        w.alone = true;
        fuzz_wire_raw(&w, data, size);
        if ((choice & 128u) != 0) {
            expire(&w);
        }
    } else if (wrong == BEHIND) {
        fuzz_wire_settle(&w);
        FUZZ_CHECK(w.party.tls);
        fuzz_wire_raw(&w, data, size);
    } else {
        w.edits = data;
        w.edit_count = size / 3;
        fuzz_wire_settle(&w);
    }
    FUZZ_CHECK(!w.party.authenticated && (wrong != FROM_THE_START || !w.party.tls));
    fuzz_wire_close(&w);
}

FUZZ_TARGET(tls_records)
{
    static fuzz_log logs[2], said[2];

    if (size < 2 || size > FUZZ_INPUT) {
        return 0;
    }
    run(data, size, FUZZ_WHOLE, &logs[0], &said[0]);
    fuzz_log_show(&logs[0]);
    for (unsigned kind = FUZZ_BYTES; kind <= FUZZ_RANDOM; kind++) {
        run(data, size, kind, &logs[1], &said[1]);
        fuzz_log_same(&logs[0], &logs[1]);
        fuzz_log_same(&said[0], &said[1]);
    }
    return 0;
}

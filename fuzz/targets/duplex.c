/* Both cores talking, while what they say is changed, dropped, repeated or cut off.

   Input: a byte of settings (client stepwise, server stepwise, direct TLS, binding, PLAIN), the
   seed of the cuts, then edits of 4 bytes: direction and kind, position (2 bytes, of what
   was said in that direction), argument. */
#include "common/side.h"

static bool waits(const fuzz_side *s)
{
    return (FUZZ_CALL0(&s->party, state) & PARLEY_WAITS_TLS) != 0;
}

static void talk(fuzz_side *client, fuzz_side *server, bool binding)
{
    bool moved = true;
    bool sent = false;

    FUZZ_CHECK(FUZZ_CALL0(&client->party, begin) == PARLEY_OK);
    FUZZ_CHECK(FUZZ_CALL0(&server->party, begin) == PARLEY_OK);
    fuzz_party_run(&client->party);
    fuzz_party_run(&server->party);
    while (moved) {
        moved = fuzz_side_listen(server, client);
        moved = fuzz_side_listen(client, server) || moved;
        if (!moved && waits(client) && waits(server)) {
            fuzz_tls_up(&server->party, false, binding);
            fuzz_tls_up(&client->party, true, binding);
            moved = true;
        } else if (!moved && !sent && client->party.bound) {
            (void)fuzz_send(&client->party, 5);
            parley_client_close(client->party.client);
            fuzz_party_run(&client->party);
            sent = moved = true;
        }
    }
}

static void run(fuzz_side *client, fuzz_side *server, unsigned kind, const uint8_t *data,
                size_t size)
{
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256_plus,
                                                         &parley_scram_sha_256, &parley_plain};
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t seed = fuzz_byte(&data, &size);
    fuzz_settings settings = {0};

    fuzz_style_of(kind);
    fuzz_side_reset(client);
    fuzz_side_reset(server);
    settings.mechanisms = (choice & 16u) != 0 ? mechanisms + 2 : mechanisms;
    settings.mechanism_count = (choice & 16u) != 0 ? 1 : 3;
    settings.direct = (choice & 4u) != 0;
    settings.variant = choice >> 5;
    settings.stepwise = (choice & 1u) != 0;
    fuzz_open_client(&client->party, &settings, (uint8_t)(0xA5 + kind));
    settings.stepwise = (choice & 2u) != 0;
    fuzz_open_server(&server->party, &settings, (uint8_t)(0xA5 + kind));
    fuzz_party_open(&client->party, &client->log, &client->said, &client->whole,
                    fuzz_cuts_of(kind, seed));
    fuzz_party_open(&server->party, &server->log, &server->said, &server->whole,
                    fuzz_cuts_of(kind, seed));
    client->party.plain = server->party.plain = true;
    fuzz_side_edits(client, server, data, size);
    talk(client, server, (choice & 8u) != 0);
    /* Undisturbed they come to an understanding, and part in order. */
    FUZZ_CHECK(client->edit_count + server->edit_count > 0 ||
               (client->party.bound && server->party.bound && client->party.closed &&
                server->party.closed && client->party.code == PARLEY_NO_ERROR &&
                server->party.code == PARLEY_NO_ERROR));
    fuzz_party_close(&client->party);
    fuzz_party_close(&server->party);
}

FUZZ_TARGET(duplex)
{
    static fuzz_side sides[4];

    if (size < 2 || size > 2 + 4 * FUZZ_SIDE_EDITS) {
        return 0;
    }
    run(&sides[0], &sides[1], FUZZ_WHOLE, data, size);
    fuzz_log_show(&sides[0].log);
    fuzz_log_show(&sides[1].log);
    fuzz_log_show(&sides[0].said);
    fuzz_log_show(&sides[1].said);
    for (unsigned kind = FUZZ_BYTES; kind <= FUZZ_RANDOM; kind++) {
        run(&sides[2], &sides[3], kind, data, size);
        for (size_t i = 0; i < 2; i++) {
            fuzz_log_same(&sides[i].log, &sides[i + 2].log);
            fuzz_log_same(&sides[i].said, &sides[i + 2].said);
        }
    }
    return 0;
}

/* Both cores talking, while what they say is changed, dropped, repeated or cut off.

   Input: a byte of settings (client stepwise, server stepwise, direct TLS, binding, PLAIN), the
   seed of the cuts, then edits of 4 bytes: direction and kind, position (2 bytes, of what
   was said in that direction), argument. */
#include <string.h>

#include "common/step.h"

#define EDITS 32

enum { CHANGE, DROP, INSERT, CUT_OFF, REPEAT, LATE, SHUT, SEND };

typedef struct edit {
    unsigned kind;
    size_t at;
    uint8_t argument;
} edit;

typedef struct side {
    fuzz_party party;
    fuzz_log log;
    fuzz_log said;
    fuzz_heard whole; /* what it heard, edits and all */
    size_t heard;     /* of what the other said */
    bool deaf;        /* its input has ended */
    edit edits[EDITS];
    size_t edit_count;
    size_t edit_next;
} side;

/* In the order of their positions. */
static void add_edit(side *s, edit e)
{
    size_t i = s->edit_count;

    if (i == EDITS) {
        return;
    }
    for (; i > 0 && s->edits[i - 1].at > e.at; i--) {
        s->edits[i] = s->edits[i - 1];
    }
    s->edits[i] = e;
    s->edit_count++;
}

static void hear(side *s, const void *data, size_t len)
{
    if (!s->deaf && len > 0) {
        (void)fuzz_party_feed(&s->party, data, len, &s->party.cuts);
    }
}

/* The edit at the position that has been heard up to. */
static void take_edit(side *s, const side *from)
{
    const edit *e = &s->edits[s->edit_next++];
    const char *here = from->said.bytes + s->heard;
    size_t again = e->argument < s->heard ? e->argument : s->heard;
    uint32_t phase;

    switch (e->kind) {
    case CHANGE:
    case DROP:
        if (e->kind == CHANGE) {
            hear(s, &e->argument, 1);
        }
        s->heard += s->heard < from->said.len;
        break;
    case INSERT:
        hear(s, &e->argument, 1);
        break;
    case CUT_OFF:
        s->deaf = true;
        FUZZ_CALL0(&s->party, finish);
        break;
    case REPEAT:
        hear(s, here - again, again);
        break;
    case LATE:
        (void)FUZZ_CALL1(&s->party, deadline, &phase);
        FUZZ_CALL1(&s->party, expired, phase);
        break;
    case SHUT:
        FUZZ_CALL0(&s->party, close);
        break;
    default:
        (void)fuzz_send(&s->party, e->argument);
        break;
    }
    fuzz_party_run(&s->party);
}

/* Whether anything was heard. */
static bool listen(side *s, const side *from)
{
    bool moved = false;

    while (s->heard < from->said.len) {
        size_t until = from->said.len;
        bool edited = s->edit_next < s->edit_count && s->edits[s->edit_next].at < until;

        if (edited) {
            until = s->edits[s->edit_next].at > s->heard ? s->edits[s->edit_next].at : s->heard;
        }
        hear(s, from->said.bytes + s->heard, until - s->heard);
        s->heard = until;
        if (edited) {
            take_edit(s, from);
        }
        moved = true;
    }
    return moved;
}

static bool waits(const side *s)
{
    return (FUZZ_CALL0(&s->party, state) & PARLEY_WAITS_TLS) != 0;
}

static void talk(side *client, side *server, bool binding)
{
    bool moved = true;
    bool sent = false;

    FUZZ_CHECK(FUZZ_CALL0(&client->party, begin) == PARLEY_OK);
    FUZZ_CHECK(FUZZ_CALL0(&server->party, begin) == PARLEY_OK);
    fuzz_party_run(&client->party);
    fuzz_party_run(&server->party);
    while (moved) {
        moved = listen(server, client);
        moved = listen(client, server) || moved;
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

static void run(side *client, side *server, unsigned kind, const uint8_t *data, size_t size)
{
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256_plus,
                                                         &parley_scram_sha_256, &parley_plain};
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t seed = fuzz_byte(&data, &size);
    fuzz_settings settings = {0};

    memset(client, 0, offsetof(side, log));
    memset(server, 0, offsetof(side, log));
    client->heard = client->edit_count = client->edit_next = 0;
    server->heard = server->edit_count = server->edit_next = 0;
    client->deaf = server->deaf = false;
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
    while (size >= 4) {
        uint8_t what = fuzz_byte(&data, &size);
        size_t high = fuzz_byte(&data, &size);
        edit e = {what >> 1 & 7u, high << 8 | fuzz_byte(&data, &size), 0};

        e.argument = fuzz_byte(&data, &size);
        add_edit((what & 1u) != 0 ? client : server, e);
    }
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
    static side sides[4];

    if (size < 2 || size > 2 + 4 * EDITS) {
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

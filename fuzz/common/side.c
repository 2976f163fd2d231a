#include "common/side.h"

#include <string.h>

/* In the order of their positions. */
static void add_edit(fuzz_side *s, fuzz_side_edit e)
{
    size_t i = s->edit_count;

    if (i == FUZZ_SIDE_EDITS) {
        return;
    }
    for (; i > 0 && s->edits[i - 1].at > e.at; i--) {
        s->edits[i] = s->edits[i - 1];
    }
    s->edits[i] = e;
    s->edit_count++;
}

static void hear(fuzz_side *s, const void *data, size_t len)
{
    if (!s->deaf && len > 0) {
        (void)fuzz_party_feed(&s->party, data, len, &s->party.cuts);
    }
}

/* The edit at the position that has been heard up to. */
static void take_edit(fuzz_side *s, const fuzz_side *from)
{
    const fuzz_side_edit *e = &s->edits[s->edit_next++];
    const char *here = from->said.bytes + s->heard;
    size_t again = e->argument < s->heard ? e->argument : s->heard;
    uint32_t phase;

    switch (e->kind) {
    case FUZZ_SIDE_CHANGE:
    case FUZZ_SIDE_DROP:
        if (e->kind == FUZZ_SIDE_CHANGE) {
            hear(s, &e->argument, 1);
        }
        s->heard += s->heard < from->said.len;
        break;
    case FUZZ_SIDE_INSERT:
        hear(s, &e->argument, 1);
        break;
    case FUZZ_SIDE_CUT_OFF:
        s->deaf = true;
        FUZZ_CALL0(&s->party, finish);
        break;
    case FUZZ_SIDE_REPEAT:
        hear(s, here - again, again);
        break;
    case FUZZ_SIDE_LATE:
        (void)FUZZ_CALL1(&s->party, deadline, &phase);
        FUZZ_CALL1(&s->party, expired, phase);
        break;
    case FUZZ_SIDE_SHUT:
        FUZZ_CALL0(&s->party, close);
        break;
    default:
        (void)fuzz_send(&s->party, e->argument);
        break;
    }
    fuzz_party_run(&s->party);
}

bool fuzz_side_listen(fuzz_side *s, const fuzz_side *from)
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

void fuzz_side_reset(fuzz_side *s)
{
    memset(s, 0, offsetof(fuzz_side, log));
    s->heard = s->edit_count = s->edit_next = 0;
    s->deaf = false;
}

void fuzz_side_edits(fuzz_side *client, fuzz_side *server, const uint8_t *data, size_t size)
{
    for (; size >= 4; data += 4, size -= 4) {
        fuzz_side_edit e = {data[0] >> 1 & 7u, (size_t)data[1] << 8 | data[2], data[3]};

        add_edit((data[0] & 1u) != 0 ? client : server, e);
    }
}

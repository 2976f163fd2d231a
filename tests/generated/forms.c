/* One machine in two forms, state by state and byte by byte; tests/generated/forms.py writes
   machine.h. The table form is the committed C, its arrays writable; every action only says that
   it was there. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTIONS 16

typedef struct {
    int cs;
    int at; /* where p stands */
    int count;
    int actions[ACTIONS]; /* which ran, and where p stood: 2 * action + offset */
} outcome;

typedef struct {
    const char *name;
    void *data;
    size_t size;
} table;

typedef struct {
    int table;
    int at;
    int value;
} change;

/* What a step is: a byte of a chunk; one after which the host stops if the action can; the last
   byte; the end of input. The last two without an eof where the table form has none (ENDS). */
enum { CHUNK, STOP, LAST, END, KINDS };

static outcome now;
static const unsigned char *begin;
static bool stops;

static void ran(int action, const unsigned char *p)
{
    if (now.count < ACTIONS) {
        now.actions[now.count] = 2 * action + (int)(p - begin);
    }
    now.count++; /* beyond these only their number is compared */
}

#include "machine.h"

typedef int form(int cs, const unsigned char **p, const unsigned char *pe,
                 const unsigned char *eof);

static outcome step(form *machine, int cs, int kind, int value)
{
    static unsigned char byte[1]; /* one byte, and AddressSanitizer guards the next */
    const unsigned char *const end = byte + 1;
    const unsigned char *p = kind == END ? end : byte;

    byte[0] = (unsigned char)value;
    begin = byte;
    stops = kind == STOP;
    memset(&now, 0, sizeof now);
    now.cs = machine(cs, &p, end, ENDS && (kind == LAST || kind == END) ? end : NULL);
    now.at = (int)(p - byte);
    return now;
}

static void show(const char *name, const outcome *o)
{
    printf("  %s: to state %d, p at %d, actions", name, o->cs, o->at);
    for (int i = 0; i < o->count && i < ACTIONS; i++) {
        printf(" %s", action_names[o->actions[i] / 2]);
    }
    printf("\n");
}

/* Returns how many steps differ; with say, each is shown, else the first ends it. */
static long compare(const bool *reached, bool say, long *steps)
{
    long differ = 0;

    for (int cs = 0; cs < STATES; cs++) {
        for (int i = 0; reached[cs] && i < (KINDS - 1) * 256 + 1; i++) {
            const int kind = i / 256, value = i % 256;
            if (kind == STOP && !BREAKS) {
                continue;
            }
            const outcome a = step(step_table, cs, kind, value);
            const outcome b = step(step_fast, cs, kind, value);
            ++*steps;
            if (memcmp(&a, &b, sizeof a) == 0) {
                continue;
            }
            differ++;
            if (!say) {
                return differ;
            }
            if (differ <= 10) {
                printf("state %d, %s 0x%02x:\n", cs, kind_names[kind], (unsigned)value);
                show("table", &a);
                show("-G2", &b);
            }
        }
    }
    return differ;
}

/* The states that -G2 gets to from where a machine can begin. */
static int reach(bool *reached)
{
    int stack[STATES], depth = 0, count = 0;

    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (!reached[entries[i]]) {
            reached[entries[i]] = true;
            stack[depth++] = entries[i];
        }
    }
    while (depth > 0) {
        const int cs = stack[--depth];
        count++;
        for (int value = 0; value < 256; value++) {
            const int to = step(step_fast, cs, CHUNK, value).cs;
            if (to < 0 || to >= STATES) {
                printf("-G2 goes from state %d to %d, which the tables do not have\n", cs, to);
                exit(1);
            }
            if (!(HAS_ERROR && to == 0) && !reached[to]) {
                reached[to] = true;
                stack[depth++] = to;
            }
        }
    }
    return count;
}

static int value_of(const table *t, int at, const int *set)
{
    if (t->size == 1) {
        unsigned char *element = (unsigned char *)t->data + at;
        const int old = *element;
        *element = set != NULL ? (unsigned char)*set : *element;
        return old;
    }
    short *element = (short *)t->data + at;
    const int old = *element;
    *element = set != NULL ? (short)*set : *element;
    return old;
}

int main(void)
{
    bool reached[STATES] = {false};
    long steps = 0, spent = 0;
    const int count = reach(reached);

    if (count != STATES - HAS_ERROR) {
        printf("%d states of %d are reached\n", count, STATES - HAS_ERROR);
        return 1;
    }
    const long differ = compare(reached, true, &steps);
    printf("steps %d %ld %ld\n", count, steps, differ);
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        const table *t = &tables[plants[i].table];
        const int old = value_of(t, plants[i].at, &plants[i].value);
        printf("planted %s %ld\n", t->name, compare(reached, false, &spent));
        value_of(t, plants[i].at, &old);
    }
    return differ == 0 ? 0 : 1;
}

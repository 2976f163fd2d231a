/* `parley states`: the negotiation machine, from the table that ships with it. */
#include "commands.h"
#include "drawing.h"
#include "machine_view.h"
#include "options.h"
#include "report.h"
#include "status.h"

#include <parley/machine.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_FORMAT = 256 };

static const struct option known[] = {
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley states [client|server] [text|dot|mermaid|svg]\n"
    "Prints the negotiation machine of a role (client): its states with the clause they\n"
    "come from, and each event they take. What a state does not name is rejected, and\n"
    "leads to closing.\n"
    "\n"
    "  --format FORMAT   text (the default), dot (Graphviz), mermaid, or svg\n"
    "  --help            this text\n";

typedef void (*printer)(const parley_machine *machine);

typedef struct format {
    const char *name;
    printer print;
} format;

static const char *const steps[] = {"",     "open",    "encrypt and authenticate",
                                    "bind", "session", "stanzas",
                                    "close"};

static const char *deadline_name(unsigned deadline)
{
    static const char *const names[] = {"none", "open", "tls", "sasl", "bind", "ready", "closing"};

    return deadline < sizeof names / sizeof names[0] ? names[deadline] : "?";
}

static const char *name_of(const parley_machine *machine, uint8_t state)
{
    return machine->states[state].name;
}

static const char *event_of(const parley_machine *machine, const parley_machine_transition *t)
{
    return machine->events[t->event];
}

/* Text: every transition. */

static void put_arrow(const parley_machine *machine, const char *event,
                      const parley_machine_transition *t)
{
    printf("    %-22s -> %-24s%s\n", event, name_of(machine, t->next),
           *t->actions != '\0' ? t->actions : "-");
}

static void print_text(const parley_machine *machine)
{
    for (uint8_t s = 0; s < machine->state_count; s++) {
        const parley_machine_state *state = &machine->states[s];

        printf("%s%s  (%s, step %u: %s, deadline %s)\n", s > 0 ? "\n" : "", state->name,
               state->clause, state->step,
               state->step < sizeof steps / sizeof steps[0] ? steps[state->step] : "?",
               deadline_name(state->deadline));
        for (unsigned i = 0; i < machine->transition_count; i++) {
            const parley_machine_transition *t = &machine->transitions[i];

            if (t->state == s && !view_is_default(machine, t)) {
                put_arrow(machine, event_of(machine, t), t);
            }
        }
        put_arrow(machine, "anything else", view_default(machine, s));
    }
}

/* Drawings. An arrow is drawn where it leads on; what stays, and what leads to
   the end, stands in the state's box; what most states do at the end stands in
   one box for all. */

static bool is_arrow(const parley_machine *machine, const parley_machine_transition *t)
{
    return !view_is_default(machine, t) && !view_is_usual(machine, t) && t->next != t->state &&
           !view_is_last(machine, t->next);
}

/* Events that go the same way, and what is done. */
static void put_label(const parley_machine *machine, const parley_machine_transition *t,
                      const char *between, const char *before_actions)
{
    bool first = true;

    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *other = &machine->transitions[i];

        if (view_is_alike(t, other)) {
            printf("%s%s", first ? "" : between, event_of(machine, other));
            first = false;
        }
    }
    if (*t->actions != '\0') {
        printf("%s/ %s", before_actions, t->actions);
    }
}

static void put_exit(const parley_machine *machine, const parley_machine_transition *t,
                     const char *event, const char *arrow, const char *end)
{
    bool stays = t->next == t->state;

    printf("%s%s%s%s%s%s", event, stays ? ": stays" : arrow,
           stays ? "" : name_of(machine, t->next), *t->actions != '\0' ? " / " : "", t->actions,
           end);
}

/* The lines in a state's box. */
static void put_exits(const parley_machine *machine, uint8_t state, const char *arrow,
                      const char *end)
{
    bool last = view_is_last(machine, state);

    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];

        if (t->state != state) {
            continue;
        }
        if (!view_is_default(machine, t)) {
            if (!view_is_usual(machine, t) && !is_arrow(machine, t)) {
                put_exit(machine, t, event_of(machine, t), arrow, end);
            }
        } else if (!last && view_usual(machine, t->event) != NULL) {
            put_exit(machine, t, event_of(machine, t), arrow, end);
        }
    }
    if (last) {
        put_exit(machine, view_default(machine, state), "anything else", arrow, end);
    }
}

/* The lines of the box for all. */
static void put_usual(const parley_machine *machine, const char *arrow, const char *end)
{
    for (unsigned event = 1; event <= machine->event_count; event++) {
        const parley_machine_transition *t = view_usual(machine, (uint8_t)event);

        if (t != NULL) {
            put_exit(machine, t, event_of(machine, t), arrow, end);
        }
    }
    put_exit(machine, view_default(machine, 0), "anything else", arrow, end);
}

static void print_dot(const parley_machine *machine)
{
    printf("digraph %s {\n"
           "    node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=10];\n"
           "    edge [fontname=\"Helvetica\", fontsize=9];\n"
           "    every_state [shape=note, style=\"\", label=<<b>every state, if it does not say "
           "otherwise</b><br/>",
           machine->name);
    put_usual(machine, " &#8594; ", "<br align=\"left\"/>");
    puts(">];");
    for (uint8_t s = 0; s < machine->state_count; s++) {
        printf("    %s [label=<<b>%s</b><br/>%s<br/>", name_of(machine, s), name_of(machine, s),
               machine->states[s].clause);
        put_exits(machine, s, " &#8594; ", "<br align=\"left\"/>");
        puts(">];");
    }
    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];

        if (is_arrow(machine, t) && view_is_first(machine, t)) {
            printf("    %s -> %s [label=\"", name_of(machine, t->state),
                   name_of(machine, t->next));
            put_label(machine, t, "\\n", "\\n");
            puts("\"];");
        }
    }
    for (uint8_t s = 0; s < machine->state_count; s++) {
        if (view_is_last(machine, s)) {
            printf("    every_state -> %s [style=dashed];\n", name_of(machine, s));
        }
    }
    puts("}");
}

static void print_mermaid(const parley_machine *machine)
{
    printf("stateDiagram-v2\n    [*] --> %s\n", name_of(machine, 0));
    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];

        if (is_arrow(machine, t) && view_is_first(machine, t)) {
            printf("    %s --> %s: ", name_of(machine, t->state), name_of(machine, t->next));
            put_label(machine, t, ", ", " ");
            putchar('\n');
        }
    }
    for (uint8_t s = 0; s < machine->state_count; s++) {
        printf("    note right of %s\n        %s\n", name_of(machine, s),
               machine->states[s].clause);
        put_exits(machine, s, " to ", "\n");
        puts("    end note");
    }
    puts("    state \"every state, if it does not say otherwise\" as every_state");
    puts("    note right of every_state");
    put_usual(machine, " to ", "\n");
    puts("    end note");
    for (uint8_t s = 0; s < machine->state_count; s++) {
        if (view_is_last(machine, s)) {
            printf("    every_state --> %s\n", name_of(machine, s));
        }
    }
    printf("    %s --> [*]\n", name_of(machine, (uint8_t)(machine->state_count - 1)));
}

static const format formats[] = {
    {"text", print_text},
    {"dot", print_dot},
    {"mermaid", print_mermaid},
    {"svg", drawing_print},
};

static const parley_machine *find_machine(const char *name)
{
    if (strcmp(name, parley_client_machine.name) == 0) {
        return &parley_client_machine;
    }
    return strcmp(name, parley_server_machine.name) == 0 ? &parley_server_machine : NULL;
}

static printer find_format(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(name, formats[i].name) == 0) {
            return formats[i].print;
        }
    }
    return NULL;
}

int command_states(int argc, char **argv)
{
    const parley_machine *machine = &parley_client_machine;
    printer print = print_text;
    int option;

    while ((option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return STATUS_OK;
        }
        if (option != OPTION_FORMAT) {
            return STATUS_USAGE;
        }
        print = find_format(optarg);
        if (print == NULL) {
            return report_usage("--format takes text, dot, mermaid or svg, not '%s'", optarg);
        }
    }
    for (; optind < argc; optind++) {
        const parley_machine *named = find_machine(argv[optind]);
        printer wanted = find_format(argv[optind]);

        if (named == NULL && wanted == NULL) {
            return report_usage("'%s' is neither client nor server, nor a format", argv[optind]);
        }
        machine = named != NULL ? named : machine;
        print = wanted != NULL ? wanted : print;
    }
    print(machine);
    return STATUS_OK;
}

/* The parley command: which sub-command is meant. */
#include "commands.h"
#include "report.h"
#include "status.h"

#include <parley/version.h>
#include <stdio.h>
#include <string.h>

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command;

static const command commands[] = {
    {"demo", command_demo, "both ends in one process: the six steps, as a conversation"},
    {"connect", command_connect, "a session with a real server"},
    {"probe", command_probe, "what a server offers and how it keeps the rules; no account needed"},
    {"serve", command_serve, "a small server, for tests, labs and closed networks"},
    {"xml", command_xml, "a document's tokens, or why it is refused"},
    {"jid", command_jid, "a JID's prepared parts, or why it is refused"},
    {"anchors", command_anchors, "the certificates of a PEM file as trust anchors in C"},
    {"states", command_states, "the negotiation machine as text or as a drawing"},
};

static void help(FILE *out)
{
    fputs("Usage: parley COMMAND [OPTION]...\n"
          "XMPP stream negotiation, formal and bounded (RFC 6120).\n"
          "\n"
          "Commands:\n",
          out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(out, "  %-9s%s\n", commands[i].name, commands[i].summary);
    }
    fputs("\n"
          "  parley COMMAND --help   what it does, and its options\n"
          "  parley --version        the version\n"
          "\n"
          "Start with: parley demo\n",
          out);
}

static const command *find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* What was written must have arrived: a full disk is an error. */
static int leave(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        report("the output cannot be written; check where it goes");
        return status == STATUS_OK ? STATUS_LOCAL : status;
    }
    return status;
}

int main(int argc, char **argv)
{
    const command *chosen;

    if (argc < 2) {
        help(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        help(stdout);
        return leave(STATUS_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("parley %s\n", PARLEY_VERSION_TEXT);
        return leave(STATUS_OK);
    }
    chosen = find(argv[1]);
    if (chosen == NULL) {
        return report_usage("there is no command '%s'", argv[1]);
    }
    report_command(chosen->name);
    return leave(chosen->run(argc - 1, argv + 1));
}

/* Which transitions were taken: built into fuzz_replay with PARLEY_FUZZ_TRACE, where the linker
   puts these functions before the machines' own. At the end the file that the environment names
   in PARLEY_FUZZ_TRACE has a line for each state and event, each state and byte of the tokenizer
   (where a byte came alone, so that its state is known) with how often, and each message of a
   grammar. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client_machine.h"
#include "digest_md5_grammar.h"
#include "jid_grammar.h"
#include "plain_grammar.h"
#include "scram_grammar.h"
#include "server_machine.h"
#include "xml_internal.h"

#define WRAP(result, name, ...)        \
    result __real_##name(__VA_ARGS__); \
    result __wrap_##name(__VA_ARGS__); \
    result __wrap_##name(__VA_ARGS__)

static unsigned long steps[2][256][256];
static unsigned long bytes[256][256];

static FILE *out(void)
{
    static FILE *file;
    const char *path = getenv("PARLEY_FUZZ_TRACE");

    if (file == NULL && path != NULL) {
        file = fopen(path, "w");
    }
    return file;
}

static void write_tables(void)
{
    static const char *const roles[2] = {"client", "server"};
    FILE *file = out();

    for (unsigned i = 0; file != NULL && i < 256 * 256; i++) {
        for (unsigned role = 0; role < 2; role++) {
            if (steps[role][i / 256][i % 256] != 0) {
                (void)fprintf(file, "%s %u %u %lu\n", roles[role], i / 256, i % 256,
                              steps[role][i / 256][i % 256]);
            }
        }
        if (bytes[i / 256][i % 256] != 0) {
            (void)fprintf(file, "xml %u %u %lu\n", i / 256, i % 256, bytes[i / 256][i % 256]);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void mark(unsigned long table[256][256], int state, unsigned letter)
{
    static int registered;

    if (!registered) {
        registered = atexit(write_tables) == 0;
    }
    table[state & 255][letter & 255u]++;
}

/* Once or more often: what is the same is not looked for. */
static void message(const char *grammar, const char *entry, parley_string text)
{
    FILE *file = out();

    if (file == NULL) {
        return;
    }
    (void)fprintf(file, "%s %s ", grammar, entry);
    for (size_t i = 0; i < text.len; i++) {
        (void)fprintf(file, "%02x", (unsigned char)text.data[i]);
    }
    (void)fputs(".\n", file);
}

WRAP(void, parley_client_machine_step, parley_client *c, enum client_event event)
{
    mark(steps[0], c->stream.cs, (unsigned)event);
    __real_parley_client_machine_step(c, event);
}

WRAP(void, parley_server_machine_step, parley_server *s, enum server_event event)
{
    mark(steps[1], s->stream.cs, (unsigned)event);
    __real_parley_server_machine_step(s, event);
}

WRAP(const unsigned char *, parley_xml_machine, parley_xml *x, const unsigned char *p,
     const unsigned char *pe)
{
    if (pe - p == 1) {
        mark(bytes, x->cs, *p);
    }
    return __real_parley_xml_machine(x, p, pe);
}

WRAP(size_t, parley_jid_match, jid_grammar grammar, parley_string text, jid_marks *marks)
{
    static const char *const entries[] = {"localpart", "domainpart", "resourcepart", "address"};

    message("jid", entries[grammar], text);
    return __real_parley_jid_match(grammar, text, marks);
}

WRAP(bool, parley_plain_parse, plain_fields *fields, parley_string text)
{
    message("plain", "main", text);
    return __real_parley_plain_parse(fields, text);
}

WRAP(bool, parley_digest_parse, digest_fields *fields, parley_string text)
{
    message("digest_md5", "main", text);
    return __real_parley_digest_parse(fields, text);
}

WRAP(bool, parley_anonymous_legal, parley_string text)
{
    message("anonymous", "main", text);
    return __real_parley_anonymous_legal(text);
}

WRAP(bool, parley_password_legal, parley_string text)
{
    message("password", "main", text);
    return __real_parley_password_legal(text);
}

WRAP(parley_code, parley_scram_read_client, scram_fields *fields, bool final, parley_string text)
{
    message("scram_client_messages", final ? "client_final_message" : "client_first_message", text);
    return __real_parley_scram_read_client(fields, final, text);
}

WRAP(parley_code, parley_scram_read_server, parley_string text, bool final)
{
    message("scram_server_messages", final ? "server_final_message" : "server_first_message", text);
    return __real_parley_scram_read_server(text, final);
}

/* Linked into the tests in place of the machines' entries (--wrap): takes a machine from the
   shared object that PARLEY_MUTANT names, or the one that was built in; and writes each pair of
   state and event that a machine is given to the file PARLEY_PAIRS, once: "role state event". */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client_machine.h"
#include "common/given.h"
#include "server_machine.h"

typedef void (*client_init)(parley_client *c);
typedef void (*client_step)(parley_client *c, enum client_event event);
typedef void (*server_init)(parley_server *s);
typedef void (*server_step)(parley_server *s, enum server_event event);

void __real_parley_client_machine_init(parley_client *c);
void __real_parley_client_machine_step(parley_client *c, enum client_event event);
void __real_parley_server_machine_init(parley_server *s);
void __real_parley_server_machine_step(parley_server *s, enum server_event event);
void __wrap_parley_client_machine_init(parley_client *c);
void __wrap_parley_client_machine_step(parley_client *c, enum client_event event);
void __wrap_parley_server_machine_init(parley_server *s);
void __wrap_parley_server_machine_step(parley_server *s, enum server_event event);

static struct {
    client_init client_init;
    client_step client_step;
    server_init server_init;
    server_step server_step;
} machine = {__real_parley_client_machine_init, __real_parley_client_machine_step,
             __real_parley_server_machine_init, __real_parley_server_machine_step};

/* Of a test that wants to know. */
__attribute__((weak)) void given(bool server, unsigned state, unsigned event);

/* A mutant is of one role; a function that it does not have stays. */
static bool replace(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);

    if (found != NULL) {
        memcpy(function, &found, sizeof found); /* ISO C has no such cast */
    }
    return found != NULL;
}

__attribute__((constructor)) static void load(void)
{
    const char *path = getenv("PARLEY_MUTANT");
    void *library = path != NULL ? dlopen(path, RTLD_NOW) : NULL;
    bool client;
    bool server;

    if (path == NULL) {
        return;
    }
    if (library == NULL) {
        (void)fprintf(stderr, "%s\n", dlerror());
        _exit(99);
    }
    client = replace(library, "parley_client_machine_step", &machine.client_step) &&
             replace(library, "parley_client_machine_init", &machine.client_init);
    server = replace(library, "parley_server_machine_step", &machine.server_step) &&
             replace(library, "parley_server_machine_init", &machine.server_init);
    if (!client && !server) {
        (void)fprintf(stderr, "%s: no machine\n", path);
        _exit(99);
    }
}

static void note(char role, unsigned state, unsigned event)
{
    static bool seen[2][64][64];
    static int file = -1;
    const char *path = getenv("PARLEY_PAIRS");
    char line[32];
    int len;

    if (given != NULL) {
        given(role == 's', state, event);
    }
    if (path == NULL || seen[role == 'c'][state & 63u][event & 63u]) {
        return;
    }
    seen[role == 'c'][state & 63u][event & 63u] = true;
    if (file < 0) {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    }
    len = snprintf(line, sizeof line, "%c %u %u\n", role, state, event);
    if (write(file, line, (size_t)len) != len) {
        _exit(99);
    }
}

void __wrap_parley_client_machine_init(parley_client *c)
{
    machine.client_init(c);
}

void __wrap_parley_client_machine_step(parley_client *c, enum client_event event)
{
    note('c', c->stream.state, (unsigned)event);
    machine.client_step(c, event);
}

void __wrap_parley_server_machine_init(parley_server *s)
{
    machine.server_init(s);
}

void __wrap_parley_server_machine_step(parley_server *s, enum server_event event)
{
    note('s', s->stream.state, (unsigned)event);
    machine.server_step(s, event);
}

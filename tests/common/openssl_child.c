#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/openssl_child.h"

static pid_t running[16];
static size_t running_len;

void child_start(child *c, const char *const *words)
{
    int in[2], out[2];

    memset(c, 0, sizeof *c);
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    c->pid = fork();
    assert_true(c->pid >= 0);
    if (c->pid > 0) {
        assert_true(running_len < sizeof running / sizeof running[0]);
        running[running_len++] = c->pid;
    }
    if (c->pid == 0) {
        char *arguments[CHILD_WORDS];
        size_t count = 0;

        arguments[count++] = (char *)(uintptr_t) "openssl";
        while (*words != NULL && count + 1 < CHILD_WORDS) {
            arguments[count++] = (char *)(uintptr_t)*words++;
        }
        arguments[count] = NULL;
        (void)dup2(in[0], 0);
        (void)dup2(out[1], 1);
        (void)dup2(out[1], 2);
        for (int fd = 3; fd < 64; fd++) {
            (void)close(fd);
        }
        execvp("openssl", arguments);
        _exit(127);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    c->in = in[1];
    c->out = out[0];
    assert_int_equal(fcntl(c->out, F_SETFL, O_NONBLOCK), 0);
}

void child_read(child *c)
{
    ssize_t n;

    while (c->said_len + 1 < sizeof c->said &&
           (n = read(c->out, c->said + c->said_len, sizeof c->said - 1 - c->said_len)) > 0) {
        c->said_len += (size_t)n;
    }
    for (size_t i = 0; i < c->said_len; i++) {
        c->said[i] = c->said[i] == '\0' ? ' ' : c->said[i];
    }
}

void child_stop(child *c)
{
    int status;

    (void)kill(c->pid, SIGTERM);
    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    assert_true(running_len > 0 && running[running_len - 1] == c->pid);
    running_len--;
    child_read(c);
    (void)close(c->in);
    (void)close(c->out);
}

void child_wait_for(child *c, const char *text)
{
    time_t deadline = time(NULL) + CHILD_SECONDS;

    for (child_read(c); strstr(c->said, text) == NULL; child_read(c)) {
        struct pollfd p = {c->out, POLLIN, 0};

        if (time(NULL) > deadline || poll(&p, 1, 1000) < 0 || (p.revents & POLLIN) == 0) {
            fail_msg("openssl did not say \"%s\" but:\n%s", text, c->said);
        }
    }
}

int loopback_open(bool listening, unsigned port, unsigned *bound)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int wire = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    assert_true(wire >= 0);
    if (!listening) {
        assert_int_equal(connect(wire, (struct sockaddr *)&address, sizeof address), 0);
        return wire;
    }
    assert_int_equal(bind(wire, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(wire, 1), 0);
    assert_int_equal(getsockname(wire, (struct sockaddr *)&address, &len), 0);
    *bound = ntohs(address.sin_port);
    return wire;
}

int loopback_accept(int listener)
{
    struct pollfd p = {listener, POLLIN, 0};
    int wire;

    assert_int_equal(poll(&p, 1, CHILD_SECONDS * 1000), 1);
    wire = accept(listener, NULL, NULL);
    assert_true(wire >= 0);
    (void)close(listener);
    return wire;
}

void child_stop_all(void)
{
    while (running_len > 0) {
        int status;

        running_len--;
        (void)kill(running[running_len], SIGKILL);
        (void)waitpid(running[running_len], &status, 0);
    }
}

#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "harness.h"

/* No run of a test takes longer. */
#define PATIENCE 30000

const char *harness_command;

long long now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Starting. */

static void become_command(const char *const arguments[], int in, int out, int err,
                           const char *slave, const char *password)
{
    char *argv[40];
    int count = 1;

    argv[0] = (char *)(uintptr_t)harness_command;
    for (; arguments[count - 1] != NULL && count < 39; count++) {
        argv[count] = (char *)(uintptr_t)arguments[count - 1];
    }
    argv[count] = NULL;
    setsid();
    if (slave != NULL) {
        int fd = open(slave, O_RDWR); /* the first one opened becomes the controlling one */

        if (fd < 0) {
            _exit(99);
        }
    }
    unsetenv("PARLEY_PASSWORD");
    if (password != NULL) {
        setenv("PARLEY_PASSWORD", password, 1);
    }
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    alarm(PATIENCE / 1000 + 5);
    execv(argv[0], argv);
    _exit(98);
}

static int input_file(const char *input, size_t len)
{
    FILE *file = tmpfile();
    int fd;

    assert_non_null(file);
    assert_int_equal(fwrite(input, 1, len, file), len);
    rewind(file);
    fd = dup(fileno(file));
    fclose(file);
    return fd;
}

static void make_pipe(int ends[2])
{
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

void run_start(run *r, const char *const arguments[], const char *input, size_t input_len,
               const char *password, bool terminal)
{
    int out[2];
    int err[2];
    int in = input_file(input, input_len);
    const char *slave = NULL;

    memset(r, 0, sizeof *r);
    r->terminal = -1;
    if (terminal) {
        r->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        assert_true(r->terminal >= 0);
        assert_int_equal(grantpt(r->terminal), 0);
        assert_int_equal(unlockpt(r->terminal), 0);
        slave = ptsname(r->terminal);
        assert_non_null(slave);
    }
    make_pipe(out);
    make_pipe(err);
    r->pid = fork();
    assert_true(r->pid >= 0);
    if (r->pid == 0) {
        become_command(arguments, in, out[1], err[1], slave, password);
    }
    close(in);
    close(out[1]);
    close(err[1]);
    r->out_fd = out[0];
    r->err_fd = err[0];
}

/* Reading. */

static void take(int *fd, char **text, size_t *len)
{
    char piece[8192];
    ssize_t got = read(*fd, piece, sizeof piece);

    if (got < 0 && errno == EINTR) {
        return;
    }
    if (got <= 0) {
        close(*fd);
        *fd = -1;
        return;
    }
    *text = realloc(*text, *len + (size_t)got + 1);
    assert_non_null(*text);
    memcpy(*text + *len, piece, (size_t)got);
    *len += (size_t)got;
    (*text)[*len] = '\0';
}

static void give_up(run *r, const char *why)
{
    kill(r->pid, SIGKILL);
    waitpid(r->pid, NULL, 0);
    fail_msg("%s; stdout: %s; stderr: %s; terminal: %s", why, r->out != NULL ? r->out : "",
             r->err != NULL ? r->err : "", r->typed != NULL ? r->typed : "");
}

/* False: both outputs have ended. */
static bool read_once(run *r, long long deadline)
{
    struct pollfd polled[3] = {{r->out_fd, POLLIN, 0},
                               {r->err_fd, POLLIN, 0},
                               {r->terminal, POLLIN, 0}};
    long long left = deadline - now();

    if (r->out_fd < 0 && r->err_fd < 0) {
        return false;
    }
    if (left <= 0 || poll(polled, 3, (int)left) == 0) {
        give_up(r, "the command takes too long");
    }
    if (polled[0].revents != 0) {
        take(&r->out_fd, &r->out, &r->out_len);
    }
    if (polled[1].revents != 0) {
        take(&r->err_fd, &r->err, &r->err_len);
    }
    if (polled[2].revents != 0) {
        take(&r->terminal, &r->typed, &r->typed_len);
    }
    return true;
}

static void read_until(run *r, char **text, const char *words)
{
    long long deadline = now() + PATIENCE;

    while (*text == NULL || strstr(*text, words) == NULL) {
        if (!read_once(r, deadline)) {
            give_up(r, words);
        }
    }
}

void run_until_out(run *r, const char *words)
{
    read_until(r, &r->out, words);
}

void run_until_err(run *r, const char *words)
{
    read_until(r, &r->err, words);
}

void run_until_typed(run *r, const char *words)
{
    read_until(r, &r->typed, words);
}

void run_signal(const run *r, int number)
{
    assert_int_equal(kill(r->pid, number), 0);
}

void run_type(const run *r, const char *text)
{
    assert_int_equal(write(r->terminal, text, strlen(text)), (ssize_t)strlen(text));
}

void run_finish(run *r)
{
    long long deadline = now() + PATIENCE;
    int status = 0;

    while (read_once(r, deadline)) {
    }
    assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
    r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
    if (r->out == NULL) {
        r->out = calloc(1, 1);
    }
    if (r->err == NULL) {
        r->err = calloc(1, 1);
    }
}

void run_free(run *r)
{
    if (r->terminal >= 0) {
        close(r->terminal);
    }
    free(r->out);
    free(r->err);
    free(r->typed);
}

void run_whole(run *r, const char *const arguments[], const char *input, const char *password)
{
    run_start(r, arguments, input, strlen(input), password, false);
    run_finish(r);
}

/* Judging. */

void run_refused(const char *const arguments[], int status, const char *words)
{
    run r;

    run_whole(&r, arguments, "", "secret");
    if (r.status != status || strstr(r.err, words) == NULL || lines_of(r.err) != 1 ||
        r.out_len != 0) {
        fail_msg("status %d, not %d with '%s'; stderr: %s; stdout: %s", r.status, status, words,
                 r.err, r.out);
    }
    run_free(&r);
}

size_t lines_of(const char *text)
{
    size_t lines = 0;

    for (; *text != '\0'; text++) {
        lines += *text == '\n';
        if (text[1] == '\0' && *text != '\n') {
            fail_msg("the last line is not complete: %s", text);
        }
    }
    return lines;
}

/* A reader of JSON (RFC 8259), as far as to say whether it is some. */

static const char *value(const char *at, int depth);

static const char *string(const char *at)
{
    if (*at++ != '"') {
        return NULL;
    }
    while (*at != '"') {
        if ((unsigned char)*at < 0x20) {
            return NULL;
        }
        if (*at == '\\') {
            at++;
            if (*at == 'u') {
                for (int i = 0; i < 4; i++) {
                    at++;
                    if (*at == '\0' || strchr("0123456789abcdefABCDEF", *at) == NULL) {
                        return NULL;
                    }
                }
            } else if (*at == '\0' || strchr("\"\\/bfnrt", *at) == NULL) {
                return NULL;
            }
        }
        at++;
    }
    return at + 1;
}

static const char *list(const char *at, char end, int depth)
{
    bool object = *at++ == '{';

    if (*at == end) {
        return at + 1;
    }
    for (;;) {
        if (object) {
            at = string(at);
            if (at == NULL || *at++ != ':') {
                return NULL;
            }
        }
        at = value(at, depth + 1);
        if (at == NULL) {
            return NULL;
        }
        if (*at == end) {
            return at + 1;
        }
        if (*at++ != ',') {
            return NULL;
        }
    }
}

static const char *value(const char *at, int depth)
{
    static const char *const words[] = {"true", "false", "null"};

    if (depth > 20) {
        return NULL;
    }
    if (*at == '"') {
        return string(at);
    }
    if (*at == '{') {
        return list(at, '}', depth);
    }
    if (*at == '[') {
        return list(at, ']', depth);
    }
    for (size_t i = 0; i < 3; i++) {
        if (strncmp(at, words[i], strlen(words[i])) == 0) {
            return at + strlen(words[i]);
        }
    }
    if (*at < '0' || *at > '9') {
        return NULL;
    }
    return at + strspn(at, "0123456789");
}

void check_json_lines(const char *text)
{
    while (*text != '\0') {
        const char *end = *text == '{' ? value(text, 0) : NULL;

        if (end == NULL || *end != '\n') {
            fail_msg("not a JSON object on a line: %.300s", text);
            return;
        }
        text = end + 1;
    }
}

/* Sockets. */

static int bind_somewhere(unsigned *port)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

int listen_somewhere(unsigned *port)
{
    int fd = bind_somewhere(port);

    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

int refuse_somewhere(unsigned *port)
{
    return bind_somewhere(port);
}

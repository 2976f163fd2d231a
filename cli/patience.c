/* A timer's signal breaks a write off that blocks. What is printed goes on to be written, byte by
   byte maybe, so the handler sees to it that nothing else blocks there; and it comes every second
   from then on, as it may come just before the write. */
#include "patience.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t armed;
static volatile sig_atomic_t discarded;
static bool lost;

/* Where nobody takes what is written to `fd`. */
static void discard(int fd)
{
    struct pollfd polled = {fd, POLLOUT, 0};
    int nothing;

    if (poll(&polled, 1, 0) == 1) {
        return;
    }
    nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing >= 0) {
        dup2(nothing, fd);
        close(nothing);
        discarded = 1;
    }
}

static void handle(int number)
{
    int saved = errno;

    (void)number;
    if (armed) {
        discard(STDOUT_FILENO);
        discard(STDERR_FILENO);
        alarm(1);
    }
    errno = saved;
}

static void set_timer(int64_t milliseconds)
{
    const struct itimerval timer = {{0, 0}, {milliseconds / 1000, milliseconds % 1000 * 1000}};

    setitimer(ITIMER_REAL, &timer, NULL);
}

void patience_begin(int64_t milliseconds)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handle;
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    armed = 1;
    set_timer(milliseconds > 0 ? milliseconds : 1);
}

void patience_break(void)
{
    if (armed) {
        alarm(1);
    }
}

void patience_end(void)
{
    if (!armed) {
        return;
    }
    armed = 0;
    set_timer(0);
    if (ferror(stdout) || discarded) {
        lost = true;
        discarded = 0;
        clearerr(stdout); /* it is told by who asks patience_lost */
        clearerr(stderr);
    }
}

bool patience_lost(void)
{
    return lost;
}

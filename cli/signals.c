#include "signals.h"

#include "patience.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* A self-pipe: the handler writes one byte, and poll() sees it. */
static int pipe_ends[2] = {-1, -1};
static volatile sig_atomic_t taken;

static void handle(int number)
{
    int saved = errno;

    if (taken != 0) {
        _exit(STATUS_SIGNAL + number);
    }
    taken = number;
    (void)!write(pipe_ends[1], "", 1);
    patience_break();
    errno = saved;
}

static bool watch(int number, void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0;
}

static bool set_flags(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

bool signals_open(failure *f)
{
    if (pipe(pipe_ends) != 0 || !set_flags(pipe_ends[0]) || !set_flags(pipe_ends[1]) ||
        !watch(SIGPIPE, SIG_IGN) || !watch(SIGXFSZ, SIG_IGN) || !watch(SIGINT, handle) ||
        !watch(SIGTERM, handle)) {
        return failure_set(f, STATUS_LOCAL, "local", "signals cannot be watched: %s",
                           strerror(errno));
    }
    return true;
}

int signals_fd(void)
{
    return pipe_ends[0];
}

int signals_taken(void)
{
    return taken;
}

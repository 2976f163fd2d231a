/* Loaded before a program's libraries (LD_PRELOAD): takes its entropy away, or sets its clocks.

     PARLEY_FAULT_ENTROPY=N   getentropy fails from its call N on (0: the first)
     PARLEY_FAULT_TIME=SECONDS   what time() says
     PARLEY_FAULT_CLOCK=FILE     the monotonic clock: milliseconds, an int64_t in a file that others
                                 write */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int getentropy(void *buffer, size_t len)
{
    static long calls;
    const char *from = getenv("PARLEY_FAULT_ENTROPY");

    if (from != NULL && calls++ >= strtol(from, NULL, 10)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_getrandom, buffer, len, 0) == (long)len ? 0 : -1;
}

time_t time(time_t *out)
{
    const char *fixed = getenv("PARLEY_FAULT_TIME");
    struct timespec now;
    time_t seconds;

    clock_gettime(CLOCK_REALTIME, &now);
    seconds = fixed != NULL ? (time_t)strtoll(fixed, NULL, 10) : now.tv_sec;
    if (out != NULL) {
        *out = seconds;
    }
    return seconds;
}

/* NULL: the clock is the system's. */
static const volatile int64_t *set_clock(void)
{
    static const volatile int64_t *set;
    static int asked;

    if (!asked) {
        const char *path = getenv("PARLEY_FAULT_CLOCK");
        int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        void *at = fd >= 0 ? mmap(NULL, sizeof *set, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

        set = at != MAP_FAILED ? at : NULL;
        if (fd >= 0) {
            close(fd);
        }
        asked = 1;
    }
    return set;
}

int clock_gettime(clockid_t which, struct timespec *now)
{
    const volatile int64_t *set = which == CLOCK_MONOTONIC ? set_clock() : NULL;

    if (set == NULL) {
        return (int)syscall(SYS_clock_gettime, which, now);
    }
    now->tv_sec = (time_t)(*set / 1000);
    now->tv_nsec = (long)(*set % 1000) * 1000000;
    return 0;
}

/* Loaded before a program's libraries (LD_PRELOAD): takes its entropy away, or sets its clock.

     PARLEY_FAULT_ENTROPY=N   getentropy fails from its call N on (0: the first)
     PARLEY_FAULT_TIME=SECONDS   what time() says */
#include <errno.h>
#include <stdlib.h>
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

#include "attempts.h"

#include "clock.h"
#include "entropy.h"
#include "signals.h"

#include <parley/result.h>
#include <poll.h>

void attempts_succeeded(attempts *a)
{
    a->failed = 0;
}

bool attempts_next(attempts *a, uint32_t random, int64_t left, int64_t *wait)
{
    int64_t milliseconds = parley_backoff(a->failed + 1, random);

    if (milliseconds > a->wait_most) {
        milliseconds %= a->wait_most + 1; /* not all at the bound: they stay spread */
    }
    if (a->made >= a->most || milliseconds > left) {
        return false;
    }
    a->made++;
    a->failed++;
    *wait = milliseconds;
    return true;
}

static void wait_until(int64_t end)
{
    while (signals_taken() == 0 && clock_left(end) != 0) {
        struct pollfd polled = {signals_fd(), POLLIN, 0};

        poll(&polled, 1, clock_left(end));
    }
}

bool attempts_wait(attempts *a, int64_t until, output *o, const char *state, const failure *f)
{
    int64_t now = clock_now();
    int64_t left = until == CLOCK_NEVER ? CLOCK_NEVER : until - now;
    int64_t milliseconds;
    uint32_t random;

    if (!entropy_fill(&random, sizeof random) || !attempts_next(a, random, left, &milliseconds)) {
        return false;
    }
    report("%s", f->text);
    output_retry(o, a->made, a->most, milliseconds, f, state);
    wait_until(now + milliseconds);
    return true;
}

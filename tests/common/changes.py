"""Waiting for what another process does, by what the kernel tells of it: that it has ended, or that
a file in a folder has changed."""
import contextlib
import ctypes
import os
import select
import time

MODIFY, MOVED_TO, CREATE = 0x2, 0x80, 0x100     # inotify(7)


class Changes:
    """`with Changes(folder, process) as c`: c.until(condition, seconds) looks again whenever a file
    changes, or the process ends."""

    def __init__(self, folder, process=None):
        libc = ctypes.CDLL(None, use_errno=True)
        self.polled = select.poll()
        self.watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.watch < 0 or libc.inotify_add_watch(self.watch, os.fsencode(folder), MODIFY | MOVED_TO | CREATE) < 0:
            raise OSError(ctypes.get_errno(), 'inotify: %s' % folder)
        self.polled.register(self.watch, select.POLLIN)
        self.end = -1
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.end = os.pidfd_open(process.pid)
                self.polled.register(self.end, select.POLLIN)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for fd in (self.watch, self.end):
            if fd >= 0:
                os.close(fd)

    def until(self, condition, seconds):
        """What the condition is once it is true; None: it was not in that time. The kernel does
        not tell of everything (a port): it is looked at once a second too."""
        limit = time.monotonic() + seconds
        while not (value := condition()):
            left = limit - time.monotonic()
            if left <= 0:
                return None
            for fd, _ in self.polled.poll(min(left, 1) * 1000):
                if fd == self.end:
                    self.polled.unregister(fd)
                else:
                    with contextlib.suppress(BlockingIOError):
                        os.read(fd, 65536)
        return value


def ends_within(process, seconds):
    """Whether a child ends in that time; not longer is waited."""
    if process.poll() is not None:
        return True
    end = os.pidfd_open(process.pid)
    try:
        polled = select.poll()
        polled.register(end, select.POLLIN)
        return bool(polled.poll(seconds * 1000))
    finally:
        os.close(end)

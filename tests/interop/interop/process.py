"""Processes and ports. Everything started here is stopped here, by the handle that
started it; if this process dies first, the kernel stops them (Linux)."""
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'common'))
from changes import Changes

HOST = '127.0.0.1'
# An address that other software may insist on looking up is never needed.
PROXIES = ('http_proxy', 'https_proxy', 'all_proxy')


class Failed(Exception):
    """A case does not hold, or the harness cannot go on; the text says why."""


def _die_with_parent():
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG


def start_time(pid):
    """Clock ticks at which the process started; None if it is gone or a zombie."""
    try:
        with open('/proc/%d/stat' % pid) as f:
            fields = f.read().rpartition(') ')[2].split()
    except OSError:
        return None
    return None if fields[0] == 'Z' else fields[19]


def clean_environment(**more):
    env = {k: v for k, v in os.environ.items() if k.lower() not in PROXIES}
    env.update(more)
    return env


class Process:
    """A server in a session of its own, its output in a file."""

    def __init__(self, argv, folder, env, register):
        self.log = os.path.join(folder, 'console.log')
        with open(self.log, 'ab') as out:
            self.handle = subprocess.Popen(argv, cwd=folder, env=env, stdin=subprocess.DEVNULL,
                                           stdout=out, stderr=out, start_new_session=True,
                                           preexec_fn=_die_with_parent)
        with open(register, 'a') as f:
            f.write('%d\t%s\t%s\n' % (self.pid, start_time(self.pid), ' '.join(argv[:3])))

    @property
    def pid(self):
        return self.handle.pid

    def alive(self):
        return self.handle.poll() is None

    def signal(self, number):
        # the child is not reaped before poll() says so: its number is still its own
        if self.alive():
            self.handle.send_signal(number)

    def stop(self, seconds=8):
        self.signal(signal.SIGTERM)
        try:
            self.handle.wait(seconds)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.handle.wait(seconds)


def free_ports(count):
    """Ports that the kernel says are free now. Another process may take one before it is
    used; whoever starts a server checks that it got it, and asks again."""
    held = []
    try:
        for _ in range(count):
            s = socket.socket()
            held.append(s)
            s.bind((HOST, 0))
        return [s.getsockname()[1] for s in held]
    finally:
        for s in held:
            s.close()


def listens(pid, port):
    """Does this very process listen on the port (not somebody else's)?"""
    wanted = '%08X:%04X' % (int.from_bytes(socket.inet_aton(HOST), 'little'), port)
    inodes = set()
    with open('/proc/net/tcp') as f:
        for line in f:
            field = line.split()
            if field[1] == wanted and field[3] == '0A':
                inodes.add('socket:[%s]' % field[9])
    try:
        for fd in os.listdir('/proc/%d/fd' % pid):
            with contextlib.suppress(OSError):
                if os.readlink('/proc/%d/fd/%s' % (pid, fd)) in inodes:
                    return True
    except OSError:
        pass
    return False


def wait_for(condition, seconds, folder, process):
    """Until it holds; looked at whenever a file of the folder changes, or the process ends."""
    with Changes(folder, process.handle) as changes:
        return changes.until(condition, seconds)

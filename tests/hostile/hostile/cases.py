"""Registers and runs the scripted cases: a case is a function of `world` that raises
AssertionError, or Ended or OSError where a peer that should be there is not."""
import concurrent.futures
import os
import subprocess
import sys
import tempfile
import threading
import time

from .connect import Connect, Listener, Way, options_of
from .pki import Authority
from .wire import Ended

# The ways of a client under test, in order; a state is left by the server's next word.
CLIENT_STATES = ('plain_header', 'plain_features', 'proceed', 'secure_header', 'secure_features', 'authenticating',
                 'proving', 'authenticated_header', 'authenticated_features', 'binding', 'session', 'ready')
SERVER_STATES = ('plain_header', 'plain_features', 'handshake', 'secure_header', 'mechanisms', 'challenged',
                 'authenticated_header', 'authenticated_features', 'ready')
EARLY = CLIENT_STATES[:CLIENT_STATES.index('ready')]


def check(good, *detail):
    if not good:
        raise AssertionError(' '.join(str(d) for d in detail))


class Results:
    def __init__(self):
        self.passed, self.failed, self.lock = 0, 0, threading.Lock()
        self.notes = []

    def note(self, text):
        with self.lock:
            self.notes.append(text)


class World:
    """What cases share: certificates, the command, a folder."""

    def __init__(self, folder, results):
        self.folder, self.results = folder, results
        self.parley = os.environ['PARLEY']
        self.depth = os.environ.get('PARLEY_DEPTH', 'short')
        self.authority = Authority(folder)
        self.good = self.authority.issue('server')
        self.survived = 0

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, 'wb' if isinstance(text, bytes) else 'w') as file:
                file.write(text)
        return path

    def connect(self, script, *options, state='ready', certificate=None, authority=None, **more):
        """Runs `connect` against script(way); the Result, with `way` in it. `state`: which
        mechanism the client is to use."""
        certificate = certificate or self.good
        with Listener() as listener, Connect(
                self.parley, listener.port, authority or self.authority.certificate,
                *options_of(state), *options, **more) as command:
            listener.listener.settimeout(20)
            with listener.accept() as w:
                way = Way(w, *certificate)
                way.command = command
                try:
                    script(way)
                except Ended as e:
                    way.ended = str(e)
                except OSError as e:
                    way.ended = 'OSError: %s' % e
                result = command.end()
                result.way = way
                result.after = w.all
        wrong = result.wrong()
        check(wrong is None or 'warning:' in result.err, wrong)
        return result

    def fault(self):
        """Counted for the figures."""
        with self.results.lock:
            self.survived += 1


def ends(result, *statuses, says=''):
    """How it ended, and that it says so in one line."""
    check(result.status in statuses, 'status %s, not %s: %s %s' % (
        result.status, statuses, result.err, result.out[-500:]))
    check(says in result.err, 'no %r in %r' % (says, result.err))
    check(len(result.err.splitlines()) == 1, 'more than one line: %r' % result.err)
    return result


def ends_in_order(result):
    check(result.status == 0 and not result.err, result.status, result.err)
    return result


def run(cases, setup=None):
    """Runs the cases, four at a time; the exit status."""
    wanted = sys.argv[1:]
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, results)
        if setup:
            setup(world)

        def one(function):
            begin = time.monotonic()
            try:
                function(world)
                why = None
            except AssertionError as e:
                why = str(e)[-1500:]
            except (Ended, OSError, subprocess.TimeoutExpired) as e:
                why = '%s: %s' % (type(e).__name__, str(e)[-1500:])
            with results.lock:
                results.passed += why is None
                results.failed += why is not None
                print('%s  %-44s %6.2f s%s' % ('ok  ' if why is None else 'FAIL', function.__name__,
                                               time.monotonic() - begin, '' if why is None else '\n      ' + why),
                      flush=True)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for job in [pool.submit(one, f) for f in cases if not wanted or f.__name__ in wanted]:
                job.result()
        if world.survived:
            results.notes.append('%d faults survived' % world.survived)
        if hasattr(world, 'close'):
            world.close()
    for note in results.notes:
        print('figures: ' + note)
    print('%d passed, %d failed' % (results.passed, results.failed))
    return 1 if results.failed or not results.passed else 0

#!/usr/bin/env python3
"""`parley serve` under load and faults.

- 1 000 sessions at once, in TLS, each sending to two others for the time of the soak: nothing
  lost, nothing twice, nothing out of order between any two;
- meanwhile clients are killed (-9) at random, in the middle of what they say, and come again;
- its memory does not grow;
- SIGTERM ends every stream with system-shutdown;
- a server out of descriptors, and one whose log's disk is full, serve whom they have, and again
  whoever comes once there is room."""
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'hostile'))
sys.path.insert(0, os.path.join(HERE, '..', 'common'))
from changes import ends_within
from hostile.serve import HEADER, Serve
from hostile.wire import Ended, connect

SOAK = {'long': 600}.get(os.environ.get('PARLEY_DEPTH'), 120)
# 1 000, or as many as the system's hard limit of descriptors allows
SESSIONS = min(int(os.environ.get('PARLEY_LOAD_SESSIONS', '1000')),
               max(100, resource.getrlimit(resource.RLIMIT_NOFILE)[1] % (1 << 30) - 300) // 4 * 4)
WORKERS, VICTIMS, EACH = 4, 4, 10
results = []


def judge(name, good, detail=''):
    results.append(bool(good))
    print('%s  %s%s' % ('ok  ' if good else 'FAIL', name, '' if good else ': %s' % (detail,)), flush=True)


def raise_descriptors(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class LoadServe(Serve):
    """With as many users as sessions, none in another's roster."""

    def __init__(self, folder, *options, **more):
        super().__init__(os.environ['PARLEY'], folder, '--roster', os.path.join(folder, 'rosters'), *options, **more)
        with open(os.path.join(folder, 'rosters'), 'w') as file:
            file.write('# empty\n')
        with open(self.users, 'a') as file:
            file.writelines('u%d:mirror\n' % n for n in range(SESSIONS))
            file.writelines('v%d:mirror\n' % n for n in range(VICTIMS * EACH))
        self.argv[self.argv.index('--listen')] = '--tls-listen'

    def taken(self):
        """Bytes of memory that the process has asked for."""
        with open('/proc/%d/status' % self.process.pid) as file:
            return int(re.search(r'VmData:\s*(\d+)', file.read())[1]) * 1024


def worker(port, *numbers):
    return subprocess.Popen([sys.executable, os.path.join(HERE, 'worker.py'), str(port), *map(str, numbers)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def expect(process, word):
    line = process.stdout.readline().strip()
    if line != word:
        raise AssertionError('a worker said %r, not %r' % (line, word))


def soak(s):
    """Kills clients at random until the time is over; (kills, [(taken, resident)] on the way)."""
    chance, kills, memory = random.Random(6120), 0, []
    victims = [worker(s.port, n * EACH, EACH, 0, 0) for n in range(VICTIMS)]
    end = time.monotonic() + SOAK
    while time.monotonic() < end:
        if ends_within(s.process, chance.uniform(0.2, 1.0)):
            break
        number = chance.randrange(VICTIMS)
        victims[number].kill()
        victims[number].wait()
        kills += EACH
        victims[number] = worker(s.port, number * EACH, EACH, 0, 0)
        memory.append((s.taken(), s.memory()))
    for victim in victims:
        victim.kill()
        victim.wait()
    return kills, memory


def thousand_sessions(folder):
    with LoadServe(folder, '--sessions', str(SESSIONS + 4 * VICTIMS * EACH), '--stanza', '10000', name='load') as s:
        share = SESSIONS // WORKERS
        begin = time.monotonic()
        workers = [worker(s.port, n * share, share, SESSIONS, SOAK) for n in range(WORKERS)]
        for w in workers:
            expect(w, 'ready')
        connected = time.monotonic() - begin
        for w in workers:
            w.stdin.write('go\n')
            w.stdin.flush()
        kills, memory = soak(s)
        for w in workers:
            expect(w, 'quiet')
        judge('%d sessions exchange messages for %d s' % (SESSIONS, SOAK), s.process.poll() is None, s.stderr()[-2000:])
        s.process.send_signal(signal.SIGTERM)
        seen = [json.loads(w.stdout.readline()) for w in workers]
        for w in workers:
            w.wait(60)
        total = {k: sum(x[k] for x in seen) for k in ('received', 'lost', 'shut', 'errors', 'others')}
        wrong = [w for x in seen for w in x['wrong']]
        judge('no message is lost', total['lost'] == 0 and total['errors'] == 0, total)
        judge('none comes twice or out of order', not wrong, wrong[:3])
        judge('messages came', total['received'] > SESSIONS, total)
        judge('SIGTERM ends every stream with system-shutdown', total['shut'] == SESSIONS,
              [total['shut']] + [x['odd'] for x in seen])
        judge('and the server, in order', s.process.wait(60) == 0, s.process.returncode)
        third = max(1, len(memory) // 3)
        early, late = memory[third], memory[-1]
        # what was taken at the start is touched bit by bit, as one session's place or another's is used
        judge('it takes no more memory than at the start', late[0] - memory[0][0] < 1 << 18, (memory[0], late))
        told = int(re.search(r' memory="(\d+)"', s.log())[1])
        judge('what is resident is within it', late[1] < told + (16 << 20), (told, late))
        judge('clients killed while they spoke', kills > 0 and total['others'] > 0, (kills, total))
        print('figures: %d TLS sessions up in %.0f s; %d messages in %d s, 0 lost, twice or out of order; %d clients '
              'killed; %d MB taken at the start and %d kB since, %d MB resident (%d kB more than after a third of the '
              'time)' % (SESSIONS, connected, total['received'], SOAK, kills, memory[0][0] >> 20,
                         (late[0] - memory[0][0]) >> 10, late[1] >> 20, (late[1] - early[1]) >> 10))


def ping(w, name):
    w.say("<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>" % name)
    w.until("id='%s'" % name)


def out_of_descriptors(folder):
    with Serve(os.environ['PARLEY'], folder, '--sessions', '500', name='descriptors') as s:
        resource.prlimit(s.process.pid, resource.RLIMIT_NOFILE, (64, 64))
        with s.reach('ready', user='romeo') as romeo:
            waiting = [connect(s.port) for _ in range(200)]
            for w in waiting:
                w.say(HEADER)
            for number in range(20):
                ping(romeo, 'p%d' % number)
            judge('without descriptors it serves whom it has', s.process.poll() is None)
            spun = cpu(s)
            judge('and does not spin', not ends_within(s.process, 2) and cpu(s) - spun < 1.0, cpu(s) - spun)
            for w in waiting:
                w.close()
            try:
                with s.reach('ready', user='juliet') as juliet:
                    ping(juliet, 'again')
                good = True
            except (Ended, OSError) as e:
                good = e
            judge('and others once there are some', good is True, good)


def cpu(s):
    """Seconds of processor time so far."""
    with open('/proc/%d/stat' % s.process.pid) as file:
        fields = file.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def disk_full(folder):
    """Full from the start, and full after some lines: files may not grow beyond that."""
    for name, log, room in (('full', '/dev/full', None), ('filling', None, 3000)):
        with Serve(os.environ['PARLEY'], folder, name=name, log=log) as s:
            if room is not None:
                resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (room, room))
            for number in range(50):
                with s.reach('ready', user='romeo') as w:
                    ping(w, 'p%d' % number)
            judge('with a disk for its log that is %s it serves' % name, s.process.poll() is None)
            judge('and says so once', s.stderr().count('cannot be written') == 1, s.stderr()[-500:])
            judge('having filled it', room is None or os.path.getsize(s.logged) == room)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what it has started ends too
    raise_descriptors(SESSIONS * 2 + 1000)
    with tempfile.TemporaryDirectory() as folder:
        for part in (thousand_sessions, out_of_descriptors, disk_full):
            try:
                part(folder)
            except (AssertionError, Ended, OSError, ValueError, subprocess.TimeoutExpired) as e:
                judge(part.__name__, False, '%s: %s' % (type(e).__name__, e))
    print('%d passed, %d failed' % (sum(results), len(results) - sum(results)))
    return 0 if results and all(results) else 1


if __name__ == '__main__':
    sys.exit(main())

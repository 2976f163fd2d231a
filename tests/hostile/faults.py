#!/usr/bin/env python3
"""`parley connect` under faults: of the network, of the server, of the machine it runs on. Each
ends with the exit status that is its own, and one line that helps.

  faults.py [CASE...]"""
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile.cases import CLIENT_STATES, check, ends, run
from hostile.connect import Connect, Listener, Result, Way, options_of
from hostile.preload import setup
from hostile.proxy import Proxy
from hostile.script import DOMAIN, PASSWORD, USER
from hostile.serve import Serve

CLOSE = '</stream:stream>'
cases = []
# What ends the connection where TLS is required and not up yet is still the network's.
NETWORK = 3


def case(function):
    cases.append(function)
    return function


def in_each_state(world, act, *statuses, **more):
    for state in CLIENT_STATES:
        def script(way):
            way.reach(state)
            act(way)
        result = world.connect(script, state=state, **more)
        check(result.status in statuses, state, 'status', result.status, result.err)
        check(len(result.err.splitlines()) == 1, state, result.err)
        check(result.closed['outcome'] != 'none', state, result.closed)
        world.fault()


@case
def resets_in_each_state(world):
    in_each_state(world, lambda way: way.w.reset(), NETWORK)


@case
def cut_in_each_state(world):
    """The end of TCP without the end of TLS or of the stream."""
    def cut(way):
        way.w.half_close()
        way.w.rest()
    in_each_state(world, cut, NETWORK)


@case
def ends_tls_in_each_state(world):
    """close_notify, and not the stream's close."""
    def finish(way):
        way.w.finish()
        way.w.rest()
    in_each_state(world, finish, NETWORK)


@case
def closes_in_each_state(world):
    """The stream is closed where it cannot be: before the session is there, that is a failure."""
    for state in CLIENT_STATES:
        for half in (True, False):
            def script(way):
                way.reach(state)
                way.w.say(CLOSE)
                if half:
                    way.w.finish()
                way.w.rest()
            result = world.connect(script, state=state)
            wanted = (0,) if state == 'ready' else (3, 4, 5, 6, 7)
            check(result.status in wanted, state, result.status, result.err)
            world.fault()


@case
def stalls_in_each_state(world):
    """Nothing comes any more, and nothing is read; the time is up in time."""
    def stall(way):
        way.w.sock.settimeout(20)
        way.command.process.wait(30)
    begin = time.monotonic()
    for state in CLIENT_STATES[:-1]:
        def script(way):
            way.reach(state)
            stall(way)
        ends(world.connect(script, state=state, timeout='1'), NETWORK)
        world.fault()
    check(time.monotonic() - begin < 120, 'the time was not kept')


@case
def one_byte_at_a_time(world):
    """Bytes that come one by one do not put the deadline off (a byte a minute, in short)."""
    for state, text in (('plain_header', "<stream:stream xmlns='jabber:client' " + ' ' * 200),
                        ('plain_features', ' ' * 200), ('proceed', '<proceed ' + ' ' * 200),
                        ('secure_features', '<stream:features>' + ' ' * 200), ('binding', ' ' * 200),
                        ('authenticating', '<challenge ' + ' ' * 200)):
        def script(way):
            way.reach(state)
            for byte in text:
                way.w.say(byte)
                try:
                    way.command.process.wait(0.1)
                    break
                except subprocess.TimeoutExpired:
                    pass
        begin = time.monotonic()
        ends(world.connect(script, state=state, timeout='1'), NETWORK)
        check(time.monotonic() - begin < 15, state, 'the bytes put the deadline off')
        world.fault()


@case
def signals_in_each_state(world):
    """SIGINT and SIGTERM close the stream, wherever it is, and the status says which it was."""
    for number in (signal.SIGINT, signal.SIGTERM):
        for state in CLIENT_STATES:
            def script(way):
                way.reach(state)
                if state == 'ready':
                    way.w.say("<iq type='get' id='go' from='a@b'><q xmlns='u'/></iq>")
                    way.w.until("id='go'")
                way.command.signal(number)
                way.w.farewell()
            result = world.connect(script, state=state)
            check(result.status == 128 + number, state, result.status, result.err)
            check(CLOSE.encode() in result.after or state == 'plain_header', state, 'did not close', result.after)
            world.fault()


@case
def second_signal_while_stuck(world):
    """A server that takes nothing does not keep it: the second after a signal are bounded."""
    def script(way):
        way.reach('secure_features')
        way.command.signal(signal.SIGTERM)
        way.command.process.wait(20)
    check(world.connect(script).status == 128 + signal.SIGTERM, 'status')


def keep(pipe, path):
    """Takes what connect prints, so that it does not wait for that."""
    with open(path, 'wb') as file:
        for piece in iter(lambda: pipe.read1(65536), b''):
            file.write(piece)


@case
def stops_reading(world):
    """Asks and asks and reads no answer: connect takes no more than it can answer, in the memory of
    one that is idle, and its time ends it."""
    sizes = []

    def script(way):
        def resident():
            with open('/proc/%d/status' % way.command.process.pid) as file:
                return int(re.search(r'VmRSS:\s*(\d+)', file.read())[1])

        way.reach('ready')
        pipe, kept = way.command.process.stdout, world.path('unread.jsonl')
        thread = threading.Thread(target=keep, args=(pipe, kept), daemon=True)
        thread.start()
        way.w.say("<iq type='get' id='go' from='a@b'><q xmlns='u'/></iq>")
        way.w.until("id='go'")
        begin = resident()
        way.w.sock.settimeout(1)
        sent = 0
        while sent < 1000 and way.w.say("<iq type='get' id='p' from='a@b'><q xmlns='u'/></iq>" * 1000):
            sent += 1
        if way.command.process.poll() is None:
            sizes.append(resident() - begin)
        way.command.process.wait(60)
        thread.join(20)
        pipe.close()
        way.command.process.stdout = open(kept, 'rb')
    result = world.connect(script, listen='3', timeout='5')
    check(max(sizes, default=0) < 4096, 'memory grew by kB:', sizes)
    check(result.status == 0, result.status, result.err)


# ------------------------------------------------------------------ a real server, a bad network

@case
def faulty_network(world):
    """Between `parley serve` and the command: cut, reset or stalled after N bytes of either
    direction, delayed, and sent byte by byte."""
    with Serve(world.parley, world.folder, '--cert-out', world.path('network.pem'), name='network') as s:
        def login(proxy, timeout='20'):
            with Connect(world.parley, proxy.port, world.path('network.pem'), '--presence', listen=None,
                         timeout=timeout) as c:
                return c.end()

        with Proxy(s.port) as proxy:
            check(login(proxy).status == 0, 'not even without a fault')
            there, back = proxy.bytes
        for fault in ('cut', 'reset', 'stall'):
            for way, total in ((0, there), (1, back)):
                for part in range(7 if fault != 'stall' else 3):
                    with Proxy(s.port, fault, way, total * part // 8) as proxy:
                        result = login(proxy, timeout='1' if fault == 'stall' else '20')
                        check(result.wrong() is None, result.wrong())
                        check(result.status in (3, 4), fault, way, part, result.status, result.err)
                        check(result.status == 3 or fault == 'reset' or 'TLS' in result.err, result.err)
                        world.fault()
        with Proxy(s.port, 'bytes') as proxy:
            check(login(proxy).status == 0, 'byte by byte')
            world.fault()
        for at in range(0, back, max(1, back // 12)):
            with Proxy(s.port, 'flip', 1, at) as proxy:
                result = login(proxy, timeout='2')
                check(result.wrong() is None, result.wrong())
                check(result.status != 0 or at > back - 40, 'a bit was changed at', at, 'of', back, 'and nothing said')
                world.fault()


@case
def server_killed(world):
    """kill -9 of the server while the session is ready, and before it is."""
    for ready in (True, False):
        with Serve(world.parley, world.folder, '--cert-out', world.path('killed.pem'),
                   name='killed%d' % ready) as s, \
                Connect(world.parley, s.port, world.path('killed.pem'), '--presence', listen='60') as c:
            if ready:
                while '"ready"' not in c.process.stdout.readline().decode():
                    check(c.process.poll() is None, 'it ended')
            s.process.kill()
            s.process.wait()
            result = c.end()
            check(result.status == 3, result.status, result.err)
            world.fault()
            s.process.returncode = 0    # killed as planned


@case
def nobody_there(world):
    with Listener() as listener:
        port = listener.port
    with Connect(world.parley, port, world.authority.certificate) as c:
        result = ends(c.end(), NETWORK, says='efused')
        check(str(port) in result.err, result.err)
        world.fault()


# ------------------------------------------------------------------ the machine

def as_a_user():
    """What goes before a command that is not to read what only root may."""
    return ('setpriv', '--bounding-set=-dac_override,-dac_read_search') if os.geteuid() == 0 else ()


def local(world, *options, status=1, says='', authority=None, environment=None, before=()):
    """A run that must fail before it connects."""
    with Listener() as listener:
        listener.listener.settimeout(0.05)
        done = subprocess.run(
            [*before, world.parley, 'connect', '--host', '127.0.0.1', '--port', str(listener.port), '--json', '--timeout', '5',
             *(['--ca', authority] if authority else []), *options, '%s@%s' % (USER, DOMAIN)],
            capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
            env={**os.environ, 'PARLEY_PASSWORD': PASSWORD, **(environment or {})})
        result = Result(done.returncode, done.stdout.decode(), done.stderr.decode(errors='replace'))
        try:
            listener.accept().close()
            connected = True
        except OSError:
            connected = False
    check(result.status == status, result.status, result.err)
    check(len(result.err.splitlines()) == 1 and says in result.err, repr(result.err))
    check(not connected, 'it connected before it looked')
    world.fault()
    return result


@case
def authority_files(world):
    """The file of authorities is missing, a folder, empty, rubbish, half, a key, or huge."""
    with open(world.authority.certificate) as file:
        good = file.read()
    huge = world.path('huge.pem')
    with open(huge, 'wb') as file:
        file.truncate(8 << 30)      # sparse
    for name, says in ((world.path('missing.pem'), 'missing.pem'), (world.folder, ''), (world.path('empty.pem', ''), ''),
                       (world.path('rubbish.pem', os.urandom(5000)), ''), (world.path('half.pem', good[:200]), ''),
                       (world.authority.key, ''), (huge, 'larger than'),
                       ('/dev/zero', 'larger than'), (world.path('text.pem', 'hello\n' * 100), '')):
        result = local(world, authority=name, says=says)
        check(os.path.basename(name) in result.err, name, result.err)
    secret = world.path('unreadable.pem', good)
    os.chmod(secret, 0)
    local(world, authority=secret, says='unreadable.pem', before=as_a_user())


@case
def authorities_that_are_many(world):
    """A bundle as large as can be, with the right one last."""
    with open(world.authority.certificate) as file:
        good = file.read()
    other = type(world.authority)(world.folder, 'one-of-many')
    with open(other.certificate) as file:
        many = file.read() * 400
    bundle = world.path('bundle.pem', many + good)

    def script(way):
        way.reach('secure_header')
        way.w.say(CLOSE)
        way.w.rest()
    check(world.connect(script, authority=bundle).all_of('tls'), 'not found among many')


@case
def password_files(world):
    secret = world.path('unreadable-password', PASSWORD)
    os.chmod(secret, 0)
    local(world, '--password-file', secret, says='unreadable-password', authority=world.authority.certificate,
          before=as_a_user())
    for name, says in ((world.path('no-such-password'), 'no-such-password'), (world.folder, ''),
                       (world.path('empty.txt', ''), 'empty'), (world.path('huge.txt', 'x' * (1 << 20)), '')):
        if os.path.isfile(name):
            os.chmod(name, 0o600)
        local(world, '--password-file', name, says=says, authority=world.authority.certificate)


@case
def certificate_files(world):
    """A client certificate with a key that is another's, or that is none."""
    certificate, key = world.good
    other = world.authority.issue('other-key')[1]
    for pair in ((certificate, other), (key, certificate), (certificate, world.path('none.key')),
                 (world.path('empty-chain.pem', ''), key)):
        local(world, '--cert', pair[0], '--key', pair[1], authority=world.authority.certificate)


@case
def no_entropy(world):
    """No random bytes: no nonce, no id, no TLS; from the first byte on or later."""
    for calls in range(4):
        def script(way):
            way.reach('ready')
            way.w.farewell()
        result = world.connect(script, '--presence', state='proving', listen=None, timeout='5',
                               environment={**world.preload, 'PARLEY_FAULT_ENTROPY': str(calls)})
        if calls == 0:
            check(result.after == b'', 'something was said without entropy', result.after)
        if result.status != 0:
            ends(result, 1, says='random')
        else:
            check(calls >= 2, 'no entropy was missed')
        world.fault()


@case
def wrong_clock(world):
    """Before the certificate's time, behind it, at 0 and beyond 2106."""
    now = int(time.time())
    for seconds in (0, 1, now - 40 * 86400, now + 400 * 86400, 2 ** 32 + 5, -1):
        def script(way):
            way.reach('secure_header')
            way.w.farewell()
        result = world.connect(script, environment={**world.preload, 'PARLEY_FAULT_TIME': str(seconds)})
        check(not result.all_of('tls') and b'<auth' not in result.after, seconds, result.out)
        ends(result, *((1,) if seconds <= 0 else (4,)))
        check('clock' in result.err or 'time' in result.err or 'expired' in result.err, seconds, result.err)
        world.fault()


@case
def output_that_fails(world):
    """Standard output is full or gone; the session ends, and nothing hangs or crashes."""
    for target in ('/dev/full', 'closed'):
        with Listener() as listener:
            argv = Connect(world.parley, listener.port, world.authority.certificate).argv
            end, other = os.pipe()
            os.close(end)
            out = other if target == 'closed' else os.open(target, os.O_WRONLY)
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
                                       env={**os.environ, 'PARLEY_PASSWORD': PASSWORD})
            os.close(out)
            if target != 'closed':
                os.close(other)
            with listener.accept() as w:
                w.half_close()
                err = process.communicate(timeout=30)[1].decode(errors='replace')
            check('Sanitizer' not in err, err)
            check(process.returncode in (1, 3, -signal.SIGPIPE, 128 + signal.SIGPIPE), process.returncode, err)
            world.fault()


class Unread:
    """A `connect` that is ready, whose output nobody reads, and that has more to print than is kept
    on the way; `stuck` when it answers nothing any more."""

    def __init__(self, world, *options, timeout):
        self.world, self.options, self.timeout = world, options, timeout

    def __enter__(self):
        self.listener = Listener()
        self.end, other = os.pipe()
        fcntl.fcntl(self.end, fcntl.F_SETPIPE_SZ, 16384)
        argv = Connect(self.world.parley, self.listener.port, self.world.authority.certificate, *options_of('ready'),
                       *self.options, timeout=self.timeout).argv
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=other, stderr=subprocess.PIPE,
                                        env={**os.environ, 'PARLEY_PASSWORD': PASSWORD})
        os.close(other)
        self.w = self.listener.accept()
        Way(self.w, *self.world.good).reach('ready')
        for number in range(10):
            self.w.say("<message id='m%d'><body>%s</body></message>" % (number, 'x' * 4000))
        self.w.say("<iq type='get' id='ping' from='example.com'><ping xmlns='urn:xmpp:ping'/></iq>")
        return self

    def is_stuck(self):
        self.w.sock.settimeout(1)
        try:
            while b"id='ping'" not in self.w.got:
                self.w.receive()
            return False
        except TimeoutError:
            return True
        finally:
            self.w.sock.settimeout(25)

    def status(self):
        self.err = self.process.communicate(timeout=30)[1].decode(errors='replace')
        check('Sanitizer' not in self.err, self.err)
        self.world.fault()
        return self.process.returncode

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.w.close()
        self.listener.listener.close()
        os.close(self.end)


@case
def output_that_nobody_reads(world):
    """It holds the session back for the time of --timeout; then the stream is closed, and the status
    says that it was ours to read."""
    with Unread(world, timeout='3') as c:
        check(c.is_stuck(), 'it was not held back')
        check(CLOSE.encode() in c.w.farewell(), 'the stream was not closed', c.w.all[-300:])
        check(c.status() == 1 and 'not read' in c.err and len(c.err.splitlines()) == 1, c.process.returncode, c.err)


@case
def output_that_nobody_reads_and_a_signal(world):
    """A signal ends that at once, and closes the stream in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with Unread(world, timeout='100') as c:
            check(c.is_stuck(), 'it was not held back')
            c.process.send_signal(number)
            check(CLOSE.encode() in c.w.farewell(), 'the stream was not closed', c.w.all[-300:])
            check(c.status() == 128 + number, c.process.returncode, c.err)


@case
def output_that_is_read_late(world):
    """Nothing is lost that is read in time."""
    with Unread(world, timeout='100') as c:
        check(c.is_stuck(), 'it was not held back')
        reader = threading.Thread(target=keep, args=(os.fdopen(os.dup(c.end), 'rb'), world.path('late')))
        reader.start()
        c.w.until("id='ping'")
        c.w.say(CLOSE)
        c.w.farewell()
        check(c.status() == 0, c.process.returncode, c.err)
        reader.join(25)
        with open(world.path('late')) as file:
            stanzas = [event for event in map(json.loads, file) if event['event'] == 'stanza' and event['name'] == 'message']
        check([s['id'] for s in stanzas] == ['m%d' % n for n in range(10)], [s['id'] for s in stanzas])
        check(all(len(s['body']) == 4000 for s in stanzas), 'a body is not whole')


if __name__ == '__main__':
    sys.exit(run(cases, setup))

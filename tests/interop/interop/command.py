"""The command under test: run it, read its lines as they come, judge how it ended."""
import asyncio
import contextlib
import json
import re
import signal

from .process import HOST, Failed, _die_with_parent, clean_environment
from .variants import DOMAIN

SECONDS = 15
SANITIZER = re.compile(r'ERROR: (Address|Leak|Undefined)Sanitizer|runtime error:|Assertion .* failed')

# Every event, and what it must carry with which types.
NONE = type(None)
EVENTS = {
    'state': {'state': str},
    'tls': {'version': str, 'suite': str, 'verified': bool, 'resumed': bool, 'pin_sha256': str},
    'features': {'mechanisms': list},
    'authenticated': {'mechanism': str, 'server_verified': bool, 'channel_binding': (str, NONE)},
    'bound': {'jid': str},
    'retry': {'number': int, 'most': int, 'wait_ms': int, 'outcome': str, 'state': str, 'reason': str},
    'redirect': {'number': int, 'most': int, 'host': str, 'port': int},
    'roster': {'items': list},
    'stanza': {'name': str, 'from': (str, NONE), 'sender': str, 'to': (str, NONE), 'type': (str, NONE),
               'id': (str, NONE), 'body': (str, NONE)},
    'copy': {'sent': bool, 'from': (str, NONE), 'to': (str, NONE), 'type': (str, NONE), 'id': (str, NONE),
             'body': (str, NONE)},
    'closed': {'outcome': str, 'state': str, 'reason': str},
}


class Command:
    """One run of the command. `async with` starts it and makes sure of its end."""

    def __init__(self, argv, password=None, log=None):
        self.argv, self.log = argv, log
        env = clean_environment(PARLEY_PASSWORD=password) if password is not None else clean_environment()
        if password is None:
            env.pop('PARLEY_PASSWORD', None)
        self.env = env
        self.out, self.err = [], []
        self.changed = asyncio.Event()
        self.process = None

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            *self.argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, env=self.env, preexec_fn=_die_with_parent, limit=1 << 20)
        self.readers = [asyncio.ensure_future(self._read(self.process.stdout, self.out)),
                        asyncio.ensure_future(self._read(self.process.stderr, self.err))]
        return self

    async def _read(self, stream, lines):
        while True:
            line = await stream.readline()
            if not line:
                self.changed.set()
                return
            lines.append(line.decode('utf-8', 'backslashreplace').rstrip('\n'))
            self.changed.set()

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        await asyncio.gather(*self.readers)
        if self.log:
            with open(self.log, 'a') as f:
                f.write('$ %s\n' % ' '.join(self.argv))
                f.writelines('out %s\n' % l for l in self.out)
                f.writelines('err %s\n' % l for l in self.err)
                f.write('status %s\n\n' % self.process.returncode)

    def signal(self, number):
        if self.process.returncode is None:
            self.process.send_signal(number)

    async def until(self, condition, what, seconds=SECONDS):
        end = asyncio.get_running_loop().time() + seconds
        while True:
            value = condition()
            if value is not None:
                return value
            if all(r.done() for r in self.readers):
                raise Failed('the command ended before %s: %s' % (what, self.tail()))
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), end - asyncio.get_running_loop().time())
            except asyncio.TimeoutError:
                raise Failed('the command did not give %s in %g s: %s' % (what, seconds, self.tail())) from None

    async def line(self, pattern, seconds=SECONDS):
        """The first line of stdout that matches, as a match."""
        def find():
            return next((m for m in (re.search(pattern, l) for l in self.out) if m), None)
        return await self.until(find, 'the line /%s/' % pattern, seconds)

    def events(self):
        found = []
        for line in self.out:
            try:
                found.append(json.loads(line))
            except ValueError:
                raise Failed('not JSON on stdout: %r' % line) from None
        return found

    async def event(self, kind, /, seconds=SECONDS, **wanted):
        def find():
            return next((e for e in self.events() if e.get('event') == kind and
                         all(e.get(k.rstrip('_')) == v for k, v in wanted.items())), None)
        return await self.until(find, 'the event %s %s' % (kind, wanted or ''), seconds)

    async def status(self, seconds=SECONDS):
        try:
            await asyncio.wait_for(self.process.wait(), seconds)
        except asyncio.TimeoutError:
            raise Failed('the command did not end in %g s: %s' % (seconds, self.tail())) from None
        await asyncio.gather(*self.readers)
        bad = next((l for l in self.err if SANITIZER.search(l)), None)
        if bad:
            raise Failed('sanitizer: %s' % bad)
        return self.process.returncode

    def tail(self):
        return 'status %s; stdout %s; stderr %s' % (self.process.returncode, ' | '.join(self.out[-3:]) or '(none)',
                                                    ' | '.join(self.err[-3:]) or '(none)')

    async def expect(self, wanted, seconds=SECONDS):
        """The exit status; a failure also has exactly one line on stderr, and it is returned."""
        status = await self.status(seconds)
        if status != wanted:
            raise Failed('exit status %s, not %s: %s' % (status, wanted, self.tail()))
        if 0 < wanted < 128:
            lines = [l for l in self.err if l.strip()]
            if wanted != 2 and len(lines) != 1:
                raise Failed('%d lines on stderr instead of one: %s' % (len(lines), ' | '.join(lines)))
            return ' '.join(lines)
        return ''


def judge_events(command, wanted_outcome=None):
    """Every line is an event of the contract, in an order that can be, `closed` once and last."""
    events = command.events()
    for e in events:
        shape = EVENTS.get(e.get('event'))
        if shape is None:
            raise Failed('unknown event: %s' % e)
        for key, kind in shape.items():
            if key not in e and not (isinstance(kind, tuple) and NONE in kind):
                raise Failed('no %s in %s' % (key, e))
            if key in e and not isinstance(e[key], kind):
                raise Failed('%s has a %s of a wrong type' % (e, key))
        extra = set(e) - set(shape) - {'event'}
        if extra:
            raise Failed('%s carries %s, which the contract does not name' % (e, sorted(extra)))
    names = [e['event'] for e in events]
    if names.count('closed') != 1 or names[-1] != 'closed':
        raise Failed('`closed` is not the last event, once: %s' % names)
    steps = [n for n in names if n in ('tls', 'authenticated', 'bound')]
    if steps != [n for n in ('tls', 'authenticated', 'bound') if n in steps]:
        raise Failed('steps out of order or twice: %s' % steps)
    for late in ('roster', 'stanza'):
        if late in names and ('bound' not in names or names.index(late) < names.index('bound')):
            raise Failed('%s before bound: %s' % (late, names))
    if wanted_outcome and events[-1]['outcome'] != wanted_outcome:
        raise Failed('closed with %s, not %s' % (events[-1], wanted_outcome))
    return events


class Serve(Command):
    """parley serve on ports of its own choice; ready when entered."""

    def __init__(self, world, *options, users=None, tls=True, log=None):
        self.world = world
        number = world.next_number()
        self.users = world.lab.path('serve-%d' % number, 'users')
        self.certificate = world.lab.path('serve-%d' % number, 'certificate.pem')
        with open(self.users, 'w') as f:
            f.writelines('%s:%s\n' % (a.user, a.password) for a in (users or world.accounts))
        argv = [world.parley, 'serve', '--listen', HOST + ':0', '--domain', DOMAIN, '--users', self.users]
        if tls:
            argv += ['--tls-listen', HOST + ':0']
        if '--cert' not in options:
            argv += ['--cert-out', self.certificate]
        super().__init__(argv + list(options), log=log or world.log)

    async def __aenter__(self):
        await super().__aenter__()
        try:
            self.port = int((await self.line(r'^listening starttls %s:(\d+)$' % re.escape(HOST))).group(1))
            if '--tls-listen' in self.argv:
                self.direct = int((await self.line(r'^listening tls %s:(\d+)$' % re.escape(HOST))).group(1))
            self.pin = (await self.line(r'^pin sha256 ([0-9a-f]{64})$')).group(1)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *error):
        """Every serve ends by SIGTERM, in order, and with status 0 or 143."""
        ended_well = None
        if self.process.returncode is None and not any(error):
            self.signal(signal.SIGTERM)
            try:
                ended_well = await self.status(10) in (0, 143)
            except Failed:
                ended_well = False
        await super().__aexit__()
        if ended_well is False:
            raise Failed('serve did not end well on SIGTERM: %s' % self.tail())


def connect(world, account, port, *options, tls='starttls', ca=None, domain=DOMAIN, password=None, json=True):
    argv = [world.parley, 'connect', '%s@%s' % (account.user, domain), '--host', HOST, '--port', str(port)]
    if tls:
        argv += ['--tls', tls]
    if tls != 'off' and '--pin-only' not in options:
        argv += ['--ca', ca or world.lab.ca]
    if json:
        argv.append('--json')
    return Command(argv + list(options), account.password if password is None else password, world.log)

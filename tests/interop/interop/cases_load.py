"""Much at once: large rosters and stanzas, one byte at a time, floods, slow readers, crowds."""
import asyncio
import contextlib
import signal
import socket

from .cases import case, check
from .cases_connect import STAY, judge_login
from .cases_refusals import explain
from .cases_serve import log_in
from .command import Command, Serve, connect, judge_events
from .process import HOST, Failed
from .slix import Session
from .variants import DOMAIN, ESCAPED, JULIET, ROMEO, SCRAM1, SCRAM256, VARIANTS, Account, contact, plus


def crowded(server):
    """A roster of any size passes, each item whole."""
    async def run(w):
        name = '%s:crowded' % server
        async with connect(w, ROMEO, w.server(name).port, '--roster') as romeo:
            await romeo.expect(0)
        items = judge_login(judge_events(romeo), 'starttls', None)['roster']['items']
        got = {i['jid']: (i['name'], i['groups']) for i in items}
        check(len(got) == len(items), 'a contact came twice')
        wanted = {jid: (text, [group]) for jid, text, group in map(contact, range(VARIANTS['crowded'].contacts))}
        wanted.update({a.user + '@' + DOMAIN: (None, []) for a in (JULIET, ESCAPED)})
        wrong = [j for j in wanted.keys() | got.keys() if wanted.get(j) != got.get(j)]
        check(not wrong, '%d contacts differ, for example %s: %s' % (len(wrong), wrong[:1], got.get((wrong or [''])[0])))
    return run


def large(server):
    """What fits the limit comes whole; what does not is left out, and the session goes on."""
    async def run(w):
        port = w.server('%s:all' % server).port
        fits = ''.join('%05d <&> ' % i for i in range(600))
        async with Session(JULIET, port, w.lab.ca) as juliet:
            async with connect(w, ROMEO, port, '--presence', *STAY) as romeo:
                jid = (await romeo.event('bound'))['jid']
                await juliet.presence(jid)
                for body in (fits, 'x' * 200000, 'still here'):
                    juliet.chat(jid, body)
                await romeo.event('stanza', name='message', body='still here')
                romeo.signal(signal.SIGTERM)
                await romeo.expect(128 + signal.SIGTERM)
        bodies = [e['body'] for e in judge_events(romeo) if e['event'] == 'stanza' and e['name'] == 'message']
        check(bodies == [fits, None, 'still here'], 'the messages are %s' % [b and b[:20] for b in bodies])
        check(any('left out' in line for line in romeo.err), 'stderr does not tell: %s' % romeo.err)
    return run


for _server in ('prosody', 'ejabberd'):
    case('load %s roster of 2000' % _server, '%s:crowded' % _server)(crowded(_server))
    case('load %s large stanzas' % _server, '%s:all' % _server)(large(_server))


class Dribble:
    """A proxy that passes on one byte at a time to our end, and whole reads to the other:
    Expat, which the others use, may keep a token that comes in small pieces until more comes."""

    def __init__(self, port, to_server):
        self.target, self.to_server = port, to_server
        self.tasks = set()

    async def _pump(self, reader, writer, slowly):
        with contextlib.suppress(OSError):
            while True:
                data = await reader.read(4096)
                if not data:
                    break
                step = 1 if slowly else len(data)
                for i in range(0, len(data), step):
                    writer.write(data[i:i + step])
                    await asyncio.sleep(0)      # each is a write of its own
        with contextlib.suppress(OSError):
            writer.close()

    async def _accept(self, reader, writer):
        self.tasks.add(asyncio.current_task())      # the loop alone would let go of it
        there = await asyncio.open_connection(HOST, self.target)
        for stream in (writer, there[1]):
            stream.get_extra_info('socket').setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(self._pump(reader, there[1], self.to_server),
                             self._pump(there[0], writer, not self.to_server))

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()


def byte_by_byte(server, tls):
    async def run(w):
        real = w.server('%s:all' % server)
        async with Dribble(real.direct if tls == 'direct' else real.port, False) as slow:
            async with connect(w, ROMEO, slow.port, '--roster', '--presence', '--to', 'juliet@' + DOMAIN,
                               '--message', 'slowly', tls=tls) as romeo:
                await romeo.expect(0, 25)
        judge_login(judge_events(romeo), tls, None)
    return run


for _server in ('prosody', 'ejabberd'):
    for _tls in ('starttls', 'direct'):
        case('load %s one byte at a time, %s' % (_server, _tls), '%s:all' % _server)(byte_by_byte(_server, _tls))


@case('load serve one byte at a time')
async def _serve_slowly(w):
    async with Serve(w) as s, Dribble(s.port, True) as slow, log_in(s, JULIET) as juliet:
        async with Session(ROMEO, slow.port, s.certificate) as romeo:
            await juliet.presence(romeo.bound)
            romeo.chat(juliet.bound, 'slowly')
            await juliet.message('slowly', romeo.bound)
            juliet.chat(romeo.bound, 'and back')
            await romeo.message('and back', juliet.bound)


@case('load serve 500 messages each way')
async def _flood(w):
    async with Serve(w) as s, log_in(s, JULIET) as juliet, log_in(s, ROMEO, 'direct') as romeo:
        await juliet.presence(romeo.bound)
        for i in range(500):
            romeo.chat(juliet.bound, 'to juliet %d' % i)
            juliet.chat(romeo.bound, 'to romeo %d' % i)
        for session, name in ((juliet, 'juliet'), (romeo, 'romeo')):
            await session.until(lambda: len(session.messages) >= 500, '500 messages', 20)
            check([m[2] for m in session.messages] == ['to %s %d' % (name, i) for i in range(500)],
                  '%s got them in another order' % name)


# More than the kernel holds for both ends (half a megabyte was seen), so that serve has to wait; and
# soon done, for serve ends who takes nothing for 10 s.
FLOOD = 300


def stop_reading(session):
    transport = session.client.transport
    transport.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    transport.pause_reading()


def flood(sender, to):
    for i in range(FLOOD):
        sender.chat(to, '%d %s' % (i, 'x' * 9000))


@case('load serve who does not read holds up only who writes to it')
async def _slow_reader(w):
    async with Serve(w) as s, log_in(s, JULIET) as juliet, log_in(s, ROMEO) as romeo, log_in(s, ESCAPED) as other:
        await romeo.presence(juliet.bound)
        await other.presence(romeo.bound)
        stop_reading(juliet)
        flood(romeo, juliet.bound)
        other.chat(other.bound, 'unhurt')
        await other.message('unhurt', other.bound)
        juliet.client.transport.resume_reading()
        await juliet.until(lambda: len(juliet.messages) == FLOOD or juliet.ended, 'the flood', 30)
        got = [int(m[2].split()[0]) for m in juliet.messages]
        check(got == list(range(FLOOD)), '%d messages came, then %s %s' % (len(got), juliet.stream_error, juliet.ended))


@case('load serve who never reads again is ended', seconds=60)
async def _stalled(w):
    async with Serve(w) as s, log_in(s, ROMEO) as romeo, log_in(s, ESCAPED) as other:
        async with log_in(s, JULIET) as juliet:
            await other.presence(juliet.bound)
            stop_reading(juliet)
            flood(romeo, juliet.bound)
            await other.until(lambda: (juliet.bound, 'unavailable') in other.presences, 'that juliet is gone', 40)
            juliet.client.transport.abort()
        check(not romeo.ended, 'the sender was ended: %s' % romeo.stream_error)
        romeo.chat(other.bound, 'goes on')
        await other.message('goes on', romeo.bound)


@case('load serve a stanza over the limit')
async def _too_large(w):
    async with Serve(w) as s, log_in(s, JULIET) as juliet:
        async with log_in(s, ROMEO) as romeo:
            await juliet.presence(romeo.bound)
            romeo.chat(juliet.bound, 'x' * 9000)
            await juliet.message('x' * 9000, romeo.bound)
            romeo.chat(juliet.bound, 'x' * 100000)
            await romeo.end()
            check(romeo.stream_error == 'policy-violation', 'stream error %s' % romeo.stream_error)
        await juliet.presence(romeo.bound, 'unavailable')
        check(len(juliet.messages) == 1, 'it was delivered')


@case('load serve 40 users')
async def _crowd(w):
    crowd = [Account('user%d' % i, 'secret%d' % i) for i in range(40)]
    async with Serve(w, '--sessions', '40', users=crowd) as s, contextlib.AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(log_in(s, a, 'direct' if i % 2 else 'starttls'))
                    for i, a in enumerate(crowd)]
        for one in sessions:
            for other in sessions:
                await one.presence(other.bound)
        sessions[7].chat(sessions[31].bound, 'over there')
        await sessions[31].message('over there', sessions[7].bound)
        gone = sessions[:20]
        for one in gone:
            one.cut(reset=True)
        for one in sessions[20:]:
            for other in gone:
                await one.presence(other.bound, 'unavailable')


@case('load serve users with SCRAM keys alone')
async def _keys(w):
    lines = []
    for a in (ROMEO, ESCAPED):
        async with Command([w.parley, 'serve', '--add-user', a.user], a.password, w.log) as command:
            await command.expect(0)
        check(len(command.out) == 1 and a.password not in command.out[0], 'it prints %s' % command.out)
        lines.append(command.out[0])
    s = Serve(w)
    with open(s.users, 'w') as f:
        f.writelines(line + '\n' for line in lines)
    async with s:
        for mechanism in (plus(SCRAM256), plus(SCRAM1)):
            for a in (ROMEO, ESCAPED):
                async with log_in(s, a, mechanism=mechanism):
                    pass
        session = log_in(s, Account('romeo', 'wrong'))
        try:
            async with session:
                raise Failed('a wrong password was accepted')
        except Failed:
            check('not-authorized' in session.auth_failures, 'failures %s' % session.auth_failures)
        async with connect(w, ROMEO, s.port, ca=s.certificate) as ours:
            await ours.expect(0)
        async with connect(w, ROMEO, s.port, ca=s.certificate, password='wrong') as ours:
            explain(await ours.expect(5), 'not-authorized')


@case('load serve --roster FILE')
async def _roster_file(w):
    path = w.lab.path('roster-file')
    with open(path, 'w') as f:
        f.write('romeo juliet both Juliet C.\n')
    async with Serve(w, '--roster', path) as s, log_in(s, JULIET) as juliet, log_in(s, ESCAPED) as other:
        async with log_in(s, ROMEO) as romeo:
            await juliet.presence(romeo.bound)
            await romeo.presence(juliet.bound)
            check(await romeo.roster() == {'juliet@' + DOMAIN}, 'the roster is %s' % await romeo.roster())
            check(await juliet.roster() == {'romeo@' + DOMAIN}, 'the roster is %s' % await juliet.roster())
            check(await other.roster() == set(), 'a roster for who has none')
        await juliet.presence(romeo.bound, 'unavailable')
        # a message behind it has come, so a presence would have come before
        juliet.chat(other.bound, 'fence')
        await other.message('fence')
        check(not [p for p in other.presences if p[0] != other.bound], 'presence for a stranger: %s' % other.presences)

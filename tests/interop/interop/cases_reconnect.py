"""Sessions that are lost and taken up again: parley connect with real servers over a relay that is
cut, and openssl s_client that resumes its TLS session with parley serve."""
import asyncio
import contextlib
import os
import signal

from .cases import case, check
from .command import Serve, connect
from .process import HOST, Failed, clean_environment
from .raw import HEADER
from .variants import DOMAIN, ROMEO, SCRAM256, plus

SERVERS = ('prosody', 'ejabberd')


class Relay:
    """Hands on what comes, until it is cut: then both ends lose the connection."""

    def __init__(self, port):
        self.target = port
        self.tasks = []
        self.ends = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.relay, HOST, 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        self.cut()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def cut(self):
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()

    async def relay(self, reader, writer):
        other_reader, other_writer = await asyncio.open_connection(HOST, self.target)
        self.ends += [writer, other_writer]
        for source, sink in ((reader, other_writer), (other_reader, writer)):
            self.tasks.append(asyncio.ensure_future(self.pump(source, sink)))

    @staticmethod
    async def pump(source, sink):
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        sink.close()


def lost(name, mechanism, resumes):
    """The server's side of the connection goes away, twice. `resumes`: what the server does with the
    TLS session; None: it may do either."""
    async def run(w):
        async with Relay(w.server(name).port) as relay:
            async with connect(w, ROMEO, relay.port, '--mechanism', mechanism, '--retry', '2', '--retry-wait', '0',
                               '--roster', '--presence', '--listen', '60', '--trace') as romeo:
                for count in (1, 2, 3):
                    def again():
                        return True if sum(e['event'] == 'roster' for e in romeo.events()) == count else None
                    await romeo.until(again, 'roster %d' % count)
                    if count < 3:
                        relay.cut()
                romeo.signal(signal.SIGTERM)
                await romeo.expect(128 + signal.SIGTERM)
        events = romeo.events()
        tls = [e['resumed'] for e in events if e['event'] == 'tls']
        logins = [(e['mechanism'], e['server_verified']) for e in events if e['event'] == 'authenticated']
        check(len(tls) == 3 and tls[0] is False, 'resumed: %s' % tls)
        check(resumes is None or tls[1:] == [resumes] * 2, 'resumed: %s' % tls)
        check(logins == [(mechanism, True)] * 3, 'authenticated by %s' % logins)
        check([e['state'] for e in events if e['event'] == 'retry'] == ['ready'] * 2, 'retries: %s' % events)
    return run


# Prosody 0.12 and ejabberd 23.01 give no session identifier, and have tls-unique alone: with that
# a session is not to be resumed whatever they give.
for _server in SERVERS:
    case('reconnect %s %s' % (_server, SCRAM256), '%s:sha256' % _server, short=True)(
        lost('%s:sha256' % _server, SCRAM256, None))
    case('reconnect %s %s' % (_server, plus(SCRAM256)), '%s:sha256' % _server, short=True)(
        lost('%s:sha256' % _server, plus(SCRAM256), False))


# ------------------------------------------------------------ openssl s_client

async def s_client(s, *options):
    """A stream header and its features; what s_client tells of the handshake."""
    process = await asyncio.create_subprocess_exec(
        'openssl', 's_client', *options, '-CAfile', s.certificate, '-verify_hostname', DOMAIN, '-verify_return_error',
        '-servername', DOMAIN, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env=clean_environment())
    try:
        process.stdin.write(HEADER.encode())
        await process.stdin.drain()
        got = await asyncio.wait_for(process.stdout.readuntil(b'</stream:features>'), 20)
        process.stdin.write(b'</stream:stream>')
        await process.stdin.drain()
        await asyncio.wait_for(process.stdout.read(), 20)
        return got.decode(errors='replace')
    except (asyncio.IncompleteReadError, asyncio.TimeoutError, ConnectionError) as e:
        raise Failed('openssl s_client: %s' % type(e).__name__) from None
    finally:
        if process.returncode is None:
            process.stdin.close()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), 5)
        if process.returncode is None:
            process.kill()
            await process.wait()


@case('serve openssl s_client resumes', short=True)
async def _openssl_resumes(w):
    session = w.lab.path('openssl-session.pem')
    async with Serve(w) as s, Serve(w) as stranger:
        ways = (('-connect', '%s:%d' % (HOST, s.direct)),
                ('-connect', '%s:%d' % (HOST, s.port), '-starttls', 'xmpp', '-xmpphost', DOMAIN))
        for way in ways:
            first = await s_client(s, *way, '-sess_out', session)
            check('New, TLSv1.2' in first and os.path.exists(session), first)
            for _ in range(2):      # as often as one likes
                again = await s_client(s, *way, '-sess_in', session)
                check('Reused, TLSv1.2' in again and '<mechanism>' in again, again)
        # Another server knows nothing of it: a full handshake, no error.
        other = await s_client(stranger, '-connect', '%s:%d' % (HOST, stranger.direct), '-sess_in', session)
        check('New, TLSv1.2' in other and '<mechanism>' in other, other)
        os.unlink(session)

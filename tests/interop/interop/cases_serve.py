"""parley serve with clients that others wrote: slixmpp, openssl s_client, a raw socket."""
import asyncio
import base64
import signal
import socket
import ssl

from .cases import case, check
from .cases_connect import REPLY, STAY, TEXT, judge_login, mechanism_options
from .cases_refusals import explain
from .command import Serve, connect, judge_events
from .process import HOST, Failed, clean_environment
from .raw import HEADER, STARTTLS, Raw, auth
from .slix import Session, trust
from .variants import (DOMAIN, ESCAPED, JULIET, PLAIN, ROMEO, SCRAM1, SCRAM256, SCRAM512, Account,
                       plus)

# slixmpp says that it could bind the channel and sees no offer (RFC 5802 section 6, `y`) when
# it is held to one mechanism; so that mechanism alone is offered.
ALL = (SCRAM256, plus(SCRAM256), SCRAM1, plus(SCRAM1), PLAIN)
TLS13 = (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3)


def log_in(s, account, tls='starttls', mechanism=None, **more):
    return Session(account, s.direct if tls == 'direct' else s.port,
                   None if tls == 'off' else s.certificate, tls, mechanism, **more)


def conversation(tls, mechanism, certificate=None, options=(), alpn=None):
    """Two slixmpp sessions: roster, presence both ways, messages both ways, leaving."""
    async def run(w):
        offered = ('--mechanisms', mechanism) if mechanism else ()
        own = ('--cert', w.lab.certificate(certificate), '--key', w.lab.key(certificate)) if certificate else ()
        async with Serve(w, *offered, *own, *options) as s:
            s.certificate = w.lab.ca if certificate else s.certificate
            async with log_in(s, JULIET, tls, mechanism, alpn=alpn) as juliet:
                async with log_in(s, ROMEO, tls, mechanism, alpn=alpn) as romeo:
                    check(juliet.tls_version == (None if tls == 'off' else 'TLSv1.2'),
                          'it speaks %s' % juliet.tls_version)
                    for one, other in ((juliet, romeo), (romeo, juliet)):
                        await one.presence(other.bound)
                        roster = await one.roster()
                        wanted = {a.user + '@' + DOMAIN for a in w.accounts} - {one.client.boundjid.bare}
                        check(roster == wanted, 'the roster is %s' % roster)
                    romeo.chat(juliet.bound, TEXT)
                    await juliet.message(TEXT, romeo.bound)
                    juliet.chat('romeo@' + DOMAIN, REPLY)       # to whichever resource is there
                    await romeo.message(REPLY, juliet.bound)
                    left = romeo.bound
                await juliet.presence(left, 'unavailable')
    return run


for _mechanism in ALL:
    case('serve slixmpp starttls %s' % _mechanism, short=True)(conversation('starttls', _mechanism))
    case('serve slixmpp direct %s' % _mechanism, short=_mechanism == SCRAM256)(conversation('direct', _mechanism))
case('serve slixmpp direct, with ALPN', short=True)(conversation('direct', None, alpn='xmpp-client'))
case('serve slixmpp in the clear, --insecure', short=True)(conversation('off', None, options=('--insecure',)))
for _certificate in ('server-ec', 'server-rsa', 'good-chain', 'good-mixed', 'good-p384'):
    case('serve slixmpp with certificate %s' % _certificate, short=_certificate == 'server-rsa')(
        conversation('starttls', None, _certificate))


def cut(tls, reset):
    """However a session ends, the contacts hear of it."""
    async def run(w):
        async with Serve(w) as s, log_in(s, JULIET) as juliet:
            for resource in ('one', 'two'):
                async with log_in(s, ROMEO, tls, resource=resource) as romeo:
                    await juliet.presence(romeo.bound)
                    romeo.cut(reset)
                    await juliet.presence(romeo.bound, 'unavailable')
    return run


for _tls in ('starttls', 'direct'):
    for _reset in (False, True):
        case('serve unavailable on a %s, %s' % ('reset' if _reset else 'cut connection', _tls),
             short=_tls == 'starttls')(cut(_tls, _reset))


def wrong(account, mechanism):
    async def run(w):
        async with Serve(w, '--mechanisms', mechanism) as s:
            session = log_in(s, account, mechanism=mechanism)
            try:
                async with session:
                    raise Failed('it could log in')
            except Failed:
                if 'not-authorized' not in session.auth_failures:
                    raise
            async with log_in(s, ROMEO, mechanism=mechanism):
                pass            # the server goes on
    return run


for _mechanism in ALL:
    case('serve wrong password, %s' % _mechanism, short=_mechanism == SCRAM256)(
        wrong(Account('romeo', 'wrong'), _mechanism))
    case('serve unknown user, %s' % _mechanism, short=_mechanism == SCRAM256)(
        wrong(Account('nobody', 'wrong'), _mechanism))


@case('serve two resources of one user', short=True)
async def _two_resources(w):
    async with Serve(w) as s, log_in(s, JULIET) as juliet, log_in(s, ROMEO, resource='one') as one, \
            log_in(s, ROMEO, resource='two') as two:
        check((one.bound, two.bound) == tuple('romeo@%s/%s' % (DOMAIN, r) for r in ('one', 'two')),
              'bound to %s and %s' % (one.bound, two.bound))
        for session in (one, two):
            await juliet.presence(session.bound)
            juliet.chat(session.bound, 'to ' + session.bound)
            await session.message('to ' + session.bound, juliet.bound)
        check(len(one.messages) == len(two.messages) == 1, 'a message for one resource reached the other')
        await one.presence(two.bound)       # RFC 6121 section 4.2.2: one's own resources too
        two.cut(reset=True)
        await juliet.presence(two.bound, 'unavailable')
        juliet.chat(one.bound, 'still there')
        await one.message('still there')


@case('serve names a resource for who asks for none', short=True)
async def _server_made_resource(w):
    async with Serve(w) as s, log_in(s, ROMEO) as one, log_in(s, ROMEO) as two:
        check('/' in one.bound and '/' in two.bound and one.bound != two.bound, '%s, %s' % (one.bound, two.bound))


@case('serve conflict of resources', short=True)
async def _conflict(w):
    """The first of the ways that RFC 6120 section 7.7.2.2 leaves: another resource is made."""
    async with Serve(w) as s, log_in(s, ROMEO, resource='one') as first, log_in(s, ROMEO, resource='one') as second:
        check(first.bound == 'romeo@%s/one' % DOMAIN, 'the first is %s' % first.bound)
        check(second.bound.startswith(first.bound + '-'), 'the second is %s' % second.bound)
        await first.presence(second.bound)
        second.chat(first.bound, 'both live')
        await first.message('both live', second.bound)


@case('serve user name with = and ,', short=True)
async def _escaped(w):
    async with Serve(w) as s, log_in(s, JULIET) as juliet, log_in(s, ESCAPED) as other:
        await juliet.presence(other.bound)
        juliet.chat(other.bound, TEXT)
        await other.message(TEXT, juliet.bound)


@case('serve closes every stream on SIGTERM', short=True)
async def _terminated(w):
    async with Serve(w) as s, log_in(s, JULIET) as juliet, log_in(s, ROMEO, 'direct') as romeo:
        await juliet.presence(romeo.bound)
        s.signal(signal.SIGTERM)
        for session in (juliet, romeo):
            await session.until(lambda: session.stream_error, 'a stream error')
            check(session.stream_error == 'system-shutdown', 'stream error %s' % session.stream_error)
            await session.end()
        check(await s.status() in (0, 143), 'status %s' % s.process.returncode)


@case('serve more than --sessions', short=True)
async def _sessions(w):
    async with Serve(w, '--sessions', '2') as s, log_in(s, JULIET) as juliet, log_in(s, ROMEO, resource='one') as one:
        third = log_in(s, ROMEO, resource='two')
        try:
            async with third:
                raise Failed('a third session of two')
        except Failed:
            if third.bound:
                raise
        check(third.stream_error == 'resource-constraint', 'the third got %s' % third.stream_error)
        one.chat(juliet.bound, 'unhurt')
        await juliet.message('unhurt')
        one.cut(reset=True)
        await juliet.presence(one.bound, 'unavailable')
        async with log_in(s, ROMEO, resource='three') as again:     # there is room again
            await juliet.presence(again.bound)


# ------------------------------------------------------------ openssl s_client

async def s_client(s, *options, certificate=None):
    """openssl verifies the certificate and carries a stream header and its features."""
    process = await asyncio.create_subprocess_exec(
        'openssl', 's_client', *options, '-CAfile', certificate or s.certificate, '-verify_hostname', DOMAIN,
        '-verify_return_error', '-quiet', '-servername', DOMAIN, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=clean_environment())
    try:
        process.stdin.write(HEADER.encode())
        await process.stdin.drain()
        got = await asyncio.wait_for(process.stdout.readuntil(b'</stream:features>'), 10)
        check(b'<mechanism>' in got and b'<starttls' not in got, 'features inside TLS: %r' % got)
        process.stdin.write(b'</stream:stream>')
        await process.stdin.drain()
        rest = await asyncio.wait_for(process.stdout.read(), 10)
        check(b'</stream:stream>' in rest, 'no close tag: %r' % rest)
    except (asyncio.IncompleteReadError, asyncio.TimeoutError, ConnectionError) as e:
        process.kill()
        raise Failed('openssl s_client: %s; %s' % (
            type(e).__name__, (await process.stderr.read()).decode(errors='replace')[-400:])) from None
    finally:
        if process.returncode is None:
            process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), 5)
            except asyncio.TimeoutError:
                process.kill()
                await process.wait()


def openssl_cases(certificate):
    async def run(w):
        own = ('--cert', w.lab.certificate(certificate), '--key', w.lab.key(certificate)) if certificate else ()
        ca = w.lab.ca if certificate else None
        async with Serve(w, *own) as s:
            await s_client(s, '-connect', '%s:%d' % (HOST, s.port), '-starttls', 'xmpp', '-xmpphost', DOMAIN,
                           certificate=ca)
            await s_client(s, '-connect', '%s:%d' % (HOST, s.direct), '-alpn', 'xmpp-client', certificate=ca)
            # P-256 stays among them, since the key of the certificate may be one
            for groups in ('P-256', 'X25519:P-256', 'P-384:P-256'):
                await s_client(s, '-connect', '%s:%d' % (HOST, s.direct), '-groups', groups, certificate=ca)
    return run


case('serve openssl s_client, own certificate', short=True)(openssl_cases(None))
case('serve openssl s_client, RSA certificate')(openssl_cases('server-rsa'))
case('serve openssl s_client, EC certificate with a chain')(openssl_cases('good-chain'))


# ------------------------------------------------------------------ raw client

def raw_case(function, *options):
    async def run(w):
        async with Serve(w, *options) as s:
            await asyncio.to_thread(function, s)
            async with log_in(s, ROMEO):
                pass            # the server goes on
    return run


def secret(account):
    return base64.b64encode(('\0%s\0%s' % (account.user, account.password)).encode()).decode()


def sasl_before_tls(s):
    """SASL where it was not offered: refused, nothing authenticated, closed."""
    for mechanism in (PLAIN, SCRAM256):
        with Raw(s.port) as r:
            features = r.features()
            check('<starttls' in features and '<mechanism' not in features, 'features before TLS: ' + features)
            r.send(auth(mechanism, secret(ROMEO)))
            got = r.until(rb'(<failure.*</failure>|<stream:error>.*</stream:error>)')
            check('<success' not in got, 'authenticated in the clear')
            check(any(c in got for c in ('encryption-required', 'not-authorized', 'policy-violation')), got)
            if '<failure' in got:
                r.send('</stream:stream>')
            check('</stream:stream>' in got + r.to_end(), 'no close tag')


def stanza_before_ready(s):
    with Raw(s.port) as r:
        r.features()
        r.send("<message to='juliet@%s'><body>early</body></message>" % DOMAIN)
        got = r.to_end()
        check('<not-authorized' in got and got.endswith('</stream:stream>'), got)


def tls13_alone(s):
    """protocol_version, a clean alert (RFC 5246 section 7.2.2), both ways in."""
    for port, starttls in ((s.port, True), (s.direct, False)):
        with Raw(port) as r:
            if starttls:
                r.features()
                r.send(STARTTLS)
                r.until(rb'<proceed[^>]*>')
            try:
                r.start_tls(trust(s.certificate, versions=TLS13))
            except ssl.SSLError as e:
                check('PROTOCOL_VERSION' in str(e).upper().replace(' ', '_') or 'ALERT' in str(e).upper(), str(e))
            else:
                raise Failed('TLS 1.3 was negotiated')


def restricted(s):
    """What RFC 6120 section 11.1 forbids, below TLS."""
    for text, condition in (('<!-- -->', 'restricted-xml'), ('<?pi x?>', 'restricted-xml'),
                            ('<!DOCTYPE a []>', 'restricted-xml'), ('<a></b>', 'not-well-formed'),
                            ('<a>\x01</a>', 'not-well-formed')):
        with Raw(s.port) as r:
            r.features()
            r.send(text)
            got = r.closing()
            check('<%s' % condition in got and got.endswith('</stream:stream>'), '%s gives %s' % (text, got))


def wrong_header(s):
    for old, new, condition in ((DOMAIN, 'other.example', 'host-unknown'),
                                ('http://etherx.jabber.org/streams', 'urn:example:x', 'invalid-namespace'),
                                ("version='1.0' xmlns", "version='0.9' xmlns", 'unsupported-version')):
        with Raw(s.port) as r:
            r.send(HEADER.replace(old, new) if old != DOMAIN else HEADER.replace("to='%s'" % old, "to='%s'" % new))
            got = r.closing()
            check('<%s' % condition in got, '%s gives %s' % (new, got))
            check('<stream:stream' in got, 'an error without a header first: ' + got)


def pipelined_hello(s):
    """A client may send its ClientHello with <starttls/>: it goes to TLS, not to the parser."""
    context = trust(s.certificate)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=DOMAIN)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    with Raw(s.port) as r:
        r.features()
        r.send(STARTTLS.encode() + outgoing.read())
        r.until(rb'<proceed[^>]*>')
        incoming.write(r.seen)
        for _ in range(20):
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if outgoing.pending:
                    r.send(outgoing.read())
                data = r.sock.recv(65536)
                check(data, 'closed in the handshake')
                incoming.write(data)
        check(tls.version() == 'TLSv1.2', 'no handshake')


def connections_that_say_nothing(s):
    """--timeout ends who does not go on: connection-timeout (RFC 6120 section 4.9.3.4)."""
    with Raw(s.port) as silent, Raw(s.port) as half:
        half.features()
        check('connection-timeout' in half.to_end(), 'no connection-timeout')
        silent.to_end()


for _name, _function, _options in (
        ('SASL before TLS', sasl_before_tls, ()),
        ('a stanza before ready', stanza_before_ready, ()),
        ('TLS 1.3 alone', tls13_alone, ()),
        ('restricted XML', restricted, ()),
        ('wrong stream headers', wrong_header, ()),
        ('a ClientHello behind <starttls/>', pipelined_hello, ()),
        ('--timeout', connections_that_say_nothing, ('--timeout', '1'))):
    case('serve raw client, %s' % _name, short=True)(raw_case(_function, *_options))


# ------------------------------------------------------------------ both ours

def both_ours(tls, mechanism):
    async def run(w):
        offered = ('--mechanisms', mechanism) if mechanism else ()
        async with Serve(w, *offered) as s, log_in(s, JULIET) as juliet:
            port = s.direct if tls == 'direct' else s.port
            options = mechanism_options(mechanism) + ('--pin', s.pin, '--roster', '--presence', '--to', juliet.bound,
                                                      '--message', TEXT) + STAY
            async with connect(w, ROMEO, port, *options, tls=tls, ca=s.certificate) as romeo:
                jid = (await romeo.event('bound'))['jid']
                await juliet.message(TEXT, jid)
                juliet.chat(jid, REPLY)
                await romeo.event('stanza', name='message', body=REPLY, from_=juliet.bound)
                romeo.signal(signal.SIGTERM)
                await romeo.expect(143)
                await juliet.presence(jid, 'unavailable')
            got = judge_login(judge_events(romeo), tls, mechanism)
            check(got['tls']['pin_sha256'] == s.pin, 'the pin is another')
    return run


for _mechanism in (None,) + ALL + (SCRAM512, plus(SCRAM512)):
    case('both ours, starttls %s' % _mechanism, short=_mechanism == SCRAM256)(both_ours('starttls', _mechanism))
    case('both ours, direct %s' % _mechanism)(both_ours('direct', _mechanism))


@case('both ours, serve is killed', short=True)
async def _killed(w):
    async with Serve(w) as s:
        async with connect(w, ROMEO, s.port, '--presence', *STAY, ca=s.certificate) as romeo:
            await romeo.event('bound')
            s.signal(signal.SIGKILL)
            await romeo.expect(3)
        await s.status()


@case('both ours, --sessions is reached', short=True)
async def _no_room(w):
    async with Serve(w, '--sessions', '1') as s:
        async with connect(w, ROMEO, s.port, *STAY, ca=s.certificate) as first:
            await first.event('bound')
            async with connect(w, JULIET, s.port, '--timeout', '5', ca=s.certificate) as second:
                explain(await second.expect(9), 'resource-constraint')
            first.signal(signal.SIGTERM)
            await first.expect(143)


@case('serve usage: a port that is taken, a bad users file', short=True)
async def _usage(w):
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen(1)
        s = Serve(w)
        s.argv[s.argv.index('--listen') + 1] = '%s:%d' % taken.getsockname()
        try:
            async with s:
                raise Failed('it started on a port that is taken')
        except Failed:
            if s.process.returncode in (None, 0):
                raise
        check(len(s.err) == 1 and str(taken.getsockname()[1]) in s.err[0], 'stderr %s' % s.err)
    s = Serve(w)
    with open(s.users, 'w') as f:
        f.write('romeo:ok\nno colon here\n')
    try:
        async with s:
            raise Failed('it started')
    except Failed:
        if s.process.returncode in (None, 0):
            raise
    check(len(s.err) == 1 and '2' in s.err[0], 'stderr %s' % s.err)

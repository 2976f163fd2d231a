"""parley connect where it must not get through: the exit status, one line that says why,
and nothing given away."""
import asyncio
import re
import signal
import socket
import ssl

from . import scripted
from .cases import case, check
from .cases_connect import SERVERS, STAY, port_of
from .cases_harness import BAD
from .command import connect, judge_events
from .process import HOST, free_ports
from .scripted import Scripted, tls_context
from .slix import Session
from .variants import DOMAIN, JULIET, ROMEO, SCRAM1, PLAIN, Account


def steps(command):
    return {e['event'] for e in judge_events(command)}


def explain(why, *words):
    """The line on stderr holds one of the words."""
    check(any(re.search(w, why, re.I) for w in words), 'the message does not say why: %s' % why)


CHAIN, NAME = 'tls-certificate-chain', 'tls-certificate-name'
# The outcome, and what the line on stderr must say of this certificate (after "TLS:", since
# the text of the outcome names all that may be wrong with a chain).
WHY = {
    'bad-expired': (CHAIN, 'TLS: .*expired'), 'bad-not-yet': (CHAIN, 'TLS: .*not yet valid'),
    'bad-unknown-ca': (CHAIN, 'TLS: .*not trusted'), 'bad-self-signed': (CHAIN, 'TLS: .*not trusted'),
    'bad-no-chain': (CHAIN, 'TLS: .*not trusted'), 'bad-not-a-ca': (CHAIN, 'TLS: .*CA'),
    'bad-rsa-1024': (CHAIN, 'TLS: .*weak'), 'bad-sha1': (CHAIN, 'TLS: .*(signature|unsupported|algorithm)'),
    # no anchor's key fits, which is all that is known; below an intermediate it is plain
    'bad-signature': (CHAIN, 'TLS: .*not trusted'), 'bad-chain-signature': (CHAIN, 'TLS: .*wrong signature'),
    'bad-client-only': (CHAIN, 'TLS: .*not allowed for this use'),
    'bad-cn-only': (NAME, 'TLS: .*names no domain'), 'bad-ip-only': (NAME, 'TLS: .*names no domain'),
    'bad-wildcard-up': (NAME, 'TLS: .*wildcard'), 'bad-wildcard-below': (NAME, 'TLS: .*wildcard'),
    'bad-wildcard-partial': (NAME, 'TLS: .*wildcard'), 'bad-srv-wildcard': (NAME, 'TLS: .*wildcard'),
    'bad-srv-server': (NAME, 'TLS: .*another service'),
    'bad-nul-name': (NAME, 'TLS: .*a byte that no domain holds'),
}
BY_NAME = (NAME, 'does not carry the domain.*TLS: .*for other domains')


# ------------------------------------------------------------- real servers

def refused(name, account, status, words, *options, tls='starttls', domain=DOMAIN, password=None):
    async def run(w):
        server = w.server(name)
        async with connect(w, account, port_of(server, tls), *options, tls=tls, domain=domain,
                           password=password) as command:
            explain(await command.expect(status), *words)
        got = steps(command)
        check('bound' not in got, 'it was bound all the same')
        check(status != 5 or 'authenticated' not in got, 'it authenticated all the same')
    return run


NOBODY = Account('nobody', 'whatever')

for _server in SERVERS:
    for _variant, _options in (('sha256', ()), ('sha1', ()), ('plain', ('--allow-plain',))):
        _name = '%s:%s' % (_server, _variant)
        case('refusal %s wrong password, %s' % (_server, _variant), _name, short=_variant == 'sha256')(
            refused(_name, ROMEO, 5, ('not-authorized', 'password'), *_options, password='wrong'))
        case('refusal %s unknown user, %s' % (_server, _variant), _name)(
            refused(_name, NOBODY, 5, ('not-authorized', 'user', 'account'), *_options))
    _plain, _all, _off = ('%s:%s' % (_server, v) for v in ('plain', 'all', 'off'))
    case('refusal %s PLAIN is all there is' % _server, _plain, short=True)(
        refused(_plain, ROMEO, 5, ('mechanism',)))
    case('refusal %s mechanism named is not offered' % _server, _plain)(
        refused(_plain, ROMEO, 5, ('mechanism',), '--mechanism', SCRAM1))
    case('refusal %s without STARTTLS' % _server, _off, short=True)(
        refused(_off, ROMEO, 4, ('not offer', 'STARTTLS')))
    case('refusal %s PLAIN in clear' % _server, _off)(
        refused(_off, ROMEO, 5, ('mechanism',), '--insecure', '--mechanism', PLAIN, tls='off'))
    # Prosody sends the alert, ejabberd 23.01 closes the connection without a word
    _status, _words = (4, 'protocol version') if _server == 'prosody' else (3, 'in state handshake')
    for _tls in ('starttls', 'direct'):
        case('refusal %s TLS 1.3 alone, %s' % (_server, _tls), '%s:tls13' % _server)(
            refused('%s:tls13' % _server, ROMEO, _status, (_words,), tls=_tls))
    case('refusal %s unknown host' % _server, _all)(
        refused(_all, ROMEO, 9, ('host-unknown',), domain='other.example'))

for _name in ('bad-expired', 'bad-wrong-name', 'bad-unknown-ca', 'bad-self-signed'):
    for _tls in ('starttls', 'direct'):
        case('refusal prosody %s %s' % (_name, _tls), 'prosody:' + _name)(
            refused('prosody:' + _name, ROMEO, 4, (WHY.get(_name, BY_NAME)[1],), tls=_tls))


def killed(server):
    """SIGKILL in mid-session: the transport ends without close tag and close_notify."""
    async def run(w):
        name = '%s:victim' % server
        victim = w.server(name)
        async with connect(w, ROMEO, victim.port, '--presence', *STAY) as romeo:
            jid = (await romeo.event('bound'))['jid']
            await romeo.event('stanza', name='presence', from_=jid)
            victim.process.signal(signal.SIGKILL)
            explain(await romeo.expect(3), 'cut', 'without', 'closed', 'ended', 'truncat')
        judge_events(romeo)
    return run


def stopped(server):
    """The server shuts down and says system-shutdown, if what it says is out before it is
    gone: both servers lose it at times. (What does come is read: "stream error and gone".)"""
    ends = {9: 'system-shutdown', 3: 'cut|without the stream being closed'}

    async def run(w):
        name = '%s:stopped' % server
        victim = w.server(name)
        async with connect(w, ROMEO, victim.port, '--presence', *STAY) as romeo:
            jid = (await romeo.event('bound'))['jid']
            await romeo.event('stanza', name='presence', from_=jid)
            victim.process.signal(signal.SIGTERM)
            status = await romeo.status()
            check(status in ends, romeo.tail())
            explain(await romeo.expect(status), ends[status])
        judge_events(romeo)
    return run


def conflict(server):
    """Another client takes the same resource: the server closes ours with <conflict/>."""
    async def run(w):
        name = '%s:all' % server
        port = w.server(name).port
        async with connect(w, ROMEO, port, '--presence', '--resource', 'one', *STAY) as romeo:
            jid = (await romeo.event('bound'))['jid']
            await romeo.event('stanza', name='presence', from_=jid)
            async with Session(ROMEO, port, w.lab.ca, resource='one'):
                explain(await romeo.expect(9), 'conflict')
        judge_events(romeo)
    return run


for _server in SERVERS:
    case('refusal %s is killed' % _server, '%s:victim' % _server, short=_server == 'prosody')(killed(_server))
    case('refusal %s is stopped' % _server, '%s:stopped' % _server)(stopped(_server))
    case('refusal %s conflict' % _server, '%s:all' % _server)(conflict(_server))


# ------------------------------------------------- certificates, one by one

def certificate(name, direct):
    async def run(w):
        context = tls_context(w.lab.certificate(name), w.lab.key(name))
        script = scripted.direct_up_to_sasl if direct else scripted.up_to_sasl
        with Scripted(script(context)) as s:
            async with connect(w, ROMEO, s.port, '--timeout', '10', tls='direct' if direct else 'starttls') as command:
                why = await command.expect(4)
            await asyncio.to_thread(s.finish)
            c, = s.connections
        outcome, words = WHY.get(name, BY_NAME)
        explain(why, words)
        got = judge_events(command)
        check(got[-1]['outcome'] == outcome, 'the outcome is %s' % got[-1])
        check('authenticated' not in {e['event'] for e in got}, 'it authenticated all the same')
        check(not c.after_tls, 'after the refusal it sent %r' % c.after_tls[:200])
        check(b'<auth' not in c.before_tls, 'it authenticated before TLS')
    return run


for _name in BAD:
    case('certificate %s' % _name, short=True)(certificate(_name, False))
    case('certificate %s direct' % _name)(certificate(_name, True))


# ------------------------------------------------------ servers that misbehave

def misbehaves(script, status, words, *options, tls='starttls', sends=None, never=None, seconds=15):
    """script: of the connection, or made from a TLS context if it takes one."""
    async def run(w):
        with Scripted(script(w)) as s:
            async with connect(w, ROMEO, s.port, *(options or ('--timeout', '10')), tls=tls) as command:
                explain(await command.expect(status, seconds), *words)
            await asyncio.to_thread(s.finish)
            c = s.connections[0]
            check(len(s.connections) == 1, 'it connected %d times' % len(s.connections))
        check('authenticated' not in steps(command), 'it authenticated')
        seen = c.before_tls + c.after_tls
        check(b'<auth' not in seen, 'credentials were sent: %r' % seen)
        for wanted in sends or ():
            check(wanted in seen, '%r was not sent: %r' % (wanted, seen))
    return run


def _with_tls(script, **settings):
    versions = {'versions': settings.pop('versions')} if 'versions' in settings else {}
    return lambda w: script(tls_context(w.lab.certificate('server-ec'), w.lab.key('server-ec'), **versions),
                            **settings)


TLS13 = (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3)

case('misbehaviour no STARTTLS, SASL in the clear', short=True)(
    misbehaves(lambda w: scripted.without_starttls, 4, ('not offer', 'STARTTLS'), sends=(b'</stream:stream>',)))
case('misbehaviour STARTTLS refused', short=True)(
    misbehaves(lambda w: scripted.refuses_starttls, 4, ('refused', 'failure', 'STARTTLS')))
case('misbehaviour data after proceed', short=True)(
    misbehaves(_with_tls(scripted.data_after_proceed), 4, ('go-ahead',)))
case('misbehaviour TLS 1.3 alone', short=True)(
    misbehaves(_with_tls(scripted.up_to_sasl, versions=TLS13), 4, ('version', 'handshake', 'alert')))
case('misbehaviour says nothing', short=True)(
    misbehaves(lambda w: scripted.says_nothing, 3, ('time', 'deadline', 'seconds'), '--timeout', '1', seconds=8))
case('misbehaviour cut after the header', short=True)(
    misbehaves(lambda w: scripted.cuts_after_header, 3, ('cut', 'ended', 'closed', 'without')))
case('misbehaviour cut inside TLS', short=True)(
    misbehaves(_with_tls(scripted.cuts_in_tls), 3, ('cut', 'ended', 'closed', 'without', 'truncat')))
for _notify in (True, False):
    case('misbehaviour stream error and gone, %s close_notify' % ('with' if _notify else 'without'), short=True)(
        misbehaves(_with_tls(scripted.says_why_and_goes, close_notify=_notify), 9, ('system-shutdown',)))
case('misbehaviour speaks HTTP', short=True)(
    misbehaves(lambda w: scripted.speaks_http, 6, ('XML', 'well', 'byte', 'header')))
case('misbehaviour speaks HTTP to direct TLS', short=True)(
    misbehaves(lambda w: scripted.speaks_http, 4, ('TLS', 'record', 'handshake'), tls='direct'))
case('misbehaviour STARTTLS port, asked for direct TLS', short=True)(
    misbehaves(lambda w: scripted.says_nothing, 3, ('time', 'deadline', 'seconds'), '--timeout', '1', tls='direct',
               seconds=8))


@case('misbehaviour dead port', short=True)
async def _dead_port(w):
    """Bound and not listening, so that nobody else can take it meanwhile."""
    with socket.socket() as s:
        s.bind((HOST, 0))
        for tls in ('starttls', 'direct'):
            async with connect(w, ROMEO, s.getsockname()[1], tls=tls) as command:
                explain(await command.expect(3), 'refused')
            judge_events(command)


@case('usage --tls off without --insecure', short=True)
async def _off_without_insecure(w):
    port, = free_ports(1)
    async with connect(w, ROMEO, port, tls='off') as command:
        explain(await command.expect(2), '--insecure')


@case('usage no password, no JID, an unreadable CA', short=True)
async def _usage(w):
    port, = free_ports(1)
    command = connect(w, ROMEO, port)
    command.argv.remove('romeo@' + DOMAIN)
    async with command:
        await command.expect(2)
    command = connect(w, Account('', 'x'), port)
    async with command:
        await command.expect(2)
    async with connect(w, JULIET, port, ca=w.lab.path('does-not-exist')) as command:
        explain(await command.expect(1), 'does-not-exist')

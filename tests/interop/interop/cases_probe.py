"""parley probe: what it reports of real servers, and of every certificate, good or bad."""
import asyncio
import contextlib
import re

from . import scripted
from .cases import case, check
from .cases_harness import BAD, GOOD, XMPP_ONLY
from .cases_refusals import BY_NAME, WHY
from .command import EVENTS, NONE, Command
from .process import HOST, Failed
from .scripted import Scripted, tls_context
from .variants import DOMAIN

SERVERS = ('prosody', 'ejabberd')
MORE = {
    'server': {'where': str, 'tls': str},
    'header': {'encrypted': bool, 'from': (str, NONE), 'to': (str, NONE), 'id': (str, NONE), 'version': (str, NONE),
               'lang': (str, NONE)},
    'offer': {'encrypted': bool, 'features': list, 'starttls': bool, 'starttls_required': bool,
              'channel_bindings': list, 'sasl2_mechanisms': list, 'sasl2_inline': list},
    'certificate': {'index': int, 'readable': bool, 'subject': str, 'issuer': str, 'names': list, 'name_count': int,
                    'not_before': str, 'not_after': str, 'key': (str, NONE), 'key_bits': int,
                    'signature': (str, NONE), 'authority': bool, 'pin_sha256': str},
    'verdict': {'verdict': str, 'point': str, 'text': str, 'reference': str},
}


def probe(world, port, *options, tls='starttls', domain=DOMAIN):
    argv = [world.parley, 'probe', domain, '--host', HOST, '--port', str(port), '--tls', tls, '--json']
    argv += ['--insecure'] if tls == 'off' else ['--ca', world.lab.ca]
    return Command(argv + list(options), None, world.log)


class Report:
    def __init__(self, command):
        self.events = command.events()
        for e in self.events:
            shape = MORE.get(e['event']) or EVENTS[e['event']]
            if set(e) - {'event'} != set(shape):
                raise Failed('%s has other members than %s' % (e, sorted(shape)))
            for key, kind in shape.items():
                check(isinstance(e[key], kind), '%s: %s has a wrong type' % (e, key))
        check(self.events[-1]['event'] == 'closed', 'closed is not last')
        self.closed = self.events[-1]
        self.points = {}
        for e in self.all('verdict'):
            check(e['verdict'] in ('pass', 'warn', 'fail') and re.match('(RFC|XEP)', e['reference']), str(e))
            self.points.setdefault(e['point'], []).append((e['verdict'], e['text']))

    def all(self, kind):
        return [e for e in self.events if e['event'] == kind]

    def failed(self):
        return {p for p, said in self.points.items() if any(word == 'fail' for word, _ in said)}

    def has(self, point, word, words=''):
        check(any(w == word and re.search(words, text) for w, text in self.points.get(point, ())),
              '%s is not "%s" with /%s/: %s' % (point, word, words, self.points.get(point)))


# ------------------------------------------------------------- real servers

# variant: direct TLS too?, exit status, what must have been said, what may have failed beside it
ALL = {
    'all': (True, 0, {'starttls-offered': 'pass', 'starttls-required': 'pass', 'sasl-in-the-clear': 'pass',
                      'tls': 'pass', 'certificate-trust': 'pass', 'certificate-name': 'pass',
                      'features-after': 'pass', 'starttls-gone': 'pass', 'scram': 'pass', 'close': 'pass'}),
    'sha1': (False, 0, {'scram': 'warn', 'certificate-key': 'pass'}),
    'plain': (False, 0, {'scram': 'warn', 'plain': 'pass', 'channel-binding': 'warn'}),
    'optional': (False, 0, {'starttls-offered': 'pass', 'starttls-required': 'warn',
                            'plain-in-the-clear': 'fail'}),
    'good-chain': (True, 0, {'certificate-chain': 'pass', 'certificate-trust': 'pass'}),
    'good-wildcard': (False, 0, {'certificate-name': 'pass'}),
    'good-srv': (False, 0, {'certificate-name': 'pass'}),
    'good-xmpp': (False, 0, {'certificate-name': 'pass'}),
    'digest': (False, 0, {'digest-md5': 'warn', 'scram': 'warn'}),
    'external': (False, 0, {'scram': 'pass', 'certificate-trust': 'pass'}),
    'bad-expired': (True, 4, {'certificate-trust': 'fail', 'certificate-validity': 'fail',
                              'features-after': 'pass'}),
    'bad-wrong-name': (True, 4, {'certificate-trust': 'pass', 'certificate-name': 'fail',
                                 'features-after': 'pass'}),
    'bad-unknown-ca': (False, 4, {'certificate-trust': 'fail', 'certificate-name': 'pass'}),
    'bad-self-signed': (False, 4, {'certificate-trust': 'fail', 'certificate-chain': 'warn'}),
}


def real(name, tls, status, said):
    async def run(w):
        server = w.server(name)
        async with probe(w, server.direct if tls == 'direct' else server.port, tls=tls) as command:
            why = await command.expect(status)
        report = Report(command)
        for point, word in said.items():
            if tls == 'starttls' or not point.startswith(('starttls-', 'sasl-in')) or point == 'starttls-gone':
                report.has(point, word)
        for point in ('header-from', 'header-to', 'header-id', 'header-version', 'header-language'):
            report.has(point, 'pass')
        wanted = {p for p, word in said.items() if word == 'fail'}
        check(report.failed() == wanted, 'failed: %s' % {p: report.points[p] for p in report.failed() ^ wanted
                                                         if p in report.points})
        check(bool(why) == (status != 0), why)
        check(len(report.all('tls')) == 1 and report.all('tls')[0]['verified'] is (status == 0), report.all('tls'))
        check(report.all('offer')[-1]['encrypted'] and report.all('features')[-1]['mechanisms'], report.events)
        if tls == 'direct':
            report.has('alpn', 'pass')
    return run


for _server in SERVERS:
    for _variant, (_direct, _status, _said) in ALL.items():
        _name = '%s:%s' % (_server, _variant)
        if _server == 'ejabberd' and _variant in ('good-srv', 'good-xmpp', 'bad-expired', 'bad-wrong-name',
                                                  'bad-unknown-ca', 'bad-self-signed'):
            continue        # shown by Prosody
        if _server == 'prosody' and _variant in ('digest', 'external'):
            continue
        for _tls in ('starttls', 'direct') if _direct else ('starttls',):
            case('probe %s %s' % (_name, _tls), _name, short=_variant in ('all', 'plain', 'sha1'))(
                real(_name, _tls, _status, _said))


def without_tls(name):
    async def run(w):
        server = w.server(name)
        async with probe(w, server.port) as command:
            check('STARTTLS' in await command.expect(4), command.tail())
        report = Report(command)
        report.has('starttls-offered', 'fail')
        report.has('plain-in-the-clear', 'fail', 'whoever listens')
        check(not report.all('tls'), 'TLS came from somewhere')
        async with probe(w, server.port, tls='off') as command:
            await command.expect(0)
        report = Report(command)
        report.has('plain-in-the-clear', 'fail')
        check('PLAIN' in report.all('features')[0]['mechanisms'], report.events)
    return run


def newer_tls(name, status):
    async def run(w):
        server = w.server(name)
        async with probe(w, server.port) as command:
            await command.expect(status)
        report = Report(command)
        report.has('starttls-offered', 'pass')
        report.has('tls', 'fail', 'version' if status == 4 else '')
    return run


def unknown_host(name):
    async def run(w):
        async with probe(w, w.server(name).port, domain='other.example') as command:
            check('host-unknown' in await command.expect(9), command.tail())
        Report(command).has('negotiation', 'fail', 'host-unknown')
    return run


for _server in SERVERS:
    case('probe %s without TLS' % _server, '%s:off' % _server, short=True)(without_tls('%s:off' % _server))
    # Prosody sends the alert, ejabberd 23.01 closes the connection without a word
    case('probe %s TLS 1.3 alone' % _server, '%s:tls13' % _server)(
        newer_tls('%s:tls13' % _server, 4 if _server == 'prosody' else 3))
    case('probe %s unknown host' % _server, '%s:all' % _server)(unknown_host('%s:all' % _server))


# ------------------------------------------------- certificates, one by one

def closes(context, direct):
    """Up to SASL, and closes when it is asked to."""
    def script(c):
        if not direct:
            if not (c.stream(scripted.STARTTLS) and c.until(rb'<starttls[^>]*>')):
                return
            c.send(scripted.PROCEED)
        if c.start_tls(context) and c.stream(scripted.mechanisms('SCRAM-SHA-256', 'PLAIN')):
            if c.until(rb'</stream:stream>'):
                c.send('</stream:stream>')
                c.rest()
    return script


# Beside what connect says: the point, and its words.
POINTS = {
    'bad-expired': ('certificate-validity', r'^expired \d+ days ago, on 2021-01-01 00:00:00 UTC$'),
    'bad-not-yet': ('certificate-validity', '^is not valid before 2043-01-01 00:00:00 UTC'),
    'bad-wrong-name': ('certificate-name', 'for other domains: dns other.example, and not ' + DOMAIN),
    'bad-cn-only': ('certificate-name', 'names no domain; a common name'),
    'bad-cn-beside': ('certificate-name', 'dns other.example, and not ' + DOMAIN),
    'bad-wildcard-up': ('certificate-name', r'whole left-most label counts.*: dns \*\.'),
    'bad-wildcard-below': ('certificate-name', r'wildcard.*: dns \*\.' + DOMAIN),
    'bad-wildcard-partial': ('certificate-name', r'wildcard.*: dns i\*\.'),
    'bad-target': ('certificate-name', 'for other domains: dns localhost, and not ' + DOMAIN),
    'bad-srv-server': ('certificate-name', 'another service.*: srv _xmpp-server.' + DOMAIN),
    'bad-srv-wildcard': ('certificate-name', r'wildcard.*: srv _xmpp-client.\*'),
    'bad-xmpp-user': ('certificate-name', 'for other domains: xmpp romeo@' + DOMAIN),
    'bad-ip-only': ('certificate-name', 'names no domain'),
    'bad-nul-name': ('certificate-name', r'no domain holds: dns %s\\x00\.other' % DOMAIN),
    'bad-rsa-1024': ('certificate-key', '^RSA, 1024 bits: too weak'),
    'bad-sha1': ('certificate-signature', 'ecdsa-with-SHA1: too weak'),
    'bad-client-only': ('certificate-purpose', 'not for servers'),
    'bad-unknown-ca': ('certificate-trust', 'does not chain to a trust anchor'),
    'bad-self-signed': ('certificate-trust', 'does not chain to a trust anchor'),
    'bad-no-chain': ('certificate-trust', 'does not chain to a trust anchor'),
    'bad-not-a-ca': ('certificate-trust', 'signed by one that is not an authority'),
    'bad-signature': ('certificate-trust', 'does not chain to a trust anchor'),
    'bad-chain-signature': ('certificate-trust', 'wrong signature'),
}


def bad(name, direct):
    async def run(w):
        context = tls_context(w.lab.certificate(name), w.lab.key(name))
        with Scripted(closes(context, direct)) as s:
            async with probe(w, s.port, tls='direct' if direct else 'starttls') as command:
                why = await command.expect(4)
            await asyncio.to_thread(s.finish)
        outcome, words = WHY.get(name, BY_NAME)
        check(re.search(words, why, re.I), why)
        report = Report(command)
        check(report.closed['outcome'] == outcome, report.closed)
        point, words = POINTS[name]
        report.has(point, 'fail', words)
        wanted = {point, 'certificate-trust'} if outcome == 'tls-certificate-chain' else {point}
        check(report.failed() - {'header-language'} == wanted, report.failed())
        # What is behind it, with the key alone; and nothing but streams was sent.
        check(report.all('tls')[0]['verified'] is False, report.all('tls'))
        check(report.all('features')[-1]['mechanisms'] == ['SCRAM-SHA-256', 'PLAIN'], report.events)
        check(len(s.connections) == 2, 'it connected %d times' % len(s.connections))
        check(not s.connections[0].after_tls, 'after the refusal it sent %r' % s.connections[0].after_tls)
        for c in s.connections:
            check(b'<auth' not in c.before_tls + c.after_tls, 'it authenticated')
    return run


def good(name):
    async def run(w):
        context = tls_context(w.lab.certificate(name), w.lab.key(name))
        with Scripted(closes(context, False)) as s:
            async with probe(w, s.port) as command:
                await command.expect(0)
            await asyncio.to_thread(s.finish)
        report = Report(command)
        for point in ('trust', 'name', 'validity', 'key', 'signature', 'purpose', 'chain'):
            report.has('certificate-' + point, 'pass')
        kind = {'good-srv': 'srv', 'good-srv-upper': 'srv', 'good-xmpp': 'xmpp'}.get(name, 'dns')
        report.has('certificate-name', 'pass', '^%s .* is the domain' % kind)
        check(any(n['matches'] and n['kind'] == kind for n in report.all('certificate')[0]['names']), report.events)
        check(len(report.all('certificate')) == (2 if name == 'good-chain' else 1), report.events)
        check(report.all('tls')[0]['verified'] is True, report.all('tls'))
        for c in s.connections:
            check(b'<auth' not in c.before_tls + c.after_tls, 'it authenticated')
    return run


for _name in GOOD + XMPP_ONLY:
    case('probe certificate %s' % _name, short=True)(good(_name))
for _name in BAD:
    case('probe certificate %s' % _name, short=True)(bad(_name, False))
    case('probe certificate %s direct' % _name)(bad(_name, True))


# ------------------------------------------------- what is said inside TLS

HEADER = ("<stream:stream xmlns='jabber:client' version='1.0' id='%s' from='" + DOMAIN + "' xml:lang='en' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")


def inside(*said, first='abcdefghijkl', more=None):
    """STARTTLS as it should be, then these words, then `more` once the client closes."""
    def make(w):
        context = tls_context(w.lab.certificate('server-ec'), w.lab.key('server-ec'))

        def script(c):
            if not c.until(rb'<stream:stream[^>]*>'):
                return
            c.send(HEADER % first + scripted.features(scripted.STARTTLS))
            if not c.until(rb'<starttls[^>]*>'):
                return
            c.send(scripted.PROCEED)
            if c.start_tls(context) and c.until(rb'<stream:stream[^>]*>'):
                c.send(''.join(said))
                if more is not None and c.until(rb'</stream:stream>'):
                    c.send(more)
        return script
    return make


def said_inside(make, status, **verdicts):
    async def run(w):
        with Scripted(make(w)) as s:
            async with probe(w, s.port) as command:
                await command.expect(status)
            await asyncio.to_thread(s.finish)
        report = Report(command)
        for point, said in verdicts.items():
            report.has(point.replace('_', '-'), *said)
        for c in s.connections:
            check(b'<auth' not in c.before_tls + c.after_tls, 'it authenticated')
    return run


OFFER = scripted.features(scripted.mechanisms('SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'))
TYPES = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>%s</sasl-channel-binding>"
END = '</stream:stream>'
case('probe inside TLS all well', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba', OFFER, more=END), 0, header_id=('pass',), features_after=('pass',),
    starttls_gone=('pass',), channel_binding=('warn', 'without a list'), close=('pass',)))
case('probe inside TLS the same id again', short=True)(said_inside(
    inside(HEADER % 'abcdefghijkl', OFFER, more=END), 0, header_id=('fail', "'abcdefghijkl'")))
case('probe inside TLS STARTTLS again', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba', scripted.features(scripted.STARTTLS + scripted.mechanisms('PLAIN')), more=END), 0,
    starttls_gone=('fail', 'STARTTLS is offered in TLS')))
case('probe inside TLS no features', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba'), 3, features_after=('fail', 'no features came'), negotiation=('fail',)))
case('probe inside TLS no mechanisms', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba', scripted.features('')), 6, sasl=('fail',), negotiation=('fail',)))
case('probe inside TLS mechanisms of others', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba', scripted.features(scripted.mechanisms('GSSAPI', 'X-OAUTH2')), more=END), 5,
    mechanisms=('fail', 'none of the mechanisms'), scram=('warn',)))
case('probe inside TLS the close is not answered', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba', OFFER, more=''), 0, close=('warn', 'not answered')))
for _types, _word, _words in (
        ((), 'warn', 'no type that there is in TLS 1.2'), (('tls-exporter',), 'warn', 'no type'),
        (('tls-unique',), 'warn', 'not with tls-server-end-point'),
        (('tls-exporter', 'tls-server-end-point'), 'pass', 'with tls-server-end-point')):
    case('probe inside TLS channel bindings %s' % (' '.join(_types) or 'none'), short=True)(said_inside(
        inside(HEADER % 'lkjihgfedcba', scripted.features(
            scripted.mechanisms('SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS') +
            TYPES % ''.join("<channel-binding type='%s'/>" % t for t in _types)), more=END), 0,
        channel_binding=(_word, _words)))
case('probe inside TLS an error', short=True)(said_inside(
    inside(HEADER % 'lkjihgfedcba', "<stream:error><host-gone xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
           '</stream:error>', END), 9, negotiation=('fail', 'host-gone'), tls=('pass',), certificate_name=('pass',)))


@case('probe resumption, and none', short=True)
async def resumption(w):
    """OpenSSL resumes by its cache, in the same context, what was closed in order."""
    for lasting in (True, False):
        contexts = [tls_context(w.lab.certificate('server-ec'), w.lab.key('server-ec')) for _ in range(2)]
        used = []

        def script(c):
            used.append(c)
            closes(contexts[0 if lasting else len(used) - 1], True)(c)
            with contextlib.suppress(OSError, ValueError):
                c.sock.unwrap()
        with Scripted(script) as s:
            async with probe(w, s.port, tls='direct') as command:
                await command.expect(0)
            await asyncio.to_thread(s.finish)
        check(len(s.connections) == 2, '%d connections' % len(s.connections))
        Report(command).has('resumption', 'pass' if lasting else 'warn', 'resumed' if lasting else 'full handshake')

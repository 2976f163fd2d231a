"""parley connect with real servers: what must work."""
import base64
import json
import signal

from .cases import case, check
from .command import connect, judge_events
from .slix import Session
from .variants import (BEST, DOMAIN, ESCAPED, JULIET, PLAIN, ROMEO, SCRAM1, SCRAM256, SCRAM512,
                       plus)

SERVERS = ('prosody', 'ejabberd')
MECHANISMS = (('sha256', SCRAM256), ('sha256', plus(SCRAM256)), ('sha1', SCRAM1), ('sha1', plus(SCRAM1)),
              ('plain', PLAIN))
TEXT = 'Wherefore art thou <Romeo> & "co"? \u00f1 \u611b \U0001f339'
REPLY = "By a name I know not how to tell thee & who 'I' am \u2014 \U0001f940"
STAY = ('--listen', '60', '--timeout', '15')     # until told to go


def port_of(server, tls):
    return server.direct if tls == 'direct' else server.port


def mechanism_options(mechanism):
    return ('--mechanism', mechanism) if mechanism else ()


def stanza(events, **wanted):
    return next((e for e in events if e['event'] == 'stanza' and
                 all(e.get(k.rstrip('_')) == v for k, v in wanted.items())), None)


def judge_login(events, tls, mechanism, resource=None):
    """The facts that the events of a good session state. No mechanism: the best that is offered."""
    got = {e['event']: e for e in events}
    if tls == 'off':
        check('tls' not in got, 'a tls event without TLS')
    else:
        check(got['tls']['version'].endswith('1.2'), 'TLS version %s' % got['tls'])
        check(got['tls']['verified'] is True, 'the certificate was not verified')
        check(got['tls']['suite'].startswith('TLS_ECDHE_'), 'suite %s' % got['tls'])
        check(len(bytes.fromhex(got['tls']['pin_sha256'])) == 32, 'pin %s' % got['tls'])
    offered = [m for e in events if e['event'] == 'features' for m in e['mechanisms']]
    used = got['authenticated']['mechanism']
    check(used in offered, '%s is used and was not offered: %s' % (used, offered))
    wanted = mechanism or next(m for m in BEST if m in offered)
    check(used == wanted, 'authenticated by %s, not %s, of %s' % (used, wanted, offered))
    check(got['authenticated']['server_verified'] is used.startswith('SCRAM'),
          'the server is said to be verified or not: %s' % got['authenticated'])
    bare, _, bound = got['bound']['jid'].partition('/')
    check(bare.endswith('@' + DOMAIN) and bound, 'bound to %s' % got['bound'])
    if resource:
        check(bound == resource, 'bound to %s, not /%s' % (got['bound'], resource))
    return got


def conversation(name, tls, mechanism, resource):
    """All six steps, seen from both sides; slixmpp is the other account."""
    async def run(w):
        server = w.server(name)
        tls_other = 'off' if tls == 'off' else 'starttls'
        options = mechanism_options(mechanism) + STAY + ('--roster', '--presence')
        options += ('--resource', resource) if resource else ()
        options += ('--insecure',) if tls == 'off' else ()
        async with Session(JULIET, server.port, w.lab.ca, tls_other) as juliet:
            async with connect(w, ROMEO, port_of(server, tls), *options, '--to', juliet.bound,
                               '--message', TEXT, tls=tls) as romeo:
                jid = (await romeo.event('bound'))['jid']
                await juliet.presence(jid)
                await juliet.message(TEXT, jid)
                juliet.chat(jid, REPLY)
                await romeo.event('stanza', name='message', body=REPLY)
                await romeo.event('stanza', name='presence', from_=juliet.bound)
                romeo.signal(signal.SIGTERM)
                await juliet.presence(jid, 'unavailable')
                await romeo.expect(128 + signal.SIGTERM)
        events = judge_events(romeo)
        got = judge_login(events, tls, mechanism, resource)
        check(got['bound']['jid'] == jid, 'bound twice')
        contacts = {i['jid'] for i in got['roster']['items']}
        check(contacts == {a.user + '@' + DOMAIN for a in (JULIET, ESCAPED)}, 'roster %s' % contacts)
        check(stanza(events, name='message', from_=juliet.bound, to=jid, type='chat', body=REPLY),
              'the reply is not whole: %s' % events)
    return run


for _server in SERVERS:
    for _variant, _mechanism in MECHANISMS:
        _name = '%s:%s' % (_server, _variant)
        # one of a kind in the short set: each mechanism with STARTTLS, one direct
        case('connect %s starttls %s' % (_server, _mechanism), _name, short=True)(
            conversation(_name, 'starttls', _mechanism, None))
        case('connect %s direct %s' % (_server, _mechanism), _name, short=_mechanism == plus(SCRAM256))(
            conversation(_name, 'direct', _mechanism, 'balcony \u00e9'))
    for _variant in ('sha256', 'sha1', 'all'):
        case('connect %s the best of %s' % (_server, _variant), '%s:%s' % (_server, _variant))(
            conversation('%s:%s' % (_server, _variant), 'starttls', None, None))
    case('connect %s optional starttls' % _server, '%s:optional' % _server)(
        conversation('%s:optional' % _server, 'starttls', None, None))
    case('connect %s off --insecure' % _server, '%s:off' % _server)(
        conversation('%s:off' % _server, 'off', None, None))
    case('connect %s in clear though TLS is offered' % _server, '%s:optional' % _server)(
        conversation('%s:optional' % _server, 'off', None, None))
    for _good in ('good-chain', 'good-p384', 'good-wildcard') + ('good-upper', 'good-last') * (_server == 'prosody'):
        _name = '%s:%s' % (_server, _good)
        case('connect %s %s' % (_server, _good), _name)(conversation(_name, 'starttls', None, None))


def xmpp_name(name):
    """Names that slixmpp does not know, so without the other account."""
    async def run(w):
        for tls in ('starttls', 'direct'):
            server = w.server(name)
            async with connect(w, ROMEO, port_of(server, tls), '--roster', tls=tls) as romeo:
                await romeo.expect(0)
            judge_login(judge_events(romeo), tls, None)
    return run


for _name in ('good-srv', 'good-xmpp'):
    case('connect prosody %s' % _name, 'prosody:' + _name)(xmpp_name('prosody:' + _name))


def by_itself(name):
    """Without --listen it does what it was asked and closes: status 0."""
    async def run(w):
        server = w.server(name)
        async with Session(JULIET, server.port, w.lab.ca) as juliet:
            async with connect(w, ROMEO, server.port, '--roster', '--presence', '--to', 'juliet@' + DOMAIN,
                               '--message', TEXT) as romeo:
                await romeo.expect(0)
            await juliet.message(TEXT)
            await juliet.presence('romeo@' + DOMAIN, 'unavailable')
        judge_login(judge_events(romeo), 'starttls', None)
        check(not romeo.err, 'stderr of a good run: %s' % romeo.err)
    return run


def two_of_ours(name):
    """Two parley connect, one account each, a message there and one back."""
    async def run(w):
        server = w.server(name)
        async with connect(w, JULIET, server.port, '--presence', '--resource', 'tomb', *STAY) as juliet:
            there = (await juliet.event('bound'))['jid']
            # her own presence comes back when the server has taken it
            await juliet.event('stanza', name='presence', from_=there)
            async with connect(w, ROMEO, server.direct, '--presence', '--to', there, '--message', TEXT, *STAY,
                               tls='direct') as romeo:
                back = (await romeo.event('bound'))['jid']
                await juliet.event('stanza', name='message', from_=back, body=TEXT)
                async with connect(w, ESCAPED, server.port, '--to', back, '--message', REPLY) as third:
                    await third.expect(0)
                await romeo.event('stanza', name='message', body=REPLY)
                romeo.signal(signal.SIGINT)
                await romeo.expect(128 + signal.SIGINT)
            await juliet.event('stanza', name='presence', from_=back, type='unavailable')
            juliet.signal(signal.SIGTERM)
            await juliet.expect(128 + signal.SIGTERM)
        for command in (juliet, romeo, third):
            judge_login(judge_events(command), 'starttls', None)
    return run


def listen_ends(name):
    async def run(w):
        async with connect(w, ROMEO, w.server(name).port, '--presence', '--listen', '1') as romeo:
            await romeo.expect(0)
        judge_events(romeo)
    return run


def plain_over(name, options):
    """Where more is offered, what is named is used."""
    async def run(w):
        server = w.server(name)
        async with connect(w, ROMEO, server.port, *options) as romeo:
            await romeo.expect(0)
        judge_login(judge_events(romeo), 'starttls', options[1])
    return run


def password_file(name):
    async def run(w):
        path = w.lab.path('password')
        with open(path, 'w') as f:
            f.write(ROMEO.password + '\n')
        command = connect(w, ROMEO, w.server(name).port, '--password-file', path)
        command.env.pop('PARLEY_PASSWORD')
        async with command as romeo:
            await romeo.expect(0)
        judge_events(romeo)
    return run


def pins(name):
    """The right pin goes through, beside the anchors and instead of them; a wrong one gives 4."""
    async def run(w):
        port = w.server(name).port
        async with connect(w, ROMEO, port) as romeo:
            await romeo.expect(0)
        pin = judge_login(judge_events(romeo), 'starttls', None)['tls']['pin_sha256']
        wrong = pin[:-1] + ('0' if pin[-1] != '0' else '1')
        unknown = w.lab.certificate('ca-unknown')
        for options, ca, status in ((('--pin', pin), None, 0), (('--pin', wrong), None, 4),
                                    (('--pin', pin), unknown, 4), (('--pin-only', pin), None, 0),
                                    (('--pin-only', wrong), None, 4)):
            async with connect(w, ROMEO, port, *options, ca=ca) as command:
                why = await command.expect(status)
            events = judge_events(command)
            if status:
                check('authenticated' not in {e['event'] for e in events}, 'it authenticated all the same')
                outcome = 'tls-certificate-' + ('pin' if wrong in options else 'chain')
                check(events[-1]['outcome'] == outcome, 'the outcome is %s: %s' % (events[-1], why))
    return run


def traced(name):
    """--trace shows the conversation and no secret; stdout stays what it is."""
    async def run(w):
        async with connect(w, ROMEO, w.server(name).port, '--trace', '--mechanism', PLAIN) as romeo:
            await romeo.expect(0)
        judge_events(romeo)
        text = '\n'.join(romeo.err)
        secret = base64.b64encode(('\0%s\0%s' % (ROMEO.user, ROMEO.password)).encode()).decode()
        for wanted in ('<starttls', '<proceed', '<auth', '<success', '<bind', '</stream:stream>'):
            check(wanted in text, 'the trace does not show %s' % wanted)
        for hidden in (secret, ROMEO.password, secret[:16]):
            check(hidden not in text, 'the trace shows the password')
        check('\x1b[' not in text, 'colour on something that is not a terminal')
    return run


def without_json(name):
    async def run(w):
        async with connect(w, ROMEO, w.server(name).port, '--roster', '--presence', json=False) as romeo:
            await romeo.expect(0)
        for line in romeo.out:
            try:
                value = json.loads(line)
            except ValueError:
                continue
            check(not isinstance(value, dict), 'JSON without --json: ' + line)
        check(any('juliet@' + DOMAIN in line for line in romeo.out), 'the roster is not shown: %s' % romeo.out)
    return run


for _server in SERVERS:
    _name = '%s:all' % _server
    case('connect %s ends by itself' % _server, _name, short=True)(by_itself(_name))
    case('connect %s --listen ends' % _server, _name)(listen_ends(_name))
    case('connect %s two of ours' % _server, _name, short=True)(two_of_ours(_name))
    case('connect %s --mechanism PLAIN' % _server, _name)(plain_over(_name, ('--mechanism', PLAIN)))
    case('connect %s --mechanism SCRAM-SHA-1' % _server, _name)(plain_over(_name, ('--mechanism', SCRAM1)))
    for _mechanism in (SCRAM512, plus(SCRAM512)) * (_server == 'ejabberd'):
        case('connect %s --mechanism %s' % (_server, _mechanism), _name)(plain_over(_name, ('--mechanism', _mechanism)))
    case('connect %s --password-file' % _server, _name)(password_file(_name))
    case('connect %s pins' % _server, _name, short=_server == 'prosody')(pins(_name))
    case('connect %s --trace' % _server, _name)(traced(_name))
    case('connect %s without --json' % _server, _name)(without_json(_name))


async def _escaped(w):
    """SCRAM writes `,` and `=` of a user name in another way (RFC 5802 section 5.1)."""
    for name in ('prosody:all', 'ejabberd:all'):
        async with connect(w, ESCAPED, w.server(name).port) as command:
            await command.expect(0)
        judge_login(judge_events(command), 'starttls', None)

case('connect user name with = and ,', ('prosody:all', 'ejabberd:all'))(_escaped)


def external(tls):
    """SASL EXTERNAL: the certificate says who it is, and no password is needed."""
    async def run(w):
        server = w.server('ejabberd:external')
        for name, account, status in (('client-romeo', ROMEO, 0), ('client-romeo', JULIET, 5),
                                      ('client-nobody', ROMEO, 5), ('client-unknown-ca', ROMEO, 5),
                                      ('client-expired', ROMEO, 5)):
            command = connect(w, account, port_of(server, tls), '--mechanism', 'EXTERNAL', '--cert',
                              w.lab.certificate(name), '--key', w.lab.key(name), tls=tls, password='')
            command.env.pop('PARLEY_PASSWORD')
            async with command:
                await command.expect(status)
            events = judge_events(command)
            if status == 0:
                got = {e['event']: e for e in events}
                check(got['authenticated']['mechanism'] == 'EXTERNAL', 'authenticated by %s' % got['authenticated'])
                check(got['bound']['jid'].startswith('romeo@%s/' % DOMAIN), 'bound to %s' % got['bound'])
    return run


for _tls in ('starttls', 'direct'):
    case('connect ejabberd %s EXTERNAL' % _tls, 'ejabberd:external')(external(_tls))

"""Mechanisms that are in no default list, or that the other side has by no setting alone."""
import contextlib

from . import cases_external  # noqa: F401 (it registers)
from .cases import case, check
from .command import Serve, connect, judge_events
from .slix import Session, trust
from .variants import DOMAIN, PLAIN, ROMEO, SCRAM1, SCRAM256, SCRAM512, Account, plus

DIGEST = 'DIGEST-MD5'


@case('connect ejabberd DIGEST-MD5', 'ejabberd:digest', short=True)
async def _digest(w):
    server = w.server('ejabberd:digest')
    for password, status in ((None, 0), ('wrong', 5)):
        async with connect(w, ROMEO, server.port, '--mechanism', DIGEST, password=password) as command:
            await command.expect(status)
        got = {e['event']: e for e in judge_events(command)}
        if status == 0:
            check(got['authenticated'] == {'event': 'authenticated', 'mechanism': DIGEST, 'server_verified': True},
                  'authenticated by %s' % got['authenticated'])
    async with connect(w, ROMEO, server.port) as command:      # not unless it is named
        await command.expect(5)


# What each server has, as it is in Debian 12; with what is met under TLS 1.2.
SCRAM_OF = {'prosody': (SCRAM256, SCRAM1), 'ejabberd': (SCRAM512, SCRAM256, SCRAM1)}
OURS = {SCRAM512, SCRAM256, SCRAM1, plus(SCRAM512), plus(SCRAM256), plus(SCRAM1), PLAIN, DIGEST}


def every_mechanism(name, wanted, tls):
    """One session by each mechanism that is offered; what is offered is at least what is wanted."""
    async def run(w):
        server = w.server(name)
        port = server.direct if tls == 'direct' else server.port
        options = ('--insecure',) if tls == 'off' else ()
        async with connect(w, ROMEO, port, *options, tls=tls) as command:
            await command.expect(0)
        offered = [e for e in command.events() if e['event'] == 'features' and e['mechanisms']][-1]['mechanisms']
        check(set(wanted) <= set(offered), 'it offers %s' % offered)
        for mechanism in (m for m in offered if m in OURS):
            if tls == 'off' and mechanism == PLAIN:
                continue        # never in the clear
            async with connect(w, ROMEO, port, '--mechanism', mechanism, *options, tls=tls) as command:
                await command.expect(0)
            got = {e['event']: e for e in judge_events(command)}
            check(got['authenticated']['mechanism'] == mechanism and
                  got['authenticated']['server_verified'] is (mechanism != PLAIN),
                  '%s: %s' % (mechanism, got['authenticated']))
            async with connect(w, ROMEO, port, '--mechanism', mechanism, *options, tls=tls, password='wrong') as command:
                why = await command.expect(5)
            check('not-authorized' in why, '%s: %s' % (mechanism, why))
    return run


for _server, _scram in SCRAM_OF.items():
    _plus = tuple(map(plus, _scram))
    for _variant, _tls, _wanted, _short in (
            ('tls12', 'starttls', _scram + _plus + (PLAIN,), True), ('tls12', 'direct', _scram + _plus + (PLAIN,), False),
            ('all', 'starttls', _scram + (PLAIN,), False), ('legacy', 'starttls', _scram + _plus + (PLAIN,), True),
            ('legacy', 'off', _scram, False), ('off', 'off', _scram, False)):
        _wanted += (DIGEST,) * (_server == 'ejabberd' and _variant == 'legacy')
        _name = '%s:%s' % (_server, _variant)
        case('connect %s every mechanism of %s, %s' % (_server, _variant, _tls), _name, short=_short, seconds=120)(
            every_mechanism(_name, _wanted, _tls))


async def one_login(w, s, account, mechanism, certificate=None):
    """slixmpp logs in and writes to itself."""
    session = Session(account, s.port, s.certificate, 'starttls', mechanism)
    if certificate:
        context = trust(s.certificate)
        context.load_cert_chain(w.lab.certificate(certificate), w.lab.key(certificate))
        session.client.context = context
    async with session:
        session.chat(session.bound, 'to myself')
        await session.message('to myself')
        return session.bound


for _mechanism in ('SCRAM-SHA-512', 'SCRAM-SHA-512-PLUS', DIGEST):
    def _password(mechanism):
        async def run(w):
            async with Serve(w, '--mechanisms', mechanism) as s:
                bound = await one_login(w, s, ROMEO, mechanism)
                check(bound.startswith('romeo@%s/' % DOMAIN), 'bound to %s' % bound)
                session = Session(Account('romeo', 'wrong'), s.port, s.certificate, 'starttls', mechanism)
                with contextlib.suppress(Exception):
                    async with session:
                        raise AssertionError
                check('not-authorized' in session.auth_failures, 'a wrong password: %s' % session.auth_failures)
        return run
    case('serve slixmpp %s' % _mechanism, short=True)(_password(_mechanism))


@case('serve slixmpp ANONYMOUS', short=True)
async def _anonymous(w):
    users = tuple(w.accounts) + (Account('anonymous', 'nobody knows'),)
    async with Serve(w, '--mechanisms', 'ANONYMOUS', users=users) as s:
        bound = await one_login(w, s, Account('anyone', ''), 'ANONYMOUS')
        check(bound.startswith('anonymous@%s/' % DOMAIN), 'bound to %s' % bound)

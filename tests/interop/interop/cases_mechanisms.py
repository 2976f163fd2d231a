"""Mechanisms that are in no default list, or that the other side has by no setting alone."""
import contextlib

from .cases import case, check
from .command import Serve, connect, judge_events
from .slix import Session, trust
from .variants import DOMAIN, ROMEO, Account

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


@case('serve slixmpp EXTERNAL', short=True)
async def _external(w):
    async with Serve(w, '--client-ca', w.lab.ca) as s:
        bound = await one_login(w, s, Account('romeo', ''), 'EXTERNAL', 'client-romeo')
        check(bound.startswith('romeo@%s/' % DOMAIN), 'bound to %s' % bound)
        # without a certificate it is not offered, and SCRAM is
        await one_login(w, s, ROMEO, None)


@case('serve slixmpp ANONYMOUS', short=True)
async def _anonymous(w):
    users = tuple(w.accounts) + (Account('anonymous', 'nobody knows'),)
    async with Serve(w, '--mechanisms', 'ANONYMOUS', users=users) as s:
        bound = await one_login(w, s, Account('anyone', ''), 'ANONYMOUS')
        check(bound.startswith('anonymous@%s/' % DOMAIN), 'bound to %s' % bound)

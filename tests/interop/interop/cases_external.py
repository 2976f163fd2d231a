"""SASL EXTERNAL by client certificate (XEP-0178): parley connect with Prosody and ejabberd, slixmpp
and parley connect with parley serve; one address and several, authzid empty and given."""
import contextlib

from .cases import case, check
from .cases_refusals import explain
from .command import Command, Serve, judge_events
from .process import HOST
from .slix import Session, trust
from .variants import DOMAIN, ROMEO, Account

EXTERNAL = 'EXTERNAL'
# certificate, who it says it is (None: the domain alone, and so no authzid), who is bound
LOGINS = (('client-romeo', 'romeo', 'romeo'), ('client-romeo', None, 'romeo'),
          ('client-both', 'romeo', 'romeo'), ('client-both', 'juliet', 'juliet'))
REFUSED = (('client-both', None), ('client-romeo', 'juliet'), ('client-no-address', 'romeo'),
           ('client-no-address', None), ('client-unknown-ca', 'romeo'), ('client-expired', 'romeo'))


def with_certificate(w, name, user, port, ca, tls='starttls', *options):
    jid = '%s@%s' % (user, DOMAIN) if user else DOMAIN
    return Command([w.parley, 'connect', jid, '--host', HOST, '--port', str(port), '--tls', tls, '--ca', ca, '--cert',
                    w.lab.certificate(name), '--key', w.lab.key(name), '--json', *options], None, w.log)


async def log_in(w, name, user, bound, port, ca, tls):
    async with with_certificate(w, name, user, port, ca, tls, '--mechanism', EXTERNAL) as command:
        await command.expect(0)
    got = {e['event']: e for e in judge_events(command)}
    check(EXTERNAL in [m for e in command.events() if e['event'] == 'features' for m in e['mechanisms']],
          'it was not offered')
    check(got['authenticated'] == {'event': 'authenticated', 'mechanism': EXTERNAL, 'server_verified': False},
          'authenticated: %s' % got['authenticated'])
    check(got['bound']['jid'].startswith('%s@%s/' % (bound, DOMAIN)), 'bound to %s' % got['bound'])


async def be_refused(w, name, user, port, ca):
    """By the server's verdict on the certificate, on the identity, or because it then offers nothing."""
    async with with_certificate(w, name, user, port, ca, 'starttls', '--mechanism', EXTERNAL) as command:
        status = await command.status()
    what = '%s as %s' % (name, user)
    check(status in (4, 5, 9), '%s: exit status %s: %s' % (what, status, command.tail()))
    check(not any(e['event'] == 'authenticated' for e in command.events()), what + ' authenticated')
    explain(' '.join(command.err), 'certificate', 'no mechanism that is allowed', 'No stream features')


def server_cases(name, server, refused):
    async def good(w):
        s = w.server(server)
        for certificate, user, bound in LOGINS:
            for tls in ('starttls', 'direct'):
                await log_in(w, certificate, user, bound, s.direct if tls == 'direct' else s.port, w.lab.ca, tls)
        # the first choice where there is a certificate, without being named and without a password
        async with with_certificate(w, 'client-romeo', 'romeo', s.port, w.lab.ca) as command:
            await command.expect(0)

    async def bad(w):
        for certificate, user in refused:
            await be_refused(w, certificate, user, w.server(server).port, w.lab.ca)

    case('connect %s EXTERNAL' % name, server, short=True, seconds=60)(good)
    case('connect %s EXTERNAL, refused' % name, server, short=True, seconds=60)(bad)


server_cases('prosody', 'prosody:external', REFUSED)
# ejabberd takes the user from the common name where there is no XmppAddr
server_cases('ejabberd', 'ejabberd:external', [r for r in REFUSED if r[0] != 'client-no-address'])


def serve(w):
    return Serve(w, '--client-ca', w.lab.ca)


@case('both ours EXTERNAL', short=True, seconds=60)
async def _ours(w):
    async with serve(w) as s:
        for certificate, user, bound in LOGINS:
            for tls in ('starttls', 'direct'):
                await log_in(w, certificate, user, bound, s.direct if tls == 'direct' else s.port, s.certificate, tls)
        for certificate, user in REFUSED + (('client-nobody', None), ('client-server-only', 'romeo')):
            await be_refused(w, certificate, user, s.port, s.certificate)


def slixmpp(s, w, account, certificate, authzid):
    session = Session(account, s.port, s.certificate, 'starttls', EXTERNAL)
    context = trust(s.certificate)
    if certificate:
        context.load_cert_chain(w.lab.certificate(certificate), w.lab.key(certificate))
    session.client.context = context
    session.client.credentials['authzid'] = authzid.encode()
    return session


@case('serve slixmpp EXTERNAL', short=True, seconds=60)
async def _slixmpp(w):
    romeo, juliet = 'romeo@' + DOMAIN, 'juliet@' + DOMAIN
    async with serve(w) as s:
        for certificate, authzid, bound in (('client-romeo', '', romeo), ('client-romeo', romeo, romeo),
                                            ('client-both', romeo, romeo), ('client-both', juliet, juliet)):
            async with slixmpp(s, w, Account('romeo', ''), certificate, authzid) as session:
                check(session.bound.startswith(bound + '/'), '%s is bound to %s' % (certificate, session.bound))
                session.chat(session.bound, 'to myself')
                await session.message('to myself')
        for certificate, authzid, condition in (
                ('client-both', '', 'invalid-authzid'), ('client-romeo', juliet, 'invalid-authzid'),
                ('client-romeo', romeo + '/a', 'invalid-authzid'), ('client-both', 'nurse@' + DOMAIN, 'invalid-authzid'),
                ('client-nobody', '', 'not-authorized'), (None, romeo, None), ('client-no-address', romeo, None)):
            session = slixmpp(s, w, Account('romeo', ''), certificate, authzid)
            with contextlib.suppress(Exception):
                async with session:
                    pass
            check(not session.bound, '%s as %s is bound to %s' % (certificate, authzid, session.bound))
            check(session.auth_failures[:1] == ([condition] if condition else []),
                  '%s as %s: %s' % (certificate, authzid, session.auth_failures))
        # without a certificate it is not offered, and SCRAM is
        async with Session(ROMEO, s.port, s.certificate, 'starttls', None):
            pass

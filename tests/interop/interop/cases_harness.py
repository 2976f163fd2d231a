"""The harness against itself: independent clients against the same servers and
certificates, so that a failure elsewhere is known to be ours."""
import asyncio
import socket
import ssl

from .cases import case, check
from .process import HOST, Failed
from .scripted import Scripted, direct_up_to_sasl, tls_context
from .slix import Session, trust
from .variants import DOMAIN, ESCAPED, JULIET, ROMEO, SCRAM1, SCRAM256, PLAIN, Account

MECHANISMS = (('sha256', SCRAM256), ('sha1', SCRAM1), ('plain', PLAIN))
GOOD = ('server-ec', 'server-rsa', 'good-mixed', 'good-p384', 'good-chain', 'good-wildcard', 'good-upper',
        'good-last')
XMPP_ONLY = ('good-srv', 'good-srv-upper', 'good-xmpp')     # names that OpenSSL does not look for
BAD = ('bad-expired', 'bad-not-yet', 'bad-wrong-name', 'bad-unknown-ca', 'bad-self-signed', 'bad-no-chain',
       'bad-not-a-ca', 'bad-cn-only', 'bad-cn-beside', 'bad-wildcard-up', 'bad-wildcard-below',
       'bad-wildcard-partial', 'bad-target', 'bad-srv-server', 'bad-srv-wildcard',
       'bad-xmpp-user', 'bad-ip-only', 'bad-nul-name', 'bad-rsa-1024',
       'bad-sha1', 'bad-signature', 'bad-chain-signature', 'bad-client-only')


def _log_in(server, variant, mechanism, tls):
    async def run(w):
        s = w.server('%s:%s' % (server, variant))
        port = s.direct if tls == 'direct' else s.port
        async with Session(JULIET, port, w.lab.ca, tls, mechanism) as juliet, \
                Session(ROMEO, port, w.lab.ca, tls, mechanism) as romeo:
            await juliet.presence('romeo@' + DOMAIN)
            check('juliet@' + DOMAIN in await romeo.roster(), 'juliet is not in the roster')
            romeo.chat(juliet.bound, 'a & b')
            await juliet.message('a & b', romeo.bound)
            romeo.cut(reset=True)
            await juliet.presence(romeo.bound, 'unavailable')
    return run


for _server in ('prosody', 'ejabberd'):
    for _variant, _mechanism in MECHANISMS:
        case('harness slixmpp with %s, %s' % (_server, _mechanism), '%s:%s' % (_server, _variant),
             short=True, command=False)(_log_in(_server, _variant, _mechanism, 'starttls'))
    case('harness slixmpp with %s, direct TLS' % _server, '%s:all' % _server,
         command=False)(_log_in(_server, 'all', None, 'direct'))
    case('harness slixmpp with %s, no TLS' % _server, '%s:off' % _server,
         command=False)(_log_in(_server, 'off', None, 'off'))


def _refused(server):
    async def run(w):
        port = w.server('%s:all' % server).port
        session = Session(Account('romeo', 'wrong'), port, w.lab.ca, mechanism=SCRAM256)
        try:
            async with session:
                raise Failed('a wrong password was accepted')
        except Failed:
            if not session.auth_failures:
                raise
        async with Session(ESCAPED, port, w.lab.ca, mechanism=SCRAM256):
            pass
    return run


for _server in ('prosody', 'ejabberd'):
    case('harness %s refuses a wrong password' % _server, '%s:all' % _server, command=False)(_refused(_server))


def _handshake(w, port):
    """'' or why Python's TLS refuses."""
    context = trust(w.lab.ca)
    try:
        with socket.create_connection((HOST, port), 5) as s, context.wrap_socket(s, server_hostname=DOMAIN):
            return ''
    except (ssl.SSLError, ssl.CertificateError) as e:
        return str(e)


@case('harness certificates, as OpenSSL judges them', short=True, command=False)
async def certificates(w):
    for name in GOOD + XMPP_ONLY + BAD:
        context = tls_context(w.lab.certificate(name), w.lab.key(name))
        with Scripted(direct_up_to_sasl(context)) as s:
            why = await asyncio.to_thread(_handshake, w, s.port)
        if bool(why) != (name not in GOOD) or name in XMPP_ONLY and 'Hostname mismatch' not in why:
            raise Failed('%s: %s' % (name, why or 'accepted'))

"""Certificates that are accepted, one by one; pins beside what the anchors say; what serve makes
of the certificates of clients."""
import asyncio
import hashlib
import re
import subprocess

from . import scripted
from .cases import case, check
from .cases_harness import BAD, GOOD, XMPP_ONLY
from .cases_refusals import explain
from .command import Serve, connect, judge_events
from .process import HOST, clean_environment
from .scripted import Scripted, tls_context
from .variants import DOMAIN, ROMEO


def openssl(*words, data=None):
    return subprocess.run(('openssl',) + words, input=data, capture_output=True, check=True, timeout=20,
                          env=clean_environment()).stdout


def pin_of(certificate):
    key = openssl('x509', '-in', certificate, '-noout', '-pubkey')
    return hashlib.sha256(openssl('pkey', '-pubin', '-outform', 'DER', data=key)).hexdigest()


async def meet(w, name, *options, direct=False, ca=None):
    """connect with a server that shows the certificate and then refuses the password."""
    context = tls_context(w.lab.certificate(name), w.lab.key(name))
    with Scripted(scripted.refuses_the_password(context, direct)) as s:
        async with connect(w, ROMEO, s.port, *options, '--timeout', '10', tls='direct' if direct else 'starttls',
                           ca=ca) as command:
            why = await command.expect(await command.status())
        await asyncio.to_thread(s.finish)
        c, = s.connections
    return command, why, c


def accepted(name, direct):
    async def run(w):
        command, why, c = await meet(w, name, direct=direct)
        explain(why, 'not-authorized')
        tls, = [e for e in judge_events(command, 'sasl-failure') if e['event'] == 'tls']
        check(tls['verified'] is True, 'not verified: %s' % tls)
        check(tls['pin_sha256'] == pin_of(w.lab.certificate(name)), 'the key is %s' % tls)
        check(b'<auth' in c.after_tls and b'<auth' not in c.before_tls, 'where it authenticated')
    return run


for _name in GOOD + XMPP_ONLY:
    case('certificate %s' % _name, short=_name in XMPP_ONLY)(accepted(_name, False))
    case('certificate %s direct' % _name)(accepted(_name, True))


@case('certificate pinned instead of the anchors', short=True)
async def pinned(w):
    """With --pin-only any certificate of that key is good, and none of another."""
    for name in BAD:
        certificate = w.lab.certificate(name)
        command, why, _ = await meet(w, name, '--pin-only', pin_of(certificate))
        judge_events(command, 'sasl-failure')
        explain(why, 'not-authorized')
    command, why, c = await meet(w, 'bad-self-signed', '--pin-only', pin_of(w.lab.certificate('server-ec')))
    judge_events(command, 'tls-certificate-pin')
    explain(why, 'not the pinned one')
    check(b'<auth' not in c.after_tls + c.before_tls, 'it authenticated')


@case('certificate pinned beside the anchors', short=True)
async def pinned_beside(w):
    """--pin takes nothing away from what the chain and the name must be."""
    for name, outcome in (('server-ec', 'sasl-failure'), ('bad-expired', 'tls-certificate-chain'),
                          ('bad-wrong-name', 'tls-certificate-name'), ('bad-unknown-ca', 'tls-certificate-chain')):
        command, _, _ = await meet(w, name, '--pin', pin_of(w.lab.certificate(name)))
        judge_events(command, outcome)
    command, _, _ = await meet(w, 'server-ec', '--pin', pin_of(w.lab.certificate('server-rsa')))
    judge_events(command, 'tls-certificate-pin')


@case('certificate trusted by name of the file', short=True)
async def trusted(w):
    """A self-signed certificate is good for who names it with --ca, and another is not."""
    command, _, _ = await meet(w, 'bad-self-signed', ca=w.lab.certificate('bad-self-signed'))
    judge_events(command, 'sasl-failure')
    command, why, _ = await meet(w, 'server-ec', ca=w.lab.certificate('bad-self-signed'))
    judge_events(command, 'tls-certificate-chain')
    explain(why, 'not trusted')


# ------------------------------------------------- certificates of clients

# Whether the handshake ends well; what the log of serve says.
CLIENTS = {
    'client-romeo': (True, 'client_certificate="verified"'),
    'client-both': (True, 'client_certificate="verified"'),
    'client-no-address': (True, 'client_certificate="verified"'),
    'client-nobody': (True, 'client_certificate="verified"'),
    'server-ec': (False, 'tls="certificate not allowed for this use"'),
    'client-server-only': (False, 'tls="certificate not allowed for this use"'),
    'client-expired': (False, 'tls="certificate expired'),
    # RFC 6120 section 13.7.2.2.2: as if it had none
    'client-unknown-ca': (True, 'client_certificate="(unverified|none)"'),
    None: (True, 'client_certificate="none"'),
}


@case('serve judges certificates of clients', short=True)
async def clients(w):
    log = w.lab.path('serve-clients.log')
    async with Serve(w, '--cert', w.lab.certificate('server-ec'), '--key', w.lab.key('server-ec'), '--client-ca',
                     w.lab.ca, '--log', log) as s:
        for name, (good, words) in CLIENTS.items():
            own = ('-cert', w.lab.certificate(name), '-key', w.lab.key(name)) if name else ()
            with open(log) as f:
                before = len(f.read())
            done = await asyncio.to_thread(
                subprocess.run, ('openssl', 's_client', '-connect', '%s:%d' % (HOST, s.direct), '-tls1_2', '-CAfile',
                                 w.lab.ca, '-verify_return_error', '-verify_hostname', DOMAIN) + own,
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, env=clean_environment())
            check((done.returncode == 0) is good, '%s: %s' % (name, done.stderr[-400:]))
            with open(log) as f:
                said = f.read()[before:]
            check(re.search(words, said), '%s: the log says %s' % (name, said))
            check(('event="tls"' in said or ' tls suite=' in said) is good, '%s: the log says %s' % (name, said))

"""What kinds of server there are: one row each, the same for Prosody and ejabberd."""
from dataclasses import dataclass, field

DOMAIN = 'im.parley.example'


@dataclass(frozen=True)
class Account:
    user: str
    password: str


# The characters that PLAIN, SCRAM names, XML and configuration files each care about.
ROMEO = Account('romeo', 'r0m30 & <"=,\'>')
JULIET = Account('juliet', 'r0s3')
ESCAPED = Account('mer=cu,tio', 'a=b,c')
ACCOUNTS = (ROMEO, JULIET, ESCAPED)

SCRAM512, SCRAM256, SCRAM1, PLAIN = 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'


def plus(mechanism):
    return mechanism + '-PLUS'


# What connect takes of what is offered, if nothing is named.
BEST = (plus(SCRAM512), plus(SCRAM256), plus(SCRAM1), SCRAM512, SCRAM256, SCRAM1)


@dataclass(frozen=True)
class Variant:
    """tls: required, optional, off; versions: 1.2, 1.3 or both; empty mechanisms: all of them."""
    what: str
    mechanisms: tuple = ()
    certificate: str = 'server-ec'
    tls: str = 'required'
    versions: tuple = ('1.2', '1.3')
    contacts: int = 0       # so many more in romeo's roster
    asks: bool = False      # for a client certificate
    servers: tuple = field(default=('prosody', 'ejabberd'))


def contact(number):
    """JID, name and group of a made contact."""
    return ('contact%d@%s' % (number, DOMAIN), 'Contact & <%d> \u00f1 \u611b' % number, 'Group %d' % (number % 7))


VARIANTS = {
    'sha256': Variant('SCRAM-SHA-256, EC certificate', (SCRAM256, plus(SCRAM256))),
    'sha1': Variant('SCRAM-SHA-1, RSA certificate', (SCRAM1, plus(SCRAM1)), 'server-rsa'),
    'plain': Variant('PLAIN alone, EC key under an RSA root', (PLAIN,), 'good-mixed'),
    'all': Variant('every mechanism of the server, its own choice of order'),
    'optional': Variant('STARTTLS offered, not required', tls='optional', versions=('1.2',)),
    'off': Variant('no TLS at all', tls='off'),
    'tls12': Variant('TLS 1.2 alone', versions=('1.2',)),
    'tls13': Variant('TLS 1.3 alone', versions=('1.3',)),
    'legacy': Variant('old mechanisms beside the new ones, STARTTLS not required',
                      (SCRAM512, plus(SCRAM512), SCRAM256, plus(SCRAM256), SCRAM1, plus(SCRAM1), PLAIN, 'DIGEST-MD5'),
                      'server-rsa', 'optional', ('1.2',)),
    'victim': Variant('is killed by the test that uses it'),
    'stopped': Variant('is stopped by the test that uses it'),
    'digest': Variant('DIGEST-MD5 alone', ('DIGEST-MD5',), servers=('ejabberd',)),
    'external': Variant('asks for client certificates, SASL EXTERNAL', asks=True),
    'crowded': Variant('a roster of 2000 contacts', contacts=2000),
    'good-chain': Variant('intermediate certificate', certificate='good-chain'),
    'good-p384': Variant('P-384 key', certificate='good-p384'),
    'good-wildcard': Variant('wildcard certificate', certificate='good-wildcard'),
    'good-upper': Variant('name in upper case', certificate='good-upper', servers=('prosody',)),
    'good-last': Variant('name comes last', certificate='good-last', servers=('prosody',)),
    'good-srv': Variant('an SRVName alone', certificate='good-srv', servers=('prosody',)),
    'good-xmpp': Variant('an XmppAddr alone', certificate='good-xmpp', servers=('prosody',)),
    'bad-expired': Variant('expired', certificate='bad-expired', servers=('prosody',)),
    'bad-wrong-name': Variant('other name', certificate='bad-wrong-name', servers=('prosody',)),
    'bad-unknown-ca': Variant('unknown CA', certificate='bad-unknown-ca', servers=('prosody',)),
    'bad-self-signed': Variant('self-signed', certificate='bad-self-signed', servers=('prosody',)),
}


def instances():
    return ['%s:%s' % (s, name) for name, v in VARIANTS.items() for s in v.servers]

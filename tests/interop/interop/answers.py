"""Wrong inputs to a server, what RFC 6120 asks, and what a server answers: the rows of
docs/answers.md, which cases_answers.py makes and checks."""
import base64
import concurrent.futures
import re
import ssl

from .process import Failed
from .raw import HEADER, STARTTLS, Raw, auth
from .variants import DOMAIN, JULIET

QUIET = 1.0         # seconds of silence that count as no answer
STREAM = "xmlns:stream='http://etherx.jabber.org/streams'"
BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
FEATURES = rb'</stream:features>|<stream:features/>'


def b64(text):
    return base64.b64encode(text.encode()).decode()


LOGIN = b64('\0%s\0%s' % (JULIET.user, JULIET.password))


def header(**changes):
    """A stream header with some attributes changed, or left out (None)."""
    attributes = {'xmlns': 'jabber:client', 'to': DOMAIN, 'version': '1.0',
                  'xmlns:stream': 'http://etherx.jabber.org/streams'}
    attributes.update({k.replace('_', ':'): v for k, v in changes.items()})
    return '<stream:stream %s>' % ' '.join("%s='%s'" % (k, v) for k, v in attributes.items() if v is not None)


def message(inside):
    return "<message to='%s'><body>%s</body></message>" % (DOMAIN, inside)


E = 'stream error '
NWF, RESTRICTED, ENCODING, POLICY = E + 'not-well-formed', E + 'restricted-xml', E + 'unsupported-encoding', E + 'policy-violation'

# state, input, what it is, the RFC's clause, what is right: alternatives with "|"
ROWS = []


def rows(state, clause, right, *inputs):
    for what, text in inputs:
        ROWS.append((state, what, text, clause, right))


for _state in ('before the header', 'features', 'ready'):
    _inside = (lambda s: s) if _state != 'ready' else message
    rows(_state, '11.1', RESTRICTED,
         ('a comment', _inside('<!-- c -->')), ('a processing instruction', _inside('<?php x?>')),
         ('a DTD', '<!DOCTYPE a [<!ENTITY b "c">]>' if _state != 'ready' else '<!DOCTYPE a>'))
rows('ready', '11.1', RESTRICTED, ('an entity that is not one of the five', message('&nbsp;')))
rows('before the header', '11.6', ENCODING,
     ('encoding="ISO-8859-1"', "<?xml version='1.0' encoding='ISO-8859-1'?>" + header()),
     ('encoding="UTF-16" in ASCII', "<?xml version='1.0' encoding='UTF-16'?>" + header()),
     ('UTF-16 with a BOM', ("<?xml version='1.0'?>" + header()).encode('utf-16')),
     ('UTF-16 without', ("<?xml version='1.0'?>" + header()).encode('utf-16-le')),
     ('UTF-32', ("<?xml version='1.0'?>" + header()).encode('utf-32')))
rows('before the header', '11.6', ENCODING + '|' + NWF, ('NUL', b'\0'), ('a BOM', b'\xef\xbb\xbf' + header().encode()))
rows('before the header', '11.1, 11.4', NWF + '|' + RESTRICTED,
     ('white space before the declaration', "  <?xml version='1.0'?>" + header()),
     ('a declaration without a version', "<?xml encoding='UTF-8'?>" + header()),
     ('the declaration twice', "<?xml version='1.0'?><?xml version='1.0'?>" + header()))
rows('before the header', '4.9.3', E + 'bad-format|' + NWF + '|' + E + 'invalid-namespace|' + E + 'invalid-xml',
     ('HTTP', 'GET / HTTP/1.1\r\n\r\n'), ('text', 'hello'), ('another root', "<a xmlns='jabber:client'>"))
rows('before the header', '4.8.1', E + 'invalid-namespace|' + E + 'bad-format|' + E + 'bad-namespace-prefix',
     ('a root of another name', header().replace('<stream:stream', '<stream:flow')),
     ('the stream namespace misspelt', header(xmlns_stream='http://etherx.jabber.org/stream')),
     ('no stream namespace', "<stream xmlns='jabber:client' to='%s' version='1.0'>" % DOMAIN))
rows('before the header', '4.8.2', E + 'invalid-namespace',
     ('content namespace jabber:server', header(xmlns='jabber:server')), ('content namespace urn:x', header(xmlns='urn:x')))
rows('before the header', '4.9.3.6', E + 'host-unknown',
     ('to a host not served', header(to='unknown.example')), ('no to', header(to=None)))
rows('before the header', '4.9.3.7', E + 'improper-addressing|' + E + 'host-unknown',
     ('to="@@"', header(to='@@')), ('to=""', header(to='')), ('to a user', header(to='a@' + DOMAIN)),
     ('to a resource', header(to=DOMAIN + '/r')))
rows('before the header', '4.7.5', E + 'unsupported-version', ('no version', header(version=None)), ('version 0.9', header(version='0.9')))
rows('before the header', '4.7.5', 'features', ('version 1.1', header(version='1.1')), ('version 1.10', header(version='1.10')),
     ('version 2.0', header(version='2.0')))
rows('before the header', '4.7.5', E + 'unsupported-version|' + E + 'bad-format',
     ('version "x"', header(version='x')), ('version ""', header(version='')), ('version "1"', header(version='1')))
rows('before the header', '4.4', 'closed|cut off', ('the stream opened and closed in one tag', header()[:-1] + '/>'))
rows('before the header', 'XML 1.0', NWF,
     ('an attribute twice', header()[:-1] + " to='x'>"), ('an attribute without quotes', header()[:-1] + ' a=b>'),
     ('a prefix that is not declared', header()[:-1] + " a:b='c'>"), ('"<" in an attribute', header()[:-1] + " a='<'>"),
     ('bytes that are not UTF-8', header()[:-1].encode() + b" a='\xff'>"))
rows('before the header', '13.12', POLICY, ('100 kB in one attribute', header()[:-1] + " a='%s'>" % ('x' * 100000)),
     ('5000 attributes', header()[:-1] + ' ' + ' '.join("a%d=''" % i for i in range(5000)) + '>'))

rows('features', '6.5.4', 'SASL encryption-required', ('PLAIN in the clear', auth('PLAIN', LOGIN)))
rows('features', '4.9.3.12', E + 'not-authorized|' + E + 'policy-violation|' + E + 'unsupported-stanza-type',
     ('a message', message('x')), ('a presence', '<presence/>'), ('a bind request', BIND),
     ('an iq for jabber:iq:auth', "<iq type='set' id='a'><query xmlns='jabber:iq:auth'><username>juliet</username></query></iq>"))
rows('features', '4.9.3.24', E + 'unsupported-stanza-type|' + E + 'not-authorized|' + E + 'policy-violation',
     ('an element nobody knows', "<a xmlns='urn:x'/>"), ('<proceed/>', "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"))
rows('features', '4.3.3', E + 'unsupported-stanza-type|' + E + 'bad-format|' + E + 'invalid-xml|' + E + 'invalid-namespace|' + E + 'not-authorized|'
     + E + 'policy-violation', ('a second header', header()))
rows('features', '11.7', E + 'bad-format', ('text', 'hello'), ('a CDATA section', '<![CDATA[x]]>'))
rows('features', 'XML 1.0', NWF, ('the end of another prefix', '</stream>'), ('elements that cross', '<a><b></a></b>'))
rows('features', '13.12', POLICY, ('100 kB in one element', '<a>' + 'x' * 100000), ('1000 elements within each other', '<a>' * 1000),
     ('200 kB of white space', ' ' * 200000))

_BAD = 'SASL incorrect-encoding'
rows('SASL', '13.9.1', _BAD, ('base64 with a line end', auth('PLAIN', LOGIN[:8] + '\n' + LOGIN[8:])),
     ('base64 with a space behind', auth('PLAIN', LOGIN + ' ')), ('base64 without padding', auth('PLAIN', 'AAA')),
     ('base64 of another alphabet', auth('PLAIN', 'AA-_')), ('padding in the middle', auth('PLAIN', 'AA==AAAA')),
     ('"==="', auth('PLAIN', '===')), ('bits that stand for nothing', auth('PLAIN', 'AB==')))
rows('SASL', '6.5.7', 'SASL invalid-mechanism', ('a mechanism nobody has', auth('X-NONE', LOGIN)), ('"plain"', auth('plain', LOGIN)),
     ('a mechanism that is not offered', auth('ANONYMOUS', '=')), ('EXTERNAL without a certificate', auth('EXTERNAL', '=')),
     ('"PLAIN "', auth('PLAIN ', LOGIN)))
rows('SASL', '6.4.2', 'SASL malformed-request|SASL invalid-mechanism', ('no mechanism', '<auth %s>%s</auth>' % (SASL, LOGIN)))
rows('SASL', '6.5.8', 'SASL malformed-request|SASL not-authorized', ('PLAIN with two parts', auth('PLAIN', b64('\0juliet'))),
     ('PLAIN with four parts', auth('PLAIN', b64('\0juliet\0r0s3\0'))), ('PLAIN without a user', auth('PLAIN', b64('\0\0r0s3'))),
     ('PLAIN with "="', auth('PLAIN', '=')), ('PLAIN without a password', auth('PLAIN', b64('\0juliet\0'))))
rows('SASL', '6.5.10', 'SASL not-authorized', ('a wrong password', auth('PLAIN', b64('\0juliet\0x'))),
     ('a user that is not there', auth('PLAIN', b64('\0nobody\0x'))))
rows('SASL', '6.5.6', 'SASL invalid-authzid|SASL not-authorized',
     ("another's authorization identity", auth('PLAIN', b64('romeo@%s\0juliet\0r0s3' % DOMAIN))))
rows('SASL', '6.4.3', 'SASL malformed-request|' + _BAD + '|' + E + 'bad-format|' + E + 'not-authorized|SASL not-authorized',
     ('an element inside <auth/>', "<auth %s mechanism='PLAIN'>%s<x/></auth>" % (SASL, LOGIN)))
rows('SASL', '6.4.3', 'SASL not-authorized|' + E + 'policy-violation|' + E + 'unsupported-stanza-type|' + E + 'not-authorized|SASL malformed-request',
     ('<response/> out of step', '<response %s/>' % SASL))
rows('SASL', '6.4.4', 'SASL aborted|SASL not-authorized|' + E + 'policy-violation|' + E + 'not-authorized', ('<abort/> out of step', '<abort %s/>' % SASL))
rows('SASL', '4.9.3.12', E + 'not-authorized|' + E + 'policy-violation|' + E + 'unsupported-stanza-type',
     ('a message', message('x')), ('a bind request', BIND), ('<success/>', '<success %s/>' % SASL))
rows('SASL', '5.3.4', E + 'policy-violation|' + E + 'not-authorized|' + E + 'unsupported-stanza-type|TLS failure', ('STARTTLS inside TLS', STARTTLS))
rows('inside TLS, before the header', '4.3.3', E + 'bad-format|' + E + 'invalid-namespace|' + NWF + '|' + E + 'invalid-xml',
     ('<auth/> without a header', auth('PLAIN', LOGIN)))

rows('before bind', '7.1', E + 'not-authorized', ('a message', message('x')), ('a presence', '<presence/>'),
     ('an iq to another', "<iq type='get' id='q' to='romeo@%s'><q xmlns='u'/></iq>" % DOMAIN))
rows('before bind', '7.7.2.1', 'stanza error bad-request|bound', ('a resource of 1024 bytes', BIND.replace(
    '/></iq>', '><resource>%s</resource></bind></iq>' % ('r' * 1024))), ('an empty resource', BIND.replace('/></iq>', '><resource/></bind></iq>')),
    ('a control character in the resource', BIND.replace('/></iq>', '><resource>&#x9;</resource></bind></iq>')))
rows('before bind', '6.4.6', E + 'policy-violation|' + E + 'not-authorized|' + E + 'unsupported-stanza-type|SASL aborted|SASL not-authorized',
     ('<auth/> again', auth('PLAIN', LOGIN)))

rows('ready', 'XML 1.0', NWF, ('an attribute twice', "<message to='a' to='b'/>"), ('elements that cross', '<message><a></message></a>'),
     ('"&" alone', message('a & b')), ('&#0;', message('&#0;')), ('&#xD800;', message('&#xD800;')), ('&#4294967361;', message('&#4294967361;')),
     ('"]]>" in text', message(']]>')), ('NUL', message('x').encode().replace(b'x', b'\0')), ('an overlong "<"', message('x').encode().replace(b'x', b'\xc0\xbc')),
     ('half a character', message('x').encode().replace(b'x', b'\xc3')), ('a surrogate in UTF-8', message('x').encode().replace(b'x', b'\xed\xa0\x80')),
     ('U+FFFE', message('\ufffe')), ('a prefix that is not declared', '<a:message/>'),
     ('two attributes of one name by two prefixes', "<message xmlns:p='u' xmlns:q='u' p:a='' q:a=''/>"),
     ('a name with two colons', "<message xmlns:a='u'><a:b:c/></message>"), ('xmlns:p=""', "<message xmlns:p=''/>"))
rows('ready', '4.9.3.24', E + 'unsupported-stanza-type|' + E + 'invalid-namespace|' + E + 'not-authorized',
     ('an element nobody knows', "<a xmlns='urn:x'/>"), ('<foo/>', '<foo/>'),
     ('features', '<stream:features/>'))
rows('ready', '4.8.4', E + 'invalid-namespace|' + E + 'unsupported-stanza-type', ('a message of jabber:server', "<message xmlns='jabber:server'/>"))
rows('ready', '4.3.3', E + 'unsupported-stanza-type|' + E + 'bad-format|' + E + 'invalid-xml|' + E + 'invalid-namespace', ('a second header', header()))
rows('ready', '11.7', E + 'bad-format', ('text between stanzas', 'hello'), ('a reference between stanzas', '&#32;x'))
rows('ready', '8.2.3', 'stanza error bad-request', ('an iq of no known type', "<iq type='foo' id='q'><q xmlns='u'/></iq>"),
     ('an iq without a type', "<iq id='q'><q xmlns='u'/></iq>"), ('a get with nothing in it', "<iq type='get' id='q'/>"),
     ('a get with two in it', "<iq type='get' id='q'><q xmlns='u'/><r xmlns='u'/></iq>"))
rows('ready', '8.2.3', 'nothing', ('a result nobody asked for', "<iq type='result' id='q'/>"), ('an error nobody asked for', "<iq type='error' id='q'/>"))
rows('ready', '8.3.1', 'nothing', ('an error message to nobody', "<message type='error' to='nobody@%s'/>" % DOMAIN))
rows('ready', '8.1.2.1', E + 'invalid-from|nothing', ("another's from", "<message from='romeo@%s' to='%s'/>" % (DOMAIN, DOMAIN)))
rows('ready', '8.3.3.8', 'stanza error jid-malformed', ('to="@@"', "<message to='@@' id='q'><body>x</body></message>"))
rows('ready', '7.7', 'stanza error not-allowed|stanza error bad-request|stanza error conflict|' + E + 'policy-violation|' + E + 'not-allowed|bound|stanza error service-unavailable',
     ('a second bind', BIND))


# ------------------------------------------------------------------ what a server does

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE


def reach(raw, state):
    if state == 'before the header':
        return
    raw.features()
    if state == 'features':
        return
    raw.send(STARTTLS)
    raw.until(rb'<proceed[^>]*/>')
    raw.start_tls(TLS)
    if state.startswith('inside TLS'):
        return
    raw.features()
    if state == 'SASL':
        return
    raw.send(auth('PLAIN', LOGIN))
    raw.until(rb'<success[^>]*(/>|</success>)')
    raw.send(HEADER)
    raw.until(FEATURES)
    if state == 'before bind':
        return
    raw.send(BIND)
    raw.until(rb'</iq>')


def answer(port, state, text):
    with Raw(port) as raw:
        reach(raw, state)
        raw.seen = b''
        try:
            raw.send(text)
        except OSError:
            pass    # it ended before it had heard all
        raw.sock.settimeout(QUIET)
        ended = False
        try:
            while b'</stream:stream>' not in raw.seen:
                data = raw.sock.recv(65536)
                if not data:
                    ended = True
                    break
                raw.seen += data
        except TimeoutError:
            pass
        except OSError:
            ended = True
        return classify(raw.seen.decode(errors='replace'), ended)


def condition(text, element):
    """The condition in the first such element."""
    found = re.search(r'<%s(?: [^>]*)?>\s*<([\w:-]+)' % element, text)
    return found and found[1]


def classify(text, ended):
    if found := condition(text, 'stream:error'):
        return E + found
    if found := re.search(r'<failure xmlns=.urn:ietf:params:xml:ns:xmpp-(tls|sasl).(?:/>|>(?:\s*<([\w-]+))?)', text):
        return 'TLS failure' if found[1] == 'tls' else 'SASL %s' % found[2]
    if found := condition(text, 'error'):
        return 'stanza error ' + found
    if '<jid>' in text:
        return 'bound'
    if '<success' in text:
        return 'success'
    if '<proceed' in text:
        return 'proceed'
    if '</stream:stream>' in text:
        return 'closed'
    if '<stream:features' in text:
        return 'features'
    return 'cut off' if ended else 'nothing'


def all_answers(port):
    def one(row):
        for attempt in range(2):
            try:
                return answer(port, row[0], row[2])
            except (Failed, OSError) as e:
                if attempt:
                    return 'failed: %s' % e
        return None
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, ROWS))

"""The case files of tests/attacks/cases, read for sockets. tests/common/script.c and
tests/attacks/README.md say what their words mean; here random bytes are the command's own, so
that ids, nonces and proofs of the files are exchanged for those of the run."""
import base64
import os
import re

STREAM = 'http://etherx.jabber.org/streams'
NAMES = " xmlns='jabber:client' xmlns:stream='%s'" % STREAM
URN = "xmlns='urn:ietf:params:xml:ns:xmpp-%s'"
XML = "<?xml version='1.0'?>"
DOMAIN, USER, PASSWORD = 'example.com', 'mbed', 'mirror'
ID = '\x01'         # in what is expected: some id
ANYTHING = '\x02'   # in what is expected: some base64

# What the files' random bytes come to.
CLIENT_NONCE = 'AAECAwQFBgcICQoLDA0ODxAR'
SERVER_NONCE = 'JCUmJygpKissLS4vMDEyMzQ1'
ID_PREFIX = 'AAECAwQFBgcI'
STREAM_IDS = (b'AAECAwQFBgcICQoLDA0ODxAR', b'EhMUFRYXGBkaGxwdHh8gISIj', b'JCUmJygpKissLS4vMDEyMzQ1')
CLIENT_PROOF = '5JbIG8iN1xI8/waudSwkGlts861xxVibxqI99glUt0g='
SERVER_PROOF = '3M+FR9SFTI6wQCScP6Lh0YSKnQEzy2cAKHQegxcYUdg='

WORDS = {'STREAM': STREAM, '/': '</stream:stream>'}
for word, name in (('TLS', 'tls'), ('SASL', 'sasl'), ('BIND', 'bind'), ('SESS', 'session'),
                   ('STREAMS', 'streams'), ('STANZAS', 'stanzas')):
    WORDS[word] = URN % name
CLIENT_HEADER = "<stream:stream to='%s' version='1.0'%s>" % (DOMAIN, NAMES)
SERVER_HEADER = "<stream:stream from='%s' id='%%s' version='1.0'%s>" % (DOMAIN, NAMES)
REPLY = XML + "<stream:stream" + NAMES + "%s id='" + ID + "' version='1.0' xml:lang='en'>"
HEARD = {  # by the role under test
    'client': {'H': XML + SERVER_HEADER % 's1', 'h': SERVER_HEADER % 's1'},
    'server': {'H': XML + CLIENT_HEADER, 'h': CLIENT_HEADER}}
SAID = {
    'client': {'OURS': XML + "<stream:stream" + NAMES + " to='%s' version='1.0'>" % DOMAIN},
    'server': {**{w: REPLY % (" from='%s'" % DOMAIN) for w in ('OURS', 'OURS2', 'OURS3')},
               **{w: REPLY % " from=''" for w in ('NOFROM', 'NOFROM2', 'NOFROM3')}}}
ESCAPES = {'n': b'\n', 'r': b'\r', 't': b'\t', '\\': b'\\', '{': b'{', '}': b'}'}


def unescape(text):
    def one(m):
        return bytes([int(m[1], 16)]) if m[1] else ESCAPES[m[2].decode()]
    return re.sub(rb'\\(?:x([0-9a-fA-F]{2})|(.))', one, text.encode('utf-8', 'surrogateescape'), flags=re.S)


def expand(text, role, substitutes=()):
    """Text of a case as bytes; `substitutes`: (what the file has, what the run has), also
    inside base64."""
    def change(data):
        for old, new in substitutes:
            data = data.replace(old.encode(), new.encode())
        return data

    out, at = b'', 0
    for m in re.finditer(r'(?<!\\)\{([^}]*)\}', text):
        out += change(unescape(text[at:m.start()]))
        at, word = m.end(), m[1]
        if word.startswith('b64:'):
            out += base64.b64encode(change(unescape(word[4:])))
        elif word.startswith('ERROR:'):
            out += ("<stream:error><%s %s/></stream:error></stream:stream>" % (word[6:], URN % 'streams')).encode()
        else:
            value = HEARD[role].get(word) or SAID[role].get(word) or WORDS[word]
            out += value.encode()
    return out + change(unescape(text[at:]))


FEATURES = re.compile(rb'<stream:features>.*?</stream:features>|<stream:features/>', re.S)
BASE64 = re.compile(rb'(<(?:auth|response|challenge|success) [^>]*>)[A-Za-z0-9+/=]+(?=</)')


def shape(data):
    """What is compared: the contents of features are the command's, and of SASL messages
    the run's."""
    data = FEATURES.sub(b'<stream:features/>', data)
    for stream_id in STREAM_IDS:
        data = data.replace(b"id='%s'" % stream_id, b"id='%s'" % ID.encode())
    return BASE64.sub(lambda m: m[1] + ANYTHING.encode(), data)


def pattern(expected):
    return re.escape(shape(expected)).replace(re.escape(ID).encode(), rb"[^'<>]{8,}").replace(
        re.escape(ID_PREFIX.encode()), rb"[^'<>]+")


class Case:
    def __init__(self, path):
        self.name = os.path.basename(path)[:-5]
        self.role = self.start = None
        self.settings, self.steps = [], []
        with open(path, encoding='utf-8', errors='surrogateescape') as file:
            for line in file.read().split('\n'):
                if not line or line.startswith('#'):
                    continue
                word, _, rest = line.partition(' ')
                if word in ('role', 'start'):
                    setattr(self, word, rest)
                elif word == 'set':
                    self.settings.append(rest)
                else:
                    self.steps.append((word, rest))

    @property
    def group(self):
        return self.name[0]

    def words(self):
        return {word for word, _ in self.steps}


def heard(text, role, substitutes):
    """The bytes of a `hear`."""
    count = 1
    if text.startswith('x '):
        number, _, rest = text[2:].partition(' ')
        if number.isdigit():
            count, text = int(number), rest
    return expand(text, role, substitutes) * count


def cases(folder, role):
    for name in sorted(os.listdir(folder)):
        case = Case(os.path.join(folder, name))
        if case.role == role:
            yield case

"""Ends for tests of parley connect over real sockets: parley serve, a relay that can be cut, a
server that follows a script inside TLS or before it, and a DNS server. One thread each."""
import json
import os
import re
import select
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import traceback

PARLEY = os.environ['PARLEY']
DOMAIN = 'example.org'
SECONDS = 60
STREAMS = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
HEADER = ("<stream:stream from='%s' id='i%d' version='1.0' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")
FOLDER = tempfile.TemporaryDirectory(prefix='parley-wire-')


def path(name, text=None):
    name = os.path.join(FOLDER.name, name)
    if text is not None:
        with open(name, 'w') as file:
            file.write(text)
        os.chmod(name, 0o600)
    return name


def certificate(name, domain=DOMAIN):
    """A key, and a certificate that is its own authority: two files."""
    key, chain = path(name + '.key'), path(name + '.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-keyout', key, '-out', chain, '-days', '30', '-subj', '/CN=test',
                    '-addext', 'subjectAltName=DNS:' + domain], check=True, capture_output=True)
    return key, chain


class Serve:
    """parley serve, ended by SIGTERM."""

    def __init__(self, key, chain, *options, users='romeo:orchard\njuliet:balcony\n'):
        self.argv = [PARLEY, 'serve', '--domain', DOMAIN, '--users', path('users', users), '--listen', '127.0.0.1:0',
                     '--log', path('log'),
                     *(('--cert', chain, '--key', key) if key else ()), *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, text=True)
        self.port = int(re.fullmatch(r'listening starttls 127\.0\.0\.1:(\d+)\n', self.process.stdout.readline())[1])
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(SECONDS)
        self.process.stdout.close()


class Listener:
    """Takes connections one after the other, counts them, and gives each to `converse`."""

    def __init__(self, address='127.0.0.1'):
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.bind((address, 0))
        self.socket.listen(8)
        self.port = self.socket.getsockname()[1]
        self.count = 0
        self.broken = None
        self.closing = False

    def __enter__(self):
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.closing = True
        with socket.socket(self.socket.family) as last:  # wakes accept
            last.connect(self.socket.getsockname())
        self.thread.join(SECONDS)
        self.socket.close()
        if kind is None and self.broken is not None:
            raise self.broken

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            with connection:
                if self.closing:
                    return
                self.count += 1
                connection.settimeout(SECONDS)
                try:
                    self.converse(connection)
                except (EOFError, ConnectionError, ssl.SSLError):
                    pass  # the command went away: its status is what counts
                except Exception as error:  # shown where the test ends
                    self.broken = error


class Relay(Listener):
    """Hands on to `target` what comes, until it is cut."""

    def __init__(self, target, address='127.0.0.1'):
        super().__init__(address)
        self.target = target
        self.cutting = threading.Event()

    def cut(self):
        self.cutting.set()

    def converse(self, connection):
        with socket.create_connection(('127.0.0.1', self.target), SECONDS) as other:
            pairs = {connection: other, other: connection}
            while not self.cutting.is_set() and not self.closing:
                for end in select.select(list(pairs), [], [], 0.02)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    pairs[end].sendall(data)
        self.cutting.clear()


class Scripted(Listener):
    """A server that says what the test wants: `script` is called with this object, and uses
    say, until, header and start_tls. What it has heard is in `heard`, one text a connection."""

    def __init__(self, script, key=None, chain=None, address='127.0.0.1'):
        super().__init__(address)
        self.script = script
        self.context = None
        if key:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(chain, key)
        self.heard = []

    def converse(self, connection):
        self.wire, self.text, self.headers = connection, '', 0
        self.heard.append('')
        self.script(self)
        try:
            while self.wire.recv(65536):
                pass
        finally:
            self.wire.close()

    def say(self, text):
        self.wire.sendall(text.encode())

    def until(self, words):
        while words not in self.text:
            data = self.wire.recv(65536)
            if not data:
                raise EOFError(self.text)
            self.text += data.decode()
            self.heard[-1] += data.decode()
        self.text = self.text.split(words, 1)[1]

    def header(self, features=None, origin=DOMAIN):
        self.until("version='1.0'>")
        self.headers += 1
        self.say(HEADER % (origin, self.headers))
        if features is not None:
            self.say('<stream:features>%s</stream:features>' % features)

    def start_tls(self):
        self.header("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        self.until("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        self.say("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        self.wire = self.context.wrap_socket(self.wire, server_side=True)

    def request(self):
        """The id of the next iq, which has been heard to its end."""
        self.until('<iq ')
        number = re.search("id='([^']*)'", self.heard[-1][self.heard[-1].rindex('<iq '):])[1]
        self.until('</iq>')
        return number

    def authenticate_plainly(self, more=''):
        """Up to the request to bind, by PLAIN, whatever the password: its id. `more`: features."""
        self.header("<mechanisms %s><mechanism>PLAIN</mechanism></mechanisms>" % SASL)
        self.until('</auth>')
        self.say('<success %s/>' % SASL)
        self.header("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>" + more)
        return self.request()

    def bound(self, number):
        self.say("<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@%s/r</jid>"
                 "</bind></iq>" % (number, DOMAIN))

    def log_in_plainly(self):
        """Up to ready."""
        self.bound(self.authenticate_plainly())

    def error(self, condition, content=None):
        self.say('<stream:error>%s</stream:error></stream:stream>' %
                 ('<%s %s/>' % (condition, STREAMS) if content is None else
                  '<%s %s>%s</%s>' % (condition, STREAMS, content, condition)))


class Dns:
    """Answers from `records`, (name, type) to data; to all else that there is none."""
    TYPES = {'A': 1, 'SRV': 33}

    def __init__(self, records):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        self.address = '127.0.0.1:%d' % self.socket.getsockname()[1]
        self.records = {}
        self.asked = []
        for name, kind, data in records:
            self.records.setdefault((name, self.TYPES[kind]), []).append(self.encode(kind, data))

    @staticmethod
    def name(text):
        return b''.join(bytes([len(label)]) + label.encode() for label in text.split('.')) + b'\0'

    def encode(self, kind, data):
        if kind == 'A':
            return socket.inet_aton(data)
        priority, weight, port, host = data
        return struct.pack('>HHH', priority, weight, port) + self.name(host)

    def __enter__(self):
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b'', self.socket.getsockname())
        self.thread.join(SECONDS)
        self.socket.close()

    def run(self):
        while True:
            query, sender = self.socket.recvfrom(4096)
            if not query:
                return
            at, labels = 12, []
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
                at += query[at] + 1
            kind = struct.unpack('>H', query[at + 1:at + 3])[0]
            question = query[12:at + 5]
            self.asked.append(('.'.join(labels), kind))
            found = self.records.get(('.'.join(labels), kind), [])
            answer = query[:2] + struct.pack('>HHHHH', 0x8580, 1, len(found), 0, 0) + question
            for data in found:
                answer += b'\xc0\x0c' + struct.pack('>HHIH', kind, 1, 60, len(data)) + data
            self.socket.sendto(answer, sender)


class Connect:
    """The command, its lines taken down as they come; ended by its own doing or by kill."""

    def __init__(self, *options, password='orchard', jid='romeo@' + DOMAIN):
        argv = [PARLEY, 'connect', jid, '--json', '--timeout', '30', *options]
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**os.environ, 'PARLEY_PASSWORD': password})
        self.out, self.err = [], []
        self.grown = threading.Condition()
        self.readers = [threading.Thread(target=self.read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self.readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.end()

    def read(self, stream, lines):
        for line in stream:
            with self.grown:
                lines.append(line.rstrip('\n'))
                self.grown.notify_all()
        stream.close()

    def wait(self, lines, words, count=1):
        """Until so many lines hold the words."""
        with self.grown:
            if not self.grown.wait_for(lambda: sum(words in line for line in lines) >= count, SECONDS):
                raise AssertionError('not %d times %s: %s %s' % (count, words, self.out, self.err))

    def end(self):
        """Its exit status, once all has been read."""
        try:
            status = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError('no end: %s %s' % (self.out, self.err)) from None
        for reader in self.readers:
            reader.join(SECONDS)
        return status

    def events(self, kind=None):
        found = [json.loads(line) for line in self.out]
        return [e for e in found if kind in (None, e['event'])]


def check(good, detail):
    if not good:
        raise AssertionError(detail)


def ends(command, status, outcome=None):
    """With this status, one `closed` at the end, and no word of the password."""
    got = command.end()
    check(got == status, 'status %s, not %s: %s %s' % (got, status, command.out, command.err))
    events = command.events()
    check([e['event'] for e in events].count('closed') == 1 and events[-1]['event'] == 'closed', events)
    check(outcome is None or events[-1]['outcome'] == outcome, events[-1])
    check('orchard' not in ''.join(command.out + command.err), 'the password was shown')
    check('Sanitizer' not in ''.join(command.err), command.err)


def run(cases):
    """All of them; the exit status."""
    failed = 0
    for case in cases:
        try:
            case()
            print('ok     %s' % case.__name__)
        except Exception:
            failed += 1
            print('FAILED %s' % case.__name__)
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    print('%d passed, %d failed' % (len(cases) - failed, failed))
    return 1 if failed else 0

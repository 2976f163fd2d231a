"""`parley connect` under test, and a server's way to each of its states."""
import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess

from . import scram
from .script import DOMAIN, PASSWORD, SERVER_HEADER, USER, XML
from .serve import CRASH, SASL
from .wire import HOST, SECONDS, Wire

TLS = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
BIND = "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
SESSION = "xmlns='urn:ietf:params:xml:ns:xmpp-session'"
PROCEED = '<proceed %s/>' % TLS
SUCCESS = '<success %s/>' % SASL
BOUND = "<iq type='result' id='%s'><bind " + BIND + "><jid>" + USER + "@" + DOMAIN + "/r</jid></bind></iq>"
SCRAM_STATES = ('proving', 'proved')


def header(number=1):
    return XML + SERVER_HEADER % ('s%d' % number)


def features(inner=''):
    return '<stream:features>%s</stream:features>' % inner


def mechanisms(*names):
    return features('<mechanisms %s>%s</mechanisms>' % (SASL, ''.join('<mechanism>%s</mechanism>' % n for n in names)))


STARTTLS = features('<starttls %s/>' % TLS)


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        self.events = []
        for line in out.splitlines():
            with contextlib.suppress(ValueError):
                self.events.append(json.loads(line))
        last = self.events[-1] if self.events else {}
        self.closed = last if isinstance(last, dict) and last.get('event') == 'closed' else {}

    def all_of(self, event):
        return [e for e in self.events if e['event'] == event]

    def wrong(self):
        """What no run may do; None: it is fine."""
        if CRASH.search(self.err) or self.status < 0:
            return 'status %s: %s' % (self.status, self.err[-3000:])
        if PASSWORD in self.out or PASSWORD in self.err:
            return 'the password is shown'
        lines = [line for line in self.err.splitlines() if line and not line.startswith('parley connect: warning: ')]
        if not self.closed:
            return 'no last line; status %s: %s' % (self.status, self.err[-1000:])
        if (self.status == 0) != (not lines) and self.status < 128:
            return 'status %d, and said %r' % (self.status, self.err)
        return None


class Listener:
    def __init__(self):
        self.listener = socket.create_server((HOST, 0))
        self.listener.settimeout(SECONDS)
        self.port = self.listener.getsockname()[1]

    def accept(self):
        return Wire(self.listener.accept()[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


class Connect:
    """`with Connect(parley, port, ca, ...) as c`; c.end() waits for its end and gives a Result."""

    def __init__(self, parley, port, authority, *options, jid='%s@%s' % (USER, DOMAIN), listen='60', timeout='30',
                 environment=None):
        self.argv = [parley, 'connect', '--host', HOST, '--port', str(port), '--json', '--timeout', timeout]
        if authority:
            self.argv += ['--ca', authority]
        if listen:
            self.argv += ['--listen', listen]
        self.argv += [*options, jid]
        self.environment = {**os.environ, 'PARLEY_PASSWORD': PASSWORD, **(environment or {})}

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=self.environment)
        return self

    def end(self, seconds=60):
        out, err = self.process.communicate(timeout=seconds)
        return Result(self.process.returncode, out.decode(errors='replace'), err.decode(errors='replace'))

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()


def options_of(state, settings=()):
    """Options with which the client goes the way to a state."""
    names = ['SCRAM-SHA-256'] if state in SCRAM_STATES else ['PLAIN']
    options = []
    for setting in settings:
        name, _, value = setting.partition(' ')
        if name == 'mechanisms':
            names = value.split()
        elif name == 'resource':
            options += ['--resource', value]
    for name in names:
        options += ['--mechanism', name]
    return options


class Way:
    """The server's side of a login, up to a state."""

    def __init__(self, w, certificate, key):
        self.w, self.certificate, self.key = w, certificate, key
        self.nonce = self.proof = self.prefix = None

    def secured(self):
        self.w.until('<stream:stream[^>]*>')
        self.w.say(header() + STARTTLS)
        self.w.until('<starttls[^>]*/>')
        self.w.say(PROCEED)
        self.w.tls_server(self.certificate, self.key)

    def reach(self, state, offered=('SCRAM-SHA-256', 'PLAIN')):
        w = self.w
        if state == 'plain_header':
            return w.until('<stream:stream[^>]*>')
        if state in ('plain_features', 'proceed'):
            w.until('<stream:stream[^>]*>')
            w.say(header())
            if state == 'proceed':
                w.say(STARTTLS)
                w.until('<starttls[^>]*/>')
            return None
        self.secured()
        w.until('<stream:stream[^>]*>')
        if state == 'secure_header':
            return None
        w.say(header(2))
        if state == 'secure_features':
            return None
        w.say(mechanisms(*offered))
        auth = w.until('</auth>')
        self.first_of(auth)
        if state == 'authenticating':
            return None
        self.authenticate(state)
        if state in SCRAM_STATES:
            return None
        w.until('<stream:stream[^>]*>')
        if state == 'authenticated_header':
            return None
        w.say(header(3))
        if state == 'authenticated_features':
            return None
        w.say(features('<bind %s/><session %s/>' % (BIND, SESSION)))
        self.note_prefix(w.until('</iq>'))
        if state == 'binding':
            return None
        w.say(BOUND % (self.prefix + '-1'))
        w.until('</iq>')
        if state == 'session':
            return None
        assert state == 'ready', state
        return w.say("<iq type='result' id='%s-2'/>" % self.prefix)

    def first_of(self, auth):
        self.mechanism = re.search(rb"mechanism='([^']*)'", auth)[1].decode()
        message = re.search(rb'>([^<]*)</auth>', auth)[1]
        if self.mechanism.startswith('SCRAM'):
            self.client_first = scram.unb64(message).decode()
            self.nonce = scram.fields(self.client_first.split(',', 2)[2])['r']

    def challenge(self, salt=scram.SALT, iterations=scram.ITERATIONS, nonce=None):
        self.server_first = 'r=%s,s=%s,i=%s' % (nonce or self.nonce + 'server', scram.b64(salt), iterations)
        self.w.say('<challenge %s>%s</challenge>' % (SASL, scram.b64(self.server_first)))

    def response(self):
        """Takes the client's final message; the server's proof is known then."""
        return self._judge(re.search(rb'<response[^>]*>([^<]*)<', self.w.until('</response>'))[1])

    def note_challenge(self, data):
        """A challenge that somebody else said for us."""
        found = re.search(rb'<challenge[^>]*>([A-Za-z0-9+/=]+)</challenge>', data)
        with contextlib.suppress(ValueError):
            if found and b'r=' in scram.unb64(found[1]):
                self.server_first = scram.unb64(found[1]).decode(errors='replace')

    def _learn_proof(self):
        found = re.search(rb'<response[^>]*>([A-Za-z0-9+/=]+)</response>', self.w.all)
        if self.proof is None and self.nonce and found and hasattr(self, 'server_first'):
            with contextlib.suppress(ValueError, KeyError):
                self._judge(found[1])

    def _judge(self, response):
        message = scram.unb64(response).decode()
        f = scram.fields(self.server_first)
        expected, self.proof = scram.proofs(
            PASSWORD, scram.unb64(f['s']), int(f['i']),
            ','.join((self.client_first.split(',', 2)[2], self.server_first, message.rpartition(',p=')[0])))
        return message.endswith(',p=' + expected)

    def authenticate(self, state='ready'):
        if self.mechanism == 'PLAIN':
            self.w.say(SUCCESS)
            return
        self.challenge()
        self.response()
        verifier = scram.b64('v=' + self.proof)
        if state == 'proved':
            self.w.say('<challenge %s>%s</challenge>' % (SASL, verifier))
            self.w.until('<response[^>]*/>')
        elif state != 'proving':
            self.w.say('<success %s>%s</success>' % (SASL, verifier))

    def note_prefix(self, iq):
        self.prefix = re.search(rb"id='([^']*)-\d+'", iq)[1].decode()

    def substitutes(self):
        from .script import CLIENT_NONCE, ID_PREFIX, SERVER_PROOF
        pairs = []
        self._learn_proof()
        if self.nonce:
            pairs.append((CLIENT_NONCE, self.nonce))
        if self.proof:
            pairs.append((SERVER_PROOF, self.proof))
        if self.prefix is None:
            found = re.search(rb"<iq [^>]*id='([^']*)-\d+'", self.w.all)
            self.prefix = found[1].decode() if found else None
        if self.prefix:
            pairs.append((ID_PREFIX, self.prefix))
        return pairs


def unique():
    return secrets.token_hex(8)

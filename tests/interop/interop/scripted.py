"""A small server that does one thing, and often a wrong one. It runs in a thread of this
process; what clients sent it is kept, apart for before and after TLS."""
import contextlib
import os
import re
import socket
import ssl
import threading

from .process import HOST
from .variants import DOMAIN

SECONDS = 10
STREAM = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' id='s%d' from='%s' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"


def features(inner):
    return '<stream:features>%s</stream:features>' % inner


STARTTLS = "<starttls xmlns='%s'><required/></starttls>" % TLS
PROCEED = "<proceed xmlns='%s'/>" % TLS


def mechanisms(*names):
    return "<mechanisms xmlns='%s'>%s</mechanisms>" % (SASL, ''.join('<mechanism>%s</mechanism>' % n for n in names))


def tls_context(certificate, key, versions=(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers('DEFAULT:@SECLEVEL=0')      # weak keys and digests are among the tests
    context.minimum_version, context.maximum_version = versions
    context.load_cert_chain(certificate, key)
    return context


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.before_tls = self.after_tls = b''
        self.unread = b''
        self.handshake = None       # None: not tried; '' done; else why it failed
        self.ended = False
        self.streams = 0

    def receive(self):
        data = self.sock.recv(65536)
        if self.handshake is None:
            self.before_tls += data
        else:
            self.after_tls += data
        self.unread += data
        self.ended = not data
        return data

    def until(self, pattern):
        """Reads up to what matches; False if the client ends or the time is up."""
        while True:
            found = re.search(pattern, self.unread)
            if found:
                self.unread = self.unread[found.end():]
                return True
            try:
                if not self.receive():
                    return False
            except OSError:
                return False

    def send(self, text):
        with contextlib.suppress(OSError):
            self.sock.sendall(text if isinstance(text, bytes) else text.encode())

    def stream(self, inner):
        """Their header, then ours and features."""
        if not self.until(rb'<stream:stream[^>]*>'):
            return False
        self.streams += 1
        self.send(STREAM % (self.streams, DOMAIN) + features(inner))
        return True

    def start_tls(self, context):
        try:
            self.handshake = 'not finished'
            self.sock = context.wrap_socket(self.sock, server_side=True)
            self.handshake = ''
        except (OSError, ValueError) as e:
            self.handshake = str(e)
            return False
        return True

    def rest(self):
        """Whatever comes, to the end."""
        with contextlib.suppress(OSError):
            while self.receive():
                pass


class Scripted:
    """`with Scripted(script) as s`: s.port; each connection runs script(connection)."""

    def __init__(self, script):
        self.script = script
        self.connections, self.threads = [], []
        self.listener = socket.create_server((HOST, 0))
        self.listener.settimeout(0.2)
        self.port = self.listener.getsockname()[1]
        self.stopping = False

    def _serve(self, connection):
        try:
            self.script(connection)
        finally:
            with contextlib.suppress(OSError):
                connection.sock.close()

    def _accept(self):
        while not self.stopping:
            try:
                sock, _ = self.listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            sock.settimeout(SECONDS)
            connection = Connection(sock)
            self.connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def __enter__(self):
        self.acceptor = threading.Thread(target=self._accept, daemon=True)
        self.acceptor.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)    # wakes accept
        self.acceptor.join(5)
        self.listener.close()
        for c in self.connections:
            with contextlib.suppress(OSError):
                c.sock.shutdown(socket.SHUT_RDWR)
        for t in self.threads:
            t.join(5)

    def finish(self):
        """Waits for the scripts of the connections so far; after the client has ended."""
        for t in self.threads:
            t.join(SECONDS + 2)


# ------------------------------------------------------------------ scripts

def up_to_sasl(context, *offered):
    """STARTTLS, and then mechanisms, whatever they may be good for."""
    def script(c):
        if c.stream(STARTTLS) and c.until(rb'<starttls[^>]*>'):
            c.send(PROCEED)
            if c.start_tls(context) and c.stream(mechanisms(*(offered or ('SCRAM-SHA-256', 'PLAIN')))):
                c.rest()
    return script


def direct_up_to_sasl(context):
    def script(c):
        if c.start_tls(context) and c.stream(mechanisms('SCRAM-SHA-256', 'PLAIN')):
            c.rest()
    return script


def refuses_the_password(context, direct=False):
    """All is well up to SASL: what follows is said inside TLS, and ends it."""
    def script(c):
        if not direct and not (c.stream(STARTTLS) and c.until(rb'<starttls[^>]*>')):
            return
        if not direct:
            c.send(PROCEED)
        if c.start_tls(context) and c.stream(mechanisms('SCRAM-SHA-256')) and c.until(rb'<auth [^>]*>'):
            c.send("<failure xmlns='%s'><not-authorized/></failure></stream:stream>" % SASL)
            c.rest()
    return script


def without_starttls(c):
    if c.stream(mechanisms('SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN')):
        c.rest()


def refuses_starttls(c):
    if c.stream(STARTTLS) and c.until(rb'<starttls[^>]*>'):
        c.send("<failure xmlns='%s'/></stream:stream>" % TLS)


def data_after_proceed(context):
    def script(c):
        if c.stream(STARTTLS) and c.until(rb'<starttls[^>]*>'):
            c.send(PROCEED + features(mechanisms('PLAIN')))
            c.start_tls(context)
            c.rest()
    return script


def says_nothing(c):
    c.rest()


def cuts_after_header(c):
    if c.until(rb'<stream:stream[^>]*>'):
        c.send(STREAM % (1, DOMAIN))


def speaks_http(c):
    with contextlib.suppress(OSError):
        c.receive()
    c.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')


def cuts_in_tls(context):
    """No close_notify, no close tag: what a truncation attack looks like."""
    def script(c):
        if c.stream(STARTTLS) and c.until(rb'<starttls[^>]*>'):
            c.send(PROCEED)
            if c.start_tls(context) and c.until(rb'<stream:stream[^>]*>'):
                c.send(STREAM % (2, DOMAIN))
                socket.socket.shutdown(c.sock, socket.SHUT_RDWR)
    return script


def says_why_and_goes(context, close_notify):
    """A stream error inside TLS, and at once, in the same segment, the end."""
    def script(c):
        if not (c.stream(STARTTLS) and c.until(rb'<starttls[^>]*>')):
            return
        c.send(PROCEED)
        if c.start_tls(context) and c.until(rb'<stream:stream[^>]*>'):
            raw = c.sock.fileno()
            with socket.socket(fileno=os.dup(raw)) as plain:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                c.send(STREAM % (2, DOMAIN))
                c.send("<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                       "</stream:error></stream:stream>")
                if close_notify:
                    c.sock.settimeout(0)
                    with contextlib.suppress(OSError):
                        c.sock.unwrap()
                plain.shutdown(socket.SHUT_RDWR)
    return script

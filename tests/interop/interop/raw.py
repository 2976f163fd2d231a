"""A client by hand, one byte string at a time, to say what no good client says."""
import contextlib
import re
import socket
import ssl

from .process import HOST, Failed
from .variants import DOMAIN

SECONDS = 8
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='%s' version='1.0' "
          "xmlns:stream='http://etherx.jabber.org/streams'>" % DOMAIN)
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def auth(mechanism, base64_text):
    return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='%s'>%s</auth>" % (mechanism, base64_text)


class Raw:
    def __init__(self, port):
        self.sock = socket.create_connection((HOST, port), SECONDS)
        self.sock.settimeout(SECONDS)
        self.seen = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.sock.close()

    def send(self, text):
        self.sock.sendall(text if isinstance(text, bytes) else text.encode())

    def until(self, pattern):
        """What came, up to what matches."""
        while True:
            found = re.search(pattern, self.seen)
            if found:
                got, self.seen = self.seen[:found.end()], self.seen[found.end():]
                return got.decode()
            try:
                data = self.sock.recv(65536)
            except OSError as e:
                raise Failed('waiting for %s: %s after %r' % (pattern, e, self.seen[-300:])) from None
            if not data:
                raise Failed('closed before %s, after %r' % (pattern, self.seen[-300:]))
            self.seen += data

    def features(self):
        self.send(HEADER)
        return self.until(rb'</stream:features>')

    def start_tls(self, context):
        self.sock = context.wrap_socket(self.sock, server_hostname=DOMAIN)

    def closing(self):
        """What comes up to the close tag; answers it, as a good client does, and sees the end."""
        got = self.until(rb'</stream:stream>')
        with contextlib.suppress(OSError):
            self.send('</stream:stream>')
            self.sock.shutdown(socket.SHUT_WR)
        return got + self.to_end()

    def to_end(self):
        """What still comes, to the end of the connection (which has to come)."""
        while True:
            try:
                data = self.sock.recv(65536)
            except ssl.SSLEOFError:
                raise Failed('TLS ended without close_notify, after %r' % self.seen[-300:]) from None
            except ConnectionError:
                data = b''
            except OSError as e:
                raise Failed('no end of the connection: %s, after %r' % (e, self.seen[-300:])) from None
            if not data:
                got, self.seen = self.seen, b''
                return got.decode()
            self.seen += data

"""A bare XMPP client for tests of parley serve --insecure: SCRAM-SHA-256, and text to say and read."""
import base64
import hashlib
import hmac
import os
import re
import socket
import time

DOMAIN = 'example.org'
HEADER = ("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
          "to='%s' version='1.0'>" % DOMAIN)
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"


class Client:
    def __init__(self, port, buffer=None):
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(20)
        self.socket.connect(('127.0.0.1', port))
        self.text = ''
        self.jid = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def say(self, text):
        self.socket.sendall(text.encode())

    def read(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError(self.text)
        self.text += data.decode()

    def until(self, pattern):
        """Reads up to the end of a match; gives all the text up to there."""
        while True:
            found = re.search(pattern, self.text, re.S)
            if found:
                taken, self.text = self.text[:found.end()], self.text[found.end():]
                return taken
            self.read()

    def to_end(self):
        try:
            while True:
                self.read()
        except (EOFError, ConnectionError):
            return self.text

    def quiet(self, seconds):
        """Whatever comes in that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                self.read()
            except (TimeoutError, EOFError):
                break
        self.socket.settimeout(20)
        taken, self.text = self.text, ''
        return taken

    def login(self, user, password, resource=None):
        self.say(HEADER)
        self.until('</stream:features>')
        nonce = base64.b64encode(os.urandom(12)).decode()
        bare = 'n=%s,r=%s' % (user, nonce)
        self.say("<auth %s mechanism='SCRAM-SHA-256'>%s</auth>" % (SASL, b64('n,,' + bare)))
        challenge = self.until('</challenge>|</failure>')
        if 'failure' in challenge:
            raise PermissionError(challenge)
        server = base64.b64decode(re.search('>([^<]*)</challenge>', challenge).group(1)).decode()
        parts = dict(part.split('=', 1) for part in server.split(','))
        final = 'c=biws,r=' + parts['r']
        message = ','.join((bare, server, final)).encode()
        salted = hashlib.pbkdf2_hmac('sha256', password.encode(), base64.b64decode(parts['s']), int(parts['i']))
        key = hmac.digest(salted, b'Client Key', 'sha256')
        signature = hmac.digest(hashlib.sha256(key).digest(), message, 'sha256')
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
        self.say('<response %s>%s</response>' % (SASL, b64('%s,p=%s' % (final, proof))))
        answer = self.until('</success>|</failure>')
        if 'failure' in answer:
            raise PermissionError(answer)
        self.say(HEADER)
        self.until('</stream:features>')
        self.say("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>%s</bind></iq>"
                 % ('<resource>%s</resource>' % resource if resource else ''))
        self.jid = re.search('<jid>(.*)</jid>', self.until('</iq>')).group(1)
        return self


def b64(text):
    return base64.b64encode(text.encode()).decode()

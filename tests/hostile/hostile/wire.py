"""One end of a connection, plain or in TLS, that says what it likes."""
import contextlib
import re
import socket
import ssl
import struct
import time

HOST = '127.0.0.1'
SECONDS = 25    # nobody waits longer; what is due comes at once


class Ended(Exception):
    pass


class Wire:
    def __init__(self, sock):
        self.sock = sock
        self.sock.settimeout(SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b''          # not yet looked at
        self.all = b''
        self.ended = None       # how: 'closed', 'close_notify', 'reset', 'cut'
        self.secure = False

    # ------------------------------------------------------------ TLS

    def tls_server(self, certificate, key, newest=ssl.TLSVersion.TLSv1_2, oldest=None, ciphers=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers(ciphers or 'DEFAULT:@SECLEVEL=0')
        context.minimum_version = oldest or min(newest, ssl.TLSVersion.TLSv1_2)
        context.maximum_version = newest
        context.load_cert_chain(certificate, key)
        self._wrap(context, server_side=True)

    def tls_client(self, newest=ssl.TLSVersion.TLSv1_2, certificate=None, key=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = newest
        if certificate:
            context.load_cert_chain(certificate, key)
        self._wrap(context)

    def _wrap(self, context, **more):
        try:
            self.sock = context.wrap_socket(self.sock, suppress_ragged_eofs=False, **more)
        except OSError as e:
            self.ended = 'TLS: %s' % e
            raise Ended(self.ended) from e
        self.secure, self.got = True, b''

    # ------------------------------------------------------------ saying

    def say(self, data):
        """True: it went out; a peer that is gone takes nothing."""
        try:
            self.sock.sendall(data if isinstance(data, bytes) else data.encode())
        except OSError:
            return False
        return True

    def say_pieces(self, data, size):
        """`size` bytes a write, and so a TLS record."""
        return all(self.say(data[at:at + size]) for at in range(0, len(data), size))

    # ------------------------------------------------------------ hearing

    def receive(self):
        try:
            data = self.sock.recv(65536)
        except TimeoutError:
            raise
        except ssl.SSLEOFError:
            self.ended = 'cut'
            return b''
        except ConnectionResetError:
            self.ended = 'reset'
            return b''
        except OSError as e:
            self.ended = str(e)
            return b''
        if not data:
            self.ended = 'close_notify' if self.secure else 'closed'
        self.got += data
        self.all += data
        return data

    def until(self, words):
        """Up to what matches; raises Ended if it never comes."""
        while True:
            found = re.search(words if isinstance(words, bytes) else words.encode(), self.got, re.S)
            if found:
                before, self.got = self.got[:found.end()], self.got[found.end():]
                return before
            if self.ended or not self.receive():
                raise Ended('%s; %r had come, and not %r' % (self.ended, self.got[-600:], words))

    def rest(self, seconds=SECONDS):
        """All that still comes until the other end closes."""
        limit = time.monotonic() + seconds
        self.sock.settimeout(seconds)
        while not self.ended and time.monotonic() < limit:
            self.receive()
        got, self.got = self.got, b''
        return got

    def farewell(self):
        """All that still comes; the other's close is answered."""
        got = self.all
        while b'</stream:stream>' not in self.got and not self.ended:
            self.receive()
        self.say('</stream:stream>')
        self.finish()
        self.rest()
        return self.all[len(got):]

    # ------------------------------------------------------------ ending

    def half_close(self):
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.sock, socket.SHUT_WR)

    def finish(self):
        """A close_notify, and the end of what we say."""
        if self.secure:
            self.sock.setblocking(False)
            with contextlib.suppress(OSError, ValueError):
                self.sock.unwrap()
        self.half_close()

    def reset(self):
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def connect(port, buffer=None, source=None):
    sock = socket.socket()
    sock.settimeout(SECONDS)
    if buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    if source:
        sock.bind((source, 0))
    sock.connect((HOST, port))
    return Wire(sock)

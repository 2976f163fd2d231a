"""A network that fails: a proxy that counts bytes, and at one of them does what it is told."""
import contextlib
import socket
import struct
import threading

from .wire import HOST


class Proxy:
    """`fault`: None; 'cut' (FIN both ways), 'reset', 'stall' (nothing more passes), 'flip' (one
    bit is changed), each when `after` bytes have passed in direction `way` (0 to the server, 1
    back); 'bytes': one byte a segment. `bytes` counts both directions."""

    def __init__(self, port, fault=None, way=0, after=0):
        self.target, self.fault, self.way, self.after = port, fault, way, after
        self.bytes = [0, 0]
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.sockets, self.threads = [], []
        self.stopping = False

    def __enter__(self):
        self._start(self._accept)
        return self

    def _start(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while not self.stopping:
                inner, _ = self.listener.accept()
                outer = socket.create_connection((HOST, self.target))
                for s in (inner, outer):
                    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.sockets += [inner, outer]
                self._start(self._pump, inner, outer, 0)
                self._start(self._pump, outer, inner, 1)

    def _pump(self, source, target, way):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                at = self.after - self.bytes[way]
                here = self.fault and way == self.way and self.fault != 'bytes' and 0 <= at < len(data)
                self.bytes[way] += len(data)
                if not here:
                    self._send(target, data)
                elif self.fault == 'flip':
                    self._send(target, data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1:])
                else:
                    self._send(target, data[:at])
                    self._fail(source, target)
                    return
            target.shutdown(socket.SHUT_WR)

    def _send(self, target, data):
        size = 1 if self.fault == 'bytes' else len(data) or 1
        for at in range(0, len(data), size):
            target.sendall(data[at:at + size])

    def _fail(self, *ends):
        if self.fault == 'stall':
            return
        for s in ends:
            with contextlib.suppress(OSError):
                if self.fault == 'reset':
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                    s.shutdown(socket.SHUT_RD)      # wakes who reads from it
                    s.close()
                else:
                    s.shutdown(socket.SHUT_RDWR)

    def __exit__(self, *_):
        self.stopping = True
        for s in [self.listener, *self.sockets]:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
            s.close()
        for thread in self.threads:
            thread.join(5)

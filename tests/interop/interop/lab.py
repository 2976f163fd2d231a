"""One run's folder: certificates, and the servers that were asked for."""
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time

from . import ejabberd, prosody
from .process import HOST, Failed, free_ports, listens, wait_for
from .variants import DOMAIN, VARIANTS

SERVERS = {'prosody': prosody, 'ejabberd': ejabberd}
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START_SECONDS = 45
# how the servers, the kernel and Erlang say that a port is somebody else's
TAKEN = ('already in use', 'in use by another', 'eaddrinuse')
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='%s' version='1.0' "
          "xmlns:stream='http://etherx.jabber.org/streams'>")


def answers(port):
    """A stream header gets features, and nothing else."""
    reply = b''
    try:
        with socket.create_connection((HOST, port), 2) as s:
            s.settimeout(2)
            s.sendall((HEADER % DOMAIN).encode())
            while b'</stream:features>' not in reply:
                data = s.recv(4096)
                if not data or len(reply) > 65536:
                    return False
                reply += data
            s.sendall(b'</stream:stream>')
    except OSError:
        return False
    return True


class Server:
    """A running instance. `port` is STARTTLS (or clear), `direct` is direct TLS."""

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.kind, _, self.variant_name = name.partition(':')
        self.variant = VARIANTS[self.variant_name]
        self.module = SERVERS[self.kind]
        self.folder = os.path.join(lab.folder, name.replace(':', '-'))
        self.process = None
        self.tries = 0

    def launch(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.port, self.direct = free_ports(self.module.PORTS)
        self.tries += 1
        self.process = self.module.start(self.variant, self.folder, self.lab.pki,
                                         (self.port, self.direct), self.lab.register)

    def _wanted_ports(self):
        return [self.port] + [self.direct] * (self.variant.tls != 'off')

    def _logs(self):
        text = ''
        for path in (os.path.join(self.folder, 'server.log'), self.process.log):
            with contextlib.suppress(OSError), open(path, errors='replace') as f:
                text += f.read()
        return text

    def _up(self):
        # Prosody goes on without a port that it could not have; ejabberd goes down
        if any(w in self._logs().lower() for w in TAKEN):
            return 'port taken'
        if not self.process.alive():
            return 'died'
        if self.module.ready(self.folder) and all(listens(self.process.pid, p) for p in self._wanted_ports()) \
                and answers(self.port):
            return 'up'
        return None

    def wait(self):
        """Until it answers on its own ports; a lost port is a reason to ask for others."""
        while True:
            result = wait_for(self._up, START_SECONDS, self.folder, self.process)
            if result == 'up':
                return
            self.process.stop()
            if self.tries >= 4 or result != 'port taken':
                raise Failed('%s did not start (%s); the end of its logs:\n%s'
                             % (self.name, result or 'time is up', '\n'.join(self._logs().splitlines()[-25:])))
            self.launch()

    def stop(self):
        if self.process:
            self.process.stop()


class Lab:
    def __init__(self, keep=False):
        self.keep = keep
        self.folder = tempfile.mkdtemp(prefix='parley-interop.')
        self.register = os.path.join(self.folder, 'processes.tsv')
        self.pki = os.path.join(self.folder, 'pki')
        self.servers = {}
        self.started_in = 0.0

    def make_certificates(self):
        done = subprocess.run([os.path.join(HERE, 'pki'), self.pki, DOMAIN], capture_output=True,
                              text=True, timeout=120)
        if done.returncode:
            raise Failed('pki failed: %s' % done.stderr.strip()[-400:])

    def certificate(self, name):
        return os.path.join(self.pki, name + '.crt')

    def key(self, name):
        return os.path.join(self.pki, name + '.key')

    @property
    def ca(self):
        return self.certificate('ca')

    def start(self, names):
        """All at once, then waits for each."""
        begin = time.monotonic()
        new = [Server(self, n) for n in names if n not in self.servers]
        for kind in {s.kind for s in new}:
            why = SERVERS[kind].missing()
            if why:
                raise Failed('%s is missing: %s' % (kind, why))
        for s in new:
            self.servers[s.name] = s
            s.launch()
        for s in new:
            s.wait()
        self.started_in += time.monotonic() - begin

    def server(self, name):
        return self.servers[name]

    def path(self, *parts):
        """A file or folder of this run."""
        path = os.path.join(self.folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def close(self):
        for s in self.servers.values():
            if s.process:
                s.process.signal(15)    # all are told before any is waited for
        for s in self.servers.values():
            s.stop()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

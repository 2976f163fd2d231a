"""`parley serve` under test, and a client's way to each of its states."""
import os
import re
import signal
import subprocess

from . import scram
from .script import CLIENT_HEADER, DOMAIN, PASSWORD, USER, XML
from .wire import connect

HEADER = XML + CLIENT_HEADER
FEATURES = r'<stream:features.*?</stream:features>|<stream:features/>'
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>%s</resource></bind></iq>"
USERS = ('mbed', 'other', 'romeo', 'juliet', 'benvolio')
CRASH = re.compile(r'ERROR: \w+Sanitizer|runtime error:|Assertion .* failed')


def plain(user=USER, password=PASSWORD, authzid=''):
    message = scram.b64('%s\0%s\0%s' % (authzid, user, password))
    return "<auth %s mechanism='PLAIN'>%s</auth>" % (SASL, message)


class Serve:
    """`with Serve(folder, ...) as s`: s.port. It must still answer when it is stopped."""

    def __init__(self, parley, folder, *options, name='serve', environment=None, log=None):
        self.folder, self.name = folder, name
        self.logged = log or os.path.join(folder, name + '.log')
        self.users = os.path.join(folder, name + '.users')
        with open(self.users, 'w') as file:
            file.write(''.join('%s:%s\n' % (user, PASSWORD) for user in USERS))
        self.errors = os.path.join(folder, name + '.err')
        self.argv = [parley, 'serve', '--users', self.users, '--domain', DOMAIN, '--listen', '127.0.0.1:0',
                     '--log', self.logged, '--mechanisms', 'SCRAM-SHA-256,PLAIN', *options]
        self.environment = environment

    def __enter__(self):
        with open(self.errors, 'w') as errors:
            self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, stderr=errors, text=True,
                                            env={**os.environ, **(self.environment or {})})
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise RuntimeError('serve did not start: ' + self.stderr())
        self.port = int(line.rsplit(':', 1)[1])
        return self

    def stop(self, seconds=60):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def __exit__(self, kind, *_):
        try:
            status = self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = 'none: it had to be killed'
        self.process.stdout.close()
        if kind is None and (status != 0 or CRASH.search(self.stderr())):
            raise AssertionError('serve ended with %s: %s' % (status, self.stderr()[-3000:]))

    def stderr(self):
        with open(self.errors, errors='replace') as file:
            return file.read()

    def log(self):
        with open(self.logged, errors='replace') as file:
            return file.read()

    def memory(self):
        """Bytes resident."""
        with open('/proc/%d/statm' % self.process.pid) as file:
            return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')

    # ------------------------------------------------------------ the way to a state

    def reach(self, state, user=USER, resource='r', buffer=None, source=None):
        w = connect(self.port, buffer, source)
        try:
            self._reach(w, state, user, resource)
        except BaseException:
            w.close()
            raise
        return w

    def _reach(self, w, state, user, resource):
        if state == 'plain_header':
            return
        w.say(HEADER)
        w.until(FEATURES)
        if state == 'plain_features':
            return
        w.say(STARTTLS)
        w.until('<proceed[^>]*/>')
        if state == 'handshake':
            return
        w.tls_client()
        if state == 'secure_header':
            return
        w.say(HEADER)
        w.until(FEATURES)
        if state == 'mechanisms':
            return
        if state == 'challenged':
            w.say("<auth %s mechanism='SCRAM-SHA-256'>%s</auth>" % (SASL, scram.b64('n,,n=mbed,r=clientnonce')))
            w.challenge = scram.unb64(re.search(rb'<challenge[^>]*>([^<]*)<', w.until('</challenge>'))[1])
            return
        w.say(plain(user))
        w.until('<success[^>]*(/>|</success>)')
        if state == 'authenticated_header':
            return
        w.say(HEADER)
        w.until(FEATURES)
        if state == 'authenticated_features':
            return
        assert state == 'ready', state
        w.say(BIND % resource)
        w.until("id='b'.*?</iq>")


def substitutes(w):
    """What the files' nonces and proof are in this run."""
    from .script import CLIENT_PROOF, SERVER_NONCE
    if not hasattr(w, 'challenge'):
        return ()
    f = scram.fields(w.challenge)
    nonce = f['r'][len('clientnonce'):]
    message = 'n=mbed,r=clientnonce,%s,c=biws,r=%s' % (w.challenge.decode(), f['r'])
    proof, _ = scram.proofs(PASSWORD, scram.unb64(f['s']), int(f['i']), message)
    return ((SERVER_NONCE, nonce), (CLIENT_PROOF, proof))

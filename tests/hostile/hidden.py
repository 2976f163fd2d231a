#!/usr/bin/env python3
"""Nothing secret is left where it can be found: in what connect and serve print and log, in the
memory of connect once it is logged in, in its environment, in what it says when it fails.

  hidden.py [CASE...]"""
import base64
import hashlib
import os
import re
import subprocess
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile import scram
from hostile.cases import check, run
from hostile.connect import Connect
from hostile.serve import Serve

# Not in any file, and in two parts, so that no other copy of it is in a program's memory.
SECRET = 'Wr0ng-' + 'h0rse/batt3ry\u00e9'
MECHANISMS = ('PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'SCRAM-SHA-256-PLUS', 'DIGEST-MD5')
cases = []


def case(function):
    cases.append(function)
    return function


def forms(password):
    """The secret, and what stands for it."""
    data = password.encode()
    plain = ('\0mbed\0' + password).encode()
    return {'password': data, 'in base64': base64.b64encode(plain)[8:-4], 'as an octal escape': data.replace(b'/', b'\\057'),
            'in a hash of DIGEST-MD5': hashlib.md5(b'mbed:example.com:' + data).digest()}


def memory(pid):
    """What a process can read of itself, and is its own."""
    with open('/proc/%d/maps' % pid) as maps, open('/proc/%d/mem' % pid, 'rb') as mem:
        for line in maps:
            start, end, rights = re.match(r'([0-9a-f]+)-([0-9a-f]+) (\S+)', line).groups()
            size = int(end, 16) - int(start, 16)
            # AddressSanitizer's shadow is terabytes of address space, and holds no bytes of ours
            if 'rw' not in rights or size > 1 << 32 or '[v' in line:
                continue
            try:
                mem.seek(int(start, 16))
                yield mem.read(size)
            except (OSError, ValueError, OverflowError):
                continue


def server(world, name, *options):
    s = Serve(world.parley, world.folder, '--cert-out', world.path(name + '.pem'), '--mechanisms', ','.join(MECHANISMS),
              *options, name=name)
    with open(s.users, 'w') as file:
        file.write('mbed:%s\njuliet:%s\n' % (SECRET, SECRET))
    s.argv[s.argv.index('--mechanisms') + 1] = ','.join(MECHANISMS)
    return s


def client(world, s, name, *options, password=SECRET, **more):
    return Connect(world.parley, s.port, world.path(name + '.pem'), '--trace', *options,
                   environment={'PARLEY_PASSWORD': password}, **more)


def ready(c):
    while b'"ready"' not in (line := c.process.stdout.readline()):
        check(line, 'it ended')


def nothing_in(text, password, where, skip=()):
    data = text if isinstance(text, bytes) else text.encode()
    for form, secret in forms(password).items():
        check(form in skip or secret not in data, 'the %s is in %s' % (form, where))


@case
def memory_after_login(world):
    """Once authenticated, the password is gone from the process, in whatever form."""
    file = world.path('memory-password', SECRET + '\n')
    os.chmod(file, 0o600)
    with server(world, 'memory') as s:
        for mechanism in MECHANISMS:
            # from a file: AddressSanitizer keeps a copy of the first environment
            with client(world, s, 'memory', '--mechanism', mechanism, '--password-file', file, password='') as c:
                ready(c)
                check(any(b'mbed' in piece for piece in memory(c.process.pid)), 'its memory was not read')
                for piece in memory(c.process.pid):
                    nothing_in(piece, SECRET, 'memory after ' + mechanism)
                c.signal()
                check(c.end().status == 128 + 15, 'status')


@case
def environment(world):
    """PARLEY_PASSWORD is taken out of the environment, which other programs can read; nor is the
    password an argument, or a child's."""
    with server(world, 'environment') as s, client(world, s, 'environment') as c:
        ready(c)
        for name in ('environ', 'cmdline'):
            with open('/proc/%d/%s' % (c.process.pid, name), 'rb') as file:
                nothing_in(file.read(), SECRET, name)
        with open('/proc/%d/task/%d/children' % (c.process.pid, c.process.pid)) as file:
            check(not file.read().strip(), 'it has children')
        c.signal()
        c.end()


def asked(s):
    """What anybody is told of the user: salt and iteration count."""
    with s.reach('mechanisms') as w:
        w.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>%s</auth>" %
              scram.b64('n,,n=mbed,r=nonce'))
        return scram.fields(scram.unb64(re.search(rb'>([^<]*)</challenge>', w.until('</challenge>'))[1]))


@case
def salted_passwords(world):
    """Of SCRAM the salted password is not left, from which every proof could be made for ever. (The
    client's key is: another attempt or a redirection may need it, and it is of this salt alone.)"""
    with server(world, 'salted') as s:
        with client(world, s, 'salted', '--mechanism', 'SCRAM-SHA-256') as c:
            ready(c)
            pieces = list(memory(c.process.pid))
            # the salt is the server's: asked for as anybody can
            first, again = asked(s), asked(s)
            check(first['s'] == again['s'], 'the salt is another each time: this shows nothing')
            salted = hashlib.pbkdf2_hmac('sha256', SECRET.encode(), scram.unb64(first['s']), int(first['i']))
            check(not any(salted in piece for piece in pieces), 'the salted password is in memory')
            c.signal()
            c.end()


@case
def traces_and_logs(world):
    """--trace, --json, the log of serve, of logins that work and that fail."""
    with server(world, 'traces') as s:
        for mechanism in MECHANISMS:
            for password in (SECRET, SECRET + 'x'):
                with client(world, s, 'traces', '--mechanism', mechanism, password=password, listen=None) as c:
                    result = c.end()
                check(result.status == (0 if password == SECRET else 5), mechanism, result.status, result.err[-500:])
                check('hidden' in result.err, 'there was no trace')
                nothing_in(result.out, SECRET, 'output')
                nothing_in(result.err, SECRET, 'trace')
                challenge = re.search(r'<(?:challenge|response|success) [^>]*>([A-Za-z0-9+/=]{9,})<', result.err)
                check(not challenge, 'a SASL message is in the trace', challenge)
        nothing_in(s.log(), SECRET, 'the log')
        nothing_in(s.stderr(), SECRET, 'what serve prints')


@case
def words_of_failures(world):
    """A password that cannot be used, in a file or a variable, is not repeated."""
    bad = world.path('bad-password', (SECRET + '\x07' + 'x' * 300).encode())
    os.chmod(bad, 0o600)
    users = world.path('bad-users', 'mbed:%s\nno colon %s\n' % (SECRET, SECRET[:6]))
    with server(world, 'words') as s:
        for options, password in ((('--password-file', bad), 'x'), ((), SECRET + '\x07'), ((), SECRET * 1000)):
            with client(world, s, 'words', *options, password=password, listen=None) as c:
                result = c.end()
            check(result.status != 0, result.out)
            nothing_in(result.out + result.err, SECRET, 'what is said', skip=('in base64',))
    done = subprocess.run([world.parley, 'serve', '--users', users, '--listen', '127.0.0.1:0'], capture_output=True,
                          timeout=60)
    check(done.returncode == 1, done)
    nothing_in(done.stderr + done.stdout, SECRET, 'what serve says of its users')


@case
def permissions(world):
    """A file with a password that others can read is used, with a warning; one's own is not."""
    file = world.path('password', SECRET + '\n')
    with server(world, 'permissions') as s:
        for mode, warns in ((0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)):
            os.chmod(file, mode)
            with client(world, s, 'permissions', '--password-file', file, password='x', listen=None) as c:
                result = c.end()
            check(result.status == 0, result.err)
            check(('chmod 600' in result.err) == warns, oct(mode), result.err[:300])


if __name__ == '__main__':
    sys.exit(run(cases))

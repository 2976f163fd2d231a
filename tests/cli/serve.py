#!/usr/bin/env python3
"""parley serve as a process: what it prints, its options, its limits, its end."""
import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from raw_xmpp import DOMAIN, HEADER, SASL, Client, b64  # noqa: E402

PARLEY = os.environ['PARLEY']
FOLDER = tempfile.TemporaryDirectory(prefix='parley-serve-')
results = []
cases = []


def path(name, text=None):
    name = os.path.join(FOLDER.name, name)
    if text is not None:
        with open(name, 'w') as file:
            file.write(text)
        os.chmod(name, 0o600)
    return name


USERS = path('users', 'romeo:orchard\njuliet:balcony\nbenvolio:street\n')


def case(function):
    cases.append(function)
    return function


def check(good, detail):
    if not good:
        raise AssertionError(detail)


class Serve:
    """The command on a port of its own choice; ended by SIGTERM, with status 0."""

    def __init__(self, *options, users=USERS, insecure=True, lines=2):
        self.argv = [PARLEY, 'serve', '--users', users, '--domain', DOMAIN, '--listen', '127.0.0.1:0',
                     '--log', path('log'), *(('--insecure',) if insecure else ()), *options]
        self.lines = lines

    def __enter__(self):
        if os.path.exists(path('log')):
            os.unlink(path('log'))
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.out = [self.process.stdout.readline() for _ in range(self.lines)]
        if not self.out[-1]:
            self.process.wait()
            raise RuntimeError(self.process.stderr.read())
        ports = re.findall(r'127\.0\.0\.1:(\d+)', ''.join(self.out))
        self.port = int(ports[0])
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            status = self.stop()
            if kind is None:
                check(status == 0, 'status %s: %s' % (status, self.process.stderr.read()))
        self.process.stdout.close()
        self.process.stderr.close()

    def log(self):
        with open(path('log')) as file:
            return file.read()

    def login(self, user, resource=None, **more):
        passwords = {'romeo': 'orchard', 'juliet': 'balcony', 'benvolio': 'street'}
        return Client(self.port, **more).login(user, passwords[user], resource)


def refused(*options, status):
    done = subprocess.run([PARLEY, 'serve', *options], capture_output=True, text=True, timeout=20,
                          env={**os.environ, 'PARLEY_PASSWORD': 'mirror'})
    check(done.returncode == status, '%s: status %d' % (options, done.returncode))
    lines = done.stderr.strip().splitlines()
    check(lines and lines[0].startswith('parley serve: ') and done.stdout == '', '%s: %s' % (options, done))
    return lines[0]


@case
def lines_that_it_prints():
    with Serve('--tls-listen', '127.0.0.1:0', insecure=False, lines=3) as s:
        check(re.fullmatch(r'listening starttls 127\.0\.0\.1:\d+\n', s.out[0]), s.out)
        check(re.fullmatch(r'listening tls 127\.0\.0\.1:\d+\n', s.out[1]), s.out)
        check(re.fullmatch(r'pin sha256 [0-9a-f]{64}\n', s.out[2]), s.out)
        check(s.stop() == 0, 'status')
        check(re.search(r' started domain="example.org" sessions="100" memory="\d+"\n', s.log()), s.log())
        check(s.log().endswith(' stopped\n'), s.log())
        check(s.process.stdout.read() == s.process.stderr.read() == '', 'more was printed')


@case
def lines_in_json():
    with Serve('--json', '--tls-listen', '127.0.0.1:0', insecure=False, lines=3) as s:
        events = [json.loads(line) for line in s.out]
        check([e['event'] for e in events] == ['listening', 'listening', 'pin'], events)
        check([e.get('kind') for e in events] == ['starttls', 'tls', None], events)
        check(len(events[2]['pin_sha256']) == 64, events)
    for line in s.log().splitlines():
        check(json.loads(line)['time'].endswith('Z'), line)


@case
def certificate_that_it_writes():
    certificate = path('certificate.pem')
    with Serve('--cert-out', certificate, insecure=False) as s:
        shown = subprocess.run(
            ['openssl', 's_client', '-connect', '127.0.0.1:%d' % s.port, '-starttls', 'xmpp', '-xmpphost', DOMAIN,
             '-CAfile', certificate, '-verify_hostname', DOMAIN, '-verify_return_error', '-tls1_2'],
            input='', capture_output=True, text=True, timeout=20)
        check('Verification: OK' in shown.stdout, shown.stdout[-500:] + shown.stderr[-500:])
        key = subprocess.run(
            'openssl x509 -noout -pubkey | openssl pkey -pubin -outform DER | openssl sha256 -r', input=shown.stdout,
            shell=True, capture_output=True, text=True, timeout=20).stdout.split()[0]
        check(s.out[1] == 'pin sha256 %s\n' % key, '%s, %s' % (s.out[1], key))


@case
def options_refused():
    check('--users' in refused(status=2), 'no users')
    check('--key' in refused('--users', USERS, '--cert', 'x', status=2), 'cert alone')
    check('--cert-out' in refused('--users', USERS, '--cert', 'x', '--key', 'x', '--cert-out', 'y', status=2), '')
    check('CRAM-MD5' in refused('--users', USERS, '--mechanisms', 'SCRAM-SHA-1,CRAM-MD5', status=2), 'mechanism')
    check('twice' in refused('--users', USERS, '--mechanisms', 'PLAIN,PLAIN', status=2), 'mechanism twice')
    check('--client-ca' in refused('--users', USERS, '--mechanisms', 'SCRAM-SHA-1,EXTERNAL', status=2), 'EXTERNAL')
    check('--sessions' in refused('--users', USERS, '--sessions', '0', status=2), 'sessions')
    check('--stanza' in refused('--users', USERS, '--stanza', '9999', status=2), 'RFC 6120 13.12')
    check('PLAIN' in refused('--users', USERS, '--insecure', '--mechanisms', 'PLAIN', status=2), 'PLAIN without TLS')
    check('ADDR:PORT' in refused('--users', USERS, '--listen', 'here', status=2), 'address')
    check('ADDR:PORT' in refused('--users', USERS, '--listen', '127.0.0.1:notaport', status=2), 'port')
    check('ADDR:PORT' in refused('--users', USERS, '--listen', '127.0.0.1:65536', status=2), '65536')
    check('--domain' in refused('--users', USERS, '--domain', 'a..b', status=2), 'domain')
    check('--cert and --key' in refused('--users', USERS, '--domain', '127.0.0.1', status=1), 'IP address')
    check('operand' in refused('operand', status=2), 'operand')
    check("'anonymous'" in refused('--users', USERS, '--mechanisms', 'ANONYMOUS', status=1), 'nobody for guests')
    line = refused('--users', path('bad', '# one\nromeo:x\nno colon\n'), status=1)
    check('bad:3: no colon' in line, line)
    line = refused('--users', USERS, '--roster', path('rosters', 'romeo juliet sometimes\n'), status=1)
    check("rosters:1: 'sometimes'" in line, line)
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen(1)
        address = '127.0.0.1:%d' % taken.getsockname()[1]
        check(address in refused('--users', USERS, '--listen', address, status=1), 'port taken')


@case
def add_user():
    done = subprocess.run([PARLEY, 'serve', '--add-user', 'Mbed'], capture_output=True, text=True, timeout=20,
                          env={**os.environ, 'PARLEY_PASSWORD': 'mirror'})
    check(done.returncode == 0 and done.stdout.startswith('mbed:SCRAM-SHA-256$10000:'), done)
    check('mirror' not in done.stdout, 'the password is in it')
    again = subprocess.run([PARLEY, 'serve', '--add-user', 'mbed', '--password-file', path('pw', 'mirror\n')],
                           capture_output=True, text=True, timeout=20)
    check(again.returncode == 0 and again.stdout != done.stdout, 'the salt is the same')
    with Serve(users=path('keys', done.stdout)) as s:
        with Client(s.port).login('mbed', 'mirror', 'r') as client:
            check(client.jid == 'mbed@%s/r' % DOMAIN, client.jid)
        try:
            Client(s.port).login('mbed', 'wrong')
        except PermissionError as e:
            check('not-authorized' in str(e), str(e))
        else:
            raise AssertionError('a wrong password was taken')
    half = done.stdout.split(',')[0] + '\n'
    with Serve(users=path('half', half)) as s:
        check(' no-keys user="mbed" mechanism="SCRAM-SHA-1"\n' in s.log(), s.log())
    check("'a@b'" in refused('--add-user', 'a@b', status=2), 'name')


@case
def no_secret_in_the_log():
    with Serve() as s:
        with s.login('romeo', 'one') as romeo:
            romeo.say("<message to='juliet@example.org'><body>my secret</body></message>")
            romeo.until('</message>')
    log = s.log()
    check('jid="romeo@example.org/one"' in log and 'mechanism="SCRAM-SHA-256"' in log, log)
    check('orchard' not in log and 'secret' not in log, log)


@case
def stream_shut_down():
    with Serve() as s:
        with s.login('romeo') as ready, Client(s.port) as early, Client(s.port) as silent:
            early.say(HEADER)
            early.until('</stream:features>')
            s.process.send_signal(signal.SIGTERM)
            for client in (ready, early):
                got = client.to_end()
                check('<system-shutdown' in got and got.endswith('</stream:stream>'), got)
            silent.to_end()
            check(s.process.wait(20) == 0, 'status')


def try_password(s, user, password):
    """What the server says to it: success, or a condition."""
    with Client(s.port) as client:
        try:
            client.login(user, password)
            return 'success'
        except PermissionError as failure:
            return re.search(r'<([a-z-]+)/></failure>', str(failure)).group(1)


@case
def guessing_is_held_off():
    with Serve('--lock-out', '2') as s:
        check(try_password(s, 'juliet', 'balcony') == 'success', 'juliet')
        for user in ('romeo', 'nobody'):
            # the wait doubles each time, so some try comes too early, however slow the machine is
            seen = []
            while 'temporary-auth-failure' not in seen and len(seen) < 12:
                seen.append(try_password(s, user, 'wrong'))
            check(seen[:2] == ['not-authorized'] * 2 and seen[-1] == 'temporary-auth-failure' and
                  set(seen[:-1]) == {'not-authorized'}, '%s: %s' % (user, seen))
            # who has logged in from here is not touched by what others fail
            check(try_password(s, 'juliet', 'balcony') == 'success', 'juliet')
        check(re.search(r' held-off user="romeo" milliseconds="\d+"\n', s.log()), s.log())
        check(re.search(r' held-off user="nobody" milliseconds="\d+"\n', s.log()), s.log())
    for options in ((), ('--lock-out', '0')):
        with Serve(*options) as s:      # this host is nobody's, unless it is named
            check({try_password(s, 'romeo', 'wrong') for _ in range(25)} == {'not-authorized'}, s.log())
            check(try_password(s, 'romeo', 'orchard') == 'success', s.log())
    check('--lock-out' in refused('--users', USERS, '--lock-out', '1001', status=2), 'usage')


@case
def refused_logins_are_logged():
    """Each once, with whom it was for, where that was said, what the client was told, and where it came from."""
    def auth(mechanism, data):
        return "<auth %s mechanism='%s'>%s</auth>" % (SASL, mechanism, data)

    with Serve() as s:
        check(try_password(s, 'romeo', 'wrong') == 'not-authorized', 'romeo')
        check(try_password(s, 'nobody', 'wrong') == 'not-authorized', 'nobody')
        with Client(s.port) as client:
            client.say(HEADER)
            client.until('</stream:features>')
            client.say(auth('CRAM-MD5', ''))
            client.until('</failure>')
            # a name that was heard of in an attempt that another one took the place of
            client.say(auth('SCRAM-SHA-256', b64('n,,n=juliet,r=abc')))
            client.until('</challenge>')
            client.say(auth('SCRAM-SHA-256', '!'))
            client.until('</failure>')
        with s.login('juliet'):
            pass
        log = re.sub(r'from="127\.0\.0\.1:\d+"', 'from', s.log())
        check(re.findall(r'(\d+) not-authenticated (.*)\n', log) == [
            ('1', 'user="romeo" condition="not-authorized" from'), ('2', 'user="nobody" condition="not-authorized" from'),
            ('3', 'condition="invalid-mechanism" from'), ('3', 'condition="incorrect-encoding" from')], log)


@case
def salts_of_nobody():
    """They stay when the server is started again with the same key; keys and nobody look alike."""
    done = subprocess.run([PARLEY, 'serve', '--add-user', 'romeo'], capture_output=True, text=True, timeout=60,
                          env={**os.environ, 'PARLEY_PASSWORD': 'orchard'})
    keys = path('keys', done.stdout)

    def challenge(s, user):
        with Client(s.port) as client:
            client.say(HEADER)
            client.until('</stream:features>')
            client.say("<auth %s mechanism='SCRAM-SHA-256'>%s</auth>" % (SASL, b64('n,,n=%s,r=x' % user)))
            got = re.search('>([^<]*)</challenge>', client.until('</challenge>')).group(1)
        parts = dict(p.split('=', 1) for p in base64.b64decode(got).decode().split(','))
        return parts['s'], parts['i']
    key, certificate = path('key.pem'), path('certificate.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-keyout', key, '-out', certificate, '-subj', '/CN=' + DOMAIN], check=True, capture_output=True,
                   timeout=60)
    own = ('--cert', certificate, '--key', key)
    seen = []
    for _ in range(2):
        with Serve(*own, users=keys) as s:
            seen.append((challenge(s, 'romeo'), challenge(s, 'nobody'), challenge(s, 'nobodi')))
    check(seen[0] == seen[1], 'they changed: %s' % seen)
    check(len({salt for salt, _ in seen[0]}) == 3, 'one salt for two: %s' % seen)
    check({(len(salt), i) for salt, i in seen[0]} == {(24, '10000')}, 'they can be told apart: %s' % seen)
    with Serve(users=keys) as s:    # keys alone are kept, and log in
        check(s.login('romeo').jid.startswith('romeo@'), 'keys')
    uneven = path('uneven', done.stdout + done.stdout.replace('romeo', 'juliet').replace('$10000:', '$10001:'))
    with Serve(users=uneven) as s:
        s.stop()
        check('iteration count' in s.process.stderr.read(), 'no warning')


@case
def sessions_limited():
    with Serve('--sessions', '2') as s, s.login('romeo', 'a') as one, s.login('juliet', 'b'):
        for _ in range(30):
            with Client(s.port) as third:
                got = third.to_end()
                check('<stream:stream' in got and '<resource-constraint' in got, got)
        one.say("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        one.until("id='p'")
        one.say('</stream:stream>')
        one.to_end()
        one.socket.close()
        with s.login('romeo', 'c') as again:
            check(again.jid.endswith('/c'), again.jid)


@case
def nobody_closes_what_was_no_stream():
    """HTTP, say, gets its error and the end at once; who has opened a stream gets time to close it."""
    with Serve() as s:
        for tried in range(5):  # a machine that stands still for 2 seconds shows nothing
            with Client(s.port) as waited, Client(s.port) as other:
                waited.say(HEADER + '<a></b>')
                waited.until('</stream:stream>')
                other.say('GET / HTTP/1.0\r\n\r\n' + 60000 * 'x')
                got = other.to_end()
                check(re.search('<stream:stream .*<not-well-formed .*</stream:stream>$', got), got)
                waited.socket.setblocking(False)
                try:
                    ended = waited.socket.recv(1) == b''
                except BlockingIOError:
                    return
                check(ended, 'more was said')
        check(False, 'the end came late')


@case
def presence_when_a_connection_is_cut():
    with Serve() as s, s.login('juliet', 'b') as juliet:
        juliet.say('<presence/>')
        juliet.until('<presence[^>]*/>')
        for ending in ('</stream:stream>', '<not-well-formed', '<message></presence>', None):
            with s.login('romeo', 'a') as romeo:
                romeo.say('<presence/>')
                juliet.until("<presence from='romeo@example.org/a'[^>]*/>")
                if ending:
                    romeo.say(ending)
            got = juliet.until("<presence[^>]*type='unavailable'/>")
            check("from='romeo@example.org/a'" in got, got)


@case
def silence_before_login():
    with Serve('--timeout', '1') as s, Client(s.port) as silent, Client(s.port) as half:
        half.say(HEADER)
        half.until('</stream:features>')
        check('<connection-timeout' in half.to_end(), 'no connection-timeout')
        silent.to_end()


@case
def rosters_from_a_file():
    rosters = path('rosters', 'romeo juliet both Juliet C.\nromeo benvolio from\n')
    with Serve('--roster', rosters) as s, s.login('romeo', 'a') as romeo:
        romeo.say("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
        got = romeo.until('</iq>')
        check("jid='juliet@example.org' subscription='both' name='Juliet C.'" in got, got)
        check("jid='benvolio@example.org' subscription='from'" in got, got)
        romeo.say('<presence/>')
        romeo.until('<presence[^>]*/>')
        with s.login('benvolio', 'c') as benvolio:
            benvolio.say('<presence/>')
            got = benvolio.until("<presence from='romeo[^>]*/>")  # he may see romeo
            romeo.say("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
            got = romeo.until("id='p'[^>]*/>")                   # romeo does not see him
            check('benvolio' not in got, got)


@case
def slow_receiver():
    """Who takes nothing is ended in the end; who writes to it is held back, and told."""
    body = 'x' * 30000
    with Serve() as s, s.login('romeo', 'a') as romeo, s.login('benvolio', 'c') as benvolio:
        slow = s.login('juliet', 'b', buffer=4096)
        romeo.socket.settimeout(1)
        sent = 0
        try:
            while sent < 2000:
                romeo.say("<message to='juliet@example.org/b' id='%d'><body>%s</body></message>" % (sent, body))
                sent += 1
        except TimeoutError:
            pass
        check(sent < 2000, 'the sender was never held back')
        benvolio.say("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        benvolio.until("id='p'[^>]*/>")     # others are not
        romeo.socket.settimeout(30)
        got = romeo.until("type='error'.*?</message>")
        check('recipient-unavailable' in got or 'service-unavailable' in got, got)
        check(' too-slow jid="juliet@example.org/b"' in s.log(), s.log())
        slow.socket.close()
        benvolio.say("<message to='romeo@example.org/a' id='last'/>")
        romeo.until("id='last'")


def s_client(s, port, *options):
    """What openssl's client says of a TLS session, with a certificate that is checked."""
    done = subprocess.run(['openssl', 's_client', '-connect', '127.0.0.1:%d' % port, '-tls1_2', '-CAfile',
                           path('resumption.pem'), '-verify_return_error', '-verify_hostname', DOMAIN, *options],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    check(done.returncode == 0, done.stderr)
    return done.stdout


@case
def tls_sessions_are_resumed():
    starttls = ('-starttls', 'xmpp', '-xmpphost', DOMAIN)
    kept = path('kept-session')
    with Serve('--cert-out', path('resumption.pem'), '--tls-listen', '127.0.0.1:0', insecure=False, lines=3) as s:
        direct = int(re.search(r':(\d+)', s.out[1]).group(1))
        check('New, TLSv1.2' in s_client(s, direct, '-sess_out', kept), 'no full handshake')
        check('Reused, TLSv1.2' in s_client(s, direct, '-sess_in', kept), 'not resumed')
        check('Reused, TLSv1.2' in s_client(s, s.port, '-sess_in', kept, *starttls), 'each listener its own cache')
        check('New, TLSv1.2' in s_client(s, s.port, '-sess_out', kept, *starttls), 'no full handshake')
        check('Reused, TLSv1.2' in s_client(s, direct, '-sess_in', kept), 'not resumed')
        handshakes = re.findall(r' tls suite="[^"]*" handshake="(\w+)"', s.log())
        check(handshakes == ['full', 'resumed', 'resumed', 'full', 'resumed'], s.log())
    with Serve('--cert-out', path('resumption.pem'), insecure=False) as s:      # another key
        check('New, TLSv1.2' in s_client(s, s.port, '-sess_in', kept, *starttls), 'resumed by a server that is new')


@case
def many_sessions():
    count = 60
    with Serve('--sessions', str(count)) as s:
        clients = [s.login('romeo', 'r%d' % i) for i in range(count)]
        try:
            for client in clients:
                client.say('<presence/>')
            for client in clients:      # each sees each
                got = ''
                while len(set(re.findall(r"from='romeo@example.org/(r\d+)'", got))) < count:
                    got += client.until('<presence[^>]*/>')
            clients[0].say("<message to='romeo@example.org' type='headline'><body>all</body></message>")
            for client in clients:
                client.until('<body>all</body>')
        finally:
            for client in clients:
                client.socket.close()


def main():
    for function in cases:
        try:
            function()
            results.append(True)
        except Exception as e:  # a case that fails for whatever reason has failed
            results.append(False)
            print('FAIL %s: %s: %s' % (function.__name__, type(e).__name__, str(e)[-1500:]))
    print('%d passed, %d failed' % (sum(results), len(results) - sum(results)))
    FOLDER.cleanup()
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())

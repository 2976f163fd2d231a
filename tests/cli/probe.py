#!/usr/bin/env python3
"""parley probe as a process: against parley serve, in TLS, and against servers in the clear
that break the rules one by one. Servers with certificates of all kinds are in tests/interop."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading

PARLEY = os.environ['PARLEY']
DOMAIN = 'example.org'
FOLDER = tempfile.TemporaryDirectory(prefix='parley-probe-')
SECONDS = 60
cases = []


def path(name, text=None):
    name = os.path.join(FOLDER.name, name)
    if text is not None:
        with open(name, 'w') as file:
            file.write(text)
        os.chmod(name, 0o600)
    return name


def case(function):
    cases.append(function)
    return function


def check(good, detail):
    if not good:
        raise AssertionError(detail)


class Probe:
    """One run, whole; `verdicts`: point -> (word, text, reference)."""

    def __init__(self, *options, domain=DOMAIN, status=0, as_json=True):
        argv = [PARLEY, 'probe', *options, *(('--json',) if as_json else ()), *((domain,) if domain else ())]
        environment = dict(os.environ, PARLEY_PASSWORD='never-sent')
        done = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, env=environment,
                              stdin=subprocess.DEVNULL)
        self.out, self.err = done.stdout, done.stderr
        check(done.returncode == status, '%s: status %s, not %s: %s %s' %
              (' '.join(argv), done.returncode, status, self.out, self.err))
        check(len(self.err.splitlines()) == (1 if status != 0 and '--trace' not in options else 0) or
              '--trace' in options, 'standard error: %r' % self.err)
        self.events, self.verdicts = [], {}
        if as_json and status != 2:
            self.events = [json.loads(line) for line in self.out.splitlines()]
            check([e['event'] for e in self.events].count('closed') == 1 and
                  self.events[-1]['event'] == 'closed', 'closed is not last: %s' % self.out)
            for e in self.all('verdict'):
                check(re.match(r'(RFC|XEP-)', e['reference'].replace('RFC ', 'RFC')), e)
                check(e['verdict'] in ('pass', 'warn', 'fail') and e['text'], e)
                self.verdicts[e['point']] = e['verdict']
        self.closed = self.events[-1] if self.events else None

    def all(self, kind):
        return [e for e in self.events if e['event'] == kind]

    def text(self, point, word=None):
        return next((e['text'] for e in self.all('verdict') if e['point'] == point and
                     word in (None, e['verdict'])), None)

    def said(self, **verdicts):
        for point, word in verdicts.items():
            point = point.replace('_', '-')
            check(self.verdicts.get(point) == word, '%s is %s, not %s: %s' %
                  (point, self.verdicts.get(point), word, self.out))


class Serve:
    def __init__(self, *options):
        self.argv = [PARLEY, 'serve', '--users', path('users', 'romeo:orchard\n'), '--domain', DOMAIN,
                     '--listen', '127.0.0.1:0', '--tls-listen', '127.0.0.1:0', '--cert-out', path('ca.pem'),
                     '--log', path('log'), *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines = ''.join(self.process.stdout.readline() for _ in range(3))
        self.port, self.direct = re.findall(r'127\.0\.0\.1:(\d+)', lines)
        self.pin = re.search(r'pin sha256 ([0-9a-f]{64})', lines).group(1)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()


HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
          "from='%s' id='%s' version='1.0' xml:lang='en'>")
GOOD = HEADER % (DOMAIN, 'abcdefghijkl')
TLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
REQUIRED = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"


def mechanisms(*names):
    return "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</mechanisms>" % ''.join(
        '<mechanism>%s</mechanism>' % n for n in names)


def features(*inner):
    return '<stream:features>%s</stream:features>' % ''.join(inner)


class Scripted:
    """Says `says` to each who has opened a stream, `then` to who closes it, and keeps what it
    hears. A count of connections is kept too."""

    def __init__(self, says, then='</stream:stream>', step=None):
        self.says, self.then, self.step = says, then, step
        self.heard, self.connections = b'', 0
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.settimeout(SECONDS)
        self.port = str(self.listener.getsockname()[1])
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _hear(self, sock, words):
        while words not in self.heard:
            got = sock.recv(65536)
            if not got:
                return False
            self.heard += got
        return True

    def _talk(self, sock):
        if not self._hear(sock, b'version='):
            return
        data = self.says.encode()
        for at in range(0, len(data), self.step or len(data) or 1):
            sock.sendall(data[at:at + (self.step or len(data))])
        if self.then is not None and self._hear(sock, b'</stream:stream>'):
            sock.sendall(self.then.encode())
        while self.then is not None and sock.recv(65536):
            pass

    def _serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            sock.settimeout(SECONDS)
            with sock:
                try:
                    self._talk(sock)
                except OSError:
                    pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.thread.join(SECONDS)

    def probe(self, *options, status, **more):
        p = Probe('--host', '127.0.0.1', '--port', self.port, *options, status=status, **more)
        check(b'<auth' not in self.heard and b'never-sent' not in self.heard, 'it sent %r' % self.heard)
        return p


def insecure(says, *, status=0, step=None, **more):
    with Scripted(says, step=step) as server:
        return server.probe('--tls', 'off', '--insecure', status=status, **more)


@case
def our_own_server():
    with Serve() as server:
        p = Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('ca.pem'))
        d = Probe('--host', '127.0.0.1', '--port', server.direct, '--ca', path('ca.pem'), '--tls', 'direct')
    for probe in (p, d):
        probe.said(header_from='pass', header_to='pass', header_id='pass', header_version='pass',
                   header_language='pass', tls='pass', certificate_trust='pass', certificate_name='pass',
                   certificate_validity='pass', certificate_key='pass', certificate_signature='pass',
                   resumption='pass', features_after='pass', starttls_gone='pass', scram='pass',
                   channel_binding='pass', close='pass')
        check('resumed' in probe.text('resumption'), probe.text('resumption'))
        check('fail' not in probe.verdicts.values(), probe.verdicts)
        check(probe.all('certificate')[0]['names'] == [{'kind': 'dns', 'name': DOMAIN, 'matches': True}],
              probe.all('certificate'))
        check(probe.all('tls')[0]['verified'] is True, probe.out)
        check(probe.all('tls')[0]['pin_sha256'] == server.pin, probe.out)
        check(probe.all('certificate')[0]['pin_sha256'] == server.pin, probe.out)
        check(probe.closed['outcome'] == 'none', probe.closed)
        check(probe.all('offer')[-1]['channel_bindings'] == ['tls-server-end-point', 'tls-unique'], probe.out)
    p.said(starttls_offered='pass', starttls_required='pass', starttls_alone='pass', sasl_in_the_clear='pass')
    d.said(alpn='pass')
    check('starttls-offered' not in d.verdicts, d.verdicts)
    check('SCRAM-SHA-512-PLUS' in p.all('features')[-1]['mechanisms'], p.out)


@case
def nothing_is_sent_but_headers_and_starttls():
    with Serve() as server:
        p = Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('ca.pem'), '--trace')
        with open(path('log')) as file:
            log = file.read()
    sent = [line for line in p.err.splitlines() if line.startswith('C: ')]
    check(len(sent) == 8, sent)       # two connections: header, starttls, header, close tag
    for line in sent:
        check(re.search(r'<stream:stream |<starttls |</stream:stream>', line), line)
        check('nobody' not in line and 'from=' not in line, line)
    check('nobody' not in log and 'romeo' not in log, log)


@case
def an_unknown_authority():
    with Serve() as server:
        p = Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('other.pem'), status=1)
        with open(path('ca.pem')) as file:
            first = file.read()
    check('other.pem' in p.err, p.err)
    with Serve() as server:
        path('stranger.pem', first)
        p = Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('stranger.pem'), status=4)
    check('not trusted' in p.err, p.err)
    check(p.closed['outcome'] == 'tls-certificate-chain', p.closed)
    p.said(certificate_trust='fail', certificate_name='pass', certificate_validity='pass', features_after='pass',
           scram='pass')
    check(p.all('tls')[0]['verified'] is False, p.all('tls'))
    check(len(p.all('offer')) == 2 and len(p.all('certificate')) == 1, p.out)
    check(p.all('features')[-1]['mechanisms'], p.out)


@case
def pins():
    with Serve() as server:
        base = ('--host', '127.0.0.1', '--port', server.port)
        wrong = '00' * 32
        p = Probe(*base, '--pin-only', server.pin)
        p.said(pin='pass', certificate_name='pass')
        check('certificate-trust' not in p.verdicts, p.verdicts)
        p = Probe(*base, '--pin-only', wrong, status=4)
        p.said(pin='fail')
        check(p.closed['outcome'] == 'tls-certificate-pin' and p.all('tls')[0]['verified'] is False, p.out)
        check(len(p.all('offer')) == 2, p.out)
        p = Probe(*base, '--ca', path('ca.pem'), '--pin', server.pin)
        p.said(pin='pass', certificate_trust='pass')
        p = Probe(*base, '--ca', path('ca.pem'), '--pin', wrong, status=4)
        p.said(pin='fail', certificate_trust='pass')


@case
def another_domain():
    with Serve() as server:
        p = Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('ca.pem'), domain='example.net', status=9)
    check('host-unknown' in p.err and 'host-unknown' in p.text('negotiation'), p.err)
    check('header-from' not in p.verdicts, p.verdicts)


@case
def words_for_people():
    with Serve() as server:
        p = Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('ca.pem'), as_json=False)
    for words in ('in the clear   header from=\'example.org\' id=', 'feature starttls (RFC 6120 STARTTLS), required',
                  'certificate 1  CN=example.org, issued by CN=parley serve, trust anchor', "name dns example.org, the domain's",
                  'key P-256, 256 bits, signed with ecdsa-with-SHA256', 'in TLS         header from=',
                  'channel bindings tls-server-end-point tls-unique', 'pin sha256 ' + server.pin,
                  '\npass           header-id: ', '(RFC 6120 4.7.1)\n', '\nclosed         probed to the end, 0 points failed\n'):
        check(words in p.out, '%r is not in %s' % (words, p.out))


@case
def headers_that_break_a_rule():
    offer = features(mechanisms('SCRAM-SHA-256'))
    for said, point, words in (
            (GOOD.replace(" from='example.org'", ''), 'header-from', "no 'from'"),
            (GOOD.replace(" id=", " to='a@b' id="), 'header-to', "is to 'a@b'"),
            (GOOD.replace(" xml:lang='en'", ''), 'header-language', "no 'xml:lang'")):
        p = insecure(said + offer)
        check(words in p.text(point, 'fail'), p.text(point))
        check(p.closed['reason'] == 'probed to the end, 2 points failed', p.closed)   # and STARTTLS
    p = insecure(GOOD.replace('abcdefghijkl', 'abc') + offer)
    p.said(header_id='warn')
    for said, status, point in (
            (GOOD.replace(" id='abcdefghijkl'", ''), 6, 'header-id'),
            (GOOD.replace("' version='1.0'", "'") + offer, 6, 'header-version'),
            (GOOD.replace("from='example.org'", "from='example.net'") + offer, 6, 'header-from')):
        p = insecure(said, status=status)
        p.said(**{point: 'fail', 'negotiation': 'fail'})


@case
def offers_of_all_kinds():
    p = insecure(GOOD + features(
        mechanisms('SCRAM-SHA-1', 'PLAIN', 'DIGEST-MD5', 'X-OURS'),
        "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline>"
        "<bind xmlns='urn:xmpp:bind:0'/><sm xmlns='urn:xmpp:sm:3'/></inline></authentication>",
        "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
        "<auth xmlns='http://jabber.org/features/iq-auth'/>",
        "<register xmlns='http://jabber.org/features/iq-register'/>",
        "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>",
        "<odd xmlns='urn:example:odd'/>"))
    p.said(plain_in_the_clear='fail', starttls_offered='fail', scram='warn', digest_md5='warn', session='warn',
           iq_auth='warn', registration='warn', compression='warn')
    offer = p.all('offer')[0]
    check(offer['sasl2_mechanisms'] == ['SCRAM-SHA-256'], offer)
    check(offer['sasl2_inline'] == ['urn:xmpp:bind:0', 'urn:xmpp:sm:3'], offer)
    check({'name': 'odd', 'namespace': 'urn:example:odd', 'known_as': None} in offer['features'], offer)
    check({'name': 'authentication', 'namespace': 'urn:xmpp:sasl:2', 'known_as': 'XEP-0388 SASL2'} in
          offer['features'], offer)
    check(p.all('features')[0]['mechanisms'] == ['SCRAM-SHA-1', 'PLAIN', 'DIGEST-MD5', 'X-OURS'], p.out)
    p = insecure(GOOD + features(
        mechanisms('SCRAM-SHA-256'), "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"))
    p.said(session='pass', scram='pass', sasl_in_the_clear='warn')
    p = insecure(GOOD + features(*('<f%d xmlns="urn:x"/>' % n for n in range(60)), mechanisms(*(
        'M%d' % n for n in range(60)))), status=5)
    p.said(mechanisms='fail', scram='warn')
    check(len(p.all('offer')[0]['features']) == 48, p.out)


@case
def before_tls():
    for inner, status, verdicts in (
            ((), 4, {'starttls-offered': 'fail'}),
            ((mechanisms('PLAIN'),), 4, {'starttls-offered': 'fail', 'plain-in-the-clear': 'fail'}),
            ((TLS,), 4, {'starttls-offered': 'pass', 'starttls-required': 'pass', 'tls': 'fail'}),
            ((TLS, mechanisms('SCRAM-SHA-1')), 4, {'starttls-required': 'warn', 'sasl-in-the-clear': 'warn'}),
            ((REQUIRED, mechanisms('PLAIN')), 4,
             {'starttls-required': 'pass', 'starttls-alone': 'warn', 'plain-in-the-clear': 'fail'})):
        answer = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"
        with Scripted(GOOD + features(*inner) + (answer if TLS in inner or REQUIRED in inner else '')) as server:
            p = server.probe(status=status)
            check(server.connections == 1, server.connections)
        for point, word in verdicts.items():
            check(p.verdicts.get(point) == word, '%s: %s' % (point, p.out))


@case
def rubbish():
    for said, status, words in (
            ('', 3, 'ended without the stream being closed'),
            (GOOD, 3, 'ended without the stream being closed'),
            ('HTTP/1.1 400 Bad Request\r\n\r\n', 6, 'well-formed'),
            (GOOD + '<stream:features><mechanisms', 3, 'ended without the stream being closed'),
            (GOOD + '<stream:features>&undefined;', 6, 'byte'),
            (GOOD + '<message/>', 6, 'state plain_features'),
            (GOOD + "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                    "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>go away\x7f</text></stream:error>", 9, 'go away'),
            (GOOD + features('<a>' + 'x' * 300000 + '</a>'), 8, 'larger than is taken')):
        for step in (None, 1) if len(said) < 1000 else (None,):
            with Scripted(said, then=None, step=step) as server:
                p = server.probe(status=status)
            check(words in p.err, '%r: %s' % (said[-40:], p.err))
            check(p.verdicts.get('negotiation') == 'fail', p.out)
            check('\x7f' not in p.err, 'a control character came through')


@case
def silence_ends_in_time():
    with Scripted('') as server:
        p = server.probe('--timeout', '1', status=3)
    check('time' in p.err, p.err)
    with Scripted(GOOD + features(mechanisms('SCRAM-SHA-256')), then='') as server:
        p = server.probe('--tls', 'off', '--insecure', status=0)
    p.said(close='warn')


@case
def strict():
    with Scripted(GOOD + features(mechanisms('SCRAM-SHA-256'))) as server:
        p = server.probe('--tls', 'off', '--insecure', '--strict', status=8)
    check('1 point failed, and --strict' in p.err and p.closed['outcome'] == 'verdict', p.err)
    with Serve() as server:
        Probe('--host', '127.0.0.1', '--port', server.port, '--ca', path('ca.pem'), '--strict')


@case
def a_signal():
    with Scripted('') as server:
        process = subprocess.Popen([PARLEY, 'probe', '--host', '127.0.0.1', '--port', server.port, '--json', DOMAIN],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = process.stdout.readline() + process.stdout.readline()
        check('plain_header' in line, line)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=SECONDS)
    check(process.returncode == 128 + signal.SIGTERM, process.returncode)
    check('closed after signal' in out.splitlines()[-1] and err == '', out + err)


@case
def usage():
    for options, domain, words in (
            (('--host', 'a', '--port', '1'), None, 'Give a domain'),
            (('--mechanism', 'PLAIN'), DOMAIN, 'no option --mechanism'),
            (('--password-file', 'x'), DOMAIN, 'no option --password-file'),
            (('--tls', 'off'), DOMAIN, '--insecure'),
            (('--port', '0'), DOMAIN, '--port'),
            (('--pin', 'x'), DOMAIN, '64 hexadecimal'),
            ((), 'romeo@example.org', 'give example.org'),
            ((), 'exa mple', 'not a domain, at byte 3'),
            (('a.example',), DOMAIN, 'one domain is enough')):
        p = Probe(*options, domain=domain, status=2)
        check(words in p.err and p.out == '', '%s: %s' % (options, p.err))
    refusing = socket.socket()
    refusing.bind(('127.0.0.1', 0))
    p = Probe('--host', '127.0.0.1', '--port', str(refusing.getsockname()[1]), status=3)
    refusing.close()
    check(p.closed['outcome'] == 'refused' and len(p.events) == 1, p.out)


def main():
    results = []
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

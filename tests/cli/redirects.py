#!/usr/bin/env python3
"""parley connect and see-other-host (RFC 6120 4.9.3.19): which redirects it follows, and as whom."""
import contextlib
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import DOMAIN, Connect, Dns, Listener, Relay, Scripted, Serve, certificate, check, ends, run  # noqa: E402

KEY, CHAIN = certificate('good')
FOREIGN_KEY, FOREIGN_CHAIN = certificate('foreign', 'other.example')
cases = []


def case(function):
    cases.append(function)
    return function


def at(port, *options):
    return ('--host', '127.0.0.1', '--port', str(port), '--ca', CHAIN, *options)


def see(address):
    """A server that says it inside TLS."""
    def script(s):
        s.start_tls()
        s.header()
        s.error('see-other-host', address if isinstance(address, str) else address())
    return script


class Untouched(Listener):
    """A port that nobody may connect to."""

    def __exit__(self, *_):
        super().__exit__(*_)
        check(self.count == 0, 'someone connected')

    def converse(self, connection):
        pass


@case
def it_is_followed():
    for form in ('127.0.0.1:%d', 'localhost:%d', 'LOCALHOST:%d'):
        with Serve(KEY, CHAIN) as s, Scripted(see(form % s.port), KEY, CHAIN) as first, \
                Connect(*at(first.port), '--presence', '--to', 'juliet@' + DOMAIN, '--message', 'once', '--trace') as c:
            ends(c, 0, 'none')
            check(c.events('redirect') == [{'event': 'redirect', 'number': 1, 'most': 3, 'port': s.port,
                                            'host': form.split(':')[0].lower()}], c.events('redirect'))
            check(c.events('retry') == [], c.events())
            check(first.heard[0].count(" to='%s' " % DOMAIN) == 2, first.heard)
            headers = [line for line in c.err if line.startswith('C: ') and '<stream:stream ' in line]
            check(len(headers) == 5 and all(" to='%s' " % DOMAIN in line for line in headers), headers)
            check(sum(line.startswith('C: ') and '<message ' in line for line in c.err) == 1, c.err)


@case
def an_ipv6_address_has_brackets():
    """Where there is no IPv6 the address cannot be reached, but was understood."""
    with Serve(KEY, CHAIN) as s:
        try:
            relay = Relay(s.port, '::1')
        except OSError:
            relay = None
        port = relay.port if relay else s.port
        with relay or contextlib.nullcontext(), Scripted(see('[::1]:%d' % port), KEY, CHAIN) as first, \
                Connect(*at(first.port)) as c:
            ends(c, 0 if relay else 3)
            check([(e['host'], e['port']) for e in c.events('redirect')] == [('[::1]', port)], c.out)


@case
def who_is_there_must_be_the_domain_still():
    """The certificate is judged against the JID's domain, not against the host's name."""
    with Serve(FOREIGN_KEY, FOREIGN_CHAIN) as s, Scripted(see('localhost:%d' % s.port), KEY, CHAIN) as first:
        with open(CHAIN + '.both', 'w') as both, open(CHAIN) as one, open(FOREIGN_CHAIN) as other:
            both.write(one.read() + other.read())
        with Connect('--host', '127.0.0.1', '--port', str(first.port), '--ca', CHAIN + '.both') as c:
            ends(c, 4, 'tls-certificate-name')
            check(len(c.events('redirect')) == 1, c.out)


@case
def before_tls_it_is_not():
    def at_once(s):
        s.header()
        s.error('see-other-host', '127.0.0.1:%d' % other.port)

    def for_starttls(s):
        s.header("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        s.until('<starttls ')
        s.error('see-other-host', '127.0.0.1:%d' % other.port)
    with Untouched() as other:
        for script in (at_once, for_starttls):
            with Scripted(script) as first, Connect(*at(first.port), '--retry', '3', '--retry-wait', '0') as c:
                ends(c, 8, 'redirect-unverified')
                check(first.count == 1 and len(c.err) == 1, c.err)
                check('127.0.0.1:%d' % other.port in c.err[0], c.err)


@case
def a_stream_that_has_no_tls_may_be_redirected():
    def script(s):
        s.header()
        s.error('see-other-host', '127.0.0.1:%d' % good.port)
    with Serve(None, None, '--insecure') as good, Scripted(script) as first, \
            Connect('--host', '127.0.0.1', '--port', str(first.port), '--tls', 'off', '--insecure') as c:
        ends(c, 0, 'none')


@case
def circles_end():
    with Scripted(see(lambda: '127.0.0.1:%d' % circle.port), KEY, CHAIN) as circle:
        with Connect(*at(circle.port), '--retry', '5', '--retry-wait', '0') as c:
            ends(c, 8, 'redirect-too-many')
            check(circle.count == 4, circle.count)
        with Connect(*at(circle.port), '--redirects', '1') as c:
            ends(c, 8, 'redirect-too-many')
            check(circle.count == 6, circle.count)
        with Connect(*at(circle.port), '--redirects', '0') as c:
            ends(c, 9, 'stream-peer')
            check('see-other-host' in c.err[0] and c.events('redirect') == [], c.err)
            check(circle.count == 7, circle.count)


@case
def what_is_no_address_is_refused():
    for address in ('', ':5222', '127.0.0.1:0', '127.0.0.1:65536', '::1', '127.0.0.1:5222 x', 'xmpp:' + DOMAIN,
                    '127.0.0.1:5222&#10;', 'a' * 1100, '<x xmlns="urn:x"/>127.0.0.1'):
        with Scripted(see(address), KEY, CHAIN) as first, Connect(*at(first.port)) as c:
            ends(c, 6, 'redirect-malformed')
            check(first.count == 1 and c.events('redirect') == [], c.out)


@case
def another_domain_has_no_say():
    def script(s):
        s.start_tls()
        s.header(origin='other.example')
        s.error('see-other-host', '127.0.0.1:%d' % other.port)
    with Untouched() as other, Scripted(script, KEY, CHAIN) as first, Connect(*at(first.port)) as c:
        ends(c, 8, 'redirect-foreign')


@case
def a_host_without_a_port_is_looked_up_as_a_domain():
    with Serve(KEY, CHAIN) as s, Scripted(see('b.' + DOMAIN), KEY, CHAIN) as first:
        records = [('_xmpp-client._tcp.b.' + DOMAIN, 'SRV', (1, 0, s.port, 'host.' + DOMAIN)),
                   ('host.' + DOMAIN, 'A', '127.0.0.1')]
        with Dns(records) as dns, Connect(*at(first.port), '--dns', dns.address) as c:
            ends(c, 0, 'none')
            check(c.events('redirect')[0]['host'] == 'b.' + DOMAIN and c.events('redirect')[0]['port'] == 0, c.out)
            check(('_xmpps-client._tcp.b.' + DOMAIN, 33) in dns.asked, dns.asked)  # nothing ruled it out


@case
def from_ready_with_what_was_kept():
    """The password is forgotten once used: after PLAIN nothing can log in again, but with --retry."""
    def script(s):
        s.start_tls()
        s.log_in_plainly()
        s.until('<presence/>')
        s.error('see-other-host', '127.0.0.1:%d' % good.port)
    plain = ('--mechanism', 'PLAIN', '--presence', '--listen', '600')
    with Serve(KEY, CHAIN, '--mechanisms', 'PLAIN') as good, Scripted(script, KEY, CHAIN) as first:
        with Connect(*at(first.port), *plain) as c:
            ends(c, 1, 'no-credential')
            check('forgotten' in c.err[0] and len(c.events('redirect')) == 1, c.err)
        with Connect(*at(first.port), *plain, '--retry', '1') as c:
            c.wait(c.out, '"bound"', 2)
            c.process.send_signal(signal.SIGTERM)
            ends(c, 128 + signal.SIGTERM)


@case
def after_a_failure_it_begins_at_the_domain_again():
    """A redirect leads once: the next attempt asks who sent it."""
    def script(s):
        s.start_tls()
        s.header()
        s.error(*(('see-other-host', '127.0.0.1:%d' % second.port) if first.count == 1 else ('host-gone',)))

    def shut_down(s):
        s.start_tls()
        s.header()
        s.error('system-shutdown')
    with Scripted(script, KEY, CHAIN) as first, Scripted(shut_down, KEY, CHAIN) as second, \
            Connect(*at(first.port), '--retry', '1', '--retry-wait', '0') as c:
        ends(c, 9, 'stream-peer')
        check((first.count, second.count) == (2, 1), c.out)
        check('host-gone' in c.events('closed')[0]['reason'], c.out)


sys.exit(run([c for c in cases if c.__name__ in sys.argv[1:]] or cases))

#!/usr/bin/env python3
"""parley connect that loses its server: what it tries again, what it keeps, what it leaves alone,
and which of several servers it takes. Over real sockets and TLS."""
import os
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import (DOMAIN, PARLEY, SECONDS, Connect, Dns, Relay, Scripted, Serve, certificate,  # noqa: E402
                  check, ends, run)

KEY, CHAIN = certificate('good')
OTHER_KEY, OTHER_CHAIN = certificate('other')
AT_ONCE = ('--retry-wait', '0')
cases = []


def case(function):
    cases.append(function)
    return function


def at(port, *options):
    return ('--host', '127.0.0.1', '--port', str(port), '--ca', CHAIN, *options)


def sent(command, words):
    """How often the client said it."""
    return sum(line.startswith('C: ') and words in line for line in command.err)


@case
def a_lost_session_is_resumed():
    with Serve(KEY, CHAIN) as s, Relay(s.port) as relay, \
            Connect(*at(relay.port), '--retry', '3', *AT_ONCE, '--presence', '--to', 'juliet@' + DOMAIN, '--message',
                    'once', '--roster', '--listen', '600', '--trace') as c:
        c.wait(c.err, '<message ')
        relay.cut()
        c.wait(c.err, '<presence/>', 2)
        relay.cut()
        c.wait(c.err, '<presence/>', 3)
        c.process.send_signal(signal.SIGTERM)
        ends(c, 128 + signal.SIGTERM)
        check([e['resumed'] for e in c.events('tls')] == [False, True, True], c.events('tls'))
        check({(e['mechanism'], e['channel_binding'], e['server_verified']) for e in c.events('authenticated')} ==
              {('SCRAM-SHA-512-PLUS', 'tls-server-end-point', True)}, c.events('authenticated'))
        retries = c.events('retry')
        check([(e['number'], e['most'], e['wait_ms'], e['state'], e['outcome']) for e in retries] ==
              [(n, 3, 0, 'ready', 'tls-truncated') for n in (1, 2)], retries)
        check(len(c.events('roster')) == 3 and relay.count == 3, c.events('roster'))
        check(sent(c, '<message ') == 1, c.err)
        check(sum('is not sent again' in line for line in c.err) == 2, c.err)
        check(sum('-- TLS is up, resumed: ' in line for line in c.err) == 2, c.err)
        check(sum('SCRAM keys of an earlier login' in line for line in c.err) == 2, c.err)


@case
def what_a_server_has_forgotten_is_not_resumed():
    with Serve(KEY, CHAIN) as first, Serve(KEY, CHAIN) as second, Relay(first.port) as relay, \
            Connect(*at(relay.port), '--retry', '1', *AT_ONCE, '--presence', '--listen', '600') as c:
        c.wait(c.out, '"presence"')
        relay.target = second.port
        relay.cut()
        c.wait(c.out, '"presence"', 2)
        c.process.send_signal(signal.SIGTERM)
        ends(c, 128 + signal.SIGTERM)
        check([e['resumed'] for e in c.events('tls')] == [False, False], c.events('tls'))


@case
def another_certificate_is_judged_anew():
    with Serve(KEY, CHAIN) as first, Serve(OTHER_KEY, OTHER_CHAIN) as second, Relay(first.port) as relay, \
            Connect(*at(relay.port), '--retry', '5', *AT_ONCE, '--presence', '--listen', '600') as c:
        c.wait(c.out, '"presence"')
        relay.target = second.port
        relay.cut()
        ends(c, 4, 'tls-certificate-chain')
        check(relay.count == 2 and len(c.events('retry')) == 1, c.out)


@case
def a_resumption_that_fails_is_forgotten():
    """The handshake fails where a session is offered: the next one is a full one. Without an offer
    the same failure is final."""
    offered = []

    def refuse(s):
        s.header("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        s.until("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        s.say("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        hello = s.wire.recv(65536)
        offered.append(hello[43] > 0)  # the length of the session's identifier
        relay.target = good.port
        s.wire.sendall(bytes((21, 3, 3, 0, 2, 2, 40)))  # handshake_failure
    with Serve(KEY, CHAIN) as good, Scripted(refuse, KEY, CHAIN) as bad, Relay(good.port) as relay, \
            Connect(*at(relay.port), '--retry', '5', *AT_ONCE, '--presence', '--listen', '600') as c:
        c.wait(c.out, '"presence"')
        relay.target = bad.port
        relay.cut()
        c.wait(c.out, '"presence"', 2)
        c.process.send_signal(signal.SIGTERM)
        ends(c, 128 + signal.SIGTERM)
        check(offered == [True] and relay.count == 3, (offered, relay.count))
        check([e['resumed'] for e in c.events('tls')] == [False, False], c.events('tls'))
        check([e['outcome'] for e in c.events('retry')] == ['tls-truncated', 'tls-handshake'], c.events('retry'))
        with Connect(*at(bad.port), '--retry', '5', *AT_ONCE) as c:
            ends(c, 4, 'tls-handshake')
            check(bad.count == 2 and offered[1:] == [False], offered)


@case
def the_mechanism_is_pinned():
    """Once SCRAM was used nothing weaker serves, also where the options would allow it."""
    def plain(s):
        s.start_tls()
        s.log_in_plainly()
        s.until('<presence/>')
    with Serve(KEY, CHAIN, '--mechanisms', 'SCRAM-SHA-256') as good, Scripted(plain, KEY, CHAIN) as weak, \
            Relay(good.port) as relay, \
            Connect(*at(relay.port), '--retry', '5', *AT_ONCE, '--presence', '--listen', '600', '--allow-plain') as c:
        c.wait(c.out, '"presence"')
        relay.target = weak.port
        relay.cut()
        ends(c, 5, 'sasl-no-mechanism')
        check(relay.count == 2, relay.count)
        with Connect(*at(weak.port), '--allow-plain', '--presence') as c:  # it would have served
            c.wait(c.out, '"bound"')


@case
def listening_goes_on_where_it_was():
    with Serve(KEY, CHAIN) as s, Relay(s.port) as relay, \
            Connect(*at(relay.port), '--retry', '1', *AT_ONCE, '--presence', '--listen', '2') as c:
        c.wait(c.out, '"presence"')
        relay.cut()
        ends(c, 0, 'none')
        check(relay.count == 2, relay.count)


@case
def all_attempts_are_used():
    with socket.socket() as refusing:
        refusing.bind(('127.0.0.1', 0))
        with Connect(*at(refusing.getsockname()[1]), '--retry', '4', *AT_ONCE) as c:
            ends(c, 3, 'refused')
            check([e['number'] for e in c.events('retry')] == [1, 2, 3, 4], c.out)
            check({e['state'] for e in c.events('retry')} == {'start'}, c.out)
            check(len(c.err) == 5, c.err)
        with Connect(*at(refusing.getsockname()[1])) as c:
            ends(c, 3, 'refused')
            check(c.events('retry') == [] and len(c.err) == 1, c.err)


@case
def what_passes_is_tried_again():
    for condition in ('system-shutdown', 'reset', 'resource-constraint', 'internal-server-error'):
        def refuse(s):
            s.start_tls()
            s.header()
            s.error(condition)
        with Scripted(refuse, KEY, CHAIN) as s, Connect(*at(s.port), '--retry', '2', *AT_ONCE) as c:
            ends(c, 9, 'stream-peer')
            check(s.count == 3 and len(c.events('retry')) == 2, c.out)


@case
def what_does_not_pass_is_not():
    def unwanted(condition):
        def refuse(s):
            s.start_tls()
            s.header()
            s.error(condition)
        return refuse

    def no_tls(s):
        s.header('')

    def garbage(s):
        s.say('SSH-2.0-OpenSSH_9.2\r\n')
    for script, status in ((unwanted('conflict'), 9), (unwanted('policy-violation'), 9), (unwanted('host-gone'), 9),
                           (unwanted('not-authorized'), 9), (no_tls, 4), (garbage, 6)):
        with Scripted(script, KEY, CHAIN) as s, Connect(*at(s.port), '--retry', '5', *AT_ONCE) as c:
            ends(c, status)
            check(s.count == 1 and c.events('retry') == [], c.out)


@case
def what_is_done_is_not_begun_again():
    """Whatever a server says to our close: all has been done."""
    for condition, content in (('system-shutdown', None), ('see-other-host', '127.0.0.1:1')):
        def late(s):
            s.start_tls()
            s.log_in_plainly()
            s.until('</stream:stream>')
            s.error(condition, content)
        with Scripted(late, KEY, CHAIN) as s, \
                Connect(*at(s.port), '--mechanism', 'PLAIN', '--presence', '--retry', '5', *AT_ONCE) as c:
            ends(c, 9, 'stream-peer')
            check(s.count == 1 and c.events('retry') + c.events('redirect') == [], c.out)


@case
def refused_passwords_and_certificates_are_final():
    with Serve(KEY, CHAIN) as s, Relay(s.port) as relay:
        with Connect(*at(relay.port), '--retry', '5', *AT_ONCE, password='wrong') as c:
            ends(c, 5, 'sasl-failure')
        check(relay.count == 1, relay.count)
        with Connect('--host', '127.0.0.1', '--port', str(relay.port), '--ca', OTHER_CHAIN, '--retry', '5',
                     *AT_ONCE) as c:
            ends(c, 4, 'tls-certificate-chain')
        check(relay.count == 2, relay.count)
        with Connect(*at(relay.port), '--pin', '00' * 32, '--retry', '5', *AT_ONCE) as c:
            ends(c, 4, 'tls-certificate-pin')
        check(relay.count == 3, relay.count)


@case
def a_signal_ends_the_wait():
    with socket.socket() as refusing:
        refusing.bind(('127.0.0.1', 0))
        with Connect(*at(refusing.getsockname()[1]), '--retry', '1000') as c:
            c.wait(c.out, '"retry"')
            c.process.send_signal(signal.SIGINT)
            ends(c, 128 + signal.SIGINT)


@case
def a_signal_ends_a_look_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(('127.0.0.1', 0))
        silent.settimeout(SECONDS)
        with Connect('--dns', '127.0.0.1:%d' % silent.getsockname()[1], '--ca', CHAIN, '--timeout', '1000') as c:
            silent.recv(4096)
            c.process.send_signal(signal.SIGTERM)
            ends(c, 128 + signal.SIGTERM)


@case
def words_in_text():
    """Without --json: a line for each retry on stdout, and why on stderr."""
    with socket.socket() as refusing:
        refusing.bind(('127.0.0.1', 0))
        done = subprocess.run([PARLEY, 'connect', 'romeo@' + DOMAIN, *at(refusing.getsockname()[1]), '--retry', '2',
                               *AT_ONCE], capture_output=True, text=True, timeout=SECONDS,
                              env={**os.environ, 'PARLEY_PASSWORD': 'orchard'})
        check(done.returncode == 3, done)
        check(done.stdout == 'retry          1 of 2, in 0.0 s\nretry          2 of 2, in 0.0 s\n', done.stdout)
        check(done.stderr.count('Connection refused') == 3, done.stderr)


@case
def servers_are_tried_in_the_order_of_their_records():
    """SRV (RFC 6120 3.2.1): the first target refuses, and so does the second's first address."""
    with Serve(KEY, CHAIN) as s, socket.socket() as refusing:
        refusing.bind(('127.0.0.1', 0))
        dead = refusing.getsockname()[1]
        records = [('_xmpp-client._tcp.' + DOMAIN, 'SRV', (30, 0, s.port, 'last.' + DOMAIN)),
                   ('_xmpp-client._tcp.' + DOMAIN, 'SRV', (10, 0, dead, 'first.' + DOMAIN)),
                   ('_xmpp-client._tcp.' + DOMAIN, 'SRV', (20, 0, s.port, 'none.' + DOMAIN)),
                   ('first.' + DOMAIN, 'A', '127.0.0.1'),
                   ('last.' + DOMAIN, 'A', '127.0.0.9'), ('last.' + DOMAIN, 'A', '127.0.0.1')]
        with Dns(records) as dns, Connect('--dns', dns.address, '--ca', CHAIN, '--presence', '--tls', 'starttls') as c:
            ends(c, 0, 'none')
            hosts = [name for name, kind in dns.asked if kind == 1]
            check([h for h in hosts if h != DOMAIN] == ['first.' + DOMAIN, 'none.' + DOMAIN, 'last.' + DOMAIN], hosts)
        with Dns(records[1:2] + records[3:4]) as dns, \
                Connect('--dns', dns.address, '--ca', CHAIN, '--tls', 'starttls') as c:
            ends(c, 3, 'refused')


@case
def each_attempt_asks_the_dns_anew():
    with socket.socket() as refusing:
        refusing.bind(('127.0.0.1', 0))
        records = [('_xmpp-client._tcp.' + DOMAIN, 'SRV', (1, 0, refusing.getsockname()[1], 'a.' + DOMAIN)),
                   ('a.' + DOMAIN, 'A', '127.0.0.1')]
        with Dns(records) as dns, \
                Connect('--dns', dns.address, '--ca', CHAIN, '--retry', '2', *AT_ONCE, '--tls', 'starttls') as c:
            ends(c, 3, 'refused')
            check(sum(kind == 33 for _, kind in dns.asked) == 3, dns.asked)
        # "." says that there is no such service (RFC 2782): nothing to try again.
        none = [('_xmpp-client._tcp.' + DOMAIN, 'SRV', (0, 0, 0, ''))]
        with Dns(none) as dns, \
                Connect('--dns', dns.address, '--ca', CHAIN, '--retry', '2', *AT_ONCE, '--tls', 'starttls') as c:
            ends(c, 3, 'no-service')
            check(sum(kind == 33 for _, kind in dns.asked) == 1, dns.asked)


sys.exit(run([c for c in cases if c.__name__ in sys.argv[1:]] or cases))

#!/usr/bin/env python3
"""Hostile clients, and what `parley serve` does about them. After each case a client in order is
served.

  clients.py [CASE...]"""
import contextlib
import itertools
import os
import re
import resource
import ssl
import sys
import threading
import time
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))
from changes import Changes
from hostile import scram
from hostile.cases import SERVER_STATES, check, run
from hostile.script import CLIENT_HEADER
from hostile.serve import BIND, FEATURES, HEADER, SASL, STARTTLS, Serve, plain
from hostile.wire import Ended, connect

CLOSE = '</stream:stream>'
PING = "<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>"
EARLY = SERVER_STATES[:SERVER_STATES.index('authenticated_header')]
cases = []
numbers = itertools.count()


def case(function):
    cases.append(function)
    return function


@contextlib.contextmanager
def serving(world, *options, **more):
    """A server that is still there, and serves, when the case is over."""
    with Serve(world.parley, world.folder, *options, name='serve-%d' % next(numbers), **more) as s:
        yield s
        alive(s)


def alive(s, user='benvolio'):
    with s.reach('ready', user=user, resource='alive') as w:
        w.say(PING % 'alive')
        w.until("id='alive'")


# ------------------------------------------------------------------ STARTTLS

def hello():
    """A ClientHello, and what goes on with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return tls, incoming, outgoing


@case
def hello_behind_starttls(world):
    """The ClientHello comes in the segment of <starttls/> (XEP-0305): all of it is TLS's."""
    with serving(world) as s:
        with s.reach('plain_features') as w:
            tls, incoming, outgoing = hello()
            w.say(STARTTLS.encode() + outgoing.read())
            w.until('<proceed[^>]*/>')
            while True:
                incoming.write(w.got)
                w.got = b''
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    w.say(outgoing.read())
                    check(w.receive(), 'it ended')
            tls.write(HEADER.encode())
            w.say(outgoing.read())
            got = b''
            while not re.search(FEATURES.encode(), got, re.S):
                check(w.receive(), 'it ended')
                incoming.write(w.got)
                w.got = b''
                with contextlib.suppress(ssl.SSLWantReadError):
                    got += tls.read(65536)


@case
def injected_commands(world):
    """Whatever follows <starttls/> in the clear is TLS's, and what is not TLS ends it: nothing of
    it is done, before the handshake or after."""
    with serving(world) as s:
        for more in (HEADER + plain(), plain(), HEADER, ' ', '\n', "<auth %s mechanism='PLAIN'>" % SASL, STARTTLS,
                     CLOSE, 'x', '\0'):
            with s.reach('plain_features') as w:
                w.say(STARTTLS + more)
                w.until('<proceed[^>]*/>')
                try:
                    w.tls_client()
                except Ended:
                    continue    # as it should be
                w.say(BIND % 'x')
                w.half_close()
                got = w.rest()
                check(b'<success' not in got and b'<iq' not in got, 'it was heard:', got)
        check(' authenticated ' not in s.log(), 'it was heard')


@case
def no_tls_no_login(world):
    with serving(world) as s:
        for text in (plain(), plain(authzid='other@example.com'), "<auth %s mechanism='SCRAM-SHA-256'>%s</auth>" % (
                SASL, scram.b64('n,,n=mbed,r=x')), BIND % 'x', "<message to='juliet@example.com'/>",
                "<iq type='set' id='1'><query xmlns='jabber:iq:auth'><username>mbed</username><password>mirror</password>"
                "<resource>r</resource></query></iq>", "<success %s/>" % SASL, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"):
            with s.reach('plain_features') as w:
                w.say(text)
                w.half_close()
                got = w.rest()
                check(b'<success' not in got and b'challenge' not in got, text, got)
        check(' authenticated ' not in s.log(), 'it was let in')


@case
def not_tls_at_all(world):
    with serving(world) as s:
        for bytes_ in (b'\x15\x03\x03\x00\x02\x02\x28', b'GET / HTTP/1.1\r\n\r\n', HEADER.encode(), b'\x16\x03\x03\x00\x00' * 100,
                       b'\x16\x03\x03\xff\xff' + b'x' * 65535, b'\x80\x2e\x01\x03\x01', b'\xff' * 5000, os.urandom(20000)):
            with s.reach('handshake') as w:
                w.say(bytes_)
                w.half_close()
                check(b'<' not in w.rest(), 'plain text behind <proceed/>')


# ------------------------------------------------------------------ ends of all kinds

@case
def ends_in_each_state(world):
    """Reset, half-close, close_notify and close tag in each state; none is left behind."""
    with serving(world, '--timeout', '20', '--sessions', '30') as s:
        for _ in range(3 if world.depth == 'short' else 20):
            for state in SERVER_STATES:
                for act in ('reset', 'half_close', 'finish', 'close', 'tag'):
                    w = s.reach(state)
                    if act == 'tag':
                        w.say(CLOSE)
                        w.half_close()
                        w.rest()
                    elif act in ('half_close', 'finish'):
                        getattr(w, act)()
                        w.rest()
                    else:
                        getattr(w, act)()
                    w.close()
                    world.fault()


@case
def presence_ends_with_the_client(world):
    """However romeo's client goes, juliet is told (RFC 6121 4.5.2)."""
    with serving(world) as s, s.reach('ready', user='juliet') as juliet:
        juliet.say('<presence/>')
        juliet.until('<presence[^>]*/>')
        for act in ('reset', 'half_close', 'finish', 'close', 'broken'):
            w = s.reach('ready', user='romeo')
            w.say('<presence/>')
            juliet.until("<presence from='romeo@example.com/r'[^>]*/>")
            if act == 'broken':
                w.say('<message></presence>')
            else:
                getattr(w, act)()
            juliet.until("<presence [^>]*type='unavailable'[^>]*/>")
            w.close()


@case
def one_byte_at_a_time(world):
    """Bytes that come one by one, white space too, do not put the end off."""
    with serving(world, '--timeout', '1') as s:
        begin = time.monotonic()
        for state, text in (('plain_header', '<stream:stream ' + 'x' * 400), ('plain_features', ' ' * 400),
                            ('mechanisms', ' ' * 400), ('mechanisms', '<auth ' + 'x' * 400),
                            ('authenticated_header', ' ' * 400), ('authenticated_features', '<iq ' + 'x' * 400)):
            with s.reach(state) as w:
                w.sock.settimeout(0.05)
                for byte in text:
                    if not w.say(byte) or w.ended:
                        break
                    with contextlib.suppress(TimeoutError):
                        w.receive()
                    if CLOSE.encode() in w.got:
                        break
                else:
                    check(False, state, 'is open after', time.monotonic() - begin, 's')
                world.fault()
        check(time.monotonic() - begin < 100, 'late')


# ------------------------------------------------------------------ limits

def bound(s, state, text, at_bound, past, slowly=False):
    """`text(n)` has n of something: with `at_bound` it is taken, with one more it ends in
    policy-violation. Slowly: byte by byte."""
    for n, good in ((at_bound, True), (at_bound + 1, False)):
        with s.reach(state) as w:
            for piece in text(n) if slowly else (text(n),):
                if not w.say(piece):
                    break
            if good:
                w.until(past)
            else:
                got = w.until(CLOSE)
                check(b'<policy-violation ' in got, n, got)


def padded(before, behind):
    """Text of just so many bytes."""
    return lambda n: before + 'x' * (n - len(before) - len(behind)) + behind


@case
def limits_at_the_bound(world):
    """Each limit, at it and one past it: bytes, elements, depth, attributes, names; smaller before
    authentication than after."""
    element, early, total = 65536, 8192, 65536
    elements, depth, attributes, name = 4096, 64, 64, 256
    elements_early, depth_early, attributes_early, name_early = 256, 16, 16, 64
    tested = 0
    with serving(world, '--stanza', str(element)) as s:
        ends = "id='p'"
        auth = "<auth %s mechanism='PLAIN'" % SASL, scram.b64('\0mbed\0mirror') + '</auth>'

        def some(count):
            return ' '.join("a%d=''" % i for i in range(count))
        for state, text, most, past in (
                # a stanza's bytes
                ('ready', padded("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping' a='", "'/></iq>"), element, ends),
                # an element's and a header's before authentication
                ('plain_features', padded(STARTTLS[:-2] + " a='", "'/>"), early, '<proceed'),
                ('mechanisms', padded(auth[0] + " a='", "'>" + auth[1]), early, '<success'),
                ('plain_header', padded(CLIENT_HEADER[:-1] + " a='", "'>"), early, '</stream:features>'),
                ('secure_header', padded(CLIENT_HEADER[:-1] + " a='", "'>"), early, '</stream:features>'),
                # all bytes before authentication; the header is some of them
                ('plain_features', lambda n: ' ' * (n - len(HEADER) - len(STARTTLS)) + STARTTLS, total, '<proceed'),
                # open elements, the stream's among them
                ('ready', lambda n: "<iq type='get' id='p'>" + '<a>' * (n - 2) + '</a>' * (n - 2) + '</iq>', depth, ends),
                ('plain_features', lambda n: STARTTLS[:-2] + '>' + '<a>' * (n - 2) + '</a>' * (n - 2) + '</starttls>', depth_early,
                 '<proceed'),
                # elements in one
                ('ready', lambda n: "<iq type='get' id='p'><a>" + '<a/>' * (n - 2) + '</a></iq>', elements, ends),
                ('plain_features', lambda n: STARTTLS[:-2] + '>' + '<a/>' * (n - 1) + '</starttls>', elements_early, '<proceed'),
                # attributes
                ('ready', lambda n: "<iq type='get' id='p'><a %s/></iq>" % some(n), attributes, ends),
                ('ready', lambda n: "<iq type='get' id='p'><a %s/></iq>" % ' '.join("xmlns:a%d='u'" % i for i in range(n)),
                 attributes, ends),
                ('plain_features', lambda n: STARTTLS[:-2] + ' %s/>' % some(n - 1), attributes_early, '<proceed'),
                ('mechanisms', lambda n: auth[0] + ' %s>' % some(n - 2) + auth[1], attributes_early, '<success'),
                ('secure_header', lambda n: CLIENT_HEADER[:-1] + ' %s>' % some(n - CLIENT_HEADER.count('=')), attributes_early,
                 '</stream:features>'),
                # names
                ('ready', lambda n: "<iq type='get' id='p'><%s/></iq>" % ('a' * n), name, ends),
                ('ready', lambda n: "<iq type='get' id='p'><a %s=''/></iq>" % ('a' * n), name, ends),
                ('plain_features', lambda n: STARTTLS[:-2] + ' %s=""/>' % ('a' * n), name_early, '<proceed'),
                ('mechanisms', lambda n: auth[0] + ' %s="">' % ('a' * n) + auth[1], name_early, '<success')):
            try:
                for slowly in (False, True) if len(text(most)) < 1000 else (False,):
                    bound(s, state, text, most, past, slowly)
            except Ended as e:
                raise AssertionError('%s %d %s: %s' % (state, most, text(10), e)) from e
            tested += 1
        # failed attempts: the third ends it
        with s.reach('mechanisms') as w:
            for number in range(3):
                w.say(plain(password='wrong'))
                got = w.until('</failure>' if number < 2 else CLOSE)
                check((b'<not-authorized/>' if number < 2 else b'<policy-violation ') in got, got)
    world.results.note('%d limits of serve at the bound and one past it' % (tested + 1))


@case
def white_space(world):
    """White-space keepalives count before authentication, and do not after."""
    with serving(world) as s:
        for state in ('plain_features', 'mechanisms'):
            with s.reach(state) as w:
                for _ in range(20):
                    if not w.say(' \n\t\r' * 1024):
                        break
                got = w.rest()
                check(b'<policy-violation' in got or b'<bad-format' in got, state, got)
        with s.reach('ready') as w:
            w.say(' \n\t\r' * 100000 + PING % 'after')
            w.until("id='after'")


@case
def floods_before_authentication(world):
    """What never ends is ended at a limit, in a server whose memory does not grow."""
    floods = (('<stream:stream ', 'y'), ('<', 'a'), ('<a ', "x='' "), ('<a><![CDATA[', 'y'), ('<a>', '&#x20;'), ('<a>', '<b>'),
              ('<a>&#', '0'), ('', ' '), ('<?xml version="1.0" ', ' '), ('<a x="', 'y'))
    with serving(world, '--sessions', '30') as s:
        before = s.memory()
        for state in ('plain_header', 'plain_features', 'mechanisms', 'authenticated_features'):
            for start, piece in floods:
                with s.reach(state) as w:
                    w.say(start)
                    w.sock.settimeout(10)
                    for _ in range(200):    # 12 MB
                        if not w.say(piece * (65536 // len(piece))):
                            break
                world.fault()
        # AddressSanitizer keeps what is freed for a while; a session's memory it does not
        check(s.memory() - before < 64 << 20, 'grew by', s.memory() - before)


@case
def a_hundred_megabytes(world):
    """One stanza of 100 MB, and 100 MB of stanzas and white space, from who is logged in."""
    megabytes = 100 if world.depth != 'short' else 20
    with serving(world) as s:
        before = s.memory()
        with s.reach('ready', user='romeo') as w:
            w.sock.settimeout(20)
            w.say("<message to='juliet@example.com'><body>")
            for _ in range(megabytes * 16):
                if not w.say('x' * 65536):
                    break
            got = w.rest()      # what comes behind the error is dropped
            check(b'<policy-violation ' in got or w.ended == 'reset', 'it was taken', got)
        for piece in (' ' * 65536, "<message to='nobody@example.net' type='error'/>" * 1000):
            with s.reach('ready', user='juliet') as w:
                sent = 0
                while sent < megabytes << 20:
                    check(w.say(piece), 'ended after', sent)
                    sent += len(piece)
                w.say(PING % 'after')
                w.until("id='after'")
        check(s.memory() - before < 32 << 20, 'grew by', s.memory() - before)


@case
def stops_reading(world):
    """Who asks and asks and never reads is held back and then ended; others are served, and memory is
    what it was."""
    with serving(world) as s:
        alive(s)
        before = s.memory()
        w = s.reach('ready', user='romeo', buffer=4096)
        w.sock.settimeout(0.5)
        sent = 0
        while sent < 5000 and w.say((PING % 'p') * 100):
            sent += 1
        check(sent < 5000, 'never held back')
        for _ in range(3):
            alive(s)
        check(s.memory() - before < 8 << 20, 'grew by', s.memory() - before)
        w.close()


@case
def silent_connections(world):
    """10 000 connections that say nothing, and one that does: memory is what it was, and the one
    is served."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = 10000 if world.depth != 'short' else 2000
    if hard != resource.RLIM_INFINITY and hard < count + 200:
        count = hard - 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 200 if hard == resource.RLIM_INFINITY else hard, hard))
    with serving(world, '--sessions', str(count + 10), '--stanza', '10000', '--timeout', '600') as s:
        def data():
            with open('/proc/%d/status' % s.process.pid) as file:
                return int(re.search(r'VmData:\s*(\d+)', file.read())[1]) * 1024

        wires, sizes = [], []
        try:
            for number in range(count):
                wires.append(connect(s.port))
                if number in (count // 4, count - 1):
                    alive(s)
                    sizes.append((number + 1, data(), s.memory()))
            for w in wires[:50]:
                w.say('<')      # and some that say next to nothing
            alive(s)
        finally:
            for w in wires:
                w.close()
        (few, small, resident), (many, large, all_resident) = sizes
        each = (all_resident - resident) // (many - few)
        check(large - small < 16 << 20, 'memory taken grew by', large - small)
        told = int(re.search(r' memory="(\d+)"', s.log())[1])
        world.results.note('%d silent connections: %d kB a session taken at the start, 0 later (%d kB resident each)' % (
            count, told // (count + 10) // 1024, each // 1024))


@case
def sessions_exhausted(world):
    with serving(world, '--sessions', '5') as s:
        wires = [s.reach('plain_features') for _ in range(5)]
        for _ in range(40):
            with connect(s.port) as w:
                got = w.rest()
                check(b'<resource-constraint' in got, got)
        for w in wires:
            w.close()
        with Changes(world.folder, s.process) as changes:   # until the server has seen them go
            changes.until(lambda: s.log().count(' closed ') >= len(wires), 60)
        alive(s)


@case
def records_to_serve(world):
    """Stanzas cut at every byte into records, inside characters and references; and many in one."""
    text = "<message to='juliet@example.com/r' id='m%d'><body>\u20ac&#x20AC;&amp;</body></message>"
    with serving(world) as s, s.reach('ready', user='romeo') as romeo, s.reach('ready', user='juliet') as juliet:
        romeo.say_pieces((text % 0 + text % 1).encode(), 1)
        romeo.say(''.join(text % n for n in range(2, 160)))     # records of 16 384 bytes
        for number in range(160):
            got = juliet.until('</message>')
            check(b"id='m%d'" % number in got and '<body>\u20ac\u20ac&amp;</body>'.encode() in got, number, got)


# ------------------------------------------------------------------ identities

@case
def client_certificates(world):
    """EXTERNAL: a certificate of another domain or user, with two addresses and no word which,
    of another authority, and none at all."""
    def address(*jids):
        return ','.join('otherName:1.3.6.1.5.5.7.8.5;UTF8:' + jid for jid in jids)

    issue = world.authority.issue
    other = type(world.authority)(world.folder, 'clients-authority')
    good = issue('c-good', address('mbed@example.com'))
    pairs = {'domain': issue('c-domain', address('mbed@evil.example')), 'two': issue('c-two', address('mbed@example.com', 'other@example.com')),
             'none': issue('c-none', 'DNS:example.com'), 'user': issue('c-user', address('other@example.com'))}
    stranger = other.issue('c-stranger', address('mbed@example.com'))
    with serving(world, '--client-ca', world.authority.certificate, '--mechanisms', 'EXTERNAL,SCRAM-SHA-256,PLAIN') as s:
        def external(pair, authzid):
            with s.reach('handshake') as w:
                w.tls_client(certificate=pair and pair[0], key=pair and pair[1])
                w.say(HEADER)
                w.until(FEATURES)
                w.say("<auth %s mechanism='EXTERNAL'>%s</auth>" % (SASL, scram.b64(authzid) if authzid else '='))
                w.half_close()
                return w.rest()

        check(b'<success' in external(good, ''), 'the good one is refused')
        check(b'<success' in external(good, 'mbed@example.com'), 'the good one is refused')
        check(b'<success' in external(pairs['two'], 'mbed@example.com'), 'the good one of two is refused')
        for pair, authzid in ((good, 'other@example.com'), (good, 'mbed@evil.example'), (good, 'mbed@example.com/r'), (good, 'example.com'), (pairs['domain'], ''),
                              (pairs['domain'], 'mbed@example.com'), (pairs['two'], ''), (pairs['two'], 'juliet@example.com'),
                              (pairs['none'], ''), (pairs['none'], 'mbed@example.com'), (pairs['user'], 'mbed@example.com'),
                              (None, ''), (None, 'mbed@example.com')):
            got = external(pair, authzid)
            check(b'<success' not in got and b'<failure' in got, authzid, got)
        with contextlib.suppress(Ended, OSError):
            check(b'<success' not in external(stranger, ''), 'of an authority that is not trusted')


@case
def unknown_users(world):
    """A user that is not there is answered as one whose password is wrong."""
    def answers(user):
        with s.reach('mechanisms') as w:
            w.say("<auth %s mechanism='SCRAM-SHA-256'>%s</auth>" % (SASL, scram.b64('n,,n=%s,r=nonce' % user)))
            challenge = scram.unb64(re.search(rb'>([^<]*)</challenge>', w.until('</challenge>'))[1]).decode()
            nonce = scram.fields(challenge)['r']
            w.say('<response %s>%s</response>' % (SASL, scram.b64('c=biws,r=%s,p=%s' % (nonce, scram.b64(b'x' * 32)))))
            return scram.fields(challenge), w.until('</failure>')

    with serving(world) as s:
        known, nobody, again = answers('mbed'), answers('nobody'), answers('nobody')
        check(known[1] == nobody[1], known, nobody)
        check(known[0]['i'] == nobody[0]['i'] and len(known[0]['s']) == len(nobody[0]['s']), known, nobody)
        check(nobody[0]['s'] == again[0]['s'], 'the salt of an unknown user changes', nobody, again)


# ------------------------------------------------------------------ others are served meanwhile

@case
def others_are_served(world):
    """While twenty hostile clients do all they can, two in order exchange messages: each once, in
    order, and soon."""
    with serving(world, '--sessions', '600', '--timeout', '5') as s:
        stop = threading.Event()
        acts = (lambda w: w.say('x' * 65536), lambda w: w.say(os.urandom(4096)), lambda w: w.reset(),
                lambda w: w.say('<a ' * 20000), lambda w: w.say(' ' * 65536), lambda w: w.half_close())

        def attack(number):
            while not stop.is_set():
                try:
                    w = s.reach(SERVER_STATES[number % len(SERVER_STATES)], user='other', resource='h%d' % number)
                    acts[number % len(acts)](w)
                    w.close()
                except (Ended, OSError):
                    pass

        threads = [threading.Thread(target=attack, args=(n,), daemon=True) for n in range(20)]
        for thread in threads:
            thread.start()
        try:
            with s.reach('ready', user='romeo') as romeo, s.reach('ready', user='juliet') as juliet:
                for number in range(100):
                    romeo.say("<message to='juliet@example.com/r' id='m%d'/>" % number)
                for number in range(100):
                    got = juliet.until(r"id='m\d+'")
                    check(got.endswith(b"id='m%d'" % number), got)
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)


@case
def unknown_content(world):
    """RFC 6120 8.4: presence with a child that nobody knows is presence, and is passed on whole."""
    with serving(world) as s, s.reach('ready', user='romeo', resource='one') as one:
        one.say('<presence/>')
        one.until("<presence [^>]*from='romeo@example.com/one'")
        with s.reach('ready', user='romeo', resource='two') as two:
            two.say("<presence><x xmlns='urn:unknown'><priority>-5</priority></x></presence>")
            got = one.until("<presence [^>]*from='romeo@example.com/two'.*?</presence>")
            check(b"type=" not in got and b'urn:unknown' in got, got)
            # its priority is 0: the bare JID's messages come to it too
            with s.reach('ready', user='juliet') as juliet:
                juliet.say("<message to='romeo@example.com' type='headline' id='h'/>")
            two.until("id='h'")


@case
def addresses_stay(world):
    """RFC 6120 13.10.1: where a client connects from is told to nobody but the log."""
    here = '127.84.71.66'
    with serving(world) as s, s.reach('ready', user='romeo') as romeo, s.reach('ready', user='juliet', source=here) as juliet:
        for w in (romeo, juliet):
            w.say('<presence/>' + PING % 'p')
            w.until("id='p'")
        for to in ('romeo@example.com/r', 'romeo@example.com', 'nobody@example.com', 'example.com', 'example.net', ''):
            to = to and " to='%s'" % to
            juliet.say("<message%s id='m'><body>x</body></message><presence%s/><iq%s type='get' id='q'>"
                       "<query xmlns='http://jabber.org/protocol/disco#info'/></iq><iq%s type='get' id='v'>"
                       "<query xmlns='jabber:iq:version'/></iq>" % (to, to, to, to))
        juliet.say(PING % 'last' + CLOSE)
        juliet.until("id='last'.*</stream:stream>")
        romeo.say(PING % 'last')
        romeo.until("id='last'")
        check(here.encode() not in romeo.all + juliet.all, 'the address is told')
        check(here in s.log(), 'the log does not have it: nothing was tried')


def warnings(s):
    return re.findall('cannot be written', s.stderr())


@case
def log_full(world):
    """The log's disk is full from the start: the server goes on, and says so once."""
    with serving(world, log='/dev/full') as s:
        for _ in range(20):
            alive(s)
        check(len(warnings(s)) == 1, s.stderr())
        world.fault()


@case
def log_fills(world):
    """It fills on the way, in the middle of a line, and is emptied later: no session is lost, the
    server says so once, and the log how many lines are missing."""
    def room(size):
        resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    with serving(world) as s, s.reach('ready', user='romeo') as romeo, s.reach('ready', user='juliet') as juliet:
        for time_ in range(3):
            room(1)     # it stays as long as it is
            full = os.path.getsize(s.logged) + 30
            room(full)
            for number in range(20):
                alive(s)
                romeo.say("<message to='juliet@example.com/r' id='m%d-%d'/>" % (time_, number))
                check(juliet.until(r"id='m\d-\d+'").endswith(b"id='m%d-%d'" % (time_, number)), 'another message came')
            check(os.path.getsize(s.logged) == full, 'the log grew')
            world.fault()
            room(resource.RLIM_INFINITY)
            alive(s)
        check(len(warnings(s)) == 1, s.stderr())
        missing = [int(n) for n in re.findall(r' log-lost lines="(\d+)"', s.log())]
        check(len(missing) == 3 and min(missing) > 90, missing)
        torn = [line for line in s.log().splitlines() if not re.match(r'[\d-]+T[\d:]+Z (\d+ )?[a-z-]+( [a-z_]+="[^"]*")*$', line)]
        # what 30 bytes are left of a line may look like a whole one
        check(len(torn) <= 3 and all(len(line) == 30 for line in torn), torn)
        check(sum(len(line) == 30 for line in s.log().splitlines()) >= 3, s.log()[:2000])


if __name__ == '__main__':
    sys.exit(run(cases))

#!/usr/bin/env python3
"""Deadlines at the bound and one past it: what comes in the last millisecond counts, and a
millisecond later it is over. The command's clock stands still but for what a case moves it.

  deadlines.py [CASE...]"""
import os
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile.cases import check, ends, run
from hostile.connect import BIND as BIND_NAMESPACE
from hostile.connect import BOUND, PROCEED, STARTTLS, SUCCESS, features, header, mechanisms
from hostile.preload import Clock, setup
from hostile.serve import BIND, FEATURES, HEADER, Serve, plain
from hostile.serve import STARTTLS as ASK_TLS
from hostile.wire import connect

CLOSE = '</stream:stream>'
# Milliseconds of PARLEY_TIMEOUTS_DEFAULT
OPEN, TLS, SASL, BINDING, CLOSING = 10000, 15000, 20000, 10000, 2000
LONG = '3600'
cases = []


def case(function):
    cases.append(function)
    return function


def go_on(way, state):
    """A server's next word in each state, and the client's answer."""
    w = way.w
    if state == 'proceed':
        w.say(PROCEED)
        w.tls_server(way.certificate, way.key)
        return w.until('<stream:stream[^>]*>')
    words, answer = {
        'plain_header': (header() + STARTTLS, '<starttls[^>]*/>'),
        'secure_header': (header(2) + mechanisms('PLAIN'), '</auth>'),
        'authenticating': (SUCCESS, '<stream:stream[^>]*>'),
        'authenticated_header': (header(3) + features('<bind %s/>' % BIND_NAMESPACE), '</iq>'),
        'binding': (BOUND % ((way.prefix or '') + '-1'), "</iq>"),
    }[state]
    w.say(words)
    return w.until(answer)


def connect_at(world, state, seconds):
    """`connect` in a state: answers in the last millisecond, and ends with the next."""
    for moved, goes_on in ((seconds * 1000 - 1, True), (seconds * 1000, False)):
        clock = Clock(world, 'connect-%s-%d' % (state, moved))

        def script(way):
            way.reach(state)
            clock.move(moved)
            if goes_on:
                go_on(way, state)
                way.w.reset()
            else:
                way.w.say(' ')      # wakes it
                way.w.farewell()
        result = ends(world.connect(script, state=state, timeout=str(seconds), environment=clock.environment), 3)
        check(getattr(result.way, 'ended', None) is None or not goes_on, state, moved, 'ms:', getattr(result.way, 'ended', ''))
        check((result.closed['outcome'] == 'stream-deadline') != goes_on, state, moved, 'ms:', result.closed)
        check(goes_on or b'<connection-timeout ' in result.after, state, result.after)
        world.fault()


@case
def connect_waits_so_long(world):
    """In each phase of the negotiation, which --timeout is for."""
    states = ('plain_header', 'proceed', 'secure_header', 'authenticating', 'authenticated_header', 'binding')
    for state in states:
        connect_at(world, state, 12)
    world.results.note('the deadline of connect at the bound and one past it, in %d states' % len(states))


def leave(w):
    """Until the server has seen it: close() may wait for a child that another case is just starting."""
    w.say(CLOSE)
    w.half_close()
    w.rest()


def settled(s):
    """Whatever the server had to do has been done, its clock looked at: it serves one after another."""
    for _ in range(2):
        with connect(s.port) as w:
            w.say(HEADER)
            w.until(FEATURES)
            leave(w)


def client_goes_on(w, state):
    """A client's next word in each state, and the server's answer."""
    if state == 'handshake':
        w.tls_client()
        w.say(HEADER)
        return w.until(FEATURES)
    words, answer = {
        'plain_header': (HEADER, FEATURES), 'plain_features': (ASK_TLS, '<proceed[^>]*/>'), 'secure_header': (HEADER, FEATURES),
        'mechanisms': (plain(), '<success'), 'challenged': ("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", '<aborted/>'),
        'authenticated_header': (HEADER, FEATURES), 'authenticated_features': (BIND % 'r', "id='b'.*?</iq>"),
    }[state]
    w.say(words)
    return w.until(answer)


# Where the server has no stream of its own to say it in.
SILENT = ('plain_header', 'handshake', 'secure_header', 'authenticated_header')


def serve_at(s, clock, state, bound):
    """`serve` in a state that lasts `bound`: answers at the bound less one, ends at it."""
    with s.reach(state) as w:
        settled(s)
        clock.move(bound - 1)
        settled(s)
        client_goes_on(w, state)
        leave(w)
    with s.reach(state) as w:
        settled(s)
        clock.move(bound)
        settled(s)
        if state not in SILENT:
            got = w.until(CLOSE)
            check(b'<connection-timeout ' in got, state, got)
        leave(w)
    settled(s)


def expired(s, state):
    return s.log().count('outcome="stream-deadline" state="%s"' % state)


@case
def serve_waits_so_long(world):
    """In each phase of the negotiation."""
    clock = Clock(world, 'serve')
    bounds = (('plain_header', OPEN), ('plain_features', OPEN), ('handshake', TLS), ('secure_header', OPEN),
              ('mechanisms', SASL), ('challenged', SASL), ('authenticated_header', OPEN), ('authenticated_features', BINDING))
    with Serve(world.parley, world.folder, '--timeout', LONG, name='phases', environment=clock.environment) as s:
        for state, bound in bounds:
            serve_at(s, clock, state, bound)
            check(expired(s, state) == 1, state, 'ended for another reason:', s.log()[-600:])
            world.fault()
    world.results.note('%d deadlines of serve at the bound and one past it' % (len(bounds) + 2))


@case
def serve_waits_no_longer_than_it_is_told(world):
    """--timeout is for the whole negotiation: a phase that has just begun does not put it off."""
    clock = Clock(world, 'told')
    with Serve(world.parley, world.folder, '--timeout', '12', name='told', environment=clock.environment) as s:
        for past in (False, True):
            with s.reach('plain_features') as w:
                settled(s)
                clock.move(9000)
                client_goes_on(w, 'plain_features')
                client_goes_on(w, 'handshake')
                settled(s)
                clock.move(3000 if past else 2999)
                settled(s)
                if past:
                    check(b'<connection-timeout ' in w.until(CLOSE), 'it ended otherwise')
                else:
                    client_goes_on(w, 'mechanisms')
                leave(w)


@case
def serve_waits_for_a_close(world):
    """Who does not answer our close is waited for, and then dropped."""
    clock = Clock(world, 'closing')
    with Serve(world.parley, world.folder, '--timeout', LONG, name='closing', environment=clock.environment) as s, \
            s.reach('ready', user='romeo') as w:
        w.say('<message></presence>')
        w.until(CLOSE)
        settled(s)
        clock.move(CLOSING - 1)
        settled(s)
        check(' closed ' not in closed_of(s, 'romeo'), 'it did not wait')
        clock.move(1)
        settled(s)
        check(' closed ' in closed_of(s, 'romeo'), 'it still waits')


def closed_of(s, user):
    """The log's last line of a user's session."""
    lines = s.log().splitlines()
    number = next(line.split()[1] for line in lines if ' authenticated ' in line and user in line)
    return next(line for line in reversed(lines) if line.split()[1] == number)


if __name__ == '__main__':
    sys.exit(run(cases, setup))

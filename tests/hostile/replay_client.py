#!/usr/bin/env python3
"""The case files for a client, said by a server of ours to `parley connect`, over sockets and TLS.

  replay_client.py [CASE...]    only the cases that begin so

Each case: lead the command to the state, say the bytes (whole, or with PARLEY_DEPTH=full also a
byte a TLS record), and compare what it says, how it ends and with which exit status with what
the file asks for."""
import concurrent.futures
import os
import re
import sys
import tempfile
import threading
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from hostile import script
from hostile.connect import Connect, Listener, Way, options_of
from hostile.pki import Authority
from hostile.results import Results
from hostile.wire import Ended

FOLDER = os.path.join(HERE, '..', 'attacks', 'cases')
WORDS = {'expire', 'fail', 'begin', 'close', 'tls', 'lose'}
OPTIONS = {'element', 'refuse', 'total_early', 'silence', 'stepwise', 'direct', 'iterations', 'attributes_early'}
CLOSE = b'</stream:stream>'
NONCE_INSIDE = ('D12-pieces-client', 'F00-client', 'F00-success-client')
# The first digits of a code's name say its layer, and that the exit status.
STATUS = (('xml-namespace', 6), ('xml-element', 8), ('xml-depth', 8), ('xml-attributes', 8), ('xml-name', 8), ('xml-total', 8),
          ('xml-elements', 8), ('xml-memory', 8), ('stanza-too-large', 8), ('stream-cut', 3), ('stream-deadline', 3), ('tls-truncated', 3),
          ('stream-peer', 9), ('xml', 6), ('stream', 6), ('stanza', 6), ('tls', 4), ('data-after-proceed', 4),
          ('sasl', 5), ('bind', 7), ('session', 7), ('none', 0))


def left_out(case):
    if any(setting.split(' ')[0] in OPTIONS for setting in case.settings):
        return 'a setting that the command does not have'
    if case.words() & WORDS or case.start == 'close_sent':
        return 'time, the application or TLS itself'
    if any(word == 'outcome' and 'see-other-host' in rest for word, rest in case.steps):
        return 'a redirect, which the command judges and follows itself'
    if case.name in NONCE_INSIDE:
        return 'a nonce of the file in its base64'
    return None


# What the application answers to stanzas that the file leaves to it.
ANSWER = re.compile(rb"<iq type='(?:error|result)'(?:[^>'/]|'[^']*')*(?:/>|>.*?</iq>)", re.S)


def converse(w, way, case):
    """Says what the file says; (said, expected)."""
    expected, heard_close = b'', False
    w.got = w.all = b''
    for word, rest in case.steps:
        if word == 'hear':
            data = script.heard(rest, 'client', way.substitutes())
            heard_close |= CLOSE in data
            way.note_challenge(data)
            w.say_pieces(data, 1) if way.pieces else w.say(data)
        elif word == 'say':
            expected += script.expand(rest, 'client')
            wanted = script.pattern(ANSWER.sub(b'', expected))
            while not re.fullmatch(wanted, script.shape(ANSWER.sub(b'', w.got))):
                if w.ended or not w.receive():
                    break
        elif word == 'end':
            w.finish()
        elif (word, rest) == ('state', 'handshake'):    # its ClientHello, whose rest the file does not follow
            w.until(b'\x16\x03')
            w.finish()
            w.rest()
            return b'', expected
    ends = CLOSE in expected
    while ends and CLOSE not in w.got and not w.ended:
        w.receive()
    if not heard_close:
        w.say(CLOSE)
    w.finish()
    return w.rest(), expected


def check(case, way, said, expected, result):
    wrong = result.wrong()
    if wrong:
        return wrong
    if CLOSE not in expected:   # our own close, where the stream's prefix or an open element forbids it
        said = re.sub(rb'<stream:error><not-well-formed[^>]*></stream:error>(?=</stream:stream>$)', b'', said)
    said, expected = (ANSWER.sub(b'', text).removesuffix(CLOSE) for text in (said, expected))
    if not re.fullmatch(script.pattern(expected), script.shape(said)):
        return 'said %r, not %r' % (script.shape(said)[:700], script.shape(expected)[:700])
    stanzas = result.all_of('stanza')
    for word, rest in case.steps:
        if word == 'outcome':
            code, _, state, _ = rest.split(' ')
            if result.closed['outcome'] != code or code != 'none' and result.closed['state'] != state:
                return 'ended with %r, not %s' % (result.closed, rest)
            wanted = next(status for name, status in STATUS if code.startswith(name))
            if result.status != wanted:
                return 'status %d, not %d: %s' % (result.status, wanted, result.err)
        elif word == 'never' and rest.encode() in way.w.all:
            return 'said %r' % rest
        elif word == 'unlogged' and rest.split(' ')[0] in ('authenticated', 'bound', 'stanza'):
            if rest.split(' ')[0] != 'authenticated' and case.start not in ('ready', 'session') and result.all_of(rest.split(' ')[0]) or \
                    rest == 'authenticated' and way.before == 'sasl' and result.all_of('authenticated'):
                return 'went on: %s' % result.out[-1000:]
        elif word == 'logged' and rest.startswith('stanza ') and not any(
                rest.startswith('stanza %s' % s['name']) for s in stanzas):
            return 'no stanza came: %s' % result.out[-1000:]
    return None


def run(parley, case, pieces, certificates):
    authority, certificate, key = certificates
    with Listener() as listener, \
            Connect(parley, listener.port, authority, *options_of(case.start, case.settings),
                    '--redirects', '0') as command, \
            listener.accept() as w:
        way = Way(w, certificate, key)
        way.pieces, way.before = pieces, ''
        if case.start in ('authenticating', 'proving', 'proved', 'secure_features', 'secure_header', 'plain_features',
                          'plain_header', 'proceed'):
            way.before = 'sasl'
        names = next((s.split()[1:] for s in case.settings if s.startswith('mechanisms')), ())
        way.reach(case.start, *([names] if names else []))
        said, expected = converse(w, way, case)
        w.close()
        return check(case, way, said, expected, command.end())


def main():
    results, lock = Results('client cases'), threading.Lock()
    depth = os.environ.get('PARLEY_DEPTH')
    parley = os.environ['PARLEY']
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        certificates = (authority.certificate, *authority.issue('server'))

        def one(number, case, pieces):
            try:
                why = run(parley, case, pieces, certificates)
            except (Ended, OSError) as e:
                why = '%s: %s' % (type(e).__name__, e)
            with lock:
                results.judge(case.group, case.name, why)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            jobs = []
            for number, case in enumerate(script.cases(FOLDER, 'client')):
                if sys.argv[1:] and not case.name.startswith(tuple(sys.argv[1:])):
                    continue
                why = left_out(case)
                if why:
                    results.leave(case.group, why)
                    continue
                for pieces in (False, True) if depth in ('full', 'long') else (number % 2 == 1,):
                    jobs.append(pool.submit(one, number, case, pieces))
            for job in jobs:
                job.result()
    return results.finish()


if __name__ == '__main__':
    sys.exit(main())

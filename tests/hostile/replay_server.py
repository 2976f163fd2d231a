#!/usr/bin/env python3
"""The case files for a server, said to `parley serve` over sockets and TLS.

  replay_server.py [CASE...]    only the cases that begin so

Each case: reach its state as a client does, say its bytes (whole, or with PARLEY_DEPTH=full also
a byte a TLS record), and compare what comes back and what the log says of the session's end with
what the file asks for."""
import os
import re
import sys
import tempfile
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))
from changes import Changes
from hostile import script
from hostile.results import Results
from hostile.serve import Serve, substitutes
from hostile.wire import Ended

FOLDER = os.path.join(HERE, '..', 'attacks', 'cases')
OPTIONS = {'skip_large', 'attempts', 'authorize', 'refuse', 'taken', 'total_early', 'attributes_early', 'element'}
WORDS = {'expire', 'fail', 'begin', 'close', 'tls', 'lose', 'end'}


def left_out(case):
    """Why a case is not for sockets; None: it is."""
    for setting in case.settings:
        if setting.startswith('mechanisms '):
            return 'mechanisms that this server does not offer'
        if setting.split(' ')[0] in OPTIONS:
            return 'a setting that the command does not have'
    if case.words() & WORDS:
        return 'time, the application or TLS itself'
    if case.start in ('close_sent', 'handshake'):
        return 'time, the application or TLS itself'
    return None


STANZA = re.compile(rb"<(iq|message|presence)\b(?:[^>'\"/]|'[^']*'|\"[^\"]*\")*(?:/>|>.*?</\1>)", re.S)


def without_stanzas(data):
    return STANZA.sub(b'', data)


def closed_line(s, before):
    """The log's line of the session's end, which may come after its last byte."""
    def line():
        return next((line for line in s.log()[before:].splitlines() if ' closed ' in line), None)

    with Changes(os.path.dirname(s.logged), s.process) as changes:
        return changes.until(line, 60) or ''


CLOSE = b'</stream:stream>'


def hear(s, w, over, data, expected):
    """What the server says, to the end. If the session goes on: what is expected is waited for,
    and we close."""
    if over or CLOSE in data:
        while CLOSE not in w.got and not w.ended and CLOSE not in data:
            w.receive()
        w.say(CLOSE)    # else it waits for ours
        w.half_close()
        return w.rest()
    wanted = script.pattern(expected)
    while not re.fullmatch(wanted, script.shape(without_stanzas(w.got))):
        if w.ended or not w.receive():
            break
    w.say(CLOSE)
    w.half_close()
    got = w.rest()
    # a stream that is not open yet, or an element that is, cannot be closed
    return re.sub(rb"(<\?xml[^>]*><stream:stream[^>]* from=''[^>]*>)?<stream:error><not-well-formed[^>]*></stream:error>"
                  rb"(?=</stream:stream>$)", b'', got)


def run(s, case, pieces):
    expected, ends, data = b'', None, b''
    with s.reach(case.start) as w:
        before = len(s.log())
        change = substitutes(w)
        for word, rest in case.steps:
            if word == 'hear':
                data += script.heard(rest, 'server', change)
            elif word == 'say':
                expected += script.expand(rest, 'server')
            elif word == 'outcome':
                ends = rest.split(' ')
        over = expected.endswith(CLOSE) or ends is not None and ends[0] != 'none'
        expected = without_stanzas(expected)
        w.got = w.all = b''
        w.say_pieces(data, 1) if pieces else w.say(data)    # a server that has ended takes no more
        got = without_stanzas(hear(s, w, over, data, expected))
        if not over:
            expected, got = expected.removesuffix(CLOSE), got.removesuffix(CLOSE)
        if not re.fullmatch(script.pattern(expected), script.shape(got)):
            return 'said %r, not %r' % (script.shape(got)[:700], script.shape(expected)[:700])
    line = closed_line(s, before)
    if ends and ends[0] != 'none':
        for name, value in (('outcome', ends[0]), ('state', ends[2]), ('condition', ends[1])):
            if value != '-' and '%s="%s"' % (name, value) not in line:
                return 'ended with %r, not %s' % (line, ' '.join(ends))
    for word, rest in case.steps:
        if word == 'never' and rest.encode() in w.all:
            return 'said %r' % rest
        if word == 'unlogged' and rest == 'authenticated' and ' authenticated ' in s.log()[before:]:
            return 'authenticated'
    return None


def main():
    results = Results('server cases')
    both = os.environ.get('PARLEY_DEPTH') in ('full', 'long')
    with tempfile.TemporaryDirectory() as folder, \
            Serve(os.environ['PARLEY'], folder, '--stanza', '10000', '--sessions', '40') as s:
        for number, case in enumerate(script.cases(FOLDER, 'server')):
            if sys.argv[1:] and not case.name.startswith(tuple(sys.argv[1:])):
                continue
            why = left_out(case)
            if why:
                results.leave(case.group, why)
                continue
            for pieces in (False, True) if both else (number % 2 == 1,):
                try:
                    results.judge(case.group, case.name, run(s, case, pieces))
                except (Ended, OSError) as e:
                    results.judge(case.group, case.name, '%s: %s' % (type(e).__name__, e))
            if s.process.poll() is not None:
                results.judge(case.group, case.name, 'serve is gone: ' + s.stderr()[-2000:])
                break
    return results.finish()


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
"""parley connect and a server that refuses to bind a resource, or the session (RFC 6120 7.6.2, 7.7): what is said of
why."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import PARLEY, Connect, Scripted, certificate, check, ends, run  # noqa: E402

KEY, CHAIN = certificate('good')
STANZAS = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
SESSION = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>"
cases = []


def case(function):
    cases.append(function)
    return function


def refusal(number, content):
    return "<iq type='error' id='%s'>%s</iq>" % (number, content)


def error(condition, text=None, kind='cancel'):
    more = '' if text is None else '<text %s>%s</text>' % (STANZAS, text)
    return "<error type='%s'><%s %s/>%s</error>" % (kind, condition, STANZAS, more)


def close(s):
    s.until('</stream:stream>')
    s.say('</stream:stream>')


def binds_never(content):
    def script(s):
        s.start_tls()
        s.say(refusal(s.authenticate_plainly(), content))
        close(s)
    return script


def at(server, *options):
    return ('--host', '127.0.0.1', '--port', str(server.port), '--ca', CHAIN, '--mechanism', 'PLAIN', *options)


def reason(script, outcome, *options):
    """The one line of why, the same in both forms."""
    with Scripted(script, KEY, CHAIN) as server, Connect(*at(server, *options)) as c:
        ends(c, 7, outcome)
        said = c.events('closed')[0]['reason']
        check(c.events('stanza') == [], c.out)
    with Scripted(script, KEY, CHAIN) as server:
        done = subprocess.run([PARLEY, 'connect', 'romeo@example.org', *at(server, *options)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env={**os.environ, 'PARLEY_PASSWORD': 'orchard'})
    check(done.returncode == 7 and done.stderr.count('\n') == 1, done.stderr)
    line = said.split('), in state ')[1].replace('\n', '\\n').replace('\x9b', '\\u{9b}')
    check(done.stderr.split('), in state ')[1] == line + '\n', (done.stderr, said))
    return said


@case
def the_condition_of_a_refused_bind():
    for condition in ('resource-constraint', 'not-allowed', 'bad-request', 'conflict'):
        said = reason(binds_never(error(condition)), 'bind-refused')
        check(said.endswith('; stanza error ' + condition), said)


@case
def the_text_too():
    said = reason(binds_never(error('resource-constraint', 'three resources are enough', 'wait')), 'bind-refused')
    check(said.endswith("; stanza error resource-constraint, 'three resources are enough'"), said)


@case
def a_text_before_the_condition_is_none():
    content = "<error type='cancel'><text %s>conflict</text><x xmlns='urn:x'/><not-allowed %s/></error>" % (
        STANZAS, STANZAS)
    said = reason(binds_never(content), 'bind-refused')
    check(said.endswith("; stanza error not-allowed, 'conflict'"), said)


@case
def what_says_nothing_is_not_made_up():
    for content in ('', "<error type='cancel'/>", "<error type='cancel'><conflict/></error>",
                    "<error xmlns='urn:x'><conflict %s/></error>" % STANZAS):
        said = reason(binds_never(content), 'bind-refused')
        check('stanza error' not in said, said)


@case
def what_goes_to_a_terminal_is_harmless():
    said = reason(binds_never(error('x' * 60, 'a\nb\u009b' + 'y' * 300)), 'bind-refused')
    check("; stanza error %s, 'a\nb\x9byyy" % ('x' * 60) in said and len(said) < 600, said)


@case
def after_a_conflict_the_second_answer_counts():
    def script(s):
        s.start_tls()
        s.say(refusal(s.authenticate_plainly(), error('conflict')))
        s.say(refusal(s.request(), error('not-allowed')))
        close(s)
    said = reason(script, 'bind-refused', '--resource', 'orchard')
    check(said.endswith('; stanza error not-allowed'), said)


@case
def the_condition_of_a_refused_session():
    def script(s):
        s.start_tls()
        s.bound(s.authenticate_plainly(SESSION))
        s.say(refusal(s.request(), error('internal-server-error', 'no', 'wait')))
        close(s)
    said = reason(script, 'session-refused')
    check(said.endswith("; stanza error internal-server-error, 'no'"), said)


@case
def a_bind_result_that_is_none_has_no_condition():
    def script(s):
        s.start_tls()
        s.say("<iq type='result' id='%s'>%s</iq>" % (s.authenticate_plainly(), error('conflict')))
        close(s)
    said = reason(script, 'bind-result')
    check('stanza error' not in said, said)


sys.exit(run([c for c in cases if c.__name__ in sys.argv[1:]] or cases))

#!/usr/bin/env python3
"""parley demo: all six steps, in order, readable, and no secret in what it prints."""
import base64
import os
import re
import subprocess
import sys
import time

PARLEY = os.environ['PARLEY']
PASSWORDS = ('wherefore art thou', 'a rose by any other name')
results = []


def expect(name, good, detail=''):
    results.append(bool(good))
    if not good:
        print('FAIL %s%s' % (name, ': ' + detail if detail else ''))


def run(*arguments):
    return subprocess.run([PARLEY, 'demo', *arguments], capture_output=True, text=True, timeout=60)


begun = time.monotonic()
done = run()
took = time.monotonic() - begun
text = done.stdout
lines = text.splitlines()

expect('status', done.returncode == 0, '%d, %s' % (done.returncode, done.stderr))
expect('nothing on stderr', done.stderr == '', done.stderr)
expect('headings', [l[0] for l in lines if re.match(r'[0-9]  [A-Z]', l)] == list('123456'))
expect('verdict', 'All six steps were done' in lines[-2], '\n'.join(lines[-2:]))
expect('columns', max(map(len, lines)) <= 100, max(lines, key=len))
expect('no colour where there is no terminal', '\x1b' not in text)
expect('well under a second', took < 5, '%.1f s' % took)      # sanitizers and a busy machine included

# What each step must show, in this order.
ORDER = ("<stream:stream", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>", "<required/>",
         "--> server  [proceed]", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed ",
         "** TLS 1.2, TLS_ECDHE_ECDSA_", "example.org's, and trusted", "--> server  [secure_header]",
         "<mechanism>SCRAM-SHA-256</mechanism>", "<auth ", "<challenge ", "<response ", "<success ",
         "3  Bind", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'", "<resource>orchard</resource>",
         "<jid>romeo@example.org/orchard</jid>", "4  Establish", "<session ", "5  Exchange",
         "<query xmlns='jabber:iq:roster'/>", "<item jid='juliet@example.org' subscription='both'/>",
         "<presence/>", "juliet <-- server  [ready]", "<presence from='romeo@example.org/orchard'",
         "<presence from='juliet@example.org/balcony'", "juliet <-- server  [ready]", "<message ",
         "juliet --> server  [ready]", "romeo  <-- server  [ready]", "6  Close",
         "romeo  --> server  [close_sent]", "</stream:stream>", "romeo  <-- server  [closed]",
         "</stream:stream>", "juliet <-- server  [ready]", "type='unavailable'", "All six")
at = 0
for mark in ORDER:
    found = text.find(mark, at)
    expect('in its order: ' + mark, found >= 0)
    at = found + len(mark) if found >= 0 else at
expect('clauses', len(re.findall(r'RFC \d{4} [\d.]+$', text, re.M)) > 30)

# Secrets: passwords, SASL messages in base64 or decoded, and what they hold.
for password in PASSWORDS:
    expect('password hidden', password not in text)
    expect('password hidden in base64', base64.b64encode(password.encode()).decode()[:16] not in text)
for element in ('auth', 'challenge', 'response', 'success'):
    inside = re.findall(r'<%s [^>]*>([^<]*)</%s>' % (element, element), text)
    expect('%s hidden' % element, inside == ['(hidden)'], str(inside))
expect('no SCRAM attributes', not re.search(r'\b[nrscpv]=[A-Za-z0-9+/]', text))

expect('--help', run('--help').returncode == 0 and 'six steps' in run('--help').stdout)
expect('an argument too many', run('romeo').returncode == 2)
expect('an unknown option', run('--nothing').returncode == 2)

print('%d passed, %d failed' % (sum(results), len(results) - sum(results)))
sys.exit(0 if all(results) else 1)

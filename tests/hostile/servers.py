#!/usr/bin/env python3
"""Hostile servers, and what `parley connect` does about them.

  servers.py [CASE...]"""
import os
import re
import ssl
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile import scram
from hostile.cases import EARLY, check, ends, ends_in_order, run
from hostile.connect import (BIND, PROCEED, SASL, STARTTLS, SUCCESS, TLS, features, header,
                             mechanisms)

CLOSE = '</stream:stream>'
cases = []


def case(function):
    cases.append(function)
    return function


def never_authenticates(result, status=None, says=''):
    if status is not None:
        ends(result, status, says=says)
    check(b'<auth' not in result.way.w.all, 'it sent <auth>', result.way.w.all)
    check(not result.all_of('authenticated'), result.out)
    return result


# ------------------------------------------------------------------ STARTTLS

@case
def tls_stripping(world):
    """TLS is not offered, or not in any way that counts; never a password, never a session."""
    offers = (mechanisms('PLAIN', 'SCRAM-SHA-256'), features(), features('<bind %s/>' % BIND),
              features("<starttls xmlns='jabber:client'/>"), features('<x xmlns="u"><starttls %s/></x>' % TLS),
              features('<STARTTLS %s/>' % TLS), features("<starttls/>"),
              mechanisms('ANONYMOUS'), features("<auth xmlns='http://jabber.org/features/iq-auth'/>"),
              features('<mechanisms %s><mechanism>EXTERNAL</mechanism></mechanisms><bind %s/>' % (SASL, BIND)))
    for offer in offers:
        def script(way, offer=offer):
            way.reach('plain_header')
            way.w.say(header() + offer)
            way.w.until('<starttls|' + CLOSE)     # it may ask regardless (RFC 7590 3.1)
            way.w.say('<failure %s/>%s' % (TLS, CLOSE))
            way.w.farewell()
        result = world.connect(script)
        never_authenticates(result)
        check(result.status == 4, result.status, result.err, offer)


@case
def old_servers(world):
    """A header without a version, or with one that is none: no legacy authentication."""
    for version in ('', " version='0.9'", " version='2.0'", " version='x'"):
        def script(way, version=version):
            way.reach('plain_header')
            way.w.say("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                      "from='example.com' id='a'%s>" % version)
            way.w.say(features())
            way.w.farewell()
        result = never_authenticates(world.connect(script))
        check(result.status in (4, 6), result.status, result.err)
        check(b'jabber:iq:auth' not in result.way.w.all, 'legacy authentication')


@case
def injected_plaintext(world):
    """Whatever comes with <proceed/> in the clear reaches only TLS."""
    for more in (header() + mechanisms('PLAIN'), ' ', '\n', '\r\n', '<', 'x', '<a/>', PROCEED, CLOSE, '\0',
                 '\x15\x03\x03\x00\x02\x02\x28', '<!--', SUCCESS):
        def script(way, more=more):
            way.reach('proceed')
            way.w.say(PROCEED + more)
            way.w.tls_server(*way.certificates)
            way.w.farewell()
        result = world.connect(lambda way: script(_with(way)))
        never_authenticates(result, 4)


def _with(way):
    way.certificates = (way.certificate, way.key)
    return way


@case
def refused_starttls(world):
    for answer in ('<failure %s/>' % TLS, '<failure %s/>%s' % (TLS, CLOSE), "<proceed xmlns='jabber:client'/>",
                   SUCCESS, features(), CLOSE, '<proceed/>', "<message/>", '<stream:error/>', 'x',
                   '<PROCEED %s/>' % TLS, "<p:proceed xmlns:p='jabber:client'/>"):
        def script(way, answer=answer):
            way.reach('proceed')
            way.w.say(answer)
            way.w.farewell()
        result = never_authenticates(world.connect(script))
        check(result.status in (4, 5, 6, 9), answer, result.status, result.err)
        check(b'\x16\x03' not in result.way.w.all, 'it began TLS')


@case
def starttls_again(world):
    """Features inside TLS that offer TLS once more, or nothing but it."""
    def script(way):
        way.reach('secure_header')
        way.w.say(header(2) + STARTTLS)
        way.w.farewell()
    never_authenticates(world.connect(script))


# ------------------------------------------------------------------ certificates

def otherName(oid, text, kind='IA5STRING'):
    return 'otherName:%s;%s:%s' % (oid, kind, text)


SRV, ADDRESS = '1.3.6.1.5.5.7.8.7', '1.3.6.1.5.5.7.8.5'


@case
def wrong_certificates(world):
    other = type(world.authority)(world.folder, 'other-authority')
    issue = world.authority.issue
    middle = issue('not-an-authority', 'DNS:middle.example')
    by_leaf = type(world.authority).__new__(type(world.authority))
    by_leaf.__dict__.update(world.authority.__dict__)
    by_leaf.certificate, by_leaf.key = middle
    leaf = by_leaf.issue('issued-by-a-leaf')
    with open(world.path('chain-by-a-leaf.pem'), 'w') as chain:
        for part in (leaf[0], middle[0]):
            with open(part) as file:
                chain.write(file.read())
    wrong = {
        'expired': issue('expired', days=-1),
        'of an authority that is not trusted': other.issue('unknown'),
        'self-signed': issue('self', self_signed=True),
        'issued by a leaf': (chain.name, leaf[1]),
        'another name': issue('another', 'DNS:example.net'),
        'a longer name': issue('longer', 'DNS:example.com.evil.example'),
        'a name within': issue('within', 'DNS:xexample.com'),
        'a subdomain': issue('subdomain', 'DNS:xmpp.example.com'),
        'the name of where it runs': issue('host', 'DNS:localhost,IP:127.0.0.1'),
        'a wildcard for the name below': issue('below', 'DNS:*.example.com'),
        'a wildcard for a top level': issue('top', 'DNS:*.com'),
        'a wildcard for all': issue('all', 'DNS:*'),
        'a part of a wildcard': issue('part', 'DNS:ex*.com,DNS:*example.com,DNS:exampl?.com'),
        'NUL in the name': issue('nul', otherName('2.5.29.17', 'x') + ',DNS:example.net'),
        'a common name beside another name': issue('cn', 'DNS:example.net', subject='/CN=example.com'),
        'a common name alone': issue('cn-alone', '', subject='/CN=example.com'),
        'a name with a dot more': issue('dot', 'DNS:.example.com'),
        'SRV of servers': issue('srv', otherName(SRV, '_xmpp-server.example.com')),
        'SRV of another name': issue('srv-other', otherName(SRV, '_xmpp-client.example.net')),
        'an XmppAddr with a user': issue('address', otherName(ADDRESS, 'mbed@example.com', 'UTF8')),
        'a mail address': issue('mail', 'email:mbed@example.com'),
        'an URI': issue('uri', 'URI:xmpp:example.com'),
        'an IP address': issue('ip', 'IP:127.0.0.1'),
        'SHA-1': issue('sha1', digest='sha1'),
        'RSA of 1024 bits': issue('rsa1024', kind='rsa1024'),
    }
    for name, pair in wrong.items():
        for trusted in (world.authority.certificate,):
            def script(way):
                way.reach('proceed')
                way.w.say(PROCEED)
                way.w.tls_server(way.certificate, way.key)
                check(not way.w.farewell(), name, 'was taken')
            result = world.connect(script, certificate=pair, authority=trusted)
            never_authenticates(result)
            check(result.status == 4, name, result.status, result.err)
            check('ertificate' in result.err or 'TLS' in result.err, name, result.err)
    world.results.note('%d wrong certificates refused' % len(wrong))


@case
def good_certificates(world):
    """What must be taken, so that the refusals mean something."""
    issue = world.authority.issue
    good = {
        'upper case': (issue('upper', 'DNS:EXAMPLE.COM'), 'mbed@example.com'),
        'the second of two': (issue('second', 'DNS:example.net,DNS:example.com'), 'mbed@example.com'),
        'SRV of clients': (issue('srv-client', otherName(SRV, '_xmpp-client.example.com')), 'mbed@example.com'),
        'XmppAddr': (issue('xmpp', otherName(ADDRESS, 'example.com', 'UTF8')), 'mbed@example.com'),
        'RSA': (issue('rsa', kind='rsa2048'), 'mbed@example.com'),
        'A-label': (issue('idn', 'DNS:xn--bcher-kva.example'), 'mbed@b\u00fccher.example'),
        'wildcard': (issue('wild', 'DNS:*.example.com'), 'mbed@a.example.com'),
    }
    for name, (pair, jid) in good.items():
        def script(way):
            way.w.until('<stream:stream[^>]*>')
            domain = jid.split('@')[1]
            way.w.say((header() + STARTTLS).replace('example.com', domain).encode())
            way.w.until('<starttls[^>]*/>')
            way.w.say(PROCEED)
            way.w.tls_server(way.certificate, way.key)
            way.w.until('<stream:stream[^>]*>')
            way.w.say((header(2) + mechanisms('PLAIN')).replace('example.com', domain).encode())
            way.w.until('</auth>')
            way.w.say('<failure %s><not-authorized/></failure>%s' % (SASL, CLOSE))
            way.w.farewell()
        result = world.connect(script, certificate=pair, jid=jid)
        check(result.status == 5 and result.all_of('tls')[0]['verified'], name, result.status, result.err)


@case
def wrong_pins(world):
    def script(way):
        way.reach('proceed')
        way.w.say(PROCEED)
        way.w.tls_server(way.certificate, way.key)
        way.w.farewell()
    never_authenticates(world.connect(script, '--pin', '00' * 32), 4)


@case
def old_tls(world):
    """Versions and suites that are not to be used any more (RFC 7590, RFC 9325)."""
    rsa = world.authority.issue('rsa-old', kind='rsa2048')
    versions = ssl.TLSVersion
    for version, ciphers, pair in (
            (versions.TLSv1, None, world.good), (versions.TLSv1_1, None, world.good),
            (versions.TLSv1_2, 'AES128-SHA:@SECLEVEL=0', rsa), (versions.TLSv1_2, 'AES128-GCM-SHA256:@SECLEVEL=0', rsa),
            (versions.TLSv1_2, 'ECDHE-RSA-AES128-SHA:@SECLEVEL=0', rsa),
            (versions.TLSv1_2, 'ECDHE-ECDSA-AES256-SHA384:@SECLEVEL=0', world.good),
            (versions.TLSv1_2, 'NULL:@SECLEVEL=0', rsa), (versions.TLSv1_2, 'ADH:AECDH:@SECLEVEL=0', rsa)):
        def script(way):
            way.reach('proceed')
            way.w.say(PROCEED)
            way.w.tls_server(way.certificate, way.key, newest=version, oldest=version, ciphers=ciphers)
            way.w.farewell()
        result = never_authenticates(world.connect(script, certificate=pair))
        check(result.status == 4, version, ciphers, result.status, result.err)


@case
def not_tls_at_all(world):
    """After <proceed/>: an alert, another protocol, plain XML, nothing but records of 0 bytes."""
    for answer in (b'\x15\x03\x03\x00\x02\x02\x28', b'HTTP/1.1 400 Bad Request\r\n\r\n', (header() + features()).encode(),
                   b'\x16\x03\x03\x00\x00' * 100, b'\x16\x03\x03\xff\xff' + b'x' * 65535, b'\x17\x03\x03\x00\x01x',
                   b'\x00' * 4096, b'\xff' * 4096, b'\x80\x2e\x01\x03\x01'):
        def script(way):
            way.reach('proceed')
            way.w.say(PROCEED)
            way.w.until(r'\x16\x03')
            way.w.say(answer)
            way.w.half_close()
            way.w.farewell()
        result = never_authenticates(world.connect(script, timeout='5'))
        check(result.status in (3, 4), answer[:20], result.status, result.err)


# ------------------------------------------------------------------ SASL

def scram_lie(world, act, *options):
    """`act(way)` answers the client's first message."""
    def script(way):
        way.reach('authenticating')
        act(way)
        way.w.farewell()
    result = world.connect(script, *options, state='proving')
    check(not result.all_of('authenticated'), result.out)
    check(result.status in (5, 6, 8), result.status, result.err)
    return result


def say_b64(way, element, text):
    way.w.say('<%s %s>%s</%s>' % (element, SASL, scram.b64(text), element))


@case
def lying_scram_first(world):
    """Server-first messages that must end it before a key is derived, and no proof leaves."""
    first = 'r=%s,s=c2FsdA==,i=%s'
    lies = [lambda w, n=n: first % (w.nonce + 'x', n) for n in
            ('0', '1', '4095', '-4096', '+4096', '04096', '4096x', '4294971392', '18446744073709555712', '4294967295',
             '10000000', '', ' 4096', '4096 ')]
    lies += [lambda w: first % (w.nonce, '4096'), lambda w: first % ('x' + w.nonce, '4096'),
             lambda w: first % (w.nonce[:-1], '4096'), lambda w: first % ('', '4096'),
             lambda w: first % (w.nonce.swapcase() + 'x', '4096'), lambda w: first % (w.nonce + ' x', '4096'),
             lambda w: 'r=%sx,s=,i=4096' % w.nonce, lambda w: 'r=%sx,s=!!,i=4096' % w.nonce,
             lambda w: 'r=%sx,s=%s,i=4096' % (w.nonce, 'A' * 80000), lambda w: 'r=%s,s=c2FsdA==,i=4096' % (w.nonce + 'x' * 8000),
             lambda w: 'm=x,r=%sx,s=c2FsdA==,i=4096' % w.nonce, lambda w: 's=c2FsdA==,r=%sx,i=4096' % w.nonce,
             lambda w: 'r=%sx,s=c2FsdA==' % w.nonce, lambda w: 'e=other-error', lambda w: '', lambda w: ',',
             lambda w: 'v=AAAA', lambda w: 'r=%sx,r=%sx,s=c2FsdA==,i=4096' % (w.nonce, w.nonce),
             lambda w: 'r=%sx,s=c2FsdA==,i=4096,i=1' % w.nonce]
    kept = []
    for number, lie in enumerate(lies):
        def act(way):
            say_b64(way, 'challenge', lie(way))
            kept.append((number, b'<response' in way.w.farewell()))
        result = scram_lie(world, act)
        if number in (2, 10):   # what the command has no option for is the operator's to set right
            check("ask the server's operator" in result.err, result.err)
    sent = [number for number, response in kept if response]
    # what comes after i= is an extension: it may be ignored (RFC 5802 5.1), not its meaning changed
    check(set(sent) <= {len(lies) - 1}, 'a proof left for', sent)


@case
def lying_scram_last(world):
    """The server does not know the password, and says success."""
    def proof(way):
        way.challenge()
        check(way.response(), 'the proof is wrong')
        return way.proof

    other = 'v=' + scram.b64(b'x' * 32)
    lies = (lambda p: SUCCESS, lambda p: success(other), lambda p: success('v=' + p[:-8]), lambda p: success('v='),
            lambda p: success('v=' + p + 'AAAA'), lambda p: success('e=other-error'), lambda p: success(p),
            lambda p: success('V=' + p), lambda p: success('x=1,v=' + p), lambda p: '<success %s>=</success>' % SASL,
            lambda p: success(''), lambda p: '<success %s>v=%s</success>' % (SASL, p), lambda p: features('<bind %s/>' % BIND),
            lambda p: "<success xmlns='jabber:client'>%s</success>" % scram.b64('v=' + p),
            lambda p: '<challenge %s>%s</challenge>%s' % (SASL, scram.b64(other), SUCCESS),
            lambda p: '<success %s>%s<x/></success>' % (SASL, scram.b64('v=' + p)),
            lambda p: '<message><success %s>%s</success></message>' % (SASL, scram.b64('v=' + p)))
    for lie in lies:
        def act(way):
            way.w.say(lie(proof(way)))
        scram_lie(world, act)
    # and right away, after <auth/>
    for early in (SUCCESS, success('v=' + scram.b64(b'x' * 32)), SUCCESS + header(3)):
        scram_lie(world, lambda way: way.w.say(early))


def success(text):
    return '<success %s>%s</success>' % (SASL, scram.b64(text))


@case
def other_mechanisms(world):
    """Weaker ones than allowed, names that are nearly right; and none twice after a failure."""
    for names in (('PLAIN',), ('SCRAM-SHA-25',), ('SCRAM-SHA-2566',), ('scram-sha-256',), (' SCRAM-SHA-256 ',),
                  ('SCRAM-SHA-256\n',), ('',), ('ANONYMOUS', 'EXTERNAL', 'DIGEST-MD5', 'X' * 8)):
        def script(way):
            way.reach('secure_header')
            way.w.say(header(2) + mechanisms(*names))
            way.w.farewell()
        result = never_authenticates(world.connect(script, state='proving'))
        check(result.status == 5, names, result.status, result.err)

    def script(way):
        way.reach('authenticating', offered=('SCRAM-SHA-256', 'PLAIN'))
        way.w.say('<failure %s><not-authorized/></failure>' % SASL)
        check(b'<auth' not in way.w.farewell(), 'it tried another')
    ends(world.connect(script, '--mechanism', 'PLAIN', state='proving'), 5)


@case
def endless_challenges(world):
    def script(way):
        way.reach('authenticating')
        for _ in range(100000):
            if not way.w.say('<challenge %s/>' % SASL):
                break
        way.w.farewell()
    for state in ('authenticating', 'proving'):
        result = world.connect(script, state=state)
        check(result.status in (5, 6, 8), result.status, result.err)
        check(not result.all_of('authenticated'), result.out)
        check(result.after.count(b'<response') <= 2, 'it answers for ever')


@case
def endless_failures(world):
    def script(way):
        way.reach('authenticating')
        way.w.say('<failure %s><temporary-auth-failure/></failure>' % SASL * 1000)
        check(b'<auth' not in way.w.farewell(), 'once more')
    ends(world.connect(script), 5)


# ------------------------------------------------------------------ what never ends

def flood(way, piece, most=100 << 20):
    """Says `piece` until it is not taken any more; how many bytes."""
    sent = 0
    data = (piece if isinstance(piece, bytes) else piece.encode()) * max(1, 65536 // len(piece))
    way.w.sock.settimeout(20)
    while sent < most and way.w.say(data):
        sent += len(data)
    return sent


ENDLESS = {
    'children': ('<stream:features>', "<x xmlns='u'/>"), 'one text': ('<stream:features><x>', 'y'),
    'one tag': ('<stream:features ', 'y'), 'attributes': None, 'one attribute': ("<stream:features a='", 'y'),
    'depth': ('', '<a>'), 'white space': ('', ' \n'), 'features': ('', features()),
    'mechanisms': ("<stream:features><mechanisms %s>" % SASL, '<mechanism>X</mechanism>'),
    'CDATA': ('<stream:features><x><![CDATA[', 'y'), 'zeros': ('<stream:features><x>&#', '0'),
}


@case
def endless_before_authentication(world):
    """Ended at a limit, of bytes and not of time, and long before 100 MB."""
    for state in ('plain_features', 'secure_features'):
        for name, parts in ENDLESS.items():
            def script(way):
                way.reach(state)
                if parts is None:
                    way.w.say('<stream:features ' + ' '.join("a%d=''" % i for i in range(20000)) + '/>')
                else:
                    way.w.say(parts[0])
                    flood(way, parts[1], 20 << 20)      # what comes behind its error is dropped
                way.w.farewell()
            result = never_authenticates(world.connect(script, timeout='60'))
            check(result.status in (4, 5, 6, 8), name, state, result.status, result.err)
            check('raise' not in result.err, 'advice that cannot be followed:', result.err)
            at = re.search(r'at byte (\d+) of the stream', result.err)
            check(at is None or int(at[1]) <= 65536 + 8192, name, 'was read to byte', at and at[1])


@case
def endless_headers(world):
    for piece in (" x%s='y'", ' ', "<a>", ' y', "'"):
        def script(way):
            way.reach('plain_header')
            way.w.say("<stream:stream")
            flood(way, piece, 20 << 20)
        result = never_authenticates(world.connect(script, timeout='60'))
        check(result.status in (6, 8), piece, result.status, result.err)


@case
def a_hundred_megabytes(world):
    """A stanza of 100 MB, of text or of elements, is left out, and white space is read over, in the
    memory of a small one."""
    def peak(way):
        with open('/proc/%d/status' % way.command.process.pid) as file:
            return int(re.search(r'VmHWM:\s*(\d+)', file.read())[1])

    grown = []
    most = 100 << 20 if world.depth != 'short' else 20 << 20
    for before, piece, behind in (("<message from='a@b' id='large'><body>", 'x' * 1000, '</body></message>'),
                                  ("<message from='a@b' id='many'>", "<a b='c'>d</a>", '</message>'), ('', ' ', '')):
        def script(way):
            way.reach('ready')
            way.w.say("<message id='first'/>")
            way.w.say(before)
            way.w.say(piece * 100)
            begin = peak(way)
            sent = flood(way, piece, most)
            check(sent >= most, 'only', sent, 'bytes were taken')
            way.w.say(behind + "<iq type='get' id='last' from='a@b'><q xmlns='u'/></iq>")
            way.w.until("id='last'")
            grown.append(peak(way) - begin)
            way.w.say(CLOSE)
            way.w.farewell()
        result = world.connect(script, listen='300', timeout='120')
        check(result.status == 0 and ('warning' in result.err or not result.err), result.status, result.err)
    check(max(grown) < 4096, 'memory grew by kB:', grown)
    world.results.note('%d MB taken in ready, memory grew by at most %d kB' % (3 * most >> 20, max(grown)))


# ------------------------------------------------------------------ stanzas, cuts, closes

@case
def stanzas_before_ready(world):
    """Nothing that comes before the session is bound is a stanza."""
    for state in EARLY:
        for stanza in ("<message from='evil@evil.example'><body>early</body></message>", "<presence/>",
                       "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>"):
            if state == 'session' and stanza.startswith(('<m', '<p')):
                continue    # the session is bound: they are delivered once it is ready
            def script(way):
                way.reach(state)
                way.w.say(stanza)
                way.w.farewell()
            result = world.connect(script, state=state)
            check(result.status not in (0, 1, 2), state, result.status, result.err)
            check(not result.all_of('stanza'), state, result.out)


@case
def records(world):
    """Stanzas cut at every byte into records, inside characters and references; and many in one."""
    text = "<message from='a@b' id='m%d'><body>\u20ac &#x20AC; &amp; \U0001f339</body></message>"

    def script(way):
        way.reach('ready')
        way.w.say_pieces((text % 1).encode(), 1)
        way.w.say_pieces((text % 2).encode(), 3)
        way.w.say(''.join(text % n for n in range(3, 130)).encode()[:16384 * 2])
        whole = ''.join(text % n for n in range(3, 130)).encode()[16384 * 2:]
        way.w.say(whole)
        way.w.say(CLOSE)
        way.w.farewell()
    result = ends_in_order(world.connect(script))
    stanzas = result.all_of('stanza')
    check([s['id'] for s in stanzas] == ['m%d' % n for n in range(1, 130)], len(stanzas))
    check({s['body'] for s in stanzas} == {'\u20ac \u20ac & \U0001f339'}, stanzas[0])


@case
def truncation(world):
    """TCP ends without close_notify; what was not whole is not delivered."""
    for last in ('', "<message from='a@b'><body>half", "<message from='a@b'><body>half</body></message", ' '):
        def script(way):
            way.reach('ready')
            way.w.say("<message from='a@b' id='whole'/>" + last)
            way.w.half_close()
            way.w.farewell()
        result = ends(world.connect(script), 3)
        check([s['id'] for s in result.all_of('stanza')] == ['whole'], result.out)


@case
def never_closes(world):
    """Our close is not answered: it ends in order all the same, in time."""
    def script(way):
        way.reach('ready')
        way.w.until(CLOSE)
        way.w.say("<message from='a@b'/>")
        way.w.rest()
    ends_in_order(world.connect(script, '--presence', listen=None))


@case
def see_other_host(world):
    """A redirection in the clear is not followed; one inside TLS brings no password to where it
    leads."""
    for state in ('plain_features', 'secure_features', 'ready'):
        def script(way):
            way.reach(state)
            way.w.say("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:1"
                      "</see-other-host></stream:error>" + CLOSE)
            way.w.farewell()
        result = world.connect(script)
        check(result.status in ((8,) if state == 'plain_features' else (3, 8, 9)), state, result.status, result.err)
        check(state == 'ready' or b'<auth' not in result.after, state, 'it sent <auth>')

if __name__ == '__main__':
    sys.exit(run(cases))

#!/usr/bin/env python3
"""Stanzas that pretend to come from somebody else, and what `parley connect` believes and answers
(<parley/safety.h>).

  spoofs.py [CASE...]"""
import os
import re
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile.cases import check, ends_in_order, run

CLOSE = '</stream:stream>'
STANZAS = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
cases = []


def case(function):
    cases.append(function)
    return function


STRANGERS = ('evil@evil.example', 'mbed@example.com.evil', 'xmbed@example.com', 'mbed@example.com/other', 'example.net', 'evil.example/mbed',
             'example.com/mbed', '', '@', 'mbed@', 'mbed@example.com/', '@example.com', ' mbed@example.com', 'mbed@@example.com')
OWN = ('', " from='mbed@example.com'", " from='MBED@Example.COM'")
FORGED = (*("<iq type='result' id='%%s' from='%s'>" % who for who in STRANGERS),
          "<iq type='result' id='%sx'>", "<iq type='set' id='%s'>", "<iq type='get' id='%s'>", "<iq type='RESULT' id='%s'>",
          "<iq id='%s'>", "<iq xmlns:c='u' c:type='result' id='%s'>", "<message type='result' id='%s'>")


@case
def iq_and_roster_spoofing(world):
    """Only the account's answer to the request is the roster; a stranger's error does not end it
    either."""
    def script(way):
        way.reach('ready')
        request = way.w.until('jabber:iq:roster.*?</iq>').decode()
        name = re.search(r"id='([^']*)'", request)[1]
        for forged in FORGED:
            end = '</message>' if 'message' in forged else '</iq>'
            way.w.say(forged % name + "<query xmlns='jabber:iq:roster'><item jid='forged@example.com'/></query>" + end)
        for who in STRANGERS:
            way.w.say("<iq type='error' id='%s' from='%s'><error type='cancel'><forbidden %s/></error></iq>" % (name, who, STANZAS))
        way.w.say("<iq type='result' id='%s'><query xmlns='jabber:iq:roster'><item jid='friend@example.com'/></query></iq>"
                  % name)
        way.w.until(CLOSE)
        way.w.say(CLOSE)
        way.w.farewell()
    result = ends_in_order(world.connect(script, '--roster', listen=None))
    rosters = result.all_of('roster')
    check(len(rosters) == 1 and [i['jid'] for i in rosters[0]['items']] == ['friend@example.com'], result.out)


def listens(way, said):
    """Says stanzas to a client that is ready, and then a ping, whose answer is awaited; what the
    client answered before that."""
    way.reach('ready')
    way.w.all = b''
    for stanza in said:
        way.w.say(stanza)
    way.w.say("<iq type='get' id='last' from='example.com'><ping xmlns='urn:xmpp:ping'/></iq>")
    way.w.until("id='last'.*?</iq>")
    answers = way.w.all
    way.w.say(CLOSE)
    way.w.farewell()
    return answers.split(b"<iq type='error' id='last'")[0]


@case
def roster_pushes(world):
    """Who pushes a contact (CVE-2015-8688, CVE-2016-9928, CVE-2019-16236): the own account alone."""
    push = "<iq type='set' id='%s'%s><query xmlns='jabber:iq:roster'><item jid='%s@example.com' subscription='both'/></query></iq>"

    def script(way):
        forged = [push % ('f%d' % n, " from='%s'" % who, 'forged') for n, who in enumerate(STRANGERS)]
        heard = listens(way, forged + [push % ('t%d' % n, own, 'true%d' % n) for n, own in enumerate(OWN)] +
                        ["<iq type='set' id='two'><query xmlns='jabber:iq:roster'><item jid='a@b'/><item jid='c@d'/></query></iq>"])
        accepted = re.findall(rb"<iq type='result' id='(\w+)'", heard)
        check(accepted == [b't%d' % n for n in range(len(OWN))], heard)
        check(b"<iq type='error' id='two'" in heard and b'<bad-request' in heard, heard)
    result = ends_in_order(world.connect(script))
    check([p['jid'] for p in result.all_of('push')] == ['true%d@example.com' % n for n in range(len(OWN))], result.out)


@case
def carbons(world):
    """A copy of a message (XEP-0280) is shown as what it holds if the own account made it, and
    from nobody else (CVE-2017-5589 and ten more, CVE-2019-16235, CVE-2020-26547)."""
    def copy(attributes, way, body, space='urn:xmpp:carbons:2'):
        return ("<message%s><%s xmlns='%s'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='juliet@example.org/b' "
                "to='mbed@example.com/x' type='chat'><body>%s</body></message></forwarded></%s></message>" % (
                    attributes, way, space, body, way))

    def script(way):
        said = [copy(" from='%s'" % who, kind, 'forged') for who in STRANGERS for kind in ('received', 'sent')]
        said += [copy('', 'received', 'forged', 'urn:xmpp:carbons:1'), copy('', 'copied', 'forged'),
                 copy('', 'received', 'forged').replace('<received', '<x><received').replace('</received>', '</received></x>')]
        said += [copy(own, kind, '%s %d' % (kind, n)) for n, own in enumerate(OWN) for kind in ('received', 'sent')]
        check(listens(way, said) == b'', 'it answered')
    result = ends_in_order(world.connect(script))
    copies = result.all_of('copy')
    check([c['body'] for c in copies] == ['%s %d' % (kind, n) for n in range(len(OWN)) for kind in ('received', 'sent')],
          result.out)
    check(all(c['from'] == 'juliet@example.org/b' and c['sent'] == c['body'].startswith('sent') for c in copies), copies)
    check('forged' not in result.out, result.out)


@case
def who_sent_it(world):
    """Each stanza is shown with who the server says sent it; what only looks like the account or the
    server is neither."""
    senders = {None: 'account', 'mbed@example.com': 'account', 'MBED@EXAMPLE.com': 'account', 'example.com': 'server',
               'mbed@example.com/r': 'self', 'mbed@example.com/other': 'resource', 'example.com/mbed': 'other',
               'mbed@example.com.evil': 'other', 'xmbed@example.com': 'other', 'a@b/mbed@example.com': 'other',
               '': 'nobody', '@': 'nobody', 'mbed@': 'nobody', ' mbed@example.com': 'nobody', 'mbed@example.com/': 'nobody'}

    def script(way):
        listens(way, ['<message%s/>' % ('' if who is None else " from='%s'" % who) for who in senders])
    result = ends_in_order(world.connect(script))
    seen = {s['from']: s['sender'] for s in result.all_of('stanza') if s['name'] == 'message'}
    check(seen == senders, seen)


@case
def nothing_is_answered_twice(world):
    """Errors, answers and what nobody can have asked are not answered; requests are, whoever asks."""
    error = "<error type='cancel'><forbidden %s/></error>" % STANZAS

    def script(way):
        silent = ["<%s type='error' id='e' from='a@b'>%s</%s>" % (name, error, name) for name in ('iq', 'message', 'presence')]
        silent += ["<iq type='result' id='r' from='a@b'/>", "<iq type='get' from='a@b'><q xmlns='u'/></iq>",
                   "<iq type='get' id='n' from='@'><q xmlns='u'/></iq>", "<iq type='set' id='n' from=''><q xmlns='u'/></iq>"]
        check(listens(way, silent) == b'', 'it answered')
    ends_in_order(world.connect(script))

    def asks(way):
        heard = listens(way, ["<iq type='get' id='g' from='a@b'><q xmlns='u'/></iq>", "<iq type='set' id='s'><q xmlns='u'/></iq>",
                              "<iq type='x' id='x' from='a@b'><q xmlns='u'/></iq>", "<iq type='get' id='two' from='a@b'><q xmlns='u'/><q xmlns='u'/></iq>",
                              "<iq type='get' id='none' from='a@b'/>"])
        check(re.findall(rb"<iq type='(\w+)' id='(\w+)'", heard) == [(b'error', n) for n in (b'g', b's', b'x', b'two', b'none')], heard)
    ends_in_order(world.connect(asks))


@case
def unknown_content(world):
    """RFC 6120 8.4: what is not known of a message or presence is passed over, and not answered; a
    request with it is refused."""
    unknown = "<x xmlns='urn:unknown'><body>not this</body><show>not this</show></x>"

    def script(way):
        heard = listens(way, ["<message from='a@b' id='m'>%s</message>" % unknown,
                              "<message from='a@b' id='n'>%s<body>this</body>%s</message>" % (unknown, unknown),
                              "<presence from='a@b' id='p'>%s</presence>" % unknown, "<presence from='a@b' id='q'/>"])
        check(heard == b'', 'it answered', heard)
    result = ends_in_order(world.connect(script))
    seen = {s['id']: s for s in result.all_of('stanza')}
    check(seen['m']['body'] is None and seen['n']['body'] == 'this', seen)
    check({k: v for k, v in seen['p'].items() if k != 'id'} == {k: v for k, v in seen['q'].items() if k != 'id'}, seen)
    check('not this' not in result.out, result.out)

    def asks(way):
        heard = listens(way, ["<iq type='get' id='g' from='a@b'>%s</iq>" % unknown])
        check(b"id='g'" in heard and b'<service-unavailable' in heard, heard)
    ends_in_order(world.connect(asks))


@case
def returned_messages(world):
    """That a message could not be delivered is for its address or the server to say."""
    back = "<message type='error' id='%s'%s><error type='cancel'><item-not-found %s/></error></message>"

    def talk(senders, change=''):
        def script(way):
            way.reach('ready')
            name = re.search(r"id='([^']*)'", way.w.until('<message .*?</message>').decode())[1] + change
            for who in senders:
                way.w.say(back % (name, who and " from='%s'" % who, STANZAS))
            way.w.say(CLOSE)
            way.w.farewell()
        return world.connect(script, '--to', 'Juliet@example.org/b', '--message', 'hello').err

    check(not talk(('evil@evil.example', 'juliet@example.org.evil', 'mbed@example.com/other', '@', 'example.org')), 'a stranger is believed')
    check(not talk(('juliet@example.org/b',), 'x'), 'another message is meant')
    for who in ('juliet@example.org/b', 'juliet@example.org', 'example.com', ''):
        check('was not delivered' in talk((who,)), who)


if __name__ == '__main__':
    sys.exit(run(cases))

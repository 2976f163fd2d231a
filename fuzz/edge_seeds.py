"""Seeds for outcomes of single conditions that the others leave out: senders that differ in one
place, what a configuration forbids, the peer's conditions, answers that do not fit."""
import os
import re

import call_seeds
from state_seeds import TO, URN, auth, bind, sasl

SEND_BEHIND, SCRAM, SCRAM_OTHER, TLS_FAILED, FAIL, CLOSE, FINISH, DEADLINE = (
    bytes([255, i]) for i in (22, 11, 12, 8, 4, 3, 2, 0))
NONE = b"\xff"
MD5 = b'realm="example.com",nonce="abc",qop="auth",charset=utf-8,algorithm=md5-sess'
PASSWORD = b"mirror-4b1d-Marker"


def iq(number, kind="result", sender=None, content="", name="AAECAwQFBgcI"):
    return "<iq type='%s' id='%s-%d'%s>%s</iq>" % (
        kind, name, number, " from='%s'" % sender if sender is not None else "", content)


BOUND = "<bind " + URN % "bind" + "><jid>mbed@example.com/r</jid></bind>"
SENDERS = ("example.com", "mbed@example.com", "xbed@example.com", "mbed@example.org", "mbedXexample.com",
           "mbed@example.com/r", "mbed@example.com/x", "mbed", "m", "mbed@", "mbed@example.comx", "",
           "mbedx@example.com", "mbed/x")
CONDITIONS = ("internal-server-error", "remote-connection-failed", "resource-constraint", "reset",
              "connection-timeout", "system-shutdown", "see-other-host", "undefined-condition", "none-of-these")


def client():
    for i, sender in enumerate(SENDERS):
        yield "client_bind", "sender-%02d" % i, (0, 0, 7, 0), iq(1, "result", sender, BOUND) + iq(2)
        yield "client_session", "sender-%02d" % i, (0, 0, 7, 0), iq(2, "result", sender)
        yield "client_session", "sender-error-%02d" % i, (0, 0, 7, 0), iq(2, "error", sender)
    conflict = "<error type='cancel'><conflict %s/></error>" % (URN % "stanzas")
    yield "client_bind", "conflict-twice", (64, 0, 7, 0), iq(1, "error", None, conflict) + iq(
        2, "error", None, conflict)
    for i, condition in enumerate(CONDITIONS):
        for end in (b"", TLS_FAILED, FAIL, FINISH, CLOSE, DEADLINE):
            yield "client_stanza", "peer-%d-%s" % (i, end.hex()), (0, 0, 7, 0), (
                "<stream:error><%s %s/></stream:error>" % (condition, URN % "streams")).encode() + end
    for i, host in enumerate(("host9", "9", "a.9", "a9.b9")):
        yield "client_stanza", "host-%d" % i, (0, 0, 7, 0), "<stream:error><see-other-host %s>%s</see-other-host>" \
            "</stream:error>" % (URN % "streams", host)
    yield "client_stanza", "peer-nothing", (0, 0, 7, 0), "<stream:error/>"
    for role in ("client", "server"):
        for settings in (0, 1, 2, 3, 7):
            yield role + "_stanza", "behind-%d" % settings, (settings, 0, 7, 0), SEND_BEHIND * 3 + \
                b"<message/>" + SEND_BEHIND * 40
            yield role + "_stanza", "behind-error-%d" % settings, (settings, 0, 7, 0), SEND_BEHIND + \
                b"<a b>" + SEND_BEHIND
            for i, text in enumerate(("<foo/>", "<foo><bar/></foo>", "<x:a xmlns:x='u'/>", "&#13;", " &#13;<presence/>",
                                      "<message>&#13; &#9;<a/>&#32;&#13;</message>", "&#10;</stream:stream>",
                                      "<message from='%s'/>" % SENDERS[2], "<message from='mbed@example.com'/>",
                                      "<message from='mbed@example.com/r'/>", "<message from='mbedXexample.com'/>",
                                      "<message from='mbed@example.com/x'><a/></message>",
                                      "<foo>" + "<a/>" * 30 + "</foo>", "<foo>" + "<a>" * 8 + "</a>" * 8 + "</foo>")):
                for manners in (0, 0x20, 0x60):
                    yield role + "_stanza", "piece-%d-%02d-%d" % (settings, i, manners), (
                        settings, 0, 7, manners), text
        yield role + "_stanza", "deep", (1, 0, 7, 0x20), "<message>" + "<a>" * 70
        yield role + "_stanza", "deep-told", (1, 0, 7, 0x60), "<message>" + "<a>" * 61 + "<b/>" + "</a>" * 61 + \
            "</message>"
        for i in range(4):
            yield role + "_stanza", "many-%d" % i, (i | 4, 0, 7, 0), "<message>" + "<a/>" * 30 + "</message><presence/>"
            yield role + "_stanza", "nested-%d" % i, (i | 4, 0, 7, 0), "<message>" + "<a>" * 8 + "</a>" * 8 + \
                "</message><presence/>"
    for kind in range(4):
        for names in (("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"), ("SCRAM-SHA-256",), ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1")):
            for i, types in enumerate((None, (), ("tls-unique",), ("tls-server-end-point",), ("tls-exporter",))):
                listed = "" if types is None else "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>%s" \
                    "</sasl-channel-binding>" % "".join("<channel-binding type='%s'/>" % name for name in types)
                offer = "<stream:features><mechanisms %s>%s</mechanisms>%s</stream:features>" % (
                    URN % "sasl", "".join("<mechanism>%s</mechanism>" % name for name in names), listed)
                yield "client_scram", "binding-%d-%s-%d" % (kind, names[0][6:].lower(), i), (
                    16, 16 | kind << 6, 7, 0), offer.encode() + SCRAM + SCRAM_OTHER
    for variant in (160, 224):
        offer = "<stream:features><mechanisms %s>%s</mechanisms></stream:features>" % (
            URN % "sasl", "".join("<mechanism>%s</mechanism>" % name for name in ("SCRAM-SHA-1", "SCRAM-SHA-256")))
        for count in (4, 8, 16):
            yield "client_scram", "weak-%d-%d" % (variant, count), (variant, count, 7, 0), offer.encode() + SCRAM
    for i, salt in enumerate((b"", b"=", b"AA", b"AAAA" * 70, b"A", b"AB==", b"c2FsdA==,x=y")):
        first = b"r=AAECAwQFBgcICQoLDA0ODxARserver,s=" + salt + b",i=4096"
        yield "client_scram", "salt-%d" % i, (0, 0, 7, 0), "<stream:features><mechanisms %s><mechanism>SCRAM-SHA-256" \
            "</mechanism></mechanisms></stream:features>" % (URN % "sasl") + sasl("challenge", first)
    few = "<stream:features><mechanisms %s><mechanism>%s</mechanism></mechanisms></stream:features>"
    for count in (4, 8):
        yield "client_scram", "strict-%d" % count, (160, count, 7, 0), few % (URN % "sasl", "SCRAM-SHA-1")
    many = "</mechanism><mechanism>".join(["SCRAM-SHA-256"] + ["X-%d" % i for i in range(60)])
    yield "client_scram", "many", (0, 0, 7, 0), (few % (URN % "sasl", many)).encode() + SCRAM + SCRAM_OTHER
    for i, text in enumerate((b"x=1," * 520 + b'nonce="a"', b"x=1," * 300)):
        yield "client_digest_md5", "long-%d" % i, (0, 0, 7, 0), few % (URN % "sasl", "DIGEST-MD5") + sasl(
            "challenge", text)
        yield "client_digest_md5", "long-again-%d" % i, (0, 0, 7, 0), (few % (
            URN % "sasl", "DIGEST-MD5")).encode() + SCRAM + sasl("challenge", text).encode()
    for manners in (0x60, 0x62):
        yield "client_plain", "password-%d" % manners, (0, 0, 7, manners), few % (URN % "sasl", "PLAIN")
        yield "client_scram", "password-%d" % manners, (0, 0, 7, manners), (few % (
            URN % "sasl", "SCRAM-SHA-256")).encode() + SCRAM
        yield "client_digest_md5", "password-%d" % manners, (0, 0, 7, manners), (few % (
            URN % "sasl", "DIGEST-MD5")).encode() + SCRAM
    for role in ("client", "server"):
        yield role + "_stanza", "no-deadline", (2 | 192, 0, 7, 0), DEADLINE + b"<message/>" + DEADLINE
        for start in (0, 1, 2):
            yield role + "_header", "fails-%d" % start, (0, start, 7, 0), b"\xff\x17"
        yield role + "_stanza", "fails", (0, 0, 7, 0), b"\xff\x17"
        yield role + "_header", "sends", (0, 0, 7, 0), b"\xff\5"
        yield role + "_close", "nothing-more", (0, 1, 7, 0), CLOSE
    for manners in (3, 129, 131):
        yield "client_plain", "no-random-%d" % manners, (0, 0, 7, manners), "<stream:features><mechanisms %s>" \
            "<mechanism>PLAIN</mechanism></mechanisms></stream:features>" % (URN % "sasl")


def server():
    for i, text in enumerate((bind().replace("id='b'", "id='%s'" % ("b" * 65)), bind().replace(" id='b'", ""),
                              bind().replace("id='b'", "id=''"), bind().replace("<iq", "<iq to='example.com'"),
                              bind().replace("<iq", "<iq to='example.net'"), bind("x" * 1024), bind("\ufdfa" * 60),
                              bind("<a/>"), bind().replace("</iq>", "<a/></iq>"), "<iq type='set' id='b'/>")):
        for manners in (0, 128):
            yield "server_bind", "edge-%02d-%d" % (i, manners), (0, 0, 7, manners), text + bind()
    # Small limits, and as much as may come before authentication but for a few bytes.
    yield "server_header", "early-all-but-5", (2, 0, 7, 0), TO + " " * (1995 - len(TO))
    for i, authzid in enumerate(("@@", "example.com", "mbed@example.net", "mbed@example.com/r", "boss@example.com",
                                 "mbed@example.com", "romeo@example.com", "x" * 300, "b=3Do=2Css@example.com",
                                 "b=o,ss@example.com")):
        for j, (variant, manners) in enumerate(((0, 0), (0, 128), (0, 4), (224, 0), (0, 2))):
            text = authzid.encode()
            yield "server_plain", "authzid-%d-%d" % (i, j), (variant, 0, 7, manners), auth(
                "PLAIN", text + b"\0mbed\0" + PASSWORD) + TO
            yield "server_scram", "authzid-%d-%d" % (i, j), (variant, 0, 7, manners), b"\xff\x15" + len(
                text).to_bytes(2, "big") + text + SCRAM + TO.encode()
            yield "server_external", "authzid-%d-%d" % (i, j), (variant | 32, 0, 7, manners), auth(
                "EXTERNAL", text) + TO
    for kind in range(4):
        for i, flag in enumerate(("n", "y", "p=tls-unique", "p=tls-server-end-point", "p=tls-exporter", "p=x")):
            for j, name in enumerate(("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS")):
                yield "server_scram", "binding-%d-%d-%d" % (kind, i, j), (16, 1 | kind << 6 | 60, 7, 0), TO + auth(
                    name, (flag + ",,n=mbed,r=x").encode())
    for start in (0, 1, 2):
        for i, sender in enumerate(SENDERS):
            yield "server_header", "sender-%d-%02d" % (start, i), (0, start, 7, 0), TO.replace(
                " to=", " from='%s' to=" % sender) + bind()
        for manners in (1, 3, 129):
            yield "server_header", "no-random-%d-%d" % (start, manners), (0, start, 7, manners), TO + auth(
                "SCRAM-SHA-256", b"n,,n=mbed,r=x")
    for i, text in enumerate((b"x=1," * 1030, b"x=1," * 600)):
        yield "server_digest_md5", "long-%d" % i, (0, 0, 7, 0), auth("DIGEST-MD5") + sasl("response", text)
    for manners in (0x70, 0x60):
        for name, message in (("PLAIN", b"\0mbed\0" + PASSWORD), ("SCRAM-SHA-256", b"n,,n=mbed,r=x")):
            yield "server_" + ("plain" if name == "PLAIN" else "scram"), "password-%d" % manners, (
                0, 0, 7, manners), auth(name, message)
    yield "server_scram", "one-binding", (16, 64 | 12, 7, 0), auth(
        "SCRAM-SHA-256", b"n,,n=mbed,r=x").encode() + SCRAM * 3
    for manners in (1, 3, 128, 129):
        yield "server_scram", "nonce-%d" % manners, (0, 0, 7, manners), SCRAM_OTHER + SCRAM


def seeds():
    for target, name, settings, data in list(client()) + list(server()):
        yield target, "edge-" + name.replace("edge-", ""), bytes(settings) + (
            data.encode() if isinstance(data, str) else data)
    for name, data in certificates():
        yield "certificate", name, data
    for name, data in resumptions():
        yield "tls_chain", name, data
    many = "".join(" a%d='v'" % i for i in range(40))
    texts = ["<a%s a%d='w'/>" % (many, i) for i in (3, 39)] + ["<a" + "".join(
        " a%d='v'" % i for i in range(count)) + "/>" for count in (8, 9, 96, 97, 120)]
    texts += ["".join("<a%s>" % declared.replace("#", str(i)) for i in range(140)) for declared in (
        " xmlns='u#'", " xmlns:p#='u'", " xmlns:p#='u' xmlns='v#' xmlns:q#='w'", " xmlns:p='u#' p:x='1'")]
    texts += ["<a p:x='1' p:y='2' xmlns:p='u' xmlns:q='u' q:z='3'/>", "<a xmn:b='1'/>", "<a/><", "<a><b>", "<a xmk:b='1'/>", "<xma:b/>",
              "<a xmlns:xmk='u' xmk:b='1'/>", "<a xmlns:xla='u' xla:b='1'/>", "<a xmlns:abc='u' abc:b='1'/>",
              "<p:a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", "<p:a xmlns:p='u' xmlns:q='v' p:x='1' q:x='2'/>",
              "<a xmlns:p='u' p:lang='' xml:lang=''/>"]
    for i, text in enumerate(texts):
        for settings in (0, 4, 16, 33, 66, 99) if len(text) < 3000 else (0, 16):
            yield "xml", "edge-%02d-%02x" % (i, settings), bytes([settings, 3]) + text.encode()
    texts = ("\ua872\u200c\u0628", "\U00011099\U00011127", "\u0301\u1161", "\u0301\uac00", "\u0221\u0301", "\u0221")
    for i, text in enumerate(texts):
        for kind in range(2):
            yield "password", "edge-%d-%d" % (i, kind), bytes([254 | kind]) + text.encode()
    yield "jid", "edge-text", b"\xff" + b"\xff".join(b"a/" + text.encode() for text in texts)
    for label in ("a.-b", "a-.b", "-a.b", "a.b-", "a-", "a..-", "xn--a-.b", "1.2.3.-4", "a@b@c", "@", "a@", "b/", "/r", "a@/r"):
        yield "jid", "edge-" + label.encode().hex(), b"\xff" + label.encode()
    wide = ["a%cb@c" % (c + 0xFEE0) for c in b"\"&'/:<>@"] + ["a\u3000b@c", "\u3000@c"]
    yield "jid", "edge-wide", b"\xff" + b"\xff".join(text.encode() for text in wide)
    for i, (kind, calls) in enumerate((
            (6 << 1 | 1, ((0, b"trace"), (1, b"x"))), (6 << 1 | 1, ((0, NONE), (1, b"trace"), (1, b"x"))),
            (5 << 1 | 1, ((0, b"mbed@example.com"), (1, b"x"))), (7 << 1, ((0, b""), (1, MD5), (2, "\u20ac".encode()))),
            (7 << 1, ((0, b""), (1, MD5), (2, "\u0141x\u00e9".encode()))), (7 << 1, ((0, b""), (1, MD5), (2, b"\x01"))))):
        yield "mechanism", "edge-calls-%d" % i, bytes([kind, 0, 0]) + b"".join(
            bytes([what, len(text)]) + text for what, text in calls)
    for number, role, size in ROOMS:
        yield from mechanism(number, role, size)
    yield "mechanism", "edge-room-plain", b"\x18\0\x33" + bytes((0, 0, 2, 0, 1, 0))
    yield "mechanism", "edge-rspauth-nonce", b"\x1e\0\x78" + b"".join(
        bytes([what, len(text)]) + text for what, text in (
            (0, b""), (1, b'nonce="ab",algorithm=md5-sess'), (2, b""), (1, b"rspauth=" + b"0" * 32 + b',nonce="x"')))
    for name, head, run in small_rooms():
        yield "mechanism", "edge-" + name, bytes(head) + call_seeds.calls(run)
    yield "server_plain", "edge-long", bytes((0, 0, 7, 0)) + auth(
        "PLAIN", b"\0mbed\0" + b"x" * 1100).encode()
    for i, tag in enumerate(("<c xmlns='7'>", "<p:c xmlns='7'>")):
        for tree in (0, 1, 2, 3):
            yield "xml", "edge-scope-%d-%d" % (i, tree), bytes([16 | tree, 3]) + (
                "<a xmlns='1' xmlns:p='2' xmlns:q='3'>" "<b xmlns='4' xmlns:p='5' xmlns:q='6'>" + tag).encode()
    yield "element", "edge-many", b"\0<a" + b"".join(b" a%d='v'" % i for i in range(97)) + b"/>"
    yield "xml", "edge-blocks", b"\0\3" + ("<a>%s</a>" % ("\u4e2d" * 32)).encode() # three blocks of 32
    wide = "x" * 13 + "\xe9" * 6 + "\u20ac" * 18 + "x" * 39 + "\u20ac" * 6 + "\xe9" * 1 + "\U0001f600" * 1
    yield "xml", "edge-wide", b"\0\3" + ("<a><![CDATA[%s]]></a>" % wide).encode()
    for settings in (0, 1, 2, 3):
        yield "xml", "edge-cdata-%d" % settings, bytes([settings, 3]) + (
            b"<a><![CDATA[a text of lines\nthat are longer than eight\nor sixteen bytes]]></a>")
    for i, character in enumerate("\u203f\u2040\U00010000\U000f0000"):
        yield "xml", "edge-name-%d" % i, b"\0\3" + ("<a%s/>" % character).encode()
    for i, encoding in enumerate((b"'_'", b"'UTF'", b'"UTF"', b"'UTF_'")):
        yield "xml", "edge-encoding-%d" % i, b"\0\3<?xml version='1.0' encoding=" + encoding + b"?><a/>"
    for i in range(12): # the names of common/plan.c
        yield "writer", "edge-name-%d" % i, bytes([255, 0, 0, i]) + b"m" * i + bytes([7, 0])


def small_rooms():
    """Scratch that ends within one message and not another; text that is no UTF-8; addresses of two hosts."""
    start, step, password = call_seeds.START, call_seeds.STEP, call_seeds.PASSWORD
    nonce = b"r=" + call_seeds.nonce(18)
    for i, realm in enumerate((b"a\xc3", b"\xc3x")):
        yield "realm-%d" % i, (14, 0, 0), [(start, b""), (step, b'realm="' + realm + MD5[18:]), (password, b"")]
    yield "room-offers", (0x90, 0, 105), [(start, b""), (step, nonce + b"server,s=c2FsdCBvZiBhIGZ1enplcg==,i=4096,h=AAAA")]
    yield "room-challenge", (0x1e, 0, 10), [(start, b""), (step, MD5)]
    yield "room-name", (0x1f, 0, 18), [(start, b""), (step, next(call_seeds.digest_responses()))]
    for room in (110, 139):
        yield "room-salt-%d" % room, (0x10, 0, room), [
            (start, b""), (step, nonce + b"s,s=" + b"A" * 160 + b",i=4096"), (password, b""), (call_seeds.WORK, b"")]
    yield "room-long-name", (0x11, 0, 98), [(start, b"n,,n=" + b"x" * 100 + b",r=client"), (password, b"")]
    yield "two-hosts", (0x2b, 0, 0), [(start, b"mbed@example.com")]


# Mechanism, role, and scratch that ends within one of its messages.
ROOMS = ((0, 1, 104), (0, 1, 113), (1, 0, 107), (1, 0, 110), (1, 1, 125), (5, 1, 2), (7, 0, 5), (7, 1, 8))
CERTIFICATES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "data",
                            "certificates")


def certificates():
    """One value changed, as long as before: years before 2000, CA:FALSE said, types of text, keys that are none."""
    def of(name):
        with open(os.path.join(CERTIFICATES, name + ".der"), "rb") as file:
            return file.read()
    for name, old, new in (
            ("good", rb"\x17\x0d..", b"\x17\x0d70"), ("ca", rb"\x01\x01\xff", b"\x01\x01\0"),
            ("good", rb"\x06\x03\x55\x04\x03.", b"\x06\x03\x55\x04\x03\x16"),
            ("good", rb"\x06\x03\x55\x04\x03.", b"\x06\x03\x55\x04\x03\x13"),
            ("good-rsa", rb"\x03\x82\x01\x0f\0", b"\x03\x82\x01\x0f\1"),
            ("good-rsa", rb"\x02\x82\x01\x01\0.{256}", b"\x02\x82\x01\x01" + bytes(257)),
            ("good-rsa", rb"\x02\x82\x01\x01\0.", b"\x02\x82\x01\x01\0\1")):
        data, count = re.subn(old, lambda _: new, of(name), flags=re.S)
        if count > 0:
            yield "edge-%s-%s" % (name, new[:6].hex()), b"\7" + data


# Where fuzz/targets/tls_chain.c's session has its fields, on the machine that measures.
SESSION = ((32, 0x20), (32, 0x40), (34, 1), (36, 255), (406, 255), (479, 0x80), (476, 1), (484, 1), (483, 0x69))


def resumptions():
    """Each field of a session made unsound, and the second one later."""
    for i, (at, change) in enumerate(SESSION):
        yield "edge-session-%02d" % i, bytes([32, i, 0, 0, 0, 0, 0, at >> 8, at & 255, change])
    for role in (0, 1):
        for time in range(8):
            for group in (0, 2):
                yield "edge-later-%d-%d-%d" % (role, time, group), bytes([32 | role, 7, 0, group, time, 0, 0])
    for time in range(8):
        yield "edge-end-%d" % time, bytes([32, 7, 0, 0, time, 4, 0])


def mechanism(number, role, size):
    """The whole of an attempt in less and less room."""
    import call_seeds
    name = call_seeds.MECHANISMS[number]
    runs = list(call_seeds.server_runs(name) if role else call_seeds.client_runs(name))
    head = bytes([role | number << 1 | 0x10, 2 if name.endswith("PLUS") else 0, size])
    yield "mechanism", "edge-room-%d-%d-%03d" % (number, role, size), head + call_seeds.calls(runs[size % 2])


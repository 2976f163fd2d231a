#!/usr/bin/env python3
"""Makes the seed corpora and the dictionaries, the same bytes each time: seeds.py [--check].

With --check nothing is written, and what differs is named. Needs Ragel.

fuzz/corpus/TARGET/ and fuzz/dictionaries/TARGET.dict are written anew, from tests/data
(transcripts, XML cases, vectors, certificates), tests/attacks/cases, the grammars as Ragel
compiles them (grammar_seeds.py), and the words below and in text_seeds.py.
Files that begin with "found-" are a fuzzer's, and stay.
"""
import base64
import csv
import hashlib
import os
import re
import sys

sys.dont_write_bytecode = True
import dictionaries
import grammar_seeds
import call_seeds
import edge_seeds
import scram_seeds
import state_seeds
import text_seeds
import tls_edge_seeds
import tls_seeds

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.join(os.path.dirname(HERE), "tests")
STREAM = "http://etherx.jabber.org/streams"
NAMES = " xmlns='jabber:client' xmlns:stream='%s'" % STREAM
URN = "xmlns='urn:ietf:params:xml:ns:xmpp-%s'"
DECLARATION = "<?xml version='1.0'?>"
FROM = DECLARATION + "<stream:stream from='example.com' id='s1' version='1.0'" + NAMES + ">"
TO = DECLARATION + "<stream:stream to='example.com' version='1.0'" + NAMES + ">"
END = b"</stream:stream>"

# What the input may do beside bytes (common/step.h).
DEADLINE, STALE, FINISH, CLOSE, FAIL, SEND, TLS_UP, TLS_BAD, TLS_FAILED, SEND_LONG, MISUSE, \
    SCRAM, SCRAM_OTHER = (bytes([0xFF, i]) for i in range(13))

corpora = {}


def seed(target, name, data):
    corpora.setdefault(target, {})[name] = data


def read(*path):
    with open(os.path.join(TESTS, *path), "rb") as file:
        return file.read()


def rows(name):
    with open(os.path.join(TESTS, "data", name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def unescape(field):
    def one(found):
        text = found.group(1)
        if text[0] == "x":
            return bytes([int(text[1:], 16)])
        if text[0] in "uU":
            return chr(int(text[1:], 16)).encode("utf-8", "surrogatepass")
        return {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}[text].ljust(1)
    parts = re.split(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt\\])", field)
    out = b""
    for i, part in enumerate(parts):
        out += one(re.match(r"(.*)", part, re.S)) if i % 2 else part.encode("utf-8")
    return out


def xml_seeds():
    for kind in ("accept", "incomplete", "reject"):
        folder = os.path.join(TESTS, "data", "xmlcases", kind)
        for i, name in enumerate(sorted(os.listdir(folder))):
            data = read("data", "xmlcases", kind, name)
            if len(data) > 600:
                continue
            if i % 2 == 0:
                seed("xml", kind + "-" + name, bytes([i // 2 % 128, i % 251]) + data)
            if i % 3 == 0:
                seed("xml_vs_expat", kind + "-" + name, bytes([i % 251]) + data)
            if kind == "accept" and i % 4 == 0:
                seed("element", kind + "-" + name, bytes([i % 2]) + data)


def part_seeds():
    for i, row in enumerate(rows("vectors/utf8.tsv")):
        data = bytes.fromhex(list(row.values())[0])
        seed("utf8", "%03d" % i, bytes([i % 251]) + data)
    for i, row in enumerate(rows("vectors/base64.tsv")):
        seed("base64", "%03d" % i, unescape(row["encoded_escaped"]))
    for i, row in enumerate(rows("vectors/jid.tsv")):
        data = unescape(list(row.values())[0])
        if len(data) < 300 and i % 2 == 0:
            seed("jid", "%03d" % i, bytes([i % 64]) + data)
    for i, row in enumerate(rows("vectors/xep0106.tsv")):
        seed("jid", "escaped-%02d" % i, b"\x40" + row["escaped"].encode() + b"@a\xff" +
             row["unescaped"].encode())
    for i, row in enumerate(rows("vectors/saslprep.tsv")):
        seed("password", "saslprep-%03d" % i, bytes([(i * 8 & 0xFE)]) + unescape(row["input"]))
    for i, row in enumerate(rows("vectors/precis-rfc8265.tsv")):
        if "Opaque" in row["profile"]:
            seed("password", "opaque-%02d" % i, b"\xff" + unescape(row["input"]))
    folder = os.path.join(TESTS, "data", "certificates")
    for i, name in enumerate(sorted(os.listdir(folder))):
        if name.endswith(".der") and not name.endswith(".key.der"):
            data = read("data", "certificates", name)
            if len(data) < 2600:
                seed("certificate", name[:-4], bytes([i % 251]) + data)
    texts = [b"", b"a", b"<&>'\"", b"\r\n\t", "\u00e9\u20ac\U0001F600".encode(), b"\xff", b"x" * 200]
    for i, text in enumerate(texts):
        for j, space in enumerate((0x00, 0x18, 0x28, 0x38)):
            program = bytes([space, 1]) + b"m" + bytes([0x02, len(text)]) + text
            program += bytes([0x28, 2]) + b"bo" + bytes([0x03, len(text)]) + text + bytes([7, 0])
            program += bytes([0x04, len(text)]) + text + bytes([7, 0])
            seed("writer", "%d-%d" % (i, j), bytes([255 - 60 * (i % 3), j]) + program)


def stanzas():
    yield "message", b"<message from='juliet@example.com/b' to='mbed@example.com' type='chat' " \
        b"id='1'><body>Art thou not Romeo?</body></message>"
    yield "presence", b"<presence/><presence type='unavailable'/> <presence><show>dnd</show></presence>"
    yield "roster", b"<iq type='result' id='2'><query xmlns='jabber:iq:roster'>" + b"".join(
        b"<item jid='u%d@example.com' subscription='both'><group>x</group></item>" % i
        for i in range(6)) + b"</query></iq>"
    yield "get", b"<iq type='get' id='3'><ping xmlns='urn:xmpp:ping'/></iq>"
    yield "error", b"<message type='error'><error type='cancel'><service-unavailable " + \
        (URN % "stanzas").encode() + b"/></error></message>"
    yield "large", b"<message><body>" + b"z" * 700 + b"</body></message><presence/>"
    yield "entities", b"<message a=\"&lt;&#x41;&apos;\"><![CDATA[<x>]]>&amp;</message>"
    yield "prefix", b"<c:message xmlns:c='jabber:client' xml:lang='en'><c:body/></c:message>"


def step(target, name, data, settings=(0, 0, 7, 0)):
    if isinstance(data, str):
        data = data.encode()
    seed(target, name, bytes(settings) + data)


def features(*names):
    return "<stream:features>" + "".join(names) + "</stream:features>"


def mechanisms(*names):
    return "<mechanisms " + URN % "sasl" + ">" + "".join(
        "<mechanism>%s</mechanism>" % n for n in names) + "</mechanisms>"


def iq_result(number, content=""):
    return "<iq type='result' id='AAECAwQFBgcI-%d'>%s</iq>" % (number, content)


STARTTLS = "<starttls " + URN % "tls" + "/>"
PROCEED = "<proceed " + URN % "tls" + "/>"
SUCCESS = "<success " + URN % "sasl" + "/>"
BIND = "<bind " + URN % "bind" + "/>"
SESSION = "<session " + URN % "session" + "/>"
ERROR = "<stream:error><system-shutdown " + URN % "streams" + "/></stream:error>"
BOUND = "<bind " + URN % "bind" + "><jid>mbed@example.com/r</jid></bind>"
SCRAM_ID = "EhMUFRYXGBka"  # of iqs, where the first random bytes were SCRAM's
CLIENT_END = FROM + features(BIND, SESSION) + iq_result(1, BOUND) + iq_result(2)


def failure(kind, condition):
    return "<failure %s><%s/></failure>" % (URN % kind, condition)


def element_of(name, message):
    return ("<%s %s>%s</%s>" % (name, URN % "sasl", base64.b64encode(message).decode(), name)).encode()


def client_steps():
    rest = features(mechanisms("PLAIN")) + SUCCESS + CLIENT_END
    step("client_header", "from-the-start",
         (FROM + features(STARTTLS) + PROCEED).encode() + TLS_UP + (FROM + rest).encode())
    step("client_header", "secure", FROM + rest, (0, 1, 1, 0))
    step("client_header", "direct", FROM + rest, (8, 1, 1, 0))
    step("client_header", "authenticated", CLIENT_END, (0, 2, 2, 0))
    step("client_header", "version", FROM.replace("1.0'%s" % NAMES, "2.0'%s" % NAMES))
    step("client_header", "error", (FROM + ERROR).encode() + END)
    step("client_features", "starttls", features(STARTTLS))
    step("client_features", "none", features())
    step("client_features", "sasl", rest, (0, 1, 1, 0))
    step("client_features", "bind", features(BIND) + iq_result(1, BOUND), (0, 2, 1, 0))
    step("client_features", "many", features(
        "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>",
        "<register xmlns='http://jabber.org/features/iq-register'/>", mechanisms("PLAIN", "X-A")),
        (0, 1, 1, 0))
    step("client_starttls", "proceed", PROCEED.encode() + TLS_UP + (FROM + rest).encode())
    step("client_starttls", "bad", PROCEED.encode() + TLS_BAD)
    step("client_starttls", "failed", PROCEED.encode() + TLS_FAILED)
    step("client_starttls", "behind", PROCEED + "<stream:features/>")
    step("client_starttls", "failure", "<failure " + URN % "tls" + "/>")
    step("client_starttls", "deadline", DEADLINE + FINISH, (0, 1, 0, 0))
    offer = features(mechanisms("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"))
    for i in range(2):
        step("client_scram", "whole-%d" % i, offer.encode() + SCRAM + SCRAM_OTHER +
             CLIENT_END.replace("AAECAwQFBgcI", SCRAM_ID).encode(), (16 * i, 4, 3, 0))
    wrong = "<success %s>%s</success>" % (URN % "sasl", base64.b64encode(b"v=" + base64.b64encode(bytes(32))).decode())
    step("client_scram", "wrong", offer.encode() + SCRAM + wrong.encode())
    step("client_scram", "early", offer + SUCCESS)
    step("client_scram", "twice", offer.encode() + SCRAM + SCRAM)
    step("client_scram", "refused", offer.encode() + SCRAM + failure("sasl", "not-authorized").encode())
    first = b"r=AAECAwQFBgcICQoLDA0ODxARserver,s=c2FsdA==,i="
    for i, count in enumerate((b"4096", b"1", b"99999999999", b"4096,m=x", b"4096,h=")):
        step("client_scram", "iterations-%d" % i, offer.encode() + (
            "<challenge %s>" % (URN % "sasl")).encode() + base64.b64encode(first + count) +
            b"</challenge>")
    for i, text in enumerate((
            'realm="example.com",nonce="abc",qop="auth",charset=utf-8,algorithm=md5-sess',
            'nonce="abc",algorithm=md5-sess', 'nonce="a",nonce="b"', "rspauth=" + "0" * 32)):
        coded = base64.b64encode(text.encode()).decode()
        step("client_digest_md5", "challenge-%d" % i, features(mechanisms("DIGEST-MD5")) +
             "<challenge %s>%s</challenge>" % (URN % "sasl", coded) +
             "<success %s>%s</success>" % (URN % "sasl", base64.b64encode(
                 b"rspauth=" + b"0" * 32).decode()))
    offer = features(mechanisms("DIGEST-MD5")).encode()
    for i, more in enumerate((SCRAM + (SUCCESS + CLIENT_END).encode(), SCRAM_OTHER, SCRAM_OTHER * 2,
                              SUCCESS.encode(), SCRAM + SCRAM, SCRAM + b"<challenge/>")):
        for j, settings in enumerate(((0, 0), (32, 64), (0, 128), (16, 0))):
            step("client_digest_md5", "right-%d-%d" % (i, j), offer + SCRAM + more,
                 (*settings, i, 128 * (j % 2)))
    coded = base64.b64encode(b'nonce="abc",algorithm=md5-sess').decode()
    latin = "<challenge %s>%s</challenge>" % (URN % "sasl", coded)
    for i in range(2):
        step("client_digest_md5", "latin-%d" % i, offer + latin.encode() + SCRAM_OTHER, (0, 64 * i, 1, 0))
    step("client_digest_md5", "none", features(mechanisms("DIGEST-MD5")), (0, 0, 0, 2))
    for i, text in enumerate((b"nc=1," * 300 + b'nonce="a"', b"", b'NONCE="a",Algorithm=md5-sess', b'nonce="[a`{@Z"')):
        coded = base64.b64encode(text).decode() or "="
        step("client_digest_md5", "fields-%d" % i, features(mechanisms("DIGEST-MD5")) +
             "<challenge %s>%s</challenge>" % (URN % "sasl", coded))
    step("client_plain", "whole", rest)
    for i, (mechanism, target) in enumerate((("PLAIN", "client_plain"), ("SCRAM-SHA-256", "client_scram"))):
        offer = features(mechanisms(mechanism)).encode()
        for j, manners in enumerate((0, 1, 2, 128)):
            for k in (0, 64, 128, 192):
                step(target, "credential-%d-%d" % (j, k), offer + (
                    SCRAM + SCRAM_OTHER if i else SUCCESS.encode()) + CLIENT_END.replace(
                        "AAECAwQFBgcI", SCRAM_ID if i else "AAECAwQFBgcI").encode(), (0, k, j, manners))
    step("client_plain", "failure", rest.replace(SUCCESS, failure("sasl", "account-disabled")))
    step("client_plain", "challenge", "<challenge " + URN % "sasl" + "/>", (0, 1, 0, 0))
    step("client_plain", "authzid", rest, (32, 0, 0, 0))
    for i, name in enumerate(("EXTERNAL", "ANONYMOUS")):
        offer = features(mechanisms("EXTERNAL", "ANONYMOUS") if i else mechanisms(name))
        for j in range(2):  # without and with an authzid
            step("client_external", "%s-%d" % (name.lower(), j), offer + SUCCESS + CLIENT_END,
                 (32 * j, 4 * i, j, 0))
        step("client_external", name.lower() + "-challenge", offer + "<challenge %s/>" % (
            URN % "sasl"), (0, 4 * i, 0, 0))
        step("client_external", name.lower() + "-data", offer + "<success %s>eA==</success>" % (
            URN % "sasl"), (0, 4 * i, 0, 0))
        step("client_external", name.lower() + "-failure", offer + "<failure %s><not-authorized/>"
             "</failure>" % (URN % "sasl"), (0, 4 * i, 0, 0))
    step("client_external", "weak", features(mechanisms("PLAIN")))
    step("client_bind", "bound", iq_result(1, BOUND) + iq_result(2))
    step("client_bind", "conflict", "<iq type='error' id='AAECAwQFBgcI-1'><error type='cancel'>"
         "<conflict %s/></error></iq>" % (URN % "stanzas") + iq_result(2, BOUND))
    for i, settings in enumerate(((64, 0, 0, 0), (64, 0, 1, 128), (192, 1, 2, 0))):
        error = "<iq type='error' id='AAECAwQFBgcI-1'><error type='cancel'><%s %s/></error></iq>"
        step("client_bind", "again-%d" % i, error % ("conflict", URN % "stanzas") + iq_result(2, BOUND),
             settings)
        step("client_bind", "denied-%d" % i, error % ("not-allowed", URN % "stanzas"), settings)
        step("client_bind", "bare-%d" % i, "<iq type='error' id='AAECAwQFBgcI-1'/>", settings)
    step("client_bind", "other", iq_result(1, BOUND.replace("mbed@", "boss@")))
    step("client_bind", "features", features(BIND) + iq_result(1, BOUND), (96, 1, 0, 0))
    step("client_session", "result", iq_result(2) + "<presence/>")
    step("client_session", "error", "<iq type='error' id='AAECAwQFBgcI-2'><error type='wait'>"
         "<internal-server-error %s/></error></iq>" % (URN % "stanzas"))
    step("client_session", "from", iq_result(2).replace("<iq", "<iq from='example.com'"))


def server_steps():
    bind = "<iq type='set' id='b'><bind %s><resource>r</resource></bind></iq>" % (URN % "bind")
    session = "<iq type='set' id='s'>%s</iq>" % SESSION
    auth = "<auth %s mechanism='%%s'>%%s</auth>" % (URN % "sasl")
    starttls = STARTTLS.encode() + TLS_UP
    end = SCRAM_OTHER + SCRAM + (TO + bind + session + "<presence/>").encode()
    step("server_header", "from-the-start", TO.encode() + starttls + TO.encode() + end)
    step("server_header", "secure", TO.encode() + end, (0, 1, 1, 0))
    step("server_header", "direct", TO.encode() + end, (8, 1, 1, 0))
    step("server_header", "authenticated", TO + bind, (0, 2, 2, 0))
    step("server_header", "host", TO.replace("example.com", "example.net"))
    step("server_features", "starttls", starttls + TO.encode() + end)
    step("server_features", "auth", end, (0, 1, 0, 0))
    step("server_features", "early", auth % ("PLAIN", "AA=="))
    step("server_features", "bind", bind + session, (64, 2, 0, 0))
    step("server_starttls", "up", starttls + TO.encode() + end)
    step("server_starttls", "bad", STARTTLS.encode() + TLS_BAD + TO.encode() + end)
    step("server_starttls", "behind", STARTTLS + TO)
    step("server_starttls", "failed", STARTTLS.encode() + TLS_FAILED)
    step("server_starttls", "deadline", STARTTLS.encode() + DEADLINE)
    step("server_scram", "whole", end)
    step("server_scram", "challenged", SCRAM + TO.encode(), (0, 1, 0, 0))
    step("server_scram", "abort", ("<abort %s/>" % (URN % "sasl")).encode() + end, (0, 1, 0, 0))
    wrong = b"c=biws,r=clientnonceAAECAwQFBgcICQoLDA0ODxAR,p=" + base64.b64encode(bytes(32))
    step("server_scram", "wrong", SCRAM_OTHER + (
        "<response %s>%s</response>" % (URN % "sasl", base64.b64encode(wrong).decode())).encode() + end)
    step("server_scram", "attempts", SCRAM_OTHER + b"<response %s/>" % (URN % "sasl").encode() +
         SCRAM_OTHER + SCRAM)
    for i, first in enumerate(("y,,n=mbed,r=x", "p=tls-server-end-point,,n=mbed,r=x",
                               "n,a=boss@example.com,n=mbed,r=x", "n,,n=nobody,r=x",
                               "n,,m=1,n=mbed,r=x", "n,,n=a=2Cb=3D,r=x")):
        step("server_scram", "first-%d" % i, auth % (
            "SCRAM-SHA-256", base64.b64encode(first.encode()).decode()), (16 * (i % 2), 16, i, 0))
    for i, text in enumerate((
            'username="mbed",realm="example.com",nonce="abc",cnonce="x",nc=00000001,qop=auth,'
            'digest-uri="xmpp/example.com",charset=utf-8,response=' + "0" * 32,
            'username="nobody",response=' + "f" * 32, 'charset=utf-8,charset=utf-8', "")):
        coded = base64.b64encode(text.encode()).decode() or "="
        step("server_digest_md5", "response-%d" % i, auth % ("DIGEST-MD5", "=") +
             "<response %s>%s</response>" % (URN % "sasl", coded) + auth % ("DIGEST-MD5", ""))
    empty = ("<response %s/>" % (URN % "sasl")).encode()
    digest = ("<auth %s mechanism='DIGEST-MD5'/>" % (URN % "sasl")).encode()
    for i, more in enumerate((empty + (TO + bind).encode(), b"", SCRAM, empty.replace(b"/>", b">eA==</response>"),
                              ("<abort %s/>" % (URN % "sasl")).encode() + digest + SCRAM + empty)):
        for j, settings in enumerate(((0, 0, 0, 0), (0, 64, 1, 128), (0, 128, 2, 16), (32, 0, 3, 2))):
            step("server_digest_md5", "right-%d-%d" % (i, j), digest + SCRAM + more, settings)
    step("server_digest_md5", "empty", digest + element_of("response", b""))
    for i, name in enumerate(("caf\u00e9", "\\\\mbed", "m\\\"x", "mb\\ed", "\xff\xfe")):
        for charset in ("", ",charset=utf-8"):
            text = ('username="%s",realm="example.com",nonce="EhMUFRYXGBkaGxwd",cnonce="x",nc=00000001,'
                    'qop=auth,digest-uri="xmpp/example.com",response=%s%s' % (name, "0" * 32, charset))
            step("server_digest_md5", "name-%d-%d" % (i, len(charset)), digest + element_of(
                "response", text.encode("latin-1" if not charset else "utf-8")))
    for i in range(3):
        for kept in (0, 64, 128, 192):
            for manners in (0, 16, 128, 144):
                step("server_scram", "kept-%d-%d-%d" % (i, kept, manners), end,
                     (0, kept | (0, 4, 12)[i], i, manners))
    password = "mirror-4b1d-Marker"
    text = auth % ("PLAIN", base64.b64encode(("\0mbed\0" + password).encode()).decode())
    for kept in (0, 64, 128, 192):
        for manners in (0, 2, 16, 128, 144, 136):
            step("server_plain", "kept-%d-%d" % (kept, manners), text + TO + bind, (0, kept, 1, manners))
    step("server_plain", "asked", (auth % ("PLAIN", "")).encode() + element_of(
        "response", ("\0mbed\0" + password).encode()) + (TO + bind).encode())
    for name in ("full", "denied", "taken", "\u00ad", "x" * 1024):
        step("server_bind", "refused-" + name[:5].encode().hex(), bind.replace(">r<", ">%s<" % name) + bind,
             (0, 0, 0, 128))
    for i in range(2):
        step("server_bind", "wrongly-%d" % i, bind + session, (32 * i, i, 0, 128))
    for i, message in enumerate(("\0mbed\0" + password, "boss@example.com\0mbed\0" + password,
                                 "\0mbed\0wrong", "\0nobody\0x", "mbed", "\0\0")):
        text = auth % ("PLAIN", base64.b64encode(message.encode()).decode())
        step("server_plain", "message-%d" % i, text + TO + bind, (0, 0, i, 16 * (i % 2)))
    for i, message in enumerate(("", "mbed@example.com", "boss@example.com", "mbed@example.net",
                                 "mbed@example.com/r", "boss@other.example.com")):
        for variant in range(4):
            coded = base64.b64encode(message.encode()).decode() or "="
            step("server_external", "external-%d-%d" % (i, variant),
                 auth % ("EXTERNAL", coded) + TO + bind, (32 * variant, 0, i, 8 * (i % 2)))
    step("server_external", "asked", auth % ("EXTERNAL", "") + "<response %s>=</response>" % (
        URN % "sasl") + TO + bind, (32, 0, 0, 0))
    step("server_external", "refused", auth % ("EXTERNAL", "="), (32, 0, 0, 2))
    for i, message in enumerate(("", "somebody", "somebody@example.org", "x" * 256, "\xe9")):
        step("server_external", "anonymous-%d" % i, auth % ("ANONYMOUS", base64.b64encode(
            message.encode()).decode() or "=") + TO + bind, (0, 4, i, 0))
    step("server_plain", "empty", auth % ("PLAIN", "="))
    step("server_bind", "bound", bind + session)
    step("server_bind", "none", bind.replace("<resource>r</resource>", ""))
    step("server_bind", "taken", bind.replace(">r<", ">taken<") + bind)
    step("server_bind", "header", TO + bind, (0, 1, 0, 0))
    step("server_session", "session", session, (32, 0, 0, 0))
    step("server_session", "again", bind + session, (64, 0, 0, 0))
    step("server_session", "bind", bind + session, (64, 1, 0, 0))


def shared_steps():
    for role in ("client", "server"):
        for i, (name, data) in enumerate(stanzas()):
            for j in range(2):
                step(role + "_stanza", "%s-%d" % (name, j), data + SEND + data + CLOSE + END,
                     (i * 3 % 8 | j, 0, i, (0, 0x20, 0x60)[i % 3] * j))
        step(role + "_stanza", "silence", DEADLINE + b" " + DEADLINE + DEADLINE + SEND_LONG + MISUSE)
        step(role + "_stanza", "own", SEND + SEND + STALE + MISUSE + SEND_LONG + CLOSE)
        step(role + "_close", "close", b"<presence/>" + END)
        step(role + "_close", "cut", b"<message>" + FINISH)
        step(role + "_close", "late", DEADLINE)
        step(role + "_close", "ready", END, (0, 1, 0, 0))
        step(role + "_close", "both", CLOSE + END + SEND, (0, 1, 0, 0))
        step(role + "_close", "error", ERROR.encode() + END, (0, 1, 0, 0))
        step(role + "_close", "fail", FAIL + END, (0, 2, 0, 0))


def whole_seeds():
    """Sessions from the first byte; where TLS begins the rest goes into it."""
    bind = ("<iq type='set' id='b'><bind %s><resource>r</resource></bind></iq>" % (URN % "bind"))
    clear = (FROM + features(STARTTLS) + PROCEED).encode() + b"\xFF\x0E"
    plain = (FROM + features(mechanisms("PLAIN")) + SUCCESS + CLIENT_END + "<presence/>").encode()
    scram = (FROM + features(mechanisms("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"))).encode() + SCRAM + \
        SCRAM_OTHER + CLIENT_END.replace("AAECAwQFBgcI", SCRAM_ID).encode()
    for i, end in enumerate((SEND + CLOSE + END, END, TLS_FAILED, b"", b"<message><bo")):
        seed("client_whole", "plain-%d" % i, bytes([0, i, 0]) + clear + plain + end)
        seed("client_whole", "direct-%d" % i, bytes([8, i, 0]) + plain + end)
    seed("client_whole", "scram", bytes([16, 2, 0]) + clear + scram + SEND + CLOSE + END)
    seed("client_whole", "records", bytes([0, 2, 0]) + clear + b"\xFF\x0D" + b"\x17\x03\x03\x00\x03abc")
    clear = (TO + STARTTLS).encode() + b"\xFF\x0E"
    text = "<auth %s mechanism='PLAIN'>%s</auth>" % (
        URN % "sasl", base64.b64encode(b"\0mbed\0mirror-4b1d-Marker").decode())
    plain = (TO + text + TO + bind + "<presence/>").encode()
    scram = TO.encode() + SCRAM_OTHER + SCRAM + (TO + bind).encode()
    for i, end in enumerate((SEND + CLOSE + END, END, TLS_FAILED, b"", b"<message><bo")):
        seed("server_whole", "scram-%d" % i, bytes([16, i, 0]) + clear + scram + end)
        seed("server_whole", "direct-%d" % i, bytes([24, i, 0]) + scram + end)
    seed("server_whole", "plain", bytes([0, 2, 0]) + clear + plain + SEND + CLOSE + END)
    seed("server_whole", "records", bytes([0, 2, 0]) + clear + b"\xFF\x0D" + b"\x17\x03\x03\x00\x03abc")
    for role in range(2):
        for i, data in enumerate((b"\x16\x03\x03\x00\x04\x01\x00\x00\x00", b"\x15\x03\x03\x00\x02\x02\x28",
                                  b"\x16\x03\x01\x40\x01", b"<stream:stream>", b"\x80\x2e\x01\x03\x01",
                                  b"\x16\x03\x03\x00\x20" + bytes(32))):
            for wrong in range(2):
                seed("tls_records", "%d-%d-%d" % (role, wrong, i), bytes([role | 2 * wrong, i]) + data)
        for i, edits in enumerate((b"", b"\x00\x05\x01", b"\x00\x20\xff\x02\x00\x01", b"\x00\x00\x01")):
            seed("tls_records", "%d-inside-%d" % (role, i), bytes([role | 4, i]) + edits)
    for i in range(0, 256, 12):
        seed("duplex", "%03d" % i, bytes([i, i]) + (b"" if i % 24 else bytes(
            [i >> 3 & 15, i >> 7, i * 5 % 256, 60])))


def word_tables():
    """The abbreviations of tests/common/script.h, for a client and for a server under test."""
    urns = {k: URN % v for k, v in (("TLS", "tls"), ("SASL", "sasl"), ("BIND", "bind"),
                                    ("SESS", "session"), ("STREAMS", "streams"),
                                    ("STANZAS", "stanzas"))}
    urns.update({"/": END.decode(), "STREAM": STREAM})
    client = dict(urns, H=FROM, h=FROM[len(DECLARATION):])
    server = dict(urns, H=TO, h=TO[len(DECLARATION):])
    return {"client": client, "server": server}


def escapes(text):
    text = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m.group(1), 16)]), text)
    return re.sub(rb"\\([nrt\\{}])",
                  lambda m: {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(m.group(1), m.group(1)), text)


def attack_seeds():
    """Each case's bytes, at the step that it starts at."""
    tables = word_tables()
    starts = {"plain_header": ("header", 0), "secure_header": ("header", 1),
              "authenticated_header": ("header", 2), "plain_features": ("features", 0),
              "secure_features": ("features", 1), "mechanisms": ("features", 1),
              "authenticated_features": ("features", 2), "proceed": ("starttls", 0),
              "binding": ("bind", 0), "session": ("session", 0), "ready": ("stanza", 0),
              "close_sent": ("close", 0), "authenticating": ("plain", 1), "challenged": ("scram", 1)}
    folder = os.path.join(TESTS, "attacks", "cases")
    for name in sorted(os.listdir(folder)):
        lines = read("attacks", "cases", name).split(b"\n")
        fields = [line.partition(b" ")[::2] for line in lines]
        role = next((v.decode() for k, v in fields if k == b"role"), None)
        start = next((v.decode() for k, v in fields if k == b"start"), None)
        if role not in tables or start not in starts:
            continue

        def word(found):
            text = found.group(1).decode()
            if text.startswith("b64:"):
                return base64.b64encode(escapes(found.group(1)[4:]))
            return tables[role].get(text, "").encode()
        data = b"".join(escapes(re.sub(rb"(?<!\\)\{([^}]*)\}", word, v)) for k, v in fields
                        if k in (b"hear", b"lose"))
        if 0 < len(data) < 700:
            target, index = starts[start]
            step(role + "_" + target, "attack-" + name[:-5], data, (0, index, 5, 0))


def transcript_seeds():
    """The servers' bytes of a few recordings: headers and features as they are in the field."""
    for name in ("prosody-modern-plain", "ejabberd-modern-plain", "ejabberd-legacy-clear-plain"):
        data = read("data", "transcripts", name + ".rec")
        pieces, at = [], 0
        while at < len(data):
            line, _, _ = data[at:].partition(b"\n")
            at += len(line) + 1
            kind, _, rest = line.partition(b" ")
            if kind in (b"S", b"C") and rest.isdigit():
                pieces.append((kind, data[at:at + int(rest)]))
                at += int(rest) + 1
        heads = [text for kind, text in pieces if kind == b"S" and b"<stream:features" in text]
        for i, text in enumerate(heads[:3]):
            text = text.replace(b"lab.example", b"example.com")
            step("client_header", "%s-%d" % (name, i), text, (0, min(i, 2), 9, 0))
            seed("xml", "%s-%d" % (name, i), bytes([i, 3]) + text)


def dictionary(target):
    lines = ["# Made by fuzz/seeds.py."] + ['"%s"' % word.replace('"', '\\"')
                                           for word in dictionaries.words(target)]
    return ("\n".join(lines) + "\n").encode("ascii")


def files():
    """Path below this folder -> bytes, of all that is made; and the targets."""
    with open(os.path.join(HERE, "targets.h"), encoding="utf-8") as file:
        targets = re.findall(r"^TARGET\((.*)\)$", file.read(), re.M)
    made = {}
    for target in targets:
        seen = set()
        for name, data in sorted(corpora.get(target, {}).items()):
            key = hashlib.sha256(data).digest()
            if key not in seen:
                seen.add(key)
                made["corpus/%s/%s" % (target, name)] = data
        made["dictionaries/%s.dict" % target] = dictionary(target)
    return made, targets


def old_files(targets):
    """What stands there and is no fuzzer's."""
    found = set("dictionaries/" + name for name in os.listdir(os.path.join(HERE, "dictionaries")))
    for target in targets:
        folder = os.path.join(HERE, "corpus", target)
        os.makedirs(folder, exist_ok=True)
        found |= {"corpus/%s/%s" % (target, name) for name in os.listdir(folder)
                  if not name.startswith("found-")}
    return found


def content(path):
    if not os.path.exists(os.path.join(HERE, path)):
        return None
    with open(os.path.join(HERE, path), "rb") as file:
        return file.read()


def write():
    made, targets = files()
    for path in old_files(targets) - set(made):
        os.remove(os.path.join(HERE, path))
    for path, data in made.items():
        if content(path) != data:
            with open(os.path.join(HERE, path), "wb") as file:
                file.write(data)
    print("%d seeds and dictionaries, %d bytes" % (len(made), sum(map(len, made.values()))))


def check():
    """Whether what stands there is what would be made: a test a target."""
    made, targets = files()
    wrong = sorted(path for path in set(made) | old_files(targets) if content(path) != made.get(path))
    for path in wrong:
        print("fuzz/%s is not what fuzz/seeds.py makes: run it, and commit" % path)
    failed = {os.path.splitext(path.split("/")[1])[0] for path in wrong}
    print("%d passed, %d failed" % (len(targets) - len(failed), len(failed)))
    return 1 if failed else 0


def main():
    xml_seeds()
    part_seeds()
    client_steps()
    server_steps()
    shared_steps()
    whole_seeds()
    attack_seeds()
    transcript_seeds()
    for target, name, data in list(grammar_seeds.seeds()) + list(text_seeds.seeds()) + \
            list(tls_seeds.seeds()) + list(call_seeds.seeds()) + list(scram_seeds.seeds()) + \
            list(state_seeds.seeds()) + list(edge_seeds.seeds()) + list(tls_edge_seeds.seeds()):
        seed(target, name, data)
    if sys.argv[1:] == ["--check"]:
        return check()
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main())

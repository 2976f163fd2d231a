"""Seeds that raise in each state of a session what can come there."""
import base64

STREAM = "http://etherx.jabber.org/streams"
NAMES = " xmlns='jabber:client' xmlns:stream='%s'" % STREAM
DECLARATION = "<?xml version='1.0'?>"
FROM = DECLARATION + "<stream:stream from='example.com' id='s1' version='1.0'" + NAMES + ">"
TO = DECLARATION + "<stream:stream to='example.com' version='1.0'" + NAMES + ">"
URN = "xmlns='urn:ietf:params:xml:ns:xmpp-%s'"
DEADLINE, FINISH, CLOSE, FAIL, TLS_FAILED = (bytes([255, i]) for i in (0, 2, 3, 4, 8))
UP, DUE, NEXT, HOLD = (bytes([255, i]) for i in (6, 11, 12, 17))
CALLS = (("deadline", DEADLINE), ("end", FINISH), ("close", CLOSE), ("fail", FAIL),
         ("tls", TLS_FAILED))


def sasl(name, message=None, more=""):
    text = "" if message is None else base64.b64encode(message).decode() or "="
    return "<%s %s%s>%s</%s>" % (name, URN % "sasl", more, text, name)


def auth(mechanism, message=None):
    return sasl("auth", message, " mechanism='%s'" % mechanism)


def offer(*names):
    return "<stream:features><mechanisms %s>%s</mechanisms></stream:features>" % (
        URN % "sasl", "".join("<mechanism>%s</mechanism>" % name for name in names))


def bind(resource="r"):
    return "<iq type='set' id='b'><bind %s><resource>%s</resource></bind></iq>" % (
        URN % "bind", resource)


SESSION = "<iq type='set' id='s'><session %s/></iq>" % (URN % "session")
BIND_FEATURES = "<stream:features><bind %s/></stream:features>" % (URN % "bind")
ELEMENTS = {
    "proceed": "<proceed %s/>" % (URN % "tls"), "tls-failure": "<failure %s/>" % (URN % "tls"),
    "sasl-failure": "<failure %s><not-authorized/></failure>" % (URN % "sasl"),
    "stanza": "<message/>", "space": " ", "close-tag": "</stream:stream>", "illegal": "<a b>",
    "unexpected": "<x xmlns='urn:x'/>", "sasl": offer("PLAIN"),
    "allowed": offer("DIGEST-MD5"), "weak": offer("X-WEAK"),
    "poor": "<stream:features/>", "bind-features": BIND_FEATURES,
    "starttls-features": "<stream:features><starttls %s/></stream:features>" % (URN % "tls"),
    "stream-error": "<stream:error><system-shutdown %s/></stream:error>" % (URN % "streams"),
    "challenge": sasl("challenge", b"x"), "success": sasl("success"),
    "success-data": sasl("success", b"x"), "result": "<iq type='result' id='AAECAwQFBgcI-1'/>"}
SERVER_ELEMENTS = {
    "starttls": "<starttls %s/>" % (URN % "tls"), "auth": auth("PLAIN", b"x"),
    "unknown": auth("X-UNKNOWN"), "abort": sasl("abort"), "response": sasl("response"),
    "bind": bind(), "session": SESSION, "iq": "<iq type='get' id='g'><x xmlns='urn:x'/></iq>"}
# The states that take input: the target, its start, and what leads on from there.
CLIENT = {"plain_header": ("header", 0, b""), "secure_header": ("header", 1, b""),
          "authenticated_header": ("header", 2, b""), "plain_features": ("features", 0, b""),
          "secure_features": ("features", 1, b""), "authenticated_features": ("features", 2, b""),
          "proceed": ("starttls", 0, b""), "handshake": ("starttls", 1, b""),
          "authenticating": ("plain", 1, b""), "binding": ("bind", 0, b""),
          "session": ("session", 0, b""), "ready": ("stanza", 0, b""), "close_sent": ("close", 0, b""),
          "proving": ("digest_md5", 0, offer("DIGEST-MD5").encode() + DUE),
          "proved": ("digest_md5", 0, offer("DIGEST-MD5").encode() + DUE + DUE),
          "waiting": ("digest_md5", 0, offer("DIGEST-MD5").encode()),
          # These wait for an answer, or for work.
          "mechanism": ("plain", 0, HOLD + offer("PLAIN").encode()),
          "credential": ("scram", 0, offer("SCRAM-SHA-256").encode() + HOLD + DUE),
          "deriving": ("scram", 0, offer("SCRAM-SHA-256").encode() + HOLD + DUE + HOLD)}
PLAIN = auth("PLAIN", b"\0mbed\0mirror-4b1d-Marker").encode()
BOSS = auth("EXTERNAL", b"boss@example.com").encode()
SERVER = {"plain_header": ("header", 0, b""), "secure_header": ("header", 1, b""),
          "authenticated_header": ("header", 2, b""), "plain_features": ("features", 0, b""),
          "mechanisms": ("features", 1, b""), "authenticated_features": ("features", 2, b""),
          "handshake": ("starttls", 0, ("<starttls %s/>" % (URN % "tls")).encode()),
          "challenged": ("scram", 0, NEXT), "ready": ("stanza", 0, b""), "close_sent": ("close", 0, b""),
          "plain_host": ("header", 0, HOLD + TO.encode()),
          "secure_host": ("header", 1, HOLD + TO.encode()),
          "authenticated_host": ("header", 2, HOLD + TO.encode()),
          "plain_id": ("header", 0, HOLD + TO.encode() + HOLD),
          "nonce": ("scram", 0, HOLD + NEXT), "credential": ("scram", 0, HOLD + NEXT + HOLD),
          "deriving": ("plain", 0, HOLD + PLAIN + HOLD),
          "authorizing": ("external", 0, HOLD + BOSS + HOLD),
          "binding": ("bind", 0, HOLD + bind().encode())}


def client():
    for state, (target, start, way) in CLIENT.items():
        for name, call in CALLS:
            yield "client_" + target, "state-%s-%s" % (state, name), start, way + call, 0
        for name, text in ELEMENTS.items():
            yield "client_" + target, "state-%s-%s" % (state, name), start, way + text.encode(), 0
            if state.endswith("header"):
                header = FROM if name != "stanza" else FROM.replace("example.com", "example.net")
                yield "client_" + target, "state-%s-h-%s" % (state, name), start, header.encode() + \
                    text.encode(), 0
    for name, call in CALLS:
        yield "client_header", "state-other-host-" + name, 0, (FROM.replace(
            "example.com", "example.net") + BIND_FEATURES).encode() + call, 0


def spent():
    """The last attempt that is allowed fails, in each state where one can."""
    wrong = sasl("response", b"c=biws,r=x,p=AAAA").encode()
    for count in (3, 4, 6):
        yield "server_features", "spent-start-%d" % count, 1, auth("X").encode() * count, 0
        yield "server_features", "spent-clear-%d" % count, 0, auth("X").encode() * count, 0
        yield "server_scram", "spent-challenged-%d" % count, 0, (NEXT + wrong) * count, 0
        yield "server_scram", "spent-abort-%d" % count, 0, (NEXT + sasl("abort").encode()) * count, 0
        yield "server_scram", "spent-nonce-%d" % count, 0, auth("SCRAM-SHA-256", b"x").encode() * count, 0
        for manners in (2, 16, 0):
            yield "server_scram", "spent-%d-%d" % (manners, count), 0, (NEXT + DUE) * count, manners
            yield "server_plain", "spent-%d-%d" % (manners, count), 0, \
                auth("PLAIN", b"\0mbed\0wrong").encode() * count, manners
        yield "server_plain", "spent-nobody-%d" % count, 0, auth("PLAIN", b"\0x\0wrong").encode() * count, 0
        for manners in (2, 4):
            yield "server_external", "spent-%d-%d" % (manners, count), 0, BOSS * count, manners
        for start in (0, 1):
            header = TO.encode() if start else b""
            yield "server_bind", "spent-%d-%d" % (start, count), start, header + \
                bind("taken").encode() * count, 0
            yield "server_bind", "spent-all-%d-%d" % (start, count), start, header + \
                bind("\u00ad").encode() * count, 8


def server():
    for state, (target, start, way) in SERVER.items():
        for name, call in CALLS:
            yield "server_" + target, "state-%s-%s" % (state, name), start, way + call, 0
        for name, text in list(ELEMENTS.items()) + list(SERVER_ELEMENTS.items()):
            yield "server_" + target, "state-%s-%s" % (state, name), start, way + text.encode(), 0
        if state.endswith("header"):
            for i, header in enumerate((TO.replace("example.com", "example.net"),
                                        TO[:-1] + "/>", TO.replace("version='1.0'", "version='9.0'"),
                                        TO.replace("<stream:stream", "<stream:strange"),
                                        TO.replace("<stream:stream", "<stream:stream" + "".join(
                                            " xmlns:p%d='urn:%s'" % (k, "x" * 40) for k in range(9))))):
                yield "server_" + target, "state-%s-header-%d" % (state, i), start, header.encode(), 0
            yield "server_" + target, "state-%s-no-id" % state, start, TO.encode(), 1
            yield "server_" + target, "state-%s-no-host" % state, start, TO.encode(), 4
    yield "server_plain", "no-id", 0, PLAIN + TO.encode(), 1
    yield from spent()


ADDRESSES = (b"other.example.com:5223", b"other.example.com", b"[2001:db8::1]:5222", b"192.0.2.1", b"example.1a",
             b"", b"a b", b"host:0", b"host:65536", b"host:9x", b"host:x", b"host:123456", b"host:/", b"[::1]x",
             b"[::1", b"fe80::1", b"[fe80::1%eth0]", b":5222", b"1", b"host.", "b\u00fccher.example".encode(), b"a\x01",
             b"a" * 63 + b"." + b"b" * 63 + b"." + b"c" * 63 + b":5222", b"host:", b"x" * 255, (b"a" * 60 + b".") * 15 + b"b", (b"a" * 60 + b".") * 6 + b"b",
             b"x" * 1040)


def redirect(address):
    return b"\xff\x12" + len(address).to_bytes(2, "big") + address


def redirects():
    """A server's application redirects in each state, and to each kind of address."""
    for state, (target, start, way) in SERVER.items():
        yield "server_" + target, "redirect-" + state, 0, start, way + redirect(ADDRESSES[0]), 0
        yield "server_" + target, "redirect-not-" + state, 0, start, way + redirect(b"") + b"<message/>", 0
        yield "server_" + target, "other-host-" + state, 0, start, way + b"\xff\x13", 0
    for i, address in enumerate(ADDRESSES):
        for small in (0, 2):
            yield "server_stanza", "redirect-to-%d-%02d" % (small, i), small, 0, redirect(address) * 2, 0
        text = "<stream:error><see-other-host %s>%s</see-other-host></stream:error>" % (
            URN % "streams", address.replace(b"\x01", b"").decode())
        for target in ("client_stanza", "client_close"):
            yield target, "redirected-%02d" % i, 0, 0, text.encode(), 0
        yield "client_header", "redirected-%02d" % i, 0, 1, (FROM.replace(
            "example.com", "example.net") + text).encode(), 0
    for start in (0, 1, 2):
        yield "server_header", "redirect-long-%d" % start, 2, start, redirect(ADDRESSES[-2]), 0
        yield "server_stanza", "redirect-late-%d" % start, 0, 0, b"\xff\x02" + redirect(ADDRESSES[0]), 0
    yield "client_stanza", "redirect", 0, 0, redirect(ADDRESSES[0]) + b"\xff\x13", 0
    yield "client_stanza", "ids", 0, 0, b"\xff\x05" * 10, 0
    for i, tag in enumerate(("en", "de", "", "x-a", "e_n", "en-")):
        for start in (0, 1, 2):
            for role, header in (("client", FROM), ("server", TO)):
                yield role + "_header", "language-%d-%d" % (start, i), 128, start, header.replace(
                    " version", " xml:lang='%s' version" % tag).encode(), 0


def seeds():
    for target, name, settings, start, data, manners in redirects():
        yield target, name, bytes([settings | (32 if "external" in target else 0), start, 7, manners]) + data
    for target, name, start, data, manners in list(client()) + list(server()):
        # EXTERNAL: by a certificate of the account alone.
        yield target, name, bytes([32 if "external" in target else 0, start, 7, manners]) + data
    yield "server_whole", "no-id", bytes([0, 2, 1]) + TO.encode()

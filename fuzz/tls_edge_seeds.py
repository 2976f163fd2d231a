"""Seeds of what goes wrong around TLS: certificates, chains, records, and wires on which nothing leaves."""
import os

import tls_seeds
from state_seeds import TO

HERE = os.path.dirname(os.path.abspath(__file__))
URN = "urn:ietf:params:xml:ns:xmpp-tls"
STARTTLS, PROCEED = "<starttls xmlns='%s'/>" % URN, "<proceed xmlns='%s'/>" % URN
FEATURES = "<stream:features>%s</stream:features>" % STARTTLS
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' from='example.com' id='x'>")
CLOSE, SEND, PEER_CLOSES, RAW, STUCK, PUTS_OFF, DEADLINE = 3, 5, 8, 13, 24, 17, 0
FINISH, STALE, SEND_LONG, MISUSE, FAIL_ELSEWHERE, SEND_TWICE, FAIL_UNNAMED = 2, 1, 9, 10, 19, 22, 23
FATAL = b"\x15\3\3\0\2\2\x28"


# Where the flights of the peers have it: a client hears length, suite, compression, extensions, curve, the end of
# the flight and ChangeCipherSpec; a server hears extensions, their contents and ChangeCipherSpec.
CHANGES = (((0x03, b"\1"), (0x4c, b"\1"), (0x4e, b"\1"), (0x51, b"\1"), (0x51, b"\xff\1"), (0x53, b"\1"), (0x1d5, b"\1"),
            (0x246, b"\1"), (0x24c, b"\1")),
           ((0x2e, b"\1"), (0x8e, b"\1"), (0x92, b"\1"), (0x112, b"\1")))


def der(name):
    path = os.path.join(os.path.dirname(HERE), "tests", "data", "certificates", name + ".der")
    with open(path, "rb") as file:
        return file.read()


def tlv(tag, value):
    size = len(value)
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])) + value


def certificates():
    """An OBJECT of 300 bytes, a key without bits, two names in one, and domains that nobody has prepared."""
    yield "object-long", tlv(0x30, tlv(0x30, b"\2\1\1" + tlv(0x30, tlv(6, b"\x2a" * 300))))
    yield "key-empty", der("good-rsa").replace(b"\x03\x82\x01\x0f\0", b"\x03\x00\x01\x0f\0")
    pair = tlv(0x31, tlv(0x30, b"\6\3\x55\4\3" + tlv(0x0C, b"ab")))
    yield "two-names", tlv(0x30, pair + pair)
    for i, domain in enumerate((b"", b".", b"example.com.", b"example.com")):
        yield "given-%d" % i, domain + b"\xffexample.com"


def without_address(name):
    """Edits that empty the first xmppAddr: what it held is a name of mail."""
    data = der(name)
    at = data.index(bytes.fromhex("2b06010505070805"))
    text = data[at + 11]
    new = {at - 3: data[at - 3] - text, at + 9: 2, at + 11: 0, at + 12: 0x81, at + 13: text - 2}
    return b"".join(bytes([i >> 8, i & 255, data[i] ^ byte]) for i, byte in sorted(new.items()) if data[i] != byte)


def chains():
    number = {name: i for i, name in enumerate(tls_seeds.certificates())}

    def seed(name, settings, leaf="good", between=0, client=0, domain=0, edits=b""):
        return name, bytes([settings, 7, number[leaf], number.get(between, 0), number.get(client, 0), domain,
                            len(edits) // 3]) + edits

    pin, pin_only, clients, resumes = (tls_seeds.PIN, tls_seeds.PIN_ONLY, tls_seeds.CLIENTS, tls_seeds.RESUMES)
    for name in ("good-any", "good-xmpp", "own-ca", "authority"):
        yield seed("leaf-" + name, 0, name)
    yield seed("near-end", resumes, domain=4)
    yield seed("near-end-pin", resumes | pin | pin_only, domain=4)
    yield seed("forgets", resumes, domain=8)
    yield seed("forgets-server", resumes | tls_seeds.SERVER, domain=8)
    yield seed("none-sent", 0, domain=16)
    yield seed("none-sent-pin", pin | pin_only, domain=16)
    # The signature is shorter, and so is all of it: it ends where 512 bytes do, with the rest behind it.
    yield seed("pin-trailing", pin | pin_only, "good-rsa", edits=bytes.fromhex("00020300034001bd0101be40"))
    for at in range(20, 68, 12):
        yield seed("middle-%03d" % at, 0, "good-middle", "middle", edits=bytes([0, at, 1]))
    # Signed by RSA as it says outside: sha256WithRSAEncryption becomes ecdsa-with-SHA256.
    to_ecdsa = bytes.fromhex("01af0101b34801b4ca01b50901b60201b703")
    yield seed("signed-by-ecdsa", 0, "good-rsa", "ca-rsa", edits=to_ecdsa)
    for name in ("stranger", "client-expired"):
        yield seed("refused-client-" + name, resumes | clients, client=name)
    for name in ("client", "client-two"):
        yield seed("address-empty-" + name, tls_seeds.SERVER | clients, client=name, edits=without_address(name))


def record(kind, text):
    return bytes([kind, 3, 3, len(text) >> 8, len(text) & 255]) + text


# A ClientHello that asks for two lengths of fragments, and a ServerHello.
HELLO = b"\1\0\0\x31\3\3" + bytes(33) + b"\0\2\xc0\x2b\1\0\0\6\0\1\0\2\1\2"
ANSWER = b"\2\0\0\x26\3\3" + bytes(33) + b"\xc0\x2b\0"


def early_certificate(name):
    """A client's flight that does not wait for the server's: its certificate comes while that is on its way."""
    extensions = bytes.fromhex("000a000400020017" "000d000400020403")
    hello = b"\3\3" + bytes(range(32)) + b"\0\0\2\xc0\x2b\1\0" + bytes([0, len(extensions)]) + extensions
    one = der(name)
    chain = len(one).to_bytes(3, "big") + one
    return b"".join(record(22, bytes([kind]) + len(body).to_bytes(3, "big") + body) for kind, body in
                    ((1, hello), (11, len(chain).to_bytes(3, "big") + chain)))


def records():
    for name in ("client", "client-expired", "client-server", "stranger"):
        yield "early-" + name, b"\x43\7" + early_certificate(name)
    for i, behind in enumerate((record(23, b"x"), record(20, b"\1"))):
        yield "behind-hello-%d" % i, b"\0\7" + record(22, ANSWER) + behind
        yield "behind-hello-begun-%d" % i, b"\0\7" + record(22, ANSWER + b"\x0e\0") + behind
    for role in (0, 1):
        for late in (0, 128):
            yield "late-%d-%d" % (role, late), bytes([role | late, 7])
            yield "late-begun-%d-%d" % (role, late), bytes([role | late, 7]) + b"\x16\3\3\0"
        yield "fragments-%d" % role, bytes([role, 7]) + record(22, HELLO)
        yield "alpn-%d" % role, bytes([role, 7]) + b"\x15\3\3\0\2\2\x78"
        yield "many-%d" % role, bytes([role, 7]) + b"\x16\3\3\4\x80" + bytes(0x480)
        # One byte of what the peer says, so that each error of BearSSL has its alert.
        for at, change in CHANGES[role]:
            yield "changed-%d-%03x-%s" % (role, at, change.hex()), bytes([4 | role, 7]) + b"".join(
                bytes([0, at + i, byte]) if at < 256 else bytes([at >> 8, at & 255, byte])
                for i, byte in enumerate(change))
        for i, text in enumerate(("1703030030" + "11" * 48, "170303ffff" + "00" * 20, "1703034501" + "00" * 20,
                                  "1703030000", "180303000100", "15030300020205", "1503030002020a",
                                  "1503030003010000", "15030300020900", "1503030001", "16030300040000000000")):
            for wrong in (0, 2):
                yield "raw-%d-%d-%02d" % (role, wrong, i), bytes([wrong | role, 7]) + bytes.fromhex(text)


def wholes():
    def seed(role, name, choice, *parts):
        return role + "_whole", name, bytes([choice, 7, 0]) + b"".join(
            p.encode() if isinstance(p, str) else bytes([255, p]) if isinstance(p, int) else p for p in parts)

    for i, junk in enumerate((b"", FATAL, b"<x/>")):
        yield seed("client", "burst-%d" % i, 0, RAW, HEADER, FEATURES, PROCEED, junk)
        yield seed("client", "alone-%d" % i, 2, HEADER, FEATURES, PROCEED, RAW, junk or FATAL)
        yield seed("server", "alone-%d" % i, 2, TO, STARTTLS, RAW, junk or b"\x16\3\3\0\1\0")
    for role, first in (("client", HEADER), ("server", TO)):
        for i, actions in enumerate(((STUCK, CLOSE), (STUCK, PEER_CLOSES), (STUCK, CLOSE, PEER_CLOSES),
                                     (STUCK, PEER_CLOSES, CLOSE), (CLOSE, STUCK), (STUCK, DEADLINE), (STUCK, SEND),
                                     (STUCK, SEND, CLOSE), (STUCK, SEND, PEER_CLOSES), (PUTS_OFF,), (PUTS_OFF, STUCK),
                                     (PUTS_OFF, PEER_CLOSES), (PUTS_OFF, STUCK, PEER_CLOSES),
                                     (STUCK, PUTS_OFF, CLOSE), (CLOSE, PEER_CLOSES), (PEER_CLOSES, STUCK),
                                     (STUCK, CLOSE, RAW), (STUCK, PEER_CLOSES, RAW), (STUCK, first, first, DEADLINE),
                                     (STUCK, first, CLOSE, DEADLINE, RAW))):
            bad = (b"\x17\3\3\0\x18" + b"\x11" * 24,) if actions[-1] == RAW else ()
            for begun, before in enumerate((first, "")):
                yield seed(role, "stuck-%d-%02d" % (begun, i), 8, before, *actions, *bad, first)
    junk = (RAW, b"\x17\3\3\0\x18" + b"\x11" * 24)
    for role, first in (("client", HEADER), ("server", TO)):
        for i, parts in enumerate(((4, DEADLINE, *junk), (PEER_CLOSES, PUTS_OFF, first, DEADLINE, DEADLINE, *junk),
                                   (first, PUTS_OFF, "</stream:stream>", *junk), (SEND, DEADLINE, *junk),
                                   (first, CLOSE, DEADLINE, PEER_CLOSES, *junk))):
            yield seed(role, "waiting-%d" % i, 8, STUCK, *parts)
            yield seed(role, "waiting-alone-%d" % i, 10, STUCK, *parts)
        yield seed(role, "closed-alone", 10, CLOSE, FEATURES)
        for i, parts in enumerate(((FINISH,), (first, FINISH, first), (first, PUTS_OFF, CLOSE, FINISH, PUTS_OFF),
                                   (STUCK, first, FINISH, CLOSE), (first, MISUSE, STALE, SEND_LONG, SEND_TWICE),
                                   (first, FAIL_ELSEWHERE), (first, FAIL_UNNAMED), (first, b"\xff\xff"))):
            yield seed(role, "act-%d" % i, 8, *parts)
            yield seed(role, "act-clear-%d" % i, 0, *parts)
        yield seed(role, "failed-alone", 10, 4, 4, FEATURES)


def seeds():
    for name, data in certificates():
        yield "certificate", "edge-" + name, b"\7" + data
    for target, some in (("tls_chain", chains()), ("tls_records", records())):
        for name, data in some:
            yield target, "edge-" + name, data
    for target, name, data in wholes():
        yield target, "edge-" + name, data

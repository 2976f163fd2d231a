"""Seeds of mechanism (calls in their order, and each call where it is not due), of setup, and of what
the writer refuses."""
import base64
import hashlib
import hmac

START, STEP, PASSWORD, KEYS, CLIENT_KEYS, NOBODY, WORK, ANOTHER = range(8)
MECHANISMS = ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", "SCRAM-SHA-512", "PLAIN",
              "EXTERNAL", "ANONYMOUS", "DIGEST-MD5"]
RANDOM = b"0123456789012345678901234567890123456789012345678901234567890"
NONE = b"\xff"
MARKER = b"mirror-4b1d-Marker"


def nonce(count):
    return base64.b64encode(RANDOM[:count])


def digest_variants(fields, more):
    """Each field left out, twice, without quotes, empty and with another value; then what more
    there may be."""
    def text(some):
        return ",".join("%s=%s" % pair for pair in some).encode("latin-1")
    yield text(fields)
    for i, (name, value) in enumerate(fields):
        bare = value.strip('"')
        yield text(fields[:i] + fields[i + 1:])
        yield text(fields + [(name, value)])
        for other in ({bare, '"%s"' % bare, '""', '"x"', "y"} - {value}) and sorted(
                {bare or "x", '"%s"' % bare, '""', '"x"', "y"} - {value}):
            yield text(fields[:i] + [(name, other)] + fields[i + 1:])
    for pair in more:
        yield text(fields + [pair])


def digest_challenges():
    return digest_variants(
        [("realm", '"example.com"'), ("nonce", '"abc"'), ("qop", '"auth"'), ("charset", "utf-8"),
         ("algorithm", "md5-sess")],
        [("maxbuf", "100"), ("cipher", '"rc4"'), ("stale", "true"), ("realm", '"other"'), ("x-y", "z"),
         ("qop", '"auth-int"')])


def digest_responses():
    nonce_text = nonce(18).decode()
    fields = [("username", '"mbed"'), ("realm", '"example.com"'), ("nonce", '"%s"' % nonce_text),
              ("cnonce", '"x"'), ("nc", "00000001"), ("qop", "auth"),
              ("digest-uri", '"xmpp/example.com"'), ("response", "0" * 32), ("charset", "utf-8"),
              ("authzid", '"boss@example.com"')]
    yield from digest_variants(fields, [("maxbuf", "1"), ("cipher", "des")])
    for name in ('m\\\\bed', 'm\\"bed', "mb\u00c3\u00a9d", "m\u00e9", "\u00e2\u0082\u00ac", "\u00c3", "\u00c0\u0080"):
        for some in (fields, fields[:-2]):
            yield ",".join("%s=%s" % (k, '"%s"' % name if k in ("username", "cnonce") else v)
                           for k, v in some).encode("latin-1")


def digest_response(password, more=b""):
    """Of the user mbed, right for that password (RFC 2831 2.1.2.1)."""
    def md5(data):
        return hashlib.md5(data).digest()
    a1 = md5(md5(b"mbed:example.com:" + password) + b":" + nonce(18) + b":x").hex().encode()
    a2 = md5(b"AUTHENTICATE:xmpp/example.com").hex().encode()
    right = md5(b":".join((a1, nonce(18), b"00000001", b"x", b"auth", a2))).hex().encode()
    return b'username="mbed",realm="example.com",nonce="' + nonce(18) + b'",cnonce="x",nc=00000001,' \
        b'digest-uri="xmpp/example.com",response=' + right + more


def scram_final(salt, first):
    """What proves a server with that salt, for the account's password (RFC 5802 section 3)."""
    def mac(key, data):
        return hmac.new(key, data, hashlib.sha256).digest()
    salted = hashlib.pbkdf2_hmac("sha256", MARKER, salt, 4096)
    signed = b"n=mbed,r=" + nonce(18) + b"," + first + b",c=biws," + first.split(b",")[0]
    return b"v=" + base64.b64encode(mac(mac(salted, b"Server Key"), signed))


def proved():
    """Right proofs: of what no account has, in less and less room, and with a salt that is not kept."""
    response = digest_response(b"nobody's")
    for name, call in (("nobody", (NOBODY, b"")), ("known", (PASSWORD, b"nobody's"))):
        yield name, (15, 0, 0), [(START, b""), (STEP, response), call, (STEP, b"")]
    for size in range(20, 60):
        yield "room-rspauth-%d" % size, (0x1f, 0, size), [(START, b""), (STEP, digest_response(MARKER)),
                                                          (PASSWORD, b"")]
    for size in (16, 64, 65, 130):
        salt = bytes(range(size))
        first = b"r=" + nonce(18) + b"server,s=" + base64.b64encode(salt) + b",i=4096"
        yield "salt-%d" % size, (0, 0, 0), [(START, b""), (STEP, first), (PASSWORD, b""), (WORK, b""),
                                            (STEP, scram_final(salt, first))]
    for number in range(8):
        for role in (0, 1):
            yield "none-random-%d-%d" % (number, role), (number << 1 | role | 0x20, 0, 0x80), [
                (START, b"n,,n=mbed,r=client")]


def client_runs(name):
    if name.startswith("SCRAM"):
        first = b"r=" + nonce(18) + b"server,s=c2FsdCBvZiBhIGZ1enplcg==,i=4096"
        end = [(WORK, b""), (STEP, b"v=" + base64.b64encode(bytes(32))), (STEP, b"")]
        yield [(START, b""), (STEP, first), (PASSWORD, b"")] + end
        yield [(START, b"boss@example.com"), (STEP, first + b",h=AAAA"), (CLIENT_KEYS, b"")] + end[1:]
        yield [(START, b""), (STEP, first + b"1"), (PASSWORD, b"")]
        yield [(START, b""), (STEP, b"e=other-error")]
        yield [(START, b""), (STEP, first), (CLIENT_KEYS, b"x")]
        yield [(START, b""), (STEP, first), (PASSWORD, b"\x01")]
        yield [(START, b""), (STEP, b"r=" + nonce(18) + b"," + first.split(b",", 1)[1])]
    elif name == "DIGEST-MD5":
        yield [(START, b""), (STEP, b'realm="example.com",nonce="abc",qop="auth,auth-int",charset=utf-8,'
                              b'algorithm=md5-sess'), (PASSWORD, b""), (STEP, b"rspauth=" + b"0" * 32)]
        yield [(START, b"boss"), (STEP, b'nonce="a\\"b",algorithm=md5-sess'), (PASSWORD, "\u00e9".encode())]
        yield [(START, b"boss"), (STEP, b'nonce="ab",qop="auth-int, auth ",algorithm=md5-sess'), (PASSWORD, b"x")]
        for text in digest_challenges():
            yield [(START, b""), (STEP, text), (PASSWORD, b""), (STEP, b"rspauth=" + b"0" * 32)]
        yield [(START, b""), (STEP, b"nc=1," * 50 + b'nonce="a"')]
        yield [(START, b""), (STEP, b'NONCE="ab",Algorithm=MD5-sess'), (PASSWORD, b"")]
        for text in (b"rspauth=0", b"nonce=x", b"rspauth=" + b"0" * 32 + b",rspauth=x", b"", b"rspauth"):
            yield [(START, b""), (STEP, b'nonce="ab",algorithm=md5-sess'), (PASSWORD, b""), (STEP, text)]
        yield [(START, b""), (STEP, b'nonce="ab",qop="x ,\tauth\t ",algorithm=md5-sess'), (PASSWORD, b"\x01")]
        yield [(START, b""), (STEP, b'nonce="ab",realm="' + b"r" * 200 + b'",algorithm=md5-sess')]
    else:
        yield [(START, b""), (PASSWORD, b""), (STEP, b"")]
        yield [(START, b"boss@example.com"), (PASSWORD, "\u00e9\uff21".encode()), (STEP, b"")]
        yield [(START, b"x"), (PASSWORD, b"\x01")]


def server_runs(name):
    if name.startswith("SCRAM"):
        flag = b"p=tls-server-end-point" if name.endswith("PLUS") else b"n"
        for first in (flag + b",,n=mbed,r=client", b"y,,n=mbed,r=client", b"p=tls-unique,,n=mbed,r=client",
                      flag + b",a=b=2Coss=3D@example.com,n=m=2Cbed,r=client"):
            final = b"c=" + base64.b64encode(first[:first.index(b",", first.index(b",") + 1) + 1]) + \
                b",r=client" + nonce(18) + b",p=" + base64.b64encode(bytes(32))
            for credential in ((KEYS, b""), (PASSWORD, b""), (NOBODY, b"")):
                yield [(START, first), credential, (WORK, b""), (STEP, final)]
                yield [(START, first), credential, (STEP, final), (STEP, b"")]
        for change in range(1, 32):
            yield [(START, flag + b",,n=mbed,r=client"), (KEYS, bytes([change]))]
        yield [(START, NONE), (STEP, flag + b",,n=mbed,r=client"), (PASSWORD, b"\x01")]
        yield [(START, flag + b",,n=" + b"x" * 230 + b",r=client")]
        yield [(START, flag + b",,n=" + "\u00ad".encode() + b",r=client")]
    elif name == "DIGEST-MD5":
        for more in (b"", b",charset=utf-8", b',authzid="boss@example.com"', b",qop=auth", b",cipher=x"):
            yield [(START, b""), (STEP, b'username="mbed",realm="example.com",nonce="' + nonce(18) +
                                  b'",cnonce="x",nc=00000001,digest-uri="xmpp/example.com",response=' +
                                  b"0" * 32 + more), (PASSWORD, b""), (STEP, b"")]
        for text in digest_responses():
            yield [(START, b""), (STEP, text), (PASSWORD, b""), (STEP, b"")]
        for credential in ((KEYS, b""), (NOBODY, b""), (PASSWORD, b"\x01"), (ANOTHER, b"")):
            yield [(START, b""), (STEP, next(digest_responses())), credential]
        yield [(START, b"x")]
    else:
        for message in (b"\0mbed\0x", b"boss\0mbed\0x", b"mbed@example.com", b"boss@example.com", b"", NONE,
                        b"trace", b"\0" + b"x" * 250 + b"\0y"):
            for credential in ((PASSWORD, b""), (KEYS, b""), (NOBODY, b""), (ANOTHER, b"g"), (ANOTHER, b"")):
                yield [(START, message), credential, (WORK, b""), (STEP, b"")]
        yield [(START, NONE), (STEP, b"\0mbed\0x"), (PASSWORD, "\u00e9".encode()), (WORK, b"")]
        yield [(START, NONE), (STEP, b"mbed@example.com"), (ANOTHER, b"")]
        yield [(START, NONE), (STEP, b"trace"), (ANOTHER, b"\x00")]
        for change in range(1, 32):
            yield [(START, b"\0mbed\0x"), (KEYS, bytes([change])), (WORK, b"")]


def calls(run):
    return b"".join(bytes([what, min(len(text), 255)]) + text[:255] for what, text in run)


def mechanism():
    for number, name in enumerate(MECHANISMS):
        for role, runs in enumerate((client_runs(name), server_runs(name))):
            runs = list(runs)
            kind = role | number << 1
            heads = [(kind, 2 if name.endswith("PLUS") else 0, 0)]
            heads += [(kind | flag, 0, 0) for flag in (0x20, 0x40, 0x80)]
            heads += [(kind, more, 0) for more in (1, 2, 3, 4, 7, 8, 16, 32, 64, 192)]
            heads += [(kind | 0x10, 0, size) for size in range(0, 256, 25)]
            for user in range(1, 4) if role == 0 else ():
                yield "%d-user-%d" % (number, user), bytes([kind, 0, user]) + calls(runs[0])
            for j, run in enumerate(runs):
                yield "%d-%d-run-%02d" % (number, role, j), bytes(heads[0]) + calls(run)
            for i, head in enumerate(heads):
                run = runs[i % len(runs) % 5]
                yield "%d-%d-head-%02d" % (number, role, i), bytes(head) + calls(run)
            for length in range(1, 5):
                for what in range(1, 8):
                    yield "%d-%d-order-%d%d" % (number, role, length, what), bytes(heads[0]) + calls(
                        runs[0][:length] + [(what, b"")])


# The fields of setup, as fuzz/targets/setup.c numbers them.
DOMAIN, USER, RESOURCE, AUTHZID, LANGUAGE, LIST, ITERATIONS, LEAST, OUTPUT, SALT, SECRET, LIMITS = range(12)
ANCHORS, PINS, EC, RSA, CLIENT_CHAIN, CHAIN, ASKS, NO_CORE, CUT, TIME = range(22, 32)
SIZE, NO_OBJECT, NO_CONFIG, NO_INPUT, NO_WHY, WORK_LEN, NO_WORK, NO_BUFFER, BUFFER, NO_SEED, SEED = \
    range(32, 43)


def setup():
    for role in range(4):
        yield "usual-%d" % role, bytes([role])
        for field in range(43):
            values = (0, 1, 2, 4, 5, 9, 254, 255) if field < 11 else (0, 2, 4, 9) if field < 22 else (0, 1)
            for value in values:
                if role > 1 or field < 22 or field >= 32:
                    yield "field-%d-%02d-%03d" % (role, field, value), bytes([role, field, value])
        for i, changes in enumerate((
                (PINS, 1), (PINS, 0), (EC, 0, RSA, 1), (CLIENT_CHAIN, 3, EC, 1), (EC, 1, RSA, 0),
                (CLIENT_CHAIN, 3, EC, 0, RSA, 1), (LIST, 14, USER, 255), (LIST, 4, USER, 255),
                (LIST, 13), (LIST, 3), (ITERATIONS, 6, LEAST, 7), (PINS, 1, ANCHORS, 1), (SIZE, 0),
                (ANCHORS, 0), (EC, 0), (EC, 1, RSA, 0), (WORK_LEN, 20), (WORK_LEN, 60), (BUFFER, 255),
                (BUFFER, 88), (SEED, 31), (SEED, 32), (CHAIN, 2), (CHAIN, 0), (CUT, 100),
                (WORK_LEN, 64, OUTPUT, 7), (LANGUAGE, 5), (LANGUAGE, 6), (LANGUAGE, 10), (LANGUAGE, 11),
                (OUTPUT, 9, WORK_LEN, 3), (NO_WHY, 0, DOMAIN, 1), (ASKS, 0), (ASKS, 2))):
            yield "more-%d-%02d" % (role, i), bytes([role]) + bytes(changes)
    for value in range(34):
        yield "language-%02d" % value, bytes([0, LANGUAGE, value])
    yield "authzid-full", bytes([0, AUTHZID, 12])
    for which in range(0, 32):
        for size in (0, 40, 255):
            yield "xml-%02d-%03d" % (which, size), bytes([4, which, size])
    for field in range(11):
        yield "xml-limits-%02d" % field, bytes([4, 0, 255, field, 0])
    for which in (0, 32):
        for size in range(4, 40):
            yield "tokenizer-%02d-%03d" % (which, size), bytes([4, which, size])
    for count, size in ((0, 0), (8, 4200), (20, 4200), (97, 4200), (20, 60)):
        for last in (0, 5, 200):
            yield "tag-%d-%d-%d" % (count, size, last), bytes([6, count]) + size.to_bytes(2, "big") + bytes([last])
    for which in range(0, 256, 5):
        yield "rest-%03d" % which, bytes([5, which, 6])
    for lifetime in range(10):
        for which in (2, 4, 1):
            yield "cache-%d-%d" % (lifetime, which), bytes([5, which, lifetime])


LANGUAGES = (b"en", b"EN-gb", b"x-a", b"en-x-a-b", b"i-klingon", b"a-bb", b"en-", b"en--x", b"1", b"en-1",
             b"en-x", b"en-a", b"abcdefghi", b"e_n", b"\xc3\xa9", b"", b"a" * 36, b"de-1996")


def writer():
    """Languages, made-up prefixes, and the attributes and namespaces that are nobody's to give."""
    def run(*operations):
        return b"\xff\1" + b"".join(bytes([what, len(text)]) + text for what, text in operations)
    end = (5, b"")
    for i, text in enumerate(LANGUAGES):
        yield "language-%02d" % i, run((0, b"a"), (0x82, text), end)
        yield "language-again-%02d" % i, run((0, b"a"), (0x0A, text), (0x82, text), (0x82, text), end)
    for i, operation in enumerate((0x0A, 0x4A, 0x8A, 0xCA, 0x12, 0x92)):
        yield "attribute-%d" % i, run((0, b"a"), (operation, b"x"), (2, b"y"), end)
    for i in range(12):
        yield "name-%02d" % i, run((0, b"x" * i), (2, b"y"), end)
        yield "name-inside-%02d" % i, run((0, b"x"), (0, b"x" * i), end, end)
        yield "name-space-%02d" % i, run((0x28, b"x" * i), end)
    for i, name in enumerate((b"stream:error", b"stream:", b":a", b"a:", b"xml:a", b"xmlns:a", b"stream:a:b")):
        yield "prefix-%d" % i, run((1, name), (3, b"t"), end)
        yield "prefix-inside-%d" % i, run((0, b"x"), (1, name), end, end)
    for size in range(0, 8):
        yield "no-room-%d" % size, bytes([size, 1]) + b"\0\0" + b"\4\x30" + bytes(48) + b"\5\0"
    for i in range(7):
        yield "space-%d" % i, run((8 | i << 4, b"x"), (8 | i << 4, b"x"), end, end)


ELEMENTS = (b"<xml:a xml:lang='en'/>", b"<a from='b'/>", b"<a from='b' xml:from='c'><b from='d'/></a>",
            b"<a xmlns:p='urn:p' p:from='1' p:b='2' p:c='3' d='4'/>",
            b"<a xmlns:p='urn:p' xmlns:q='urn:q' p:b='1' q:b='2' p:c='3' q:d='4' from='x'/>",
            b"<a from=''><xml:b/><b xmlns='urn:b' from='c'/></a>")


def seeds():
    for i, data in enumerate(ELEMENTS):
        for choice in range(2):
            yield "element", "copy-%d-%d" % (i, choice), bytes([choice]) + data
    for name, data in writer():
        yield "writer", name, data
    for name, data in mechanism():
        yield "mechanism", name, data
    for name, head, run in proved():
        yield "mechanism", "proved-" + name, bytes(head) + calls(run)
    for name, data in setup():
        yield "setup", name, data

"""Seeds of SCRAM that succeed by each of its hashes, and bound to the channel, on both roles and on wires."""
import base64

URN = "xmlns='urn:ietf:params:xml:ns:xmpp-%s'"
NAMES = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
FROM = "<stream:stream from='example.com' id='s1' version='1.0'" + NAMES + ">"
TO = "<stream:stream to='example.com' version='1.0'" + NAMES + ">"
BIND = "<iq type='set' id='b'><bind %s><resource>r</resource></bind></iq>" % (URN % "bind")
STARTTLS, PROCEED = "<starttls %s/>" % (URN % "tls"), "<proceed %s/>" % (URN % "tls")
FIRST, SECOND, PARTED = b"\xff\x0b", b"\xff\x0c", b"\xff\x0e"
BINDS, PASSWORDS = 16, 16
END_POINT, UNIQUE = "p=tls-server-end-point,,", "p=tls-unique,,"


def auth(mechanism, header):
    first = base64.b64encode((header + "n=mbed,r=clientnonce").encode()).decode()
    return ("<auth %s mechanism='%s'>%s</auth>" % (URN % "sasl", mechanism, first)).encode()


def offer(names, types=()):
    listed = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>%s</sasl-channel-binding>" % "".join(
        "<channel-binding type='%s'/>" % name for name in types) if types else ""
    return ("<stream:features><mechanisms %s>%s</mechanisms>%s</stream:features>" % (
        URN % "sasl", "".join("<mechanism>%s</mechanism>" % name for name in names), listed)).encode()


# By the number of mechanisms that the targets set up.
HASHES = (("SCRAM-SHA-256", 0), ("SCRAM-SHA-1", 1), ("SCRAM-SHA-512", 2))
PLUS = (("SCRAM-SHA-256-PLUS", 3), ("SCRAM-SHA-1-PLUS", 4))


def servers():
    end = FIRST + (TO + BIND).encode()
    for name, number in HASHES:
        for i, manners in enumerate((0, PASSWORDS)):
            yield "server_scram", "hash-%s-%d" % (name[6:].lower(), i), bytes((0, 4 * number, 7, manners)) + auth(
                name, "n,,") + end
        yield "server_scram", "hash-%s-y" % name[6:].lower(), bytes((0, 4 * number, 7, PASSWORDS)) + auth(name, "y,,") + end
        # Beside mechanisms that bind, for a client that cannot.
        yield "server_scram", "beside-%s" % name[6:].lower(), bytes((BINDS, 16, 7, PASSWORDS)) + auth(name, "n,,") + end
    for name, number in PLUS:
        for i, header in enumerate((END_POINT, UNIQUE, END_POINT[:-1] + "a=boss@example.com,")):
            for j, kind in enumerate((0, 64, 128, 192)):
                yield "server_scram", "plus-%s-%d-%d" % (name[6:-5].lower(), i, j), bytes(
                    (BINDS, 4 * number | kind, 7, PASSWORDS)) + auth(name, header) + end
    yield "server_scram", "plus-again", bytes((BINDS, 16, 7, 0)) + auth("SCRAM-SHA-256-PLUS", END_POINT) + \
        b"\xff\x10\x05\x07" + auth("SCRAM-SHA-1-PLUS", UNIQUE) + end


def clients():
    for name, number in HASHES:
        yield "client_scram", "hash-" + name[6:].lower(), bytes((0, 4 * number, 7, 0)) + offer([name]) + FIRST + SECOND + \
            FROM.encode()
        yield "client_scram", "hash-%s-y" % name[6:].lower(), bytes((BINDS, 16, 7, 0)) + offer([name]) + FIRST + \
            SECOND + FROM.encode()
    for name, number in PLUS:
        for i, types in enumerate(((), ("tls-unique",), ("tls-server-end-point",))):
            yield "client_scram", "plus-%s-%d" % (name[6:-5].lower(), i), bytes((BINDS, 4 * number, 7, 0)) + offer(
                [name, name[:-5]], types) + FIRST + SECOND + FROM.encode()


def wires():
    clear = (TO + STARTTLS).encode() + PARTED + TO.encode()
    for i, header in enumerate((END_POINT, UNIQUE)):
        yield "server_whole", "plus-%d" % i, b"\x10\7\0" + clear + auth("SCRAM-SHA-256-PLUS", header) + FIRST + \
            (TO + BIND).encode()
        yield "server_whole", "plus-wrong-%d" % i, b"\x10\7\0" + clear + auth("SCRAM-SHA-256-PLUS", header) + \
            b"\xff\x0f\x2a\1" + TO.encode()
    yield "server_whole", "flag-y", b"\x10\7\0" + clear + auth("SCRAM-SHA-256", "y,,") + FIRST + TO.encode()
    clear = FROM.encode() + offer([]).replace(b"<mechanisms", STARTTLS.encode() + b"<mechanisms") + PROCEED.encode() + PARTED
    for i, types in enumerate(((), ("tls-unique",), ("tls-server-end-point",))):
        yield "client_whole", "plus-%d" % i, b"\x10\7\0" + clear + FROM.encode() + offer(
            ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], types) + FIRST + SECOND + FROM.encode()


def seeds():
    yield from servers()
    yield from clients()
    yield from wires()

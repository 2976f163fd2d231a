#!/usr/bin/env python3
"""Makes the certificates of this folder: python3 make.py [FOLDER]

Needs openssl for keys and signatures; the DER is written here, so that names
and extensions can be wrong on purpose. anchors.pem holds some in PEM. Validity is 2020 to 2120 unless the case
is about it; tests use fixed times in between. Making them again makes new keys:
every file changes. The private keys are for these tests alone.
"""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

HERE = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
SECRETS = tempfile.mkdtemp()


def run(*command, data=None):
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def seq(*parts):
    return tlv(0x30, *parts)


def oid(text):
    numbers = [int(n) for n in text.split(".")]
    body = bytearray([numbers[0] * 40 + numbers[1]])
    for number in numbers[2:]:
        groups = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            groups.append(0x80 | number & 0x7F)
        body += bytes(reversed(groups))
    return tlv(0x06, bytes(body))


def integer(number):
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def name(text):
    return seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(0x0C, text.encode()))))


def time(year):
    return tlv(0x17, b"%02d0101000000Z" % (year % 100)) if year < 2050 \
        else tlv(0x18, b"%d0101000000Z" % year)


ALGORITHMS = {
    ("ec", "sha1"): seq(oid("1.2.840.10045.4.1")),
    ("ec", "sha224"): seq(oid("1.2.840.10045.4.3.1")),
    ("ec", "sha256"): seq(oid("1.2.840.10045.4.3.2")),
    ("ec", "sha384"): seq(oid("1.2.840.10045.4.3.3")),
    ("ec", "sha512"): seq(oid("1.2.840.10045.4.3.4")),
    ("rsa", "md5"): seq(oid("1.2.840.113549.1.1.4"), tlv(5)),
    ("rsa", "sha1"): seq(oid("1.2.840.113549.1.1.5"), tlv(5)),
    ("rsa", "sha256"): seq(oid("1.2.840.113549.1.1.11"), tlv(5)),
    ("rsa", "sha512"): seq(oid("1.2.840.113549.1.1.13"), tlv(5)),
}


class Key:
    def __init__(self, file, kind, size):
        self.path = os.path.join(SECRETS, file + ".pem")
        self.kind = kind
        option = "ec_paramgen_curve:" + size if kind == "ec" else "rsa_keygen_bits:" + size
        run("openssl", "genpkey", "-algorithm", kind.upper(), "-pkeyopt", option, "-out", self.path)
        if file in ("server", "server-rsa", "client", "own"):
            run("openssl", "pkey", "-in", self.path, "-outform", "DER", "-out",
                os.path.join(HERE, file + ".key.der"))
        self.public = run("openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER")

    def sign(self, digest, data):
        return run("openssl", "dgst", "-" + digest, "-sign", self.path, data=data)


def extension(number, value, critical=False):
    return seq(oid(number), tlv(0x01, b"\xff") if critical else b"", tlv(0x04, value))


def dns(text):
    return tlv(0x82, text if isinstance(text, bytes) else text.encode())


def other(number, tag, text):
    return tlv(0xA0, oid(number), tlv(0xA0, tlv(tag, text.encode())))


SRV, XMPP = "1.3.6.1.5.5.7.8.7", "1.3.6.1.5.5.7.8.5"
USE_SERVER, USE_CLIENT, USE_ANY = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"
DIGITAL_SIGNATURE, CERTIFICATE_SIGN = b"\x07\x80", b"\x02\x04"

serial = 0


def make(file, key, issuer_key, issuer, subject, names=None, years=(2020, 2120), digest="sha256",
         authority=None, usage=None, uses=None, more=b""):
    global serial
    serial += 1
    extensions = b""
    if authority is not None:
        extensions += extension("2.5.29.19", seq(tlv(0x01, b"\xff") if authority else b""), True)
    if usage is not None:
        extensions += extension("2.5.29.15", tlv(0x03, usage), True)
    if uses is not None:
        extensions += extension("2.5.29.37", seq(*[oid(use) for use in uses]))
    if names is not None:
        extensions += extension("2.5.29.17", seq(*names))
    extensions += more
    algorithm = ALGORITHMS[issuer_key.kind, digest]
    tbs = seq(tlv(0xA0, integer(2)), integer(serial), algorithm, name(issuer),
              seq(time(years[0]), time(years[1])), name(subject), key.public,
              tlv(0xA3, seq(extensions)) if extensions else b"")
    der = seq(tbs, algorithm, tlv(0x03, b"\0" + issuer_key.sign(digest, tbs)))
    with open(os.path.join(HERE, file + ".der"), "wb") as out:
        out.write(der)
    KEY_HASHES.append("%s %s\n" % (hashlib.sha256(key.public).hexdigest(), file))


KEY_HASHES = []
ca, ca_rsa, stranger = Key("ca", "ec", "P-256"), Key("ca-rsa", "rsa", "2048"), Key("stranger", "ec", "P-256")
middle, lower = Key("middle", "ec", "P-384"), Key("lower", "ec", "P-256")
server, server_rsa = Key("server", "ec", "P-256"), Key("server-rsa", "rsa", "2048")
small, client = Key("small", "rsa", "1024"), Key("client", "ec", "P-256")
own = Key("own", "ec", "P-256")

make("ca", ca, ca, "Test CA", "Test CA", authority=True, usage=CERTIFICATE_SIGN)
make("ca-rsa", ca_rsa, ca_rsa, "Test RSA CA", "Test RSA CA", authority=True)
make("stranger", stranger, stranger, "Test CA", "Test CA", authority=True)
make("middle", middle, ca, "Test CA", "Test Middle", authority=True)
make("lower", lower, middle, "Test Middle", "Test Lower", authority=True)
make("middle-not-ca", middle, ca, "Test CA", "Test Middle", authority=False)


def leaf(file, names, key=server, by=ca, issuer="Test CA", subject="leaf", **more):
    make(file, key, by, issuer, subject, names, **more)


leaf("good", [dns("example.com")], usage=DIGITAL_SIGNATURE, uses=[USE_SERVER, USE_CLIENT])
leaf("good-rsa", [dns("example.com")], key=server_rsa, by=ca_rsa, issuer="Test RSA CA")
leaf("good-mixed", [dns("example.com")], by=ca_rsa, issuer="Test RSA CA", digest="sha512")
leaf("good-sha384", [dns("example.com")], digest="sha384")
leaf("good-sha512", [dns("example.com")], digest="sha512")
leaf("good-middle", [dns("example.com")], by=middle, issuer="Test Middle")
leaf("good-lower", [dns("example.com")], by=lower, issuer="Test Lower")
leaf("good-any", [dns("example.com")], uses=[USE_ANY])
leaf("good-xmpp", [dns("example.com")], uses=[XMPP])
leaf("international", [dns("xn--bcher-kva.example")])
leaf("upper", [dns("EXAMPLE.Com")])
leaf("wildcard", [dns("*.example.com")])
leaf("wildcard-top", [dns("*.com")])
leaf("wildcard-all", [dns("*")])
leaf("wildcard-part", [dns("a*.example.com"), dns("*a.example.com"), dns("a.*.com")])
leaf("name-other", [dns("example.org")])
leaf("name-none", None)
leaf("name-empty", [dns("")])
leaf("name-cn", None, subject="example.com")
leaf("name-cn-other", [dns("example.org")], subject="example.com")
leaf("name-nul", [dns(b"example.com\0.example.org")])
leaf("name-nul-end", [dns(b"example.com\0")])
leaf("name-utf8", [dns("b\u00fccher.example".encode())])
leaf("name-dot", [dns("example.com.")])
leaf("name-srv", [other(SRV, 0x16, "_xmpp-client.example.com")])
leaf("name-xmpp", [other(XMPP, 0x0C, "example.com")])
leaf("name-srv-upper", [other(SRV, 0x16, "_XMPP-Client.Example.COM")])
leaf("name-srv-server", [other(SRV, 0x16, "_xmpp-server.example.com")])
leaf("name-srv-other", [other(SRV, 0x16, "_xmpp-client.example.org")])
leaf("name-srv-wildcard", [other(SRV, 0x16, "_xmpp-client.*.example.com"),
                           other(SRV, 0x16, "*.example.com")])
leaf("name-srv-nul", [other(SRV, 0x16, "_xmpp-client.example.com\0.example.org")])
leaf("name-srv-utf8", [other(SRV, 0x0C, "_xmpp-client.example.com")])
leaf("name-xmpp-international", [other(XMPP, 0x0C, "b\u00fccher.example")])
leaf("name-xmpp-user", [other(XMPP, 0x0C, "juliet@example.com"),
                        other(XMPP, 0x0C, "example.com/resource")])
leaf("name-xmpp-nul", [other(XMPP, 0x0C, "example.com\0.example.org")])
leaf("name-xmpp-wildcard", [other(XMPP, 0x0C, "*.example.com")])
leaf("international-upper", [dns("XN--BCHER-KVA.Example")])
leaf("wildcard-public", [dns("*.co.uk")])
leaf("name-mail", [tlv(0x81, b"example.com"), tlv(0x86, b"example.com")])
leaf("name-address", [tlv(0x87, b"\xc0\0\2\1"), dns("192.0.2.1")])
leaf("name-many", [dns("host%d.example.org" % n) for n in range(600)] + [dns("example.com")])
leaf("name-long", [dns("a" * 300), dns("b" * 256), dns("c" * 255), dns("example.com")])
leaf("expired", [dns("example.com")], years=(2020, 2021))
leaf("early", [dns("example.com")], years=(2110, 2120))
leaf("unknown-ca", [dns("example.com")], by=stranger)
leaf("not-ca", [dns("example.com")], by=middle, issuer="Test Middle")
leaf("sha1", [dns("example.com")], digest="sha1")
leaf("sha224", [dns("example.com")], digest="sha224")
leaf("sha1-rsa", [dns("example.com")], key=server_rsa, by=ca_rsa, issuer="Test RSA CA", digest="sha1")
leaf("md5-rsa", [dns("example.com")], key=server_rsa, by=ca_rsa, issuer="Test RSA CA", digest="md5")
leaf("small", [dns("example.com")], key=small)
leaf("usage", [dns("example.com")], usage=CERTIFICATE_SIGN)
leaf("uses-client", [dns("example.com")], uses=[USE_CLIENT])
leaf("authority", [dns("example.com")], authority=True)
leaf("critical", [dns("example.com")], more=extension("1.2.3.4", b"\5\0", True))
leaf("twice", [dns("example.com")], more=extension("2.5.29.17", seq(dns("example.org"))))
make("own", own, own, "example.com", "example.com", [dns("example.com")])
make("own-ca", own, own, "example.com", "example.com", [dns("example.com")], authority=True)
leaf("client", [other(XMPP, 0x0C, "juliet@example.com")], key=client, uses=[USE_CLIENT])
leaf("client-two", [other(XMPP, 0x0C, "juliet@example.com"), dns("example.com"),
                    other(XMPP, 0x0C, "romeo@example.com")], key=client, uses=[USE_CLIENT])
leaf("client-many", [other(XMPP, 0x0C, "user%02d@example.com" % n) for n in range(40)], key=client)
leaf("client-nul", [other(XMPP, 0x0C, "juliet@example.com\0x"),
                    other(XMPP, 0x0C, "romeo@example.com")], key=client)
leaf("client-long", [other(XMPP, 0x0C, "j" * 300 + "@example.com")], key=client)
leaf("client-expired", None, key=client, years=(2020, 2021))
leaf("client-server", None, key=client, uses=[USE_SERVER])
leaf("every-name", [tlv(0x81, b"a@b"), other(SRV, 0x16, "_xmpp-client.example.com"),
                    other(XMPP, 0x0C, "juliet@example.com"), other(SRV, 0x0C, "not IA5"),
                    other("1.2.3", 0x0C, "another"), dns("a.example.com"), dns(""),
                    tlv(0x88, b"\x2a"), dns("b.example.com")])
with open(os.path.join(HERE, "anchors.pem"), "wb") as out:
    for file in ("ca", "ca-rsa", "middle", "own"):
        out.write(run("openssl", "x509", "-inform", "DER", "-in", os.path.join(HERE, file + ".der")))
with open(os.path.join(HERE, "KEY_HASHES"), "w") as out:
    out.writelines(KEY_HASHES)
shutil.rmtree(SECRETS)

"""Seeds of text beyond ASCII: what PRECIS, SASLprep, IDNA and Unicode's normal forms tell
apart."""

MARKS = "\u0301" * 40
TEXTS = [
    # composing and decomposing: marks in and out of order, too many, Hangul, beyond U+FFFF
    "e\u0301", "a\u0323\u0307", "a\u0307\u0323", "a" + MARKS, MARKS, "\uac00\uac01", "\u1112\u1161\u11ab",
    "\u1112\u1161\u11a7", "\uac00\u11a8", "\U0001d15e", "\U00011099\U000110ba", "\U00011131\U00011127",
    "\u0344", "\u0958", "\u1e9b\u0323", "\u2126", "\u212b", "\u0340", "\u09c7\u09be", "\u0b47\u0b57",
    "\U0001133e\U000113c9", "\u05e9\u05bc\u05c1", "\ufb2c", "\u0f71\u0f72\u0f74", "a\u034f\u0301",
    "\U00011131z", "\U00011099\U000110bb",
    # compatible characters, wide and narrow ones, and what Unicode 3.2 did not know or knew otherwise
    "\uff21\uff42\uff11", "\uff76\uff9e", "\u2163", "\ufb03", "\ufdfa", "\u3300", "\u33ff", "\u2f868", "\U0002f868",
    "\U0002f874", "\U0002f91f", "\U0002f95f", "\U0002f9bf", "\U0001d400", "\u0221", "\u0221\u0301", "\U0001f600",
    "\u1b06\u1b35", "\u1b05\u1b35", "\u0221e\u0301", "\u0376", "\u2c60", "\U0001f600\uff21", "\u249f", "\u2057",
    # nothing, spaces, what is prohibited
    "\u00ad", "a\u00adb", "\u200b", "\u180b", "\ufe00", "\u00a0", "a\u1680b", "a\u3000b", "\u2028", "\u206a",
    "\ufeff", "\ue000", "\ufffd", "\u2ff0", "\U000e0001", "\ufdd0", "\ufffe", "\u0378", "\u115f", "\u1d100",
    # cases: the final sigma, the dotted I, and how wide they become
    "\u03a3", "\u0391\u03a3", "\u0391\u03a3\u0391", "\u03a3\u0301", "\u0391\u03a3\u0301 ", "\u0130", "a\u0130", "\u1e9e",
    "\u0391.\u03a3", "\u0149",
    # contexts (RFC 5892 appendix A)
    "l\u00b7l", "a\u00b7l", "l\u00b7a", "l\u00b7", "\u0375\u03b1", "\u0375a", "\u0375", "\u05d0\u05f3", "\u05f3\u05d0", "a\u05f4",
    "\u05d0\u05f4", "\u30a2\u30fb\u30a4", "a\u30fbb", "\u30fb\u30fb", "\u30fb\u3042", "\u4e00\u30fb", "\u0661", "\u06f1", "\u0661\u06f1",
    "\u06f1\u0661", "\u0627\u0661\u06f1", "\u0915\u094d\u200d\u0937", "a\u200db", "\u0628\u200c\u0628", "\u0628\u0650\u200c\u0650\u0628",
    "a\u200cb", "\u0628\u200c", "\u0628\u200ca", "\u0915\u094d\u200c", "\u0628\u200c\u0627", "\u0628\u0650\u200c\u0650", "\u06cc\u200c\u0647",
    # directions (RFC 5893; RFC 3454 section 6)
    "\u05d0", "\u05d0b", "b\u05d0", "\u05d01", "1\u05d0", "\u05d01\u0661", "\u0627\u06611", "\u0627 \u0627", "\u0627a\u0627",
    "\u0627.", "a\u0661", "\u05d0+1", "\u05d0\u0301", "a\u0301\u05d0", "\u0627\u0661", "\u05d0\u20ac", "a\u20ac", "\u05d0-", "1\u0661",
    "\u0627\u0301\u0302", "a1\u0301", "\u0627+", "\u202a", "a\u202cb",
    # lengths
    "x" * 1023, "x" * 1024, "\u00e9" * 511, "\u00e9" * 512, "\ufdfa" * 60, "\ufdfa" * 31, "\u0130" * 400, "\u00e9" * 63,
    "\u00df" * 300, "\uac00" * 342, "\uff21" * 1000, "\u0958" * 171, "\U0001d15e" * 86,
    # what no name may hold (RFC 8264 section 8)
    "\x80", "\u061c", "\u200b", "\u200f", "\u2028", "\u2060", "\ue000", "\ufdd0", "\ufe0f", "\ufeff", "\ufff0", "\uffff",
    "\U0001fffe", "\U000e0001", "\U000f0000", "\U0010fffd"]
DOMAINS = ["xn--", "xn--a", "XN--MNCHEN-3YA", "xn--mnchen-3ya", "xn--ls8h", "xn--zca", "xn--0", "xn--99999999", "xn--a-",
           "xn--abc-", "xn--tst-bma.example", "xn--TST-BMA.example", "xn--wgv71a119e", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l",
           "xn--iba", "xn--a\u00e9", "xn--rs8h", "xn--vj8h", "xn--9ca", "xn--4ca", "xn--ab-\u0130", "xn--www-ab\u00e9", "ab--c", "-a", "a-",
           "a..b", ".a", "a.", "\u3002", "a\u3002b", "a\uff0eb", "\uff11.\uff12.\uff13.\uff14", "1.2.3.4", "1.2.3", "256.1.1.1",
           "01.2.3.4", "1.2.3.4.", "1.2.3.4.5", "\uff11.2.3", "\u00e9" * 60, "\u00e9" * 64, "a" * 63, "a" * 64, "a." * 127, "a." * 128,
           "b\u00fccher.example", "fa\u00df.de", "\u05d0.example", "\u05d0.1", "1.\u05d0", "xn--4dbcagdahymbxekheh6e0a7fei0b.1",
           "a%25", "[::1%25lo]", "[::1%lo]", "[fe80::1%25a%b]", "[::]", "[1::]", "[::ffff:1.2.3.4]", "xn--fiqs8s", "\u4e2d\u56fd",
           "xn--p1ai", "xn--mgbh0fb", "xn--0ca", "xn--ab\u3002c", "xn--99zzzzzz", "xn--zzzzzz99", "xn--999999999999999a",
           "xn--a-0", "xn--hxa", "xn--3xa", "xn--wqa.xn--0ca", "\u0130.example", "\uff21.example", "\ufb03.example", "\u00ad.a",
           "e\u0301.example", "\u1e9e.example", "x" * 1000 + ".a", "\u00e9." * 200, "xn--" + "a" * 70, "xn--nxa\u0301",
           "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8:]", "[1:2:3:4:5:6:7:1.2.3.4]",
           "[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:1.2.3.4]", "[::1:2:3:4:5:6:7]", "[::1:2:3:4:5:6:7:8]", "[1::2:3:4:5:6:7:8]",
           "[1:2:3]", "[1:2:3%25a]", "[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:8::]", "[::1:2:3:4:5:6:1.2.3.4]", "xn--ab-c\u00fc", "xn---", "xn--\uff41", "xn--a-ecp.ru", "xn--kxawhku", "xn--0-0", "a\u0301" * 40, "\u00e9" * 500,
           "[1:2:3:4:5:6:7:88]", "[1:2:3:4:5:6:7::8]", "[]", "[:]", "[:1]", "[:::]", "[1:]", "[1::2:]", "[1::2::3]", "[1::2:",
           "[12345::]", "[::.1.2.3]", "[::1.2.3]", "[::1.2.3.4.5]", "[::a.2.3.4]", "[::1.2.3.04]", "[::1.2.3.4", "[::g]", "[\u00e9]"]


def packed(texts, count=12):
    """Many in one input of the target jid, parted by a byte that no text has."""
    for i in range(0, len(texts), count):
        yield i // count, b"\xff".join(t.encode("utf-8", "surrogatepass") for t in texts[i:i + count])


NAMES = [("im.example.com", "*.example.com"), ("example.com", "*.com"), ("a.co.uk", "*.co.uk"), ("a.b.uk", "*.b.uk"),
         ("a.sch.uk", "*.sch.uk"), ("a.abcdef.uk", "*.abcdef.uk"), ("a.b.c.d", "*.b.c.d"), ("a.co.uk.", "a.co.uk"),
         ("com", "*.com"), ("com", "com"), ("a.b", "A.B"), ("a.b", "a.b.c"), ("a.b.c", "a.b"), ("192.0.2.1", "192.0.2.1"),
         ("[::1]", "[::1]"), ("12", "12"), ("a.12", "a.12"), ("a1", "a1"), ("b\u00fccher.example", "xn--bcher-kva.example"),
         ("b\u00fccher.example", "*.example"), ("a" * 64 + ".b", "a"), ("\u00e9" * 62, "a"), ("a.b", "_xmpp-client.a.b"),
         ("a.b", "_xmpp-server.a.b"), ("a.b", "_XMPP-Client.A.B"), ("a.b", "a\0.b"), ("a.b", "\u00e9"), ("a.b", ""),
         ("a.b", "*"), ("a.b", "*."), ("a.b", "*.*"), ("a.b", "a.*"), ("a.b", "."), ("a.b", "_.a.b"), ("a", "_a"), ("1a.b-c", "1A.B-C"),
         ("a.com.uk", "*.com.uk"), ("a.ne.jp", "*.ne.jp"), ("a.gouv.fr", "*.gouv.fr"), ("a.com.eu1", "*.com.eu1"),
         ("a" * 63 + "." + "b" * 63 + "." + "c" * 63 + "." + "d" * 61, "a"), ("a_b.c", "a_b.c"), ("a~b.c", "a~b.c"), ("a." * 130 + "a", "b")]


def seeds():
    for i, (domain, name) in enumerate(NAMES):
        yield "certificate", "name-%02d" % i, b"\7" + domain.encode() + b"\xff" + name.encode()
    for form, name in (("%s@a", "local"), ("a/%s", "resource"), ("%s", "domain"), ("%s.b", "label")):
        for i, data in packed([form % text for text in TEXTS]):
            yield "jid", "text-%s-%02d" % (name, i), b"\x10" + data
    for i, data in packed(DOMAINS):
        yield "jid", "domains-%02d" % i, b"\xff" + data
    for i, text in enumerate(TEXTS):
        for kind in range(2):
            room = (2, 40, 254)[i % 3]
            yield "password", "text-%03d-%d" % (i, kind), bytes([room | kind]) + text.encode()

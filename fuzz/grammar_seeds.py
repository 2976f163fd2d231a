"""Seeds that lead through every transition of the grammars, as the targets take them."""
import base64

import grammars

URN = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
# A byte of each class of spec/xml.rl that is no letter by itself.
BYTES = {"CONTROL": 1, "TAB": 9, "LINE_FEED": 10, "CARRIAGE_RETURN": 13, "SPACE": 32,
         "EXCLAMATION": 33, "QUOTE": 34, "NUMBER_SIGN": 35, "AMPERSAND": 38, "APOSTROPHE": 39,
         "HYPHEN": 45, "DOT": 46, "SLASH": 47, "DIGIT_1": 49, "DIGIT_8": 56, "DIGIT": 50,
         "COLON": 58, "SEMICOLON": 59, "LESS_THAN": 60, "EQUALS": 61, "GREATER_THAN": 62,
         "QUESTION": 63, "OPEN_BRACKET": 91, "CLOSE_BRACKET": 93, "UNDERSCORE": 95,
         "LETTER": 122, "OTHER": 37}


def xml_text(grammar, word):
    out = bytearray()
    for letter in word:
        name = grammar.names[letter]
        if name == "HIGH":
            out += "\u00e9".encode()
        elif name in BYTES:
            out.append(BYTES[name])
        else:
            out += (name[-1] if name.startswith("UPPER") else name[-1].lower()).encode()
    return bytes(out)


def xml():
    grammar = grammars.Grammar("xml_table")
    grammar.part()
    most = max(grammar.names)
    for i, word in enumerate(grammars.words(grammar, grammar.entries["main"], most,
                                            loops_only=True)):
        yield "xml", "path-%03d" % i, bytes([0, i % 251]) + xml_text(grammar, word)
    # Where more of the same is an error of another kind: a number too large, another name.
    for state, path in sorted(grammar.paths(grammar.entries["main"]).items()):
        text = xml_text(grammar, path)
        for letter, _, target in grammar.edges[state] if b"&#" in text or b"</" in text else ():
            if target == state:
                yield "xml", "path-one-%d-%d" % (state, letter), b"\0\0" + xml_text(
                    grammar, path + (letter,))
    for i, word in enumerate(grammars.words(grammar, grammar.entries["epilog"], most,
                                            loops_only=True)):
        yield "xml", "path-end-%02d" % i, bytes([0, i]) + b"<a/>" + xml_text(grammar, word)
    # Compiled to jumps a state asks for ranges: a letter behind each, and the last, that have no edge.
    for entry, before in (("main", b""), ("epilog", b"<a/>")):
        for state, path in sorted(grammar.paths(grammar.entries[entry]).items()):
            wrong = grammar.errors(state, most)
            for letter in wrong[1:]:
                if letter - 1 not in wrong or letter == wrong[-1]:
                    yield "xml", "path-not-%s-%d-%d" % (entry, state, letter), b"\0\0" + before + xml_text(
                        grammar, path + (letter,))


def xml_stops():
    """Where the tokenizer stops inside a value or a name, where a name goes on behind a character that
    came in pieces, and blocks of characters of three bytes that end with EF."""
    tails = [(60, text) for text in ("&lt;", "&gt;", "&amp;", "&apos;", "&quot;", "&#65;", "&#x41;")]
    for quote in "'\"":
        for i, (filled, tail) in enumerate(tails + [(40, "\t"), (40, "\r")]):
            yield "room-%d-%d" % (ord(quote), i), 32, "<a b=%s%s%s%s/>" % (quote, "x" * filled, tail * 20, quote)
        yield "number-%d" % ord(quote), 0, "<a b=%s&#99999999;%s/>" % (quote, quote)
    yield "prefix", 16, "<a abcdefghijkl:m='1'/>"
    for i, name in enumerate(("\u00e9-", "\u00e9.", "b:\u00e9-", "b:\u00e9.")):
        yield "name-%d" % i, 0, "<a xmlns:b='u' %s='1'/>" % name
    yield "line", 0, "<a b='\u00e9234567\n12345678'/>"
    yield "threes-0", 0, "<a>%s</a>" % ("\uff21" * 12)
    yield "threes-1", 0, "<a>%s</a>" % ("\uff21\u4fff" * 6)


def jid():
    """Many in one input, parted by a byte that no text has."""
    grammar = grammars.Grammar("jid")
    around = {"address": (b"", b""), "localpart": (b"", b"@a"), "domainpart": (b"", b""),
              "resourcepart": (b"a/", b"")}
    for entry, (before, after) in around.items():
        texts = [before + bytes(word) + after
                 for word in grammars.words(grammar, grammar.entries[entry]) if 0xFF not in word]
        for i in range(0, len(texts), 24):
            yield "jid", "path-%s-%02d" % (entry, i // 24), b"\x40" + b"\xff".join(texts[i:i + 24])


def element(name, message, more=""):
    return ("<%s %s%s>%s</%s>" % (name, URN, more, base64.b64encode(message).decode() or "=",
                                  name)).encode()


def of(name, entry="main"):
    """Words of every transition, and those that break off in a state that is not final."""
    grammar = grammars.Grammar(name)
    at = grammar.entries[entry]
    return [bytes(word) for word in grammars.words(grammar, at)] + [
        bytes(word) for state, word in sorted(grammar.paths(at).items()) if state not in grammar.finals]


def offer(*names):
    return ("<stream:features><mechanisms %s>%s</mechanisms></stream:features>" % (
        URN, "".join("<mechanism>%s</mechanism>" % name for name in names))).encode()


def sasl():
    first, second = b"\xff\x0c", b"\xff\x0b"
    for i, word in enumerate(of("scram_client_messages", "client_first_message")):
        yield "server_scram", "path-first-%03d" % i, b"\0\0\7\0" + element(
            "auth", word, " mechanism='SCRAM-SHA-256'")
    for i, word in enumerate(of("scram_client_messages", "client_final_message")):
        yield "server_scram", "path-final-%02d" % i, b"\0\0\7\0" + first + element("response", word)
    for i, word in enumerate(of("scram_server_messages", "server_first_message")):
        yield "client_scram", "path-first-%02d" % i, b"\0\0\7\0" + offer("SCRAM-SHA-256") + element(
            "challenge", word)
    twice = b"v=AAAA,h=AAAA,h=AAAA"
    for i, word in enumerate([*of("scram_server_messages", "server_final_message"), twice]):
        yield "client_scram", "path-final-%02d" % i, b"\0\0\7\0" + offer(
            "SCRAM-SHA-256") + second + element("success" if i % 2 else "challenge", word)
    for i, word in enumerate(of("plain")):
        yield "server_plain", "path-%02d" % i, b"\0\0\7\0" + element("auth", word,
                                                                     " mechanism='PLAIN'")
    for i, word in enumerate(of("anonymous")):
        yield "server_external", "path-%02d" % i, b"\0\4\7\0" + element("auth", word,
                                                                        " mechanism='ANONYMOUS'")
    for i, word in enumerate(of("digest_md5")):
        yield "client_digest_md5", "path-%02d" % i, b"\0\0\7\0" + offer("DIGEST-MD5") + element(
            "challenge", word)
        yield "server_digest_md5", "path-%02d" % i, b"\0\0\7\0" + element(
            "auth", b"", " mechanism='DIGEST-MD5'") + element("response", word)
    for i, word in enumerate([*of("password"), b"a\x7f"]):
        yield "password", "path-%02d" % i, b"\0" + word


def seeds():
    yield from xml()
    for name, settings, text in xml_stops():
        yield "xml", "stop-" + name, bytes([settings, 3]) + text.encode()
    yield from jid()
    yield from sasl()

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


def jid():
    """Many in one input, parted by a byte that no text has."""
    grammar = grammars.Grammar("jid")
    around = {"address": (b"", b""), "characters": (b"a/", b""), "localpart": (b"", b"@a"),
              "domainpart": (b"", b""), "resourcepart": (b"a/", b"")}
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
    for i, word in enumerate(of("scram_server_messages", "server_final_message")):
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
    for i, word in enumerate(of("password")):
        yield "password", "path-%02d" % i, b"\0" + word


def seeds():
    yield from xml()
    yield from jid()
    yield from sasl()

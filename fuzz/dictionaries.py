"""The dictionaries: the words of the grammars (spec/*.rl), the least and the greatest bytes of each of
their rules, the names and namespaces that the core compares and writes, its mechanisms and
conditions, the objects that certificates are searched for, and some words of ours."""
import glob
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
URN = "xmlns='urn:ietf:params:xml:ns:xmpp-%s'"


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def core(pattern, *files):
    """What the group of the pattern finds in those files, or in all of core/*.c, sorted."""
    paths = [os.path.join(ROOT, "core", name) for name in files] or \
        glob.glob(os.path.join(ROOT, "core", "*.c"))
    found = set()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            found |= set(re.findall(pattern, file.read(), re.S))
    return sorted(found)


def grammar(name):
    text = re.sub(r"#.*", "", read("spec", name + ".rl"))
    return text[text.index("machine"):]


def xml_words():
    """Sequences of letter classes: CDATA, version, encoding, quot and so on."""
    text = re.sub(r"\(\s*(\w+)\s*\|[^)]*\)", r"\1", grammar("xml"))
    one = r"(?:LOWER|UPPER)_[A-Z]"
    # What is left of UTF-8, whose letters have either case, is no word.
    found = {"".join(name[-1] if name.startswith("UPPER") else name[-1].lower()
                     for name in sequence.split())
             for sequence in re.findall(r"%s(?:\s+%s)+" % (one, one), text)}
    entities = {"lt", "gt", "amp", "apos", "quot"}
    return sorted("&%s;" % word if word in entities else word for word in found - {"TF"})


def literals(name):
    """Strings of a SASL grammar that are longer than a byte: n=, =2C, p=."""
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', grammar(name))
    return sorted({text for text in strings if len(text) > 1 and not text.endswith(".rl")})


def escaped(values):
    return "".join("\\x%02X" % value for value in values)


def alternatives(tokens, rules):
    """What stands between bars up to the end or a bracket: sequences of bytes, the least one and the
    greatest one of each. None if one has a rule that is no sequence of bytes."""
    found, low, high, known = [], [], [], True
    while tokens and tokens[0] != ")":
        token = tokens.pop(0)
        if token == "|":
            found, low, high = found + [(low, high)], [], []
            continue
        if token == "(":
            inner = alternatives(tokens, rules)
            tokens.pop(0)
        elif re.fullmatch(r"0x\w\w(\.\.0x\w\w)?", token):
            inner = [([int(token[:4], 16)], [int(token[-4:], 16)])]
        else:
            inner = rules.get(token)
        known = known and bool(inner)
        if known:
            low, high = low + inner[0][0], high + inner[-1][1]
    return found + [(low, high)] if known else None


def byte_words(*names):
    """Of each alternative of each rule that is a sequence of two bytes or more, as those of UTF-8 are, the
    least and the greatest."""
    rules, found = {}, []
    for name in ("utf8",) + names:
        for rule, text in re.findall(r"(\w+)\s*=\s*([^;:]+);", grammar(name)):
            read_as = alternatives(re.findall(r"0x\w\w(?:\.\.0x\w\w)?|\w+|[^\w\s]", text), rules)
            rules[rule] = read_as
            if name in names:
                found += [escaped(word) for pair in read_as or [] for word in pair if len(word) > 1]
    return list(dict.fromkeys(found))


def marks(name, rules=r"\w+"):
    """Strings of a grammar's rules, those of a byte too."""
    texts = re.findall(r"\b%s\s*:?=[^;]*;" % rules, grammar(name))
    return sorted({word for text in texts for word in re.findall(r'"([^"\\]+)"', text)})


def objects():
    """The objects that certificates are searched for, as their DER."""
    source = read("tls_bearssl", "certificate.c")
    prefixes = dict(re.findall(r"#define (\w+) +(0x\w\w(?:, 0x\w\w)+)$", source, re.M))
    table = re.search(r"certificate_objects\[\] = \{(.*?)\};", source, re.S)[1]
    table = re.sub(r"/\*.*?\*/", "", table, flags=re.S)
    table = re.sub(r"\b(%s)\b" % "|".join(prefixes), lambda m: prefixes[m[0]], table)
    left = [value.strip() for value in table.split(",") if value.strip()]
    found = []
    while left: # a kind, how many bytes are alike, of how many, those; of each its last, and what it is
        alike, count = int(left[1]), int(left[2])
        first, ends = left[3:3 + alike], left[3 + alike:3 + alike + 2 * count:2]
        for end in ends:
            found.append(escaped([6, alike + 1] + [int(value, 0) for value in first + [end]]))
        left = left[3 + alike + 2 * count:]
    return list(dict.fromkeys(found))


def record_heads():
    """Of each content type that the layer over BearSSL names, a head of TLS 1.2."""
    source = read("tls_bearssl", "pieces.c") + read("tls_bearssl", "tls_engine.c")
    types = re.findall(r"\b(?:CHANGE_CIPHER_SPEC|HANDSHAKE|ALERT_RECORD)\b(?: =)? +(\d+)", source)
    return [escaped((int(number), 3, 3)) for number in types]


def of_grammars(target):
    """What the parts' own grammars and names have; steps have theirs below."""
    if target == "jid":
        return marks("jid") + byte_words("utf8", "anonymous")
    if target == "password":
        return byte_words("utf8", "anonymous")
    if target == "utf8":
        return byte_words("utf8")
    if target == "base64":
        return marks("scram", r"base64\w*")
    if target == "certificate":
        return objects()
    if target in ("tls_records", "tls_chain"):
        return record_heads()
    if target == "writer":
        spaces = sorted(set(re.findall(r'"((?:http|urn|jabber):[^"]*)"', read("core", "names.h"))))
        return [word for word in xml_words() if word[0] == "&"] + spaces
    if target == "setup":
        return mechanisms()
    if target == "mechanism" or target.endswith("_external"):
        return mechanisms() + marks("anonymous") + byte_words("anonymous")
    return []


def mechanisms():
    return core(r'"((?:SCRAM|DIGEST|PLAIN|EXTERNAL|ANONYMOUS)[A-Z0-9-]*)"')


def sasl_words():
    directives = core(r'parley_string_of\("[^"]*?([a-z-]+=)', "digest_md5_client.c",
                      "digest_md5_server.c")
    named = core(r'\{"([a-z-]{2,})"', "digest_md5.c") + re.findall(
        r'\{?"([a-z-]{2,})"', read("machines", "digest_md5.rl"))
    return literals("scram") + directives + sorted({word + "=" for word in named})


def stream_words():
    listed, _, conditions = read("core", "name_list_text.c").partition('"\\0resource"')
    listed += '"\\0resource"'
    spaces = sorted(set(re.findall(r'"((?:http|urn|jabber):[^"]*)"', read("core", "names.h"))))
    names = sorted({*core(r'\bparley_\w+\([^;"]*"([a-z][a-z:-]+)"'),
                    *re.findall(r'"\\0([a-z]{2,})"', listed),
                    *core(r'"[^"\n]*?<([a-z][a-z:]+)[ "\'/>]', "binding.c", "starttls.c", "engine.c",
                          "client_authentication.c", "server_authentication.c"),
                    *core(r'>(?=<)<([a-z][a-z:]+)', "binding.c", "starttls.c"),
                    *(name.lower().replace("_", "-") for name in core(r'parley_condition_name\(PARLEY_(\w+)\)'))})
    conditions = sorted(set(re.findall(r'"\\0([a-z-]{2,})"', conditions)))
    return ["xmlns='%s'" % space for space in spaces] + ["<%s" % name for name in names] + \
        conditions + mechanisms()


WORDS = {
    "xml": ["<?xml version='1.0'?>", "<![CDATA[", "]]>", "&lt;", "&#x", "&#10;", "/>", "</", "xmlns=",
            "xmlns:a='", "xml:lang=", "<!--", "<!DOCTYPE", "&amp;", "\\xEF\\xBB\\xBF", "encoding="],
    "stream": ["<stream:stream", "stream:features", "<stream:error", "</stream:stream>", "version=",
               "xmlns='jabber:client'", "xmlns:stream='http://etherx.jabber.org/streams'", " id='",
               " from='", " to='", "<starttls " + URN % "tls" + "/>",
               "<proceed " + URN % "tls" + "/>", "<failure", "mechanisms", "<mechanism>", "<auth ",
               "<challenge", "<response", "<success", "<abort", "<bind " + URN % "bind" + "/>",
               "<session " + URN % "session" + "/>", "<resource>", "<jid>", "<required/>",
               "<iq type='result'", "<iq type='set'", "<iq type='error'", "id='AAECAwQFBgcI-1'",
               "id='AAECAwQFBgcI-2'", "<message", "<presence", "<body>", "<conflict", "SCRAM-SHA-256",
               "SCRAM-SHA-1", "PLAIN", "-PLUS", "mbed@example.com", "example.com", "<text"] +
              ["\\xFF\\x%02X" % i for i in [*range(25), 255]] + [URN % n for n in (
                  "tls", "sasl", "bind", "session", "streams", "stanzas")],
    "jid": ["@", "/", "xn--", "[::1]", "\\\\20", "\\xC3\\x9F", "\\xE3\\x80\\x82", "\\xCC\\x81", "."],
    "password": ["\\xC2\\xAD", "\\xC2\\xA0", "\\xCC\\x81", "\\xD8\\xA7", "\\xEF\\xBC\\xA1", "\\xC8\\xA1"],
    "base64": ["==", "=", "AA=="],
    "utf8": ["\\xED\\xA0\\x80", "\\xF4\\x90\\x80\\x80", "\\xEF\\xBF\\xBE", "\\xC0\\x80", "\\x0D\\x0A"],
    "certificate": ["\\x06\\x03\\x55\\x1D\\x11", "\\x06\\x03\\x55\\x1D\\x13", "\\x06\\x03\\x55\\x1D\\x25",
                    "\\x30\\x82", "\\xA3\\x82", "\\x82\\x0B", "example.com", "*.",
                    "\\x2B\\x06\\x01\\x05\\x05\\x07\\x08\\x05", "\\x2B\\x06\\x01\\x05\\x05\\x07\\x08\\x07",
                    "_xmpp-client."],
    "writer": ["\\x00\\x01", "\\x07\\x00", "\\x02\\x03", "xml:lang", "\\x03\\x01<"],
}


def extra(target):
    if target in ("mechanism", "setup"):
        return ["mbed", "example.com", "n,,n=mbed,r=", "\\x00mbed\\x00", "nonce=\\x22"]
    if target in WORDS:
        return WORDS[target]
    if target in ("xml_vs_expat", "element"):
        return WORDS["xml"]
    if target == "duplex":  # an edit of each direction and kind
        return ["\\x%02X\\x00\\x80<" % kind for kind in range(16)]
    if target in ("tls_records", "tls_chain"):
        return ["\\x16\\x03\\x03", "\\x15\\x03\\x03", "\\x17\\x03\\x03", "\\x14\\x03\\x03\\x00\\x01\\x01"]
    return WORDS["stream"] + WORDS["xml"]


def words(target):
    """Without those that are there already, in the order of their sources."""
    found = list(extra(target)) + of_grammars(target)
    if target in ("xml", "xml_vs_expat", "element"):
        found += xml_words()
    elif target.startswith(("client_", "server_")):
        found += stream_words() + xml_words()
    if target == "mechanism" or target.startswith(("client_", "server_")):
        if target.endswith(("mechanism", "scram", "digest_md5", "plain", "external")):
            found += sasl_words()
    return list(dict.fromkeys(found))

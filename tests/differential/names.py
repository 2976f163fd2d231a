#!/usr/bin/python3
"""Compares the preparation of names and passwords with other implementations:

    names.py TOOL    TOOL is tests/differential/names_tool.c, built

- UsernameCaseMapped and OpaqueString with python3-precis-i18n, labels with python3-idna: every
  code point that this Python's Unicode assigns (alone, and after a letter), and seeded strings;
- SASLprep with Python's stringprep and Unicode 3.2: every code point, and seeded strings;
- NFC and NFKC with the whole of Unicode's NormalizationTest.txt;
- Punycode with Python's codec, and A-labels there and back.

With PARLEY_DEPTH=short only every sixteenth code point is taken where they are least likely to
tell anything: those that normalise to themselves, those after a letter, all but once for SASLprep.
It ends with "N passed, N failed". What is not installed is said and counts as skipped.
"""
import bz2
import importlib.util
import os
import random
import stringprep
import subprocess
import sys
import unicodedata

SOME = 16 if os.environ.get("PARLEY_DEPTH") == "short" else 1
OLD = unicodedata.ucd_3_2_0
VERSION = tuple(map(int, unicodedata.unidata_version.split(".")))
EXCLUDED = set(" \"&'/:<>@")
REPERTOIRE = (
    "abzAZ09-._ ~\u00b7l\u00df\u00e9\u0130\u0131\u03a3\u03c2\u03c3\u0391\u0345\u0301\u0300\u0327"
    "\u0323\u0308\u0375\u05d0\u05d1\u05f3\u05f4\u05b0\u0627\u0628\u062f\u064b\u0661\u06f2\u0640"
    "\u0915\u094d\u09c7\u09be\u1100\u1161\u11a8\uac00\u200c\u200d\u30fb\u30a2\u3042\u4e00\u3000"
    "\u00a0\u2003\u2126\u212a\u212b\ufb01\uff21\uff71\uff9e\uff0f\uff20\u1e9b\u1f80\u0344\u00ad"
    "\u200b\u2060\u265a\u221e\u2163\u1e9e\u01c5\ua64a\U00010400\U0001d400\U0001f37a\U0002f868"
    "\U000110ba\U00011099\u0f0b\u3007\u06fd\u180e\u1680\u2028\u0085").replace("\n", "")


class Tool:
    def __init__(self, path):
        self.path = path

    def run(self, requests):
        """Results of (form, text) pairs: the prepared text, or None if it is refused."""
        lines = "".join("%s %s\n" % (form, text.encode("utf-8").hex()) for form, text in requests)
        done = subprocess.run([self.path], input=lines, stdout=subprocess.PIPE, check=True,
                              universal_newlines=True)
        answers = done.stdout.split("\n")[:-1]
        assert len(answers) == len(requests), (len(answers), len(requests))
        return [bytes.fromhex(answer[1:]).decode("utf-8") if answer[0] == "=" else None
                for answer in answers]


# Marks that Unicode 3.2 does not assign: Python orders them by their class of today, where that
# version has none.
NEW_MARKS = "\U000110ba"


def seeded(rng, count, most=9, without=""):
    repertoire = [c for c in REPERTOIRE if c not in without]
    for _ in range(count):
        # Half of them from two or three characters, so that what is rare meets itself.
        some = repertoire if rng.random() < 0.5 else rng.sample(repertoire, 3)
        yield "".join(rng.choice(some) for _ in range(rng.randint(1, most)))


def assigned():
    """What this Python's Unicode assigns and Unicode 15.0, so ours, does too."""
    return [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]


class Comparison:
    def __init__(self, tool):
        self.tool = tool
        self.passed = self.failed = self.skipped = 0

    def compare(self, name, form, texts, oracle):
        wrong = 0
        texts = list(texts)
        for text, ours in zip(texts, self.tool.run([(form, text) for text in texts])):
            theirs = oracle(text)
            if ours != theirs:
                wrong += 1
                if wrong <= 10:
                    print("%s: %s: ours %s, theirs %s" % (
                        name, ascii(text), ours and ascii(ours), theirs and ascii(theirs)))
        self.verdict(name, len(texts), wrong)

    def verdict(self, name, count, wrong):
        print("%s: %d compared, %d differ" % (name, count, wrong))
        if wrong or not count:
            self.failed += 1
        else:
            self.passed += 1

    def skip(self, name, why):
        print("%s: skipped, %s" % (name, why))
        self.skipped += 1


def strict(function, *errors):
    def call(text):
        try:
            return function(text)
        except errors:
            return None
    return call


def precis(comparison, rng, characters):
    try:
        from precis_i18n import get_profile
    except ImportError:
        comparison.skip("PRECIS", "python3-precis-i18n is not installed")
        return
    username, opaque = get_profile("UsernameCaseMapped"), get_profile("OpaqueString")

    def local(text):
        mapped = strict(username.enforce, UnicodeEncodeError)(text)
        return None if mapped is None or EXCLUDED & set(mapped) else mapped

    free = strict(opaque.enforce, UnicodeEncodeError)
    for name, form, oracle in (("UsernameCaseMapped", "local", local),
                               ("OpaqueString", "opaque", free)):
        comparison.compare(name + ", each alone", form, characters, oracle)
        comparison.compare(name + ", each after a letter", form,
                           ["a" + c for c in characters[::SOME]], oracle)
        comparison.compare(name + ", strings", form, seeded(rng, 40000), oracle)


def idna(comparison, rng, characters):
    try:
        import idna as other
    except ImportError:
        comparison.skip("IDNA", "python3-idna is not installed")
        return

    def valid(text):
        try:
            other.check_label(text)
            return text
        except (other.IDNAError, ValueError, IndexError):
            return None

    # What is taken unchanged is a U-label; what is mapped there has no counterpart here.
    names = [c for c in characters if c not in ".-"]
    names += [first + c for c in names[::SOME] for first in "a\u05d0"]
    names += [text for text in seeded(rng, 40000) if "." not in text]
    results = comparison.tool.run([("domain", text) for text in names])
    wrong = 0
    for text, ours in zip(names, results):
        theirs = valid(text)
        ours_valid = ours if ours == text else None
        # The tool's caller has judged ASCII; IDNA knows no lower limit for it.
        if ours_valid != theirs and not text.startswith("-") and not text.endswith("-"):
            wrong += 1
            if wrong <= 10:
                print("U-labels: %s: ours %s, theirs %s" % (
                    ascii(text), ours and ascii(ours), theirs and ascii(theirs)))
    comparison.verdict("U-labels", len(names), wrong)


def saslprep(comparison, rng):
    def prepare(text, stored):
        mapped = "".join("" if stringprep.in_table_b1(c) else
                         " " if stringprep.in_table_c12(c) else c for c in text)
        mapped = OLD.normalize("NFKC", mapped)
        for c in mapped:
            if stringprep.in_table_c21_c22(c) or any(
                    getattr(stringprep, "in_table_c%d" % n)(c) for n in range(3, 10)) or \
                    stored and stringprep.in_table_a1(c):
                return None
        right = [stringprep.in_table_d1(c) for c in mapped]
        if any(right) and not (right[0] and right[-1]) or \
                any(right) and any(map(stringprep.in_table_d2, mapped)):
            return None
        return mapped

    every = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for form in ("stored", "query"):
        def oracle(text, stored=form == "stored"):
            return prepare(text, stored)
        comparison.compare("SASLprep %s, each" % form, form,
                           every if form == "stored" else every[::SOME], oracle)
        comparison.compare("SASLprep %s, strings" % form, form,
                           seeded(rng, 40000, without=NEW_MARKS), oracle)


def normalisation(comparison):
    folder = os.environ.get("PARLEY_UNICODE_DATA", "/usr/share/unicode")
    path = os.path.join(folder, "NormalizationTest.txt")
    if os.path.exists(path):
        opened = open(path, encoding="utf-8")
    elif os.path.exists(path + ".bz2"):
        opened = bz2.open(path + ".bz2", "rt", encoding="utf-8")
    else:
        comparison.skip("NormalizationTest", "unicode-data is not installed")
        return
    with opened as file:
        lines = file.read().split("\n")
    if "NormalizationTest-15.0.0.txt" not in lines[0]:
        comparison.skip("NormalizationTest", "it is not of Unicode 15.0: " + lines[0])
        return
    requests, expected, alone, part = [], [], set(), ""
    for line in lines:
        line = line.split("#")[0].strip()
        if line.startswith("@"):
            part = line
        if not line or line.startswith("@"):
            continue
        c = ["".join(chr(int(word, 16)) for word in field.split())
             for field in line.split(";")[:5]]
        alone |= set(c[0]) if part == "@Part1" else set()
        for i in range(5):
            requests += [("nfc", c[i]), ("nfkc", c[i])]
            expected += [c[1] if i < 3 else c[3], c[3]]
    count = len(requests)
    # All others of one code point are as they are.
    for number in range(0, 0x110000, SOME):
        if chr(number) not in alone and not 0xD800 <= number < 0xE000:
            requests += [("nfc", chr(number)), ("nfkc", chr(number))]
            expected += [chr(number)] * 2
    wrong = 0
    for request, ours, theirs in zip(requests, comparison.tool.run(requests), expected):
        if ours != theirs:
            wrong += 1
            if wrong <= 10:
                print("%s of %s: %s, not %s" % (request[0], ascii(request[1]),
                                                ours and ascii(ours), ascii(theirs)))
    comparison.verdict("NormalizationTest (all its %d forms, and other code points)" % count,
                       len(requests), wrong)


def old_normalisation(comparison, rng):
    every = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    comparison.compare("NFKC of Unicode 3.2", "nfkc-3.2",
                       every[::SOME] + list(seeded(rng, 40000, without=NEW_MARKS)),
                       lambda text: OLD.normalize("NFKC", text))


def punycode(comparison, rng):
    words = []
    for text in seeded(rng, 40000, 12):
        text = "".join(c for c in text if c.isalnum()).lower()
        if text and not text.isascii():
            words.append(text)
    names = [name for name in comparison.tool.run([("domain", word) for word in words])
             if name is not None]

    def a_label(text):
        return text if text.isascii() else "xn--" + text.encode("punycode").decode("ascii")

    comparison.compare("A-labels", "ascii", names, a_label)
    back = {a_label(name): name for name in names if len(a_label(name)) < 64}
    comparison.compare("A-labels decoded", "domain", sorted(back), back.get)
    broken = []
    for label in sorted(back):
        at = rng.randrange(4, len(label)) if len(label) > 4 else 3
        changed = label[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz0123456789-") + label[at + 1:]
        if changed[-1] != "-" and changed not in back and changed[:4] == "xn--":
            broken.append(changed)
    wrong = 0
    results = comparison.tool.run([("domain", label) for label in broken])
    again = comparison.tool.run([("ascii", name) for name in results if name is not None])
    taken = [label for label, name in zip(broken, results) if name is not None]
    for label, encoded in zip(taken, again):
        wrong += label != encoded
    comparison.verdict("A-labels changed (%d of them still valid)" % len(taken), len(broken), wrong)


def idempotence(comparison, rng):
    texts = list(seeded(rng, 30000))
    for form in ("localpart", "domainpart", "resourcepart", "query"):
        once = [text for text in comparison.tool.run([(form, text) for text in texts]) if text]
        comparison.compare("once more: " + form, form, once, lambda text: text)


def system_python():
    """The system's packages are the system's Python's."""
    path = "/usr/bin/python3"
    if importlib.util.find_spec("precis_i18n") is None and os.path.exists(path) and \
            "PARLEY_NAMES_PYTHON" not in os.environ:
        os.environ["PARLEY_NAMES_PYTHON"] = path
        os.execv(path, [path] + sys.argv)


def main():
    system_python()
    comparison = Comparison(Tool(sys.argv[1]))
    rng = random.Random(7622)
    characters = assigned()
    print("Python's Unicode is %s" % unicodedata.unidata_version)
    normalisation(comparison)
    old_normalisation(comparison, rng)
    saslprep(comparison, rng)
    if VERSION > (15, 0, 0):
        comparison.skip("PRECIS and IDNA", "Python's Unicode is newer than ours")
    else:
        precis(comparison, rng, characters)
        idna(comparison, rng, characters)
    punycode(comparison, rng)
    idempotence(comparison, rng)
    if comparison.skipped:
        print("[  SKIPPED ] %d test(s)" % comparison.skipped)
    print("%d passed, %d failed" % (comparison.passed, comparison.failed))
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    sys.exit(main())

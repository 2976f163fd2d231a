"""What Unicode 15.0 and RFC 3454 say about each code point, and what RFC 5892 and RFC 8264
derive from it."""
import os
import stringprep
import unicodedata

VERSION = "15.0.0"
SIZE = 0x110000
HANGUL = range(0xAC00, 0xAC00 + 11172)
OLD = unicodedata.ucd_3_2_0

# RFC 5892 section 2.6, RFC 8264 section 9.6.
EXCEPTIONS = {0xDF: "PVALID", 0x3C2: "PVALID", 0x6FD: "PVALID", 0x6FE: "PVALID",
              0xF0B: "PVALID", 0x3007: "PVALID", 0xB7: "CONTEXT", 0x375: "CONTEXT",
              0x5F3: "CONTEXT", 0x5F4: "CONTEXT", 0x30FB: "CONTEXT", 0x640: "DISALLOWED",
              0x7FA: "DISALLOWED", 0x302E: "DISALLOWED", 0x302F: "DISALLOWED",
              0x3031: "DISALLOWED", 0x3032: "DISALLOWED", 0x3033: "DISALLOWED",
              0x3034: "DISALLOWED", 0x3035: "DISALLOWED", 0x303B: "DISALLOWED"}
EXCEPTIONS.update({c: "CONTEXT" for c in list(range(0x660, 0x66A)) + list(range(0x6F0, 0x6FA))})

LETTER_DIGITS = {"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"}  # RFC 8264 section 9.1
FREE = ("Lt Nl No Me Zs Sm Sc Sk So Pc Pd Ps Pe Pi Pf Po").split()  # sections 9.14 to 9.16, 9.18
IGNORABLE_BLOCKS = {"Combining Diacritical Marks for Symbols", "Musical Symbols",
                    "Ancient Greek Musical Notation"}  # RFC 5892 section 2.4


class Missing(Exception):
    pass


def files():
    """Where Debian's package, or Fedora's, puts them."""
    places = [os.environ.get("PARLEY_UNICODE_DATA", "/usr/share/unicode"), "/usr/share/unicode/ucd"]
    for place in places:
        if os.path.exists(os.path.join(place, "UnicodeData.txt")):
            return place
    return places[0]


def rows(name):
    try:
        with open(os.path.join(files(), name), encoding="utf-8") as file:
            lines = file.read().split("\n")
    except OSError as error:
        raise Missing("%s: install unicode-data" % error) from error
    for line in lines:
        line = line.split("#")[0].strip()
        if line:
            yield [field.strip() for field in line.split(";")]


def span(text):
    first, _, last = text.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def numbers(text):
    return tuple(int(word, 16) for word in text.split())


class Unicode:
    def __init__(self):
        with_version = os.path.join(files(), "DerivedAge.txt")
        try:
            with open(with_version, encoding="utf-8") as file:
                first = file.readline()
        except OSError as error:
            raise Missing("%s: install unicode-data" % error) from error
        if VERSION not in first:
            raise Missing("%s is not of Unicode %s but %s" % (with_version, VERSION, first.strip()))
        self.read_data()
        self.age = self.column("DerivedAge.txt", None)
        self.bidi = self.column("extracted/DerivedBidiClass.txt", "L")
        # Defaults of code points that are not assigned do not matter: all profiles refuse them.
        self.joining = self.column("extracted/DerivedJoiningType.txt", "U")
        self.script = self.column("Scripts.txt", "Zzzz")
        self.block = self.column("Blocks.txt", "")
        self.hangul = self.column("HangulSyllableType.txt", "")
        core = self.sets("DerivedCoreProperties.txt")
        self.ignorable = core["Default_Ignorable_Code_Point"]
        self.cased = core["Cased"]
        self.case_ignorable = core["Case_Ignorable"]
        properties = self.sets("PropList.txt")
        self.white = properties["White_Space"]
        self.noncharacter = properties["Noncharacter_Code_Point"]
        self.excluded = self.sets("DerivedNormalizationProps.txt")["Full_Composition_Exclusion"]
        self.corrected = {int(row[0], 16): numbers(row[1]) for row in
                          rows("NormalizationCorrections.txt") if row[3] > "3.2.0"}
        self.fold = {int(row[0], 16): numbers(row[2]) for row in rows("CaseFolding.txt")
                     if row[1] in "CF"}
        self.compose = self.pairs()

    def read_data(self):
        self.category = ["Cn"] * SIZE
        self.combining = [0] * SIZE
        self.canonical, self.compatible, self.tag, self.lower = {}, {}, {}, {}
        begin = None
        for row in rows("UnicodeData.txt"):
            code = int(row[0], 16)
            if row[1].endswith("First>"):
                begin = code
                continue
            for each in range(begin if begin is not None else code, code + 1):
                self.category[each] = row[2]
                self.combining[each] = int(row[3])
            begin = None
            if row[5].startswith("<"):
                tag, _, mapping = row[5].partition(" ")
                self.compatible[code], self.tag[code] = numbers(mapping), tag
            elif row[5]:
                self.canonical[code] = numbers(row[5])
            if row[13]:
                self.lower[code] = (int(row[13], 16),)
        for row in rows("SpecialCasing.txt"):
            if len(row) == 5 and numbers(row[1]) != (int(row[0], 16),):
                self.lower[int(row[0], 16)] = numbers(row[1])

    @staticmethod
    def column(name, default):
        values = [default] * SIZE
        for row in rows(name):
            for code in span(row[0]):
                values[code] = row[1]
        return values

    @staticmethod
    def sets(name):
        found = {}
        for row in rows(name):
            found.setdefault(row[1], set()).update(span(row[0]))
        return found

    def pairs(self):
        return {mapping: code for code, mapping in self.canonical.items()
                if len(mapping) == 2 and code not in self.excluded}

    def decompose(self, code, compatible):
        """Fully; but for canonical order, and for Hangul, which are computed."""
        mapping = self.canonical.get(code)
        if mapping is None and compatible:
            mapping = self.compatible.get(code)
        if mapping is None:
            return (code,)
        return sum((self.decompose(each, compatible) for each in mapping), ())

    def nfkc(self, text):
        """Of few code points; by the definition (UAX #15)."""
        flat = []
        for code in text:
            for each in self.decompose(code, True):
                if each in HANGUL:
                    index = each - HANGUL[0]
                    flat += [0x1100 + index // 588, 0x1161 + index % 588 // 28]
                    flat += [0x11A7 + index % 28] if index % 28 else []
                else:
                    flat.append(each)
        for end in range(len(flat), 1, -1):
            for i in range(1, end):
                here, before = self.combining[flat[i]], self.combining[flat[i - 1]]
                if here and before > here:
                    flat[i - 1], flat[i] = flat[i], flat[i - 1]
        return self.composed(flat)

    def composed(self, flat):
        result, starter, last = [], None, 0
        for code in flat:
            here = self.combining[code]
            if starter is not None and (last == 0 and starter == len(result) - 1 or last < here):
                both = self.pair(result[starter], code)
                if both is not None:
                    result[starter] = both
                    continue
            if here == 0:
                starter = len(result)
            last = here
            result.append(code)
        return tuple(result)

    def pair(self, first, second):
        if 0x1100 <= first < 0x1113 and 0x1161 <= second < 0x1176:
            return HANGUL[0] + ((first - 0x1100) * 21 + second - 0x1161) * 28
        if first in HANGUL and (first - HANGUL[0]) % 28 == 0 and 0x11A8 <= second < 0x11C3:
            return first + second - 0x11A7
        return self.compose.get((first, second))

    def folded(self, text):
        return sum((self.fold.get(code, (code,)) for code in text), ())

    def has_compat(self, code):
        return (code in self.canonical or code in self.compatible) and \
            self.nfkc((code,)) != (code,)

    def precis(self, code):
        """RFC 8264 section 8; FREE is allowed in FreeformClass alone."""
        category = self.category[code]
        if code in EXCEPTIONS:
            return EXCEPTIONS[code]
        if 0x21 <= code <= 0x7E:
            return "PVALID"
        if code in (0x200C, 0x200D):
            return "CONTEXT"
        if self.hangul[code] in ("L", "V", "T") or code in self.ignorable or \
                code in self.noncharacter or category in ("Cn", "Cc"):
            return "DISALLOWED"
        if self.has_compat(code):
            return "FREE"
        return "PVALID" if category in LETTER_DIGITS else \
            "FREE" if category in FREE else "DISALLOWED"

    def idna(self, code):
        """RFC 5892 section 3, with RFC 6452: no code point is backward compatible."""
        if code in EXCEPTIONS:
            return EXCEPTIONS[code]
        if code == 0x2D or 0x30 <= code <= 0x39 or 0x61 <= code <= 0x7A:
            return "PVALID"
        if code in (0x200C, 0x200D):
            return "CONTEXT"
        if self.category[code] not in LETTER_DIGITS or self.hangul[code] in ("L", "V", "T") or \
                code in self.ignorable or code in self.white or code in self.noncharacter or \
                self.block[code] in IGNORABLE_BLOCKS or self.unstable(code):
            return "DISALLOWED"
        return "PVALID"

    def unstable(self, code):
        if code not in self.canonical and code not in self.compatible and code not in self.fold:
            return False
        return self.nfkc(self.folded(self.nfkc((code,)))) != (code,)

    def width(self, code):
        """What a fullwidth or halfwidth code point is mapped to: one code point."""
        if self.tag.get(code) not in ("<wide>", "<narrow>"):
            return None
        mapped = self.nfkc((code,))
        return mapped[0] if len(mapped) == 1 and 0xFF00 < code < 0xFFF0 else None

    @staticmethod
    def old_kind(code):
        """RFC 4013 by RFC 3454: what becomes of a code point of Unicode 3.2."""
        character = chr(code)
        if stringprep.in_table_b1(character):  # U+200B is in both tables
            return "NOTHING"
        if stringprep.in_table_c12(character):
            return "SPACE"
        if any(table(character) for table in (
                stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3,
                stringprep.in_table_c4, stringprep.in_table_c5, stringprep.in_table_c6,
                stringprep.in_table_c7, stringprep.in_table_c8, stringprep.in_table_c9)):
            return "PROHIBITED"
        return "UNASSIGNED" if stringprep.in_table_a1(character) else "ALLOWED"

    @staticmethod
    def old_side(code):
        if stringprep.in_table_d1(chr(code)):
            return "RIGHT"
        return "LEFT" if stringprep.in_table_d2(chr(code)) else "NEITHER"

"""What llvm-cov exports, a file at a time: which lines and which outcomes of conditions were
seen, whichever copy of an inline function or style of a machine saw them; and the list of what
a target cannot reach, fuzz/coverage-reasons.tsv."""
import json
import os

KINDS = ("lines", "branches")


class File:
    """lines: number -> seen; branches: (number, column, outcome) -> seen."""

    def __init__(self, path):
        self.path = path
        self.lines = {}
        self.branches = {}
        self.mcdc = (0, 0)

    def missing(self, kind, span=None):
        """The keys that were not seen, of those in the span of line numbers."""
        return sorted(k for k, seen in getattr(self, kind).items() if not seen and
                      (span is None or (k if kind == "lines" else k[0]) in span))

    def count(self, kind):
        found = getattr(self, kind)
        return sum(1 for seen in found.values() if seen), len(found)


def read(text, lcov, root):
    """Name -> File, of `export -format=text` and `-format=lcov`. Headers without code are
    left out."""
    files = {}
    for entry in json.loads(text)["data"][0]["files"]:
        if entry["summary"]["lines"]["count"] == 0:
            continue
        file = files[os.path.relpath(entry["filename"], root)] = File(entry["filename"])
        file.mcdc = (entry["summary"]["mcdc"]["covered"], entry["summary"]["mcdc"]["count"])
        for line, column, _, _, true, false, *_ in entry["branches"]:
            for outcome, times in (("true", true), ("false", false)):
                key = (line, column, outcome)
                file.branches[key] = file.branches.get(key, False) or times > 0
    file = None
    for line in lcov.decode("utf-8").splitlines():
        if line.startswith("SF:"):
            file = files.get(os.path.relpath(line[3:], root))
        elif line.startswith("DA:") and file is not None:
            number, times = (int(part) for part in line[3:].split(",")[:2])
            file.lines[number] = file.lines.get(number, False) or times > 0
    return files


def source(file):
    with open(file.path, encoding="utf-8") as text:
        return text.read().split("\n")


def place(lines, at):
    """The number of the line whose text is `at`, or, of "FUNCTION: text", the first in that
    function; a sentence where there is not just one."""
    found = [i + 1 for i, line in enumerate(lines) if line.strip() == at]
    if len(found) == 1:
        return found[0], None
    function, _, text = at.partition(": ")
    begins = [i for i, line in enumerate(lines) if function + "(" in line and
              line[:1] not in (" ", "\t", "#", "/", "}") and not line.rstrip().endswith(";")]
    for i in range(begins[0], len(lines)) if len(begins) == 1 and text else ():
        if lines[i].strip() == text:
            return i + 1, None
    return 0, "the line occurs %d times: %s" % (len(found), at)


def read_reasons(path):
    """Rows of file, line, span, uncovered lines, uncovered outcomes, reason."""
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, at, span, lines, branches, why = line.rstrip("\n").split("\t")
                rows.append((name, at, int(span), int(lines), int(branches), why))
    return rows


def name_missing(files, rows):
    """(name -> kind -> how many of the missing are named, what is wrong with the rows). A
    row whose lines are covered by now, or that names more or less than is missing there,
    is wrong."""
    named = {name: {kind: set() for kind in KINDS} for name in files}
    wrong = []
    for name, at, span, lines, branches, why in rows:
        if name not in files:
            wrong.append("%s: is not among what is measured" % name)
            continue
        number, sentence = place(source(files[name]), at)
        if sentence:
            wrong.append("%s: %s" % (name, sentence))
            continue
        for kind, said in zip(KINDS, (lines, branches)):
            found = files[name].missing(kind, range(number, number + span))
            if len(found) != said:
                wrong.append("%s:%d: %d %s are named that the corpus does not cover, and it is %d: "
                             "%s" % (name, number, said, kind, len(found), at))
            named[name][kind] |= set(found)
        if lines + branches == 0 or not why:
            wrong.append("%s:%d: names nothing, or no reason" % (name, number))
    return {n: {k: len(v) for k, v in kinds.items()} for n, kinds in named.items()}, wrong


def unnamed(files, named_rows):
    """A sentence for each line that is not covered, or has an outcome that is not, and is not named."""
    sentences, spans = [], {}
    for name, at, span, *_ in named_rows:
        number, sentence = place(source(files[name]), at) if name in files else (0, "")
        if not sentence:
            spans.setdefault(name, set()).update(range(number, number + span))
    for name, file in sorted(files.items()):
        text = source(file)
        at = {}
        for number in file.missing("lines"):
            at.setdefault(number, []).append("line")
        for number, column, outcome in file.missing("branches"):
            at.setdefault(number, []).append("%d %s" % (column, outcome))
        for number, what in sorted(at.items()):
            if number not in spans.get(name, ()):
                sentences.append("%s:%d: %s [%s]" % (name, number, text[number - 1].strip(), "; ".join(what)))
    return sentences

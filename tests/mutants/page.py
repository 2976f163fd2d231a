#!/usr/bin/env python3
"""docs/mutants.md: the score of a run, and every mutant that only the table kills, explained.

usage: tests/mutants/page.py [--check]

Written from score.tsv, which a run of all mutants with --record leaves (run.py), and from what is
known of them (events.tsv, accepted.tsv, lived.tsv). --check: that it is the page as it stands.
"""
import collections
import os
import sys

sys.dont_write_bytecode = True

import chart
import known

SOURCE = os.path.dirname(os.path.dirname(known.HERE))
PAGE = os.path.join(SOURCE, "docs", "mutants.md")
Verdict = collections.namedtuple("Verdict", "mutant table killer detail")
TOLD = {"told": True, "not told": False}
HEAD = """# Mutants of the machines

Written by `tests/mutants/page.py` from `tests/mutants/score.tsv`, which
`tests/mutants/run.py FOLDER --all --record` leaves: what killed each mutant of a run of all of them, as
`./check --long --only mutants` makes it. [What this shows and what it does not](assurance.md#mutants)
stands with the rest of the evidence.

A mutant is one change of one transition of `spec/client.rl` or `spec/server.rl`: *delete* a named
one, so that the event is rejected; *redirect* it to another state; for an event that the state
rejects, *ignore* it, or *add* what another state does on it. Everything is regenerated from it.
The table that kills is that of expectations in `tests/conformance/machines.c`, which was written by
hand; the other killers are counted without it. SPIN is asked about what the tests leave and can come.
"""
SCORE_HEAD = """# What killed each mutant of a run of all of them, written by run.py: its name; whether the table of
# expectations told it from the machine; what else did, and which.
"""


def charts():
    found = {}
    for role in ("client", "server"):
        with open(os.path.join(SOURCE, "spec", role + ".rl"), encoding="ascii") as f:
            found[role] = chart.Chart(role, f.read())
    return found


def record(verdicts):
    """Keeps the verdicts of a run of all."""
    said = {told: word for word, told in TOLD.items()}
    with open(os.path.join(known.HERE, "score.tsv"), "w", encoding="ascii") as f:
        f.write(SCORE_HEAD)
        for v in verdicts:
            f.write("\t".join((v.mutant.name, said[v.table], v.killer, v.detail)) + "\n")


def recorded(machines):
    """The verdicts that were kept; all mutants of the machines as they are have one."""
    kept = {name: rest for name, *rest in known.rows("score.tsv", 4)}
    verdicts = []
    for mutant in (m for machine in machines.values() for m in chart.every(machine)):
        if mutant.name not in kept:
            raise ValueError("tests/mutants/score.tsv is of other machines: it has no %s"
                             % mutant.name)
        table, killer, detail = kept.pop(mutant.name)
        verdicts.append(Verdict(mutant, TOLD[table], killer, detail))
    if kept:
        raise ValueError("tests/mutants/score.tsv is of other machines: %s is no mutant"
                         % sorted(kept)[0])
    return verdicts


def page(machines, verdicts):
    pairs, why = known.comes(machines)
    out = [HEAD] + score(verdicts) + lived(verdicts) + accepted(verdicts)
    return "\n".join(out + never(machines, verdicts, pairs, why)) + "\n"


def score(verdicts):
    kinds = ["test", "transcript", "attack case", "property", "cannot come", "accepted", "SURVIVES"]
    others = sum(v.killer != "no other machine" for v in verdicts)
    out = ["## The score", "",
           "%d mutants, %d of them no other machine. The hand-written table kills %d of %d." % (
               len(verdicts), len(verdicts) - others, sum(v.table for v in verdicts), others), "",
           "| machine | change | mutants | no other machine | the table kills | a test | a transcript"
           " | an attack case | a property | the event cannot come there | accepted | survivors |",
           "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for role in ("client", "server"):
        for verb in ("delete", "redirect", "ignore", "add"):
            some = [v for v in verdicts if v.mutant.role == role and v.mutant.verb == verb]
            count = collections.Counter(v.killer for v in some)
            out.append("| %s | %s | %d | %d | %d | %s |" % (
                role, verb, len(some), count["no other machine"], sum(v.table for v in some),
                " | ".join(str(count[k]) for k in kinds)))
    by_test = collections.Counter(v.detail for v in verdicts
                                  if v.killer in ("test", "transcript", "attack case"))
    return out + ["", "The first to kill: " + ", ".join(
        "%s %d" % pair for pair in by_test.most_common()) + ". The fastest are tried first.", ""]


def lived(verdicts):
    """What lived in the first run of all (lived.tsv), which is killed since."""
    killed = {v.mutant.name for v in verdicts if v.killer not in ("accepted", "SURVIVES")}
    out = ["## What lived in the first run of all, and why it does not any more", "",
           "Each showed something that no other test looked at. The test that does now is named.", "",
           "| lived | what nobody looked at | looks at it now |", "|---|---|---|"]
    for names, what, test in known.rows("lived.tsv", 3):
        names = names.split("; ")
        if not killed.issuperset(names):
            raise ValueError("tests/mutants/lived.tsv: %s is not killed"
                             % sorted(set(names) - killed)[0])
        out.append("| %s | %s | %s |" % ("<br>".join("`%s`" % n for n in names), what, test))
    return out + [""]


def accepted(verdicts):
    found = collections.OrderedDict()
    for v in verdicts:
        if v.killer == "accepted":
            found.setdefault(v.detail, []).append(v.mutant.name)
    if not found:
        return []
    out = ["## Accepted", "", "No behaviour differs; the table alone tells them.", "",
           "| mutants | why |", "|---|---|"]
    return out + ["| %s | %s |" % ("<br>".join("`%s`" % n for n in names), reason)
                  for reason, names in found.items()] + [""]


def never(charts, verdicts, pairs, why):
    count = collections.Counter((v.mutant.role, v.mutant.event) for v in verdicts
                                if v.killer == "cannot come")
    out = ["## Events that cannot come", "",
           "Mutants of an event in a state where nothing raises it: the machine rejects it there all"
           " the same, and the table holds it to that. `tests/mutants/events.tsv` says where each"
           " can come; the tests must raise every such pair and no other.", "",
           "| machine | event | can come in | why nowhere else | mutants |", "|---|---|---|---|--:|"]
    for role, event in why:
        states = [s for s in charts[role].states if (role, s, event) in pairs]
        if len(states) > 8:
            states = ["all but " + ", ".join(s for s in charts[role].states if s not in states)]
        out.append("| %s | %s | %s | %s | %d |" % (
            role, event, ", ".join(states), why[role, event], count[role, event]))
    return out


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    machines = charts()
    text = page(machines, recorded(machines))
    if sys.argv[1:] == []:
        with open(PAGE, "w", encoding="utf-8") as f:
            f.write(text)
        return
    with open(PAGE, encoding="utf-8") as f:
        if f.read() != text:
            sys.exit("docs/mutants.md is not what tests/mutants/page.py writes: run it")


if __name__ == "__main__":
    main()

"""docs/mutants.md: the score of a run, and every mutant that only the table kills, explained."""
import collections

HEAD = """# Mutants of the machines

Written by `tests/mutants/run.py FOLDER%s --record docs/mutants.md`.
[What this shows and what it does not](assurance.md) stands with the rest of the evidence.

A mutant is one change of one transition of `spec/client.rl` or `spec/server.rl`: *delete* a named
one, so that the event is rejected; *redirect* it to another state; for an event that the state
rejects, *ignore* it, or *add* what another state does on it. Everything is regenerated from it.
The first column of killers is the table of expectations in `tests/conformance/machines.c`, which
was written by hand; the others are counted without it.

"""


def write(path, charts, verdicts, comes, whole):
    out = [HEAD % (" --all" if whole else "")]
    out += score(verdicts)
    out += accepted(verdicts)
    out += never(charts, verdicts, *comes)
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")


def score(verdicts):
    kinds = ["test", "transcript", "attack case", "property", "cannot come", "accepted", "SURVIVES"]
    out = ["## The score", "",
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

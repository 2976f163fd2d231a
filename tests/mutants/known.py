"""What is known of mutants: where events can come (events.tsv), and who may live (accepted.tsv)."""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))


def rows(name, fields):
    found = []
    with open(os.path.join(HERE, name), encoding="ascii") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or not line.strip():
                continue
            parts = line.rstrip("\n").split("\t")
            if len(parts) != fields:
                raise ValueError("tests/mutants/%s:%d: not %d fields" % (name, number, fields))
            found.append(parts)
    return found


def sets():
    found = {}
    with open(os.path.join(HERE, "events.tsv"), encoding="ascii") as f:
        for role, name, members in re.findall(r"^#   (\w+) (@\w+) +(.*)$", f.read(), re.M):
            found[role, name] = members.split()
    return found


def expand(words, role, known, charts):
    """The names that "*", "* but A B", "@set" and plain names stand for."""
    words = words.split()
    if words[0] == "*":
        unknown = set(words[2:]) - set(charts[role].states)
        found = [s for s in charts[role].states if s not in words[2:]]
    else:
        found = []
        for word in words:
            found += (expand(" ".join(known[role, word]), role, known, charts)
                      if word.startswith("@") else [word])
        unknown = set(found) - set(charts[role].states)
    if unknown:
        raise ValueError("tests/mutants: %s has no state %s" % (role, sorted(unknown)))
    return found


def comes(charts):
    """{(role, state, event)} that can come, and {(role, event): why nowhere else}."""
    known, pairs, why = sets(), set(), {}
    for role, events, states, reason in rows("events.tsv", 4):
        for event in events.split():
            if event not in charts[role].events or (role, event) in why:
                raise ValueError("tests/mutants/events.tsv: %s %s: twice, or not an event"
                                 % (role, event))
            why[role, event] = reason
            pairs |= {(role, state, event) for state in expand(states, role, known, charts)}
    missing = {(r, e) for r in charts for e in charts[r].events} - set(why)
    if missing:
        raise ValueError("tests/mutants/events.tsv: nothing of %s" % sorted(missing))
    return pairs, why


class Accepted:
    def __init__(self, charts):
        self.lines = []
        for role, kinds, states, events, reason in rows("accepted.tsv", 5):
            self.lines.append((role, kinds.split(), expand(states, role, sets(), charts),
                               events.split(), reason))
        self.used = set()

    def reason(self, mutant):
        for line in self.lines:
            role, kinds, states, events, reason = line
            if (mutant.role == role and mutant.verb in kinds and mutant.state in states and
                    (mutant.event in events or events == ["*"])):
                self.used.add(reason)
                return reason
        return None

    def unused(self):
        return [line for line in self.lines if line[4] not in self.used]

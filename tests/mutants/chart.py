"""A negotiation machine's specification as rows that can be changed, and the changes.

A mutant is one change of spec/ROLE.rl:
    delete    a transition that a state names is named no more: the state's last line takes it
    redirect  a transition leads to another state; its actions stay
    add       an event that a state does not name does nothing ("ignored"), or what another state
              does on it ("taken")
"""
import random
import re

SEED = 6120
BLOCK = re.compile(r"^    (\w+): \(\n(.*?)^    \) >~at_\1(,?)$", re.M | re.S)
ROW = re.compile(r"^      (\w+|\(any - \(.*\)\)) +(?:@(\w+) *)?-> (\w+)( \|)?$")
KINDS = ["delete", "redirect", "add"]


class Chart:
    def __init__(self, role, text):
        self.role = role
        self.text = text
        self.events = re.findall(r"^  export (\w+) *= \d+;", text, re.M)
        ending = re.search(r"^  ending = (.*);$", text, re.M).group(1).split(" | ")
        self.rows = {}   # state: {event: (action or None, target)}
        self.other = {}  # state: (action or None, target)
        for state, body, _ in BLOCK.findall(text):
            self.read_state(state, body, ending)
        self.states = list(self.rows)

    def read_state(self, state, body, ending):
        rows, excluded = {}, []
        for line in body.splitlines():
            found = ROW.match(line)
            if not found:
                raise ValueError("spec/%s.rl: %s: not a transition: %s" % (self.role, state, line))
            event, action, target, _ = found.groups()
            if event == "any" or event.startswith("("):
                self.other[state] = (action, target)
                excluded = re.findall(r"\w+", event)[1:] if event != "any" else []
            else:
                rows[event] = (action, target)
        if "ending" in excluded:
            excluded = [e for e in excluded if e != "ending"] + ending
        if sorted(excluded) != sorted(rows) or state not in self.other:
            raise ValueError("spec/%s.rl: %s: the last line does not exclude the others' events"
                             % (self.role, state))
        self.rows[state] = rows

    def effect(self, state, event):
        return self.rows[state].get(event, self.other[state])

    def with_state(self, state, rows):
        """The specification's text with other rows for one state."""
        lines = ["      %s %s-> %s |\n" % (e, "@%s " % a if a else "", t)
                 for e, (a, t) in rows.items()]
        action, target = self.other[state]
        rest = "(any - (%s))" % " | ".join(rows) if rows else "any"
        lines.append("      %s %s-> %s\n" % (rest, "@%s " % action if action else "", target))

        def block(found):
            if found.group(1) != state:
                return found.group(0)
            return "    %s: (\n%s    ) >~at_%s%s" % (state, "".join(lines), state, found.group(3))
        return BLOCK.sub(block, self.text)


class Mutant:
    def __init__(self, chart, kind, state, event, effect, name):
        self.role, self.kind, self.state, self.event = chart.role, kind, state, event
        self.verb = name  # as it stands in accepted.tsv: delete, redirect, ignore, add
        self.before = chart.effect(state, event)
        self.after = effect
        rows = dict(chart.rows[state])
        if kind == "delete":
            del rows[event]
        else:
            rows[event] = effect
        self.text = chart.with_state(state, rows)
        self.name = "%s: %s %s %s" % (chart.role, name, state, event)
        if kind != "delete":
            self.name += " -> %s%s" % (effect[1], " / " + effect[0] if effect[0] else "")

    def same(self):
        """Whether the change makes no other machine."""
        return self.before == self.after


def deletions(chart, state):
    return [Mutant(chart, "delete", state, event, chart.other[state], "delete")
            for event in chart.rows[state]]


def redirections(chart, state):
    """Each transition to where it came from, to ready, to closed, and to one state more."""
    found = []
    for event, (action, at) in chart.rows[state].items():
        dice = random.Random("%d %s %s %s" % (SEED, chart.role, state, event))
        targets = [state, "ready", "closed"]
        targets.append(dice.choice([s for s in chart.states if s not in targets + [at]]))
        found += [Mutant(chart, "redirect", state, event, (action, target), "redirect")
                  for target in dict.fromkeys(targets) if target != at]
    return found


def additions(chart, state):
    """One for each event that the state does not name: it is ignored; or it is taken as in
    another state, and leads to ready where none names it."""
    found = []
    for event in chart.events:
        if event in chart.rows[state]:
            continue
        ignored = (None, state)
        takes = sorted({chart.rows[s][event] for s in chart.states if event in chart.rows[s]},
                       key=str)
        takes = [t for t in takes if t not in (ignored, chart.other[state])] or [(None, "ready")]
        dice = random.Random("%d %s %s %s" % (SEED, chart.role, state, event))
        choices = [(dice.choice(takes), "add")]
        if ignored != chart.other[state]:
            choices.append((ignored, "ignore"))
        effect, name = dice.choice(choices)
        found.append(Mutant(chart, "add", state, event, effect, name))
    return found


def every(chart):
    return [m for state in chart.states
            for m in deletions(chart, state) + redirections(chart, state) +
            additions(chart, state)]


def sample(chart):
    """All deletions, and one redirection and one addition a state."""
    found = []
    for state in chart.states:
        dice = random.Random("%d %s %s" % (SEED, chart.role, state))
        found += deletions(chart, state)
        for kind in (redirections, additions):
            some = kind(chart, state)
            found += [dice.choice(some)] if some else []
    return found

"""What is drawn and told of a machine: overview, one drawing a step, Mermaid, Markdown."""
from drawing import Edge, Graph, Node

STEPS = ["open the stream", "encrypt and authenticate", "bind a resource",
         "establish the session", "exchange stanzas", "close"]
GROUPS = [("%d  %s" % (i + 1, text), i) for i, text in enumerate(STEPS)]


class View:
    """A machine, its events put together that do the same."""

    def __init__(self, m):
        self.m = m
        self.facts = {f[0]: f for f in m.facts}
        self.states = [f[0] for f in m.facts]
        self.step = {f[0]: int(f[3]) - 1 for f in m.facts}
        # (state, target) -> {actions: [events]}; what is merely rejected is apart.
        self.exits, self.rest = {}, {}
        for source, event, target, actions in m.transitions:
            by_actions = self.exits.setdefault((source, target), {})
            by_actions.setdefault(", ".join(actions), []).append(m.events[event])
        self.closed = next(s for s in self.states
                           if [k for k in self.exits if k[0] == s] == [(s, s)])
        self.closing = next(t for (s, t), by in self.exits.items() if "reject" in by and s != t)
        for state in self.states:
            pair = max((k for k in self.exits if k[0] == state),
                       key=lambda k: max(len(e) for e in self.exits[k].values()))
            actions = max(self.exits[pair], key=lambda a: len(self.exits[pair][a]))
            self.rest[state] = (pair[1], actions)

    def named(self, state):
        """(target, actions, events) of what the state names: not its default."""
        for target in self.states:
            for actions, events in self.exits.get((state, target), {}).items():
                if (target, actions) != self.rest[state]:
                    yield target, actions, events

    def is_rail(self, state, target):
        return target == self.closing or (target == self.closed and
                                          state not in (self.closing, "close_sent"))

    def arrows(self):
        """(state, target) -> [(actions, events)] of the main line."""
        out = {}
        for state in self.states:
            for target, actions, events in self.named(state):
                if target != state and not self.is_rail(state, target):
                    out.setdefault((state, target), []).append((actions, events))
        return out


def wrapped(events, most=2):
    return [", ".join(events[i:i + most]) for i in range(0, len(events), most)]


def edge_lines(groups):
    lines = []
    for actions, events in groups:
        lines += [("event", t) for t in wrapped(events, 1)]
        if actions:
            lines.append(("action", actions))
    return lines


def facts_line(view, state):
    _, clause, deadline, _ = view.facts[state]
    return clause + ("" if deadline == "none" else " · deadline: " + deadline)


def stays(view, state):
    found = [(a, e) for t, a, e in view.named(state) if t == state]
    return [("fact", "↻ " + text + (" / " + a if a else ""))
            for a, e in found for text in wrapped(e, 3)]


def edge_kind(view, tail, head):
    """Back edges go up: to a state that stands earlier in the facts."""
    return "back" if view.states.index(head) < view.states.index(tail) else "main"


def backs(view, state, groups):
    """What leads back is told in the box: beside so many lines there is no room for words."""
    return [("fact", "↑ %s → %s%s" % (text, head, " / " + actions if actions else ""))
            for (tail, head), found in groups.items()
            if tail == state and edge_kind(view, tail, head) == "back"
            for actions, events in found for text in wrapped(events, 2)]


def arrow(view, pair, groups, told):
    """An edge; without words where the box of its state tells them."""
    edge = Edge(*pair, edge_lines(groups), edge_kind(view, *pair))
    return edge.without_words() if told and edge.kind == "back" else edge


def without_states(view):
    """A step that a role has no state for: where what is said of it is answered."""
    for number, step in enumerate(STEPS):
        event = step.split()[-1].upper()
        for state in view.states if number not in view.step.values() else []:
            for target, actions, events in view.named(state):
                if event in events and actions:
                    yield "Step %d has no state of its own: %s / %s in %s." % (
                        number + 1, event, actions, state)


def overview(m):
    view = View(m)
    graph = Graph(m.name, "Parley: the %s's negotiation" % m.name, [
        "Six steps of RFC 6120. An arrow: events, and what is done. ↻ stays in the state; ↑ and dashed: back.",
        "Thin grey lines: errors, rejects and ends, to %s and %s. "
        "What a state does not name, it rejects." % (view.closing, view.closed)] +
        list(without_states(view)), GROUPS)
    for state in view.states:
        lines = [("name", state), ("fact", facts_line(view, state))] + stays(view, state)
        lines += backs(view, state, view.arrows())
        graph.nodes.append(Node(state, view.step[state], lines, 90))
    graph.edges = [arrow(view, pair, groups, True) for pair, groups in view.arrows().items()]
    graph.rails = [pair for pair in view.exits if pair[0] != pair[1] and
                   view.is_rail(*pair) and pair[0] not in (view.closing, view.closed)]
    return graph


def exit_lines(view, state):
    lines = []
    for target, actions, events in view.named(state):
        if target != state and view.is_rail(state, target):
            for text in wrapped(events, 2):
                done = " / " + actions if actions else ""
                lines.append(("exit", "%s → %s%s" % (text, target, done)))
    target, actions = view.rest[state]
    where = "stays" if target == state else "→ " + target
    lines.append(("exit", "anything else %s%s" % (where, " / " + actions if actions else "")))
    return lines


def one_step(m, number):
    view = View(m)
    inside = [s for s in view.states if view.step[s] == number]
    graph = Graph("%s-step-%d" % (m.name, number + 1),
                  "Parley: the %s, step %d: %s" % (m.name, number + 1, STEPS[number]),
                  ["Every event of each state. ↻ stays in it; ↑ and dashed lines: back.",
                   "Dashed boxes belong to other steps."], GROUPS)
    graph.prefix = graph.name
    shown = set(inside)
    for state in inside:
        lines = [("name", state), ("fact", facts_line(view, state))]
        lines += stays(view, state) + backs(view, state, view.arrows()) + exit_lines(view, state)
        graph.nodes.append(Node(state, number, lines, 90))
    for (tail, head), groups in view.arrows().items():
        if tail in inside or head in inside:
            for other in (tail, head):
                if other not in shown:
                    shown.add(other)
                    stub = Node(other, view.step[other], [("fact", other)], 60, stub=True)
                    graph.nodes.append(stub)
            graph.edges.append(arrow(view, (tail, head), groups, tail in inside))
    return graph


def mermaid(m):
    view = View(m)
    out = ["%% Generated by spec/derive. Do not edit.", "stateDiagram-v2",
           "    [*] --> %s" % view.states[0]]
    for number, (label, _) in enumerate(GROUPS):
        inside = [s for s in view.states if view.step[s] == number]
        if inside:
            out.append("    state \"%s\" as step_%d {" % (label.replace("  ", " "), number + 1))
            out += ["        " + s for s in inside]
            out.append("    }")
    for (tail, head), groups in view.arrows().items():
        text = "; ".join(", ".join(e) + (" / " + a if a else "") for a, e in groups)
        out.append("    %s --> %s: %s" % (tail, head, text))
    for state in view.states:
        for target, actions, events in view.named(state):
            if target == state:
                out.append("    %s --> %s: %s%s" % (state, state, ", ".join(events),
                                                    " / " + actions if actions else ""))
    out += ["    %s --> [*]" % view.closed, "    note left of %s" % view.closing,
            "        Every state leads here with what it does not name.", "    end note"]
    return "\n".join(out) + "\n"


def markdown(m):
    view = View(m)
    out = ["<!-- Generated by spec/derive. Do not edit. -->", "# The %s's transitions" % m.name, "",
           "![The %s's negotiation](%s.svg)" % (m.name, m.name), ""]
    for number in range(6):
        inside = [s for s in view.states if view.step[s] == number]
        if not inside:
            continue
        out += ["## Step %d: %s" % (number + 1, STEPS[number]), "",
                "![Step %d](%s-step-%d.svg)" % (number + 1, m.name, number + 1), "",
                "| state | events | actions | next |", "|---|---|---|---|"]
        for state in inside:
            label = "**%s**, %s" % (state, facts_line(view, state))
            rows = sorted(view.named(state), key=lambda row: m_order(m, row[2][0]))
            for target, actions, events in rows:
                out.append("| %s | %s | %s | %s |" % (
                    label, ", ".join(events), actions or "-", target))
                label = ""
            target, actions = view.rest[state]
            out.append("| %s | anything else | %s | %s |" % (label, actions or "-", target))
        out.append("")
    return "\n".join(out)


def m_order(m, event):
    return next(number for number, name in m.events.items() if name == event)

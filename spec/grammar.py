"""The XML tokenizer's named states, read from the labels in spec/xml.rl.

Ragel merges equal states and drops labels; keeping them by to-state actions, as the
negotiation machines do, would cost the tokenizer's tables a column and a call a byte. So its
drawing, unlike theirs, shows the source and not the compiled automaton.
"""
import os
import re

from drawing import Edge, Graph, Node
from machine import HERE, fail


def charts(text):
    """NAME -> {state: [(expression, target)]} of each definition that has labels."""
    text = re.sub(r"#.*", "", text)
    found = {}
    for definition in re.finditer(r"^\s*(\w+)\s*:?=(.*?);\s*$", text, re.S | re.M):
        labels = list(re.finditer(r"^\s*(\w+):\s*$", definition.group(2), re.M))
        for i, label in enumerate(labels):
            end = labels[i + 1].start() if i + 1 < len(labels) else len(definition.group(2))
            body = definition.group(2)[label.end():end]
            rows = [(tidy(e), t) for e, t in re.findall(r"(.*?)->\s*(\w+)", body, re.S)]
            found.setdefault(definition.group(1), {})[label.group(1)] = rows
    return found


def tidy(expression):
    return re.sub(r"\s+", " ", expression).strip().lstrip("|(" if expression.count("(") >
                                                        expression.count(")") else "|").strip()


def read_groups(text):
    """(label with its clause, definition, states), from the facts of the states."""
    groups = []
    for line in re.findall(r"^\s*#: (.*)$", text.split("#: rule |")[0], re.M):
        label, clause, chart, states = [p.strip() for p in line.split("|")]
        if label != "group":
            groups.append(("%s: %s" % (label, clause), chart, states.split()))
    return groups


def clauses(text):
    return {line.split("|")[1].strip() for line in
            re.findall(r"^\s*#: (.*)$", text.split("#: rule |")[0], re.M)[1:]}


def graphs():
    """The document's states, and those of an attribute value."""
    text = open(os.path.join(HERE, "xml.rl"), encoding="ascii").read()
    found, groups = charts(text), read_groups(text)
    in_groups = sorted((c, s) for _, c, states in groups for s in states)
    named = sorted((c, s) for c in found for s in found[c] if c != "single_quoted")
    if in_groups != named:
        fail("xml", "groups and labels differ: %s" % (set(in_groups) ^ set(named)))
    document = Graph("xml", "Parley: the XML tokenizer", [
        "The named states of spec/xml.rl. An arrow: what is read, and @what is done. ↻ stays in the state; ↑ and dashed: back.",
        "Thin grey lines: comments, declarations and instructions, which RFC 6120 11.1 forbids."],
        [(label, i) for i, (label, _, _) in enumerate(groups)])
    value = Graph("xml-value", "Parley: the XML tokenizer, a quoted attribute value", [
        "The named states of spec/xml.rl, double_quoted; single_quoted is alike.",
        "A line end becomes one space (XML 1.0 3.3.3), so what follows a carriage return matters."],
        document.groups)
    for number, (_, chart, states) in enumerate(groups):
        graph = value if chart == "double_quoted" else document
        for state in states:
            add_state(graph, number, chart, state, found[chart][state])
    document.nodes.append(Node("refused", 5, [("name", "refused"), ("fact", "restricted-xml")], 90))
    document.groups.append(("", 5))
    document.edges.append(Edge("epilog.epilog_markup", "refused", [("event", "anything")]))
    document.edges.append(Edge("main.markup", "epilog.start", [("event", "end_tag of the root")]))
    return [document, value]


def shown_name(name):
    """Each chart begins at its `start`; but for the document's, that is shown as the chart's name."""
    chart, state = name.split(".")
    return chart if state == "start" and chart != "main" else state


def add_state(graph, number, chart, state, rows):
    name = "%s.%s" % (chart, state)
    lines, by_target = [("name", shown_name(name))], {}
    earlier = [node.name for node in graph.nodes]
    for expression, target in rows:
        if target == state:
            lines.append(("fact", "↻ " + expression))
        else:
            by_target.setdefault(target, []).append(expression)
    graph.nodes.append(Node(name, number, lines, 90))
    for target, expressions in by_target.items():
        restricted = [e for e in expressions if "comment" in e or e == "instruction"]
        if restricted:
            if chart == "main":
                graph.rails.append((name, "refused"))
            continue
        end = "%s.%s" % (chart, target)
        if target == "final":
            lines.append(("fact", "%s: ends" % ", ".join(expressions)))
            graph.nodes[-1] = Node(name, number, lines, 90)
            continue
        edge = Edge(name, end, [("event", e) for e in expressions],
                    "back" if end in earlier else "main")
        if edge.kind == "back":
            lines += [("fact", "↑ %s: %s" % (shown_name(end), e)) for e in expressions]
            graph.nodes[-1] = Node(name, number, lines, 90)
            edge.without_words()
        graph.edges.append(edge)

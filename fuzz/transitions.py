"""Which transitions of the machines the corpus takes, of what fuzz/trace.c wrote.

Of the client and the server: each state with each event that can come there, as
tests/mutants/events.tsv says, which the tests hold to. Of the tokenizer: each state with each
class of bytes that has an edge, and in each state one that has none. Of the other grammars: each
edge, and each final state's end. What is not taken has to have a reason in
fuzz/transition-reasons.tsv."""
import fnmatch
import os
import sys

import grammar_seeds
import grammars

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
REASONS = os.path.join(HERE, "transition-reasons.tsv")
sys.path += [os.path.join(ROOT, "spec"), os.path.join(ROOT, "tests", "mutants")]
import known
import machine

ROLES = ("client", "server")
GRAMMARS = ("jid", "scram_client_messages", "scram_server_messages", "plain", "digest_md5",
            "anonymous", "password")


class Chart:
    def __init__(self, role):
        self.machine = machine.Machine(role)
        self.states = [fact[0] for fact in self.machine.facts]
        self.events = [self.machine.events[i] for i in sorted(self.machine.events)]


class Taken:
    """pairs: role -> {(state, event): how often} of what can come; xml: the same of (state, class); texts:
    (grammar, entry) -> messages."""

    def __init__(self, path):
        self.charts = {role: Chart(role) for role in ROLES}
        can_come, _ = known.comes(self.charts)
        self.pairs = {role: {(s, e): 0 for r, s, e in can_come if r == role} for role in ROLES}
        self.unforeseen = []
        self.xml, self.texts = {}, {}
        self.grammar = grammars.Grammar("xml_table")
        self.grammar.part()
        self.class_of = classes(self.grammar)
        with open(path, encoding="ascii", errors="replace") as file:
            for number, line in enumerate(file, 1):
                try:
                    self.take(*line.split())
                except (IndexError, KeyError, TypeError, ValueError):
                    raise ValueError("%s, line %d: not a trace's" % (path, number)) from None

    def take(self, name, first, second, *times):
        if name in ROLES:
            self.step(name, int(first), int(second), int(times[0]))
        elif name == "xml":
            cell = int(first), self.class_of[int(second)]
            self.xml[cell] = self.xml.get(cell, 0) + int(times[0])
        else:
            self.texts.setdefault((name, first), set()).add(bytes.fromhex(second[:-1]))

    def step(self, role, state, event, times):
        m = self.charts[role].machine
        pair = m.state_of[state], m.events[event]
        if pair not in self.pairs[role]:
            self.unforeseen.append("%s %s %s" % ((role,) + pair))
        self.pairs[role][pair] = times


def classes(grammar):
    """The class of each byte, as machines/xml_host.h has it."""
    number = {name: i for i, name in grammar.names.items()}
    special = {byte: name for name, byte in grammar_seeds.BYTES.items()
               if name not in ("CONTROL", "LETTER", "OTHER", "DIGIT")}
    found = []
    for byte in range(256):
        text = chr(byte)
        letter = ("UPPER_" if text.isupper() else "LOWER_") + text.upper()
        name = special.get(byte) or (
            "HIGH" if byte >= 0x80 else "CONTROL" if byte < 0x20 else
            "DIGIT" if text.isdigit() else letter if letter in number else
            "LETTER" if text.isalpha() else "OTHER")
        found.append(number[name])
    return found


def xml(taken):
    """(state, what) -> taken."""
    grammar, found = taken.grammar, {}
    most = max(grammar.names)
    for state, edges in grammar.edges.items():
        for letter, _, _ in edges:
            found[str(state), grammar.names[letter]] = (state, letter) in taken.xml
        wrong = grammar.errors(state, most)
        if wrong and edges:
            found[str(state), "error"] = any((state, c) in taken.xml for c in wrong)
    return found


def walked(name, texts):
    """(state, edge) -> taken, of a grammar over bytes; an end is where a final state ends."""
    grammar, seen = grammars.Grammar(name), set()
    for (_, entry), messages in texts.items():
        for message in messages:
            state = grammar.entries[entry]
            for byte in message:
                edge = grammar.step(state, byte)
                seen.add((state, edge))
                if edge is None:
                    break
                state = edge[2]
            else:
                seen.add((state, "end"))
    found = {}
    for state, edges in grammar.edges.items():
        for edge in edges:
            found[str(state), "%02X..%02X" % edge[:2]] = (state, edge) in seen
        if grammar.errors(state, 255) and edges:
            found[str(state), "error"] = (state, None) in seen
        if state in grammar.finals:
            found[str(state), "end"] = (state, "end") in seen
    return found


def everything(taken):
    """Machine -> {(state, what): taken}."""
    found = {role: taken.pairs[role] for role in ROLES}
    found["xml"] = xml(taken)
    for name in GRAMMARS:
        found[name] = walked(name, {k: v for k, v in taken.texts.items() if k[0] == name})
    return found


def read_reasons(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if line.strip() and not line.startswith("#")]


def judge(found, unforeseen, reasons):
    """(lines of figures, what is wrong)."""
    used = [False] * len(reasons)
    figures, wrong = [], ["%s: events.tsv says that it cannot come" % pair for pair in unforeseen]
    for name, cells in found.items():
        named = 0
        for (state, what), is_taken in sorted(cells.items()):
            rows = [i for i, (m, s, w, _) in enumerate(reasons) if m == name and
                    fnmatch.fnmatchcase(state, s) and fnmatch.fnmatchcase(what, w)]
            if not is_taken and not rows:
                wrong.append("%s: %s with %s is not taken, and has no reason" % (name, state, what))
            for i in rows if not is_taken else ():
                used[i] = True
            named += not is_taken and bool(rows)
        figures.append("transitions of %s %d of %d, %d named" % (
            name, sum(map(bool, cells.values())), len(cells), named))
    wrong += ["transition-reasons.tsv: nothing is missing of %s" % " ".join(row[:3])
              for row, is_used in zip(reasons, used) if not is_used]
    return figures, wrong


def check(path):
    """The same of a trace with the list of reasons, a control that has to fail, and how many
    transitions and reasons there are."""
    taken = Taken(path)
    found, reasons = everything(taken), read_reasons(REASONS)
    figures, wrong = judge(found, taken.unforeseen, reasons)
    if judge(found, [], reasons + [["xml", "*", "*", "a reason for what is taken"]])[1] == []:
        wrong.append("control: a reason for transitions that are taken is not noticed")
    for name, cells in found.items():
        one = next(cell for cell in sorted(cells) if cells[cell])
        if not judge({name: {one: False}}, [], [])[1]:
            wrong.append("control: a transition that is not taken is not noticed")
    return figures, wrong, sum(map(len, found.values())) + len(reasons) + 1

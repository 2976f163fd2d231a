"""A negotiation machine as `ragel -x` gives it, joined with its facts by state name."""
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
DEADLINES = ["none", "open", "tls", "sasl", "bind", "ready", "closing"]


class Machine:
    """`root` holds machines/ and spec/; `whole`: every state must be there (Ragel leaves out what
    cannot be reached)."""

    def __init__(self, name, root=os.path.dirname(HERE), whole=True):
        self.name = name
        self.facts = read_facts(os.path.join(root, "spec", name + ".rl"))
        self.whole = whole
        definition = ET.fromstring(run_ragel(name, root)).find("ragel_def")
        machine = definition.find("machine")
        self.events = {int(e.text): e.get("name") for e in definition.iter("ex")}
        self.actions = [a.get("name") for a in machine.iter("action")]
        self.tables = [[int(x) for x in t.text.split()] for t in machine.iter("action_table")]
        self.error = machine.findtext("error_state")
        self.start = int(machine.findtext("start_state"))
        self.read_states(machine)
        self.read_transitions(machine)

    def names(self, table):
        return [] if table == "x" else [self.actions[a] for a in self.tables[int(table)]]

    def read_states(self, machine):
        self.state_of = {}
        for state in machine.iter("state"):
            to_state = (state.findtext("state_actions") or "x x x").split()[0]
            found = [n[3:] for n in self.names(to_state) if n.startswith("at_")]
            if len(found) != 1:
                fail(self.name, "state %s has the names %s" % (state.get("id"), found))
            self.state_of[int(state.get("id"))] = found[0]
        in_machine, in_facts = sorted(self.state_of.values()), sorted(f[0] for f in self.facts)
        if in_machine != in_facts and (self.whole or not set(in_machine) < set(in_facts)):
            differ = set(in_machine) ^ set(in_facts)
            fail(self.name, "states and facts differ: %s" % (differ or "a name twice"))
        self.number = {fact[0]: i for i, fact in enumerate(self.facts)}

    def read_transitions(self, machine):
        self.transitions = []
        for state in machine.iter("state"):
            source = self.state_of[int(state.get("id"))]
            for row in state.iter("t"):
                low, high, target, table = row.text.split()
                if target == "x":
                    fail(self.name, "%s has an edge to the error state" % source)
                for event in range(int(low), int(high) + 1):
                    if event in self.events:
                        actions = self.names(table)
                        end = self.state_of[int(target)]
                        self.transitions.append((source, event, end, actions))
        self.transitions.sort(key=lambda t: (self.number[t[0]], t[1]))
        want = len(self.state_of) * len(self.events)
        if len(self.transitions) != want:
            fail(self.name, "%d transitions, not %d" % (len(self.transitions), want))


def fail(name, text):
    sys.exit("spec/derive: %s: %s" % (name, text))


def run_ragel(name, root):
    return subprocess.run(["ragel", "-x", name + ".rl"], cwd=os.path.join(root, "machines"),
                          check=True, stdout=subprocess.PIPE).stdout


def read_facts(path):
    """A fact stands above its state, with nothing but comments between."""
    facts, state = [], None
    for line in open(path, encoding="ascii"):
        if state and not line.strip().startswith("#"):
            if not re.match(r"    %s: \(" % state, line):
                fail(path, "the fact of %s does not stand above it" % state)
            state = None
        if line.strip().startswith("#: ") and not line.strip().startswith("#: state |"):
            parts = [p.strip() for p in line.strip()[3:].split("|")]
            if len(parts) != 4 or parts[2] not in DEADLINES or not parts[3].isdigit():
                fail(path, "bad fact line: " + line.strip())
            facts.append(parts)
            state = parts[0]
    return facts

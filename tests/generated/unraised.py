#!/usr/bin/env python3
"""The transitions that spec/client.rl and spec/server.rl name and nothing can raise.

usage: unraised.py [--write]

Which they are follows from tests/mutants/events.tsv; docs/formal.md lists them, as this says.
"""
import os
import re
import sys
import types

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "spec"), os.path.join(ROOT, "tests", "mutants")]

import known
from machine import Machine

PAGE = os.path.join(ROOT, "docs", "formal.md")
BEGIN, END = "<!-- from tests/mutants/events.tsv -->\n", "<!-- to here -->\n"


def named(role):
    """[(role, state, event)] of the lines of the specification, in its order."""
    found, state = [], None
    with open(os.path.join(ROOT, "spec", role + ".rl"), encoding="ascii") as f:
        for line in f:
            begins = re.match(r"    (\w+): \($", line)
            takes = re.match(r"      ([A-Z_]+) +(@\w+ +)?-> \w+", line)
            state = begins.group(1) if begins else state
            if takes:
                found.append((role, state, takes.group(1)))
    return found


def listed():
    charts = {}
    for role in ("client", "server"):
        machine = Machine(role)
        charts[role] = types.SimpleNamespace(states=[fact[0] for fact in machine.facts],
                                             events=list(machine.events.values()))
    can_come, _ = known.comes(charts)
    lines = named("client") + named("server")
    states = {}
    for role, state, event in lines:
        if (role, state, event) not in can_come:
            states.setdefault((role, event), []).append(state)
    count = sum(len(found) for found in states.values())
    text = "Nothing raises %d of the %d transitions that the two files name:\n\n" % (
        count, len(lines))
    text += "| role | event | in |\n|---|---|---|\n"
    for (role, event), found in states.items():
        text += "| %s | %s | %s |\n" % (role, event, ", ".join(found))
    return text


def main():
    with open(PAGE, encoding="utf-8") as f:
        page = f.read()
    before, _, rest = page.partition(BEGIN)
    stands, _, after = rest.partition(END)
    text = listed()
    if sys.argv[1:] == ["--write"]:
        with open(PAGE, "w", encoding="utf-8") as f:
            f.write(before + BEGIN + text + END + after)
        return
    if stands != text:
        print("FAILED docs/formal.md does not list the transitions that nothing raises; "
              "tests/generated/unraised.py --write")
    print("%d passed, %d failed" % (stands == text, stands != text))
    sys.exit(stands != text)


main()

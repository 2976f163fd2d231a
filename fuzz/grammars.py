"""The grammars as Ragel compiles them, and words that lead through every transition of them."""
import os
import subprocess
import xml.etree.ElementTree as ET

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Grammar:
    """edges: state -> [(low, high, target)], of bytes, or of classes of them; finals, and
    entries: name -> state. What has no edge is an error."""

    def __init__(self, name):
        text = subprocess.run(["ragel", "-x", name + ".rl"], check=True, stdout=subprocess.PIPE,
                              cwd=os.path.join(ROOT, "machines")).stdout
        definition = ET.fromstring(text).find("ragel_def")
        machine = definition.find("machine")
        self.error = machine.findtext("error_state")
        self.names = {int(e.text): e.get("name") for e in definition.iter("ex")}
        self.entries = {e.get("name"): int(e.text) for e in machine.iter("entry")}
        self.finals, self.edges = set(), {}
        for state in machine.iter("state"):
            number = int(state.get("id"))
            if state.get("id") == self.error:
                continue
            if state.get("final"):
                self.finals.add(number)
            self.edges[number] = []
            for edge in state.iter("t"):
                low, high, target, _ = edge.text.split()
                if target != "x" and target != self.error:
                    self.edges[number].append((int(low), int(high), int(target)))

    def part(self):
        """Each letter of an edge an edge of its own."""
        for state, edges in self.edges.items():
            self.edges[state] = [(letter, letter, target) for low, high, target in edges
                                 for letter in range(low, high + 1) if letter in self.names]

    def errors(self, state, most):
        """The letters up to `most` that have no edge there."""
        return [c for c in range(most + 1)
                if not any(low <= c <= high for low, high, _ in self.edges[state])]

    def step(self, state, letter):
        return next((e for e in self.edges[state] if e[0] <= letter <= e[1]), None)

    def paths(self, entry):
        """State -> the shortest word of letters that leads there."""
        found, queue = {entry: ()}, [entry]
        for state in queue:
            for low, _, target in self.edges[state]:
                if target not in found:
                    found[target] = found[state] + (low,)
                    queue.append(target)
        return found

    def ends(self):
        """State -> the shortest word to a final state, where there is one."""
        found = {state: () for state in self.finals}
        while True:
            more = {}
            for state, edges in self.edges.items():
                for low, _, target in edges:
                    if state not in found and target in found:
                        more.setdefault(state, (low,) + found[target])
            if not more:
                return found
            found.update(more)


def to_fresh(grammar, at, seen):
    """The edges of the shortest way to one that was not seen, that one included."""
    ways, queue = {at: ()}, [at]
    for state in queue:
        for edge in grammar.edges[state]:
            if (state, edge) not in seen:
                return ways[state] + (edge,)
            if edge[2] not in ways:
                ways[edge[2]] = ways[state] + (edge,)
                queue.append(edge[2])
    return ()


def words(grammar, entry, most=255, longest=60, loops_only=False):
    """Words of letters from the entry that between them take every edge, end in every final state,
    and in each state have one letter that has no edge. With loops_only a word ends behind its first new edge but for those
    that stay in the state."""
    paths, ends, seen, out = grammar.paths(entry), grammar.ends(), set(), []
    for state in sorted(paths, key=lambda s: (-len(paths[s]), s)):
        while any((state, edge) not in seen for edge in grammar.edges[state]):
            word, at = list(paths[state]), entry
            for letter in word:
                seen.add((at, grammar.step(at, letter)))
                at = grammar.step(at, letter)[2]
            way = next((e,) for e in grammar.edges[state] if (state, e) not in seen)
            while way and len(word) + len(way) <= max(longest, len(paths[state]) + 1):
                for edge in way:
                    seen.add((at, edge))
                    word.append(edge[0])
                    before, at = at, edge[2]
                way = to_fresh(grammar, at, seen)
                if loops_only and way and not way[0][2] == at == before:
                    way = ()
            out.append(tuple(word) + ends.get(at, ()))
    for state in sorted(paths):
        wrong = grammar.errors(state, most)
        if wrong:
            out.append(paths[state] + (wrong[0],))
    out += [paths[state] for state in sorted(grammar.finals) if state in paths]
    return out

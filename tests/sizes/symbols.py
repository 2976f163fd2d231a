#!/usr/bin/env python3
"""Reads the symbols of the built libraries and holds them to the promises:

  imports     core and machines take from outside only memcpy, memmove, memset, memcmp,
              BearSSL's hashes and HMAC and the compiler's own helpers; parley_tls takes in
              addition what starts with br_, and what parley has
  statics     nothing that can be written to has a fixed address
  insecure    the entries without TLS are absent from both, and present in the command
  recursion   no function reaches itself (read from the compiler's call graphs)
  allocation  no function has a frame whose size is not known when compiling

usage: symbols.py LIBPARLEY LIBPARLEY_TLS COMMAND CALL-GRAPH-FOLDER
       ("-" for the command: not asked)
"""
import os
import re
import subprocess
import sys

LIBC = {"memcpy", "memmove", "memset", "memcmp"}
BEARSSL_IN_CORE = {
    "br_md5_vtable", "br_sha1_vtable", "br_sha256_vtable", "br_sha512_vtable",
    "br_hmac_key_init", "br_hmac_init", "br_hmac_update", "br_hmac_out",
}
# libgcc and compiler-rt: arithmetic that the target has no instruction for, and switches.
COMPILER = re.compile(
    r"^(__(u?(div|mod|divmod)|mul|ashl|ashr|lshr|clz|ctz|popcount|bswap|ffs|parity|u?cmp)"
    r"[sdt]i[234]?|__aeabi_\w+|__gnu_thumb1_case_\w+|_GLOBAL_OFFSET_TABLE_)$")
INSECURE = {"parley_client_begin_insecure", "parley_server_begin_insecure"}


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()


def imports(library):
    """Undefined symbols that the library does not define itself."""
    undefined, defined = {}, set()
    for line in run("nm", "-A", library).split("\n"):
        found = re.match(r"(.*):(?:[0-9a-f]*)\s+([A-Za-z])\s+(\S+)$", line)
        if not found:
            continue
        member, kind, name = found.groups()
        if kind in "Uwv":
            undefined.setdefault(name, member)
        elif kind.isupper():
            defined.add(name)
    return {n: m for n, m in undefined.items() if n not in defined}, defined


def writable(library):
    """Objects in sections that stay writable once the program runs."""
    for line in run("objdump", "-t", library).split("\n"):
        found = re.match(r"[0-9a-f]+ .{7} (\S+)\s+([0-9a-f]+)\s+(?:\.hidden )?(\S+)$", line)
        if not found:
            continue
        section, size, name = found.groups()
        if int(size, 16) == 0 or name == section:
            continue
        kept = section.startswith(".data.rel.ro")
        if section == "*COM*" or (re.match(r"\.(data|bss|tdata|tbss)\b", section) and not kept):
            yield name, section


def call_graph(folder):
    """Edges and frames from gcc's -fcallgraph-info=su."""
    calls, frames = {}, {}
    for where, _, files in os.walk(folder):
        for name in files:
            if not name.endswith(".ci"):
                continue
            with open(os.path.join(where, name)) as file:
                text = file.read()
            # A static function is named by its file too, so that equal names stay apart.
            for title, label in re.findall(r'node: \{ title: "([^"]*)" label: "([^"]*)"', text):
                calls.setdefault(title, set())
                frame = re.search(r"(\d+) bytes \(([a-z,]+)\)", label)
                if frame:
                    frames[title] = (int(frame.group(1)), frame.group(2))
            for source, target in re.findall(
                    r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text):
                calls.setdefault(source, set()).add(target)
    return calls, frames


def cycles(calls):
    """Functions that reach themselves, by Tarjan's algorithm, without recursion."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in calls:
        if root in index:
            continue
        work = [(root, iter(calls[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, edges = work[-1]
            for target in edges:
                if target not in calls or target == "__indirect_call":
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(calls[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while not group or group[-1] != node:
                        group.append(stack.pop())
                        on_stack.discard(group[-1])
                    if len(group) > 1 or node in calls[node]:
                        found.append(group)
    return found


class Figures:
    def __init__(self):
        self.passed = self.failed = 0

    def test(self, name, defects):
        defects = list(defects)
        for defect in defects:
            print("%s: %s" % (name, defect))
        self.passed += not defects
        self.failed += bool(defects)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    core, tls, command, graphs = sys.argv[1:]
    figures = Figures()
    taken, core_defines = imports(core)
    figures.test("imports", (
        "%s imports %s" % (member, name) for name, member in sorted(taken.items())
        if name not in LIBC and name not in BEARSSL_IN_CORE and not COMPILER.match(name)))
    tls_taken, tls_defines = imports(tls)
    figures.test("imports", (
        "%s imports %s" % (member, name) for name, member in sorted(tls_taken.items())
        if name not in LIBC and not name.startswith("br_") and name not in core_defines
        and not COMPILER.match(name)))
    for library in core, tls:
        figures.test("statics", (
            "%s: %s in %s can be written to" % (os.path.basename(library), name, section)
            for name, section in writable(library)))
    figures.test("insecure", (
        "%s must not be in the libraries" % name
        for name in sorted(INSECURE & (core_defines | tls_defines | set(taken) | set(tls_taken)))))
    if command != "-":
        _, present = imports(command)
        figures.test("insecure", ("the command lacks %s" % name
                                  for name in sorted(INSECURE - present)))
    calls, frames = call_graph(graphs)
    figures.test("recursion", ([] if calls else ["no call graphs in %s" % graphs]) +
                 [" and ".join(group) for group in cycles(calls)])
    figures.test("allocation", ("%s has a frame of unknown size" % name
                                for name, (_, kind) in frames.items() if kind == "dynamic"))
    if frames:
        deepest = max(frames, key=lambda name: frames[name][0])
        print("figures: largest frame %d bytes, %s" % (frames[deepest][0], deepest.split(":")[-1]))
    print("%d passed, %d failed" % (figures.passed, figures.failed))
    sys.exit(1 if figures.failed else 0)


if __name__ == "__main__":
    main()

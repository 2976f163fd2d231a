#!/usr/bin/env python3
"""What fuzz/heat is given that is no trace: told, and the table and the drawings stay as they are."""
import importlib.machinery
import importlib.util
import os
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "fuzz"))
loader = importlib.machinery.SourceFileLoader("heat", os.path.join(ROOT, "fuzz", "heat"))
heat = importlib.util.module_from_spec(importlib.util.spec_from_loader("heat", loader))
loader.exec_module(heat)

KEPT = "# kept\n"
# Arguments, where TRACE is a file of that text, and a word of what must be said.
DEFECTS = [
    (["--chek"], None, "usage"),
    (["--check", "TRACE"], "client 0 0 1\n", "usage"),
    ([], None, "usage"),
    (["no-such-trace"], None, "no-such-trace"),
    (["TRACE"], "", "nothing"),
    (["TRACE"], "a letter of somebody's\n", "line 1"),
    (["TRACE"], "xml 1 32 1\nclient 0 zero 1\n", "line 2"),
    (["TRACE"], "client 9999 0 1\n", "line 1"),
    (["TRACE"], "xml 0 256 1\n", "line 1"),
    (["TRACE"], "client 0 0\n", "line 1"),
    (["TRACE"], "client 0 0 \u00e9\n", "line 1"),
]


def told(folder, arguments, text):
    """What heat ends with, or None where it makes something."""
    trace = os.path.join(folder, "trace")
    if text is not None:
        with open(trace, "w", encoding="utf-8") as file:
            file.write(text)
    try:
        heat.main([trace if a == "TRACE" else a for a in arguments])
    except SystemExit as end:
        return str(end.code)
    return None


def main():
    passed = failed = 0
    for arguments, text, word in DEFECTS:
        with tempfile.TemporaryDirectory() as folder:
            heat.FOLDER, heat.TABLE = folder, os.path.join(folder, "transitions.tsv")
            with open(heat.TABLE, "w", encoding="ascii") as file:
                file.write(KEPT)
            said = told(folder, arguments, text)
            with open(heat.TABLE, encoding="ascii") as file:
                kept = file.read() == KEPT
            others = set(os.listdir(folder)) - {"trace", "transitions.tsv"}
        if kept and not others and said and word in said:
            passed += 1
        else:
            failed += 1
            print("FAILED %s of %r: said %r, table %s" % (
                arguments, text, said, "kept" if kept else "overwritten"))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

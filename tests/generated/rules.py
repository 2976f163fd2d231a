#!/usr/bin/env python3
"""Plants what spec/rules.py must find in a grammar and its facts, and sees that it does."""
import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "spec"))
import rules

GOOD = """%%{
  machine plain;

  # A message.
  #
  #: rule | clause | what it is
  #: safe | RFC 4616 2 | any character but "|" # and NUL
  #: message | RFC 4616 2.1 | all of it

  include utf8 "utf8.rl";

  safe = [^;#\\]] | "#" | utf8_beyond_ascii;  # one
  message = safe{1,4} @end;
}%%
""".replace('"|" # and', "NUL, #, and")
CLAUSES = "# A comment.\nRFC 4616 2\tPLAIN\nRFC 4616 2.1\tA part\nRFC 6120 4.2\tOpening\n"
HOST = "  include plain;\n  main := message;\n"
STATES = {"RFC 6120 4.2"}
# What is changed in the good ones, and a word of what must be said.
GRAMMAR_DEFECTS = [
    ("  #: safe | RFC 4616 2 |", "  # safe | RFC 4616 2 |", "rules and facts differ: {'safe'}"),
    ("  message = safe", "  text = safe", "rules and facts differ"),
    ("  #: message |", "  #: safe | RFC 4616 2 | again\n  #: message |", "two facts of safe"),
    ("  #: message | RFC 4616 2.1 | all of it", "  #: message | RFC 4616 2.1", "a bad fact"),
    ("  #: rule | clause | what it is\n", "", "do not begin with"),
    ("  safe = [", "  message = safe;\n  safe = [", "a rule twice"),
    ("{1,4} @end", "{1,4} @{ end(p); }", "C: message"),
    ("  safe = [", "  action end { end(p); }\n  safe = [", "C: action"),
    ("  safe = [", "  write data;\n  safe = [", "neither a rule nor an include"),
]
WHOLE_DEFECTS = [
    ("grammar", "safe{1,4} @end", "0x20..0x7E @safe", "nothing uses the rule plain: safe"),
    ("host", "main := message", "main := safe", "nothing uses the rule plain: message"),
    ("grammar", "| RFC 4616 2 |", "| RFC 4616 3 |", "has no clause RFC 4616 3"),
    ("grammar", "| RFC 4616 2.1 |", "| RFC 4616 2 |", "nothing cites RFC 4616 2.1"),
    ("clauses", "RFC 6120 4.2\tOpening\n", "", "has no clause RFC 6120 4.2"),
    ("clauses", "2.1\tA part", "2.1 A part", "a bad line"),
    ("clauses", "RFC 4616 2.1", "RFC 4616 2", "one twice"),
    ("clauses", "RFC 4616 2.1", "RFC 4616 two", "a bad line"),
]


def told(parts):
    try:
        return "; ".join(rules.judge({"plain": rules.rules(parts["grammar"])}, [parts["host"]],
                                     rules.read_clauses(parts["clauses"]), STATES))
    except ValueError as error:
        return str(error)


def main():
    good = {"grammar": GOOD, "host": HOST, "clauses": CLAUSES}
    cases = [("nothing", told(good), "")]
    for old, new, word in GRAMMAR_DEFECTS:
        cases.append((new, told(dict(good, grammar=GOOD.replace(old, new, 1))), word))
    for part, old, new, word in WHOLE_DEFECTS:
        cases.append((new, told(dict(good, **{part: good[part].replace(old, new, 1)})), word))
    wrong = [(name, said, word) for name, said, word in cases if
             (word not in said if word else said != "")]
    for name, said, word in wrong:
        print("planted %r: said %r, not %r" % (name, said, word))
    print("%d passed, %d failed" % (len(cases) - len(wrong), len(wrong)))
    sys.exit(len(wrong) > 0)


main()

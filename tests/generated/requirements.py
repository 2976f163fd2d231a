#!/usr/bin/env python3
"""Plants what spec/trace must find in spec/requirements.tsv, and sees that it does."""
import importlib.machinery
import importlib.util
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TRACE = os.path.join(ROOT, "spec", "trace")
loader = importlib.machinery.SourceFileLoader("trace_tool", TRACE)
trace = importlib.util.module_from_spec(importlib.util.spec_from_loader("trace_tool", loader))
loader.exec_module(trace)

GOOD = {"id": "R6120-001", "section": "4.1", "roles": "R", "level": "MUST", "statement": "s",
        "answer": "met", "where": "core/header.c:parley_server_put_header",
        "tests": "conformance.server:whole_session", "note": ""}
# What is changed in a good row, and a word of what must be said.
DEFECTS = [
    ({"tests": "conformance.no_such_test"}, "no test conformance.no_such_test"),
    ({"tests": "conformance.server:no_such_function"}, "no test no_such_function"),
    # A helper, and a function of another test.
    ({"tests": "conformance.server:converse"}, "no test converse"),
    ({"tests": "conformance.server:ten_thousand_bytes"}, "no test ten_thousand_bytes"),
    ({"tests": "attacks:Z99-client"}, "no attack case Z99-client"),
    ({"tests": "interop:no such case"}, "no interop case"),
    ({"tests": "model:no_such_property"}, "no property no_such_property"),
    ({"where": "core/no_such_file.c"}, "no file"),
    ({"where": "core/header.c:no_such_function"}, "does not define"),
    # Called there, defined elsewhere; and named in a header alone.
    ({"where": "core/header.c:parley_engine_forget"}, "does not define"),
    ({"where": "core/include/parley/client.h:parley_client_push"}, "does not define"),
    ({"where": "spec/client.rl:no_such_state"}, "does not define"),
    ({"where": "spec/client.rl:mechanisms"}, "does not define"),  # the server's
    ({"section": "4.9.3.25"}, "cited beside none"),
    # A clause of another state, and of another rule.
    ({"section": "7.3.2", "where": "spec/client.rl:proceed"}, "cited beside none"),
    ({"section": "11.5", "where": "spec/xml.rl:tf_8"}, "cited beside none"),
    ({"where": "core/header.c"}, "is a whole file"),
    ({"answer": "done"}, "there are met"),
    ({"where": ""}, "nothing says where"),
    ({"tests": ""}, "without a test"),
    ({"answer": "partly"}, "no note says why"),
    ({"answer": "open", "note": "so"}, "and yet"),
    ({"id": "feature", "where": "R6120-999"}, "no statement"),
]


def told(rows, tree):
    return trace.judge(tree, [dict(row, line=i + 2) for i, row in enumerate(rows)])


def table(*lines):
    return "\n".join(["\t".join(trace.COLUMNS)] + ["\t".join(line) for line in lines])


def stale_pages(results):
    """A page that is gone, and one that is another, are found."""
    with open(os.path.join(ROOT, trace.TABLE), encoding="utf-8") as file:
        rows, _ = trace.read(file.read())
    for change in ("none", "gone", "other"):
        with tempfile.TemporaryDirectory() as root:
            shutil.copytree(os.path.join(ROOT, "docs"), os.path.join(root, "docs"))
            for path, text in trace.coverage.pages(rows).items():
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text + "x" * (change == "other"))
            if change == "gone":
                os.unlink(os.path.join(root, "docs/requirements.svg"))
            found = len(trace.stale(root, rows))
            results.append(("pages: " + change, found == {"none": 0, "gone": 1, "other": 2}[change]))


def main():
    tree = trace.Tree(ROOT)
    results = [("a good row", told([GOOD], tree) == [])]
    for change, words in DEFECTS:
        errors = told([GOOD, dict(GOOD, id="R6120-002", **change)] if "id" not in change
                      else [GOOD, dict(GOOD, **change)], tree)
        results.append((str(change), len(errors) == 1 and words in errors[0]))
    feature = dict(GOOD, id="feature", where="R6120-001", tests="")
    results.append(("a feature that follows", told([GOOD, feature], tree) == []))
    results.append(("one that does not", len(told([GOOD, dict(feature, answer="open")], tree)) == 1))
    tree.registered = {"conformance.walkthrough"}
    results.append(("not in the build", "not registered" in "".join(told([GOOD], tree))))
    row = [GOOD[column] for column in trace.COLUMNS]
    results.append(("a good table", trace.read(table(row))[1] == []))
    results.append(("a row twice", len(trace.read(table(row, row))[1]) == 1))
    results.append(("a column too few", len(trace.read(table(row[:-1]))[1]) == 1))
    results.append(("other columns", len(trace.read(table(row)[3:])[1]) == 1))
    stale_pages(results)
    for what, good in results:
        if not good:
            print("not as it must be: " + what)
    failed = sum(not good for _, good in results)
    print("%d passed, %d failed" % (len(results) - failed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

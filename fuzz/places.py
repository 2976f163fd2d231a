"""What an input covers as fuzz/coverage counts it: lines, outcomes of conditions, transitions.

The edges that an engine counts are those of an optimised program: an outcome that decides no jump there
has none, and a transition that is a cell of a table has none either."""
import concurrent.futures
import importlib.machinery
import importlib.util
import os
import tempfile

import transitions

HERE = os.path.dirname(os.path.abspath(__file__))


def coverage():
    """fuzz/coverage, which is a program."""
    loader = importlib.machinery.SourceFileLoader("coverage", os.path.join(HERE, "coverage"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("coverage", loader))
    loader.exec_module(module)
    return module


def of_report(lcov):
    name = None
    for line in lcov.decode("utf-8").splitlines():
        kind, _, rest = line.partition(":")
        key, _, times = rest.rpartition(",")
        if kind == "SF":
            name = rest
        elif kind == "DA" and times != "0":
            yield name, key
        elif kind == "BRDA" and times not in ("0", "-"):
            yield name, "branch " + key


def of_trace(path):
    if os.path.exists(path):
        for name, cells in transitions.everything(transitions.Taken(path)).items():
            yield from ((name, cell) for cell, taken in cells.items() if taken)


class Places:
    """Of a build folder of fuzz/coverage, which is brought up to date."""

    def __init__(self, folder):
        self.coverage = coverage()
        self.program = self.coverage.build(folder)

    def of(self, target, paths):
        c = self.coverage
        with tempfile.TemporaryDirectory() as place:
            raw, profile, trace = (os.path.join(place, name) for name in ("raw", "profile", "trace"))
            c.run([self.program, target] + list(paths),
                  env=dict(os.environ, LLVM_PROFILE_FILE=raw, PARLEY_FUZZ_TRACE=trace))
            c.run([c.tool("LLVM_PROFDATA", "llvm-profdata"), "merge", "-o", profile, raw])
            lcov = c.run([c.tool("LLVM_COV", "llvm-cov"), "export", "-format=lcov", "-skip-functions",
                          "-instr-profile=" + profile, self.program, "-sources"] +
                         [os.path.join(c.ROOT, folder) for folder in c.FOLDERS])
            return set(of_report(lcov)) | set(of_trace(trace))

    def each(self, target, paths, jobs):
        """Path -> its places."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
            return dict(zip(paths, pool.map(lambda path: self.of(target, [path]), paths)))

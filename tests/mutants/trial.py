"""What kills a mutant: the hand-written table, the other tests in C, a property.

A mutant is regenerated whole: its specification through Ragel and spec/derive, to C, tables and
the model. The table (conformance/machines.c) is linked with a shared library of its C and its tables;
the others take its C from there (swap.c). So all of them are linked once.
"""
import os
import resource
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(SOURCE, "spec"), os.path.join(SOURCE, "spec", "model")]

import tables
from machine import Machine
from properties import LIVENESS, REACHED, SAFETY
from search import Built

ROLES = ["client", "server"]
# The fastest killers first.
TESTS = ["walkthrough", "requests", "classification", "turns", "endings", "server", "attacks",
         "stepwise", "tls_session", "sasl_offer", "sasl_identity", "scram_kept_keys",
         "digest_md5", "replay"]
KIND_OF = {"replay": "transcript", "attacks": "attack case"}  # the others: test
COMPILE = ["gcc", "-std=c11", "-O0", "-w", "-pipe", "-fPIC"] + [
    "-I" + os.path.join(SOURCE, f) for f in ("core/include", "core", "machines", "tests")]
CPU_SECONDS = 10  # of a test that takes 2 at most: a mutant that never ends is killed


def quiet(command, folder=None, **more):
    """(status, what it said)"""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, errors="replace", **more)
    return done.returncode, done.stdout


def must(command, folder=None):
    status, said = quiet(command, folder)
    if status != 0:
        sys.exit("tests/mutants: %s failed:\n%s" % (" ".join(command), said))


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Base:
    """What all trials share: the tests, built once, and which pairs of state and event each
    gives to the machine. A test cannot kill a mutant of a pair that it never raises."""

    def __init__(self, folder, jobs):
        self.folder = folder
        self.build = os.path.join(folder, "build")
        os.makedirs(folder, exist_ok=True)
        must(["cmake", "-S", SOURCE, "-B", self.build, "-DPARLEY_CLI=OFF", "-DPARLEY_SWAP=ON",
              "-DCMAKE_BUILD_TYPE=", "-DCMAKE_C_FLAGS=-O1 -DSESSION_CUTS=false"])
        must(["cmake", "--build", self.build, "-j", str(jobs), "--target"] +
             ["test_" + t for t in TESTS])
        self.machines = {role: Machine(role) for role in ROLES}
        for role in ROLES:
            self.library(role, os.path.join(SOURCE, "machines"), folder)
        must(COMPILE + ["-rdynamic", "-o", self.path("table"),
                        os.path.join(SOURCE, "tests/conformance/machines.c"), "-L" + folder,
                        "-lclient", "-lserver", "-lcmocka"])
        self.raised = {t: self.pairs_of(t) for t in TESTS}

    def path(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def library(role, source, folder):
        """A machine and its tables; in one piece, which takes a third of the time."""
        whole = os.path.join(folder, role + "_whole.c")
        with open(whole, "w", encoding="ascii") as f:
            f.write("".join("#include \"%s%s.c\"\n" % (role, part)
                            for part in ("", "_states", "_transitions")))
        must(COMPILE[:-4] + ["-I" + source] + COMPILE[-4:] +
             ["-shared", "-nostdlib", "-o", os.path.join(folder, "lib%s.so" % role), whole])

    def run(self, test, **environment):
        return quiet([os.path.join(self.build, "tests", "test_" + test)], preexec_fn=limit,
                     timeout=600, env=dict(os.environ, **environment))

    def pairs_of(self, test):
        """{(role, state, event)} by name."""
        path = self.path(test + ".pairs")
        if os.path.exists(path):
            os.remove(path)
        status, said = self.run(test, PARLEY_PAIRS=path)
        if status != 0:
            sys.exit("tests/mutants: without a mutant %s fails:\n%s" % (test, said))
        found = set()
        for line in open(path, encoding="ascii") if os.path.exists(path) else []:
            letter, state, event = line.split()
            machine = self.machines["client" if letter == "c" else "server"]
            found.add((machine.name, machine.facts[int(state)][0], machine.events[int(event)]))
        return found


class Trial:
    """One mutant, in a folder of its own."""

    def __init__(self, base, mutant, folder):
        self.base, self.mutant, self.folder = base, mutant, folder
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("spec", "machines"):
            os.makedirs(os.path.join(folder, part))
        self.write("spec/%s.rl" % mutant.role, mutant.text)
        shutil.copy(os.path.join(SOURCE, "machines", mutant.role + ".rl"),
                    os.path.join(folder, "machines"))
        self.machine = Machine(mutant.role, folder, whole=False)
        self.check_change()
        self.generate()

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as f:
            f.write(text)

    def check_change(self):
        """The compiled machine differs in the one transition, as the mutant says."""
        role, at = self.mutant.role, (self.mutant.state, self.mutant.event)
        before, after = ({(s, m.events[e]): (a[0] if a else None, t)
                          for s, e, t, a in m.transitions}
                         for m in (self.base.machines[role], self.machine))
        gone = {s for s, _ in before} - {s for s, _ in after}
        differ = {pair for pair in after if after[pair] != before[pair]}
        if at not in after or after[at] != self.mutant.after or \
                differ != (set() if self.mutant.same() else {at}) or \
                (gone and self.mutant.kind == "add"):
            sys.exit("tests/mutants: %s: the compiled machine differs in %s, not in this"
                     % (self.mutant.name, sorted(differ) or "nothing"))

    def generate(self):
        role, machines = self.mutant.role, os.path.join(self.folder, "machines")
        must(["ragel", "-T0", "-o", role + ".c", role + ".rl"], machines)
        self.write("machines/%s_transitions.c" % role, tables.transitions(self.machine))
        self.write("machines/%s_states.c" % role, tables.states(self.machine))
        self.write("machines/%s_states.h" % role, tables.header(self.machine))
        self.base.library(role, machines, machines)

    def table(self):
        """Whether the hand-written table tells it from the machine."""
        path = os.pathsep.join([os.path.join(self.folder, "machines"), self.base.folder])
        status, said = quiet([self.base.path("table")], preexec_fn=limit, timeout=600,
                             env=dict(os.environ, LD_LIBRARY_PATH=path))
        if "test(s) run" not in said and status > 0:
            sys.exit("tests/mutants: %s: the table does not run:\n%s" % (self.mutant.name, said))
        return status != 0

    def pair(self):
        return self.mutant.role, self.mutant.state, self.mutant.event

    def test(self):
        """The first test, transcript or attack case that fails, or None."""
        library = os.path.join(self.folder, "machines", "lib%s.so" % self.mutant.role)
        for name in TESTS:
            if self.pair() in self.base.raised[name]:
                status, said = self.base.run(name, PARLEY_MUTANT=library, CMOCKA_TEST_ABORT="1")
                if status == 99:
                    sys.exit("tests/mutants: %s: %s" % (self.mutant.name, said))
                if status != 0:
                    return name
        return None

    def model(self, name, model, defines):
        machines = dict(self.base.machines)
        machines[self.mutant.role] = self.machine
        return Built(self.folder, name, model, machines, defines)

    def breaks(self, prop):
        """Whether SPIN finds the property, by its name here, broken."""
        if prop in [p for p, _ in SAFETY]:
            return self.session().search(prop)[0] == "breaks"
        if prop in [p for p, _ in REACHED]:
            return self.session().search(prop)[0] == "holds"
        role, name = prop.split()
        defines = [role.upper()] + (["ENDS"] if name == "ends" else [])
        model = self.model("%s-%s" % (role, name), "ending.pml", defines)
        return model.search(name)[0] == "breaks"

    def session(self):
        if not hasattr(self, "built"):
            self.built = self.model("session", "session.pml", [])
        return self.built

    def properties(self):
        found = ["%s %s" % (role, name) for role, name, _ in LIVENESS if role == self.mutant.role]
        return found + [p for p, _ in SAFETY + REACHED]

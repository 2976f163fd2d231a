"""A model built and searched by SPIN, exhaustively."""
import collections
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import promela

MEMORY, SECONDS, DEPTH = 4000, 90, 2000000


def run(command, folder, seconds):
    """The seconds are the processor's: a loaded machine settles no less."""
    limited = ["sh", "-c", 'ulimit -t "$0" && exec "$@"', str(seconds)] + command
    return subprocess.run(limited, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True).stdout


class Built:
    """One compiled model; it holds every property."""

    def __init__(self, root, name, model, machines, defines):
        self.folder, self.model, self.defines = os.path.join(root, name), model, defines
        self.marks = {}
        os.makedirs(self.folder)
        for role, machine in machines.items():
            self.write(role + ".pml", promela.promela(machine))
            self.marks.update(promela.marks(machine))
            self.write(role + "_idle.pml", promela.idle(machine, open(
                os.path.join(HERE, model), encoding="ascii").read()))
        for name in (n for n in os.listdir(HERE) if n.endswith(".pml")):
            with open(os.path.join(HERE, name), encoding="ascii") as f:
                self.write(name, f.read())
        said = run(["spin"] + ["-D" + d for d in defines] + ["-a", model], self.folder, SECONDS)
        said += run(["gcc", "-O0", "-w", "-DVECTORSZ=512", "-DCOLLAPSE", "-DMEMLIM=%d" % MEMORY] +
                    (["-DSAFETY"] if model == "session.pml" else []) + ["-o", "pan", "pan.c"],
                    self.folder, SECONDS)
        if not os.path.exists(os.path.join(self.folder, "pan")):
            sys.exit("spec/model: %s does not compile:\n%s" % (name, said))
        self.options = [] if model == "session.pml" else ["-a", "-f"]

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as f:
            f.write(text)

    def defined(self, *names):
        """What the preprocessor makes of each name in this model."""
        self.write("defined.pml", "#include \"%s\"\n%s\n" % (self.model, " ".join(names)))
        return run(["gcc", "-E", "-P", "-x", "c"] + ["-D" + d for d in self.defines] +
                   ["defined.pml"], self.folder, SECONDS).split()[-len(names):]

    def search(self, prop):
        """("holds" | "breaks" | "is not settled", states)."""
        said = run(["./pan", "-m%d" % DEPTH] + self.options + ["-N", prop], self.folder, SECONDS)
        words = said.split()
        states = words[words.index("states,") - 1] if "states," in words else "?"
        if "errors: 1" in said and ("assertion violated" in said or "claim violated" in said or
                                    "acceptance cycle" in said):
            return "breaks", states
        cut = "max search depth too small" in said or "out of memory" in said or \
            "reached -DMEMLIM" in said or "Search not completed" in said
        return ("holds" if "errors: 0" in said and not cut else "is not settled"), states

    def untaken(self, prop):
        """{(role, state, event)} that a state names and no run takes."""
        said = run(["./pan", "-m%d" % DEPTH, "-N", prop], self.folder, SECONDS)
        # A machine that steps in several places stands there several times.
        listed = collections.Counter(re.findall(r'"\((\d{5})\)"', said))
        with open(os.path.join(self.folder, "pan.t"), encoding="ascii") as f:
            copies = collections.Counter(re.findall(r'"\((\d{5})\)"', f.read()))
        never = {self.marks[int(n)] for n in listed if listed[n] == copies[n]}
        if "unreached in proctype" not in said:
            sys.exit("spec/model: no list of what was not reached:\n" + said)
        return never

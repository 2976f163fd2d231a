#!/usr/bin/env python3
"""Mutants of the negotiation machines, and what kills them.

usage: tests/mutants/run.py FOLDER [--all [--record]]

Makes mutants of spec/client.rl and spec/server.rl (chart.py): all deletions, and one redirection
and one addition a state; with --all every one. Each must be told from the machine by the
hand-written table, and by a test, a transcript, an attack case or a property beside it; else it
must be a mutant of an event that cannot come there (events.tsv), or an accepted one (accepted.tsv).
--record keeps the verdicts in score.tsv and writes docs/mutants.md of them (page.py). FOLDER is for
what is built.
"""
import collections
import concurrent.futures
import multiprocessing
import os
import sys
import time

sys.dont_write_bytecode = True

import chart
import known
import page
import trial

SAME, NEVER, ACCEPTED, SURVIVES = "no other machine", "cannot come", "accepted", "SURVIVES"
Verdict = page.Verdict


def judge(mutant):
    """A Verdict: whether the table tells it, and what else does. An exit would end this process, and
    whoever waits for it would not learn why."""
    try:
        return verdict_of(mutant)
    except SystemExit as error:
        raise RuntimeError(str(error)) from error


def verdict_of(mutant):
    job = trial.Trial(shared["base"], mutant,
                      os.path.join(shared["base"].folder, "trial-%d" % os.getpid()))
    if mutant.same():
        return Verdict(mutant, job.table(), SAME, "")
    table = job.table()
    test = job.test()
    if test:
        return Verdict(mutant, table, trial.KIND_OF.get(test, "test"), test)
    if job.pair() not in shared["pairs"]:
        return Verdict(mutant, table, NEVER, "")
    reason = shared["accepted"].reason(mutant)
    # In a run of all the properties are asked about the accepted ones too: none may tell them.
    for prop in job.properties() if shared["whole"] or not reason else []:
        if job.breaks(prop):
            return Verdict(mutant, table, "property", prop)
    return Verdict(mutant, table, ACCEPTED if reason else SURVIVES, reason or "")


shared = {}


def prepare(folder, machines, whole=False):
    """Builds what trials share; how many may run at once."""
    jobs = len(os.sched_getaffinity(0))
    shared.update(whole=whole, pairs=known.comes(machines)[0], accepted=known.Accepted(machines),
                  base=trial.Base(folder, jobs))
    return jobs


def check_events(base, pairs):
    """The tests raise what can come, and nothing else."""
    raised = set().union(*base.raised.values())
    wrong = 0
    for pair in sorted(raised - pairs):
        print("FAILED events.tsv does not have %s, and a test raises it" % " ".join(pair))
        wrong += 1
    for pair in sorted(pairs - raised):
        print("FAILED events.tsv: %s: no test raises it" % " ".join(pair))
        wrong += 1
    return len(pairs), wrong


def report(verdicts, accepted, whole):
    failed = 0
    for v in verdicts:
        if v.killer == SURVIVES or (v.killer == SAME) == v.table:
            print("FAILED %s: %s; the table %s it" % (
                v.mutant.name, v.killer, "tells" if v.table else "does not tell"))
            failed += 1
    for line in accepted.unused() if whole else []:
        print("FAILED accepted.tsv: %s: excuses no mutant" % line[4])
        failed += 1
    return failed


def figures(verdicts, began):
    count = collections.Counter(v.killer for v in verdicts)
    others = sum(v.killer != SAME for v in verdicts)
    table = sum(v.table for v in verdicts)
    apart = "; ".join("%s %d" % (k, count[k]) for k in ("test", "transcript", "attack case",
                                                        "property"))
    print("figures: %d mutants, %d of them no other machine; the hand-written table kills %d of "
          "%d; beside it: %s; left to the table: event cannot come there %d, accepted %d; "
          "survivors %d; %.0f s" % (
              len(verdicts), count[SAME], table, others, apart, count[NEVER], count[ACCEPTED],
              count[SURVIVES], time.time() - began))


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    whole, record = "--all" in sys.argv, "--record" in sys.argv
    if len(arguments) != 1 or (record and not whole):
        sys.exit(__doc__)
    began = time.time()
    machines = page.charts()
    jobs = prepare(arguments[0], machines, whole)
    pairs = shared["pairs"]
    mutants = [m for role in trial.ROLES
               for m in (chart.every if whole else chart.sample)(machines[role])]
    print("seed %d; %d mutants; the tests were built in %.0f s" % (
        chart.SEED, len(mutants), time.time() - began), flush=True)
    verdicts = []
    with concurrent.futures.ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        for verdict in pool.map(judge, mutants, chunksize=4):
            verdicts.append(verdict)
            print("%-22s %s%s" % (verdict.killer, verdict.mutant.name,
                                  ": " + verdict.detail if verdict.detail else ""), flush=True)
            if verdict.killer == ACCEPTED:
                shared["accepted"].used.add(verdict.detail)
    number, failed = check_events(shared["base"], pairs)
    failed += report(verdicts, shared["accepted"], whole)
    if record:
        page.record(verdicts)
        with open(page.PAGE, "w", encoding="utf-8") as f:
            f.write(page.page(machines, verdicts))
    figures(verdicts, began)
    print("%d passed, %d failed" % (len(verdicts) + number - failed, failed))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()

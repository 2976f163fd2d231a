#!/usr/bin/env python3
"""The mutator itself: what it must kill, what it must let live, and that it notices when it is
broken.

usage: tests/mutants/defects.py FOLDER   (what is built there, run.py uses)
"""
import contextlib
import io
import os
import sys

sys.dont_write_bytecode = True

import chart
import known
import run
import trial

passed = failed = 0


def case(name, good, why=""):
    global passed, failed
    passed += bool(good)
    failed += not good
    print("%s %s%s" % ("ok    " if good else "FAILED", name, ": %s" % why if not good else ""))


def one(machine, verb, state, event):
    """With the first target that there is."""
    if verb == "ignore":
        return chart.Mutant(machine, "add", state, event, (None, state), verb)
    if verb == "add":
        return chart.Mutant(machine, "add", state, event, ("ask_bind", "binding"), verb)
    return next(m for m in chart.every(machine)
                if (m.verb, m.state, m.event) == (verb, state, event))


def refuses(what, call):
    try:
        call()
    except (SystemExit, ValueError) as error:
        case(what, str(error).strip() not in ("", "None"), "no word why")
        return
    case(what, False, "taken")


def charts_are_read(machines):
    for role, machine in machines.items():
        base = machine.text
        rewritten = machine.with_state("ready", machine.rows["ready"])
        again = chart.Chart(role, rewritten)
        case("%s: a chart written and read again is the same" % role,
             again.rows == machine.rows and again.other == machine.other and rewritten != base)
        refuses("%s: a line that is no transition" % role, lambda: chart.Chart(
            role, base.replace("-> ready |", "=> ready |", 1)))
        refuses("%s: a row that the last line does not exclude" % role, lambda: chart.Chart(
            role, base.replace("(any - (HEADER | ", "(any - (", 1)))
    every = {r: chart.every(m) for r, m in machines.items()}
    for role, mutants in every.items():
        machine = machines[role]
        rows = sum(map(len, machine.rows.values()))
        count = {k: sum(m.kind == k for m in mutants) for k in chart.KINDS}
        case("%s: a deletion of each transition" % role, count["delete"] == rows)
        redirected = {(m.state, m.event) for m in mutants if m.kind == "redirect"}
        case("%s: redirections of each, three or four" % role,
             len(redirected) == rows and 3 * rows <= count["redirect"] <= 4 * rows)
        pairs = {(m.state, m.event) for m in mutants if m.kind == "add"}
        case("%s: an addition for each pair that is rejected" % role,
             len(pairs) == count["add"] == len(machine.states) * len(machine.events) - rows)
        case("%s: none twice" % role, len({m.name for m in mutants}) == len(mutants))
        case("%s: the sample is the same each time, all deletions and two a state" % role,
             [m.name for m in chart.sample(machine)] == [m.name for m in chart.sample(machine)] and
             {m.name for m in mutants if m.kind == "delete"} <
             {m.name for m in chart.sample(machine)})


def verdicts(machines):
    """Known cases: verb, state, event, and what must be said of it."""
    rows = [
        ("client", "delete", "plain_header", "HEADER", "test"),
        ("client", "redirect", "handshake", "TLS_UP_UNVERIFIED", "attack case"),
        ("server", "ignore", "mechanisms", "STARTTLS", "test"),
        ("server", "add", "closed", "BIND", run.NEVER),
        ("client", "delete", "proving", "SUCCESS_UNPROVED", run.ACCEPTED),
        # Named, and led where the last line leads: not another machine.
        ("server", "delete", "mechanisms", "ATTEMPTS_SPENT", run.SAME),
    ]
    for role, verb, state, event, want in rows:
        verdict = run.judge(one(machines[role], verb, state, event))
        case("%s: %s %s %s: %s" % (role, verb, state, event, want),
             verdict.killer == want and verdict.table == (want != run.SAME), verdict.killer)


def properties_kill(machines):
    """Without the tests, by a property; and the machine as it is by none."""
    base = run.shared["base"]
    folder = os.path.join(base.folder, "trial-defects")
    mutant = chart.Mutant(machines["client"], "redirect", "proving", "SUCCESS_UNPROVED",
                          ("authenticated", "authenticated_header"), "redirect")
    job = trial.Trial(base, mutant, folder)
    case("client: a success that is not proved and goes on: a property", any(
        job.breaks(p) for p in ("success", "ready_client", "restarts", "final")))
    job = trial.Trial(base, one(machines["server"], "delete", "mechanisms", "ATTEMPTS_SPENT"),
                      folder)
    case("server: the same machine: no property", not job.breaks("final") and
         not job.breaks("never_both_ready"))


def broken_mutators(machines):
    """A mutator that changes nothing, or something else, is found."""
    base, folder = run.shared["base"], os.path.join(run.shared["base"].folder, "trial-defects")

    def with_text(name, text):
        mutant = one(machines["client"], "ignore", "session", "PROCEED")
        mutant.text = text
        refuses(name, lambda: trial.Trial(base, mutant, folder))
    text = machines["client"].text
    with_text("a mutant that changes nothing", text)
    with_text("a mutant of another transition",
              one(machines["client"], "ignore", "binding", "PROCEED").text)
    with_text("a mutant that changes two transitions", chart.Chart(
        "client", one(machines["client"], "ignore", "session", "PROCEED").text).with_state(
            "ready", {}))
    wrong = run.Verdict(one(machines["client"], "ignore", "session", "PROCEED"), True,
                        run.SURVIVES, "")
    accepted, (pairs, _) = known.Accepted(machines), known.comes(machines)
    with contextlib.redirect_stdout(io.StringIO()):  # of what the reports say of these
        found = [
            run.report([wrong], accepted, False),
            run.report([wrong._replace(table=False, killer="test")], accepted, False),
            run.check_events(base, pairs - {("client", "ready", "STANZA")})[1],
            run.check_events(base, pairs | {("client", "start", "STANZA")})[1],
            run.report([], accepted, True) // len(accepted.lines),
            run.report([wrong._replace(killer="test")], accepted, False),
        ]
    for name, failures, want in zip((
            "a survivor that nobody explained fails", "a mutant that the table does not tell fails",
            "a pair that the tests raise and events.tsv lacks fails",
            "a pair of events.tsv that no test raises fails",
            "an excuse that excuses none fails", "a mutant that is killed passes"),
            found, (1, 1, 1, 1, 1, 0)):
        case(name, failures == want, failures)


def main():
    machines = run.page.charts()
    run.prepare(sys.argv[1], machines)
    charts_are_read(machines)
    verdicts(machines)
    properties_kill(machines)
    broken_mutators(machines)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)


main()

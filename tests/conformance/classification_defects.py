#!/usr/bin/env python3
"""Defects planted in what decides which event an element is: conformance/classification.c must fail with each.

It is linked anew with the changed file, as that is built here, before the library's own."""
import os
import re
import shlex
import subprocess
import sys
import tempfile

BUILD, SOURCE = os.environ["PARLEY_BUILD"], os.environ["PARLEY_SOURCE"]

DEFECTS = [
    ("core/client_judge.c", "success without the server's proof counts",
     "    if (result == PARLEY_MORE || s->state != CLIENT_PROVING) {",
     "    if (result == PARLEY_MORE) {\n        return CLIENT_EVENT_SUCCESS_PROVED;\n    }\n"
     "    if (s->state != CLIENT_PROVING) {"),
    ("core/client_judge.c", "an iq that asks is taken for the answer",
     '    if (attribute_is(c, "type", "result")) {', '    if (!attribute_is(c, "type", "error")) {'),
    ("core/client_judge.c", "before TLS the features of a secure stream are taken",
     "    if ((c->fact_bits & (FACT_TLS | FACT_INSECURE)) == 0) {", "    if (c->fact_bits == 255) {"),
    ("core/client_judge.c", "features are taken once bound",
     "        return ready ? CLIENT_EVENT_UNEXPECTED : parley_client_judge_features(c);",
     "        return parley_client_judge_features(c);"),
    ("core/server_authentication.c", "SASL is taken before TLS",
     "    if ((s->fact_bits & (FACT_TLS | FACT_INSECURE)) == 0) {", "    if (s->fact_bits == 255) {"),
    ("core/server_authentication.c", "a mechanism that nobody knows is the first of ours",
     "        if (parley_string_is(name, s->config->mechanisms[i]->name) &&", "        if ("),
    ("core/server_authentication.c", "a second authentication is judged",
     "    if (s->stream.authenticated) {", "    if (s->fact_bits == 255) {"),
    ("core/server_authentication.c", "a response is taken that answers nothing",
     "    if (stream->state != SERVER_CHALLENGED) {", "    if (s->mechanism == NULL) {"),
]


def cached(name):
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        found = re.search(r"^%s:\w+=(.*)$" % name, file.read(), re.M)
    return found[1] if found else ""


def objects():
    folder = os.path.join(BUILD, "tests", "CMakeFiles")
    parts = ["test_classification.dir"] + [
        "shared_common_%s_c.dir" % name for name in ("script", "stages", "session", "guard")]
    return [os.path.join(at, name) for part in parts for at, _, names in os.walk(os.path.join(folder, part))
            for name in sorted(names) if name.endswith(".o")]


def bearssl():
    """The system's, or the one that was built here."""
    found = cached("BearSSL_LIBRARY")
    return found if os.path.exists(found) else os.path.join(BUILD, "libbearssl.a")


def verdict(changed, name, folder):
    """What the test says when it is linked with the file, and whether it passes; None: it does not link."""
    path, program = os.path.join(folder, name), os.path.join(folder, "classification")
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed)
    core = os.path.join(BUILD, "core")
    made = subprocess.run(
        [cached("CMAKE_C_COMPILER"), *shlex.split(cached("CMAKE_C_FLAGS")), "-std=c11",
         *("-I%s/%s" % (SOURCE, part) for part in ("core/include", "core", "machines")), path, *objects(),
         *("-Wl,--wrap=parley_%s_machine_step" % role for role in ("client", "server")),
         core + "/libparley_insecure.a", core + "/libparley.a", cached("CMOCKA_LIBRARY"),
         bearssl(), *shlex.split(cached("CMAKE_EXE_LINKER_FLAGS")), "-o", program],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if made.returncode != 0:
        print(made.stdout[-2000:])
        return None
    # A test that fails lets go of nothing.
    done = subprocess.run([program], env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          encoding="latin1", timeout=100, check=False)
    return done.stdout, done.returncode == 0


def main():
    right = []
    for file, what, old, new in [(DEFECTS[0][0], None, "", "")] + DEFECTS:
        with open(os.path.join(SOURCE, file), encoding="utf-8") as source:
            text = source.read()
        if what and text.count(old) != 1:
            print("%s: %s no longer has %r" % (what, file, old))
            right.append(False)
            continue
        with tempfile.TemporaryDirectory() as folder:
            said, passes = verdict(text.replace(old, new) if what else text, os.path.basename(file), folder) or ("", None)
        # With a defect a case of the table fails, and nothing breaks down.
        told = re.search(r"^.*should be.*$", said, re.M)
        broken = re.search(r"Sanitizer|runtime error|failed with exception", said)
        good = passes if what is None else passes is False and told is not None and broken is None
        right.append(bool(good))
        print("classification, %s: %s" % (
            "planted, " + what if what else "as it stands",
            "passes" if good and not what else "noticed: " + told[0].strip() if good else "WRONG"))
        if not good:
            print(said[-2000:])
    failed = right.count(False)
    print("%d passed, %d failed" % (len(right) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

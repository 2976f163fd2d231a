#!/usr/bin/env python3
"""Prints the tables of docs/performance.md, "One step of a handshake": steps.py BENCH_STEPS

Each step is counted by callgrind in a process of its own. Needs valgrind and openssl.
"""
import os
import subprocess
import sys
import tempfile

STEPS = ("key", "derive", "sign", "verify")
ROWS = [("P-256", "256", STEPS), ("P-384", "384", STEPS), ("P-521", "521", STEPS),
        ("Curve25519", "25519", STEPS[:2]), ("RSA 2048", "2048", STEPS[2:]),
        ("RSA 4096", "4096", STEPS[2:])]


def key(folder, size):
    path = os.path.join(folder, size + ".der")
    if not os.path.exists(path):
        pem = subprocess.run(["openssl", "genrsa", size], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, check=True).stdout
        subprocess.run(["openssl", "rsa", "-traditional", "-outform", "DER", "-out", path],
                       input=pem, stderr=subprocess.DEVNULL, check=True)
    return path


def count(program, step, words):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=one_step",
                           "--callgrind-out-file=/dev/null", program, step] + words,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = done.stderr.decode()
    if done.returncode:
        sys.exit("%s %s:\n%s" % (step, " ".join(words), said))
    return "{:,}".format(int(said.split("Collected : ")[1].split()[0])).replace(",", " ")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        for profile in ("full", "small"):
            print("| `%s` | key pair | shared secret | sign | verify |" % profile)
            print("|---|--:|--:|--:|--:|")
            for name, size, steps in ROWS:
                if profile == "small" and size == "25519":
                    continue
                words = [profile] + ([key(folder, size)] if name.startswith("RSA") else [])
                print("| %s | %s |" % (name, " | ".join(
                    count(sys.argv[1], size + "-" + step, words) if step in steps else ""
                    for step in STEPS)), flush=True)
            print()


main()

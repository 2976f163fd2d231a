#!/bin/sh
# Absence of run-time errors: run.sh SOURCE BUILD. A proof, and a planted defect that must spoil
# one, count as a test each. docs/assurance.md says what they show.
set -eu
source=$(cd "$1" && pwd)
scratch=$2/proof
rm -rf "$scratch"
mkdir -p "$scratch/home"
exec "$source/spec/proof/check" "$source" "$scratch"

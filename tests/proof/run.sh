#!/bin/sh
# Absence of run-time errors: run.sh SOURCE BUILD. A proof, and a planted defect that must spoil
# one, count as a test each. docs/assurance.md says what they show.
set -eu
source=$(cd "$1" && pwd)
exec "$source/spec/proof/check" "$source" "$2/proof"

#!/bin/sh
# Mutants of the negotiation machines: run.sh SOURCE BUILD. All of them with PARLEY_DEPTH=long.
set -eu
all=
[ "${PARLEY_DEPTH:-}" != long ] || all=--all
status=0
python3 "$1/tests/mutants/defects.py" "$2/mutants" || status=1
# shellcheck disable=SC2086
"$1/tests/mutants/run.py" "$2/mutants" $all || status=1
exit $status

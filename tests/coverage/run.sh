#!/bin/sh
# What the seed and regression corpora cover by themselves, against the floor of each file:
# run.sh SOURCE BUILD. A file counts as one test, and one more is the control: a floor one
# percent above what is covered has to fail.
set -eu
exec python3 "$1/fuzz/coverage" --check "$2/coverage"

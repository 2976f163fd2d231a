#!/bin/sh
# Replays the seed corpora and what fuzzing has found, without an engine.
set -eu
"$PARLEY_BUILD/fuzz/fuzz_replay" --all "$PARLEY_SOURCE/fuzz/corpus" \
    "$PARLEY_SOURCE/tests/regression"

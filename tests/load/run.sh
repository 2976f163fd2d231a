#!/bin/sh
# The group load of ./check --full: run.sh SOURCE BUILD. `parley serve` as it ships, under load and
# faults: load.py says what. 2 minutes of soak; 10 with --long.
set -eu
source=$1
build=$2/load
cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DPARLEY_TESTS=OFF \
    ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"}
cmake --build "$build" -j 2 --target parley_command
PARLEY=$build/parley
export PARLEY
exec python3 "$source/tests/load/load.py"

#!/bin/sh
# Builds the libraries as they are shipped and freestanding, with gcc and clang, and holds their
# symbols, frames and call graphs to the promises (symbols.py). Hardening that a distribution turns
# on by itself is off: its imports are not ours. PARLEY_SOURCE, PARLEY_BUILD and
# PARLEY are set by ctest.
set -eu
unset CMAKE_C_COMPILER_LAUNCHER # a cache of objects knows nothing of call graphs
here=$(cd "$(dirname "$0")" && pwd)
scratch=$PARLEY_BUILD/sizes
passed=0 failed=0

built() { # NAME COMPILER TYPE FLAGS
    cmake -S "$PARLEY_SOURCE" -B "$scratch/$1" -DCMAKE_C_COMPILER="$2" -DCMAKE_BUILD_TYPE="$3" \
        -DCMAKE_C_FLAGS="-fno-stack-protector -U_FORTIFY_SOURCE $4" -DPARLEY_TESTS=OFF -DPARLEY_CLI=OFF -DPARLEY_WERROR=ON \
        ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} &&
        cmake --build "$scratch/$1" --clean-first -j 2
}

bytes() { # of code and constants
    size -t "$1" | awk 'END { print $1 }'
}

look() { # NAME COMPILER TYPE FLAGS COMMAND
    log=$scratch/$1.log
    mkdir -p "$scratch"
    if ! built "$1" "$2" "$3" "$4" >"$log" 2>&1; then
        cat "$log"
        failed=$((failed + 1))
        return
    fi
    core=$scratch/$1/core/libparley.a
    tls=$scratch/$1/tls_bearssl/libparley_tls.a
    # gcc writes call graphs, clang has none to give.
    graphs=$scratch/$1
    [ "$2" != clang ] || graphs=$scratch/shipped
    python3 -B "$here/symbols.py" "$core" "$tls" "$5" "$graphs" >"$log" || true
    grep -v -e ' passed, ' -e '^figures: ' "$log" || true
    [ "$1" != shipped ] || grep '^figures: ' "$log" || true
    set -- "$1" $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log")
    passed=$((passed + ${2:-0}))
    failed=$((failed + ${3:-1}))
    echo "figures: $1: core $(bytes "$core"), tls $(bytes "$tls") bytes"
}

look shipped gcc Release "-fcallgraph-info=su" "$PARLEY"
look shipped-clang clang Release "" -
look freestanding gcc MinSizeRel "-ffreestanding -fcallgraph-info=su" -
look freestanding-clang clang MinSizeRel "-ffreestanding" -
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

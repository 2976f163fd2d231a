#!/bin/sh
# No call of the core does more than so many instructions: counted by callgrind, one call at a time,
# over the benchmark's corpora, over attacks on what is not linear (bench/calls.c), and over a whole
# negotiation (bench/sessions.c), in a library as it is shipped, with the default limits and pieces
# of 1460 bytes. docs/performance.md states the bounds. PARLEY_SOURCE and PARLEY_BUILD are set
# by ctest.
set -eu
scratch=$PARLEY_BUILD/calls
rm -rf "$scratch/counts"
mkdir -p "$scratch/counts"
log=$scratch/build.log
programs() {
    cmake -S "$PARLEY_SOURCE" -B "$scratch/library" -DCMAKE_BUILD_TYPE=Release -DPARLEY_TESTS=OFF \
        -DPARLEY_CLI=OFF -DPARLEY_INSECURE=ON \
        ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} &&
        cmake --build "$scratch/library" -j 2 --target parley parley_insecure &&
        bearssl=$(sed -n 's/^BearSSL_LIBRARY:[A-Z]*=//p' "$scratch/library/CMakeCache.txt") &&
        for program in calls sessions; do
            ${CC:-cc} -std=c11 -O1 -Wall -Wextra -Werror -I "$PARLEY_SOURCE/core/include" \
                "$PARLEY_SOURCE/tests/bench/$program.c" "$scratch/library/core/libparley_insecure.a" \
                "$scratch/library/core/libparley.a" \
                "${bearssl:-$(find "$scratch/library" -name 'libbearssl*.a')}" \
                -o "$scratch/$program" || return 1
        done
}
if ! programs >"$log" 2>&1; then
    cat "$log"
    echo "0 passed, 1 failed"
    exit 1
fi
python3 "$PARLEY_SOURCE/tests/bench/corpus.py" "$scratch/corpus" 0.02 >>"$log"

passed=0 failed=0 most=0
count() { # BOUND NAME FUNCTIONS PROGRAM ARGUMENTS...
    bound=$1 name=$2 functions=$3
    shift 3
    rm -f "$scratch/counts/"*
    options=
    for function in $functions; do
        options="$options --zero-before=$function --dump-after=$function"
    done
    if ! LD_BIND_NOW=1 valgrind --tool=callgrind $options \
        --callgrind-out-file="$scratch/counts/out" "$@" >"$scratch/said" 2>"$scratch/valgrind.log"; then
        cat "$scratch/said" "$scratch/valgrind.log"
        failed=$((failed + 1))
        return
    fi
    # A file for each call, numbered; the one without a number is of the end.
    set -- $(cat "$scratch/counts/out."* | awk '/^summary:/ { n++; if ($2 > most) most = $2 }
        END { print n + 0, most + 0 }')
    verdict=ok
    if [ "$1" -ge 3 ] && [ "$2" -ge 1000 ] && [ "$2" -le "$bound" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        verdict=FAIL
    fi
    [ "$2" -le "$most" ] || most=$2
    echo "$verdict $name: at most $2 instructions a call, of $1 calls; bound $bound"
}

steps="one_call one_skip"
for corpus in a b c d; do
    count 60000 "corpus $corpus" "$steps" "$scratch/calls" file "$scratch/corpus/$corpus.xml"
done
count 100000 "as many attributes as there can be" "$steps" "$scratch/calls" names
count 250000 "names that have to be compared" "$steps" "$scratch/calls" alike
count 400000 "prefixes declared and looked up" "$steps" "$scratch/calls" prefixes
count 1000000 "prefixes looked up past many" "$steps" "$scratch/calls" around
count 2000000 "elements that look past many" "$steps" "$scratch/calls" lookups
count 150000 "an element left out" "$steps" "$scratch/calls" skip
count 150000 "references in a value" "$steps" "$scratch/calls" value
count 60000 "depth" "$steps" "$scratch/calls" deep
for function in client_push server_push client_answer server_answer; do
    count 250000 "a negotiation, $function" "parley_$function" "$scratch/sessions" negotiate 3
done
# A slice costs what it is asked for: a hundred iterations.
count 1000000 "a slice of key derivation" parley_client_work "$scratch/sessions" negotiate 3
echo "figures: at most $most instructions a call"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

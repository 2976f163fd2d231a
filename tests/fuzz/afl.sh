#!/bin/sh
# AFL++: afl.sh SOURCE SCRATCH builds every target with afl-clang-fast, persistent, and runs each a
# fixed number of times from small seeds, with the project's mutator where the target has it. A
# target counts as one test.
set -eu
source=$1
scratch=$2
. "$source/tests/fuzz/common.sh"
mkdir -p "$scratch"
if ! {
    cmake -S "$source" -B "$scratch" -DCMAKE_C_COMPILER=afl-clang-fast \
        -DCMAKE_BUILD_TYPE=Release -DPARLEY_FUZZ=ON -DPARLEY_FUZZ_ENGINE=-fsanitize=fuzzer \
        -DPARLEY_TESTS=OFF -DPARLEY_CLI=OFF \
        ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} &&
        cmake --build "$scratch" -j 2
} >"$scratch/build.log" 2>&1; then
    tail -n 40 "$scratch/build.log"
    echo "0 passed, 1 failed"
    exit 1
fi
AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
AFL_FAST_CAL=1
export AFL_NO_UI AFL_SKIP_CPUFREQ AFL_NO_AFFINITY AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES AFL_FAST_CAL

figure() { # NAME: from what AFL++ says of its run
    sed -n "s/^$1 *: *//p" "$out/default/fuzzer_stats" 2>/dev/null
}

one() { # TARGET
    target=$1
    case $target in
    *_whole | tls_records | tls_chain | duplex) runs=200 ;;
    client_* | server_*) runs=1000 ;;
    *) runs=5000 ;;
    esac
    case $target in
    xml* | element | certificate | duplex | tls_* | client_* | server_*)
        mutator="AFL_CUSTOM_MUTATOR_LIBRARY=$scratch/fuzz/libparley_afl_mutator.so"
        ;;
    *) mutator=AFL_QUIET=1 ;;
    esac
    # Small ones, but for the least.
    in=$scratch/in/$target out=$scratch/out/$target
    rm -rf "$in" "$out"
    mkdir -p "$in" "$out"
    for seed in $(ls -Sr "$source/fuzz/corpus/$target" | sed -n '2,9p'); do
        cp "$source/fuzz/corpus/$target/$seed" "$in/"
    done
    if env "$mutator" "PARLEY_FUZZ_TARGET=$target" afl-fuzz -i "$in" -o "$out" -s 1 -E $runs -V 60 \
        -t 10000 -x "$source/fuzz/dictionaries/$target.dict" -- "$scratch/fuzz/fuzz_$target" \
        >"$scratch/$target.log" 2>&1 &&
        [ "$(figure execs_done)" -ge $runs ] && [ "$(figure saved_crashes)" = 0 ] &&
        [ "$(figure saved_hangs)" = 0 ]; then
        echo "afl: $target: $(figure execs_done) runs, $(figure execs_per_sec) a second"
    else
        echo "$target failed: $(figure execs_done) runs; what it found is in $out; its log:"
        grep -E 'ABORT|Crash|crash|Error|Location' "$scratch/$target.log" || tail -n 5 "$scratch/$target.log"
    fi
}
targets=${PARLEY_FUZZ_TARGETS:-$(sed -n 's/^TARGET(\(.*\))$/\1/p' "$source/fuzz/targets.h")}
side_by_side one $targets >"$scratch/targets.log" 2>&1
cat "$scratch/targets.log"
passed=$(grep -c '^afl: .* a second$' "$scratch/targets.log" || true)
failed=$(($(echo "$targets" | wc -w) - passed))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

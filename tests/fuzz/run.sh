#!/bin/sh
# Builds every fuzzing target with libFuzzer, and runs each over its seeds and then, with a fixed
# seed, a fixed number of times what it makes of them: run.sh SOURCE BUILD. A target counts as one
# test. The rates, for each second of processor time, are shown and not judged. Then the planted
# defects are to be found (fuzz/defects), AFL++ runs each target (afl.sh), and what a farm builds is
# built and run (farm.sh).
set -eu
source=$1
scratch=$2/fuzz-engine
. "$source/tests/fuzz/common.sh"
mkdir -p "$scratch"
if command -v ninja >/dev/null 2>&1; then
    CMAKE_GENERATOR=Ninja
    export CMAKE_GENERATOR
fi

# What is built is a copy, so that defects can be planted there. Behind a defect all is compiled again as it
# was: that is kept.
copy=$scratch/source build=$scratch/build
rm -rf "$copy" "$build" "$scratch/ccache"
mkdir -p "$copy/tests/data"
(cd "$source" && cp -R CMakeLists.txt cmake core machines spec tls_bearssl fuzz "$copy/" &&
    cp -R tests/data/certificates "$copy/tests/data/" && rm -r "$copy/fuzz/corpus")
: >"$copy/to-plant-in"
kept=
if command -v ccache >/dev/null 2>&1; then
    CCACHE_DIR=$scratch/ccache
    export CCACHE_DIR
    kept=-DCMAKE_C_COMPILER_LAUNCHER=ccache
fi
if ! {
    cmake -S "$copy" -B "$build" -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DPARLEY_FUZZ=ON -DPARLEY_TESTS=OFF -DPARLEY_CLI=OFF -DPARLEY_WERROR=OFF $kept \
        ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} &&
        cmake --build "$build" -j "$(getconf _NPROCESSORS_ONLN)"
} >"$scratch/build.log" 2>&1 || grep -n 'warning:' "$scratch/build.log"; then
    tail -n 40 "$scratch/build.log"
    echo "0 passed, 1 failed"
    exit 1
fi

# The library allocates nothing: no leaks are looked for, and little of what is freed is kept.
one() { # TARGET: prints `passed TARGET RATE`, or what went wrong
    target=$1
    case $target in
    *_whole | tls_records | tls_chain | duplex) more=1000 ;; # handshakes, or both cores, in each
    client_* | server_*) more=2000 ;;
    xml | xml_vs_expat | element) more=4000 ;; # in three styles, at many cuts
    *) more=20000 ;;
    esac
    runs=$(($(ls "$source/fuzz/corpus/$target" | wc -l) + more)) # it counts the seeds
    log=$scratch/$target.log
    found=$scratch/found/$target/
    new=$scratch/new/$target
    rm -rf "$found" "$new"
    mkdir -p "$found" "$new"
    spent "$scratch/$target.times"
    before=$spent
    if ASAN_OPTIONS=quarantine_size_mb=1 "$build/fuzz/fuzz_$target" -runs=$runs -seed=1 -max_len=1000 -timeout=20 \
        -use_value_profile=1 -entropic=0 -detect_leaks=0 -dict="$source/fuzz/dictionaries/$target.dict" \
        -artifact_prefix="$found" -print_final_stats=1 "$new" "$source/fuzz/corpus/$target" \
        >"$log" 2>&1 && [ "$(mutated "$log")" -ge $((more * 9 / 10)) ]; then
        spent "$scratch/$target.times"
        echo "passed $target $(awk "BEGIN { printf \"%d\", $runs / ($spent - $before) }")"
    else
        echo "$target: $(mutated "$log") runs of its own, of $more; what it found is in $found; its log:"
        grep -E 'does not hold|ERROR|SUMMARY|runtime error' "$log" || tail -n 20 "$log"
    fi
}
targets=$("$build/fuzz/fuzz_replay" --list)
side_by_side one $targets >"$scratch/targets.log" 2>&1
grep -v '^passed ' "$scratch/targets.log" || true
passed=$(grep -c '^passed ' "$scratch/targets.log" || true)
failed=$(($(echo "$targets" | wc -w) - passed))
rates=$(sed -n 's/^passed \(.*\)/ \1,/p' "$scratch/targets.log" | tr -d '\n')
others() { # COMMAND...: a script that counts for itself
    "$@" >"$scratch/others.log" 2>&1 || true
    grep -v '^[0-9]* passed' "$scratch/others.log" || true
    set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$scratch/others.log" | tail -n 1)
    passed=$((passed + ${1:-0}))
    failed=$((failed + ${2:-1}))
}
others python3 "$source/fuzz/defects/run" "$build"
echo "figures: planted defects found: $(grep -c ' found it after ' "$scratch/others.log")"
others "$source/tests/fuzz/afl.sh" "$source" "$scratch/afl"
others "$source/tests/fuzz/farm.sh" "$source" "$scratch/farm"
echo "figures: runs a second of processor time:${rates%,}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# Shows that fuzz/farm fills a farm's folder: farm.sh SOURCE SCRATCH. It is called as OSS-Fuzz
# calls it, and then each target runs over its zipped seeds with its dictionary. A target of a
# sanitizer counts as one test. MemorySanitizer and i386 take BearSSL from its source, and are
# built where that is at hand.
set -eu
source=$1
scratch=$2
passed=0 failed=0

farm() { # NAME CFLAGS [VARIABLE=VALUE...]
    name=$1 flags=$2
    shift 2
    out=$scratch/$name/out
    rm -rf "$scratch/$name/out"
    mkdir -p "$scratch/$name/work" "$out"
    common="-O1 -fno-omit-frame-pointer -gline-tables-only $flags"
    if ! env -i PATH="$PATH" HOME="${HOME:-/}" OUT="$out" WORK="$scratch/$name/work" \
        SRC="$scratch" CC=clang CXX=clang++ CFLAGS="$common -fsanitize=fuzzer-no-link" \
        CXXFLAGS="$common -fsanitize=fuzzer-no-link" LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
        ${PARLEY_BEARSSL_SOURCE:+"PARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} "$@" \
        "$source/fuzz/farm" >"$scratch/$name/log" 2>&1; then
        tail -n 30 "$scratch/$name/log"
        echo "farm: $name does not build"
        failed=$((failed + 1))
        return
    fi
    for program in "$out"/fuzz_*; do
        case $program in
        *.dict | *.options | *.zip) continue ;;
        esac
        seeds=$scratch/$name/seeds
        rm -rf "$seeds"
        mkdir -p "$seeds"
        if (cd "$seeds" && cmake -E tar xf "${program}_seed_corpus.zip") &&
            [ -s "$program.options" ] && [ -n "$(ls "$seeds")" ] &&
            "$program" -runs=0 -dict="$program.dict" "$seeds" >"$scratch/$name/run.log" 2>&1 &&
            grep -q 'INITED' "$scratch/$name/run.log"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "farm: $name: $(basename "$program") with its seeds and dictionary:"
            tail -n 20 "$scratch/$name/run.log"
        fi
    done
}

some="PARLEY_FUZZ_TARGETS=xml certificate client_scram server_whole"
farm address "-fsanitize=address -fsanitize-address-use-after-scope" SANITIZER=address \
    ARCHITECTURE=x86_64 FUZZING_ENGINE=libfuzzer
farm undefined "-fsanitize=undefined -fno-sanitize-recover=undefined" SANITIZER=undefined \
    ARCHITECTURE=x86_64 "$some"
if [ -n "${PARLEY_BEARSSL_SOURCE:-}" ]; then
    farm memory "-fsanitize=memory -fsanitize-memory-track-origins" SANITIZER=memory \
        ARCHITECTURE=x86_64 "$some"
    if echo 'int main(void) { return 0; }' | clang -m32 -fsanitize=address -x c -o "$scratch/m32" - \
        2>/dev/null; then
        farm i386 "-m32 -fsanitize=address" SANITIZER=address ARCHITECTURE=i386 "$some"
    fi
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

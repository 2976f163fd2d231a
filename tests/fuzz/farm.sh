#!/bin/sh
# Shows that fuzz/farm fills a farm's folder: farm.sh SOURCE SCRATCH [BUILD...]. It is called as
# OSS-Fuzz calls it, for sanitizers, architectures and kinds of engine, and then each target runs
# over its zipped seeds, with its dictionary where the engine takes one (AddressSanitizer's over an eighth of
# them, but with --long); a few go on from there, where the engine is libFuzzer, to inputs of its own and
# of the mutator. What it is linked with has to be there
# wherever a farm runs it. A target of a build counts as one test. What is built for 32 bits is built
# where the compiler has the libraries for it, and run where the kernel runs it.
set -eu
source=$1
scratch=$2
shift 2
. "$source/tests/fuzz/common.sh"
only="address memory i386 i386-small afl centipede" sanitizers=address
if [ "${PARLEY_DEPTH:-}" = long ]; then
    only="$only undefined honggfuzz" sanitizers="address none"
fi
only=${*:-$only}
passed=0 failed=0
mkdir -p "$scratch"
bearssl=$("$source/.ci/source" bearssl "$scratch/bearssl-archive") # MemorySanitizer and i386 need it
engine=-fsanitize=fuzzer
instrument=-fsanitize=fuzzer-no-link

built_only= # where what is built cannot run
few="xml certificate client_scram server_whole"

runs() { # PROGRAM SEEDS
    more=0 some=$2
    # With that sanitizer the group has run each target over all its seeds.
    if [ "$kind" = address ] && [ "${PARLEY_DEPTH:-}" != long ]; then
        some=$one/some
        mkdir -p "$some"
        (cd "$2" && ls | awk 'NR % 8 == 1' | xargs cp -t "$some")
    fi
    case " $few " in
    *" ${1##*/fuzz_} "*) more=300 ;;
    esac
    case $engine in
    -fsanitize=fuzzer)
        "$1" -runs=$(($(ls "$some" | wc -l) + more)) -seed=1 -timeout=60 -dict="$1.dict" \
            -artifact_prefix="$one/" "$some" >"$log" 2>&1 && enough
        ;;
    *) "$1" "$some"/* >"$log" 2>&1 ;;
    esac
}

enough() { # whether it went on; some seeds run twice, in search of leaks
    [ "$more" -eq 0 ] || [ "$(mutated "$log")" -ge $((more * 9 / 10)) ] || {
        echo "only $(mutated "$log") runs of inputs of its own, of $more" >>"$log"
        false
    }
}

# The packages of the builder are not there where targets run, only C, C++ and the loader are.
everywhere='lib(c|m|gcc_s|pthread|dl|rt|stdc[+][+]|c[+][+]|c[+][+]abi)[.]so[.][0-9]+|ld-linux[a-z0-9_-]*[.]so[.][0-9]'

stands_alone() { # PROGRAM
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p' >"$one/needed"
    grep -q '^libc[.]so' "$one/needed" || echo "readelf tells of no libc" >>"$log"
    if grep -vxE "$everywhere" "$one/needed" >"$one/strange"; then
        echo "needs what a farm does not have: $(tr '\n' ' ' <"$one/strange")" >>"$log"
    fi
    ! grep -qE '^(needs what|readelf tells)' "$log"
}

target() { # fuzz_NAME, of the folder $out: prints `passed`, or what is wrong
    program=$out/$1
    one=$scratch/$kind/$1
    log=$one/run.log
    rm -rf "$one"
    mkdir -p "$one/seeds"
    : >"$log"
    if (cd "$one/seeds" && cmake -E tar xf "${program}_seed_corpus.zip") &&
        [ -s "$program.options" ] && [ -s "$program.dict" ] && [ -n "$(ls "$one/seeds")" ] &&
        { [ -n "$built_only" ] || runs "$program" "$one/seeds"; } && stands_alone "$program" &&
        { [ -n "$built_only" ] || grep -qE 'INITED|Execution successful' "$log"; }; then
        echo passed
    else
        echo "farm: $kind: $1 with its seeds and dictionary:"
        tail -n 20 "$log"
    fi
}

farm() { # NAME CFLAGS [VARIABLE=VALUE...]
    kind=$1 flags=$2
    shift 2
    case " $only " in
    *" $kind "*) ;;
    *) return ;;
    esac
    out=$scratch/$kind/out
    # Nothing of a build before: what CMake has been given once it does not ask for again.
    rm -rf "$out" "$scratch/$kind/work"
    mkdir -p "$scratch/$kind/work" "$out"
    common="-O1 -fno-omit-frame-pointer -gline-tables-only $flags $instrument"
    # The first with make, as in the farms' images.
    generator=
    [ "$kind" = address ] || generator=${CMAKE_GENERATOR:-}
    if ! env -i ${generator:+"CMAKE_GENERATOR=$generator"} PATH="$PATH" HOME="${HOME:-/}" \
        OUT="$out" WORK="$scratch/$kind/work" \
        SRC="$scratch" CC=clang CXX=clang++ CFLAGS="$common" CXXFLAGS="$common" \
        LIB_FUZZING_ENGINE="$engine" "$@" "$source/fuzz/farm" >"$scratch/$kind/log" 2>&1; then
        tail -n 30 "$scratch/$kind/log"
        echo "farm: $kind does not build"
        failed=$((failed + 1))
        return
    fi
    programs=$(cd "$out" && ls | grep -E '^fuzz_[a-z0-9_]+$' | grep -v '_seed_corpus')
    side_by_side target $programs >"$scratch/$kind/results"
    grep -v '^passed$' "$scratch/$kind/results" || true
    right=$(grep -c '^passed$' "$scratch/$kind/results" || true)
    passed=$((passed + right))
    failed=$((failed + $(echo "$programs" | wc -w) - right))
    echo "farm: $kind: $(ls "$out" | grep -c 'zip$') targets"
}

some="PARLEY_FUZZ_TARGETS=$few"
own="PARLEY_BEARSSL_SOURCE=$bearssl"
farm address "-fsanitize=address -fsanitize-address-use-after-scope" SANITIZER=address \
    ARCHITECTURE=x86_64 FUZZING_ENGINE=libfuzzer
farm undefined "-fsanitize=undefined -fno-sanitize-recover=undefined" SANITIZER=undefined \
    ARCHITECTURE=x86_64 "$some"
farm memory "-fsanitize=memory -fsanitize-memory-track-origins" SANITIZER=memory \
    ARCHITECTURE=x86_64 "$own" "$some"
if echo 'int main(void) { return 0; }' | clang++ -m32 -fsanitize=address -x c++ -o "$scratch/m32" \
    - 2>/dev/null; then
    if ! "$scratch/m32" 2>/dev/null; then
        built_only=yes why="this kernel runs no programs of 32 bits"
        echo 'int main(void) { return 0; }' | clang++ -m32 -x c++ -o "$scratch/plain32" -
        if "$scratch/plain32" 2>/dev/null; then # as under an emulator
            why="AddressSanitizer of 32 bits does not run here"
        fi
        echo "figures: farm: i386: built and not run: $why"
    fi
    # <asm/errno.h> is the one of 64 bits, which serves both.
    farm i386 "-m32 -fsanitize=address -idirafter /usr/include/x86_64-linux-gnu" SANITIZER=address ARCHITECTURE=i386 "$own" "$some"
    # As a library for flash, whose tokenizer is another one there (core/xml_internal.h).
    farm i386-small "-m32 -fsanitize=address -idirafter /usr/include/x86_64-linux-gnu" SANITIZER=address ARCHITECTURE=i386 PARLEY_XML_STYLE=small "$own" "$some"
    built_only=
else
    echo "figures: farm: i386: not built: clang++ -m32 does not link here (.ci/packages.sh: clang-32)"
fi

# Engines whose main is an archive's: AFL++'s driver, and a stand-in for honggfuzz and Centipede,
# with the flags that OSS-Fuzz gives with them; Centipede's name what is linked where all is compiled.
engine=/usr/lib/afl/libAFLDriver.a
if [ -s "$engine" ]; then
    instrument=
    farm afl "" SANITIZER=none ARCHITECTURE=x86_64 FUZZING_ENGINE=afl CC=afl-clang-fast \
        CXX=afl-clang-fast++ "$some"
else
    echo "farm: afl: there is no $engine"
    failed=$((failed + 1))
fi
engine=$scratch/libengine.a
clang++ -O1 -c "$source/tests/fuzz/engine.cc" -o "$scratch/engine.o"
rm -f "$engine"
ar rcs "$engine" "$scratch/engine.o"
instrument=-fsanitize-coverage=trace-pc-guard,indirect-calls,trace-cmp
farm honggfuzz "-fsanitize=address" SANITIZER=address ARCHITECTURE=x86_64 FUZZING_ENGINE=honggfuzz "$some"
clang++ -O1 -c "$source/tests/fuzz/weak.cc" -o "$scratch/weak.o"
instrument="-fno-builtin -fsanitize-coverage=trace-pc-guard,pc-table,trace-cmp,trace-loads"
instrument="$instrument -ldl -lrt -lpthread $scratch/weak.o"
for sanitizer in $sanitizers; do
    case $sanitizer in
    none) flags= ;;
    *) flags=-fsanitize=$sanitizer ;;
    esac
    farm centipede "$flags" SANITIZER=$sanitizer ARCHITECTURE=x86_64 FUZZING_ENGINE=centipede "$some"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# Builds with compilers, build types and options, warnings being errors, and runs the unit tests of
# each: run.sh SOURCE BUILD. A combination counts as one test. Some build all, the others the product and
# the tests that are run. What other groups build as well is left to --long.
set -eu
source=$1
scratch=$2/matrix
processors=$(getconf _NPROCESSORS_ONLN)
mkdir -p "$scratch"

# Many combinations compile many files alike: what one has compiled the next ones take, none of a run before.
if command -v ccache >/dev/null 2>&1; then
    CCACHE_DIR=$scratch/ccache CCACHE_BASEDIR=$scratch CCACHE_NOHASHDIR=1 CCACHE_NODIRECT=1
    CMAKE_C_COMPILER_LAUNCHER=ccache
    export CCACHE_DIR CCACHE_BASEDIR CCACHE_NOHASHDIR CCACHE_NODIRECT CMAKE_C_COMPILER_LAUNCHER
    rm -rf "$CCACHE_DIR"
fi

# Many steps are short: what starts fewer processes for each takes less.
if command -v ninja >/dev/null 2>&1; then
    CMAKE_GENERATOR=Ninja
    export CMAKE_GENERATOR
fi

# Programs are many: the linker that takes half the time for each. It warns of clang's sanitizers.
quick=
if command -v ld.gold >/dev/null 2>&1; then
    quick=-fuse-ld=gold
fi

. "$source/tests/common/side_by_side.sh"

combination() { # NAME CMAKE-ARGUMENT...
    beside "$1" one "$@"
}

one() { # NAME CMAKE-ARGUMENT...: prints `matrix: NAME: N s`, or what went wrong
    name=$1
    shift
    began=$(date +%s)
    log=$scratch/$name.log
    rm -rf "${scratch:?}/$name"
    if ! {
        cmake -S "$source" -B "$scratch/$name" -DPARLEY_WERROR=ON "-DCMAKE_EXE_LINKER_FLAGS=$quick" \
            ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} "$@" &&
            cmake --build "$scratch/$name" -j "$processors" ${targets:+--target $targets}
    } >"$log" 2>&1; then
        result="does not build"
    elif grep -n 'warning:' "$log"; then
        result="warns"
    elif [ -e "$scratch/$name/tests" ] &&
        ! ctest --test-dir "$scratch/$name" -L "$groups" ${but:+-E "$but"} -j "$processors" \
            --no-tests=error --output-on-failure >>"$log" 2>&1; then
        result="fails its tests"
    else
        result=
    fi
    rm -rf "${scratch:?}/$name"
    if [ -z "$result" ]; then
        echo "matrix: $name: $(($(date +%s) - began)) s"
    else
        echo "matrix: $name: $result; from $log:"
        grep -E 'error|warning|Error|FAILED|Failed' "$log" | head -n 20
        tail -n 10 "$log"
    fi
}

mechanisms='SCRAM-SHA-512-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-512 SCRAM-SHA-256
    SCRAM-SHA-1 EXTERNAL PLAIN ANONYMOUS DIGEST-MD5'
all_but() { # MECHANISM...: the list without them
    rest=
    for mechanism in $mechanisms; do
        case " $* " in
        *" $mechanism "*) ;;
        *) rest="$rest${rest:+;}$mechanism" ;;
        esac
    done
    printf '%s' "$rest"
}
without() { # MECHANISM...
    combination "without-$(echo "$*" | tr ' ' +)" -DPARLEY_TLS=OFF \
        "-DPARLEY_MECHANISMS=$(all_but "$@")"
}

groups='^unit$' targets=
# Long ones that an option does not bear on are run where the tests themselves are built, and the last of these
# with every compiler too.
same='_defects$|^corpus\.names$|^unit\.fuzz_memory$'
names='^unit\.precis$' certificates='^unit\.tls_(certificate|verify)$'
but() { # PATTERN...
    but=$(IFS='|' && echo "$*")
    [ "${PARLEY_DEPTH:-}" != long ] || but=
}
but "$same"
sanitize="-O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
# The benchmark's own programs too; its peers are not here. As small as can be, char has no sign, as on
# ARM; gcc's of that kind is in the group embedded.
combination gcc-Release -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release -DPARLEY_BENCH=ON
combination clang-MinSizeRel-unsigned-char -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=MinSizeRel \
    -DCMAKE_C_FLAGS=-funsigned-char -DPARLEY_BENCH=ON
# Debug is also what the tests themselves are built as, and clang's as it ships is in the group sizes.
if [ "${PARLEY_DEPTH:-}" = long ]; then
    combination clang-Release -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release
    combination gcc-Debug -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug
    combination clang-Debug -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug
    combination gcc-MinSizeRel-unsigned-char -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=MinSizeRel \
        -DCMAKE_C_FLAGS=-funsigned-char
fi
targets="product tests_unit"
combination clang-sanitize -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_C_FLAGS=$sanitize" \
    -DCMAKE_EXE_LINKER_FLAGS=
targets=
# 32 bits, where the compiler can and BearSSL comes as source; without tests, as cmocka does not.
if [ -n "${PARLEY_BEARSSL_SOURCE:-}" ] && echo 'int main(void) { return 0; }' |
    gcc -m32 -x c -o "$scratch/m32" - 2>/dev/null; then
    combination gcc-32-bits -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-m32 \
        -DPARLEY_CLI=OFF -DPARLEY_TESTS=OFF
fi
targets="product tests_unit"
# The group install builds without tests; without the command are those below with a small profile of TLS.
if [ "${PARLEY_DEPTH:-}" = long ]; then
    combination without-command -DPARLEY_CLI=OFF
    combination without-insecure -DPARLEY_CLI=OFF -DPARLEY_INSECURE=OFF
    combination without-tls -DPARLEY_TLS=OFF
fi
# One role, each mechanism left out (three builds of several; with --long one of each), the least. Their
# tests play the role that is left through whole sessions.
but "$same" "$names" "$certificates"
groups='^(unit|conformance|transcripts)$' targets="product tests_unit tests_conformance tests_transcripts"
combination without-server -DPARLEY_SERVER=OFF
combination without-client -DPARLEY_CLIENT=OFF
if [ "${PARLEY_DEPTH:-}" = long ]; then
    for left_out in $mechanisms; do
        without "$left_out"
    done
else
    without SCRAM-SHA-512-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS DIGEST-MD5
    without SCRAM-SHA-512 EXTERNAL ANONYMOUS
    without SCRAM-SHA-256 SCRAM-SHA-1 PLAIN
fi
combination least -DPARLEY_SERVER=OFF -DPARLEY_MECHANISMS=SCRAM-SHA-256 -DPARLEY_UNICODE=OFF \
    -DPARLEY_XML_STYLE=small -DPARLEY_TLS_PROFILE=small -DPARLEY_REASONS=OFF
combination without-tls+reasons -DPARLEY_REASONS=OFF -DPARLEY_TLS=OFF
but "$same" "$names"
# Transcripts hold no TLS.
[ "${PARLEY_DEPTH:-}" = long ] ||
    groups='^(unit|conformance)$' targets="product tests_unit tests_conformance"
combination tls-small -DPARLEY_CLI=OFF -DPARLEY_TLS_PROFILE=small
combination tls-small-chacha20+without-insecure -DPARLEY_CLI=OFF -DPARLEY_TLS_PROFILE=small-chacha20 \
    -DPARLEY_INSECURE=OFF
but "$same" "$certificates"
groups='^(unit|cli)$' targets="product tests_unit tests_cli"
combination without-unicode -DPARLEY_UNICODE=OFF
# The XML machine's other styles also take the corpus.
but "$same" "$names" "$certificates"
groups='^(unit|corpus)$' targets="product tests_unit tests_corpus"
combination xml-small -DPARLEY_XML_STYLE=small
combination xml-fast -DPARLEY_XML_STYLE=fast
together
passed=0 failed=0
for name in $ended; do
    if grep -qxE 'matrix: [^ ]*: [0-9]+ s' "$scratch/$name.result"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    cat "$scratch/$name.result"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

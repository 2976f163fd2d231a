#!/bin/sh
# Cross builds: run.sh SOURCE BUILD [page]. What parts of the library take on Cortex-M, against
# budgets and docs/sizes.md (`page` writes that anew, and runs nothing else); the core's tests on
# an emulated Cortex-M3, with and without link-time optimisation, and on a big-endian processor;
# those of the XML machine on AArch64.
set -eu
unset CMAKE_C_COMPILER_LAUNCHER # a cache of objects knows nothing of call graphs
# Many steps are short: what starts fewer processes for each takes less.
generator="Unix Makefiles"
if command -v ninja >/dev/null 2>&1; then
    generator=Ninja
fi
source=$1
scratch=$2/embedded
here=$source/tests/embedded
mkdir -p "$scratch"
passed=0 failed=0
. "$source/tests/common/side_by_side.sh"

fail() { # TEXT LOG
    echo "embedded: $1; from $2:"
    grep -E 'error|warning:|Error|Failed|\*\*\*' "$2" | head -n 20
    tail -n 5 "$2"
}

unpack() { # NAME: prints the folder of a library's source
    archive=$("$source/.ci/source" "$1" "$scratch/$1-archive")
    if [ -d "$archive" ]; then
        echo "$archive"
        return
    fi
    mkdir -p "$scratch/$1"
    (cd "$scratch/$1" && tar --force-local --strip-components=1 -xf "$archive")
    echo "$scratch/$1"
}

bearssl=$(unpack bearssl)
cmocka=$(unpack cmocka)

compiled() { # NAME TOOLCHAIN CMAKE-ARGUMENT...: configures and builds, all, $target alone, or what the tests
    # that are run are made of
    name=$1 toolchain=$2
    shift 2
    log=$scratch/$name.log
    cmake -S "$source" -B "$scratch/$name" -G "$generator" --toolchain "$source/cmake/$toolchain.cmake" \
        -DPARLEY_CLI=OFF -DPARLEY_EXPAT=OFF "$@" >"$log" 2>&1 &&
        { [ -z "$tests" ] || target=$(programs "$scratch/$name" "$tests"); } &&
        cmake --build "$scratch/$name" -j 2 ${target:+--target $target} >>"$log" 2>&1
}
target='' tests=''

programs() { # BUILD TESTS: the targets of the tests whose names fit
    ctest --test-dir "$1" -N -R "$2" | sed -n 's/^ *Test *#[0-9]*: [a-z]*\./test_/p'
}

# Sizes. BearSSL is compiled once a processor, and once more for link-time optimisation; another
# profile of TLS takes the core as it is too.
libraries() { # CPU STYLE NAMES UNICODE
    one=$scratch/$1-small-ascii
    library=$1-$2-$3
    small='' target='' profile=small
    case $3 in
    *-lto) one=$one-lto optimised=ON ;;
    *) optimised=OFF ;;
    esac
    set -- "-DPARLEY_CPU=$1" "-DPARLEY_XML_STYLE=$2" "-DPARLEY_UNICODE=$4" \
        "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=$optimised"
    case $library in
    *-chacha20*)
        set -- "$@" -DCMAKE_OPTIMIZE_DEPENDENCIES=ON
        profile=small-chacha20 target=parley_tls
        ;;
    esac
    case $library in
    # What a device with short names chooses (sizes.py compiles its programs with the same).
    *-ascii* | *-chacha20*)
        small="-DPARLEY_PART_SIZE=64 -DPARLEY_SASL_SIZE=2048"
        set -- "$@" -DPARLEY_SERVER=OFF -DPARLEY_MECHANISMS=SCRAM-SHA-256 "-DPARLEY_TLS_PROFILE=$profile" \
            -DPARLEY_REASONS=OFF
        ;;
    esac
    if [ "$scratch/$library" = "$one" ]; then
        set -- "$@" "-DPARLEY_BEARSSL_SOURCE=$bearssl"
    else
        set -- "$@" "-DBearSSL_LIBRARY=$one/libbearssl.a" "-DBearSSL_INCLUDE_DIR=$bearssl/inc"
    fi
    compiled "$library" cortex-m "$@" \
        -DCMAKE_BUILD_TYPE=MinSizeRel -DPARLEY_TESTS=OFF -DPARLEY_INSECURE=OFF \
        "-DCMAKE_C_FLAGS_MINSIZEREL=-Os -DNDEBUG -fcallgraph-info=su $small" || return 1
    [ "$one" = "$scratch/$library" ] || cp "$one/libbearssl.a" "$scratch/$library/" || return 1
    [ -z "$target" ] || cp "$one/core/libparley.a" "$scratch/$library/core/" || return 1
    target=
    echo "$bearssl/inc" >"$scratch/$library/bearssl-headers"
}

library() { # CPU KIND=UNICODE: prints `built`, or what is wrong
    kind=${2%=*}
    if libraries "$1" "${kind%%-*}" "${kind#*-}" "${2#*=}"; then
        echo built
    else
        fail "$1, $kind does not build" "$log"
    fi
}

built=yes
for kinds in "small-ascii=OFF small-ascii-lto=OFF" \
    "small-chacha20-lto=OFF small-unicode=ON table-ascii=OFF table-unicode=ON"; do
    for cpu in cortex-m4 cortex-m0plus; do
        for kind in $kinds; do
            beside "$cpu-${kind%=*}" library $cpu "$kind"
        done
    done
    together # the first ones compile BearSSL for the others
    for name in $ended; do
        if [ "$(cat "$scratch/$name.result")" != built ]; then
            cat "$scratch/$name.result"
            built=no failed=$((failed + 1))
        fi
    done
done
if [ $built = yes ]; then
    python3 -B "$here/sizes.py" measure "$scratch" "$scratch/figures.tsv"
    if [ "${3:-}" = page ]; then
        python3 -B "$here/sizes.py" page "$scratch/figures.tsv" "$here/budgets.tsv" \
            "$source/docs/sizes.md"
        exit 0
    fi
    python3 -B "$here/sizes.py" check "$scratch/figures.tsv" "$here/budgets.tsv" \
        "$source/docs/sizes.md" >"$scratch/check.log" || true
    grep -v ' passed, ' "$scratch/check.log" || true
    counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$scratch/check.log")
    [ -n "$counts" ] || counts="0 1"
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
fi
[ "${3:-}" != page ] || exit 1

# cmocka, compiled for the processor it is to run on.
cmocka_for() { # NAME COMPILER FLAG...
    folder=$scratch/cmocka-$1
    compiler=$2
    shift 2
    mkdir -p "$folder"
    $compiler "$@" -O1 -std=gnu11 -DHAVE_SIGNAL_H -DHAVE_STDINT_H -DHAVE_INTTYPES_H \
        -DHAVE_STRINGS_H -DPRIdS='"zd"' -I"$cmocka/include" -c "$cmocka/src/cmocka.c" \
        -o "$folder/cmocka.o" && ${compiler%gcc}ar rcs "$folder/libcmocka.a" "$folder/cmocka.o"
}

tests_on() { # NAME CMOCKA TOOLCHAIN TESTS CMAKE-ARGUMENT...: prints `right N` and `wrong N` too
    name=$1 library=$2 toolchain=$3 tests=$4
    shift 4
    began=$(date +%s)
    rm -rf "${scratch:?}/$name" # nothing of a run before is run
    if ! compiled "$name" "$toolchain" "-DPARLEY_BEARSSL_SOURCE=$bearssl" -DPARLEY_WERROR=OFF \
        "-DCMOCKA_LIBRARY=$scratch/cmocka-$library/libcmocka.a" \
        "-DCMOCKA_INCLUDE_DIR=$cmocka/include" "$@"; then
        fail "$name does not build" "$log"
        return
    fi
    status=0
    ctest --test-dir "$scratch/$name" -R "$tests" ${but:+-E "$but"} -j 2 --no-tests=error --output-on-failure \
        >"$scratch/$name-tests.log" 2>&1 || status=$?
    right=$(grep -c ' Passed ' "$scratch/$name-tests.log" || true)
    wrong=$(grep -c -e '\*\*\*' -e 'No tests were found' "$scratch/$name-tests.log" || true)
    if [ "$right" -eq 0 ] || [ "$wrong" -gt 0 ] || [ "$status" -ne 0 ]; then
        fail "tests on $name" "$scratch/$name-tests.log"
        grep -m 3 'error' "$log" || true
        wrong=1
    fi
    echo "right $right"
    echo "wrong $wrong"
    echo "figures: $name: $right programs of tests, $(($(date +%s) - began)) s"
}

cmocka_for cortex-m3 arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb --specs=picolibc.specs
cmocka_for s390x s390x-linux-gnu-gcc
cmocka_for aarch64 aarch64-linux-gnu-gcc
core='base64|hash|scram_kept|writer_copy|tls_transport|xml_(tokens|namespaces|utf8|limits|memory|element|cases)'
beside cortex-m3 tests_on cortex-m3 cortex-m3 cortex-m3-qemu \
    "unit\.($core)|corpus\.($core)|conformance\.(walkthrough|machines|endings|stepwise|requests|buffers|tls_session)" \
    -DCMAKE_BUILD_TYPE=MinSizeRel -DPARLEY_INSECURE=ON -DPARLEY_XML_STYLE=small
# The same, optimised while linked: a whole session with and without TLS, and what takes memory apart.
beside cortex-m3-lto tests_on cortex-m3-lto cortex-m3 cortex-m3-qemu \
    "unit\.(base64|hash|xml_element|xml_memory)|corpus\.xml_cases|conformance\.(walkthrough|endings|stepwise|tls_session)" \
    -DCMAKE_BUILD_TYPE=MinSizeRel -DPARLEY_INSECURE=ON -DPARLEY_XML_STYLE=small \
    -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
# A long one that the order of bytes does not bear on: keys are derived, and what is left of them looked for.
but='^unit\.sasl_secrets$'
[ "${PARLEY_DEPTH:-}" != long ] || but=
beside s390x tests_on s390x s390x cross-linux '^(unit|conformance)\.|xml_(cases|skip)' -DPARLEY_CROSS=s390x-linux-gnu \
    -DCMAKE_BUILD_TYPE=Release -DPARLEY_INSECURE=ON
but=
beside aarch64 tests_on aarch64 aarch64 cross-linux '^unit\.xml|corpus\.xml_(cases|styles)' -DPARLEY_CROSS=aarch64-linux-gnu \
    -DCMAKE_BUILD_TYPE=Release -DPARLEY_INSECURE=ON -DPARLEY_XML_STYLE=fast
together
for name in $ended; do
    grep -vE '^(right|wrong) [0-9]+$' "$scratch/$name.result" || true
    right=$(sed -n 's/^right //p' "$scratch/$name.result")
    wrong=$(sed -n 's/^wrong //p' "$scratch/$name.result")
    passed=$((passed + ${right:-0}))
    failed=$((failed + ${wrong:-1}))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

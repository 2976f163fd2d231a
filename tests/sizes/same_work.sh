#!/bin/sh
# Whether an unknown user costs a server what a known one costs: instructions of whole failed
# attempts, counted by callgrind in a library as it is shipped (same_work.c says what they are).
# They may differ by BOUND: keys are copied, and the way there is another. A single iteration
# of the derivation, of which there are 4096, is more. And whether secrets are compared with the same
# instructions wherever they differ, to the last one (same_comparison.c). PARLEY_SOURCE and
# PARLEY_BUILD are set by ctest.
set -eu
bound=${BOUND:-500}
source=$PWD/$1
comparison=$PWD/$2
scratch=$PARLEY_BUILD/same_work
rm -rf "$scratch/counts"
mkdir -p "$scratch/counts"
log=$scratch/build.log
if ! {
    cmake -S "$PARLEY_SOURCE" -B "$scratch/library" -DCMAKE_BUILD_TYPE=Release -DPARLEY_TESTS=OFF \
        -DPARLEY_CLI=OFF ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} &&
        cmake --build "$scratch/library" -j 2 --target parley &&
        bearssl=$(sed -n 's/^BearSSL_LIBRARY:[A-Z]*=//p' "$scratch/library/CMakeCache.txt") &&
        ${CC:-cc} -std=c11 -O1 -Wall -Wextra -Werror -I "$PARLEY_SOURCE/core/include" "$source" \
            "$scratch/library/core/libparley.a" "${bearssl:-$(find "$scratch/library" -name 'libbearssl*.a')}" \
            -o "$scratch/same_work" &&
        ${CC:-cc} -std=c11 -O1 -Wall -Wextra -Werror -I "$PARLEY_SOURCE/core" -I "$PARLEY_SOURCE/core/include" \
            "$comparison" "$scratch/library/core/libparley.a" -o "$scratch/same_comparison"
} >"$log" 2>&1; then
    cat "$log"
    echo "0 passed, 1 failed"
    exit 1
fi
cd "$scratch"
if ! LD_BIND_NOW=1 valgrind --tool=callgrind --zero-before=attempt --dump-after=attempt \
    --callgrind-out-file="$scratch/counts/out" ./same_work >attempts 2>valgrind.log; then
    cat attempts valgrind.log
    echo "0 passed, 1 failed"
    exit 1
fi
if ! LD_BIND_NOW=1 valgrind --tool=callgrind --zero-before=parley_equal_secret \
    --dump-after=parley_equal_secret --callgrind-out-file="$scratch/counts/equal" ./same_comparison \
    2>valgrind.log; then
    cat valgrind.log
    echo "0 passed, 1 failed"
    exit 1
fi
sed -n 's/^summary: //p' counts/equal.* >compared
awk '
    { calls++; if (calls == 1 || $1 < least) least = $1; if ($1 > most) most = $1 }
    END {
        good = calls == 33 && least > 32 && least == most
        printf "%s %d comparisons of 32 bytes: %d to %d instructions\n", good ? "ok  " : "FAIL", calls, least, most
        printf "%d passed, %d failed\n", good, !good
        exit !good
    }' compared
# A file for each call, numbered; the one without a number is of the end.
count=0
while read -r attempt; do
    count=$((count + 1))
    echo "$(sed -n 's/^summary: //p' "counts/out.$count") $attempt"
done <attempts >counted
awk -v bound="$bound" '
    NR % 2 == 1 { nobody = $1; next }
    {
        difference = $1 - nobody
        if (difference < 0) { difference = -difference }
        if (difference > most) { most = difference }
        good = nobody > 10000 && difference <= bound
        good ? passed++ : failed++
        printf "%s %-10s %-19s with a %-9s nobody %9d, somebody %9d instructions\n", good ? "ok  " : "FAIL",
            $2, $3, $4 ":", nobody, $1
    }
    END {
        printf "figures: a failed attempt of nobody and of somebody differ by at most %d instructions\n", most
        printf "%d passed, %d failed\n", passed, failed + (NR == 0 || NR % 2 == 1)
        exit failed > 0 || NR == 0
    }' counted

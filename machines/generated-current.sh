#!/bin/sh
# Regenerates every machine in a copy of machines/ and spec/ and compares, byte for byte:
# generated-current.sh SOURCE-ROOT SCRATCH RAGEL NAME=STYLE...
set -eu
root=$1 scratch=$2 ragel=$3
shift 3
rm -rf "$scratch"
mkdir -p "$scratch/machines" "$scratch/spec"
cp "$root"/machines/*.rl "$root/machines/generate.sh" "$scratch/machines/"
cp "$root"/spec/*.rl "$scratch/spec/"
cd "$scratch/machines"
passed=0 failed=0
for machine in "$@"; do
    name=${machine%%=*}
    ./generate.sh "$ragel" "${machine#*=}" "$name"
    if cmp "$name.c" "$root/machines/$name.c"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "machines/$name.c is not what Ragel makes of $name.rl: build the target 'generate'" >&2
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

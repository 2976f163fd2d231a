#!/bin/sh
# What .ci/figures.awk makes of logs: figures.sh SOURCE-ROOT
set -eu
program=$1/.ci/figures.awk
passed=0 failed=0

expect() { # WHAT EXPECTED LOG
    found=$(printf '%s\n' "$3" | awk -f "$program")
    if [ "$found" = "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: expected '$2', found '$found'"
    fi
}

ctest() { # VERDICT OUTPUT: as ctest -V shows one test
    echo "Test project build"
    printf '%s\n' "$2" | sed "s/^/5: /"
    echo "1/1 Test  #5: unit.it ........................   $1    0.23 sec"
}

all='[  PASSED  ] 12 test(s).'
expect "cmocka, all passed" "12 0 0" "$(ctest Passed "$all")"
expect "cmocka, two failed" "12 2 0" "$(ctest '***Failed' "$all
[  FAILED  ] 2 test(s), listed below:
[  FAILED  ] a")"
expect "cmocka, skipped" "12 0 3" "$(ctest Passed "$all
[  SKIPPED ] 3 test(s), listed below:")"
expect "a script" "6 1 0" "$(ctest '***Failed' "interop: 7 cases, 6 passed, 1 failed, 6 servers")"
expect "no figures, passed" "1 0 0" "$(ctest Passed "nothing of the kind")"
expect "a crash after the figures" "12 1 0" "$(ctest '***Exception: SegFault' "$all")"
expect "a time-out" "0 1 0" "$(ctest '***Timeout' "nothing of the kind")"
expect "a script without ctest" "3 0 0" "3 passed, 0 failed"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

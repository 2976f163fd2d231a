#!/bin/sh
# What .ci/figures.awk makes of logs: figures.sh SOURCE-ROOT
set -eu
program=$1/.ci/figures.awk
passed=0 failed=0

expect() { # WHAT EXPECTED, the log on standard input
    found=$(awk -f "$program")
    if [ "$found" = "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: expected '$2', found '$found'"
    fi
}

ctest() { # the lines that ctest -V puts around one test: NUMBER VERDICT, its output on stdin
    echo "Test project build"
    sed "s/^/$1: /"
    echo "1/1 Test  #$1: unit.it ........................   $2    0.23 sec"
}

printf '[  PASSED  ] 12 test(s).\n' | ctest 5 Passed | expect "cmocka, all passed" "12 0 0"
printf '[  PASSED  ] 12 test(s).\n[  FAILED  ] 2 test(s), listed below:\n[  FAILED  ] a\n' |
    ctest 5 '***Failed' | expect "cmocka, two failed" "12 2 0"
printf '[  PASSED  ] 1 test(s).\n[  SKIPPED ] 3 test(s), listed below:\n' |
    ctest 5 Passed | expect "cmocka, skipped" "1 0 3"
printf 'interop: 7 cases, 6 passed, 1 failed, 6 servers\n' |
    ctest 15 '***Failed' | expect "a script" "6 1 0"
printf 'nothing of the kind\n' | ctest 5 Passed | expect "no figures, passed" "1 0 0"
printf '[  PASSED  ] 12 test(s).\n' | ctest 5 '***Exception: SegFault' |
    expect "a crash after the figures" "12 1 0"
printf 'nothing of the kind\n' | ctest 5 '***Timeout' | expect "a time-out" "0 1 0"
printf '3 passed, 0 failed\n' | expect "a script without ctest" "3 0 0"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

# For the scripts beside it.

# mutated LOG: how many runs libFuzzer made of inputs of its own, behind those that it was given; -1
# where LOG does not say.
mutated() {
    awk '/\tINITED / { given = substr($1, 2) } /\tDONE / { all = substr($1, 2) }
        END { print given && all ? all - given : -1 }' "$1"
}

# spent FILE: the seconds of processor time that what this shell ran has taken until now, in $spent. (In
# a shell below it, $(...), they would be that one's.)
spent() {
    times >"$1"
    spent=$(awk 'NR == 2 { split($1, user, /[ms]/); split($2, kernel, /[ms]/)
        print (user[1] + kernel[1]) * 60 + user[2] + kernel[2] }' "$1")
}

. "$source/tests/common/side_by_side.sh"

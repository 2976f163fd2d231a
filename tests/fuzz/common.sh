# For the scripts beside it.

# mutated LOG: how many runs libFuzzer made of inputs of its own, behind those that it was given; -1
# where LOG does not say.
mutated() {
    awk '/\tINITED / { given = substr($1, 2) } /\tDONE / { all = substr($1, 2) }
        END { print given && all ? all - given : -1 }' "$1"
}

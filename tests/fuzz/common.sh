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

# side_by_side FUNCTION NAME...: FUNCTION with each name, as many at once as there are processors, in
# shells of their own. What it prints stands in $scratch/NAME.result, and comes out in the names' order.
side_by_side() {
    does=$1
    shift
    rm -rf "${scratch:?}/taken"
    mkdir -p "$scratch/taken"
    for name in "$@"; do
        rm -f "$scratch/$name.result"
    done
    workers=$(getconf _NPROCESSORS_ONLN)
    while [ "$workers" -gt 0 ]; do
        workers=$((workers - 1))
        (
            for name in "$@"; do
                # Whoever makes the folder takes the name.
                mkdir "$scratch/taken/$name" 2>/dev/null || continue
                "$does" "$name" >"$scratch/$name.result" 2>&1
            done
        ) &
    done
    wait
    for name in "$@"; do
        cat "$scratch/$name.result" || echo "$name: no result"
    done
}

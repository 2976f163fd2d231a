# For scripts that have $scratch, a folder: what they run goes side by side, as many at once as there are
# processors. Most of what they do leaves processors idle: configuring, linking, the last test.

# beside NAME COMMAND...: COMMAND, in a shell of its own, as soon as a processor is free. What it prints goes
# to $scratch/NAME.result.
beside() {
    if [ -z "${begun+set}" ]; then
        begun=
        rm -f "$scratch/free"
        mkfifo "$scratch/free"
        exec 3<>"$scratch/free" # a line for each processor that is free
        for _ in $(seq "$(getconf _NPROCESSORS_ONLN)"); do
            echo >&3
        done
    fi
    begun="$begun $1"
    rm -f "$scratch/$1.result"
    read -r _ <&3
    (
        trap 'echo >&3' EXIT # however it ends
        trap 'exit 1' HUP INT TERM
        result=$scratch/$1.result
        shift
        "$@" >"$result" 2>&1 3>&- || true
    ) &
}

# together: waits for all that was begun. Their names are in $ended, in order.
together() {
    wait
    ended=${begun:-}
    begun=
}

# side_by_side FUNCTION NAME...: FUNCTION with each name. What it prints comes out in the names' order.
side_by_side() {
    does=$1
    shift
    for each in "$@"; do
        beside "$each" "$does" "$each"
    done
    together
    for each in $ended; do
        cat "$scratch/$each.result" || echo "$each: no result"
    done
}

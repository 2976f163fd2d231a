# Reads a log of ctest -V, or of one script, and prints "PASSED FAILED SKIPPED".
# With failed_only=1: prints the output of the tests that failed instead.
function figure(line, pattern) {
    match(line, pattern)
    return substr(line, RSTART, RLENGTH) + 0
}
{
    line = $0
    id = "script"
    if (line ~ /^[0-9]+: /) {
        id = line + 0
        sub(/^[0-9]+: /, "", line)
    } else if (line ~ /^ *[0-9]+\/[0-9]+ +Test +#[0-9]+:/) {
        verdict = line
        sub(/^.*Test +#/, "", verdict)
        id = verdict + 0
        ended[id] = (line ~ / Passed /) ? "passed" : "failed"
        sub(/^[0-9]+: /, "", verdict)
        said[id] = said[id] verdict "\n"
        next
    } else if (under_ctest || line ~ /^(UpdateCTestConfiguration|Test project|Internal ctest)/) {
        under_ctest = 1
        next
    }
    said[id] = said[id] line "\n"
    if (line ~ /^\[  PASSED  \] [0-9]+ test/) {
        passed[id] += figure(line, "[0-9]+ test")
        counted[id] = 1
    } else if (line ~ /^\[  FAILED  \] [0-9]+ test/) {
        failed[id] += figure(line, "[0-9]+ test")
        counted[id] = 1
    } else if (line ~ /^\[  SKIPPED \] [0-9]+ test/) {
        skipped[id] += figure(line, "[0-9]+ test")
    } else if (line ~ /^([^|]*, )?[0-9]+ passed, [0-9]+ failed/) {
        match(line, /[0-9]+ passed, /)
        split(substr(line, RSTART), part, ", ")
        passed[id] += part[1] + 0
        failed[id] += part[2] + 0
        counted[id] = 1
    }
}
END {
    if (!under_ctest) ended["script"] = "script"
    for (id in ended) {
        if (!counted[id] && ended[id] == "passed") passed[id] = 1
        if (ended[id] == "failed" && failed[id] == 0) failed[id] = 1
        p += passed[id]
        f += failed[id]
        s += skipped[id]
        if (failed_only && (failed[id] > 0 || ended[id] == "script")) printf "%s", said[id]
    }
    if (!failed_only) print p + 0, f + 0, s + 0
}

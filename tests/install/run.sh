#!/bin/sh
# Installs Parley into an empty prefix and uses it from there alone: run.sh SOURCE BUILD.
# Every public header compiles by itself, as C and as C++; docs/example.c, which the README
# quotes, is built with find_package and with pkg-config, and logs in to the installed server.
set -eu
source=$1
scratch=$2/install
prefix=$scratch/prefix
passed=0 failed=0
rm -rf "$scratch"
mkdir -p "$scratch"

try() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$scratch/try.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "install: $what: failed"
        cat "$scratch/try.log"
    fi
}

install_all() {
    cmake -S "$source" -B "$scratch/build" -DCMAKE_BUILD_TYPE=Release -DPARLEY_TESTS=OFF \
        ${PARLEY_BEARSSL_SOURCE:+"-DPARLEY_BEARSSL_SOURCE=$PARLEY_BEARSSL_SOURCE"} &&
        cmake --build "$scratch/build" -j 2 &&
        cmake --install "$scratch/build" --prefix "$prefix"
}

only_header() { # LANGUAGE STANDARD HEADER
    printf '#include <parley/%s>\n' "$3" |
        cc -x "$1" -std="$2" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$prefix/include" -
}

no_insecure() {
    ! find "$prefix" -name '*insecure*' | grep . &&
        for library in "$prefix"/lib*/libparley.a "$prefix"/lib*/*/libparley.a; do
            [ ! -f "$library" ] || nm "$library"
        done >"$scratch/symbols" &&
        grep -q parley_client_begin "$scratch/symbols" && ! grep insecure "$scratch/symbols"
}

by_find_package() {
    cmake -S "$source/tests/install/project" -B "$scratch/by_cmake" \
        -DCMAKE_PREFIX_PATH="$prefix" -DEXAMPLE="$source/docs/example.c" &&
        cmake --build "$scratch/by_cmake"
}

by_pkg_config() {
    PKG_CONFIG_PATH=$(find "$prefix" -name pkgconfig)
    export PKG_CONFIG_PATH
    cc -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Werror \
        -o "$scratch/by_pkg_config" "$source/docs/example.c" \
        $(pkg-config --cflags parley-tls) $(pkg-config --libs parley-tls)
}

log_in() { # PROGRAM: the example against the installed server
    mkfifo "$scratch/lines"
    printf 'somenode:a password\n' >"$scratch/users"
    chmod 600 "$scratch/users"
    "$prefix/bin/parley" serve --listen 127.0.0.1:0 --domain example.org --users "$scratch/users" \
        >"$scratch/lines" &
    server=$!
    port= pin=
    while [ -z "$pin" ] && read -r what kind value; do
        case "$what $kind" in
        "listening starttls") port=${value##*:} ;;
        "pin sha256") pin=$value ;;
        esac
    done <"$scratch/lines"
    rm "$scratch/lines"
    status=0
    "$1" "$port" "$pin" somenode "a password" | grep '^binding somenode@example.org/' || status=1
    # A wrong password is told from a right one.
    ! "$1" "$port" "$pin" somenode "another" || status=1
    kill "$server"
    wait "$server" || status=1
    return $status
}

quoted() { # the block between the markers in README.md is the example's loop
    sed -n '/^\/\* begin: the loop/,/^\/\* end: the loop/p' "$source/docs/example.c" |
        sed '1d;$d' >"$scratch/loop"
    awk '/<!-- example -->/ { on = !on; next } on && !/^```/' "$source/README.md" |
        diff - "$scratch/loop"
}

try "cmake --install" install_all
for header in "$prefix"/include/parley/*.h; do
    header=${header##*/}
    # It is a part of tls.h.
    [ "$header" != tls_state.h ] || continue
    try "<parley/$header> by itself" only_header c c11 "$header"
    if echo 'int main() { return 0; }' | cc -x c++ -fsyntax-only - 2>/dev/null; then
        try "<parley/$header> by itself, C++" only_header c++ c++11 "$header"
    fi
done
try "no entry without TLS" no_insecure
try "find_package" by_find_package
try "the example built with find_package" log_in "$scratch/by_cmake/example"
try "pkg-config" by_pkg_config
try "the example built with pkg-config" log_in "$scratch/by_pkg_config"
try "the installed command" "$prefix/bin/parley" jid somenode@example.com/someresource
[ ! -e "$source/README.md" ] || try "the README quotes the example" quoted
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

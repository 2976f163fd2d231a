#!/bin/sh
# Installs Parley into an empty prefix and uses it from there alone: run.sh SOURCE BUILD.
# Every public header compiles by itself, as C and as C++; docs/example.c, which the README
# quotes, is built with find_package and with pkg-config, and runs; so does the command.
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
    cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror \
        -o "$scratch/by_pkg_config" "$source/docs/example.c" \
        $(pkg-config --cflags parley-tls) $(pkg-config --libs parley-tls)
}

quoted() { # the block between the markers in README.md is the example
    awk '/<!-- example -->/ { on = !on; next } on && !/^```/' "$source/README.md" |
        diff - "$source/docs/example.c"
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
try "the example built with find_package" "$scratch/by_cmake/example"
try "pkg-config" by_pkg_config
try "the example built with pkg-config" "$scratch/by_pkg_config"
try "the installed command" "$prefix/bin/parley" jid somenode@example.com/someresource
[ ! -e "$source/README.md" ] || try "the README quotes the example" quoted
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

# Sourced by run and check: finds what is missing and installs it.
#
#   need NAME...   installs what is not there, or says what is missing and exits 1
#
# A name has a probe (is it there?) and its packages for each package manager ("-": none).

say() {
    printf '%s\n' "$*" >&2
}

compiles() { # INCLUDE [LIBRARY...]: does a program with it compile and link?
    include=$1
    shift
    command -v cc >/dev/null 2>&1 || return 1
    probe_dir=$(mktemp -d) || return 1
    printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n%s\n' \
        "#include <$include>
int main(void) { return 0; }" >"$probe_dir/p.c"
    if cc -o "$probe_dir/p" "$probe_dir/p.c" "$@" >/dev/null 2>&1; then
        probe=0
    else
        probe=1
    fi
    rm -rf "$probe_dir"
    return $probe
}

compiles_sanitized() { # COMPILER FLAG...
    probe_dir=$(mktemp -d) || return 1
    echo 'int main(void) { return 0; }' >"$probe_dir/p.c"
    if "$@" -o "$probe_dir/p" "$probe_dir/p.c" >/dev/null 2>&1; then
        probe=0
    else
        probe=1
    fi
    rm -rf "$probe_dir"
    return $probe
}

# MC/DC came with version 18 of clang; fuzz/coverage takes one that has it.
compiles_covered() {
    probe_dir=$(mktemp -d) || return 1
    echo 'int main(void) { return 0; }' >"$probe_dir/p.c"
    probe=1
    for version in -19 ''; do
        if command -v llvm-cov$version >/dev/null 2>&1 &&
            command -v llvm-profdata$version >/dev/null 2>&1 &&
            clang$version -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc \
                -o "$probe_dir/p" "$probe_dir/p.c" >/dev/null 2>&1; then
            probe=0
        fi
    done
    rm -rf "$probe_dir"
    return $probe
}

is_there() {
    case $1 in
    compiler) compiles stdio.h ;;
    cmake) command -v cmake >/dev/null 2>&1 ;;
    make) command -v make >/dev/null 2>&1 || command -v ninja >/dev/null 2>&1 ;;
    bearssl) [ -n "${PARLEY_BEARSSL_SOURCE:-}" ] || compiles bearssl.h -lbearssl ;;
    c-ares) compiles ares.h -lcares ;;
    readpassphrase) compiles bsd/readpassphrase.h -lbsd || compiles readpassphrase.h ;;
    cmocka) compiles cmocka.h -lcmocka ;;
    expat) compiles expat.h -lexpat ;;
    python) command -v python3 >/dev/null 2>&1 ;;
    # The system's packages are the system's python's.
    slixmpp) { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import slixmpp' ||
        python3 -c 'import slixmpp'; } >/dev/null 2>&1 ;;
    precis) { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import precis_i18n' ||
        python3 -c 'import precis_i18n'; } >/dev/null 2>&1 ;;
    idna) { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import idna' ||
        python3 -c 'import idna'; } >/dev/null 2>&1 ;;
    unicode-data) [ -s /usr/share/unicode/UnicodeData.txt ] ;;
    pkg-config) command -v pkg-config >/dev/null 2>&1 ;;
    prosody) command -v prosody >/dev/null 2>&1 ;;
    ejabberd) command -v ejabberdctl >/dev/null 2>&1 || [ -x /usr/sbin/ejabberdctl ] ;;
    clang-sanitizers) compiles_sanitized clang -fsanitize=address,undefined ;;
    clang-32) compiles_sanitized clang++ -m32 -fsanitize=address -x c++ ;;
    afl++) command -v afl-clang-fast >/dev/null 2>&1 && command -v afl-fuzz >/dev/null 2>&1 ;;
    clang-coverage) compiles_covered ;;
    arm-gcc) command -v arm-none-eabi-gcc >/dev/null 2>&1 &&
        [ -s /usr/lib/picolibc/arm-none-eabi/include/string.h ] ;;
    s390x-gcc) command -v s390x-linux-gnu-gcc >/dev/null 2>&1 && [ -e /usr/s390x-linux-gnu/lib/libc.so ] ;;
    aarch64-gcc) command -v aarch64-linux-gnu-gcc >/dev/null 2>&1 && [ -e /usr/aarch64-linux-gnu/lib/libc.so ] ;;
    qemu-arm) command -v qemu-system-arm >/dev/null 2>&1 ;;
    qemu-user) command -v qemu-s390x >/dev/null 2>&1 && command -v qemu-aarch64 >/dev/null 2>&1 ;;
    certificates) [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/ssl/cert.pem ] ||
        [ -d /etc/pki/tls/certs ] ;;
    *) command -v "$1" >/dev/null 2>&1 ;; # a command of that name
    esac
}

packages_of() { # MANAGER NAME
    case $1:$2 in
    apt:compiler) echo gcc libc6-dev ;;
    apk:compiler) echo gcc musl-dev linux-headers ;;
    dnf:compiler) echo gcc glibc-devel libasan libubsan ;;
    brew:compiler) echo - ;;
    apt:bearssl) echo libbearssl-dev ;;
    dnf:bearssl) echo bearssl-devel ;;
    apk:bearssl) echo bearssl-dev ;;
    apt:c-ares) echo libc-ares-dev ;;
    dnf:c-ares) echo c-ares-devel ;;
    apk:c-ares) echo c-ares-dev ;;
    apt:readpassphrase | apk:readpassphrase) echo libbsd-dev ;;
    dnf:readpassphrase) echo libbsd-devel ;;
    brew:readpassphrase) echo - ;;
    apt:cmocka) echo libcmocka-dev ;;
    dnf:cmocka) echo libcmocka-devel ;;
    apk:cmocka) echo cmocka-dev ;;
    apt:expat) echo libexpat1-dev ;;
    dnf:expat) echo expat-devel ;;
    apk:expat) echo expat-dev ;;
    dnf:pkg-config) echo pkgconf-pkg-config ;;
    apk:pkg-config | brew:pkg-config) echo pkgconf ;;
    apt:clang-sanitizers) echo libclang-rt-dev ;;
    apt:clang-32)
        version=$(gcc -dumpversion | sed 's/\..*//')
        echo libc6-dev-i386 "lib32gcc-$version-dev" "lib32stdc++-$version-dev"
        ;;
    dnf:afl++) echo american-fuzzy-lop american-fuzzy-lop-clang ;;
    dnf:clang-sanitizers | apk:clang-sanitizers) echo compiler-rt ;;
    apt:clang-coverage) echo clang-19 llvm-19 libclang-rt-19-dev ;;
    dnf:clang-coverage | apk:clang-coverage) echo clang llvm compiler-rt ;;
    apt:clang-format) echo clang-format ;;
    dnf:clang-format | apk:clang-format) echo clang-tools-extra ;;
    apt:python | dnf:python | apk:python) echo python3 ;;
    brew:python) echo python ;;
    apt:slixmpp | dnf:slixmpp) echo python3-slixmpp ;;
    apk:slixmpp) echo py3-slixmpp ;;
    brew:slixmpp) echo - ;;
    apt:precis) echo python3-precis-i18n ;;
    apt:idna) echo python3-idna ;;
    apt:frama-c) echo frama-c-base ;;
    apt:ninja | dnf:ninja) echo ninja-build ;;
    apk:ninja) echo samurai ;;
    apt:certificates | dnf:certificates | apk:certificates) echo ca-certificates ;;
    apt:arm-gcc) echo gcc-arm-none-eabi picolibc-arm-none-eabi ;;
    apt:s390x-gcc) echo gcc-s390x-linux-gnu libc6-dev-s390x-cross ;;
    apt:aarch64-gcc) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
    apt:qemu-arm) echo qemu-system-arm ;;
    apt:qemu-user) echo qemu-user ;;
    *:dot) echo graphviz ;;
    apt:prosody) echo prosody lua-sec ;;
    brew:prosody | brew:ejabberd | dnf:ejabberd) echo - ;;
    *) echo "$2" ;;
    esac
}

manager() {
    for tool in apt-get dnf apk brew; do
        if command -v $tool >/dev/null 2>&1; then
            echo "${tool%-get}"
            return
        fi
    done
    echo none
}

missing_of() {
    for name in "$@"; do
        is_there "$name" || printf '%s ' "$name"
    done
}

need() {
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    manager=$(manager)
    packages=
    if [ "$manager" != none ]; then
        for name in $missing; do
            packages="$packages $(packages_of "$manager" "$name")"
        done
    fi
    packages=$(printf '%s\n' $packages | grep -v '^-$' | sort -u | tr '\n' ' ')
    as_root=
    if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            as_root=sudo
        else
            as_root=none
        fi
    fi
    if [ "$manager" = none ] || [ "$as_root" = none ]; then
        say "missing: $missing"
        [ "$manager" = none ] || say "packages ($manager): $packages"
        say "They cannot be installed from here (not root, no sudo, or no known package manager)." \
            "Install them and run this again."
        exit 1
    fi
    say "installing: $packages"
    log=$(mktemp)
    install_packages "$manager" $packages </dev/null >"$log" 2>&1 || true
    missing=$(missing_of $missing)
    if [ -n "$missing" ]; then
        tail -n 40 "$log" >&2
        say "missing, and the packages of this system do not bring it: $missing"
        case " $missing" in
        *" bearssl "*) say "BearSSL 0.6 may be given as source:" \
            "PARLEY_BEARSSL_SOURCE=/path/to/bearssl-0.6.tar.gz $0" ;;
        esac
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"
}

install_packages() {
    tool=$1
    shift
    case $tool in
    apt)
        guard_services
        apt_options="-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
        $as_root apt-get $apt_options update
        # One unknown name and nothing is installed: then one by one.
        apt_install "$@" || for package in "$@"; do apt_install "$package"; done
        unguard_services
        ;;
    dnf) for package in "$@"; do $as_root dnf install -y "$package"; done ;;
    apk) for package in "$@"; do $as_root apk add --no-progress "$package"; done ;;
    brew) for package in "$@"; do brew install "$package"; done ;;
    esac
}

apt_install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get $apt_options \
        install -y --no-install-recommends "$@"
}

# Packages of servers start them unless this policy forbids it. One that stands is left alone.
policy=/usr/sbin/policy-rc.d
guarded=no
guard_services() {
    [ ! -e $policy ] || return 0
    guarded=yes
    trap unguard_services EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
    $as_root chmod 755 $policy
}
unguard_services() {
    [ $guarded = yes ] || return 0
    guarded=no
    $as_root rm -f $policy
}

processors() {
    nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

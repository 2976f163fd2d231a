#!/usr/bin/env python3
"""Breaks each promise that symbols.py checks, in small libraries, and sees that it is found."""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORE = "int parley_a(int a); int parley_a(int a) { return a + 1; }\n"
TLS = "int parley_a(int a); int parley_t(void); int parley_t(void) { return parley_a(1); }\n"
COMMAND = """int parley_client_begin_insecure(void); int parley_server_begin_insecure(void);
int parley_client_begin_insecure(void) { return 0; }
int parley_server_begin_insecure(void) { return 0; }
int main(void) { return parley_client_begin_insecure() + parley_server_begin_insecure(); }
"""
# Promise, core, parley_tls, command.
CASES = [
    (None, CORE, TLS, COMMAND),
    ("imports", CORE + "void *malloc(unsigned long); void *parley_m(void);"
     "void *parley_m(void) { return malloc(7); }\n", TLS, COMMAND),
    ("imports", CORE + "int br_ssl_x(void); int parley_x(void);"
     "int parley_x(void) { return br_ssl_x(); }\n", TLS, COMMAND),
    ("imports", CORE, TLS + "int read(int); int parley_r(void);"
     "int parley_r(void) { return read(1); }\n", COMMAND),
    ("statics", CORE + "int parley_count; int parley_n(void);"
     "int parley_n(void) { static int n; return ++n; }\n", TLS, COMMAND),
    ("statics", CORE, TLS + "int parley_value = 3;\n", COMMAND),
    ("insecure", CORE + "int parley_client_begin_insecure(void);"
     "int parley_client_begin_insecure(void) { return 1; }\n", TLS, COMMAND),
    ("insecure", CORE, TLS, "int main(void) { return 0; }\n"),
    ("recursion", CORE + "int parley_odd(int), parley_even(int);"
     "int parley_odd(int n) { return n ? parley_even(n - 1) : 0; }"
     "int parley_even(int n) { return n ? 2 + parley_odd(n - 1) : 1; }\n", TLS, COMMAND),
    ("allocation", CORE + "void *memset(void *, int, unsigned long); int parley_v(int);"
     "int parley_v(int n) { volatile char v[n]; v[n - 1] = 1; return v[0]; }\n", TLS, COMMAND),
]


def judged(folder, core, tls, command):
    for name, text in ("core", core), ("tls", tls), ("command", command):
        with open(os.path.join(folder, name + ".c"), "w") as file:
            file.write(text)
    for name in "core", "tls":
        subprocess.run(["gcc", "-std=c11", "-O0", "-fcallgraph-info=su", "-c", name + ".c"],
                       cwd=folder, check=True)
        subprocess.run(["ar", "rc", "lib%s.a" % name, name + ".o"], cwd=folder, check=True)
    subprocess.run(["gcc", "-o", "command", "command.c"], cwd=folder, check=True)
    done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "symbols.py"), "libcore.a",
                           "libtls.a", "command", folder], cwd=folder, stdout=subprocess.PIPE)
    text = done.stdout.decode()
    found = set(re.findall(r"^(imports|statics|insecure|recursion|allocation): ", text, re.M))
    return found if done.returncode else found | {"accepted"}


def main():
    passed = failed = 0
    for promise, core, tls, command in CASES:
        with tempfile.TemporaryDirectory() as folder:
            found = judged(folder, core, tls, command)
        if found == ({promise} if promise else {"accepted"}):
            passed += 1
        else:
            failed += 1
            print("expected %s, found %s" % (promise, found))
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Links small programs against cross-built libraries, and tells what each part of the code takes:

  sizes.py measure BUILDS FIGURES       builds and links all of it; a table of figures
  sizes.py page FIGURES BUDGETS PAGE    writes the page
  sizes.py check FIGURES BUDGETS PAGE   fails where a budget is exceeded, or where the page is no
                                        longer true: another text, or a figure off by more than
                                        2 % and 64 bytes
BUILDS/CPU-STYLE-NAMES holds the libraries, as tests/embedded/run.sh builds them; where `-lto`
follows, for link-time optimisation. There a function may be merged of several files, so of such
programs the page tells the whole alone; the parts are of what is compiled file by file. BUDGETS is
a tab-separated table: figure, limit, and what is aimed at.
"""
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROCESSORS = (("cortex-m4", "Cortex-M4"), ("cortex-m0plus", "Cortex-M0+"))
STYLES = ("small", "table")
# What a device's programs are with link-time optimisation: names of the budgets, and of figures.
OPTIMISED = "-lto"
SMALL_PART = 64
SCRAM = "&parley_scram_sha_256"
TYPICAL = ("&parley_scram_sha_256_plus,&parley_scram_sha_1_plus,&parley_scram_sha_256,"
           "&parley_scram_sha_1")
EVERY = ("&parley_scram_sha_512_plus,&parley_scram_sha_512,&parley_external,&parley_plain,"
         "&parley_anonymous,&parley_digest_md5," + TYPICAL)
# What tests/embedded/run.sh compiles those libraries with.
DEVICE = ["PARLEY_PART_SIZE=%d" % SMALL_PART, "PARLEY_SASL_SIZE=2048", "PARLEY_WITHOUT_SERVER",
          "PARLEY_TLS_SMALL", "PARLEY_WITHOUT_EXTERNAL"]
# The libraries of that profile of TLS; measured optimised while linked alone.
CHACHA20 = "chacha20"
# name, what it is, source, definitions, libraries with Unicode's tables or for ASCII
PROGRAMS = (
    ("tokenizer", "tokenizer with namespaces", "tokenizer.c", [], "ascii"),
    ("client", "client without TLS, SCRAM-SHA-256, ASCII names", "client.c",
     ["CLIENT_MECHANISMS=" + SCRAM] + DEVICE, "ascii"),
    ("client-tls", "the same with TLS", "client.c",
     ["CLIENT_TLS", "CLIENT_MECHANISMS=" + SCRAM] + DEVICE, "ascii"),
    ("client-chacha20", "the same with TLS, ChaCha20-Poly1305 in place of AES-GCM", "client.c",
     ["CLIENT_TLS", "CLIENT_MECHANISMS=" + SCRAM, "PARLEY_TLS_CHACHA20"] + DEVICE, CHACHA20),
    ("typical", "client with TLS, SCRAM-SHA-256 and -1 with and without -PLUS, Unicode names",
     "client.c", ["CLIENT_TLS", "CLIENT_MECHANISMS=" + TYPICAL], "unicode"),
    ("full", "client and server with TLS, every mechanism, Unicode names", "both.c",
     ["EVERY_MECHANISM=" + EVERY], "unicode"),
)
PARTS = (
    ("XML", r"^xml|^packed|characters|element\.|condition"),
    ("writer, base64", r"writer|base64"),
    ("names", r"jid|precis|punycode|unicode|text_rules|saslprep"),
    ("SASL", r"sasl|scram|digest|plain|anonymous|password|derivation|binding\.|channel|policy|"
             r"offers|mechanisms|hash|text_out"),
    ("TLS layer", r"libparley_tls"),
    ("BearSSL", r"libbearssl"),
    ("C library, compiler's helpers", r"libc|libgcc|libcrt|picolibc"),
    ("program", r"program-"),
    ("negotiation", r""),
)
# What the client without TLS does, by the file that does it.
BY_FEATURE = "client by feature"
FEATURES = (
    ("XML with namespaces, its limits, RFC 6120's restrictions of it (11)",
     r"^xml|^packed|^characters"),
    ("an element as a tree, read by name and namespace", r"^element"),
    ("the negotiation machine; input to elements, stanzas, readiness, events, output (4, 8)",
     r"^engine|^client(_packed|_states)?\.c|^stanza|^string|^wipe"),
    ("what an element is: header, features, SASL, bind, iq (4.3, 4.7, 6, 7, 8)", r"^client_judge|^known"),
    ("stream header, close, errors; STARTTLS; bind (4.4, 4.9, 5, 7)",
     r"^header|^closing|^starttls|^binding\.|^result|^form"),
    ("names of the stream's and SASL's conditions (4.9.3, 6.5)", r"^condition|^name_list"),
    ("configuration: judged before a session begins", r"^client_setup|^setup|^language"),
    ("the writer: escaped, well-formed, whole or not at all (11)", r"^writer"),
    ("base64, without a table or a branch by the data (13.9.1)", r"^base64|^divide"),
    ("names: JIDs, with IPv4 and IPv6 addresses, and passwords, in ASCII (RFC 7622, RFC 8265)",
     r"^jid|^password|^precis|^text_out"),
    ("SASL: which mechanism, by policy; its elements (6.3, 6.4)",
     r"^client_offer|^client_authentication|^sasl|^policy|^offers|^channel_binding"),
    ("SCRAM-SHA-256, its messages' grammar, PBKDF2 in slices (RFC 5802, RFC 7677)",
     r"^scram|^derivation|^scratch|^hash"),
    ("SHA-256, HMAC, C library", r""),
)


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("sizes.py: %s\n%s" % (" ".join(command), done.stderr.decode()))
    return done.stdout.decode()


def flags(cpu):
    return ["-mcpu=" + cpu, "-mthumb", "-Os", "-std=c11", "-ffreestanding", "-ffunction-sections",
            "-fdata-sections", "--specs=picolibc.specs", "-DBR_USE_URANDOM=0",
            "-DBR_USE_UNIX_TIME=0"]


def link(build, bearssl, cpu, name, source, definitions, *options):
    """The program itself is never optimised with the libraries: it stays apart in the map."""
    includes = ["-I" + p for p in (os.path.join(ROOT, "core/include"),
                                   os.path.join(ROOT, "tls_bearssl/include"), bearssl)]
    objects = []
    for file in (source, "wire.c", "anchors.c"):
        out = os.path.join(build, "program-%s-%s.o" % (name, file[:-2]))
        run("arm-none-eabi-gcc", *flags(cpu), *includes, *("-D" + d for d in definitions), "-c",
            os.path.join(HERE, "programs", file), "-o", out)
        objects.append(out)
    program = os.path.join(build, name + ".elf")
    libraries = [os.path.join(build, lib) for lib in
                 ("tls_bearssl/libparley_tls.a", "core/libparley.a", "libbearssl.a")]
    run("arm-none-eabi-gcc", *flags(cpu), *options, "-nostartfiles", *objects, *libraries, "-Wl,-e,main",
        "-Wl,--defsym=__flash_size=1M", "-Wl,--defsym=__ram_size=1M",
        "-Wl,--gc-sections", "-Wl,-Map," + program + ".map", "-o", program)
    return program


def part_of(path):
    if "libparley_tls" in path:
        return "TLS layer"
    if "libbearssl" in path:
        return "BearSSL"
    member = re.search(r"\(([^)]*)\)", path)
    name = member.group(1) if member and "libparley" in path else path
    if member and "libparley" not in path:
        return "C library, compiler's helpers"
    for part, pattern in PARTS:
        if pattern and re.search(pattern, os.path.basename(name)):
            return part
    return "negotiation"


def feature_of(path):
    part = part_of(path)
    if part in ("program", "BearSSL") or part.startswith("C library"):
        return part if part == "program" else FEATURES[-1][0]
    name = re.search(r"\(([^)]*)\)", path).group(1)
    return next(text for text, pattern in FEATURES if re.search(pattern, name))


def whole_or_program(path):
    return "program" if part_of(path) == "program" else "whole"


SECTION = re.compile(r"^ \.(\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S.*)$", re.M)
KINDS = (("text", "text"), ("rodata", "rodata"), ("data", "data"), ("bss", "bss"),
         ("COMMON", "bss"))


def map_of(program, part_of=part_of):
    """Bytes by part and kind; the program's own are left out."""
    found = []
    with open(program + ".map") as file:
        text = file.read().split("Linker script and memory map")[1]
    for name, at, size, path in SECTION.findall(text):
        kind = next((k for prefix, k in KINDS if name.split(".")[0] == prefix), None)
        if kind is not None and int(size, 16) != 0 and int(at, 16) != 0:
            found.append((int(at, 16), int(size, 16), part_of(path), kind))
    # Strings that are merged stand in the map with the size of all of them, more than once.
    found.sort()
    sizes = {}
    for (at, size, part, kind), (following, *_) in zip(found, found[1:] + [(1 << 64,)]):
        if part != "program":
            sizes[part, kind] = sizes.get((part, kind), 0) + min(size, following - at)
    return sizes


def struct_size(program, symbol):
    for line in run("arm-none-eabi-nm", "-S", program).split("\n"):
        fields = line.split()
        if len(fields) == 4 and fields[3] == symbol:
            return int(fields[1], 16)
    sys.exit("sizes.py: no %s in %s" % (symbol, program))


def graphs_of(build, target):
    """The call graphs (gcc's -fcallgraph-info=su) of the objects that the build makes of what it is
    now: those of sources that have gone may still lie beside them."""
    with open(os.path.join(build, "compile_commands.json")) as file:
        commands = json.load(file)
    paths = (os.path.join(c["directory"], re.search(r" -o (\S+)\.obj ", c["command"]).group(1) + ".ci")
             for c in commands)
    return [path for path in paths if target in path]


def graph_of(paths):
    """Calls and frames of what was compiled, or linked, with these graphs."""
    calls, frames = {}, {}
    for path in paths:
        with open(path) as file:
            # While linking, a function that is not seen from outside is called by a passing file's name.
            text = re.sub(r"/[^\s\"]*\.o:", "", file.read())
        for title, label in re.findall(r'node: \{ title: "([^"]*)" label: "([^"]*)"', text):
            calls.setdefault(title, set())
            frame = re.search(r"(\d+) bytes", label)
            if frame:
                frames[title] = int(frame.group(1))
        for source, target in re.findall(
                r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text):
            calls.setdefault(source, set()).add(target)
    return calls, frames


# What a call through a pointer reaches in the program `client`: the functions of its one mechanism,
# and those of its hash.
MECHANISM = re.compile(r"^parley_scram_(client_(start|credential|step)|work)(\.|$)")
HASH = re.compile(r"^br_sha256_|^br_sha224_update$")


def callees(calls, name):
    for target in calls.get(name, ()):
        if target != "__indirect_call":
            yield target
            continue
        pattern = MECHANISM if name.startswith("parley_client_") else HASH
        reached = [f for f in calls if pattern.search(f)]
        if not reached:
            sys.exit("sizes.py: what %s calls through a pointer is not in the call graph" % name)
        yield from reached


def deepest(calls, frames, start):
    """Bytes of the deepest stack from `start` on, and the way there. It ends: there is no recursion
    (tests/sizes shows it)."""
    memo = {}

    def depth(name):
        if name not in memo:
            below = max((depth(c) for c in callees(calls, name)), default=(0, ()))
            memo[name] = (frames.get(name, 0) + below[0], (name,) + below[1])
        return memo[name]

    return depth(start)


def stack(paths):
    calls, frames = graph_of(paths)
    entries = [f for f in calls if re.match(r"parley_(client|writer|element|jid)_\w+$", f)]
    return max(deepest(calls, frames, entry) for entry in entries)


def ram_of(cpu, style, name, program, graphs):
    """What a program's figures have beside its code."""
    rows = []
    if name == "client":
        rows.append((cpu, style, name, "session struct", "ram", struct_size(program, "session")))
        deep, way = stack(graphs)
        rows.append((cpu, style, name, "stack", "ram", deep))
        print("%s, %s: deepest stack %d: %s" % (
            cpu, style, deep, " > ".join(w.split(":")[-1] for w in way)))
    if name == "client-tls":
        rows.append((cpu, style, name, "TLS handshake", "ram", sum(
            struct_size(program, s) for s in ("session", "records", "work"))))
    return rows


def measure_parts(builds, cpu, style):
    rows = []
    for name, _, source, definitions, names in PROGRAMS:
        if names == CHACHA20:
            continue
        build = os.path.join(builds, "%s-%s-%s" % (cpu, style, names))
        with open(os.path.join(build, "bearssl-headers")) as file:
            program = link(build, file.read().strip(), cpu, name, source, definitions)
        for (part, kind), size in sorted(map_of(program).items()):
            rows.append((cpu, style, name, part, kind, size))
        if name == "client":
            rows += [(cpu, style, BY_FEATURE, feature, kind, size) for (feature, kind), size
                     in sorted(map_of(program, feature_of).items())]
        rows += ram_of(cpu, style, name, program, graphs_of(build, "/core/") + graphs_of(
            os.path.join(builds, cpu + "-small-ascii"), "/bearssl.dir/"))
    return rows


def measure_optimised(builds, cpu):
    rows = []
    for name, _, source, definitions, names in PROGRAMS:
        if names == "unicode":
            continue
        build = os.path.join(builds, "%s-small-%s%s" % (cpu, names, OPTIMISED))
        with open(os.path.join(build, "bearssl-headers")) as file:
            program = link(build, file.read().strip(), cpu, name, source, definitions, "-flto",
                           "-fcallgraph-info=su")
        for (part, kind), size in sorted(map_of(program, whole_or_program).items()):
            rows.append((cpu, OPTIMISED, name, part, kind, size))
        rows += ram_of(cpu, OPTIMISED, name, program,
                       glob.glob(glob.escape(program) + ".ltrans*.ci"))
    return rows


def measure(builds, figures):
    rows = []
    for cpu, _ in PROCESSORS:
        for style in STYLES:
            rows += measure_parts(builds, cpu, style)
        rows += measure_optimised(builds, cpu)
    with open(figures, "w") as file:
        for row in rows:
            file.write("\t".join(map(str, row)) + "\n")


def read_figures(path):
    figures = {}
    with open(path) as file:
        for line in file:
            cpu, style, name, part, kind, size = line.rstrip("\n").split("\t")
            figures[cpu, style, name, part, kind] = int(size)
    return figures


def code(figures, cpu, style, name, kinds=("text", "rodata", "data")):
    return sum(size for (c, s, n, _, k), size in figures.items()
               if (c, s, n) == (cpu, style, name) and k in kinds)


def budget_figure(figures, cpu, name):
    """What a line of the budgets is about, in the build `small`."""
    style = OPTIMISED if name.endswith(OPTIMISED) else "small"
    name = plain(name)
    if name in ("session struct", "stack"):
        return figures[cpu, style, "client", name, "ram"]
    if name == "TLS handshake":
        return figures[cpu, style, "client-tls", name, "ram"]
    return code(figures, cpu, style, name)


def plain(name):
    return name[:-len(OPTIMISED)] if name.endswith(OPTIMISED) else name


def read_budgets(path):
    with open(path) as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return [(name, cpu, int(limit), int(aim)) for name, cpu, limit, aim in lines]


def number(value):
    return "{:,}".format(value).replace(",", " ")


# Text and rodata on a Cortex-M4 with -Os, measured once with the same compiler.
PEERS = (
    ("yxml", "3 200", "one byte at a time; no namespaces, no limits, no check of UTF-8, accepts what "
                      "XML forbids"),
    ("the experiment that set the aim", "5 400", "matching of tags, attributes, namespaces and limits in "
                                                 "fixed memory; never a product"),
    ("expat 2.5.0", "61 000", "all of XML with its DTDs; allocates"),
)


def in_the_way(figures):
    """Which aims are reached, and by how much others are not; what stands there, and the peers beside it."""
    left = [(text, code(figures, "cortex-m4", OPTIMISED, name) - aim) for name, text, aim in (
        ("tokenizer", "the tokenizer", 6144), ("client", "the client without TLS", 20480),
        ("client-tls", "the one with TLS", 63488))]
    over = ", ".join("%s misses its aim by %s" % (text, number(by)) if by > 0 else
                     "%s has its aim" % text for text, by in left)
    bearssl = sum(figures.get(("cortex-m4", "small", "client-tls", "BearSSL", k), 0)
                  for k in ("text", "rodata"))
    out = ["", "## Side by side, and what stands in the way", "",
           "| tokenizer, Cortex-M4 | bytes | what it does |", "|---|--:|---|",
           "| Parley, build `small` | %s | the same with RFC 6120's restrictions, errors with place and "
           "name, elements skipped or kept |" % number(code(figures, "cortex-m4", "small", "tokenizer"))]
    out += ["| %s | %s | %s |" % peer for peer in PEERS]
    out += ["", "yxml is smaller. Optimised while linked, on a Cortex-M4, %s." % over,
            "The table of rows above is what stands there: what a session must check before it may trust a peer "
            "(XML, names,", "the server's proof, addresses of answers), and what makes calls bounded and errors "
            "nameable.", "No row can go without a "
            "requirement of RFC 6120, RFC 5802 or RFC 7622 or a call of the API.", "",
            "With TLS %s bytes are BearSSL's, in its smallest constant-time forms. What other XMPP clients "
            "take on" % number(bearssl), "such a processor has not been measured. [decisions.md](decisions.md) "
            "says what has been tried."]
    return out


def page(figures, budgets):
    what = dict((p[0], p[1]) for p in PROGRAMS)
    what.update({"session struct": "RAM of a session struct (parts of JIDs to %d bytes)" % SMALL_PART,
                 "stack": "the core's deepest stack, hashes included",
                 "TLS handshake": "RAM in a TLS handshake without stack: structs, records "
                                  "(max_fragment_length 512), work block of 4 096 bytes"})
    names = dict(PROCESSORS)
    out = ["# Sizes", "",
           "Generated by `tests/embedded/sizes.py page`; the group `embedded` of `./check --full` "
           "makes the", "figures anew and fails where this page or a budget is not kept. Bytes, "
           "arm-none-eabi-gcc -Os,", "freestanding, linked with `--gc-sections`, the program's own "
           "code left out.", "", "The tokenizer and the clients with ASCII names are of a "
           "library built for a device: `PARLEY_SERVER=OFF`,", "`PARLEY_MECHANISMS=SCRAM-SHA-256`, "
           "`PARLEY_UNICODE=OFF`, `PARLEY_TLS_PROFILE=small`, `PARLEY_REASONS=OFF`,",
           "`PARLEY_PART_SIZE=%d` and `PARLEY_SASL_SIZE=2048`; the other two are of the default build. "
           "[choosing.md](choosing.md) says what each" % SMALL_PART,
           "leaves out. The clients neither keep nor resume a TLS session, which takes 0.9 kB more, nor "
           "keep SCRAM's", "keys (0.3 kB).", "",
           "## Budgets", "",
           "The limit is what continuous integration enforces; the aim is where it should get to. "
           "Optimised while linked:", "`CMAKE_INTERPROCEDURAL_OPTIMIZATION=ON` and `-flto`. There "
           "functions of several parts become one, so the", "tables by part are of the build without, and of "
           "the other the whole is told alone; its stack is of the call", "graph that gcc writes while "
           "linking.",
           "", "| what, build `small` | processor | bytes | limit | aim |", "|---|---|--:|--:|--:|"]
    for name, cpu, limit, aim in budgets:
        out.append("| %s%s | %s | %s | %s | %s |" % (
            what[plain(name)], ", optimised while linked" if name.endswith(OPTIMISED) else "",
            names[cpu], number(budget_figure(figures, cpu, name)), number(limit),
            number(aim)))
    for name, text, _, _, libraries in PROGRAMS:
        if libraries == CHACHA20:
            continue
        out += ["", "## %s" % (text[0].upper() + text[1:]), "",
                "| part | " + " | ".join("%s `%s` %s" % (names[c], s, k) for c, _ in PROCESSORS
                                         for s in STYLES for k in ("text", "rodata")) + " |",
                "|---|" + "--:|" * 8]
        parts = [p for p, _ in PARTS if any(key[2] == name and key[3] == p for key in figures)]
        for part in parts:
            out.append("| %s | " % part + " | ".join(
                number(figures.get((c, s, name, part, k), 0)) for c, _ in PROCESSORS
                for s in STYLES for k in ("text", "rodata")) + " |")
        out.append("| **together** | " + " | ".join(
            "**%s**" % number(code(figures, c, s, name, (k,))) for c, _ in PROCESSORS
            for s in STYLES for k in ("text", "rodata")) + " |")
        data = sum(size for key, size in figures.items()
                   if key[2] == name and key[4] in ("data", "bss"))
        out += ["", "Data and bss: %s." % ("none" if data == 0 else number(data))]
    out += ["", "## Where the client's bytes are", "",
            "The client without TLS, build `small`, text and rodata, by what they do; clauses are RFC "
            "6120's", "where nothing else is said.", "",
            "| what | " + " | ".join(names[c] for c, _ in PROCESSORS) + " |", "|---|--:|--:|"]
    for feature, _ in FEATURES:
        out.append("| %s | " % feature + " | ".join(number(sum(
            figures.get((c, "small", BY_FEATURE, feature, k), 0) for k in ("text", "rodata")))
            for c, _ in PROCESSORS) + " |")
    out += in_the_way(figures)
    out += ["", "The parts that a program does not name are not linked: a mechanism, a hash, a "
            "role's functions, the", "TLS layer. What a build option leaves out is told in "
            "[choosing.md](choosing.md).", ""]
    return "\n".join(out)


NUMBER = re.compile(r"\d[\d ]*")


def is_true(written, made):
    """Whether a page says the same as another, but for small changes of its figures."""
    if NUMBER.sub("0", written) != NUMBER.sub("0", made):
        return False
    pairs = zip(NUMBER.findall(written), NUMBER.findall(made))
    values = ((int(a.replace(" ", "")), int(b.replace(" ", ""))) for a, b in pairs)
    return all(abs(a - b) <= max(64, b // 50) for a, b in values)


def check(figures, budgets, path):
    passed = failed = 0
    for name, cpu, limit, _ in budgets:
        size = budget_figure(figures, cpu, name)
        if size <= limit:
            passed += 1
        else:
            failed += 1
            print("sizes: %s on %s: %d bytes, the limit is %d (tests/embedded/budgets.tsv)" % (
                name, cpu, size, limit))
    with open(path) as file:
        same = is_true(file.read(), page(figures, budgets))
    passed += same
    failed += not same
    if not same:
        print("sizes: %s is no longer true: run tests/embedded/run.sh page" % path)
    print("figures: %s" % ", ".join("%s %d" % (n, budget_figure(figures, c, n))
                                    for n, c, _, _ in budgets if c == "cortex-m0plus"))
    print("%d passed, %d failed" % (passed, failed))
    return failed == 0


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "measure":
        measure(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 5 and sys.argv[1] in ("page", "check"):
        figures, budgets = read_figures(sys.argv[2]), read_budgets(sys.argv[3])
        if sys.argv[1] == "page":
            with open(sys.argv[4], "w") as file:
                file.write(page(figures, budgets))
        elif not check(figures, budgets, sys.argv[4]):
            sys.exit(1)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()

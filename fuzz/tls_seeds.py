"""Seeds of tls_chain: each certificate of tests/data in both roles, pins, and resumption."""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER, PIN, PIN_ONLY, WRONG, CLIENTS, RESUMES = 1, 2, 4, 8, 16, 32
EARLY, LATE, OLD = 64, 128, 192


def certificates():
    """In the order that the target knows them by."""
    with open(os.path.join(HERE, "CMakeLists.txt"), encoding="utf-8") as file:
        return re.search(r"set\(certificates ([^)]*)\)", file.read()).group(1).split()


def seeds():
    names = certificates()
    number = {name: i for i, name in enumerate(names)}
    made = 0

    def seed(name, settings, leaf="good", between=0, client=0, domain=0, edits=b"", session=b""):
        nonlocal made
        made += 1
        head = bytes([settings, made % 251, number[leaf], number.get(between, 0),
                      number.get(client, 0), domain, len(edits) // 3])
        return "tls_chain", name, head + edits + session

    for name in names[:names.index("good-any")]: # those behind it have theirs in tls_edge_seeds.py
        yield seed("server-" + name, 0, name, {"good-middle": "middle", "good-mixed": "ca"}.get(name, 0))
        yield seed("client-" + name, SERVER | CLIENTS, client=name)
    for domain in range(1, 4):
        for name in ("good", "international", "every-name"):
            yield seed("domain-%s-%d" % (name, domain), 0, name, domain=domain)
    for settings in (PIN, PIN | PIN_ONLY, PIN | WRONG, PIN | PIN_ONLY | WRONG):
        for name in ("good", "good-rsa", "own", "stranger", "good-middle"):
            yield seed("pin-%s-%02d" % (name, settings), settings, name)
    yield seed("pin-edited", PIN | PIN_ONLY, "good", edits=b"\x00\x01\x40")
    yield seed("pin-literal", PIN | PIN_ONLY, "good", domain=3)
    for settings in (EARLY, LATE, OLD):
        for name in ("good", "expired", "early"):
            yield seed("time-%s-%d" % (name, settings), settings, name)
        yield seed("time-client-%d" % settings, settings | SERVER | CLIENTS, client="client")
    yield seed("not-ca", 0, "good-middle", "middle-not-ca")
    yield seed("lower", 0, "good-middle", "lower")
    for name in ("client", "client-two", "good-rsa", "own"):
        yield seed("asked-" + name, CLIENTS, client=name)
        yield seed("asked-pin-" + name, CLIENTS | PIN | PIN_ONLY, client=name)
    yield seed("asked-none", SERVER | CLIENTS)
    yield seed("rsa", SERVER, "good-rsa")
    for role in (0, SERVER):
        for leaf in ("good", "good-rsa"):
            yield seed("resumed-%d-%s" % (role, leaf), role | RESUMES, leaf)
        yield seed("resumed-client-%d" % role, role | RESUMES | CLIENTS, client="client")
        yield seed("resumed-cache-%d" % role, role | RESUMES, between="middle")
        yield seed("resumed-failed-%d" % role, role | RESUMES, "stranger" if role == 0 else "good")
        for at in (0, 1, 2, 20, 32, 33, 34, 36, 37, 38, 40, 60, 85, 88, 100, 340, 344, 400, 408, 409,
                   420, 450, 500, 504, 511, 512, 519, 520, 540, 551):
            for change in (1, 255):
                yield seed("resumed-edited-%d-%03d-%03d" % (role, at, change), role | RESUMES,
                           session=bytes([at >> 8, at & 255, change]))
    for settings in (PIN, PIN | PIN_ONLY, EARLY, LATE):
        yield seed("resumed-pin-%d" % settings, settings | RESUMES)
    for at in (4, 30, 60, 120, 160, 200, 260, 320, 380, 420):
        for name in ("good", "client"):
            edits = bytes([at >> 8, at & 255, 1])
            role = SERVER | CLIENTS if name == "client" else 0
            yield seed("edited-%s-%03d" % (name, at), role, client="client" if role else 0, edits=edits)

#!/usr/bin/env python3
"""Whole negotiations over sockets: Parley's client beside libstrophe's, `parley serve` beside
Prosody, each client with each server. negotiations.py DIAL PARLEY [COUNT]

Scripts: ANONYMOUS without TLS, where what is measured is the negotiation; STARTTLS with
SCRAM-SHA-1, a P-256 certificate that is verified, and keys of 4096 iterations that the server has
stored; and the same with a TLS session that is resumed, of a client that kept it, and SCRAM's keys
derived anew or kept too. libstrophe keeps no TLS session, so Parley's core over OpenSSL stands
beside it; Prosody gives none unless it is set up otherwise, and then tickets alone. Who resumes
nothing is asked too. Processor time of each side by itself, of its whole process, sockets included;
the rounds are interleaved, and a median stands. Bytes and round trips are those of one session that
went through a relay."""
import base64
import contextlib
import hashlib
import hmac
import os
import re
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
INTEROP = os.path.join(os.path.dirname(HERE), "interop")
sys.path.insert(0, INTEROP)
from interop.process import HOST, Process, clean_environment, free_ports, listens, wait_for  # noqa: E402

DOMAIN = "im.parley.example"
TICKETS = "Prosody with tickets"
USER, PASSWORD, SALT, ITERATIONS = "romeo", "r0m30", b"sixteen of salt.", 4096
ROUNDS = 5

# What dial calls a client, and the page.
CLIENTS = {"parley": "Parley", "openssl": "Parley over OpenSSL", "strophe": "libstrophe"}
RESUMED = (("parley", "parley serve"), ("openssl", "parley serve"), ("openssl", TICKETS))
# Of each script the servers, and who is measured with whom.
SCRIPTS = {
    "clear": ("without TLS, ANONYMOUS", ("parley serve", "Prosody"), (
        # libstrophe 0.12 opens ANONYMOUS without an initial response, where "=" would say that it
        # is empty (RFC 6120 6.4.2), and gives up when a server then asks for one, as Parley's does.
        ("parley", "parley serve"), ("parley", "Prosody"), ("strophe", "Prosody"))),
    "tls": ("STARTTLS, SCRAM-SHA-1, full handshakes", ("parley serve", "Prosody"), tuple(
        (client, server) for server in ("parley serve", "Prosody") for client in CLIENTS)),
    "resumed": ("STARTTLS, SCRAM-SHA-1, resumed handshakes", ("parley serve", TICKETS), RESUMED),
    "kept": ("the same, SCRAM's keys kept", ("parley serve", "Prosody", TICKETS), RESUMED)}
# What dial says where nothing is resumed: by default Prosody gives neither identifier nor ticket,
# and BearSSL takes no tickets.
NOT_RESUMED = (("parley", "Prosody", "the server gives no session to resume"),
               ("parley", TICKETS, "the server gives no session to resume"),
               ("openssl", "Prosody", "the session is not resumed"))

PROSODY = """run_as_root = true
data_path = "%(folder)s/data"
certificates = "%(folder)s"
modules_enabled = { "saslauth", "tls" }
modules_disabled = { "s2s", "s2s_auth_certs", "offline" }
interfaces = { "%(host)s" }
c2s_ports = { %(port)d }
c2s_direct_tls_ports = { }
s2s_ports = { }
s2s_direct_tls_ports = { }
component_ports = { }
http_ports = { }
https_ports = { }
limits = { }
log = { { levels = { min = "error" }, to = "file", filename = "%(folder)s/server.log" } }
ssl = { certificate = "%(pki)s/server-ec.crt"; key = "%(pki)s/server-ec.key"; protocol = "tlsv1_2"; options = { no_ticket = %(no_ticket)s } }
c2s_require_encryption = %(required)s
authentication = "%(accounts)s"
disable_sasl_mechanisms = { "PLAIN", "SCRAM-SHA-1-PLUS" }
VirtualHost "%(domain)s"
"""


def scram_keys():
    """Stored key and server key of SCRAM-SHA-1 (RFC 5802 3)."""
    salted = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), SALT, ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha1")
    return hashlib.sha1(client).digest(), hmac.digest(salted, b"Server Key", "sha1")


def start_prosody(folder, pki, kind, tickets):
    port = free_ports(1)[0]
    os.makedirs(folder)
    stored, server = scram_keys()
    accounts = os.path.join(folder, "data", re.sub("[^A-Za-z0-9]", lambda m: "%%%02x" % ord(m.group()),
                                                   DOMAIN), "accounts")
    os.makedirs(accounts)
    with open(os.path.join(accounts, USER + ".dat"), "w") as file:
        file.write('return { stored_key = "%s"; server_key = "%s"; salt = "%s"; iteration_count = %d; };\n'
                   % (stored.hex(), server.hex(), SALT.decode(), ITERATIONS))
    path = os.path.join(folder, "prosody.cfg.lua")
    with open(path, "w") as file:
        file.write(PROSODY % dict(
            folder=folder, host=HOST, port=port, pki=pki, domain=DOMAIN, required=str(kind != "clear").lower(),
            no_ticket=str(not tickets).lower(),
            accounts="anonymous" if kind == "clear" else "internal_hashed"))
    process = Process(["prosody", "--config", path, "-F"], folder, clean_environment(HOME=folder),
                      os.path.join(folder, "processes.tsv"))
    if not wait_for(lambda: listens(process.pid, port), 30, folder, process):
        process.stop()
        sys.exit("Prosody does not start; its log is in %s" % folder)
    return process, port


def start_serve(parley, folder, pki, kind):
    os.makedirs(folder)
    stored, server = scram_keys()
    with open(os.path.join(folder, "users"), "w") as file:
        if kind == "clear":
            file.write("anonymous:nobody\n")
        else:
            file.write("%s:SCRAM-SHA-1$%d:%s$%s:%s\n" % ((USER, ITERATIONS) + tuple(
                base64.b64encode(part).decode() for part in (SALT, stored, server))))
    options = ["--mechanisms", "ANONYMOUS", "--insecure"] if kind == "clear" else [
        "--mechanisms", "SCRAM-SHA-1", "--cert", pki + "/server-ec.crt", "--key", pki + "/server-ec.key"]
    process = Process([parley, "serve", "--users", os.path.join(folder, "users"), "--listen", HOST + ":0",
                       "--domain", DOMAIN,
                       "--log", os.path.join(folder, "log")] + options, folder, clean_environment(),
                      os.path.join(folder, "processes.tsv"))

    def port():
        with open(process.log) as file:
            found = re.search(r"listening starttls \S+:(\d+)", file.read())
        return found and int(found[1])
    found = wait_for(port, 10, folder, process)
    if not found:
        with open(process.log) as file:
            sys.exit("parley serve does not start: " + file.read())
    return process, found


def dial(program, client, kind, port, count, pki, server):
    authority = pki + ("/ca.der" if client == "parley" else "/ca.crt")
    return subprocess.run([program, client, kind, str(port), str(count), authority, str(server.pid)],
                          env=clean_environment(PARLEY_PASSWORD=PASSWORD), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300, text=True)


def cost(*session):
    """Microseconds of a session, of the client's process and of the server's."""
    done = dial(*session)
    if done.returncode:
        sys.exit("%s with %s: %s" % (session[1], session[2], done.stderr))
    return tuple(float(word) for word in done.stdout.split())


def relay(listener, port, connections, told):
    """Connections one after the other; of the last its bytes, and how often the client speaks after
    it was spoken to."""
    for _ in range(connections):
        pass_on(listener, port, told)


def pass_on(listener, port, told):
    near, _ = listener.accept()
    far = socket.create_connection((HOST, port))
    told.update(up=0, down=0, turns=0)
    speaker, open_ends = None, {near: far, far: near}
    with near, far:
        while open_ends:
            ready = select.select(list(open_ends), [], [], 20)[0]
            if not ready:
                return
            for end in ready:
                try:
                    data = end.recv(65536)
                except ConnectionResetError: # libstrophe leaves so
                    data = b""
                if not data:
                    other = open_ends.pop(end)
                    try:
                        other.shutdown(socket.SHUT_WR)
                    except OSError:
                        pass
                    continue
                told["up" if end is near else "down"] += len(data)
                told["turns"] += end is near and speaker is not near
                speaker = end
                with contextlib.suppress(OSError): # it has left before the other's last word
                    open_ends[end].sendall(data)


def count_bytes(program, client, kind, port, pki, server):
    told = {}
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(20)
        connections = 2 if kind in ("resumed", "kept") else 1 # the first is resumed by the second
        thread = threading.Thread(target=relay, args=(listener, port, connections, told), daemon=True)
        thread.start()
        cost(program, client, kind, listener.getsockname()[1], 1, pki, server)
        thread.join(30)
    return told


def measure(program, kind, servers, pki, count):
    title, _, pairs = SCRIPTS[kind]
    times = {pair: [] for pair in pairs}
    number = count if kind == "clear" else max(1, count // 10)
    for _ in range(ROUNDS):
        for client, name in pairs:
            process, port = servers[name]
            times[client, name].append(cost(program, client, kind, port, number, pki, process))
    print("%s, %d sessions a round, medians of %d rounds" % (title, number, ROUNDS))
    print("| client | server | client, sessions a second | server, sessions a second | bytes up | "
          "bytes down | the client speaks |\n|---|---|--:|--:|--:|--:|--:|")
    for (client, name), rounds in times.items():
        process, port = servers[name]
        told = count_bytes(program, client, kind, port, pki, process)
        print("| %s | %s | %.0f | %.0f | %d | %d | %d times |" % (
            CLIENTS[client], name, 1e6 / statistics.median(r[0] for r in rounds),
            1e6 / statistics.median(r[1] for r in rounds), told["up"], told["down"], told["turns"]))
    print("", flush=True)


def ask_who_does_not_resume(program, servers, pki):
    for client, name, why in NOT_RESUMED:
        process, port = servers[name]
        done = dial(program, client, "resumed", port, 1, pki, process)
        if done.returncode != 1 or why not in done.stderr:
            sys.exit("%s with %s: wanted \"%s\", got: %s" % (client, name, why, done.stderr or done.stdout))
        print("%s with %s: %s" % (CLIENTS[client], name, why))


def main():
    program, parley = (os.path.abspath(path) for path in sys.argv[1:3])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    with tempfile.TemporaryDirectory(prefix="parley-bench.") as folder:
        pki = os.path.join(folder, "pki")
        subprocess.run([os.path.join(INTEROP, "pki"), pki, DOMAIN], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(["openssl", "x509", "-in", pki + "/ca.crt", "-outform", "DER", "-out",
                        pki + "/ca.der"], check=True)
        started = []
        try:
            for kind, (_, names, _) in SCRIPTS.items():
                servers = {}
                for name in names:
                    place = os.path.join(folder, "%s-%s" % (name.replace(" ", "-"), kind))
                    servers[name] = start_serve(parley, place, pki, kind) if name == "parley serve" else \
                        start_prosody(place, pki, kind, name == TICKETS)
                    started.append(servers[name][0])
                measure(program, kind, servers, pki, count)
            ask_who_does_not_resume(program, servers, pki)
        finally:
            for process in started:
                process.stop()


if __name__ == "__main__":
    main()

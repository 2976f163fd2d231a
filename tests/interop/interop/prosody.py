"""Configuration and start of Prosody 0.12."""
import os
import re
import subprocess

from .process import HOST, Process, clean_environment
from .variants import ACCOUNTS, DOMAIN, ROMEO, contact

PORTS = 2       # STARTTLS, direct TLS
ALL = ('SCRAM-SHA-256', 'SCRAM-SHA-1', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1-PLUS', 'PLAIN', 'EXTERNAL',
       'DIGEST-MD5', 'OAUTHBEARER', 'ANONYMOUS')


def version():
    text = subprocess.run(['dpkg-query', '-W', '-f=${Version}', 'prosody'], capture_output=True,
                          text=True, timeout=20).stdout
    return text or 'of unknown version'


def missing():
    return None if os.access('/usr/bin/prosody', os.X_OK) else 'install the package prosody'


def _escape(name):
    # util.datamanager's names of files
    return re.sub('[^A-Za-z0-9]', lambda m: '%%%02x' % ord(m.group()), name)


def _lua(text):
    return '"%s"' % ''.join(chr(b) if 32 <= b < 127 and b not in b'"\\' else '\\%03d' % b for b in text.encode())


def _accounts(folder, contacts):
    host = os.path.join(folder, 'data', _escape(DOMAIN))
    for kind in ('accounts', 'roster'):
        os.makedirs(os.path.join(host, kind), exist_ok=True)
    for a in ACCOUNTS:
        with open(os.path.join(host, 'accounts', _escape(a.user) + '.dat'), 'w') as f:
            f.write('return { ["password"] = %s; };\n' % _lua(a.password))
        # everybody is in everybody's roster, so that presence flows
        rows = ' '.join('["%s@%s"] = { subscription = "both"; groups = {}; };' % (b.user, DOMAIN)
                        for b in ACCOUNTS if b != a)
        if a == ROMEO:
            rows += ' '.join('["%s"] = { subscription = "none"; name = %s; groups = { [%s] = true; }; };'
                             % (jid, _lua(name), _lua(group)) for jid, name, group in map(contact, range(contacts)))
        with open(os.path.join(host, 'roster', _escape(a.user) + '.dat'), 'w') as f:
            f.write('return { %s [false] = { version = 1; pending = {}; }; };\n' % rows)


def start(variant, folder, pki, ports, register):
    _accounts(folder, variant.contacts)
    modules = ['roster', 'saslauth', 'disco', 'ping', 'version'] + ['tls'] * (variant.tls != 'off')
    disabled = [m for m in ALL if m not in variant.mechanisms] if variant.mechanisms else ['DIGEST-MD5']
    own_modules = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'prosody_modules')
    protocol = {('1.2',): 'tlsv1_2', ('1.3',): 'tlsv1_3'}.get(variant.versions, 'tlsv1_2+')

    def names(items):
        return ', '.join('"%s"' % i for i in items)
    config = '''run_as_root = true
data_path = "%(folder)s/data"
certificates = "%(folder)s/certs"
plugin_paths = { "%(own)s" }
modules_enabled = { %(modules)s }
modules_disabled = { "s2s", "s2s_auth_certs", "offline" }
interfaces = { "%(host)s" }
c2s_ports = { %(port)d }
c2s_direct_tls_ports = { %(direct)s }
legacy_ssl_ports = { }
s2s_ports = { }
s2s_direct_tls_ports = { }
component_ports = { }
http_ports = { }
https_ports = { }
c2s_require_encryption = %(required)s
allow_unencrypted_plain_auth = %(clear)s
disable_sasl_mechanisms = { %(disabled)s }
authentication = "%(authentication)s"
storage = "internal"
log = { { levels = { min = "debug" }, to = "file", filename = "%(folder)s/server.log" } }
''' % dict(folder=folder, modules=names(modules), host=HOST, port=ports[0], own=own_modules,
           authentication='certificate' if variant.asks else 'internal_plain',
           direct='' if variant.tls == 'off' else ports[1],
           required='true' if variant.tls == 'required' else 'false',
           clear='false' if variant.tls == 'required' else 'true', disabled=names(disabled))
    if variant.tls != 'off':
        config += '''ssl = {
    certificate = "%(pki)s/%(name)s.crt";
    key = "%(pki)s/%(name)s.key";
    protocol = "%(protocol)s";
    verify = { %(verify)s };
    %(more)s
}
''' % dict(pki=pki, name=variant.certificate, protocol=protocol,
           verify='"peer", "client_once"' if variant.asks else '"none"',
           # without it certificates of clients are judged as those of servers
           more='cafile = "%s/ca.crt"; verifyext = { lsec_ignore_purpose = false };' % pki if variant.asks else '')
    path = os.path.join(folder, 'prosody.cfg.lua')
    os.makedirs(os.path.join(folder, 'certs'), exist_ok=True)
    with open(path, 'w') as f:
        f.write(config + 'VirtualHost "%s"\n' % DOMAIN)
    return Process(['prosody', '--config', path, '-F'], folder, clean_environment(HOME=folder), register)


def ready(folder):
    return True     # answering is enough

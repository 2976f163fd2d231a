"""Certificates for the tests, made by openssl in a folder of the run."""
import os
import secrets
import subprocess

CONFIG = """[req]
distinguished_name = name
[name]
"""


def openssl(*arguments, **more):
    done = subprocess.run(['openssl', *arguments], capture_output=True, timeout=60, **more)
    if done.returncode != 0:
        raise RuntimeError('openssl %s: %s' % (arguments[0], done.stderr.decode(errors='replace')))
    return done.stdout


class Authority:
    """An authority in `folder`: `authority.certificate` is its file; `issue` makes leaves."""

    def __init__(self, folder, name='authority'):
        self.folder, self.name = folder, name
        self.config = os.path.join(folder, 'openssl.cnf')
        if not os.path.exists(self.config):
            with open(self.config, 'w') as file:
                file.write(CONFIG)
        self.key, self.certificate = self._paths(name)
        self._key(self.key)
        openssl('req', '-new', '-x509', '-config', self.config, '-key', self.key, '-out', self.certificate,
                '-subj', '/CN=' + name, '-days', '30', '-addext', 'basicConstraints=critical,CA:TRUE',
                '-addext', 'keyUsage=critical,keyCertSign')

    def _paths(self, name):
        return tuple(os.path.join(self.folder, name + end) for end in ('.key', '.pem'))

    def _key(self, path, kind='P-256'):
        if kind.startswith('rsa'):
            openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:' + kind[3:], '-out', path)
        else:
            openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:' + kind, '-out', path)

    def issue(self, name, names='DNS:example.com', days=30, subject='/CN=leaf', kind='P-256', digest='sha256',
              self_signed=False, usage=None):
        """(certificate, key); `names` is what subjectAltName says, '' for none; negative
        `days`: run out."""
        key, certificate = self._paths(name)
        request, extensions = (os.path.join(self.folder, name + end) for end in ('.csr', '.ext'))
        self._key(key, kind)
        with open(extensions, 'w') as file:
            file.write('basicConstraints=CA:FALSE\n')
            if names:
                file.write('subjectAltName=%s\n' % names)
            if usage:
                file.write('extendedKeyUsage=%s\n' % usage)
        openssl('req', '-new', '-config', self.config, '-key', key, '-subj', subject, '-out', request)
        signer = ('-signkey', key) if self_signed else ('-CA', self.certificate, '-CAkey', self.key)
        openssl('x509', '-req', '-in', request, *signer, '-set_serial', str(1 + secrets.randbits(60)), '-days', str(days), '-' + digest, '-extfile', extensions,
                '-out', certificate)
        return certificate, key

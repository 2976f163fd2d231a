"""Configuration and start of ejabberd 23.01: an Erlang node without a name, so neither
epmd nor a cookie nor a spool outside its own folder comes into it, for any user."""
import glob
import os
import subprocess

from .process import HOST, Process, clean_environment
from .variants import ACCOUNTS, DOMAIN, ROMEO, contact

PORTS = 2
ALL = ('SCRAM-SHA-1', 'SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-512',
       'SCRAM-SHA-512-PLUS', 'PLAIN', 'DIGEST-MD5', 'X-OAUTH2', 'EXTERNAL', 'ANONYMOUS')


def version():
    text = subprocess.run(['dpkg-query', '-W', '-f=${Version}', 'ejabberd'], capture_output=True,
                          text=True, timeout=20).stdout
    return text or 'of unknown version'


def _libraries():
    found = sorted(glob.glob('/usr/lib/*/ejabberd-*/ebin'))
    return os.path.dirname(os.path.dirname(found[0])) if found else None


def missing():
    return None if _libraries() and os.access('/usr/bin/erl', os.X_OK) else 'install the package ejabberd'


def _listener(port, lines):
    rows = ['port: %d' % port, 'ip: "%s"' % HOST, 'module: ejabberd_c2s', 'max_stanza_size: 262144',
            'shaper: none', 'access: all'] + lines
    return '  -\n' + ''.join('    %s\n' % r for r in rows)


def _binary(text):
    return '<<%s>>' % ','.join(str(b) for b in text.encode())


def _setup(folder, contacts):
    """Erlang that makes the accounts and rosters inside the running server."""
    users = ', '.join('{%s, %s}' % (_binary(a.user), _binary(a.password)) for a in ACCOUNTS)
    pairs = ', '.join('{%s, %s}' % (_binary(a.user), _binary(b.user))
                      for a in ACCOUNTS for b in ACCOUNTS if a != b)
    crowd = ', '.join('{%s, %s, %s}' % (_binary(jid.partition('@')[0]), _binary(name), _binary(group))
                      for jid, name, group in map(contact, range(contacts)))
    return '''H = <<"%s">>,
{ok, _} = application:ensure_all_started(ejabberd),
lists:foreach(fun({U, P}) -> ok = ejabberd_auth:try_register(U, H, P) end, [%s]),
lists:foreach(fun({U, C}) ->
    %% #roster{usj, us, jid, name, subscription, ask, groups, askmessage, xs}
    J = {C, H, <<>>},
    {atomic, ok} = mnesia:transaction(fun() ->
        mnesia:write({roster, {U, H, J}, {U, H}, J, <<>>, both, none, [], <<>>, []})
    end)
end, [%s]),
{atomic, ok} = mnesia:transaction(fun() ->
    lists:foreach(fun({C, N, G}) ->
        J = {C, H, <<>>},
        mnesia:write({roster, {%s, H, J}, {%s, H}, J, N, none, none, [G], <<>>, []})
    end, [%s])
end),
ok = file:write_file("%s/ready", <<"ready\\n">>).
''' % (DOMAIN, users, pairs, _binary(ROMEO.user), _binary(ROMEO.user), crowd, folder)


def start(variant, folder, pki, ports, register):
    protocol = ['no_sslv3', 'no_tlsv1', 'no_tlsv1_1']
    protocol += ['no_tlsv1_3'] * ('1.3' not in variant.versions)
    protocol += ['no_tlsv1_2'] * ('1.2' not in variant.versions)
    options = 'protocol_options: [%s]' % ', '.join('"%s"' % p for p in protocol)
    disabled = ALL if variant.mechanisms else ('DIGEST-MD5', 'X-OAUTH2')
    asks = ['tls_verify: %s' % ('true' if variant.asks else 'false')]
    listeners = _listener(ports[0], [options,
                                     'starttls: %s' % ('false' if variant.tls == 'off' else 'true'),
                                     'starttls_required: %s' % ('true' if variant.tls == 'required' else 'false')]
                          + asks * (variant.tls != 'off'))
    if variant.tls != 'off':
        listeners += _listener(ports[1], [options, 'tls: true'] + asks)
    config = '''loglevel: 5
log_rotate_count: 0
hosts:
  - "%(domain)s"
certfiles:
  - "%(pki)s/%(name)s.pem"
ca_file: "%(pki)s/ca.crt"
c2s_cafile: "%(pki)s/ca.crt"
auth_method: internal
auth_password_format: plain
disable_sasl_mechanisms: [%(disabled)s]
s2s_access: none
listen:
%(listeners)smodules:
  mod_disco: {}
  mod_ping: {}
  mod_roster: {}
  mod_version: {}
''' % dict(domain=DOMAIN, pki=pki, name=variant.certificate, listeners=listeners,
           disabled=', '.join('"%s"' % m for m in disabled if m not in variant.mechanisms))
    paths = {}
    for name, text in (('ejabberd.yml', config), ('setup.erl.txt', _setup(folder, variant.contacts))):
        paths[name] = os.path.join(folder, name)
        with open(paths[name], 'w') as f:
            f.write(text)
    run = '{ok,B}=file:read_file("%s"),{ok,T,_}=erl_scan:string(binary_to_list(B)),' \
          '{ok,E}=erl_parse:parse_exprs(T),erl_eval:exprs(E,erl_eval:new_bindings()).' % paths['setup.erl.txt']
    argv = ['erl', '-noinput', '+K', 'true', '+P', '65536', '+Q', '4096',
            '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none',
            '-mnesia', 'dir', '"%s/mnesia"' % folder, '-eval', run]
    env = clean_environment(HOME=folder, ERL_LIBS=_libraries(), EJABBERD_CONFIG_PATH=paths['ejabberd.yml'],
                            EJABBERD_LOG_PATH=os.path.join(folder, 'server.log'),
                            ERL_CRASH_DUMP=os.path.join(folder, 'erl_crash.dump'),
                            ERL_CRASH_DUMP_SECONDS='5', ERL_MAX_PORTS='2048', ERL_MAX_ETS_TABLES='2048')
    return Process(argv, folder, env, register)


def ready(folder):
    return os.path.exists(os.path.join(folder, 'ready'))

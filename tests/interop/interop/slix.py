"""slixmpp, an independent client, scripted: log in, wait for what must come, cut."""
import asyncio
import contextlib
import io
import logging
import ssl

from .process import HOST, Failed
from .variants import DOMAIN

with contextlib.redirect_stderr(io.StringIO()):     # it complains of a slow stringprep
    import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

SECONDS = 10


def log_to(path):
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter('%(relativeCreated)d %(levelname)s %(name)s %(message)s'))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)


class _Client(slixmpp.ClientXMPP):
    def __init__(self, jid, password, mechanism, context):
        super().__init__(jid, password, sasl_mech=mechanism)
        self.context = context

    async def _pick_dns_answer(self, domain, port=None):
        return None             # the address is given; nothing is looked up

    def get_ssl_context(self):
        return self.context


def trust(ca, alpn=None, versions=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = False
    context.load_verify_locations(ca)
    if alpn:
        context.set_alpn_protocols([alpn])
    if versions:
        context.minimum_version, context.maximum_version = versions
    return context


class Session:
    """`async with Session(...) as s` is a bound session; what went wrong raises Failed.
    tls: starttls, direct or off."""

    def __init__(self, account, port, ca=None, tls='starttls', mechanism=None, resource='', alpn=None,
                 versions=None, presence=True):
        jid = '%s@%s%s' % (account.user, DOMAIN, '/' + resource if resource else '')
        self.port, self.tls, self.send_presence = port, tls, presence
        self.client = c = _Client(jid, account.password, mechanism, trust(ca, alpn, versions) if ca else None)
        self.wanted_mechanism = mechanism
        mech = c['feature_mechanisms']
        mech.config['unencrypted_plain'] = mech.config['unencrypted_scram'] = tls == 'off'
        self.changed = asyncio.Event()
        self.messages, self.presences = [], []
        self.bound = self.ended = self.refused = self.stream_error = self.tls_version = self.bind_error = None
        self.auth_failures = []
        c.register_handler(Callback('all messages', MatchXPath('{jabber:client}message'), self._message))
        c.register_handler(Callback('all presence', MatchXPath('{jabber:client}presence'), self._presence))
        for event, handler in (('session_start', self._started), ('disconnected', self._disconnected),
                               ('failed_auth', self._auth_failed), ('stream_error', self._stream_error),
                               ('ssl_invalid_chain', self._bad_certificate),
                               ('connection_failed', self._not_connected)):
            c.add_event_handler(event, handler)

    # what happens, noted

    def _note(self):
        self.changed.set()

    def _message(self, m):
        self.messages.append((str(m['from']), m['type'], m['body']))
        self._note()

    def _presence(self, p):
        self.presences.append((str(p['from']), p.xml.get('type', 'available')))
        self._note()

    def _started(self, _):
        ssl_object = self.client.transport.get_extra_info('ssl_object')
        self.tls_version = ssl_object.version() if ssl_object else None
        self.bound = self.client.boundjid.full
        self._note()

    def _disconnected(self, why):
        self.ended = 'disconnected: %s' % (why or 'in order')
        self._note()

    def _auth_failed(self, stanza):
        self.auth_failures.append(stanza['condition'])
        self._note()

    def _stream_error(self, error):
        self.stream_error = error['condition']
        self._note()

    def _bad_certificate(self, error):
        self.refused = 'certificate: %s' % error
        self.client.disconnect()
        self._note()

    def _not_connected(self, error):
        self.refused = 'not connected: %s' % error
        self.client.cancel_connection_attempt()
        self._note()

    # waiting for it

    async def until(self, condition, what, seconds=SECONDS):
        end = asyncio.get_running_loop().time() + seconds
        while True:
            value = condition()
            if value:
                return value
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), end - asyncio.get_running_loop().time())
            except asyncio.TimeoutError:
                raise Failed('slixmpp %s did not see %s in %g s (%d messages, last %.200s, presence %s, '
                             'stream error %s, %s)'
                             % (self.client.requested_jid, what, seconds, len(self.messages),
                                self.messages[-1:], self.presences[-5:],
                                self.stream_error, self.ended or 'connected')) from None

    async def message(self, body, sender=None):
        return await self.until(lambda: next((m for m in self.messages if m[2] == body and
                                              (sender is None or m[0] == sender)), None),
                                'message %r' % body)

    async def presence(self, sender, kind='available'):
        """From a full JID, or from any resource of a bare one."""
        return await self.until(lambda: next((p for p in self.presences if p[1] == kind and
                                              (p[0] == sender or p[0].startswith(sender + '/'))), None),
                                'presence %s from %s' % (kind, sender))

    async def end(self, seconds=SECONDS):
        return await self.until(lambda: self.ended, 'the end of its connection', seconds)

    # doing

    async def connect(self):
        """Until bound, refused or ended."""
        c = self.client
        c.default_domain = DOMAIN       # the name that the certificate is checked for
        c.connect((HOST, self.port), use_ssl=self.tls == 'direct', force_starttls=self.tls == 'starttls',
                  disable_starttls=self.tls != 'starttls')
        await self.until(lambda: self.bound or self.ended or self.refused, 'the end of negotiation')
        return self.bound

    async def __aenter__(self):
        try:
            if not await self.connect():
                raise Failed('slixmpp could not log in: %s' % (
                    self.refused or self.stream_error or self.auth_failures or self.ended))
            used = self.client['feature_mechanisms'].mech.name
            if self.wanted_mechanism and used != self.wanted_mechanism:
                raise Failed('slixmpp used %s' % used)
        except BaseException:
            await self.__aexit__()
            raise
        if self.send_presence:
            self.client.send_presence()
        return self

    async def __aexit__(self, *_):
        c = self.client
        c.cancel_connection_attempt()
        if c.transport:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(c.disconnect(wait=1.0), 3)
        c.abort()
        if c._run_out_filters:
            c._run_out_filters.cancel()

    async def roster(self):
        await asyncio.wait_for(self.client.get_roster(), SECONDS)
        # slixmpp lists the account itself too
        return {j for j in self.client.client_roster if j != self.client.boundjid.bare}

    def chat(self, to, body):
        self.client.send_message(mto=to, mbody=body, mtype='chat')

    def cut(self, reset):
        """The connection breaks: a reset, or an end of input without close tag and close_notify."""
        transport = self.client.transport
        sock = transport.get_extra_info('socket')
        if reset:
            import socket
            import struct
            # asyncio's wrapper passes this on
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        transport.abort()

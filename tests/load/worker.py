#!/usr/bin/env python3
"""Some of the sessions of load.py, in a process of their own.

  worker.py PORT FIRST COUNT TOTAL SECONDS    sessions FIRST ... of TOTAL: each sends to two others
                                              and checks what two others send to it
  worker.py PORT FIRST COUNT 0 0              sessions that talk to nobody in particular, until
                                              they are killed

Says "ready" once all are bound, waits for a line, and in the end for the server's close; then one
JSON object of what was seen."""
import asyncio
import base64
import contextlib
import json
import re
import ssl
import sys

DOMAIN = 'example.com'
HEADER = ("<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams'>" % DOMAIN)
MESSAGE = re.compile(rb"<message ([^>]*)>")
FROM, ID = re.compile(rb"from='([uv])(\d+)@"), re.compile(rb"id='(\d+|end-\d+)'")
PATIENCE = 120


def context():
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
    return c


TLS = context()


class Session:
    def __init__(self, port, name, number, total):
        self.port, self.name, self.number, self.total = port, name, number, total
        self.buffer = b''
        self.next = {}              # sender -> number expected next
        self.done = {}              # sender -> how many it says it has sent
        self.wrong = []
        self.errors = self.others = self.sent = 0
        self.closed = ''
        self.whole = asyncio.Event()    # all has come that was sent

    async def until(self, words):
        while not (found := re.search(words, self.buffer, re.S)):
            data = await self.reader.read(65536)
            if not data:
                raise ConnectionError('%s%d: ended, after %r' % (self.name, self.number, self.buffer[-300:]))
            self.buffer += data
        self.buffer = self.buffer[found.end():]

    def say(self, text):
        self.writer.write(text.encode())

    async def login(self):
        self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.port, ssl=TLS)
        self.say(HEADER)
        await self.until(rb'</stream:features>')
        token = base64.b64encode(('\0%s%d\0mirror' % (self.name, self.number)).encode()).decode()
        self.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>" % token)
        await self.until(rb'<success[^>]*/>')
        self.say(HEADER)
        await self.until(rb'</stream:features>')
        self.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>")
        await self.until(rb"id='b'.*?</iq>")

    def peers(self):
        return {(self.number + 1) % self.total, (self.number + self.total // 2) % self.total}

    def senders(self):
        return {(self.number - 1) % self.total, (self.number - self.total // 2) % self.total}

    async def send(self, seconds):
        begin = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - begin < seconds:
            for peer in self.peers():
                self.say("<message to='u%d@%s/r' type='chat' id='%d'><body>%s</body></message>" % (
                    peer, DOMAIN, self.sent, 'x' * (self.sent * 37 % 900)))
            self.sent += 1
            await self.writer.drain()
            await asyncio.sleep(1)  # the load: one message a second to each
        for peer in self.peers():
            self.say("<message to='u%d@%s/r' type='chat' id='end-%d'/>" % (peer, DOMAIN, self.sent))
        await self.writer.drain()

    def note(self, tag):
        sender, mark = FROM.search(tag), ID.search(tag)
        if b"type='error'" in tag or not sender or not mark:
            self.errors += 1
        elif sender[1] == b'v':
            self.others += 1
        elif mark[1].startswith(b'end-'):
            self.done[int(sender[2])] = int(mark[1][4:])
        else:
            who, number = int(sender[2]), int(mark[1])
            if number != self.next.get(who, 0):
                self.wrong.append('%s%d: %d of u%d came, not %d' % (
                    self.name, self.number, number, who, self.next.get(who, 0)))
            self.next[who] = number + 1

    async def read(self):
        """To the end of the stream."""
        try:
            while data := await self.reader.read(65536):
                self.buffer += data
                at = 0
                for tag in MESSAGE.finditer(self.buffer):
                    self.note(tag[1])
                    at = tag.end()
                if self.done and self.complete():
                    self.whole.set()
                if b'<stream:error' in self.buffer[at:]:
                    self.closed = self.buffer[at:].decode(errors='replace')
                self.buffer = self.buffer[at:] if not self.closed else self.buffer
        except OSError as e:
            self.closed += ' ' + str(e)

    def complete(self):
        return all(self.next.get(s, 0) == self.done.get(s, -1) for s in self.senders())


async def login_all(sessions):
    gate = asyncio.Semaphore(16)

    async def one(session):
        async with gate:
            await session.login()
    await asyncio.gather(*(one(s) for s in sessions))


async def line():
    return await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


async def steady(port, first, count, total, seconds):
    sessions = [Session(port, 'u', n, total) for n in range(first, first + count)]
    await login_all(sessions)
    print('ready', flush=True)
    await line()
    readers = [asyncio.create_task(s.read()) for s in sessions]
    await asyncio.gather(*(s.send(seconds) for s in sessions))
    whole = asyncio.gather(*(s.whole.wait() for s in sessions))
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(whole, PATIENCE)
    print('quiet', flush=True)
    await asyncio.gather(*readers)      # until the server ends
    lost = sum(max(0, s.done.get(p, s.next.get(p, 0) + 1) - s.next.get(p, 0)) for s in sessions for p in s.senders())
    shut = sum('<system-shutdown' in s.closed and s.closed.rstrip().endswith('</stream:stream>') for s in sessions)
    print(json.dumps({'received': sum(sum(s.next.values()) for s in sessions), 'lost': lost,
                      'wrong': [w for s in sessions for w in s.wrong][:5], 'shut': shut, 'sessions': count,
                      'errors': sum(s.errors for s in sessions), 'others': sum(s.others for s in sessions),
                      'odd': [s.closed[-200:] for s in sessions if '<system-shutdown' not in s.closed][:3]}), flush=True)


async def victims(port, first, count):
    sessions = [Session(port, 'v', n, 1) for n in range(first, first + count)]
    await login_all(sessions)
    print('ready', flush=True)
    number = 0
    while True:
        for s in sessions:
            s.say("<message to='u%d@%s/r' id='%d'><body>%s" % (number % 100, DOMAIN, number, 'y' * 500))
            if number % 3:
                s.say('</body></message>')
            else:
                await asyncio.sleep(0)  # killed in the middle of a stanza, now and then
                s.say('</body></message>')
        number += 1
        await asyncio.sleep(0.01)   # the load: a hundred rounds a second


if __name__ == '__main__':
    port, first, count, total, seconds = map(int, sys.argv[1:6])
    try:
        asyncio.run(steady(port, first, count, total, seconds) if total else victims(port, first, count))
    except OSError as e:
        print('failed: %s' % e, flush=True)
        sys.exit(1)

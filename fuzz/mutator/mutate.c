#include <string.h>

#include "mutator/mutator.h"

#define SASL       " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define URN(name)  " xmlns='urn:ietf:params:xml:ns:xmpp-" name "'"
#define PIECE_MAX  2048
#define ACTION_MAX 64

/* What a peer says in one step or another; SCRAM in the right form, with a wrong proof. */
static const char *const from_servers[] = {
    "<stream:stream from='example.com' id='s1' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>",
    "<stream:features><starttls" URN("tls") "><required/></starttls></stream:features>",
    "<stream:features><mechanisms" URN(
        "sasl") "><mechanism>SCRAM-SHA-256</mechanism>"
                "<mechanism>PLAIN</mechanism></mechanisms></stream:features>",
    "<stream:features><mechanisms" URN(
        "sasl") "><mechanism>SCRAM-SHA-256-PLUS</mechanism>"
                "<mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>SCRAM-SHA-1</mechanism>"
                "</mechanisms></stream:features>",
    "<stream:features><mechanisms" URN("sasl") "><mechanism>SCRAM-SHA-512</mechanism>"
                                               "</mechanisms></stream:features>",
    "<stream:features><bind" URN("bind") "/><session" URN("session") "/></stream:features>",
    "<stream:features/>",
    "<proceed" URN("tls") "/>",
    "<failure" URN("tls") "/>",
    "<challenge" SASL ">cj14LHM9YWJjZCxpPTQwOTY=</challenge>",
    "<success" SASL "/>",
    "<success" SASL ">dj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBPQ==</success>",
    "<success" SASL ">dj1hYmNk</success>",
    "<failure" SASL "><not-authorized/></failure>",
    "<iq type='result' id='AAECAwQFBgcI-1'><bind" URN("bind") "><jid>mbed@example.com/r</jid>"
                                                              "</bind></iq>",
    "<iq type='result' id='AAECAwQFBgcI-2'/>",
    "<iq from='romeo@example.net/r' type='result' id='AAECAwQFBgcI-1'>"
    "<bind" URN("bind") "><jid>romeo@example.net/r</jid></bind></iq>",
    "<iq type='error' id='AAECAwQFBgcI-1'><error type='cancel'><conflict" URN(
        "stanzas") "/>"
                   "</error></iq>",
    "<?xml version='1.0'?>",
    "</stream:stream>",
    "<message to='juliet@example.com'><body>x</body></message>",
    "<presence type='unavailable'/>",
    "<stream:error><host-unknown" URN("streams") "/></stream:error>",
    "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
    "<a b='&lt;'>&#65;<![CDATA[x]]></a>",
    "<a>&#4294967361;&#x100000041;</a>",
    "<a><b><c><d><e><f/></e></d></c></b></a>",
    " ",
};

static const char *const from_clients[] = {
    "<stream:stream to='example.com' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>",
    "<starttls" URN("tls") "/>",
    "<auth" SASL " mechanism='PLAIN'>AG1iZWQAbWlycm9yLTRiMWQtTWFya2Vy</auth>",
    "<auth" SASL " mechanism='SCRAM-SHA-256'>biwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>",
    "<auth" SASL " mechanism='SCRAM-SHA-256'>eSwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>",
    "<auth" SASL " mechanism='SCRAM-SHA-1'>biwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>",
    "<auth" SASL " mechanism='SCRAM-SHA-512'>biwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>",
    "<auth" SASL
    " mechanism='SCRAM-SHA-256-PLUS'>cD10bHMtdW5pcXVlLCxuPW1iZWQscj1jbGllbnRub25jZQ==</auth>",
    "<auth" SASL " mechanism='SCRAM-SHA-1-PLUS'>"
    "cD10bHMtc2VydmVyLWVuZC1wb2ludCwsbj1tYmVkLHI9Y2xpZW50bm9uY2U=</auth>",
    "<auth" SASL " mechanism='EXTERNAL'>=</auth>",
    "<response" SASL ">Yz1iaXdzLHI9eCxwPWFiY2Q=</response>",
    "<response" SASL ">Yz1iaXdzLHI9Y2xpZW50bm9uY2VBQUVDQXdRRkJnY0lDUW9MREEwT0R4QVIscD1BQUFBQUFBQU"
    "FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBPQ==</response>",
    "<abort" SASL "/>",
    "<iq type='set' id='b'><bind" URN("bind") "><resource>r</resource></bind></iq>",
    "<iq type='set' id='s'><session" URN("session") "/></iq>",
    "<?xml version='1.0'?>",
    "</stream:stream>",
    "<message to='juliet@example.com'><body>x</body></message>",
    "<presence type='unavailable'/>",
    "<stream:error><host-unknown" URN("streams") "/></stream:error>",
    "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
    "<a b='&lt;'>&#65;<![CDATA[x]]></a>",
    "<a>&#4294967361;&#x100000041;</a>",
    "<a><b><c><d><e><f/></e></d></c></b></a>",
    " ",
};

/* What can happen besides (common/step.h), in a step and on a wire. Deadlines and the end come more
   often. */
static const uint8_t in_a_step[] = {0,  0,  1,  2,  2,  3,  4,  5,  6,  6,  7,  8,  9,  10, 11,
                                    11, 12, 12, 14, 14, 14, 17, 17, 18, 19, 20, 20, 22, 23, 255};
static const uint8_t on_a_wire[] = {0,  0,  1,  2,  2,  3,  4,  5,  5,  8,  9,  10, 11, 11, 12,
                                    12, 13, 14, 14, 17, 17, 18, 19, 20, 20, 22, 23, 24, 24, 255};

/* Those whose inputs are edits, as targets/ has them. */
static bool init_edits(fuzz_mutator *m, const char *target)
{
    m->edit = 3;
    m->head = 2;
    m->most = 0;
    m->counts_at = 0;
    m->records = strcmp(target, "tls_records") == 0;
    if (strcmp(target, "duplex") == 0) {
        m->edit = 4;
        m->most = 2 + 4 * 32;
    } else if (strcmp(target, "tls_chain") == 0) {
        m->head = 7;
        m->counts_at = 6;
    } else if (!m->records) {
        m->edit = 0;
    }
    return m->edit > 0;
}

bool fuzz_mutator_init(fuzz_mutator *m, const char *target, uint32_t seed,
                       fuzz_bytes_mutator *bytes)
{
    bool is_step = strncmp(target, "client_", 7) == 0 || strncmp(target, "server_", 7) == 0;

    m->random = seed * 2654435761u | 1u;
    m->bytes = bytes;
    m->actions = is_step;
    m->server = strncmp(target, "server_", 7) == 0;
    m->wire = is_step && strstr(target, "_whole") != NULL;
    m->der = strcmp(target, "certificate") == 0;
    if (init_edits(m, target)) {
        return true;
    }
    m->head = !is_step ? 2 : m->wire ? 3 : 4;
    if (m->der || strcmp(target, "element") == 0 || strcmp(target, "xml_vs_expat") == 0) {
        m->head = 1;
    }
    return is_step || m->der || strncmp(target, "xml", 3) == 0 || strcmp(target, "element") == 0;
}

uint32_t fuzz_mutator_random(fuzz_mutator *m, size_t limit)
{
    m->random ^= m->random << 13; /* Xorshift (Marsaglia) */
    m->random ^= m->random >> 17;
    m->random ^= m->random << 5;
    return (uint32_t)((m->random >> 3) % limit);
}

size_t fuzz_replace(uint8_t *data, size_t size, size_t max, size_t from, size_t to,
                    const void *bytes, size_t len)
{
    if (size - (to - from) + len > max) {
        return size;
    }
    memmove(data + from + len, data + to, size - to);
    if (len > 0) {
        memcpy(data + from, bytes, len);
    }
    return size - (to - from) + len;
}

/* One of the kinds of the set; NULL: there is none. */
static const fuzz_span *pick(fuzz_mutator *m, const fuzz_span *spans, size_t count, unsigned kinds)
{
    size_t fit = 0;
    size_t which;

    for (size_t i = 0; i < count; i++) {
        fit += kinds >> spans[i].kind & 1u;
    }
    if (fit == 0) {
        return NULL;
    }
    which = fuzz_mutator_random(m, fit);
    for (size_t i = 0;; i++) {
        if ((kinds >> spans[i].kind & 1u) != 0 && which-- == 0) {
            return &spans[i];
        }
    }
}

#define SET(kind) (1u << (kind))
#define WHOLE     (SET(FUZZ_ELEMENT) | SET(FUZZ_TAG) | SET(FUZZ_ACTION))
#define WORDS     (SET(FUZZ_TEXT) | SET(FUZZ_VALUE))

/* Where one of them begins or ends. */
static size_t place(fuzz_mutator *m, const fuzz_span *spans, size_t count, size_t size)
{
    const fuzz_span *span = pick(m, spans, count, WHOLE | SET(FUZZ_TEXT));

    if (span == NULL) {
        return size;
    }
    return fuzz_mutator_random(m, 2) == 0 ? span->from : span->to;
}

/* There, or behind the action that it is inside of. */
static size_t outside(size_t at, const fuzz_span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (spans[i].kind == FUZZ_ACTION && spans[i].from < at && at < spans[i].to) {
            return spans[i].to;
        }
    }
    return at;
}

static size_t put_element(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, size_t at,
                          size_t to)
{
    const char *const *texts = m->server ? from_clients : from_servers;
    size_t count = m->server ? sizeof from_clients / sizeof *texts
                             : sizeof from_servers / sizeof *texts;
    const char *text = texts[fuzz_mutator_random(m, count)];

    return fuzz_replace(data, size, max, at, to, text, strlen(text));
}

/* An action that a number follows, the high byte first; its length. */
static size_t numbered(uint8_t bytes[ACTION_MAX], uint8_t action, size_t number)
{
    bytes[1] = action;
    bytes[2] = (uint8_t)(number >> 8);
    bytes[3] = (uint8_t)number;
    return 4;
}

/* And that as many bytes of text follow then. */
static size_t with_text(uint8_t bytes[ACTION_MAX], uint8_t action, const char *text)
{
    size_t len = strlen(text);

    memcpy(bytes + 4, text, len);
    return numbered(bytes, action, len) + len;
}

/* SCRAM's message that is due: of a server with a count around what a policy allows, of a client
   with an authzid. Its length. */
static size_t at_an_edge(fuzz_mutator *m, uint8_t bytes[ACTION_MAX])
{
    static const uint16_t counts[] = {1, 16, 256, 1024, 4000, 4095, 4096, 4097, 8192, 65535};
    uint16_t number = counts[fuzz_mutator_random(m, sizeof counts / sizeof *counts)];

    return m->server ? with_text(bytes, 21, fuzz_account(m)) : numbered(bytes, 20, number);
}

static size_t put_action(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, size_t from,
                         size_t to)
{
    uint8_t bytes[ACTION_MAX] = {0xFF, 0, 0, 0};
    size_t len = 2;

    if (!m->actions) {
        return size;
    }
    bytes[1] = m->wire ? on_a_wire[fuzz_mutator_random(m, sizeof on_a_wire)]
                       : in_a_step[fuzz_mutator_random(m, sizeof in_a_step)];
    if ((bytes[1] == 11 || bytes[1] == 12) && fuzz_mutator_random(m, 2) == 0) {
        bytes[1] = bytes[1] == 11 ? 15 : 16; /* with one byte wrong */
        bytes[2] = (uint8_t)fuzz_mutator_random(m, 100);
        bytes[3] = (uint8_t)(1 + fuzz_mutator_random(m, 255));
        len = 4;
    } else if (bytes[1] == 18) {
        len = with_text(bytes, 18, fuzz_address(m));
    } else if (bytes[1] == 20) {
        len = at_an_edge(m, bytes);
    }
    return fuzz_replace(data, size, max, from, to, bytes, len);
}

/* A right message becomes one with a byte changed before it is signed, or one at an edge. */
static size_t change(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, const fuzz_span *span)
{
    uint8_t bytes[ACTION_MAX] = {0xFF, 15, 0, 0};

    if (span->to - span->from < 2 || (data[span->from + 1] != 11 && data[span->from + 1] != 12)) {
        return size;
    }
    if (data[span->from + 1] == (m->server ? 12 : 11) && fuzz_mutator_random(m, 3) == 0) {
        size_t len = at_an_edge(m, bytes);

        return fuzz_replace(data, size, max, span->from, span->to, bytes, len);
    }
    bytes[1] = data[span->from + 1] == 12 || fuzz_mutator_random(m, 3) == 0 ? 16 : 15;
    bytes[2] = (uint8_t)fuzz_mutator_random(m, 64);
    bytes[3] = (uint8_t)(1u << fuzz_mutator_random(m, 6));
    return fuzz_replace(data, size, max, span->from, span->to, bytes, 4);
}

/* The messages of SCRAM with their right proofs. */
static size_t prove(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, const fuzz_span *spans,
                    size_t count)
{
    static const char *const names[] = {"<challenge", "<response", "<success", "<auth"};
    uint8_t right[2] = {0xFF, 11};

    for (size_t i = 0; m->actions && i < count; i++) {
        for (size_t j = 0; j < 4; j++) {
            size_t len = strlen(names[j]);

            if (spans[i].kind == FUZZ_ELEMENT && spans[i].to - spans[i].from > len &&
                memcmp(data + spans[i].from, names[j], len) == 0 && fuzz_mutator_random(m, 2)) {
                right[1] = j < 2 ? 11 : 12;
                return fuzz_replace(data, size, max, spans[i].from, spans[i].to, right, 2);
            }
        }
    }
    for (size_t i = count; m->actions && i-- > 0;) {
        if (spans[i].kind == FUZZ_ACTION && fuzz_mutator_random(m, 2) == 0) {
            return change(m, data, size, max, &spans[i]);
        }
    }
    return put_action(m, data, size, max, size, size);
}

/* One of the right messages becomes wrong, and nothing else does. */
static size_t spoil(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, const fuzz_span *spans,
                    size_t count)
{
    const fuzz_span *chosen = NULL;
    size_t right = 0;

    for (size_t i = 0; i < count; i++) {
        bool is_due = spans[i].kind == FUZZ_ACTION && spans[i].to - spans[i].from == 2 &&
                      (data[spans[i].from + 1] == 11 || data[spans[i].from + 1] == 12);

        if (is_due && fuzz_mutator_random(m, ++right) == 0) {
            chosen = &spans[i];
        }
    }
    return chosen != NULL ? change(m, data, size, max, chosen)
                          : prove(m, data, size, max, spans, count);
}

/* A copy of one to where another stands, or both changed about. */
static size_t move(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, const fuzz_span *spans,
                   size_t count)
{
    static uint8_t piece[PIECE_MAX];
    const fuzz_span *a = pick(m, spans, count, WHOLE);
    const fuzz_span *b = pick(m, spans, count, WHOLE);
    size_t len = a != NULL ? a->to - a->from : 0;
    size_t at;

    if (a == NULL || len > PIECE_MAX) {
        return size;
    }
    memcpy(piece, data + a->from, len);
    if (a->to <= b->from && fuzz_mutator_random(m, 2) == 0) {
        size_t other = b->to - b->from;

        memmove(data + a->from, data + a->to, b->to - a->to);
        memcpy(data + b->to - len, piece, len);
        /* a is behind b now; b goes to the front. */
        if (other <= PIECE_MAX) {
            memcpy(piece, data + b->from - len, other);
            memmove(data + a->from + other, data + a->from, b->from - a->from - len);
            memcpy(data + a->from, piece, other);
        }
        return size;
    }
    at = fuzz_mutator_random(m, 2) == 0 ? b->from : b->to;
    return fuzz_replace(data, size, max, at, at, piece, len);
}

static size_t around(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, const fuzz_span *span)
{
    static const char *const pairs[][2] = {{"<a>", "</a>"},
                                           {"<a xmlns='u'>", "</a>"},
                                           {"<x:a xmlns:x='u'>", "</x:a>"},
                                           {"<![CDATA[", "]]>"}};
    const char *const *pair = pairs[fuzz_mutator_random(m, span->kind == FUZZ_TEXT ? 4 : 3)];
    size_t now = fuzz_replace(data, size, max, span->to, span->to, pair[1], strlen(pair[1]));

    return now == size
               ? size
               : fuzz_replace(data, now, max, span->from, span->from, pair[0], strlen(pair[0]));
}

static size_t on_attribute(fuzz_mutator *m, uint8_t *data, size_t size, size_t max,
                           const fuzz_span *span)
{
    static const char *const more[] = {" xmlns:z='u'",
                                       " z='1'",
                                       " xml:lang='en'",
                                       " xmlns='u'",
                                       " from='example.com'",
                                       " from='romeo@example.net/r'",
                                       " to='x'",
                                       " type='set'"};
    const char *text = more[fuzz_mutator_random(m, sizeof more / sizeof *more)];

    switch (fuzz_mutator_random(m, 3)) {
    case 0:
        return fuzz_replace(data, size, max, span->from, span->to, "", 0);
    default:
        return fuzz_replace(data, size, max, span->to, span->to, text, strlen(text));
    }
}

static size_t settings(fuzz_mutator *m, uint8_t *data, size_t size)
{
    size_t which = fuzz_mutator_random(m, m->head < size ? m->head : size);

    data[which] ^= (uint8_t)(1u << fuzz_mutator_random(m, 8));
    return size;
}

static size_t once(fuzz_mutator *m, uint8_t *data, size_t size, size_t max)
{
    static fuzz_span spans[FUZZ_SPANS];
    size_t count = fuzz_scan(data, size, m->head, m->actions, spans);
    const fuzz_span *span = NULL;
    size_t at;

    switch (fuzz_mutator_random(m, 19)) {
    case 0:
    case 1:
        return move(m, data, size, max, spans, count);
    case 2:
    case 3:
        at = place(m, spans, count, size);
        return put_element(m, data, size, max, at, at);
    case 4: /* anywhere, inside a tag too */
        at = outside(m->head + fuzz_mutator_random(m, size - m->head + 1), spans, count);
        return put_action(m, data, size, max, at, at);
    case 5:
        at = place(m, spans, count, size);
        return put_action(m, data, size, max, at, at);
    case 6:
        span = pick(m, spans, count, WHOLE);
        return span == NULL ? size : fuzz_replace(data, size, max, span->from, span->to, "", 0);
    case 7:
        return prove(m, data, size, max, spans, count);
    case 8:
        span = pick(m, spans, count, SET(FUZZ_ELEMENT) | SET(FUZZ_TEXT));
        return span == NULL ? size : around(m, data, size, max, span);
    case 9:
        span = pick(m, spans, count, SET(FUZZ_ATTRIBUTE));
        return span == NULL ? size : on_attribute(m, data, size, max, span);
    case 10:
        return settings(m, data, size);
    case 11: /* another in its place */
    case 12:
        span = pick(m, spans, count, fuzz_mutator_random(m, 2) == 0 ? WHOLE : SET(FUZZ_ACTION));
        return span == NULL ? size : put_element(m, data, size, max, span->from, span->to);
    case 13: /* any bytes */
        return m->bytes(data, size, max);
    case 18:
        return spoil(m, data, size, max, spans, count);
    default:
        span = pick(m, spans, count, WORDS);
        return span == NULL ? size : fuzz_mutate_text(m, data, size, max, span);
    }
}

/* DER: the bytes of a value become others, as many, so that the lengths around it stay right. A
   value is taken for one where a tag, a short length and room for it follow each other. */
static size_t mutate_der(fuzz_mutator *m, uint8_t *data, size_t size)
{
    static const char *const words[] = {"*.", "*", "xn--", ".", "_xmpp-client.", "\0", "\xC3\xA9"};
    const char *word = words[fuzz_mutator_random(m, sizeof words / sizeof *words)];
    size_t len = word[0] == '\0' ? 1 : strlen(word);
    size_t start = m->head + fuzz_mutator_random(m, size - m->head);

    for (size_t at = start; at + 2 < size; at++) {
        bool is_primitive = (data[at] & 0x20u) == 0 && (data[at] & 0x1Fu) != 0x1F && data[at] != 0;
        size_t value = data[at + 1];

        if (is_primitive && value >= len && value < 0x80 && value <= size - at - 2) {
            memcpy(data + at + 2, word, len);
            return size;
        }
    }
    return size;
}

size_t fuzz_mutate(fuzz_mutator *m, uint8_t *data, size_t size, size_t max)
{
    uint32_t times = 1 + fuzz_mutator_random(m, 3);

    if (size < m->head || (size == m->head && m->edit == 0) || fuzz_mutator_random(m, 10) == 0) {
        return m->bytes(data, size, max);
    }
    if (m->edit > 0) {
        return fuzz_mutate_edits(m, data, size, max);
    }
    if (m->der) {
        return fuzz_mutator_random(m, 3) == 0 ? mutate_der(m, data, size)
                                              : m->bytes(data, size, max);
    }
    while (times-- > 0 && size > m->head) {
        size = once(m, data, size, max);
    }
    return size;
}

size_t fuzz_cross(fuzz_mutator *m, const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                  uint8_t *out, size_t max)
{
    static fuzz_span spans[FUZZ_SPANS];
    const fuzz_span *span;
    size_t count;
    size_t size = a_size < max ? a_size : max;
    size_t at;

    if (m->edit > 0) {
        return fuzz_cross_edits(m, a, a_size, b, b_size, out, max);
    }
    memcpy(out, a, size);
    count = fuzz_scan(a, size, m->head, m->actions, spans);
    at = place(m, spans, count, size);
    count = fuzz_scan(b, b_size, m->head, m->actions, spans);
    span = pick(m, spans, count, WHOLE | SET(FUZZ_TEXT));
    return span == NULL
               ? size
               : fuzz_replace(out, size, max, at, at, b + span->from, span->to - span->from);
}

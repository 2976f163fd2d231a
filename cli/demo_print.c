/* A tokenizer for each direction finds where first-level elements end; what is
   printed are the bytes themselves, laid out in lines. */
#include "demo_print.h"

#include "text.h"

#include <string.h>

#define NS_SASL   "urn:ietf:params:xml:ns:xmpp-sasl"
#define INDENT    6
#define STATE_END 46 /* column where the remarks begin */

/* What stands beside an element. First match; NULL: anything. */
typedef struct annotation {
    bool to_server;
    unsigned step;
    const char *name;
    const char *child; /* first child's name */
    const char *type;
    const char *text;
    const char *clause;
} annotation;

static const annotation annotations[] = {
    {false, 1, "features", "starttls", NULL, "STARTTLS is required first", "RFC 6120 5.4.1"},
    {true, 2, "starttls", NULL, NULL, "asks to encrypt", "RFC 6120 5.4.2.1"},
    {false, 2, "proceed", NULL, NULL, "go ahead: the next byte is TLS", "RFC 6120 5.4.2.3"},
    {false, 2, "features", "mechanisms", NULL, "ways to authenticate", "RFC 6120 6.4.1"},
    {true, 2, "auth", NULL, NULL, "client-first: name, nonce", "RFC 6120 6.4.2"},
    {false, 2, "challenge", NULL, NULL, "server-first: nonce, salt, count", "RFC 6120 6.4.3"},
    {true, 2, "response", NULL, NULL, "client-final: proof, not password", "RFC 6120 6.4.3"},
    {false, 2, "success", NULL, NULL, "server-final: the server's proof", "RFC 6120 6.4.6"},
    {false, 3, "features", "bind", NULL, "a resource must be bound", "RFC 6120 7.4"},
    {true, 3, "iq", "bind", NULL, "asks for a resource", "RFC 6120 7.7.1"},
    {false, 3, "iq", "bind", NULL, "the full JID of this session", "RFC 6120 7.7.1"},
    {true, 4, "iq", "session", NULL, "the old session: it was offered", "RFC 3921 3"},
    {true, 5, "iq", "query", NULL, "asks for the roster", "RFC 6121 2.1.3"},
    {false, 5, "iq", "query", "result", "who is in it", "RFC 6121 2.1.4"},
    {false, 4, "iq", NULL, "result", "the session is established", "RFC 3921 3"},
    {true, 5, "presence", NULL, NULL, "is available", "RFC 6121 4.2.1"},
    {false, 6, "presence", NULL, "unavailable", "sees that the contact has gone", "RFC 6121 4.5.3"},
    {false, 5, "presence", NULL, NULL, "sees who is available", "RFC 6121 4.2.3"},
    {true, 5, "message", NULL, NULL, "says something", "RFC 6121 5.2"},
    {false, 5, "message", NULL, NULL, "hears it", "RFC 6121 5.2"},
};

/* By the number of the header, client's and server's. */
static const annotation openings[] = {
    {true, 1, "stream", NULL, NULL, "opens the stream", "RFC 6120 4.2"},
    {false, 1, "stream", NULL, NULL, "answers, with an id", "RFC 6120 4.2"},
    {true, 2, "stream", NULL, NULL, "anew: what was clear is forgotten", "RFC 6120 5.4.3.3"},
    {false, 2, "stream", NULL, NULL, "a new stream, a new id", "RFC 6120 5.4.3.3"},
    {true, 3, "stream", NULL, NULL, "anew, authenticated", "RFC 6120 6.4.6"},
    {false, 3, "stream", NULL, NULL, "a new stream, a new id", "RFC 6120 6.4.6"},
};

static const annotation closing = {true,          6, "stream", NULL, NULL, "closes the stream",
                                   "RFC 6120 4.4"};
static const annotation unknown = {true, 0, "", NULL, NULL, "", ""};

static const char *const titles[DEMO_STEPS] = {"Open the stream",  "Encrypt and authenticate",
                                               "Bind a resource",  "Establish the session",
                                               "Exchange stanzas", "Close the stream"};

bool demo_direction_init(demo_direction *d, void *memory)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    d->memory = memory;
    d->held_len = 0;
    d->headers = 0;
    return parley_xml_init(&d->xml, sizeof(d->xml), &limits, memory, DEMO_MEMORY) == PARLEY_OK;
}

static const char *paint(const demo_printer *p, const char *sequence)
{
    return p->colour ? sequence : "";
}

void demo_heading(demo_printer *p, unsigned step)
{
    if (step <= p->step || step > DEMO_STEPS) {
        return;
    }
    p->step = step;
    fprintf(p->out, "\n%s%u  %s%s\n\n", paint(p, "\033[1m"), step, titles[step - 1],
            paint(p, "\033[0m"));
}

void demo_remark(demo_printer *p, const char *text, const char *clause)
{
    fprintf(p->out, "  %s** %s%*s%s\n", paint(p, "\033[33m"), text,
            DEMO_WIDTH - 5 - (int)strlen(text), clause, paint(p, "\033[0m"));
}

static bool same(const char *wanted, parley_string text)
{
    return wanted == NULL || parley_string_equal(parley_string_of(wanted), text);
}

static const annotation *find(bool to_server, parley_element e)
{
    parley_element child;
    parley_string child_name = {NULL, 0};
    if (parley_element_child(e, &child)) {
        child_name = parley_element_name(child);
    }
    for (size_t i = 0; i < sizeof(annotations) / sizeof(annotations[0]); i++) {
        const annotation *a = &annotations[i];
        if (a->to_server == to_server && same(a->name, parley_element_name(e)) &&
            same(a->child, child_name) && same(a->type, parley_element_attribute(e, "type"))) {
            return a;
        }
    }
    return &unknown;
}

/* One piece of the layout: a tag, or a leaf element as a whole. */
typedef struct unit {
    const char *at;
    size_t len;
    int change; /* of the depth behind it */
    bool closes;
} unit;

/* The end of the tag that begins at `at`; quotes may hold anything. */
static size_t tag_length(const char *at, size_t len)
{
    char quote = 0;
    for (size_t i = 0; i < len; i++) {
        if (quote) {
            quote = at[i] == quote ? 0 : quote;
        } else if (at[i] == '\'' || at[i] == '"') {
            quote = at[i];
        } else if (at[i] == '>') {
            return i + 1;
        }
    }
    return len;
}

static size_t text_length(const char *at, size_t len)
{
    const char *tag = memchr(at, '<', len);
    return tag ? (size_t)(tag - at) : len;
}

static unit next_unit(const char *at, size_t len)
{
    unit u = {at, 0, 0, false};
    size_t inner;
    if (at[0] != '<') {
        u.len = text_length(at, len);
        return u;
    }
    u.len = tag_length(at, len);
    if (len > 1 && at[1] == '/') {
        u.change = -1;
        u.closes = true;
        return u;
    }
    if (at[1] == '?' || (u.len > 1 && at[u.len - 2] == '/')) {
        return u;
    }
    u.change = 1;
    inner = text_length(at + u.len, len - u.len);
    if (u.len + inner + 1 < len && at[u.len + inner + 1] == '/') {
        u.len += inner + tag_length(at + u.len + inner, len - u.len - inner);
        u.change = 0; /* <name>text</name> */
    }
    return u;
}

static void print_text(const demo_printer *p, const char *at, size_t len)
{
    text_print(p->out, TEXT_LINE, (parley_string){at, len});
    fputc('\n', p->out);
}

/* A unit in lines of the width, broken where a tag has blanks. */
static void print_unit(const demo_printer *p, const char *at, size_t len, int indent)
{
    while (len > 0) {
        size_t room = (size_t)(DEMO_WIDTH - indent);
        size_t piece = len;
        if (len > room) {
            piece = room;
            while (piece > 1 && at[piece] != ' ') {
                piece--;
            }
            if (piece == 1) {
                piece = room;
            }
        }
        fprintf(p->out, "%*s", indent, "");
        print_text(p, at, piece);
        at += piece;
        len -= piece;
        if (len > 0 && at[0] == ' ') {
            at++;
            len--;
            indent = indent < INDENT + 8 ? INDENT + 8 : indent;
        }
    }
}

static void print_xml(const demo_printer *p, const char *text, size_t len)
{
    int indent = INDENT;
    if (len <= DEMO_WIDTH - INDENT) {
        print_unit(p, text, len, INDENT);
        return;
    }
    while (len > 0) {
        unit u = next_unit(text, len);
        if (u.closes && indent > INDENT) {
            indent -= 2;
        }
        print_unit(p, u.at, u.len, indent);
        if (u.change > 0) {
            indent += 2;
        }
        text += u.len;
        len -= u.len;
    }
}

/* The content of a SASL element is not for the eyes. */
static void hide(demo_direction *d)
{
    static const char hidden[] = "(hidden)";
    size_t open = tag_length(d->held, d->held_len);
    size_t inner = text_length(d->held + open, d->held_len - open);
    size_t rest = d->held_len - open - inner;
    if (inner < sizeof(hidden) - 1) {
        return; /* nothing in it */
    }
    memmove(d->held + open + sizeof(hidden) - 1, d->held + open + inner, rest);
    memcpy(d->held + open, hidden, sizeof(hidden) - 1);
    d->held_len = open + sizeof(hidden) - 1 + rest;
}

static void print_line(demo_printer *p, demo_direction *d, const annotation *a, const char *who,
                       bool to_server, const char *state)
{
    int used;
    demo_heading(p, a->step);
    used = fprintf(p->out, "  %s%-6s %s server%s  ", paint(p, to_server ? "\033[36m" : "\033[32m"),
                   who, to_server ? "-->" : "<--", paint(p, "\033[0m"));
    if (p->colour) {
        used -= 9; /* the two sequences */
    }
    used += fprintf(p->out, "[%s]", state);
    used += fprintf(p->out, "%*s", used < STATE_END ? STATE_END - used : 1, "");
    used += fprintf(p->out, "%s%s", paint(p, "\033[2m"), a->text);
    if (p->colour) {
        used -= 4;
    }
    fprintf(p->out, "%*s%s\n", DEMO_WIDTH - used, a->clause, paint(p, "\033[0m"));
    print_xml(p, d->held, d->held_len);
}

/* `e` NULL: a header or the close tag, as `a` says. */
static void end_element(demo_printer *p, demo_direction *d, const annotation *a,
                        const parley_element *e, const char *who, bool to_server, const char *state,
                        bool quiet)
{
    if (e && parley_string_equal(parley_element_namespace(*e), parley_string_of(NS_SASL))) {
        hide(d);
    }
    if (!quiet) {
        print_line(p, d, a, who, to_server, state);
    }
    d->held_len = 0;
}

static bool begins_stream(parley_string piece)
{
    return (piece.len >= 5 && memcmp(piece.data, "<?xml", 5) == 0) ||
           (piece.len >= 14 && memcmp(piece.data, "<stream:stream", 14) == 0);
}

void demo_piece(demo_printer *p, demo_direction *d, const char *who, bool to_server,
                const char *state, bool quiet, parley_string piece)
{
    parley_xml_token token;
    do {
        size_t taken;
        if (d->held_len == 0 && begins_stream(piece)) {
            parley_xml_restart(&d->xml);
            parley_xml_set_tree(&d->xml, 1);
        }
        taken = parley_xml_push(&d->xml, piece.data, piece.len, &token);
        if (token == PARLEY_XML_ERROR || token == PARLEY_XML_LARGE ||
            taken > sizeof(d->held) - d->held_len) {
            p->broken = true;
            return;
        }
        if (taken > 0) {
            memcpy(d->held + d->held_len, piece.data, taken);
        }
        d->held_len += taken;
        piece.data += taken;
        piece.len -= taken;
        if (token == PARLEY_XML_START) {
            size_t which = d->headers < 3 ? d->headers++ : 2;
            end_element(p, d, &openings[2 * which + (to_server ? 0 : 1)], NULL, who, to_server,
                        state, quiet);
        } else if (token == PARLEY_XML_ELEMENT) {
            parley_element e = parley_xml_element(&d->xml);
            end_element(p, d, find(to_server, e), &e, who, to_server, state, quiet);
        } else if (token == PARLEY_XML_END) {
            end_element(p, d, &closing, NULL, who, to_server, state, quiet);
        } else if (token == PARLEY_XML_TEXT) {
            d->held_len = 0;
        }
    } while (token != PARLEY_XML_MORE);
}

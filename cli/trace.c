/* Each direction runs through a tokenizer of its own, which finds where the
   first-level elements end and which of them carry secrets. What is printed are
   the bytes themselves. */
#include "trace.h"

#include "entropy.h"
#include "text.h"

#include <parley/xml.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMESPACE_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NAMESPACE_TLS  "urn:ietf:params:xml:ns:xmpp-tls"

/* Open start tags of one direction; more than an element may have. */
#define MEMORY ((size_t)1 << 18)

typedef struct direction {
    const char *label;
    const char *colour;
    parley_xml xml;
    void *memory;
    char *held; /* bytes of the line that is not complete yet */
    size_t held_len;
    size_t held_size;
    unsigned depth;
    bool secret; /* the first-level element's content is to be hidden */
    bool failed; /* not well-formed: no more lines of this stream */
} direction;

struct trace {
    FILE *out;
    bool colour;
    char prefix[32];
    direction sent;
    direction received;
};

static bool open_direction(direction *d, const char *label, const char *colour)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;

    d->label = label;
    d->colour = colour;
    d->memory = malloc(MEMORY);
    limits.element = 0;
    limits.elements = 0;
    limits.depth = 1024;
    limits.attributes = 1024;
    limits.name = 4096;
    return d->memory != NULL &&
           parley_xml_init(&d->xml, sizeof d->xml, &limits, d->memory, MEMORY) == PARLEY_OK;
}

trace *trace_new(FILE *out, trace_role role, bool colour)
{
    trace *t = calloc(1, sizeof *t);
    bool client = role == TRACE_CLIENT;

    if (t == NULL) {
        return NULL;
    }
    t->out = out;
    t->colour = colour;
    if (!open_direction(&t->sent, client ? "C: " : "S: ", client ? "\033[36m" : "\033[32m") ||
        !open_direction(&t->received, client ? "S: " : "C: ", client ? "\033[32m" : "\033[36m")) {
        trace_free(t);
        return NULL;
    }
    return t;
}

bool trace_wants_colour(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return isatty(fileno(out)) && (no_colour == NULL || *no_colour == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

void trace_prefix(trace *t, const char *prefix)
{
    snprintf(t->prefix, sizeof t->prefix, "%s", prefix);
}

static const char *paint(const trace *t, const char *sequence)
{
    return t->colour ? sequence : "";
}

static void hold(direction *d, const char *data, size_t len)
{
    if (len == 0) {
        return; /* there may be no memory yet */
    }
    if (d->held_size - d->held_len < len) {
        size_t size = (d->held_len + len) * 2;
        char *held = realloc(d->held, size);

        if (held == NULL) {
            return; /* the line lacks a piece; the session itself is not touched */
        }
        d->held = held;
        d->held_size = size;
    }
    memcpy(d->held + d->held_len, data, len);
    d->held_len += len;
}

static void begin_line(const trace *t, const direction *d, const char *state)
{
    fprintf(t->out, "%s%s%s%s%s[%s]%s ", t->prefix, paint(t, d->colour), d->label,
            paint(t, "\033[0m"), paint(t, "\033[2m"), state, paint(t, "\033[0m"));
}

static void print(const trace *t, const char *data, size_t len)
{
    text_print(t->out, TEXT_LINE, (parley_string){data, len});
}

static void print_hidden(const trace *t, size_t len)
{
    fprintf(t->out, "%s(%zu %s hidden)%s", paint(t, "\033[33m"), len, len == 1 ? "byte" : "bytes",
            paint(t, "\033[0m"));
}

/* Bytes of the start tag, up to its '>'; quoted values may hold one. All of it
   if there is none. */
static size_t start_tag(const char *data, size_t len)
{
    char quote = 0;

    for (size_t i = 0; i < len; i++) {
        if (quote != 0) {
            quote = data[i] == quote ? (char)0 : quote;
        } else if (data[i] == '\'' || data[i] == '"') {
            quote = data[i];
        } else if (data[i] == '>') {
            return i + 1;
        }
    }
    return len;
}

/* Where the end tag begins: at the last '<'. */
static size_t end_tag(const char *data, size_t from, size_t len)
{
    for (size_t i = len; i > from; i--) {
        if (data[i - 1] == '<') {
            return i - 1;
        }
    }
    return len;
}

static void print_secret(const trace *t, const direction *d, bool whole)
{
    size_t open = start_tag(d->held, d->held_len);
    size_t close = whole ? end_tag(d->held, open, d->held_len) : d->held_len;

    print(t, d->held, open);
    if (close > open) {
        print_hidden(t, close - open);
    }
    print(t, d->held + close, d->held_len - close);
}

/* The bytes may have been a password's. */
static void forget(direction *d)
{
    entropy_wipe(d->held, d->held_len);
    d->held_len = 0;
    d->secret = false;
}

static void print_line(const trace *t, direction *d, const char *state, bool whole,
                       const char *remark)
{
    if (d->held_len == 0) {
        return;
    }
    begin_line(t, d, state);
    if (d->secret) {
        print_secret(t, d, whole);
    } else {
        print(t, d->held, d->held_len);
    }
    fprintf(t->out, "%s\n", remark);
    fflush(t->out);
    forget(d);
}

static void restart(direction *d)
{
    parley_xml_restart(&d->xml);
    forget(d);
    d->depth = 0;
    d->failed = false;
}

static bool is_secret(parley_element e)
{
    return parley_element_is(e, "auth", NAMESPACE_SASL) ||
           parley_element_is(e, "response", NAMESPACE_SASL) ||
           parley_element_is(e, "challenge", NAMESPACE_SASL) ||
           parley_element_is(e, "success", NAMESPACE_SASL);
}

/* After these both ends begin new streams (RFC 6120 sections 5.4.3.3, 6.4.6). */
static bool starts_anew(parley_element e)
{
    return parley_element_is(e, "success", NAMESPACE_SASL) ||
           parley_element_is(e, "proceed", NAMESPACE_TLS);
}

static void take(trace *t, direction *d, const char *state, parley_xml_token token)
{
    switch (token) {
    case PARLEY_XML_START:
        d->depth++;
        if (d->depth == 1) {
            print_line(t, d, state, true, "");
        } else if (d->depth == 2) {
            d->secret = is_secret(parley_xml_element(&d->xml));
        }
        break;
    case PARLEY_XML_END:
        d->depth--;
        if (d->depth <= 1) {
            print_line(t, d, state, true, "");
        }
        if (d->depth == 1 && starts_anew(parley_xml_element(&d->xml))) {
            restart(&t->sent);
            restart(&t->received);
        }
        break;
    case PARLEY_XML_LARGE:
    case PARLEY_XML_ERROR:
        print_line(t, d, state, false, " (not well-formed from here on)");
        d->failed = true;
        break;
    default:
        break;
    }
}

static bool only_space(const direction *d)
{
    for (size_t i = 0; i < d->held_len; i++) {
        if (strchr(" \t\r\n", d->held[i]) == NULL) {
            return false;
        }
    }
    return d->held_len > 0;
}

void trace_bytes(trace *t, bool sent, const char *state, const void *data, size_t len)
{
    direction *d = sent ? &t->sent : &t->received;
    const char *bytes = data;
    parley_xml_token token = PARLEY_XML_MORE;

    while (!d->failed) {
        size_t taken = parley_xml_push(&d->xml, bytes, len, &token);

        hold(d, bytes, taken);
        bytes += taken;
        len -= taken;
        if (token == PARLEY_XML_MORE) {
            break;
        }
        take(t, d, state, token);
    }
    if (d->failed && len > 0) {
        begin_line(t, d, state);
        fprintf(t->out, "(%zu more bytes)\n", len);
    } else if (d->depth == 1 && only_space(d)) {
        begin_line(t, d, state);
        fprintf(t->out, "(white space)\n");
        d->held_len = 0;
    }
    fflush(t->out);
}

void trace_note(trace *t, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(t->out, "%s%s-- ", t->prefix, paint(t, "\033[2m"));
    print(t, line, strlen(line));
    fprintf(t->out, "%s\n", paint(t, "\033[0m"));
    fflush(t->out);
}

static void close_direction(direction *d)
{
    forget(d);
    free(d->held);
    free(d->memory);
}

void trace_free(trace *t)
{
    if (t == NULL) {
        return;
    }
    /* A session that was cut leaves a piece behind. */
    if (t->sent.memory != NULL && t->received.memory != NULL) {
        print_line(t, &t->sent, "cut", false, "");
        print_line(t, &t->received, "cut", false, "");
    }
    close_direction(&t->sent);
    close_direction(&t->received);
    free(t);
}

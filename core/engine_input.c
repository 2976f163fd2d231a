/* Input of a stream: tokens to first-level elements.

   The tree depth is one deeper than what is open, so that each first-level start
   tag is seen first: a stream within the stream is refused there. Otherwise the
   tree depth is put back to that element, and it arrives whole. In stepwise mode
   a stanza's start tag is announced before (ENGINE_OPEN), and the tree depth is
   put back only if the application does not descend. `descended` is the depth
   of the innermost element taken child by child, `announced` has the bit of d set when
   the children of the one at depth d are announced in turn.

   Text directly inside a descended element is left out: mixed content has no
   use in stanzas (RFC 6120 section 8). */
#include "engine.h"

#include "apart.h"
#include "xml_session.h"

static const parley_string no_string = {NULL, 0};

bool parley_engine_takes(const parley_stream *s, bool streaming)
{
    if (s->events != 0 || s->state_count != 0 || s->requests != 0 || s->working) {
        return false;
    }
    return streaming || s->out_start == s->out_end;
}

void parley_engine_announce(parley_stream *s, bool announce)
{
    uint8_t *byte = &s->announced[s->descended / 8];
    const unsigned bit = 1u << s->descended % 8;

    *byte = (uint8_t)(announce ? *byte | bit : *byte & ~bit);
}

/* The tree depth that the present level asks for. */
static uint16_t level_tree(const parley_stream *s)
{
    bool seen = s->descended == 0 || (s->announced[s->descended / 8] >> s->descended % 8 & 1) != 0;

    return (uint16_t)(s->descended + (seen ? 2u : 1u));
}

static engine_input illegal(parley_stream *s, parley_code code, parley_condition condition)
{
    parley_engine_blame(s, code, condition);
    s->broken = true;
    return ENGINE_ILLEGAL;
}

static engine_input illegal_text(parley_stream *s)
{
    parley_engine_blame(s, PARLEY_ERROR_STREAM_TEXT, PARLEY_BAD_FORMAT);
    return ENGINE_TEXT;
}

/* The first byte of a piece decides what it is, and white space before other text is
   a piece of its own, so that it does not matter how the input was cut. */
static engine_input on_text(parley_stream *s)
{
    parley_string text = parley_xml_text(&s->xml);
    size_t white = parley_xml_white_len(text.data, text.len);

    if (parley_xml_depth(&s->xml) != 1) {
        return ENGINE_MORE; /* inside a descended or skipped element */
    }
    /* What was a reference is one piece. */
    s->beyond = text.data != (const char *)s->xml.buffer ? text.len - 1 : 0;
    if (white == 0) {
        return illegal_text(s);
    }
    s->text_due = white < text.len;
    s->text_beyond = text.len - white - 1;
    return ENGINE_SPACE;
}

static engine_input on_start(parley_stream *s, bool stepwise)
{
    unsigned depth = parley_xml_depth(&s->xml);

    if (depth == 1) {
        return ENGINE_HEADER;
    }
    if (depth == 2 && parley_known(s->element) == KNOWN_STREAM) {
        return illegal(s, PARLEY_ERROR_STREAM_UNEXPECTED, PARLEY_UNSUPPORTED_STANZA_TYPE);
    }
    if (depth == 2 && !(stepwise && parley_engine_is_stanza(s))) {
        parley_xml_set_tree(&s->xml, 1);
        return ENGINE_MORE;
    }
    return ENGINE_OPEN;
}

static engine_input on_end(parley_stream *s)
{
    unsigned depth = parley_xml_depth(&s->xml); /* of the element that ended */

    if (s->skipping) {
        s->skipping = false;
        return ENGINE_LARGE;
    }
    if (depth == 0) {
        return ENGINE_CLOSE;
    }
    parley_engine_announce(s, false);
    s->descended = (uint16_t)(depth > 1 ? depth - 1 : 0);
    return ENGINE_END;
}

/* RFC 6120 8. */
static engine_input on_token(parley_stream *s, parley_xml_token token, bool stepwise, bool lenient)
{
    if (token != PARLEY_XML_MORE) {
        s->element = parley_xml_element(&s->xml); /* of other tokens nobody asks it */
    }
    switch (token) {
    case PARLEY_XML_START:
        return on_start(s, stepwise);
    case PARLEY_XML_TEXT:
        return on_text(s);
    case PARLEY_XML_END:
        return on_end(s);
    case PARLEY_XML_ELEMENT:
        return s->descended > 0 ? ENGINE_CHILD : ENGINE_ELEMENT;
    case PARLEY_XML_LARGE:
        s->skipping = lenient && parley_xml_skip(&s->xml) == PARLEY_OK;
        return ENGINE_MORE; /* not skipped: the next token is the error */
    case PARLEY_XML_ERROR:
        return illegal(s, parley_xml_error(&s->xml), parley_xml_condition(&s->xml));
    default:
        return ENGINE_MORE;
    }
}

/* Bytes that may still come before authentication (RFC 6120 13.12). */
static size_t early_room(const parley_stream *s, size_t len)
{
    uint32_t room;

    if (s->authenticated) {
        return len;
    }
    room = s->limits->total_early - s->early;
    return len > room ? room : len;
}

engine_input parley_engine_next(parley_stream *s, const void *data, size_t len, size_t *taken,
                                bool stepwise, bool lenient)
{
    const unsigned char *bytes = data != NULL ? data : (const unsigned char *)"";
    engine_input input = ENGINE_MORE;
    parley_xml_token token;

    if (s->broken) {
        return ENGINE_MORE;
    }
    if (s->text_due) {
        s->text_due = false;
        s->beyond = s->text_beyond;
        return illegal_text(s);
    }
    if (s->opened) { /* not descended into: it arrives whole after all */
        s->opened = false;
        parley_xml_set_tree(&s->xml, (uint16_t)(s->descended + 1u));
    } else if (!s->skipping) {
        unsigned open = parley_xml_depth(&s->xml);
        if (open == s->descended + 1u || open == 0) {
            parley_xml_set_tree(&s->xml, level_tree(s));
        }
    }
    do {
        size_t room = early_room(s, len - *taken);
        size_t n = parley_xml_push(&s->xml, bytes + *taken, room, &token);

        *taken += n;
        s->early += s->authenticated ? 0 : (uint32_t)n;
        if (token == PARLEY_XML_MORE && room < len - *taken + n) {
            return illegal(s, PARLEY_ERROR_XML_TOTAL, PARLEY_POLICY_VIOLATION);
        }
        input = on_token(s, token, stepwise, lenient);
    } while (input == ENGINE_MORE && token != PARLEY_XML_MORE);
    return input;
}

bool parley_engine_next_close(parley_stream *s, const void *data, size_t len, size_t taken)
{
    engine_input input;

    do {
        input = parley_engine_next(s, data, len, &taken, false, false);
    } while (input != ENGINE_MORE && input != ENGINE_CLOSE && input != ENGINE_ILLEGAL);
    return input == ENGINE_CLOSE;
}

parley_event_kind parley_engine_piece(engine_input input)
{
    switch (input) {
    case ENGINE_OPEN:
        return PARLEY_EVENT_OPEN;
    case ENGINE_CHILD:
        return PARLEY_EVENT_CHILD;
    case ENGINE_END:
        return PARLEY_EVENT_END;
    case ENGINE_LARGE:
        return PARLEY_EVENT_TOO_LARGE;
    default:
        return PARLEY_EVENT_STANZA;
    }
}

bool parley_engine_header_read(parley_stream *s)
{
    parley_xml_token token;

    s->element.xml = NULL;
    if (!parley_xml_park_root(&s->xml)) {
        (void)illegal(s, PARLEY_ERROR_XML_MEMORY, PARLEY_POLICY_VIOLATION);
        return false;
    }
    /* <stream:stream/>: the close came with the header. */
    (void)parley_xml_push(&s->xml, NULL, 0, &token);
    s->root_ended = token == PARLEY_XML_END;
    return true;
}

/* What elements say. */

/* RFC 6120 4.9.2, 8.3.2, 8.3.4. */
unsigned parley_engine_condition(parley_element e, known_space space, parley_element *condition,
                                 parley_string *text)
{
    parley_element child;
    parley_string name = no_string;
    bool more;

    condition->xml = NULL;
    *text = no_string;
    for (more = parley_element_child(e, &child); more; more = parley_element_next(&child)) {
        const parley_string child_name = parley_element_name(child);

        if (parley_space_of(child) != space) {
            continue;
        }
        if (!parley_string_is(child_name, "text")) {
            if (condition->xml == NULL) {
                *condition = child;
                name = child_name;
            }
        } else if (text->data == NULL) {
            (void)parley_element_text(child, text);
        }
    }
    return space == SPACE_SASL ? (unsigned)parley_sasl_condition_find(name)
                               : (unsigned)parley_condition_find(name);
}

void parley_engine_read_error(parley_stream *s)
{
    parley_element condition;
    const unsigned number = parley_engine_condition(s->element, SPACE_STREAMS, &condition,
                                                    &s->event_text);

    /* RFC 6120 4.9.2. */
    s->event_condition = number != 0 ? (parley_condition)number : PARLEY_UNDEFINED_CONDITION;
}

parley_string parley_engine_other_host(const parley_stream *s)
{
    parley_element named;
    parley_string text;
    parley_string address = {"", 0};

    (void)parley_engine_condition(s->element, SPACE_STREAMS, &named, &text);
    if (named.xml != NULL) {
        (void)parley_element_text(named, &address);
    }
    return address;
}

/* RFC 6120 6.3.10, 13.9.1. */
parley_result parley_engine_sasl_data(parley_stream *s, parley_string *data)
{
    parley_string text;
    parley_result result;
    unsigned char *bytes;

    *data = no_string;
    if (parley_element_text(s->element, &text) != PARLEY_OK) {
        return PARLEY_ILLEGAL;
    }
    if (text.len == 0) {
        return PARLEY_MORE;
    }
    bytes = s->work + (text.data - (const char *)s->work); /* the tree is our memory */
    data->data = (const char *)bytes;
    if (text.len == 1 && text.data[0] == '=') {
        return PARLEY_OK;
    }
    result = parley_base64_decode(text.data, text.len, bytes, text.len, &data->len);
    return result == PARLEY_OK ? PARLEY_OK : PARLEY_ILLEGAL;
}

bool parley_engine_is_header(parley_stream *s)
{
    const unsigned known = parley_known(s->element);
    const parley_string content = parley_xml_default_namespace(&s->xml);
    const known_space space = parley_known_space(content);

    parley_engine_blame(s, PARLEY_ERROR_STREAM_HEADER, PARLEY_INVALID_NAMESPACE);
    if (KNOWN_SPACE_OF(known) != SPACE_STREAM) {
        return false;
    }
    if (known != KNOWN_STREAM) {
        s->condition = PARLEY_BAD_FORMAT;
        return false;
    }
    return content.len == 0 || space == SPACE_CLIENT || space == SPACE_STREAM;
}

/* RFC 6120 4.7.5. */
int parley_engine_version(parley_string version)
{
    int major = -1;  /* -1: its point has not come */
    int number = -1; /* 0, 1, or 2 for any more; -1: no digit yet */
    size_t i;

    /*@ loop invariant i <= version.len && -1 <= number <= 2 && -1 <= major <= 2;
        loop assigns i, number, major;
        loop variant version.len - i; */
    for (i = 0; i < version.len; i++) {
        const int digit = version.data[i] - '0';

        if (digit >= 0 && digit <= 9) {
            number = number > 0 || digit > 1 ? 2 : digit;
        } else if (version.data[i] == '.' && major < 0 && number >= 0) {
            major = number;
            number = -1;
        } else {
            return -1;
        }
    }
    if (version.data == NULL) {
        return 0;
    }
    if (major < 0 || number < 0) {
        return -1;
    }
    return major;
}

static bool is_named_so(unsigned known)
{
    return KNOWN_NAME_OF(known) >= NAME_IQ && KNOWN_NAME_OF(known) <= NAME_PRESENCE;
}

PARLEY_APART bool parley_engine_is_stanza(const parley_stream *s)
{
    return parley_is_stanza(parley_known(s->element));
}

/* RFC 6120 4.8.3, 4.8.4. */
unsigned parley_engine_blame_element(parley_stream *s, bool ready)
{
    const unsigned known = parley_known(s->element);

    if (parley_is_stanza(known)) {
        parley_engine_blame(s, PARLEY_ERROR_STANZA_EARLY, PARLEY_NOT_AUTHORIZED);
    } else if (is_named_so(known)) {
        parley_engine_blame(s, PARLEY_ERROR_STANZA_TYPE, PARLEY_INVALID_NAMESPACE);
    } else if (ready) {
        parley_engine_blame(s, PARLEY_ERROR_STANZA_TYPE, PARLEY_UNSUPPORTED_STANZA_TYPE);
    } else {
        parley_engine_blame(s, PARLEY_ERROR_STREAM_UNEXPECTED, PARLEY_UNSUPPORTED_STANZA_TYPE);
    }
    return known;
}

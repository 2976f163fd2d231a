/* The call that runs the machine (core/xml.c describes the whole), and the limits that are looked
   at around it. */
#include "xml_internal.h"

/* A limit is reached and the element is not at its end, or the memory is short. */
static XML_ALWAYS bool is_over(const parley_xml *x)
{
    return parley_xml_is_short(x) || x->many ||
           (x->counting && x->limits.element != 0 &&
            (xml_count)(x->offset - x->counted_from) >= x->limits.element);
}

static parley_code over_code(const parley_xml *x)
{
    if (parley_xml_is_short(x)) {
        return PARLEY_ERROR_XML_MEMORY;
    }
    return x->many ? PARLEY_ERROR_XML_ELEMENTS : PARLEY_ERROR_XML_ELEMENT;
}

XML_SELDOM static void give_over(parley_xml *x)
{
    /* A start tag that would have given START can be left out too, the root's cannot. */
    if (x->mode == XML_SKIP ||
        (x->limited == XML_NOWHERE && (x->tag == XML_NOWHERE || x->depth == 0))) {
        parley_xml_fail(x, over_code(x));
        return;
    }
    x->large = true;
    if (x->limited == XML_NOWHERE) {
        x->limited = x->tag;
    }
    parley_xml_give(x, PARLEY_XML_LARGE, x->limited == x->tag ? XML_NOWHERE : x->limited);
}

/* The end of the bytes that can be looked at before the limit has to be looked at again: an
   element that begins among them, or whose '<' came right before, cannot exceed it there. */
static const unsigned char *within_limit(const parley_xml *x, const unsigned char *p,
                                         const unsigned char *end)
{
    xml_count left = x->limits.element;

    if (left == 0 || x->mode == XML_SKIP) {
        return end;
    }
    if (x->counting) {
        left -= (xml_count)(x->offset - x->counted_from);
    } else if (left > 1) {
        left--;
    }
    return (size_t)(end - p) > left ? p + left : end;
}

/* Runs the machine. x->stop is not set; `first` tells whether a limit may be reached already.
   Afterwards none is unless x->stop is set. */
static XML_ALWAYS const unsigned char *run(parley_xml *x, const unsigned char *p,
                                           const unsigned char *end, bool first)
{
    for (;; first = true) {
        const unsigned char *stopped;

        if (first && is_over(x)) {
            give_over(x);
            break;
        }
        if (p == end) {
            break;
        }
        if (x->utf8_left > 0 && *p < 0x80) {
            parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
            break;
        }
        x->chunk = p;
#ifndef XML_SMALL
        x->run = 0;
#endif
        stopped = parley_xml_machine(x, p, end - p == 1 ? end : within_limit(x, p, end));
        x->offset += (size_t)(stopped - p);
        p = stopped;
        if (x->stop) {
            if (x->token != PARLEY_XML_MORE || x->error != PARLEY_NO_ERROR) {
                break;
            }
            x->stop = false;
        }
    }
    x->chunk = NULL;
    return p;
}

/* After a token, or after another call. Whether bytes can be taken: there is
   neither an error nor a token that waits, and no limit is reached. */
static XML_ALWAYS bool begin_push(parley_xml *x)
{
    parley_xml_release(x);
    if (x->large) {
        x->large = false;
        parley_xml_fail(x, over_code(x));
    } else if (x->error != PARLEY_NO_ERROR) {
        x->stop = true;
    } else if (x->end_due) {
        x->end_due = false;
        parley_xml_close(x);
    }
    return !x->stop;
}

#ifndef XML_SMALL
/* A byte of 0x80 or over in a run. */
XML_SELDOM static bool high_goes_on(parley_xml *x, unsigned char byte)
{
    return x->run != XML_NAME && x->run != 0 && parley_xml_utf8_step(x, byte);
}

/* The kind of the run that goes on with the byte; 0: none does. */
static XML_ALWAYS unsigned goes_on(parley_xml *x, unsigned char byte)
{
    unsigned kind = x->run;

    if (byte >= 0x80) {
        return high_goes_on(x, byte) ? kind : 0;
    }
    if (x->utf8_left > 0 || (kind == XML_NAME && x->top - x->name >= x->limits.name)) {
        return 0;
    }
    return parley_xml_kinds[byte] & kind;
}

/* Whether a byte of the run is stored. */
static XML_ALWAYS bool is_kept(const parley_xml *x, unsigned kind)
{
    return x->mode != XML_SKIP || kind == XML_NAME ||
           ((kind & (XML_TEXT | XML_CDATA)) == 0 && parley_xml_keeps_value(x));
}

bool parley_xml_take_byte(parley_xml *x, const void *data, size_t len, parley_xml_token *token)
{
    const unsigned char *p = data;
    unsigned kind = 0;

    if (x->stop) {
        if (x->token != PARLEY_XML_TEXT || x->error != PARLEY_NO_ERROR || x->large || x->end_due ||
            is_over(x)) {
            return false;
        }
        parley_xml_release(x);
    }
    if (x->memory == NULL || (len > 0 && (kind = goes_on(x, *p)) == 0)) {
        return false;
    }
    x->offset += len;
    if (kind != 0 && (kind & (XML_TEXT | XML_CDATA)) != 0 && x->mode == XML_STREAM) {
        parley_xml_text_add(x, p, 1);
    } else if (kind != 0) {
        if (is_kept(x, kind)) {
            *parley_xml_block_at(x, x->top) = *p;
            parley_xml_reserve(x, 1);
        }
        if (is_over(x)) {
            give_over(x);
        }
    }
    *token = x->error != PARLEY_NO_ERROR ? PARLEY_XML_ERROR : x->token;
    return true;
}
#endif

size_t parley_xml_take(parley_xml *x, const void *data, size_t len, parley_xml_token *token)
{
    const unsigned char *start = data != NULL ? data : (const unsigned char *)"";
    const unsigned char *end = start;
#ifdef XML_SMALL
    const bool first = true;
#else
    const bool first = x->stop;
#endif

    if (!first || begin_push(x)) {
        bool white_only = x->memory == NULL && !x->closed;
        end = run(x, start, start + (white_only ? parley_xml_white(start, len) : len), first);
    }
    if (x->token != PARLEY_XML_MORE && x->closed) {
        parley_xml_machine_epilog(x);
    }
    *token = x->error != PARLEY_NO_ERROR ? PARLEY_XML_ERROR : x->token;
    return (size_t)(end - start);
}

/* Reading: every token goes to a handler where it is found.

   parley_xml_read is parley_xml_push called until all is taken. What is saved is the way out of the
   machine and back for each token of what comes whole (core/xml_content.c): there
   parley_xml_hand_over gives the token, and does what the next push would begin with. A token that
   the machine stopped for, and all in XML_SMALL, leaves the push and is given behind it.

   x->handler   set while parley_xml_read runs
   x->handed    what the handler has been given in the push, and what that came to; of one push */
#include "xml_internal.h"

#ifndef XML_SMALL
/* Whether the next push would begin with no more than a release, and an end that is due: there is a
   token, so neither an error nor LARGE, and neither an element too many, the root's end nor half a
   character. */
static XML_ALWAYS bool is_simple(const parley_xml *x)
{
    return x->token != PARLEY_XML_MORE && (x->many | x->closed | x->utf8_left) == 0;
}

bool parley_xml_hand_over(parley_xml *x, const unsigned char *p)
{
    uint64_t taken = (uint64_t)(p - x->chunk);

    if (x->handler == NULL || !is_simple(x)) {
        return false;
    }
    x->stop = false;
    x->offset += taken;
    x->handed = x->handler(x->context, x, x->token) ? XML_HANDED : XML_REFUSED;
    x->offset -= taken;
    if (x->stop || x->handed == XML_REFUSED) {
        x->stop = true;
        return false;
    }
    x->handed = XML_NOT_HANDED;
    parley_xml_release(x);
    if (x->end_due) {
        x->end_due = false;
        parley_xml_close(x);
    }
    return true;
}
#endif

#if !defined(XML_MACHINE_ONLY) && !defined(XML_PUSH_ONLY)
size_t parley_xml_read(parley_xml *x, const void *data, size_t len, parley_xml_handler handler,
                       void *context)
{
    const unsigned char *start = data != NULL ? data : (const unsigned char *)"";
    size_t at = 0;
    bool goes_on = true;
    parley_xml_token token;

    x->handler = handler;
    x->context = context;
    do {
        at += parley_xml_push(x, start + at, len - at, &token);
        if (x->handed != XML_NOT_HANDED) {
            goes_on = x->handed == XML_HANDED;
            x->handed = XML_NOT_HANDED;
        } else if (token != PARLEY_XML_MORE) {
            goes_on = handler(context, x, token);
        }
    } while (goes_on && token != PARLEY_XML_MORE && token != PARLEY_XML_ERROR);
    x->handler = NULL;
    return at;
}
#endif

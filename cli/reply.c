#include "reply.h"

#include <stdlib.h>
#include <string.h>

#define NAMESPACE_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

static parley_string keep(char *to, parley_string value)
{
    if (value.data == NULL) {
        return value;
    }
    memcpy(to, value.data, value.len);
    return (parley_string){to, value.len};
}

bool reply_keep(reply *r, parley_element iq, const char *error, const char *condition)
{
    parley_string id = parley_element_attribute(iq, "id");
    parley_string from = parley_element_attribute(iq, "from");

    r->text = malloc(id.len + from.len + 1);
    if (r->text == NULL) {
        return false;
    }
    r->id = keep(r->text, id);
    r->to = keep(r->text + id.len, from);
    r->error = error;
    r->condition = condition;
    return true;
}

/* RFC 6120 sections 8.2.3 and 8.3.2. */
void reply_write(const reply *r, parley_writer *w)
{
    parley_writer_start(w, "iq", NULL);
    parley_writer_attribute(w, "type", parley_string_of(r->error != NULL ? "error" : "result"));
    parley_writer_attribute(w, "id", r->id);
    parley_writer_attribute(w, "to", r->to);
    if (r->error != NULL) {
        parley_writer_start(w, "error", NULL);
        parley_writer_attribute(w, "type", parley_string_of(r->error));
        parley_writer_start(w, r->condition, NAMESPACE_STANZAS);
        parley_writer_end(w);
        parley_writer_end(w);
    }
    parley_writer_end(w);
}

void reply_drop(reply *r)
{
    free(r->text);
    memset(r, 0, sizeof *r);
}

/* What the machine of a client's messages does at a name. `mark` is where the attribute's value
   begins; a field is closed by the first byte after it, or by the end of the message. */
#ifndef PARLEY_MACHINES_SCRAM_FIELDS_H
#define PARLEY_MACHINES_SCRAM_FIELDS_H

#include "characters.h"
#include "scram_grammar.h"

#include <string.h>

#define END(field) end(fields, &fields->field, p)

static inline void mark(scram_fields *fields, const unsigned char *p)
{
    fields->mark = (const char *)p;
}

static inline void end(const scram_fields *fields, parley_string *field, const unsigned char *p)
{
    field->data = fields->mark;
    field->len = (size_t)((const char *)p - fields->mark);
}

static inline void cut(const scram_fields *fields, parley_string *field, const unsigned char *p)
{
    field->data = fields->start;
    field->len = (size_t)((const char *)p - fields->start);
}

/* Before the first byte. */
static inline void begin(scram_fields *fields, parley_string message)
{
    memset(fields, 0, sizeof *fields);
    fields->start = message.data;
}

/* After the last; `whole`: in a final state. */
static inline parley_code verdict(const scram_fields *fields, parley_string message, bool whole)
{
    if (fields->mandatory) {
        return PARLEY_ERROR_SASL_EXTENSION;
    }
    if (!whole || !parley_is_utf8(message)) {
        return fields->bad_base64 ? PARLEY_ERROR_SASL_ENCODING : PARLEY_ERROR_SASL_MESSAGE;
    }
    return PARLEY_NO_ERROR;
}

#endif

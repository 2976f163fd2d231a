#include "json.h"

#include "text.h"

static void separate(json *j)
{
    if (!j->first) {
        fputc(',', j->out);
    }
    j->first = false;
}

static void quoted(json *j, parley_string value)
{
    fputc('"', j->out);
    text_print(j->out, TEXT_JSON, value);
    fputc('"', j->out);
}

static void member(json *j, const char *name)
{
    separate(j);
    quoted(j, parley_string_of(name));
    fputc(':', j->out);
}

void json_begin(json *j, FILE *out)
{
    j->out = out;
    j->first = true;
    fputc('{', out);
}

void json_open(json *j, FILE *out, const char *kind, const char *name)
{
    json_begin(j, out);
    json_text(j, kind, name);
}

void json_end(json *j)
{
    fputs("}\n", j->out);
}

void json_close(json *j)
{
    json_end(j);
    fflush(j->out);
}

void json_string(json *j, const char *name, parley_string value)
{
    member(j, name);
    if (value.data == NULL) {
        fputs("null", j->out);
    } else {
        quoted(j, value);
    }
}

void json_text(json *j, const char *name, const char *value)
{
    json_string(j, name, value == NULL ? (parley_string){NULL, 0} : parley_string_of(value));
}

void json_bool(json *j, const char *name, bool value)
{
    member(j, name);
    fputs(value ? "true" : "false", j->out);
}

void json_number(json *j, const char *name, uint64_t value)
{
    member(j, name);
    fprintf(j->out, "%llu", (unsigned long long)value);
}

void json_array(json *j, const char *name)
{
    member(j, name);
    fputc('[', j->out);
    j->first = true;
}

void json_array_end(json *j)
{
    fputc(']', j->out);
    j->first = false;
}

void json_item(json *j, parley_string value)
{
    separate(j);
    quoted(j, value);
}

void json_object(json *j)
{
    separate(j);
    fputc('{', j->out);
    j->first = true;
}

void json_object_end(json *j)
{
    fputc('}', j->out);
    j->first = false;
}

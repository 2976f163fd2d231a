/* Forms. The marks are bytes that no XML holds, from FORM_A on in the order of form.h. */
#include "form.h"

#include "parley/base64.h"

#include "name_list.h"
#include "sasl.h"
#include "writer_put.h"

const char parley_xmlns[] = PARLEY_XMLNS PARLEY_URN;

/* Past what is left out: to the ELSE or END that ends it. */
static const char *left_out(const char *form)
{
    /*@ loop invariant FORM_PROVED(left_out_of(\at(form, Pre), form));
        loop assigns form; */
    do {
        form++;
    } while (*form != '\6' && *form != '\7');
    return form;
}

static void put_base64(parley_writer *w, const parley_string *data)
{
    if (data->len == 0) {
        parley_writer_put(w, "=", 1);
    } else {
        /*@ loop invariant FORM_PROVED(values(w, data) && i % 3 == 0 && i <= data->len + 2);
            loop invariant FORM_PROVED(\at(w->used, Pre) <= w->used);
            loop assigns i, w->used, w->error, w->buffer[0 .. w->size - 1]; */
        for (size_t i = 0; i < data->len; i += 3) {
            const size_t left = data->len - i;
            char four[4];

            parley_base64_encode(data->data + i, left < 3 ? left : 3, four);
            parley_writer_put(w, four, sizeof four);
            parley_wipe(four, sizeof four);
        }
    }
}

/* A byte as it stands, or a name. */
static void put_other(parley_writer *w, const char *form)
{
    const unsigned char byte = (unsigned char)*form;
    char name[NAME_SIZE];
    size_t len = 1;

    if (byte >= FORM_NAMES) {
        len = parley_name_copy(byte - FORM_NAMES, name);
        form = name;
    }
    parley_writer_put(w, form, len);
}

void parley_form_put(parley_writer *w, const char *form, const parley_string *a,
                     const parley_string *b)
{
    /*@ loop invariant FORM_PROVED(goes_on(w, \at(form, Pre), form, a, b));
        loop invariant FORM_PROVED(\at(w->used, Pre) <= w->used);
        loop assigns form, w->used, w->error, w->buffer[0 .. w->size - 1]; */
    for (; *form != '\0'; form++) {
        switch (*form) {
        case '\1':
            parley_writer_put_escaped(w, a, true);
            break;
        case '\2':
            parley_writer_put_escaped(w, b, false);
            break;
        case '\3':
            put_base64(w, b);
            break;
        case '\4':
            parley_writer_put(w, parley_xmlns, sizeof parley_xmlns - 1);
            break;
        case '\5':
        case '\6':
            if (*form == '\6' || b->data == NULL) {
                form = left_out(form);
            }
            break;
        case '\7':
            break;
        default:
            put_other(w, form);
            break;
        }
    }
}

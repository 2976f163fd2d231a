/* What the writer and forms put into a buffer. Each does nothing once there is an error. */
#ifndef PARLEY_CORE_WRITER_PUT_H
#define PARLEY_CORE_WRITER_PUT_H

#include "parley/writer.h"

void parley_writer_put(parley_writer *w, const char *data, size_t len);

/* `in_value`: within quotes. */
void parley_writer_put_escaped(parley_writer *w, const parley_string *text, bool in_value);

#endif

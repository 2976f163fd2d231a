/* What Expat makes of a document, in the traces of common/xml_trace.h. */
#ifndef PARLEY_TESTS_EXPAT_TRACE_H
#define PARLEY_TESTS_EXPAT_TRACE_H

#include "common/xml_trace.h"

/* The whole document. trace->verdict: PARLEY_OK or PARLEY_ILLEGAL; the log is that of the
   elements and the text so far. */
void expat_trace_run(xml_trace *trace, const void *data, size_t len);

#endif

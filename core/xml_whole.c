/* The XML layer as one unit, its machine among it: the compiler sees through the calls that the
   machine makes for every name, value and tag. PARLEY_XML_MACHINE names the machine's file,
   machines/xml_STYLE.c. With XML_MACHINE_ONLY the calls of parley/xml.h are left out: a program
   can hold more than one machine. With XML_SIMD runs are skipped with what the compiler may use
   of the processor: SSE2, NEON; or AVX2, for which core/xml_avx2.c is this unit once more. */
#define XML_WHOLE
#define XML_SHARED static inline
#ifndef XML_MACHINE_ONLY
#define XML_MACHINE static XML_ALWAYS
#endif

#include "xml_internal.h"

#include "xml_content.c"
#include "xml_namespace.c"
#include "xml_read.c"
#include "xml_run.c"
#include "xml_stop.c"
#include "xml_store.c"
#include "xml_tag.c"
#include "xml_text.c"

#ifdef __clang__
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"
#pragma GCC diagnostic ignored "-Wswitch-unreachable"
#include PARLEY_XML_MACHINE
#pragma GCC diagnostic pop

#ifndef XML_MACHINE_ONLY
#include "xml_push.c"
#ifndef XML_PUSH_ONLY
#include "xml.c"
#endif
#endif

/* Forms: what the negotiation sends, as it stands on the wire, with marks where two values go. */
#ifndef PARLEY_CORE_FORM_H
#define PARLEY_CORE_FORM_H

#include "parley/writer.h"

#define FORM_A      "\1" /* the first value, in an attribute */
#define FORM_B      "\2" /* the second one, as text */
#define FORM_BASE64 "\3" /* the second one in base64; "=" for an empty one (RFC 6120 6.4.2) */
#define FORM_XMLNS  "\4" /* a declaration up to what its namespace's name begins with */
#define FORM_IF_B   "\5" /* what follows only if the second value is there (data not NULL) */
#define FORM_ELSE   "\6"
#define FORM_END    "\7" /* of what depends on that */

/* From here on names by their numbers (name_list.h); tests/unit/form.c looks at each of them. */
#define FORM_NAMES     0x80
#define FORM_NS_STREAM "\x81"
#define FORM_NS_CLIENT "\x82"
#define FORM_IQ        "\x89"
#define FORM_ERROR     "\x8c"
#define FORM_STREAM    "\x8d"
#define FORM_STARTTLS  "\x8f"
#define FORM_MECHANISM "\x93"
#define FORM_BIND      "\x96"
#define FORM_SESSION   "\x98"
#define FORM_AUTH      "\x9a"
#define FORM_RESPONSE  "\x9b"
#define FORM_ABORT     "\x9c"
#define FORM_RESOURCE  "\x9d"

/* That declaration, and how the names of RFC 6120's namespaces begin in it. */
#define PARLEY_XMLNS " xmlns='"
#define PARLEY_URN   "urn:ietf:params:xml:ns:xmpp-"
extern const char parley_xmlns[sizeof(PARLEY_XMLNS PARLEY_URN)];

/* What Frama-C is to know of the loops over a form and its values, in terms of
   spec/proof/form_put.h; for all but the proofs that include it, nothing. */
#ifndef FORM_PROVED
#define FORM_PROVED(...) (0 == 0)
#endif

/* Puts a form out; `w` is at the beginning. A value that the form has no mark for may be NULL. What
   goes wrong is the writer's error: no room, or a value that XML cannot hold. */
void parley_form_put(parley_writer *w, const char *form, const parley_string *a,
                     const parley_string *b);

#endif

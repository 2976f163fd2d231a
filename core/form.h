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

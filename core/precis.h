/* The mappings of names and passwords beyond ASCII. Each takes well-formed UTF-8,
   maps and judges it, and puts the result to `out`; false: `why` says what is
   wrong (NULL: nobody asks), and what was put is of no use. Texts that are ASCII alone need none of
   them. Where Unicode's tables are left out they refuse (core/precis_absent.c). */
#ifndef PARLEY_CORE_PRECIS_H
#define PARLEY_CORE_PRECIS_H

#include "parley/jid.h"
#include "parley/mechanism.h"
#include "parley/result.h"
#include "problem.h"
#include "text_out.h"

/* Whether no character of a part of a JID that begins before `end` is one that none may hold. */
bool parley_precis_allows(parley_string text, size_t end, problem *why);

/* The reason where a label has reserved hyphens. */
extern const char parley_reserved_hyphens[];

/* Whether a part of a JID, of its shape and allowed, is beyond ASCII or has an A-label; then it is
   mapped here, and `*taken` says whether it can be. */
bool parley_precis_maps(parley_jid_part part, parley_string text, text_out *out, problem *why,
                        bool *taken);

/* UsernameCaseMapped (RFC 8265 section 3.3), without the characters that RFC 7622
   section 3.3.1 takes out. */
bool parley_precis_local(parley_string text, text_out *out, problem *why);

/* OpaqueString (RFC 8265 section 4.2). */
bool parley_precis_opaque(parley_string text, text_out *out, problem *why);

/* SASLprep (RFC 4013); `stored`: unassigned characters are refused. */
bool parley_saslprep(parley_string text, bool stored, text_out *out, problem *why);

/* The reason when a password has bytes that none may have. */
extern const char parley_not_password[];

/* A password beyond ASCII by one of the two; it becomes what is in `out`.
   PARLEY_ILLEGAL: `why` says what is wrong. PARLEY_NO_ROOM: `out` has not that much. Of
   either nothing is written. */
parley_result parley_password_map(parley_password_preparation how, bool stored,
                                  parley_string *password, text_out *out, problem *why);

/* A domain name: U-labels of IDNA2008 (RFC 5890..5893), mapped by RFC 5895;
   A-labels become U-labels. Its ASCII has been judged: labels of letters, digits,
   inner hyphens, no trailing dot. */
bool parley_precis_domain(parley_string text, text_out *out, problem *why);

/* The other way: U-labels of a prepared domain become A-labels. */
bool parley_precis_domain_ascii(parley_string domain, text_out *out, problem *why);

#endif

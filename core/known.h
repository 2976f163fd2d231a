/* The elements and namespaces that the negotiation knows, by number: what is compared with many
   names is looked up once. */
#ifndef PARLEY_CORE_KNOWN_H
#define PARLEY_CORE_KNOWN_H

#include "parley/element.h"

typedef enum known_space {
    SPACE_NONE = 0, /* none, or another */
    SPACE_STREAM,
    SPACE_CLIENT,
    SPACE_TLS,
    SPACE_SASL,
    SPACE_BIND,
    SPACE_SESSION,
    SPACE_STREAMS,
    SPACE_STANZAS,
    SPACE_COUNT
} known_space;

typedef enum known_name {
    NAME_NONE = 0, /* another */
    NAME_IQ,
    NAME_MESSAGE,
    NAME_PRESENCE,
    NAME_ERROR,
    NAME_STREAM,
    NAME_FEATURES,
    NAME_STARTTLS,
    NAME_PROCEED,
    NAME_FAILURE,
    NAME_MECHANISMS,
    NAME_MECHANISM,
    NAME_CHALLENGE,
    NAME_SUCCESS,
    NAME_BIND,
    NAME_JID,
    NAME_SESSION,
    NAME_OPTIONAL,
    NAME_AUTH,
    NAME_RESPONSE,
    NAME_ABORT,
    NAME_RESOURCE,
    NAME_COUNT
} known_name;

/* Both in one number, and each of them again. */
#define KNOWN(space, name)    (SPACE_##space << 5 | NAME_##name)
#define KNOWN_SPACE_OF(known) ((known) >> 5)
#define KNOWN_NAME_OF(known)  ((known)&31u)

typedef enum known_element {
    KNOWN_NONE = 0, /* another */
    KNOWN_IQ = KNOWN(CLIENT, IQ),
    KNOWN_MESSAGE = KNOWN(CLIENT, MESSAGE),
    KNOWN_PRESENCE = KNOWN(CLIENT, PRESENCE),
    KNOWN_STANZA_ERROR = KNOWN(CLIENT, ERROR),
    KNOWN_STREAM = KNOWN(STREAM, STREAM),
    KNOWN_FEATURES = KNOWN(STREAM, FEATURES),
    KNOWN_STREAM_ERROR = KNOWN(STREAM, ERROR),
    KNOWN_STARTTLS = KNOWN(TLS, STARTTLS),
    KNOWN_PROCEED = KNOWN(TLS, PROCEED),
    KNOWN_TLS_FAILURE = KNOWN(TLS, FAILURE),
    KNOWN_MECHANISMS = KNOWN(SASL, MECHANISMS),
    KNOWN_MECHANISM = KNOWN(SASL, MECHANISM),
    KNOWN_CHALLENGE = KNOWN(SASL, CHALLENGE),
    KNOWN_SUCCESS = KNOWN(SASL, SUCCESS),
    KNOWN_SASL_FAILURE = KNOWN(SASL, FAILURE),
    KNOWN_BIND = KNOWN(BIND, BIND),
    KNOWN_JID = KNOWN(BIND, JID),
    KNOWN_SESSION = KNOWN(SESSION, SESSION),
    KNOWN_OPTIONAL = KNOWN(SESSION, OPTIONAL),
    KNOWN_AUTH = KNOWN(SASL, AUTH),
    KNOWN_RESPONSE = KNOWN(SASL, RESPONSE),
    KNOWN_ABORT = KNOWN(SASL, ABORT),
    KNOWN_RESOURCE = KNOWN(BIND, RESOURCE)
} known_element;

static inline bool parley_is_stanza(unsigned known)
{
    return known >= KNOWN_IQ && known <= KNOWN_PRESENCE;
}

/* The number of a namespace name. */
known_space parley_known_space(parley_string space);

known_space parley_space_of(parley_element e);

/* The element as a known_element, or else what no known_element is. */
unsigned parley_known(parley_element e);

/* The element's first child of this kind. */
bool parley_known_child(parley_element e, known_element wanted, parley_element *child);

/* The next one behind *e; false: none, and *e may be another. */
bool parley_known_next(parley_element *e, known_element wanted);

#endif

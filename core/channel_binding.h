/* Channel-binding types and their data (RFC 5929). */
#ifndef PARLEY_CORE_CHANNEL_BINDING_H
#define PARLEY_CORE_CHANNEL_BINDING_H

#include "sasl.h"

/* XEP-0440. */
#define PARLEY_NS_CHANNEL_BINDING "urn:xmpp:sasl-cb:0"

/* The type's name, for END_POINT and UNIQUE. */
parley_string parley_binding_name(sasl_binding binding);

/* The type of that name; NONE: not one of ours. */
sasl_binding parley_binding_find(parley_string name);

/* Its data; len 0: this connection has none. */
parley_string parley_binding_data(sasl_binding binding, const parley_tls_info *tls);

#endif

/* tls-server-end-point and tls-unique, in the order of preference. There is no
   tls-exporter: RFC 9266 wants the extended master secret under TLS 1.2. A
   resumed session has no tls-unique that both ends would agree on safely
   (RFC 5929 section 3, the triple handshake). */
#include "channel_binding.h"

#include "hash.h"
#include "text_of.h"

parley_string parley_binding_name(sasl_binding binding)
{
    return parley_text(binding == SASL_BINDING_END_POINT ? "tls-server-end-point" : "tls-unique");
}

sasl_binding parley_binding_find(parley_string name)
{
    for (unsigned i = SASL_BINDING_END_POINT; i <= SASL_BINDING_UNIQUE; i++) {
        if (parley_string_equal(name, parley_binding_name((sasl_binding)i))) {
            return (sasl_binding)i;
        }
    }
    return SASL_BINDING_NONE;
}

parley_string parley_binding_data(sasl_binding binding, const parley_tls_info *tls)
{
    if (tls != NULL && binding == SASL_BINDING_END_POINT) {
        return parley_bytes(tls->end_point, tls->end_point_len);
    }
    if (tls != NULL && binding == SASL_BINDING_UNIQUE && !tls->resumed) {
        return parley_bytes(tls->unique, tls->unique_len);
    }
    return (parley_string){NULL, 0};
}

/* Resumption on the client: which kept session may be offered to the server. */
#ifndef PARLEY_TLS_RESUMPTION_H
#define PARLEY_TLS_RESUMPTION_H

#include "parley/tls.h"

/* Hands the session to the engine and the transport if it is whole, not over, and
   of the same domain and policy; else does nothing. The verifier and the engine
   have been set up. */
void parley_tls_resumption_offer(parley_tls_client *t, const parley_tls_session *session);

#endif

/* The entries without TLS: for labs and tests alone. They stand in a library
   of their own (parley_insecure, CMake option PARLEY_INSECURE), so that a
   product which does not link it cannot reach them. */
#ifndef PARLEY_INSECURE_H
#define PARLEY_INSECURE_H

#include "client.h"
#include "server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As parley_client_begin, but negotiates SASL in the clear. */
parley_result parley_client_begin_insecure(parley_client *c);

/* As parley_server_begin, but offers SASL in the clear; STARTTLS is not offered. */
parley_result parley_server_begin_insecure(parley_server *s);

#ifdef __cplusplus
}
#endif
#endif

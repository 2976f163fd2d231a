/* BearSSL's engine, set up for both roles: TLS 1.2, ECDHE, AEAD. */
#ifndef PARLEY_TLS_ENGINE_H
#define PARLEY_TLS_ENGINE_H

#include "parley/tls.h"

/* Least bytes of the seed. */
#define PARLEY_TLS_SEED_MINIMUM 32

/* `engine` is zeroed; `x509` judges the peer; `protocols` names one protocol, or
   is NULL. BearSSL copies the seed and keeps the buffer. */
void parley_tls_engine_init(br_ssl_engine_context *engine, const br_x509_class **x509,
                            const char **protocols, const parley_tls_session_input *input);

/* The work block, lent to the handshake; NULL: it is too small. */
parley_tls_handshake *parley_tls_borrow(const parley_tls_session_input *input);

/* What is wrong with the input; PARLEY_NO_ERROR: nothing. */
parley_code parley_tls_input_check(const parley_tls_session_input *input);

/* BearSSL's count of days and seconds; false: no time, or beyond its range. */
bool parley_tls_time(int64_t unix_time, uint32_t *days, uint32_t *seconds);

/* Makes the record of a fatal alert that tells the peer of BearSSL's `error`.
   Returns its length, at most 48. */
size_t parley_tls_engine_alert(br_ssl_engine_context *engine, int error, unsigned char out[48]);

#endif

/* The peer's half of a handshake in the clear, cut into pieces.

   A record may hold many messages, and BearSSL works through all of a record at
   once, one public-key step after the other. So records of handshake messages are
   cut before BearSSL sees them (RFC 5246 section 6.2.1 lets a message be spread
   over records as one likes): a message's header, and its body, are records of
   their own, and so is each certificate of a chain. After a piece that ends a
   message or a certificate the caller gets its turn. */
#ifndef PARLEY_TLS_PIECES_H
#define PARLEY_TLS_PIECES_H

#include "parley/tls.h"

/* Gives the engine at most what it has room for. Returns the bytes taken of
   `data`; `*pause`: a message or a certificate has ended; `*fed`: the engine got
   something. Nothing of both: it takes nothing now. */
size_t parley_tls_pieces_push(parley_tls_pieces *p, br_ssl_engine_context *engine,
                              const unsigned char *data, size_t len, bool *fed, bool *pause);

/* Whether the last that the engine got is of the first message, and that is a
   ServerHello; of the next one its first byte counts, and any other record's. */
bool parley_tls_pieces_in_server_hello(const parley_tls_pieces *p);

#endif

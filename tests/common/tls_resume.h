/* Sessions that are resumed, one after the other: both roles ours, with a cache on the
   server's side and what the client keeps. */
#ifndef PARLEY_TESTS_TLS_RESUME_H
#define PARLEY_TESTS_TLS_RESUME_H

#include "common/tls_session.h"

#define RESUME_ENTRIES 8

extern tls_session session;
extern parley_tls_cache cache;
extern parley_tls_cache_entry entries[RESUME_ENTRIES];
extern parley_tls_session kept;

void resume_fresh_cache(uint32_t lifetime);

/* A session's defaults, with the cache, and with what the client offers (or NULL). */
void resume_defaults(const parley_tls_session *resume);

/* Each run has its own randomness. */
void resume_run(size_t chunk);

/* Both are ready, and say alike whether that was a resumption. */
void resume_assert_ready(bool resumed);

void resume_close(void);

/* A full handshake, kept in `kept`. */
void resume_keep(void);

bool resume_memory_has(const void *memory, size_t size, const void *what, size_t len);

/* The client's, with the key that belongs to it. */
void resume_client_certificate(const char *name, const char *key);

#endif

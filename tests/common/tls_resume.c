#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_resume.h"

tls_session session;
parley_tls_cache cache;
parley_tls_cache_entry entries[RESUME_ENTRIES];
parley_tls_session kept;

void resume_fresh_cache(uint32_t lifetime)
{
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, RESUME_ENTRIES, lifetime),
                     PARLEY_OK);
}

void resume_defaults(const parley_tls_session *resume)
{
    tls_session_defaults(&session);
    session.server_config.cache = &cache;
    session.resume = resume;
}

void resume_run(size_t chunk)
{
    static unsigned char seeds[2][32];

    seeds[0][0]++;
    seeds[1][1]++;
    session.client_input.seed = seeds[0];
    session.server_input.seed = seeds[1];
    tls_session_open(&session);
    tls_session_run(&session, chunk);
}

void resume_assert_ready(bool resumed)
{
    if (!(parley_tls_client_run(&session.client) & PARLEY_IS_READY)) {
        fail_msg("not ready: code %d, BearSSL %d, log:\n%s",
                 (int)parley_client_outcome(&session.client.core)->code,
                 parley_client_outcome(&session.client.core)->tls_code, session.client_side.log);
    }
    assert_int_equal(session.client_side.info.resumed, resumed);
    assert_int_equal(session.server_side.info.resumed, resumed);
    assert_true(session.client_side.info.verified);
}

void resume_close(void)
{
    parley_client_close(&session.client.core);
    tls_session_run(&session, 4096);
    assert_int_equal(parley_client_outcome(&session.client.core)->code, PARLEY_NO_ERROR);
    assert_int_equal(parley_server_outcome(&session.server.core)->code, PARLEY_NO_ERROR);
    assert_true(session.client_side.closed && session.server_side.closed);
}

void resume_keep(void)
{
    resume_run(4096);
    resume_assert_ready(false);
    assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
    resume_close();
}

bool resume_memory_has(const void *memory, size_t size, const void *what, size_t len)
{
    for (size_t i = 0; i + len <= size; i++) {
        if (memcmp((const char *)memory + i, what, len) == 0) {
            return true;
        }
    }
    return false;
}

void resume_client_certificate(const char *name, const char *key)
{
    static br_x509_certificate chain;

    chain = *certificate_load(name);
    session.client_config.chain = &chain;
    session.client_config.chain_len = 1;
    session.client_config.ec_key = certificate_ec_key(key);
    session.client_config.chain_issuer_type = BR_KEYTYPE_EC;
}

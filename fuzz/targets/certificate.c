/* The DER walker and what is made of its findings: whatever the bytes and their pieces,
   the same names, dates, purposes and hashes; names judged against a domain; a pin only
   of what is a certificate. Input: a seed for the cuts, the certificate; or, of what is none, a
   domain, byte 0xFF and a name that a certificate could have. */
#include "common/certified.h"

static parley_result walk(fuzz_log *log, fuzz_cuts cuts, const uint8_t *data, size_t size)
{
    parley_certificate *c = fuzz_block(0, sizeof *c, (uint8_t)(0xA5 + cuts.kind));
    parley_certificate_token token = PARLEY_CERTIFICATE_MORE;
    parley_result result;

    fuzz_log_reset(log);
    parley_certificate_init(c);
    for (size_t at = 0; at < size && token != PARLEY_CERTIFICATE_ERROR;) {
        size_t left = fuzz_piece(&cuts, size - at);

        do {
            size_t taken = parley_certificate_push(c, fuzz_flush(data + at, left), left, &token);

            FUZZ_CHECK(taken <= left);
            FUZZ_CHECK(token != PARLEY_CERTIFICATE_MORE || taken == left);
            at += taken;
            left -= taken;
            if (token == PARLEY_CERTIFICATE_NAME) {
                FUZZ_CHECK(taken > 0);
                fuzz_certified_name(log, parley_certificate_name(c));
            }
        } while (token == PARLEY_CERTIFICATE_NAME);
    }
    if (token == PARLEY_CERTIFICATE_ERROR) {
        FUZZ_CHECK(parley_certificate_push(c, fuzz_flush("0", 1), 1, &token) == 0);
        FUZZ_CHECK(token == PARLEY_CERTIFICATE_ERROR);
    }
    result = parley_certificate_finish(c);
    fuzz_log_number(log, "\nresult ", (unsigned)result);
    if (result == PARLEY_OK) {
        fuzz_certified_facts(log, c);
    }
    fuzz_blocks_check();
    return result;
}

FUZZ_TARGET(certificate)
{
    static fuzz_log whole, other;
    uint8_t seed = fuzz_byte(&data, &size);
    unsigned char hash[32];
    parley_result result;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    result = walk(&whole, fuzz_cuts_of(FUZZ_WHOLE, 0), data, size);
    walk(&other, fuzz_cuts_of(FUZZ_BYTES, 0), data, size);
    fuzz_log_same(&whole, &other);
    walk(&other, fuzz_cuts_of(FUZZ_RANDOM, seed), data, size);
    fuzz_log_same(&whole, &other);
    FUZZ_CHECK((parley_tls_key_hash(fuzz_flush(data, size), size, hash) == PARLEY_OK) ==
               (result == PARLEY_OK));
    fuzz_certified_report(data, size, result == PARLEY_OK);
    if (result != PARLEY_OK) {
        fuzz_certified_judge(data, size);
    }
    return 0;
}

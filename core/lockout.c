/* The table of failures: sets of PARLEY_LOCKOUT_WAYS entries, and a key is in one set alone.

   A key is the beginning of HMAC-SHA-256(secret, kind || user || 0 || address), so nobody can
   choose names that fall together or into one set. begin reads all three counts before it writes
   any; an entry is made when it is first counted. `at` is the time of the last failure that
   counted: what is refused while waiting does not move it. */
#include "parley/lockout.h"

#include "hash.h"
#include "sasl.h"

#include <string.h>

enum { ACCOUNT_AT_ADDRESS = 0, ADDRESS, ACCOUNT };

parley_result parley_lockout_init(parley_lockout *l, parley_lockout_entry *entries, size_t count,
                                  const parley_lockout_settings *settings,
                                  const unsigned char *secret)
{
    if (l == NULL || entries == NULL || settings == NULL || secret == NULL ||
        count < PARLEY_LOCKOUT_WAYS || settings->account_at_address == 0 ||
        settings->address == 0 || settings->first == 0 || settings->longest < settings->first ||
        settings->longest_account < settings->first || settings->memory == 0) {
        return PARLEY_MISUSE;
    }
    l->entries = entries;
    l->count = count - count % PARLEY_LOCKOUT_WAYS;
    l->settings = *settings;
    memcpy(l->secret, secret, sizeof l->secret);
    memset(entries, 0, count * sizeof *entries);
    return PARLEY_OK;
}

static uint64_t key_of(const parley_lockout *l, char kind, parley_string user,
                       parley_string address)
{
    const parley_string pieces[4] = {{&kind, 1}, user, {"", 1}, address};
    unsigned char out[PARLEY_HASH_SIZE];
    parley_hmac_key hmac;
    uint64_t key = 0;

    parley_hmac_key_init(&hmac, PARLEY_SHA_256, parley_bytes(l->secret, sizeof l->secret));
    parley_hmac(&hmac, pieces, 4, out);
    parley_wipe(&hmac, sizeof hmac);
    for (size_t i = 0; i < sizeof key; i++) {
        key = key << 8 | out[i];
    }
    return key != 0 ? key : 1;
}

static parley_lockout_entry *set_of(const parley_lockout *l, uint64_t key)
{
    return l->entries + (size_t)(key % (l->count / PARLEY_LOCKOUT_WAYS)) * PARLEY_LOCKOUT_WAYS;
}

static bool forgotten(const parley_lockout *l, const parley_lockout_entry *e, uint64_t now)
{
    return e->key == 0 || now - e->at >= l->settings.memory;
}

/* NULL: nothing is known of it. */
static parley_lockout_entry *find(const parley_lockout *l, uint64_t key, uint64_t now)
{
    parley_lockout_entry *set = set_of(l, key);

    for (size_t i = 0; i < PARLEY_LOCKOUT_WAYS; i++) {
        if (set[i].key == key && !forgotten(l, &set[i], now)) {
            return &set[i];
        }
    }
    return NULL;
}

/* Whether one is sooner done without than the other. */
static bool goes_before(const parley_lockout_entry *one, const parley_lockout_entry *other)
{
    return one->failures != other->failures ? one->failures < other->failures : one->at < other->at;
}

static parley_lockout_entry *find_or_make(const parley_lockout *l, uint64_t key, uint64_t now)
{
    parley_lockout_entry *set = set_of(l, key);
    parley_lockout_entry *found = find(l, key, now);
    parley_lockout_entry *worst = &set[0];

    if (found != NULL) {
        return found;
    }
    for (size_t i = 0; i < PARLEY_LOCKOUT_WAYS; i++) {
        if (forgotten(l, &set[i], now)) {
            worst = &set[i];
            break;
        }
        if (goes_before(&set[i], worst)) {
            worst = &set[i];
        }
    }
    memset(worst, 0, sizeof *worst);
    worst->key = key;
    return worst;
}

/* What is still to be waited after `failures`, of which `most` are for nothing. */
static uint32_t wait_of(const parley_lockout *l, const parley_lockout_entry *e, uint16_t most,
                        uint32_t longest, uint64_t now)
{
    uint64_t wait = l->settings.first;
    unsigned over;

    if (e == NULL || most == 0 || e->failures < most) {
        return 0;
    }
    over = (unsigned)(e->failures - most);
    wait = over < 32 && wait << over < longest ? wait << over : longest;
    return now - e->at < wait ? (uint32_t)(wait - (now - e->at)) : 0;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

uint32_t parley_lockout_begin(parley_lockout *l, parley_lockout_attempt *attempt,
                              parley_string user, parley_string address, uint64_t now)
{
    const parley_lockout_settings *settings = &l->settings;
    const parley_string none = {NULL, 0};
    const parley_lockout_entry *pair;
    uint32_t wait;

    attempt->keys[ACCOUNT_AT_ADDRESS] = key_of(l, ACCOUNT_AT_ADDRESS, user, address);
    attempt->keys[ADDRESS] = key_of(l, ADDRESS, none, address);
    attempt->keys[ACCOUNT] = key_of(l, ACCOUNT, user, none);
    pair = find(l, attempt->keys[ACCOUNT_AT_ADDRESS], now);
    wait = wait_of(l, pair, settings->account_at_address, settings->longest, now);
    if (pair == NULL || !pair->good) {
        wait = larger(wait, wait_of(l, find(l, attempt->keys[ADDRESS], now), settings->address,
                                    settings->longest, now));
        wait = larger(wait, wait_of(l, find(l, attempt->keys[ACCOUNT], now), settings->account,
                                    settings->longest_account, now));
    }
    for (size_t i = 0; i < 3 && wait == 0; i++) {
        parley_lockout_entry *e = find_or_make(l, attempt->keys[i], now);

        e->at = now;
        if (e->failures < UINT16_MAX) {
            e->failures++;
        }
    }
    return wait;
}

void parley_lockout_succeeded(parley_lockout *l, const parley_lockout_attempt *attempt,
                              uint64_t now)
{
    parley_lockout_entry *pair = find_or_make(l, attempt->keys[ACCOUNT_AT_ADDRESS], now);

    pair->failures = 0;
    pair->good = true;
    pair->at = now;
    for (size_t i = ADDRESS; i <= ACCOUNT; i++) {
        parley_lockout_entry *e = find(l, attempt->keys[i], now);

        if (e != NULL && e->failures > 0) {
            e->failures--;
        }
    }
}

void parley_lockout_wipe(parley_lockout *l)
{
    parley_wipe(l->entries, l->count * sizeof *l->entries);
    parley_wipe(l->secret, sizeof l->secret);
}

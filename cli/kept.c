#include "kept.h"

#include "entropy.h"

/* A resumed session has no tls-unique. Who was bound by it is bound by it again, at the price
   of a full handshake: the binding is worth more than the time. */
static bool is_resumable(const parley_event *authenticated)
{
    return !parley_string_equal(authenticated->binding, parley_string_of("tls-unique"));
}

void kept_take(kept_secrets *k, const parley_tls_client *t, const parley_client_config *config,
               const parley_event *authenticated)
{
    for (size_t i = 0; i < config->mechanism_count; i++) {
        const parley_mechanism *mechanism = config->mechanisms[i];
        parley_strength strength = parley_mechanism_strength(mechanism);

        if (parley_string_equal(parley_string_of(parley_mechanism_name(mechanism)),
                                authenticated->mechanism) &&
            strength > k->minimum) {
            k->minimum = strength;
        }
    }
    kept_forget_tls(k);
    k->has_tls = t != NULL && is_resumable(authenticated) &&
                 parley_tls_client_session(t, &k->tls) == PARLEY_OK;
}

void kept_forget_tls(kept_secrets *k)
{
    parley_tls_session_wipe(&k->tls);
    k->has_tls = false;
}

void kept_wipe(kept_secrets *k)
{
    entropy_wipe(k, sizeof *k);
}

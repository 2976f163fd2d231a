/* What one session leaves to the next of the same run, so that the next costs less and is no
   weaker: the TLS session, the keys that SCRAM made of the password, and how strong the
   mechanism was. Secret, and in memory alone. */
#ifndef PARLEY_CLI_KEPT_H
#define PARLEY_CLI_KEPT_H

#include <parley/tls.h>

typedef struct kept_secrets {
    parley_tls_session tls;
    bool has_tls;
    bool offered;                  /* the present session began with `tls` */
    parley_scram_client_keys keys; /* key_len 0: none */
    parley_strength minimum;       /* of the mechanisms for the next session */
} kept_secrets;

/* From a session that has just authenticated; the keys come by parley_client_keep_keys. `t` is
   NULL where there is no TLS. */
void kept_take(kept_secrets *k, const parley_tls_client *t, const parley_client_config *config,
               const parley_event *authenticated);

void kept_forget_tls(kept_secrets *k);
void kept_wipe(kept_secrets *k);

#endif

/* A server that sends its client elsewhere, and a client that is sent. */
#include <string.h>

#include "common/step.h"

/* Whether what is wrong is said there: the header is out, and the stream is not over. */
static bool is_said(const char *state)
{
    static const char *const said[] = {"plain_features", "mechanisms",
                                       "nonce",          "credential",
                                       "challenged",     "deriving",
                                       "authorizing",    "authenticated_features",
                                       "binding",        "ready"};

    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (strcmp(state, said[i]) == 0) {
            return true;
        }
    }
    return false;
}

void fuzz_redirect(fuzz_party *p, parley_string address)
{
    static const char gone[FUZZ_INPUT];
    size_t from = p->said->len;
    char buffer[PARLEY_REDIRECT_SIZE];
    parley_redirect_target target;
    parley_result parsed, result;
    parley_string shown = address;
    bool heard;

    if (p->server == NULL || address.len > sizeof gone) {
        return;
    }
    heard = is_said(parley_server_state_name(p->server));
    parsed = parley_redirect_parse(address, buffer, sizeof buffer, &target);
    shown.data = (const char *)fuzz_flush(address.data, address.len);
    result = parley_server_redirect(p->server, shown);
    (void)fuzz_flush(gone, address.len);
    FUZZ_CHECK((result == PARLEY_MISUSE) == p->closed);
    FUZZ_CHECK(p->closed || result == parsed || (parsed == PARLEY_OK && result == PARLEY_NO_ROOM));
    fuzz_log_number(p->log, "\nredirect ", (unsigned)result);
    fuzz_party_run(p);
    FUZZ_CHECK(result == PARLEY_OK || p->said->len == from);
    if (result == PARLEY_OK && heard) {
        FUZZ_CHECK(fuzz_has(p->said->bytes + from, p->said->len - from, "<see-other-host ", 16));
        FUZZ_CHECK(fuzz_has(p->said->bytes + from, p->said->len - from, address.data, address.len));
        FUZZ_CHECK(parley_server_outcome(p->server)->condition == PARLEY_SEE_OTHER_HOST);
    }
}

/* With policies of other kinds the judge refuses for their reason, or agrees. */
static void judge_otherwise(const parley_redirect *redirect, parley_redirect_verdict usual)
{
    static const parley_redirect_policy policies[] = {{0, true},
                                                      {PARLEY_REDIRECTS_MAXIMUM + 4, true},
                                                      {1, true}};
    char buffer[PARLEY_REDIRECT_SIZE];
    parley_redirect_target to;

    for (unsigned i = 0; i < 3; i++) {
        for (unsigned followed = 0; followed <= PARLEY_REDIRECTS_MAXIMUM; followed += 5) {
            parley_redirect_verdict verdict = parley_redirect_judge(redirect, &policies[i],
                                                                    followed, buffer, sizeof buffer,
                                                                    &to);

            FUZZ_CHECK((verdict == PARLEY_REDIRECT_UNWANTED) == (i == 0));
            FUZZ_CHECK(i == 0 || (verdict == PARLEY_REDIRECT_FOREIGN) == redirect->foreign);
            FUZZ_CHECK(i == 0 || redirect->foreign ||
                       (verdict == PARLEY_REDIRECT_TOO_MANY) == (followed > 0));
            FUZZ_CHECK(i == 0 || followed > 0 || verdict == usual ||
                       usual == PARLEY_REDIRECT_UNVERIFIED);
        }
    }
}

/* Whatever the address, the judge is of one mind with the parser, and with itself. */
void fuzz_redirected(fuzz_party *p, const parley_redirect *redirect)
{
    static const parley_redirect_policy policy = {PARLEY_REDIRECTS_DEFAULT, false};
    char buffer[PARLEY_REDIRECT_SIZE];
    char again[PARLEY_REDIRECT_SIZE];
    parley_redirect_target to, same;
    parley_redirect_verdict verdict = parley_redirect_judge(redirect, &policy, 0, buffer,
                                                            sizeof buffer, &to);

    FUZZ_CHECK(p->client != NULL && redirect->verified == p->tls);
    FUZZ_CHECK(redirect->verified || verdict == PARLEY_REDIRECT_UNVERIFIED);
    judge_otherwise(redirect, verdict);
    fuzz_log_string(p->log, parley_redirect_name(verdict), redirect->address);
    if (verdict == PARLEY_REDIRECT_FOLLOW) {
        FUZZ_CHECK(parley_redirect_parse(to.host, again, sizeof again, &same) == PARLEY_OK);
        FUZZ_CHECK(parley_string_equal(to.host, same.host) && same.port == 0);
        FUZZ_CHECK(same.literal == to.literal);
        fuzz_log_string(p->log, " to ", to.host);
        fuzz_log_number(p->log, " port ", to.port);
    }
}

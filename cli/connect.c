/* `parley connect JID`: a session with a real server. */
#include "attempts.h"
#include "clock.h"
#include "commands.h"
#include "connect_options.h"
#include "entropy.h"
#include "outcome.h"
#include "patience.h"
#include "pem.h"
#include "reach.h"
#include "signals.h"
#include "status.h"

#include <parley/machine.h>
#include <parley/tls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for the longest answer of ours beside the message: it repeats the id and the sender of a
   request, whose every byte may come out as a reference of six. */
#define OUTPUT_LEAST (6u * PARLEY_LIMIT_ELEMENT + 1024u)

/* Everything that one run holds. */
typedef struct run {
    connect_options options;
    pem_anchors anchors;
    pem_chain chain;
    pem_key key;
    password secret;
    kept_secrets kept;
    attempts attempts;
    server_options target;                     /* the options', or where a redirect leads */
    const char *domain;                        /* to look up for it; the JID's, or a redirect's */
    char other_host[PARLEY_REDIRECT_SIZE + 1]; /* of a redirect */
    parley_client_config core;
    parley_tls_client_config tls;
    session session;
    session_settings settings;
    conversation conversation;
    output out;
    trace *tracer;
    int64_t deadline;
    reached server;
    const char *state; /* where the present attempt stands, or ended */
    bool passes;       /* what ended it: trying again can help */
} run;

/* RFC 6120 13.6. */
static bool load_files(run *r, failure *f)
{
    const connect_options *o = &r->options;

    if (!o->server.insecure && !o->server.pin_only &&
        !pem_anchors_load(&r->anchors, o->server.ca, f)) {
        return false;
    }
    return o->certificate == NULL ||
           (pem_chain_load(&r->chain, o->certificate, f) && pem_key_load(&r->key, o->key, f) &&
            pem_key_fits(&r->key, &r->chain, o->key, o->certificate, f));
}

/* Settings. */

static void configure_core(run *r)
{
    const connect_options *o = &r->options;
    parley_client_config *core = &r->core;
    uint32_t timeout = (uint32_t)o->plan.timeout;

    parley_client_config_init(core);
    core->cpu = parley_cpu_features();
    core->domain = o->jid.domain;
    core->user = o->jid.local;
    if (o->certificate != NULL && o->jid.local.data != NULL) {
        /* A certificate can hold another account: the one asked for is named (XEP-0178). */
        core->authzid.data = o->jid.local.data; /* local@domain, as it was parsed */
        core->authzid.len = o->jid.local.len + 1 + o->jid.domain.len;
    }
    core->resource = o->resource != NULL ? parley_string_of(o->resource) : o->jid.resource;
    core->security = r->server.direct ? PARLEY_DIRECT_TLS : PARLEY_STARTTLS;
    core->mechanisms = o->mechanisms;
    core->mechanism_count = o->mechanism_count;
    core->policy.as_listed = true;          /* by strength, or as they were named */
    core->policy.minimum = r->kept.minimum; /* once used, nothing weaker */
    core->timeouts.open = timeout;
    core->timeouts.tls = timeout;
    core->timeouts.sasl = timeout;
    core->timeouts.bind = timeout;
    core->output = OUTPUT_LEAST + (o->plan.message != NULL ? strlen(o->plan.message) * 6 : 0);
    core->stepwise = o->plan.roster;
}

static void configure_tls(run *r)
{
    const connect_options *o = &r->options;
    parley_tls_client_config *tls = &r->tls;

    memset(tls, 0, sizeof *tls);
    tls->core = &r->core;
    tls->anchors = r->anchors.list;
    tls->anchor_count = r->anchors.count;
    tls->pin = o->server.pinned ? o->server.pin : NULL;
    tls->pin_only = o->server.pin_only;
    tls->chain = r->chain.list;
    tls->chain_len = r->chain.count;
    tls->chain_issuer_type = r->chain.issuer_type;
    tls->ec_key = r->key.ec;
    tls->rsa_key = r->key.rsa;
}

/* How it went. */

static bool refuse_redirect(const run *r, failure *f)
{
    parley_redirect_verdict verdict = r->conversation.verdict;
    int status = verdict == PARLEY_REDIRECT_UNWANTED    ? STATUS_PEER
                 : verdict == PARLEY_REDIRECT_MALFORMED ? STATUS_PROTOCOL
                                                        : STATUS_LIMIT;

    /* Where none is followed it is a stream error like the others. */
    return failure_set(f, status,
                       verdict == PARLEY_REDIRECT_UNWANTED
                           ? parley_code_name(PARLEY_ERROR_STREAM_PEER)
                           : parley_redirect_name(verdict),
                       "%s, in state %s: %s; see-other-host said '%s'", r->server.where, r->state,
                       parley_redirect_text(verdict), r->conversation.other_text);
}

static bool judge(const run *r, const parley_outcome *o, failure *f)
{
    const conversation *c = &r->conversation;

    if (c->failed) {
        return failure_set(f, c->problem.status, c->problem.outcome, "%s: %s", r->server.where,
                           c->problem.text);
    }
    if (c->sent_away && c->verdict != PARLEY_REDIRECT_FOLLOW) {
        return refuse_redirect(r, f);
    }
    if (o->code == PARLEY_ERROR_NO_CREDENTIAL && r->kept.minimum != PARLEY_STRENGTH_ANY) {
        return failure_set(f, STATUS_LOCAL, parley_code_name(o->code),
                           "%s, in state %s: the password was forgotten once it had been used, and "
                           "what was kept of it does not serve here; run it again, or with --retry",
                           r->server.where, r->state);
    }
    if (o->code != PARLEY_NO_ERROR) {
        return outcome_set(f, o, r->server.where,
                           o->code == PARLEY_ERROR_SASL_NO_MECHANISM ? c->offered : c->peer_text,
                           r->session.network_error);
    }
    if ((parley_client_state(r->session.core) & PARLEY_IS_CLOSED) == 0 && signals_taken() == 0) {
        return failure_set(f, STATUS_NETWORK, "stream-cut", "%s: the connection was cut; try again",
                           r->server.where);
    }
    return true;
}

/* Whether the handshake failed with a session to be resumed: a full one may go better. */
static bool resumption_failed(const run *r, const parley_outcome *o)
{
    return r->kept.offered &&
           (o->code == PARLEY_ERROR_TLS_HANDSHAKE || o->code == PARLEY_ERROR_TLS_RECORD);
}

/* Whether another attempt could go better than the one that ended with this outcome. */
static bool passes(const run *r, const parley_outcome *o)
{
    const conversation *c = &r->conversation;

    if (c->done || (c->sent_away && c->verdict != PARLEY_REDIRECT_FOLLOW)) {
        return false;
    }
    if (c->failed) {
        return c->problem.status == STATUS_NETWORK;
    }
    return o->code == PARLEY_NO_ERROR || o->retry || resumption_failed(r, o);
}

/* The last line of each kind, and the exit status. */
static int conclude_in_words(run *r, bool good, const char *state, const failure *f)
{
    int number = signals_taken();

    if (number != 0) {
        char reason[64];

        snprintf(reason, sizeof reason, "closed after signal %d", number);
        output_closed(&r->out, good ? parley_code_name(PARLEY_NO_ERROR) : f->outcome, state, reason,
                      good);
        return STATUS_SIGNAL + number;
    }
    if (good) {
        output_closed(&r->out, parley_code_name(PARLEY_NO_ERROR), state, "in order", true);
        return STATUS_OK;
    }
    output_closed(&r->out, f->outcome, state, f->text, false);
    report("%s", f->text);
    return f->status;
}

/* The words, and the drawing if one is wanted. */
static int conclude(run *r, bool good, const char *state, const failure *f)
{
    int status;
    failure drawing;

    patience_begin(r->options.plan.timeout);
    status = conclude_in_words(r, good, state, f);
    patience_end();
    if (status == STATUS_OK && patience_lost()) {
        report("the last line cannot be written, or was not read; check where it goes");
        status = STATUS_LOCAL;
    }
    if (r->options.diagram == NULL ||
        diagram_write(&r->conversation.path, r->options.diagram, state, good,
                      good ? "in order" : f->text, &drawing)) {
        return status;
    }
    report("%s", drawing.text);
    return status == STATUS_OK ? drawing.status : status;
}

/* The state of a session that has not begun. */
static const char *first_state(void)
{
    return parley_client_machine.states[0].name;
}

/* A session over the connection that there is. */
static bool converse(run *r, failure *f)
{
    const parley_outcome *outcome;
    bool good;

    configure_core(r);
    configure_tls(r);
    r->settings = (session_settings){
        .tls = &r->tls,
        .insecure = r->options.server.insecure,
        .secret = &r->secret,
        .tracer = r->tracer,
        .keep_secret = r->options.retries > 0,
        .patience = r->options.plan.timeout,
        .kept = &r->kept,
    };
    if (!session_open(&r->session, &r->settings, conversation_handler(&r->conversation),
                      r->server.fd, f)) {
        return false;
    }
    session_run(&r->session);
    outcome = parley_client_outcome(r->session.core);
    r->state = outcome->code != PARLEY_NO_ERROR ? parley_client_state_text(outcome->state)
                                                : parley_client_state_name(r->session.core);
    good = judge(r, outcome, f);
    r->passes = !good && passes(r, outcome);
    if (resumption_failed(r, outcome)) {
        kept_forget_tls(&r->kept);
    }
    if (r->conversation.ready) {
        attempts_succeeded(&r->attempts);
    }
    session_close(&r->session);
    conversation_over(&r->conversation);
    return good;
}

/* Attempts. */

/* From the JID's domain, or as the options say. */
static void aim(run *r)
{
    r->target = r->options.server;
    r->domain = r->options.domain;
}

/* A trace follows one conversation. */
static bool begin_trace(run *r, failure *f)
{
    if (!r->options.trace) {
        return true;
    }
    trace_free(r->tracer);
    r->tracer = trace_new(stderr, TRACE_CLIENT, trace_wants_colour(stderr));
    r->conversation.tracer = r->tracer;
    return r->tracer != NULL || failure_set(f, STATUS_LOCAL, "local", "no memory for the trace");
}

static bool attempt(run *r, failure *f)
{
    r->state = first_state();
    r->passes = false;
    r->deadline = clock_now() + r->options.plan.timeout;
    conversation_again(&r->conversation, r->deadline);
    if (r->conversation.message_sent) {
        report("the message left with the session before, and is not sent again");
    }
    if (!begin_trace(r, f)) {
        return false;
    }
    if (!reach_server(&r->server, r->domain, &r->target, r->deadline, f)) {
        /* That there is no such service is a word of the domain's. */
        r->passes = f->status == STATUS_NETWORK && strcmp(f->outcome, "no-service") != 0;
        return false;
    }
    return converse(r, f);
}

/* Where see-other-host leads: by SRV records like a domain, or at its port (RFC 6120 4.9.3.19),
   with the encryption that the present session has. All else stays. */
static bool follow(run *r)
{
    conversation *c = &r->conversation;
    server_options *target = &r->target;

    if (!c->sent_away || c->verdict != PARLEY_REDIRECT_FOLLOW || c->done) {
        return false;
    }
    memcpy(r->other_host, c->other_host, sizeof r->other_host);
    r->domain = r->other_host;
    target->host = c->other.port != 0 ? r->other_host : NULL;
    target->port = c->other.port;
    target->security = r->options.server.security;
    if (c->other.port != 0 && target->security == SERVER_ANY) {
        target->security = r->server.direct ? SERVER_DIRECT : SERVER_STARTTLS;
    }
    c->followed++;
    output_redirect(&r->out, r->other_host, c->other.port, c->followed,
                    r->options.plan.redirects.most);
    return true;
}

/* After a failure: whether its time has come, by now, to try again. */
static bool again(run *r, failure *f)
{
    const conversation *c = &r->conversation;

    if (!r->passes || !attempts_wait(&r->attempts, c->listen_end, &r->out, r->state, f)) {
        return false;
    }
    aim(r);
    return true;
}

static int converse_until_done(run *r, failure *f)
{
    bool good;

    r->attempts.most = r->options.retries;
    r->attempts.wait_most = r->options.retry_wait;
    conversation_init(&r->conversation, &r->options.plan, &r->session, &r->out, r->tracer, 0);
    aim(r);
    do {
        good = attempt(r, f);
    } while (!good && signals_taken() == 0 && (follow(r) || again(r, f)) && signals_taken() == 0);
    return conclude(r, good, r->state, f);
}

static bool prepare(run *r, failure *f)
{
    return load_files(r, f) &&
           (connect_options_without_password(&r->options) ||
            password_get(&r->secret, r->options.password_file, r->options.bare, f)) &&
           signals_open(f);
}

static void release(run *r)
{
    trace_free(r->tracer);
    pem_anchors_free(&r->anchors);
    pem_chain_free(&r->chain);
    pem_key_wipe(&r->key);
    entropy_wipe(&r->secret, sizeof r->secret);
    kept_wipe(&r->kept);
}

int command_connect(int argc, char **argv)
{
    run *r = calloc(1, sizeof *r);
    failure f = {STATUS_LOCAL, "local", ""};
    bool done;
    int status;

    if (r == NULL) {
        report("no memory");
        return STATUS_LOCAL;
    }
    status = connect_options_read(&r->options, argc, argv, &done);
    if (status == STATUS_OK && !done) {
        output_init(&r->out, r->options.json);
        diagram_init(&r->conversation.path);
        status = prepare(r, &f) ? converse_until_done(r, &f)
                                : conclude(r, false, first_state(), &f);
        release(r);
    }
    free(r);
    return status;
}

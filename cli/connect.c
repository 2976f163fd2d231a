/* `parley connect JID`: a session with a real server. */
#include "clock.h"
#include "commands.h"
#include "connect_options.h"
#include "entropy.h"
#include "outcome.h"
#include "pem.h"
#include "reach.h"
#include "signals.h"
#include "status.h"

#include <parley/machine.h>
#include <parley/tls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for the longest answer of ours beside the message. */
#define OUTPUT_LEAST 32768u

/* Everything that one run holds. */
typedef struct run {
    connect_options options;
    pem_anchors anchors;
    pem_chain chain;
    pem_key key;
    password secret;
    kept_secrets kept;
    parley_client_config core;
    parley_tls_client_config tls;
    session session;
    session_settings settings;
    conversation conversation;
    output out;
    trace *tracer;
    int64_t deadline;
    reached server;
} run;

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

static bool judge(const run *r, failure *f)
{
    const parley_outcome *o = parley_client_outcome(r->session.core);

    if (r->conversation.failed) {
        return failure_set(f, r->conversation.problem.status, r->conversation.problem.outcome,
                           "%s: %s", r->server.where, r->conversation.problem.text);
    }
    if (o->code != PARLEY_NO_ERROR) {
        return outcome_set(f, o, r->server.where, r->conversation.peer_text,
                           r->session.network_error);
    }
    if ((parley_client_state(r->session.core) & PARLEY_IS_CLOSED) == 0 && signals_taken() == 0) {
        return failure_set(f, STATUS_NETWORK, "stream-cut", "%s: the connection was cut; try again",
                           r->server.where);
    }
    return true;
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
    int status = conclude_in_words(r, good, state, f);
    failure drawing;

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

static int converse(run *r, failure *f)
{
    const char *state = first_state();
    bool good;

    configure_core(r);
    configure_tls(r);
    r->settings = (session_settings){
        .tls = &r->tls,
        .insecure = r->options.server.insecure,
        .secret = &r->secret,
        .tracer = r->tracer,
        .kept = &r->kept,
    };
    conversation_init(&r->conversation, &r->options.plan, &r->session, &r->out, r->tracer,
                      r->deadline);
    good = session_open(&r->session, &r->settings, conversation_handler(&r->conversation),
                        r->server.fd, f);
    if (good) {
        const parley_outcome *outcome;

        session_run(&r->session);
        outcome = parley_client_outcome(r->session.core);
        state = outcome->code != PARLEY_NO_ERROR ? outcome->state
                                                 : parley_client_state_name(r->session.core);
        good = judge(r, f);
        session_close(&r->session);
    }
    return conclude(r, good, state, f);
}

static bool prepare(run *r, failure *f)
{
    if (!load_files(r, f) ||
        (!connect_options_without_password(&r->options) &&
         !password_get(&r->secret, r->options.password_file, r->options.bare, f)) ||
        !signals_open(f)) {
        return false;
    }
    if (r->options.trace) {
        r->tracer = trace_new(stderr, TRACE_CLIENT, trace_wants_colour(stderr));
        if (r->tracer == NULL) {
            return failure_set(f, STATUS_LOCAL, "local", "no memory for the trace");
        }
    }
    r->deadline = clock_now() + r->options.plan.timeout;
    return reach_server(&r->server, r->options.domain, &r->options.server, r->deadline, f);
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
        status = prepare(r, &f) ? converse(r, &f) : conclude(r, false, first_state(), &f);
        release(r);
    }
    free(r);
    return status;
}

/* `parley probe DOMAIN`: what a server offers, without an account. One session of the
   client core, closed as soon as the server has said what there is; then, quietly, a second
   one: with the key alone after a bad certificate, or to see whether TLS is resumed. */
#include "clock.h"
#include "commands.h"
#include "outcome.h"
#include "pem.h"
#include "probe_options.h"
#include "probe_print.h"
#include "reach.h"
#include "session.h"
#include "signals.h"
#include "status.h"

#include <parley/machine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* All there are, so that whatever is offered leads to the point where one would begin. */
static const parley_mechanism *const mechanisms[] = {
    &parley_scram_sha_512_plus, &parley_scram_sha_256_plus,
    &parley_scram_sha_1_plus,   &parley_scram_sha_512,
    &parley_scram_sha_256,      &parley_scram_sha_1,
    &parley_external,           &parley_anonymous,
    &parley_digest_md5,         &parley_plain,
};

typedef struct probe {
    probe_options options;
    pem_anchors anchors;
    password none; /* there is no password to give away */
    parley_client_config core;
    parley_tls_client_config tls;
    session_settings settings;
    session_watch watch;
    session session;
    kept_secrets kept;
    probe_reader reader;
    probe_look first;
    probe_look second;
    probe_look *look; /* the present one */
    probe_facts facts;
    probe_verdicts verdicts;
    bool quiet;   /* the present look prints nothing */
    bool behind;  /* it trusts the key alone that the server has shown */
    bool gave_up; /* its time is over */
    output out;
    trace *tracer;
    reached server;
    int64_t deadline;
    char peer_text[256];
} probe;

/* What a session reports on the way. */

static void keep_tls(probe *p, const parley_tls_info *tls)
{
    p->look->tls = *tls;
    p->look->has_tls = true;
    p->look->tls.verified = tls->verified && !p->behind;
    if (!p->quiet) {
        output_tls(&p->out, &p->look->tls);
    }
    if (p->tracer != NULL) {
        trace_note(p->tracer, "TLS is up%s: %s", tls->resumed ? ", resumed" : "",
                   parley_tls_suite_name(tls->suite));
    }
}

/* The server has said what it offers, and waits for us to begin with SASL. We do not. */
static void leave(probe *p)
{
    if (p->look->has_tls) {
        p->look->resumable = parley_tls_client_session(&p->session.tls, &p->kept.tls) == PARLEY_OK;
        p->kept.has_tls = p->look->resumable;
    }
    p->look->closing = true;
    parley_client_close(p->session.core);
}

static void handle_event(void *context, const parley_event *event)
{
    probe *p = context;

    switch (event->kind) {
    case PARLEY_EVENT_STATE:
        if (p->tracer != NULL) {
            trace_note(p->tracer, "state %s", parley_client_state_text(event->state));
        }
        if (!p->quiet) {
            output_state(&p->out, parley_client_state_text(event->state));
        }
        break;
    case PARLEY_EVENT_TLS:
        keep_tls(p, event->tls);
        break;
    case PARLEY_EVENT_FEATURES:
        if (p->look->has_tls || p->options.server.insecure) {
            leave(p);
        }
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        snprintf(p->peer_text, sizeof p->peer_text, "%.*s", (int)event->text.len,
                 event->text.data != NULL ? event->text.data : "");
        break;
    default:
        break;
    }
}

static int64_t step(void *context)
{
    probe *p = context;
    unsigned state = parley_client_state(p->session.core);

    if (p->gave_up || p->look->closing || (state & PARLEY_IS_CLOSED) != 0 || p->session.stopping) {
        return CLOCK_NEVER;
    }
    if (clock_left(p->deadline) == 0) {
        p->gave_up = true;
        parley_client_fail(p->session.core, PARLEY_ERROR_STREAM_DEADLINE,
                           PARLEY_CONNECTION_TIMEOUT);
        session_give_up(&p->session);
        return CLOCK_NEVER;
    }
    return p->deadline;
}

/* What the reader finds is printed as it comes. */

static void on_header(void *context, bool secure, const probe_header *header)
{
    probe *p = context;

    if (!p->quiet && (secure || p->look == &p->first)) {
        probe_print_header(&p->out, secure, header);
    }
}

static void on_offer(void *context, bool secure, const probe_offer *offer)
{
    probe *p = context;

    if (!p->quiet && (secure || p->look == &p->first)) {
        probe_print_offer(&p->out, secure, offer);
    }
}

static void on_certificate(void *context, size_t index, const probe_certificate *certificate)
{
    probe *p = context;

    if (!p->quiet && p->look == &p->first) {
        probe_print_certificate(&p->out, index, certificate);
    }
}

/* One look. */

static void configure(probe *p)
{
    const server_options *o = &p->options.server;
    uint32_t timeout = (uint32_t)o->timeout;

    parley_client_config_init(&p->core);
    p->core.cpu = parley_cpu_features();
    p->core.domain = p->options.jid.domain;
    p->core.user = parley_string_of("nobody"); /* for the configuration alone; never sent */
    p->core.security = p->server.direct ? PARLEY_DIRECT_TLS : PARLEY_STARTTLS;
    p->core.mechanisms = mechanisms;
    p->core.mechanism_count = sizeof mechanisms / sizeof mechanisms[0];
    p->core.timeouts.open = timeout;
    p->core.timeouts.tls = timeout;
    p->core.timeouts.sasl = timeout;
    p->tls.core = &p->core;
    p->tls.anchors = p->anchors.list;
    p->tls.anchor_count = p->anchors.count;
    p->tls.pin = o->pinned ? o->pin : NULL;
    p->tls.pin_only = o->pin_only;
    p->watch = (session_watch){&p->reader, probe_reader_bytes, probe_reader_certificate};
    p->settings = (session_settings){
        .tls = &p->tls,
        .insecure = o->insecure,
        .secret = &p->none,
        .watch = &p->watch,
    };
}

static bool is_silence(parley_code code)
{
    return code == PARLEY_ERROR_STREAM_CUT || code == PARLEY_ERROR_TLS_TRUNCATED ||
           code == PARLEY_ERROR_STREAM_DEADLINE;
}

/* A session that we closed ourselves has ended in order, whatever the server made of that:
   the points say it. */
static void conclude_look(probe *p)
{
    const parley_outcome *o = parley_client_outcome(p->session.core);
    probe_look *look = p->look;

    look->code = o->code;
    look->tls_code = o->tls_code;
    look->state = o->code != PARLEY_NO_ERROR ? parley_client_state_text(o->state)
                                             : parley_client_state_name(p->session.core);
    if (o->code != PARLEY_NO_ERROR && !(look->closing && is_silence(o->code))) {
        look->good = outcome_set(&look->problem, o, p->server.where, p->peer_text,
                                 p->session.network_error);
        return;
    }
    if (!look->closing && signals_taken() == 0) {
        look->good = failure_set(&look->problem, STATUS_NETWORK, "stream-cut",
                                 "%s: the connection was cut; try again", p->server.where);
        return;
    }
    look->good = true;
}

static void look_once(probe *p, probe_look *look)
{
    session_handler handler = {p, handle_event, step, NULL};

    p->look = look;
    look->state = parley_client_machine.states[0].name;
    p->peer_text[0] = '\0';
    if (p->options.trace) { /* one each: it reads along with the streams */
        p->tracer = trace_new(stderr, TRACE_CLIENT, trace_wants_colour(stderr));
        p->settings.tracer = p->tracer;
    }
    if ((p->options.trace && p->tracer == NULL) ||
        !probe_reader_open(&p->reader, look, p->options.jid.domain, p->server.direct)) {
        trace_free(p->tracer);
        p->tracer = NULL;
        failure_set(&look->problem, STATUS_LOCAL, "local", "no memory for a session");
        return;
    }
    p->reader.context = p;
    p->reader.on_header = on_header;
    p->reader.on_offer = on_offer;
    p->reader.on_certificate = on_certificate;
    if (session_open(&p->session, &p->settings, handler, p->server.fd, &look->problem)) {
        session_run(&p->session);
        conclude_look(p);
        session_close(&p->session);
    }
    probe_reader_close(&p->reader);
    trace_free(p->tracer);
    p->tracer = NULL;
}

/* The second look. */

static bool reach_again(probe *p)
{
    failure ignored;

    p->deadline = clock_now() + p->options.server.timeout;
    return signals_taken() == 0 &&
           reach_server(&p->server, p->options.domain, &p->options.server, p->deadline, &ignored);
}

static bool is_certificate_failure(parley_code code)
{
    return code == PARLEY_ERROR_TLS_CERTIFICATE_CHAIN ||
           code == PARLEY_ERROR_TLS_CERTIFICATE_NAME || code == PARLEY_ERROR_TLS_CERTIFICATE_PIN;
}

/* After a bad certificate: what is behind it, shown by whoever holds its key. */
static void look_behind(probe *p)
{
    if (p->first.chain_count == 0 || !p->first.chain[0].readable || !reach_again(p)) {
        return;
    }
    probe_print_note(&p->out, "the certificate is not accepted; once more, with its key alone:");
    p->tls.pin = p->first.chain[0].facts.key_hash;
    p->tls.pin_only = true;
    p->behind = true;
    p->gave_up = false;
    look_once(p, &p->second);
    p->facts.anew = &p->second;
}

static void look_for_resumption(probe *p)
{
    p->facts.resumption = PROBE_NOT_REACHED;
    if (!reach_again(p)) {
        return;
    }
    p->quiet = true;
    p->settings.kept = &p->kept;
    look_once(p, &p->second);
    p->settings.kept = NULL;
    p->quiet = false;
    if (p->second.has_tls) {
        p->facts.resumption = p->second.tls.resumed ? PROBE_RESUMED : PROBE_NOT_RESUMED;
    }
}

/* How it went. */

static int conclude(probe *p, bool good, const char *state, const failure *f)
{
    int number = signals_taken();
    char reason[96];
    size_t fails = 0;

    for (size_t i = 0; i < p->verdicts.count; i++) {
        fails += p->verdicts.list[i].word == PROBE_FAIL;
    }
    if (number != 0) {
        snprintf(reason, sizeof reason, "closed after signal %d", number);
        output_closed(&p->out, good ? parley_code_name(PARLEY_NO_ERROR) : f->outcome, state, reason,
                      good);
        return STATUS_SIGNAL + number;
    }
    if (!good) {
        output_closed(&p->out, f->outcome, state, f->text, false);
        report("%s", f->text);
        return f->status;
    }
    if (fails > 0 && p->options.strict) {
        snprintf(reason, sizeof reason, "%zu point%s failed, and --strict was asked for", fails,
                 fails == 1 ? "" : "s");
        output_closed(&p->out, "verdict", state, reason, false);
        report("%s: %s", p->server.where, reason);
        return STATUS_LIMIT;
    }
    snprintf(reason, sizeof reason, "probed to the end, %zu point%s failed", fails,
             fails == 1 ? "" : "s");
    output_closed(&p->out, parley_code_name(PARLEY_NO_ERROR), state, reason, true);
    return STATUS_OK;
}

static int probe_server(probe *p)
{
    const server_options *o = &p->options.server;

    configure(p);
    p->facts = (probe_facts){.look = &p->first,
                             .domain = p->options.jid.domain,
                             .direct = p->server.direct,
                             .insecure = o->insecure,
                             .pinned = o->pinned,
                             .pin_only = o->pin_only,
                             .now = (int64_t)time(NULL)};
    probe_print_server(&p->out, p->server.where,
                       o->insecure        ? "off"
                       : p->server.direct ? "direct"
                                          : "starttls");
    look_once(p, &p->first);
    if (is_certificate_failure(p->first.code)) {
        look_behind(p);
    } else if (p->first.good && p->first.resumable) {
        look_for_resumption(p);
    }
    if (signals_taken() == 0) {
        probe_judge(&p->facts, &p->verdicts);
        probe_print_verdicts(&p->out, &p->verdicts);
    }
    return conclude(p, p->first.good, p->first.state, &p->first.problem);
}

static bool prepare(probe *p, failure *f)
{
    const server_options *o = &p->options.server;

    if ((!o->insecure && !o->pin_only && !pem_anchors_load(&p->anchors, o->ca, f)) ||
        !signals_open(f)) {
        return false;
    }
    p->deadline = clock_now() + o->timeout;
    return reach_server(&p->server, p->options.domain, o, p->deadline, f);
}

static void release(probe *p)
{
    pem_anchors_free(&p->anchors);
    probe_look_free(&p->first);
    probe_look_free(&p->second);
    kept_wipe(&p->kept);
}

int command_probe(int argc, char **argv)
{
    probe *p = calloc(1, sizeof *p);
    failure f = {STATUS_LOCAL, "local", ""};
    bool done;
    int status;

    if (p == NULL) {
        report("no memory");
        return STATUS_LOCAL;
    }
    status = probe_options_read(&p->options, argc, argv, &done);
    if (status == STATUS_OK && !done) {
        output_init(&p->out, p->options.json);
        status = prepare(p, &f) ? probe_server(p)
                                : conclude(p, false, parley_client_machine.states[0].name, &f);
        release(p);
    }
    free(p);
    return status;
}

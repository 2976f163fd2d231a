/* parley demo: two clients and their server in one process, over TLS, with the
   router of parley serve between them. Juliet is the contact: she logs in first
   and unseen, and what she sees later is printed.

   The script (`play`) goes on when nothing moves any more; `seen` collects what
   was to be shown, from what each end really received. */
#include "commands.h"
#include "demo.h"
#include "entropy.h"
#include "options.h"
#include "status.h"

#include <parley/machine.h>

#include <stdlib.h>
#include <string.h>

#define ROUNDS 100000 /* of the loop; a few hundred are needed */
#define WORK   4096u

static const char help[] =
    "Usage: parley demo\n"
    "\n"
    "Both ends of XMPP in this process, over TLS with a certificate made on the spot:\n"
    "all six steps as an annotated conversation. No network, no files. Each line says\n"
    "who, in which direction, and in brackets the client's state after it.\n"
    "\n"
    "Exit status: 0 all six steps were done; 1 something differed.\n";

/* What the conversation must have shown. */
enum {
    SEEN_ROSTER = 1,
    SEEN_ARRIVAL = 2, /* juliet: romeo's presence */
    SEEN_CONTACT = 4, /* romeo: juliet's presence */
    SEEN_MESSAGE = 8,
    SEEN_REPLY = 16,
    SEEN_DEPARTURE = 32, /* juliet: romeo is unavailable */
    SEEN_ALL = 63
};

static const char question[] = "Art thou not Romeo, and a Montague?";
static const char answer[] = "Neither, fair saint, if either thee dislike.";

static parley_client *client_of(demo *d, int which)
{
    return &d->pairs[which].client.core;
}

/* The conversation as the client's end has it. */
static void show(pair *p, bool sent, const void *data, size_t len)
{
    demo_piece(&p->all->printer, sent ? &p->to_server : &p->to_client, p->name, sent,
               parley_client_state_name(&p->client.core), p->quiet, (parley_string){data, len});
}

void demo_observe(void *context, bool sent, const char *state, const void *data, size_t len)
{
    pair *p = context;
    if (sent && !p->tls_seen && strcmp(state, "secure_header") == 0 &&
        len <= sizeof(p->kept) - p->kept_len) {
        memcpy(p->kept + p->kept_len, data, len);
        p->kept_len += len;
    } else {
        show(p, sent, data, len);
    }
}

/* Requests. */

static parley_answer random_answer(char *bytes, size_t size, size_t len)
{
    parley_answer a = {.kind = PARLEY_ANSWER_RANDOM, .bytes = {bytes, len}};
    if (len > size || !entropy_fill(bytes, len)) {
        a.bytes.len = 0; /* does not fit the request, and is refused */
    }
    return a;
}

static void answer_client(pair *p)
{
    char bytes[256];
    parley_request request;
    parley_answer a = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = parley_string_of(p->secret)};
    if (!parley_client_request(&p->client.core, &request)) {
        return;
    }
    if (request.kind == PARLEY_REQUEST_RANDOM) {
        a = random_answer(bytes, sizeof(bytes), request.random_len);
    }
    if (parley_client_answer(&p->client.core, &a) == PARLEY_MISUSE) {
        parley_client_refuse(&p->client.core, PARLEY_REFUSE_UNAVAILABLE);
    }
}

static void answer_server(pair *p)
{
    char bytes[256];
    parley_request request;
    parley_answer a = {.kind = PARLEY_ANSWER_YES};
    uint32_t who;
    if (!parley_server_request(&p->server.core, &request)) {
        return;
    }
    switch (request.kind) {
    case PARLEY_REQUEST_RANDOM:
        a = random_answer(bytes, sizeof(bytes), request.random_len);
        break;
    case PARLEY_REQUEST_CREDENTIAL:
        who = users_find(&p->all->people, request.user);
        if (who == USERS_NONE || !users_credential(&p->all->accounts[who], request.mechanism, &a)) {
            parley_server_refuse(&p->server.core, PARLEY_REFUSE_UNKNOWN);
            return;
        }
        break;
    case PARLEY_REQUEST_BIND:
        a = (parley_answer){.kind = PARLEY_ANSWER_RESOURCE, .bytes = request.resource};
        break;
    default:
        break;
    }
    if (parley_server_answer(&p->server.core, &a) == PARLEY_MISUSE) {
        parley_server_refuse(&p->server.core, PARLEY_REFUSE_UNAVAILABLE);
    }
}

/* Events. */

static void note_state(demo *d, const char *name)
{
    for (size_t i = 0; i < parley_client_machine.state_count; i++) {
        const parley_machine_state *state = &parley_client_machine.states[i];
        if (strcmp(state->name, name) == 0) {
            d->steps |= 1u << state->step;
        }
    }
}

static void note_tls(pair *p, const parley_tls_info *tls)
{
    char text[96];
    if (!p->quiet) {
        snprintf(text, sizeof(text), "TLS 1.2, %s", parley_tls_suite_name(tls->suite));
        demo_remark(&p->all->printer, text, "RFC 6120 5.4.3.1");
        demo_remark(&p->all->printer,
                    tls->verified ? "the certificate is " DEMO_DOMAIN "'s, and trusted"
                                  : "the certificate is NOT verified",
                    "RFC 6120 13.7.2");
    }
    p->tls_seen = true;
    show(p, true, p->kept, p->kept_len);
}

static bool has(parley_element e, const char *name, parley_string wanted)
{
    return parley_string_equal(parley_element_attribute(e, name), wanted);
}

static bool has_body(parley_element e, const char *wanted)
{
    parley_element body;
    parley_string text;
    return parley_element_find(e, "body", "jabber:client", &body) &&
           parley_element_text(body, &text) == PARLEY_OK &&
           parley_string_equal(text, parley_string_of(wanted));
}

/* What a stanza shows to the client that gets it. */
static unsigned meaning(demo *d, int which, parley_element e)
{
    parley_string other = parley_client_jid(client_of(d, which == ROMEO ? JULIET : ROMEO));
    parley_element child;
    parley_element item;

    if (parley_element_is(e, "iq", "jabber:client")) {
        bool found = parley_element_find(e, "query", "jabber:iq:roster", &child) &&
                     parley_element_find(child, "item", NULL, &item) &&
                     has(item, "jid", parley_string_of("juliet@" DEMO_DOMAIN)) &&
                     has(item, "subscription", parley_string_of("both"));
        return which == ROMEO && found ? SEEN_ROSTER : 0u;
    }
    if (!has(e, "from", other)) {
        return 0;
    }
    if (parley_element_is(e, "message", "jabber:client")) {
        if (which == JULIET && has_body(e, question)) {
            parley_string from = parley_element_attribute(e, "from");
            memcpy(d->reply_to, from.data, from.len);
            d->reply_to_len = from.len;
            return SEEN_MESSAGE;
        }
        return which == ROMEO && has_body(e, answer) ? SEEN_REPLY : 0u;
    }
    if (has(e, "type", parley_string_of("unavailable"))) {
        return which == JULIET ? SEEN_DEPARTURE : 0u;
    }
    if (!parley_element_attribute(e, "type").data) {
        return which == JULIET ? SEEN_ARRIVAL : SEEN_CONTACT;
    }
    return 0;
}

static void client_event(demo *d, int which)
{
    parley_event event;
    if (!parley_client_event(client_of(d, which), &event)) {
        return;
    }
    if (event.kind == PARLEY_EVENT_STANZA) {
        d->seen |= meaning(d, which, event.element);
    } else if (event.kind == PARLEY_EVENT_STATE && which == ROMEO) {
        note_state(d, parley_client_state_text(event.state));
    } else if (event.kind == PARLEY_EVENT_TLS) {
        note_tls(&d->pairs[which], event.tls);
    }
}

static void server_event(demo *d, int which)
{
    parley_event event;
    pair *p = &d->pairs[which];
    if (!parley_server_event(&p->server.core, &event)) {
        return;
    }
    if (event.kind == PARLEY_EVENT_BOUND) {
        router_join(&d->routes, (uint32_t)which, &p->server.core, p->who);
        p->joined = true;
    } else if (event.kind == PARLEY_EVENT_STANZA) {
        router_stanza(&d->routes, (uint32_t)which, event.element);
    }
}

/* The wire between a pair. */

static bool carry(pair *p)
{
    size_t len = 0;
    size_t taken = 0;
    const void *data = parley_tls_client_out_buf(&p->client, &len);
    if (data && len > 0) {
        taken = parley_tls_server_push(&p->server, data, len);
        parley_tls_client_out_ack(&p->client, taken);
    }
    data = parley_tls_server_out_buf(&p->server, &len);
    if (data && len > 0) {
        len = parley_tls_client_push(&p->client, data, len);
        parley_tls_server_out_ack(&p->server, len);
        taken += len;
    }
    return taken > 0;
}

/* One end has said everything: the other reads the end of input. */
static bool carry_end(pair *p, unsigned client, unsigned server)
{
    if ((client & PARLEY_IS_CLOSED) && !(client & PARLEY_HAS_OUTPUT) && !p->server_told) {
        p->server_told = true;
        parley_tls_server_finish(&p->server);
        return true;
    }
    if ((server & PARLEY_IS_CLOSED) && !(server & PARLEY_HAS_OUTPUT) && !p->client_told) {
        p->client_told = true;
        parley_tls_client_finish(&p->client);
        return true;
    }
    return false;
}

static bool turn(demo *d, int which)
{
    pair *p = &d->pairs[which];
    unsigned client = parley_tls_client_run(&p->client);
    unsigned server = parley_tls_server_run(&p->server);

    if (client & PARLEY_HAS_REQUEST) {
        answer_client(p);
    } else if (client & PARLEY_HAS_WORK) {
        parley_client_work(&p->client.core, WORK);
    } else if (client & PARLEY_HAS_EVENT) {
        client_event(d, which);
    } else if (server & PARLEY_HAS_REQUEST) {
        answer_server(p);
    } else if (server & PARLEY_HAS_WORK) {
        parley_server_work(&p->server.core, WORK);
    } else if (server & PARLEY_HAS_EVENT) {
        server_event(d, which);
    } else if (p->joined && !(server & PARLEY_IS_READY)) {
        router_leave(&d->routes, (uint32_t)which);
        p->joined = false;
    } else if (p->joined && router_pump(&d->routes, (uint32_t)which)) {
        return true;
    } else {
        return carry(p) || carry_end(p, client, server);
    }
    return true;
}

/* The script. */

static void send_roster_request(parley_client *c)
{
    parley_writer w;
    char id[24];
    parley_client_id(c, id);
    parley_client_stanza(c, &w);
    parley_writer_start(&w, "iq", NULL);
    parley_writer_attribute(&w, "type", parley_string_of("get"));
    parley_writer_attribute(&w, "id", parley_string_of(id));
    parley_writer_start(&w, "query", "jabber:iq:roster");
    parley_writer_end(&w);
    parley_writer_end(&w);
    parley_client_send(c, &w);
}

static void send_presence(parley_client *c)
{
    parley_writer w;
    parley_client_stanza(c, &w);
    parley_writer_start(&w, "presence", NULL);
    parley_writer_end(&w);
    parley_client_send(c, &w);
}

static void send_message(parley_client *c, parley_string to, const char *body)
{
    parley_writer w;
    char id[24];
    parley_client_id(c, id);
    parley_client_stanza(c, &w);
    parley_writer_start(&w, "message", NULL);
    parley_writer_attribute(&w, "type", parley_string_of("chat"));
    parley_writer_attribute(&w, "id", parley_string_of(id));
    parley_writer_attribute(&w, "to", to);
    parley_writer_start(&w, "body", NULL);
    parley_writer_text(&w, parley_string_of(body));
    parley_writer_end(&w);
    parley_writer_end(&w);
    parley_client_send(c, &w);
}

/* The next scene, when nothing moves any more. False: that was the last. */
static bool play(demo *d)
{
    switch (d->scene++) {
    case 0:
        d->pairs[JULIET].quiet = true;
        d->pairs[JULIET].begun = true;
        return true;
    case 1:
        send_presence(client_of(d, JULIET));
        return true;
    case 2:
        d->pairs[JULIET].quiet = false;
        d->pairs[ROMEO].begun = true;
        return true;
    case 3:
        send_roster_request(client_of(d, ROMEO));
        return true;
    case 4:
        send_presence(client_of(d, ROMEO));
        return true;
    case 5:
        send_message(client_of(d, ROMEO), parley_string_of("juliet@" DEMO_DOMAIN), question);
        return true;
    case 6:
        send_message(client_of(d, JULIET), (parley_string){d->reply_to, d->reply_to_len}, answer);
        return true;
    case 7:
        parley_client_close(client_of(d, ROMEO));
        return true;
    case 8:
        d->pairs[JULIET].quiet = true;
        parley_client_close(client_of(d, JULIET));
        return true;
    default:
        return false;
    }
}

static bool run(demo *d)
{
    for (int round = 0; round < ROUNDS; round++) {
        bool moved = false;
        for (int i = 0; i < PAIRS; i++) {
            if (d->pairs[i].begun && turn(d, i)) {
                moved = true;
            }
        }
        if (!moved && !play(d)) {
            return true;
        }
    }
    return false;
}

/* The verdict: what differs from what had to happen. NULL: nothing. */
static const char *verdict(demo *d, char *text, size_t size)
{
    static const char *const what[] = {"the roster was not answered",
                                       "the contact did not see the arrival",
                                       "the contact's presence was not seen",
                                       "the message did not arrive",
                                       "the reply did not arrive",
                                       "the contact did not see the departure"};
    for (int i = 0; i < PAIRS; i++) {
        const parley_outcome *mine = parley_client_outcome(client_of(d, i));
        const parley_outcome *theirs = parley_server_outcome(&d->pairs[i].server.core);
        if (mine->code || theirs->code) {
            const parley_outcome *o = mine->code ? mine : theirs;
            snprintf(text, size, "%s's %s ended with %s in state %s: %s", d->pairs[i].name,
                     mine->code ? "client" : "server", parley_code_name(o->code),
                     mine->code ? parley_client_state_text(o->state)
                                : parley_server_state_text(o->state),
                     parley_code_text(o->code));
            return text;
        }
        if (!(parley_client_state(client_of(d, i)) & PARLEY_IS_CLOSED)) {
            snprintf(text, size, "%s's client stands still in state %s", d->pairs[i].name,
                     parley_client_state_name(client_of(d, i)));
            return text;
        }
    }
    for (unsigned i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
        if (!(d->seen & (1u << i))) {
            return what[i];
        }
    }
    for (unsigned step = 1; step <= DEMO_STEPS; step++) {
        if (!(d->steps & (1u << step))) {
            snprintf(text, size, "step %u was left out", step);
            return text;
        }
    }
    return d->printer.broken ? "what was said could not be printed" : NULL;
}

static int run_demo(demo *d)
{
    failure f;
    char text[512];
    const char *problem;

    if (!demo_set_up(d, &f)) {
        report("%s", f.text);
        return f.status;
    }
    puts("Both ends of XMPP in one process: romeo@" DEMO_DOMAIN
         ", a client; his server; and juliet,\n"
         "his contact, who has logged in the same way before. Nothing leaves this process.\n"
         "In brackets: the client's state after the line.");
    problem = run(d) ? verdict(d, text, sizeof(text)) : "the conversation does not end";
    if (problem) {
        fflush(stdout);
        report("%s", problem);
        return STATUS_LOCAL;
    }
    printf("\nAll six steps were done: opened, encrypted and authenticated, bound, session "
           "established,\nstanzas exchanged, closed in order; the contact saw each of it.\n");
    return STATUS_OK;
}

int command_demo(int argc, char **argv)
{
    static const struct option known[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    demo *d;
    int status;
    int option = options_next(argc, argv, known);

    if (option == 'h') {
        fputs(help, stdout);
        return STATUS_OK;
    }
    if (option != -1) {
        return STATUS_USAGE;
    }
    if (optind < argc) {
        return report_usage("'%s' is one argument too many", argv[optind]);
    }
    d = calloc(1, sizeof(*d));
    if (!d) {
        report("no memory for the demo");
        return STATUS_LOCAL;
    }
    status = run_demo(d);
    demo_tear_down(d);
    return status;
}

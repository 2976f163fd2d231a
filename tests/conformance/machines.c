/* The machines, exhaustively: every state with every event, as the compiled
   code does it and as the compiled data says it, against tables that were
   written by hand from RFC 6120. What a state's row does not name must be the
   rejection to `closing`.

   The actions are this file's own: they write down their names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client_machine.h"
#include "parley/machine.h"
#include "server_machine.h"

/* What ends a state in which XML is exchanged (RFC 6120 4.4, 4.6.2, 4.9.1.1). */
#define ENDINGS                                                             \
    "STREAM_ERROR report_error closing\nSTREAM_CLOSE answer_close closed\n" \
    "END_OF_INPUT lose closed\nTLS_FAILED lose closed\nDEADLINE time_out closing\n"
#define ENDS ENDINGS "CLOSE send_close closing\n"
/* Nothing is under way: there is nobody to tell (3.2). */
#define NOT_YET "END_OF_INPUT lose closed\nCLOSE finish closed\n"
/* TLS has the wire: no XML comes or goes (5.4.3). */
#define NO_XML                                                                     \
    "END_OF_INPUT lose closed\nTLS_FAILED lose closed\nDEADLINE time_out closed\n" \
    "CLOSE finish closed\n"
/* Our close is sent: whatever ends it, ends it in order (4.4). */
#define FINISHING                                                                        \
    "STREAM_CLOSE finish closed\nEND_OF_INPUT finish closed\nTLS_FAILED finish closed\n" \
    "DEADLINE finish closed\n"
/* White space between elements is allowed but during STARTTLS and SASL (4.6.1, 5.3.3, 6.3.5). */
#define SPACE(state) "WHITE_SPACE - " state "\n"

typedef struct expectation {
    const char *state;
    const char *rows;  /* EVENT actions next, a line each */
    const char *other; /* what every other event does */
} expectation;

#define REJECTED "reject closing"

static const expectation client_table[] = {
    {"start",
     NOT_YET "BEGIN_STARTTLS open_stream plain_header\nBEGIN_DIRECT await_tls handshake\n"
             "BEGIN_INSECURE open_stream insecure_header\n",
     REJECTED},
    /* 4.2: header, then features. 5.3.1: no TLS, no session. */
    {"plain_header", ENDS SPACE("plain_header") "HEADER read_header plain_features\n", REJECTED},
    {"plain_features",
     ENDS SPACE("plain_features") "FEATURES_STARTTLS ask_tls proceed\n"
                                  "FEATURES_NO_STARTTLS refuse_plain closing\n",
     REJECTED},
    /* 5.4.2: proceed or failure, nothing else. */
    {"proceed", ENDS "PROCEED await_tls handshake\nSTARTTLS_FAILURE tls_refused closing\n",
     REJECTED},
    /* 5.4.3, 13.7.2: an unverified peer is told nothing. */
    {"handshake",
     NO_XML "TLS_UP_VERIFIED restart_stream secure_header\n"
            "TLS_UP_UNVERIFIED distrust closed\n",
     REJECTED},
    /* 5.4.3.3: a new stream. */
    {"secure_header", ENDS SPACE("secure_header") "HEADER read_header secure_features\n", REJECTED},
    {"secure_features",
     ENDS SPACE("secure_features") "FEATURES_SASL_ALLOWED choose_mechanism "
                                   "mechanism\nFEATURES_SASL_WEAK refuse_weak closing\n",
     REJECTED},
    {"insecure_header", ENDS SPACE("insecure_header") "HEADER read_header insecure_features\n",
     REJECTED},
    {"insecure_features",
     ENDS SPACE("insecure_features") "FEATURES_SASL_ALLOWED choose_mechanism "
                                     "mechanism\nFEATURES_SASL_WEAK refuse_weak closing\n",
     REJECTED},
    /* 6.4.2 to 6.4.6. A success counts when the server has proved itself, if the mechanism has
       a proof (RFC 5802 5); one attempt (13.8.3). */
    {"mechanism", ENDS "FIRST_MESSAGE send_auth authenticating\n", REJECTED},
    {"authenticating",
     ENDS "CHALLENGE_CREDENTIAL ask_credential credential\n"
          "CHALLENGE_ANSWERED send_response authenticating\nCHALLENGE_REFUSED abort_sasl closing\n"
          "SUCCESS_UNASKED authenticated authenticated_header\nSUCCESS_UNPROVED distrust closing\n"
          "SASL_FAILURE sasl_refused closing\n",
     REJECTED},
    {"credential", ENDS "DERIVATION derive deriving\nCHALLENGE_ANSWERED send_response proving\n",
     REJECTED},
    {"deriving", ENDS "DERIVED send_response proving\n", REJECTED},
    {"proving",
     ENDS "SUCCESS_PROVED authenticated authenticated_header\n"
          "CHALLENGE_PROVED send_empty proved\nCHALLENGE_REFUSED abort_sasl closing\n"
          "SUCCESS_UNPROVED distrust closing\nSASL_FAILURE sasl_refused closing\n",
     REJECTED},
    {"proved",
     ENDS "SUCCESS_PROVED authenticated authenticated_header\n"
          "SASL_FAILURE sasl_refused closing\n",
     REJECTED},
    /* 6.4.6: a new stream. 7.4: bind is mandatory. */
    {"authenticated_header",
     ENDS SPACE("authenticated_header") "HEADER read_header authenticated_features\n", REJECTED},
    {"authenticated_features",
     ENDS SPACE("authenticated_features") "FEATURES_BIND send_bind binding\n", REJECTED},
    /* 7.6, 7.7: a conflict leaves another try to the server. */
    {"binding",
     ENDS SPACE(
         "binding") "BIND_RESULT become_ready ready\n"
                    "BIND_RESULT_SESSION send_session session\nBIND_CONFLICT send_bind binding\n"
                    "BIND_FAILURE bind_refused closing\n",
     REJECTED},
    /* RFC 3921 3. */
    {"session",
     ENDS SPACE("session") "SESSION_RESULT become_ready ready\n"
                           "SESSION_FAILURE session_refused closing\n",
     REJECTED},
    {"ready",
     ENDINGS "CLOSE send_close close_sent\nSTANZA deliver ready\nWHITE_SPACE heard ready\n"
             "SILENCE keep_alive ready\n",
     REJECTED},
    /* 4.4: what comes before the peer's close is still processed. */
    {"close_sent",
     FINISHING "STREAM_ERROR report_error closing\nSTANZA deliver close_sent\n"
               "WHITE_SPACE heard close_sent\nCLOSE - close_sent\n",
     REJECTED},
    {"closing", FINISHING, "- closing"},
    {"closed", "", "- closed"},
};

static const expectation server_table[] = {
    {"start",
     NOT_YET "BEGIN_STARTTLS expect_header plain_header\nBEGIN_DIRECT await_tls handshake\n"
             "BEGIN_INSECURE expect_header insecure_header\n",
     REJECTED},
    {"plain_header", ENDS SPACE("plain_header") "HEADER ask_host plain_host\n", REJECTED},
    {"plain_host", ENDS "HOST_SERVED offer_starttls plain_features\n", REJECTED},
    /* 5.4.2; 6.5.4: SASL is refused in the clear. */
    {"plain_features",
     ENDS SPACE("plain_features") "STARTTLS send_proceed handshake\n"
                                  "AUTH refuse_plain plain_features\nAUTH_REFUSED refuse_plain "
                                  "plain_features\n"
                                  "ATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"handshake", NO_XML "TLS_UP restart_stream secure_header\n", REJECTED},
    {"secure_header", ENDS SPACE("secure_header") "HEADER ask_host secure_host\n", REJECTED},
    {"secure_host", ENDS "HOST_SERVED offer_mechanisms mechanisms\n", REJECTED},
    {"insecure_header", ENDS SPACE("insecure_header") "HEADER ask_host insecure_host\n", REJECTED},
    {"insecure_host", ENDS "HOST_SERVED offer_mechanisms mechanisms\n", REJECTED},
    /* 6.4.2 to 6.4.6; 6.4.5: an attempt may be repeated, so many times. */
    {"mechanisms",
     ENDS SPACE(
         "mechanisms") "AUTH ask_nonce nonce\n"
                       "AUTH_REFUSED send_failure mechanisms\nATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"nonce",
     ENDS "IDENTITY ask_credential credential\nCHALLENGE send_challenge challenged\n"
          "ATTEMPT_REFUSED send_failure mechanisms\nATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"credential",
     ENDS "CHALLENGE send_challenge challenged\nDERIVATION derive deriving\n"
          "PROVED ask_authority authorizing\nATTEMPT_REFUSED send_failure mechanisms\n"
          "ATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"challenged",
     ENDS "AUTH ask_nonce nonce\nAUTH_REFUSED send_failure mechanisms\n"
          "IDENTITY ask_credential credential\nCHALLENGE send_challenge challenged\n"
          "DERIVATION derive deriving\nPROVED ask_authority authorizing\n"
          "ATTEMPT_REFUSED send_failure mechanisms\nABORT send_failure mechanisms\n"
          "ATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"deriving",
     ENDS "CHALLENGE send_challenge challenged\nPROVED ask_authority authorizing\n"
          "ATTEMPT_REFUSED send_failure mechanisms\nATTEMPTS_SPENT reject closing\n",
     REJECTED},
    /* 6.3.8. */
    {"authorizing",
     ENDS "AUTHORIZED send_success authenticated_header\n"
          "ATTEMPT_REFUSED send_failure mechanisms\nATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"authenticated_header",
     ENDS SPACE("authenticated_header") "HEADER ask_host authenticated_host\n", REJECTED},
    {"authenticated_host", ENDS "HOST_SERVED offer_bind authenticated_features\n", REJECTED},
    /* 7.4 to 7.7: nothing but bind (4.3.5), and not for ever. */
    {"authenticated_features",
     ENDS SPACE("authenticated_features") "BIND ask_bind binding\n"
                                          "BIND_REFUSED refuse_bind "
                                          "authenticated_features\nATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"binding",
     ENDS "BOUND send_bound ready\nBIND_REFUSED refuse_bind authenticated_features\n"
          "ATTEMPTS_SPENT reject closing\n",
     REJECTED},
    {"ready",
     ENDINGS "CLOSE send_close close_sent\nSTANZA deliver ready\nSESSION answer_session ready\n"
             "BIND refuse_bind ready\nBIND_REFUSED refuse_bind ready\nSILENCE keep_alive ready\n"
             "WHITE_SPACE heard ready\n",
     REJECTED},
    /* Requests can no longer be answered. */
    {"close_sent",
     FINISHING "STREAM_ERROR report_error closing\nSTANZA deliver close_sent\n"
               "WHITE_SPACE heard close_sent\nSESSION - close_sent\nBIND - close_sent\n"
               "BIND_REFUSED - close_sent\nCLOSE - close_sent\n",
     REJECTED},
    {"closing", FINISHING, "- closing"},
    {"closed", "", "- closed"},
};

/* What the machine has done since the last step. */
static char done[256];
static unsigned at_state;

static void act(const char *name)
{
    size_t len = strlen(done);

    (void)snprintf(done + len, sizeof done - len, "%s%s", len > 0 ? "," : "", name);
}

void parley_client_at(parley_client *c, enum client_state state)
{
    (void)c;
    at_state = (unsigned)state;
}

void parley_server_at(parley_server *s, enum server_state state)
{
    (void)s;
    at_state = (unsigned)state;
}

#define CLIENT_ACTION(function, name)               \
    void parley_client_##function(parley_client *c) \
    {                                               \
        (void)c;                                    \
        act(name);                                  \
    }
#define CLIENT(name) CLIENT_ACTION(name, #name)

CLIENT(open_stream)
CLIENT(restart_stream)
CLIENT(read_header)
CLIENT(ask_tls)
CLIENT(await_tls)
CLIENT(refuse_plain)
CLIENT(tls_refused)
CLIENT(distrust)
CLIENT(choose_mechanism)
CLIENT(refuse_weak)
CLIENT(send_auth)
CLIENT(ask_credential)
CLIENT(derive)
CLIENT(send_response)
CLIENT(send_empty)
CLIENT(abort_sasl)
CLIENT(sasl_refused)
CLIENT(authenticated)
CLIENT(send_bind)
CLIENT(bind_refused)
CLIENT(send_session)
CLIENT(session_refused)
CLIENT(become_ready)
CLIENT(deliver)
CLIENT(keep_alive)
CLIENT(heard)
CLIENT(report_error)
CLIENT(answer_close)
CLIENT(send_close)
CLIENT(time_out)
CLIENT(lose)
CLIENT(reject)
CLIENT_ACTION(finished, "finish")

#define SERVER_ACTION(function, name)               \
    void parley_server_##function(parley_server *s) \
    {                                               \
        (void)s;                                    \
        act(name);                                  \
    }
#define SERVER(name) SERVER_ACTION(name, #name)

SERVER(expect_header)
SERVER(await_tls)
SERVER(lose)
SERVER(reject)
SERVER(ask_host)
SERVER(report_error)
SERVER(answer_close)
SERVER(time_out)
SERVER(send_close)
SERVER(offer_starttls)
SERVER(send_proceed)
SERVER(refuse_plain)
SERVER(restart_stream)
SERVER(offer_mechanisms)
SERVER(ask_nonce)
SERVER(send_failure)
SERVER(ask_credential)
SERVER(send_challenge)
SERVER(derive)
SERVER(ask_authority)
SERVER(send_success)
SERVER(offer_bind)
SERVER(ask_bind)
SERVER(refuse_bind)
SERVER(send_bound)
SERVER(deliver)
SERVER(answer_session)
SERVER(keep_alive)
SERVER(heard)
SERVER_ACTION(finished, "finish")

/* One machine: its data, its hand table, and how its code takes one event. */
typedef struct subject {
    const parley_machine *machine;
    const expectation *table;
    size_t count;
    int (*begin)(void); /* gives Ragel's number of the start state */
    int (*step)(int cs, uint8_t event);
} subject;

static int client_begin(void)
{
    static parley_client c;

    parley_client_machine_init(&c);
    return c.stream.cs;
}

static int client_step(int cs, uint8_t event)
{
    static parley_client c;

    c.stream.cs = cs;
    parley_client_machine_step(&c, (enum client_event)event);
    return c.stream.cs;
}

static int server_begin(void)
{
    static parley_server s;

    parley_server_machine_init(&s);
    return s.stream.cs;
}

static int server_step(int cs, uint8_t event)
{
    static parley_server s;

    s.stream.cs = cs;
    parley_server_machine_step(&s, (enum server_event)event);
    return s.stream.cs;
}

static const subject client = {&parley_client_machine, client_table,
                               sizeof client_table / sizeof client_table[0], client_begin,
                               client_step};
static const subject server = {&parley_server_machine, server_table,
                               sizeof server_table / sizeof server_table[0], server_begin,
                               server_step};

/* "actions next" of a state with an event, by the hand table. */
static void expected(const subject *s, const char *state, const char *event, char *out, size_t size)
{
    const expectation *row = s->table;
    const char *line;
    size_t len = strlen(event);

    while (strcmp(row->state, state) != 0) {
        row++;
        assert_true(row < s->table + s->count);
    }
    for (line = row->rows; *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(line, event, len) == 0 && line[len] == ' ') {
            (void)snprintf(out, size, "%.*s", (int)strcspn(line + len + 1, "\n"), line + len + 1);
            return;
        }
    }
    (void)snprintf(out, size, "%s", row->other);
}

static void expect(const subject *s, unsigned state, unsigned event, const char *actions,
                   unsigned next)
{
    const parley_machine *m = s->machine;
    char want[128];
    char have[512];

    expected(s, m->states[state].name, m->events[event], want, sizeof want);
    (void)snprintf(have, sizeof have, "%s %s", actions[0] != '\0' ? actions : "-",
                   m->states[next].name);
    if (strcmp(want, have) != 0) {
        fail_msg("%s in %s, %s: is \"%s\", should be \"%s\"", m->name, m->states[state].name,
                 m->events[event], have, want);
    }
}

static void data_is_as_by_hand(const subject *s)
{
    const parley_machine *m = s->machine;
    bool seen[64][64] = {{false}};
    unsigned i;

    assert_int_equal(m->state_count, s->count);
    assert_int_equal(m->transition_count, m->state_count * m->event_count);
    for (i = 0; i < m->transition_count; i++) {
        const parley_machine_transition *t = &m->transitions[i];
        assert_false(seen[t->state][t->event]);
        seen[t->state][t->event] = true;
        expect(s, t->state, t->event, t->actions, t->next);
    }
}

/* Every state that the code can reach from its start, with every event. Ragel's
   error state would be number 0. */
static void code_is_as_by_hand(const subject *s)
{
    int cs[64];
    bool known[64] = {false};
    bool walked[64] = {false};
    unsigned reached = 0;
    unsigned state;
    unsigned event;
    bool more = true;

    cs[0] = s->begin();
    assert_int_equal(at_state, 0);
    known[0] = true;
    while (more) {
        more = false;
        for (state = 0; state < s->machine->state_count; state++) {
            if (!known[state] || walked[state]) {
                continue;
            }
            walked[state] = true;
            more = true;
            reached++;
            for (event = 1; event <= s->machine->event_count; event++) {
                int next;
                done[0] = '\0';
                at_state = 99;
                next = s->step(cs[state], (uint8_t)event);
                assert_int_not_equal(next, 0);
                assert_true(at_state < s->machine->state_count);
                assert_true(!known[at_state] || cs[at_state] == next);
                cs[at_state] = next;
                known[at_state] = true;
                expect(s, state, event, done, at_state);
            }
        }
    }
    assert_int_equal(reached, s->machine->state_count);
}

/* A row that names no event of the machine would never be looked at. */
static void rows_are_of_the_machine(const subject *s)
{
    size_t i;
    const char *line;
    unsigned event;
    char name[64];

    for (i = 0; i < s->count; i++) {
        for (line = s->table[i].rows; *line != '\0'; line = strchr(line, '\n') + 1) {
            bool found = false;
            (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " "), line);
            for (event = 1; event <= s->machine->event_count; event++) {
                found = found || strcmp(s->machine->events[event], name) == 0;
            }
            if (!found) {
                fail_msg("%s: no event %s", s->machine->name, name);
            }
        }
    }
}

static void client_machine(void **state)
{
    (void)state;
    rows_are_of_the_machine(&client);
    data_is_as_by_hand(&client);
    code_is_as_by_hand(&client);
}

static void server_machine(void **state)
{
    (void)state;
    rows_are_of_the_machine(&server);
    data_is_as_by_hand(&server);
    code_is_as_by_hand(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_machine),
        cmocka_unit_test(server_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The server's actions, one call each, and its machine's two entries. Each action
   is defined in the file of its step. */
#ifndef PARLEY_SERVER_MACHINE_H
#define PARLEY_SERVER_MACHINE_H

#include "parley/server.h"
#include "server_states.h"

/* Puts the machine into its start state. */
void parley_server_machine_init(parley_server *s);

/* Takes one event: runs the transition's actions, then enters its state. */
void parley_server_machine_step(parley_server *s, enum server_event event);

/* A state was entered, also by a self-loop. */
void parley_server_at(parley_server *s, enum server_state state);

/* Actions, by the names in spec/server.rl. */
void parley_server_expect_header(parley_server *s);
void parley_server_await_tls(parley_server *s);
void parley_server_lose(parley_server *s);
void parley_server_finished(parley_server *s);
void parley_server_reject(parley_server *s);
void parley_server_ask_host(parley_server *s);
void parley_server_report_error(parley_server *s);
void parley_server_answer_close(parley_server *s);
void parley_server_time_out(parley_server *s);
void parley_server_send_close(parley_server *s);
void parley_server_offer_starttls(parley_server *s);
void parley_server_send_proceed(parley_server *s);
void parley_server_refuse_plain(parley_server *s);
void parley_server_restart_stream(parley_server *s);
void parley_server_offer_mechanisms(parley_server *s);
void parley_server_ask_nonce(parley_server *s);
void parley_server_send_failure(parley_server *s);
void parley_server_ask_credential(parley_server *s);
void parley_server_send_challenge(parley_server *s);
void parley_server_derive(parley_server *s);
void parley_server_ask_authority(parley_server *s);
void parley_server_send_success(parley_server *s);
void parley_server_offer_bind(parley_server *s);
void parley_server_ask_bind(parley_server *s);
void parley_server_refuse_bind(parley_server *s);
void parley_server_send_bound(parley_server *s);
void parley_server_deliver(parley_server *s);
void parley_server_answer_session(parley_server *s);
void parley_server_keep_alive(parley_server *s);
void parley_server_heard(parley_server *s);

#endif

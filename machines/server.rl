/* Binds the names of spec/server.rl to the server core.
   ragel -T0 -o server.c server.rl */
#include "packed.h"
#include "server_machine.h"

%%{
  machine server;
  alphtype unsigned char;
  access s->stream.;

  action expect_header    { parley_server_expect_header(s); }
  action await_tls        { parley_server_await_tls(s); }
  action lose             { parley_server_lose(s); }
  action finish           { parley_server_finished(s); }
  action reject           { parley_server_reject(s); }
  action ask_host         { parley_server_ask_host(s); }
  action report_error     { parley_server_report_error(s); }
  action answer_close     { parley_server_answer_close(s); }
  action time_out         { parley_server_time_out(s); }
  action send_close       { parley_server_send_close(s); }
  action offer_starttls   { parley_server_offer_starttls(s); }
  action send_proceed     { parley_server_send_proceed(s); }
  action refuse_plain     { parley_server_refuse_plain(s); }
  action restart_stream   { parley_server_restart_stream(s); }
  action offer_mechanisms { parley_server_offer_mechanisms(s); }
  action ask_nonce        { parley_server_ask_nonce(s); }
  action send_failure     { parley_server_send_failure(s); }
  action ask_credential   { parley_server_ask_credential(s); }
  action send_challenge   { parley_server_send_challenge(s); }
  action derive           { parley_server_derive(s); }
  action ask_authority    { parley_server_ask_authority(s); }
  action send_success     { parley_server_send_success(s); }
  action offer_bind       { parley_server_offer_bind(s); }
  action ask_bind         { parley_server_ask_bind(s); }
  action refuse_bind      { parley_server_refuse_bind(s); }
  action send_bound       { parley_server_send_bound(s); }
  action deliver          { parley_server_deliver(s); }
  action answer_session   { parley_server_answer_session(s); }
  action keep_alive       { parley_server_keep_alive(s); }
  action heard            { parley_server_heard(s); }

  action at_start                  { at = SERVER_START; }
  action at_plain_header           { at = SERVER_PLAIN_HEADER; }
  action at_plain_host             { at = SERVER_PLAIN_HOST; }
  action at_plain_features         { at = SERVER_PLAIN_FEATURES; }
  action at_handshake              { at = SERVER_HANDSHAKE; }
  action at_secure_header          { at = SERVER_SECURE_HEADER; }
  action at_secure_host            { at = SERVER_SECURE_HOST; }
  action at_insecure_header        { at = SERVER_INSECURE_HEADER; }
  action at_insecure_host          { at = SERVER_INSECURE_HOST; }
  action at_mechanisms             { at = SERVER_MECHANISMS; }
  action at_nonce                  { at = SERVER_NONCE; }
  action at_credential             { at = SERVER_CREDENTIAL; }
  action at_challenged             { at = SERVER_CHALLENGED; }
  action at_deriving               { at = SERVER_DERIVING; }
  action at_authorizing            { at = SERVER_AUTHORIZING; }
  action at_authenticated_header   { at = SERVER_AUTHENTICATED_HEADER; }
  action at_authenticated_host     { at = SERVER_AUTHENTICATED_HOST; }
  action at_authenticated_features { at = SERVER_AUTHENTICATED_FEATURES; }
  action at_binding                { at = SERVER_BINDING; }
  action at_ready                  { at = SERVER_READY; }
  action at_close_sent             { at = SERVER_CLOSE_SENT; }
  action at_closing                { at = SERVER_CLOSING; }
  action at_closed                 { at = SERVER_CLOSED; }

  include server "../spec/server.rl";
  main := chart;
}%%

%% write data noentry noerror nofinal;

void parley_server_machine_init(parley_server *s)
{
    %% write init;
    parley_server_at(s, SERVER_START);
}

void parley_server_machine_step(parley_server *s, enum server_event event)
{
    const unsigned char letter = (unsigned char)event;
    const unsigned char *p = &letter;
    const unsigned char *const pe = p + 1;
    enum server_state at = (enum server_state)s->stream.state;

    %% write exec;
    parley_server_at(s, at);
}

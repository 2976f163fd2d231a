/* Binds the names of spec/client.rl to the client core.
   ragel -T0 -o client.c client.rl */
#include "client_machine.h"
#include "packed.h"

%%{
  machine client;
  alphtype unsigned char;
  access c->stream.;

  action open_stream      { parley_client_open_stream(c); }
  action restart_stream   { parley_client_restart_stream(c); }
  action read_header      { parley_client_read_header(c); }
  action ask_tls          { parley_client_ask_tls(c); }
  action await_tls        { parley_client_await_tls(c); }
  action refuse_plain     { parley_client_refuse_plain(c); }
  action tls_refused      { parley_client_tls_refused(c); }
  action distrust         { parley_client_distrust(c); }
  action choose_mechanism { parley_client_choose_mechanism(c); }
  action refuse_weak      { parley_client_refuse_weak(c); }
  action send_auth        { parley_client_send_auth(c); }
  action ask_credential   { parley_client_ask_credential(c); }
  action derive           { parley_client_derive(c); }
  action send_response    { parley_client_send_response(c); }
  action send_empty       { parley_client_send_empty(c); }
  action abort_sasl       { parley_client_abort_sasl(c); }
  action sasl_refused     { parley_client_sasl_refused(c); }
  action authenticated    { parley_client_authenticated(c); }
  action send_bind        { parley_client_send_bind(c); }
  action bind_refused     { parley_client_bind_refused(c); }
  action send_session     { parley_client_send_session(c); }
  action session_refused  { parley_client_session_refused(c); }
  action become_ready     { parley_client_become_ready(c); }
  action deliver          { parley_client_deliver(c); }
  action keep_alive       { parley_client_keep_alive(c); }
  action heard            { parley_client_heard(c); }
  action report_error     { parley_client_report_error(c); }
  action answer_close     { parley_client_answer_close(c); }
  action send_close       { parley_client_send_close(c); }
  action time_out         { parley_client_time_out(c); }
  action lose             { parley_client_lose(c); }
  action reject           { parley_client_reject(c); }
  action finish           { parley_client_finished(c); }

  action at_start             { at = CLIENT_START; }
  action at_plain_header      { at = CLIENT_PLAIN_HEADER; }
  action at_plain_features    { at = CLIENT_PLAIN_FEATURES; }
  action at_proceed           { at = CLIENT_PROCEED; }
  action at_handshake         { at = CLIENT_HANDSHAKE; }
  action at_secure_header     { at = CLIENT_SECURE_HEADER; }
  action at_secure_features   { at = CLIENT_SECURE_FEATURES; }
  action at_insecure_header   { at = CLIENT_INSECURE_HEADER; }
  action at_insecure_features { at = CLIENT_INSECURE_FEATURES; }
  action at_mechanism         { at = CLIENT_MECHANISM; }
  action at_authenticating    { at = CLIENT_AUTHENTICATING; }
  action at_credential        { at = CLIENT_CREDENTIAL; }
  action at_deriving          { at = CLIENT_DERIVING; }
  action at_proving           { at = CLIENT_PROVING; }
  action at_proved            { at = CLIENT_PROVED; }
  action at_authenticated_header      { at = CLIENT_AUTHENTICATED_HEADER; }
  action at_authenticated_features    { at = CLIENT_AUTHENTICATED_FEATURES; }
  action at_binding           { at = CLIENT_BINDING; }
  action at_session           { at = CLIENT_SESSION; }
  action at_ready             { at = CLIENT_READY; }
  action at_close_sent        { at = CLIENT_CLOSE_SENT; }
  action at_closing           { at = CLIENT_CLOSING; }
  action at_closed            { at = CLIENT_CLOSED; }

  include client "../spec/client.rl";
  main := chart;
}%%

%% write data noentry noerror nofinal;

void parley_client_machine_init(parley_client *c)
{
    %% write init;
    parley_client_at(c, CLIENT_START);
}

void parley_client_machine_step(parley_client *c, enum client_event event)
{
    const unsigned char letter = (unsigned char)event;
    const unsigned char *p = &letter;
    const unsigned char *const pe = p + 1;
    enum client_state at = (enum client_state)c->stream.state;

    %% write exec;
    parley_client_at(c, at);
}

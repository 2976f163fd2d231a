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

  action at_start             { parley_client_at(c, CLIENT_START); }
  action at_plain_header      { parley_client_at(c, CLIENT_PLAIN_HEADER); }
  action at_plain_features    { parley_client_at(c, CLIENT_PLAIN_FEATURES); }
  action at_proceed           { parley_client_at(c, CLIENT_PROCEED); }
  action at_handshake         { parley_client_at(c, CLIENT_HANDSHAKE); }
  action at_secure_header     { parley_client_at(c, CLIENT_SECURE_HEADER); }
  action at_secure_features   { parley_client_at(c, CLIENT_SECURE_FEATURES); }
  action at_insecure_header   { parley_client_at(c, CLIENT_INSECURE_HEADER); }
  action at_insecure_features { parley_client_at(c, CLIENT_INSECURE_FEATURES); }
  action at_mechanism         { parley_client_at(c, CLIENT_MECHANISM); }
  action at_authenticating    { parley_client_at(c, CLIENT_AUTHENTICATING); }
  action at_credential        { parley_client_at(c, CLIENT_CREDENTIAL); }
  action at_deriving          { parley_client_at(c, CLIENT_DERIVING); }
  action at_proving           { parley_client_at(c, CLIENT_PROVING); }
  action at_proved            { parley_client_at(c, CLIENT_PROVED); }
  action at_authenticated_header      { parley_client_at(c, CLIENT_AUTHENTICATED_HEADER); }
  action at_authenticated_features    { parley_client_at(c, CLIENT_AUTHENTICATED_FEATURES); }
  action at_binding           { parley_client_at(c, CLIENT_BINDING); }
  action at_session           { parley_client_at(c, CLIENT_SESSION); }
  action at_ready             { parley_client_at(c, CLIENT_READY); }
  action at_close_sent        { parley_client_at(c, CLIENT_CLOSE_SENT); }
  action at_closing           { parley_client_at(c, CLIENT_CLOSING); }
  action at_closed            { parley_client_at(c, CLIENT_CLOSED); }

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

    %% write exec;
}

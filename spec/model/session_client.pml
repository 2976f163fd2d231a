/* The client's surroundings: its facts, what its actions do, and how messages become events. */

/* The client's facts. */
byte client_layer = CLEAR;
bool client_tls, client_verified;
byte client_offer = FEATURE_NONE, offer_layer = CLEAR;
byte client_mechanism = NOBODY;
bool server_proof, success_seen, result_seen;
bool bind_sent, client_ready, client_failed, client_over, client_close_out;
bool client_stale;     /* bytes from the clear stand in the client's buffer behind the switch */
bool client_kept;      /* what was read in the clear stands in the client's memory */
byte client_headers, client_asked, bind_tries, auths;
byte client_due;       /* what calls for a new stream, until its header has left */
#define ASKED_NOTHING    0
#define ASKED_RANDOM     1
#define ASKED_CREDENTIAL 2
#define ASKED_WORK       3

/* The client's actions. */
inline client_header_out(due) {
  if :: client_due == DUE_NOTHING -> header_wrong = true :: else -> skip fi;
  if :: client_due != due -> unnegotiated = true :: else -> skip fi;
  client_due = DUE_NOTHING; client_headers = 0; send_to_server(SAY_HEADER, 0)
}
inline client_back() { went_back = true }
inline client_open_stream() { client_header_out(DUE_POLICY) }
inline client_forget() { client_kept = false; client_offer = FEATURE_NONE; offer_layer = CLEAR }
inline client_restart_stream() { client_forget(); client_header_out(DUE_TLS) }
inline client_read_header() {
  if
  :: client_headers > 0 || client_due != DUE_NOTHING -> header_wrong = true
  :: else -> client_headers = 1
  fi
}
inline client_ask_tls() { skip }
inline client_await_tls() { client_forget() }
inline client_refuse_plain() { client_failed = true }
inline client_tls_refused() { client_failed = true }
inline client_distrust() { client_failed = true }
inline client_choose_mechanism() {
  if :: offer_layer != client_layer -> tainted = true :: else -> skip fi;
  if
  :: client_offer == FEATURE_SCRAM || client_offer == FEATURE_BOTH -> client_mechanism = SCRAM
  :: else -> client_mechanism = PLAIN
  fi;
  if :: client_mechanism == PLAIN && !plain_allowed -> weak = true :: else -> skip fi;
  client_asked = ASKED_RANDOM
}
inline client_refuse_weak() { client_failed = true }
inline client_secret_out() {
  if :: !client_tls || !client_verified -> leaked = true :: else -> skip fi
}
inline client_send_auth() {
  if :: auths > 0 -> weak = true :: else -> auths = 1 fi;
  if
  :: client_mechanism == PLAIN ->
     client_secret_out();
     if :: client_layer != HONEST -> has_password = true :: else -> skip fi;
     send_to_server(SAY_AUTH_PLAIN, JULIET)
  :: else -> send_to_server(SAY_AUTH_SCRAM, JULIET)
  fi
}
inline client_ask_credential() { client_asked = ASKED_CREDENTIAL }
inline client_derive() { client_asked = ASKED_WORK }
inline client_send_response() {
  client_secret_out();
  if :: client_layer != HONEST -> has_client_proof = true :: else -> skip fi;
  send_to_server(SAY_RESPONSE, JULIET)
}
inline client_send_empty() { send_to_server(SAY_RESPONSE, NOBODY) }
inline client_abort_sasl() { client_failed = true; send_to_server(SAY_ABORT, 0) }
inline client_sasl_refused() { client_failed = true }
inline client_authenticated() {
  if :: client_mechanism != PLAIN && !server_proof -> uncounted = true :: else -> skip fi;
  client_header_out(DUE_SUCCESS)
}
inline client_send_bind() { bind_sent = true; send_to_server(SAY_BIND, 0) }
inline client_bind_refused() { client_failed = true }
inline client_send_session() { send_to_server(SAY_SESSION, 0) }
inline client_session_refused() { client_failed = true }
inline client_become_ready() {
  if
  :: !client_tls || !client_verified || !success_seen || !bind_sent || !result_seen ||
     (client_mechanism != PLAIN && !server_proof) -> disordered = true
  :: else -> skip
  fi;
  client_ready = true
}
/* The application hands a stanza over; in ready alone it is taken. */
inline client_accept() {
  if
  :: !client_ready || client_failed || client_over || client_close_out -> early_stanza = true
  :: else -> skip
  fi;
  send_to_server(SAY_STANZA, 0)
}
inline client_deliver() {
  if :: !client_ready || client_failed || client_over -> early_stanza = true :: else -> skip fi
}
inline client_keep_alive() { send_to_server(SAY_SPACE, 0) }
inline client_heard() { skip }
inline client_report_error() { client_failed = true }
inline client_answer_close() { client_over = true; send_to_server(SAY_CLOSE, 0) }
inline client_send_close() { client_close_out = true; send_to_server(SAY_CLOSE, 0) }
inline client_time_out() { client_failed = true }
inline client_lose() { client_failed = true }
inline client_reject() { client_failed = true; send_to_server(SAY_STREAM_ERROR, 0) }
inline client_finish() { client_over = true }

#include "client.pml"

/* Classification: a message, the facts and the policy give an event. */
inline judge_features(token) {
  client_offer = token; offer_layer = client_layer;
  if
  :: !client_tls && token == FEATURE_STARTTLS -> client_event = CLIENT_FEATURES_STARTTLS
  :: !client_tls && token != FEATURE_STARTTLS -> client_event = CLIENT_FEATURES_NO_STARTTLS
  :: client_tls && !success_seen ->
     if
     :: token == FEATURE_SCRAM || token == FEATURE_BOTH ->
        client_event = CLIENT_FEATURES_SASL_ALLOWED
     :: token == FEATURE_PLAIN && plain_allowed -> client_event = CLIENT_FEATURES_SASL_ALLOWED
     :: token == FEATURE_PLAIN && !plain_allowed -> client_event = CLIENT_FEATURES_SASL_WEAK
     :: else -> client_event = CLIENT_FEATURES_POOR
     fi
  :: client_tls && success_seen ->
     client_event = (token == FEATURE_BIND -> CLIENT_FEATURES_BIND : CLIENT_FEATURES_POOR)
  fi
}

inline judge_challenge(token) {
  if
  :: client_state == CLIENT_STATE_AUTHENTICATING && client_mechanism == SCRAM ->
     if
     :: client_event = CLIENT_CHALLENGE_CREDENTIAL
     :: client_event = CLIENT_CHALLENGE_REFUSED
     fi
  :: client_state == CLIENT_STATE_PROVING && client_mechanism == SCRAM && token == JULIET ->
     server_proof = true; client_event = CLIENT_CHALLENGE_PROVED
  :: else -> client_event = CLIENT_CHALLENGE_REFUSED
  fi
}

inline judge_success(token) {
  success_seen = true; client_due = DUE_SUCCESS;
  if
  :: client_mechanism == PLAIN -> client_event = CLIENT_SUCCESS_UNASKED
  :: client_mechanism == SCRAM && client_state == CLIENT_STATE_PROVED ->
     client_event = CLIENT_SUCCESS_PROVED
  :: client_mechanism == SCRAM && client_state == CLIENT_STATE_PROVING && token == JULIET ->
     server_proof = true; client_event = CLIENT_SUCCESS_PROVED
#ifdef TRUSTS_ANY_SUCCESS
  :: client_mechanism == SCRAM -> client_event = CLIENT_SUCCESS_PROVED
#endif
  :: else -> client_event = CLIENT_SUCCESS_UNPROVED
  fi
}

inline judge_result(kind) {
  if
  :: client_state == CLIENT_STATE_BINDING ->
     result_seen = true;
     client_event = (kind == SAY_RESULT_SESSION -> CLIENT_BIND_RESULT_SESSION : CLIENT_BIND_RESULT)
  :: client_state == CLIENT_STATE_SESSION -> client_event = CLIENT_SESSION_RESULT
  :: else -> client_event = CLIENT_STANZA
  fi
}

inline judge_error() {
  if
  :: client_state == CLIENT_STATE_BINDING -> client_event = CLIENT_BIND_FAILURE
  :: client_state == CLIENT_STATE_BINDING && bind_tries == 0 ->
     bind_tries = 1; client_event = CLIENT_BIND_CONFLICT
  :: client_state == CLIENT_STATE_SESSION -> client_event = CLIENT_SESSION_FAILURE
  :: else -> client_event = CLIENT_STANZA
  fi
}

inline client_judge(kind, token) {
  if
  :: client_state == CLIENT_STATE_HANDSHAKE -> client_event = CLIENT_TLS_FAILED
  :: client_state == CLIENT_STATE_HANDSHAKE && kind == SAY_END -> client_event = CLIENT_END_OF_INPUT
  :: else ->
     client_kept = client_kept || !client_tls;
     if
     :: kind == SAY_HEADER -> client_event = CLIENT_HEADER
     :: kind == SAY_HEADER -> client_event = CLIENT_HEADER_REFUSED
     :: kind == SAY_FEATURES -> judge_features(token)
     :: kind == SAY_PROCEED -> client_event = CLIENT_PROCEED
     :: kind == SAY_TLS_FAILURE -> client_event = CLIENT_STARTTLS_FAILURE
     :: kind == SAY_CHALLENGE -> judge_challenge(token)
     :: kind == SAY_SUCCESS -> judge_success(token)
     :: kind == SAY_SASL_FAILURE -> client_event = CLIENT_SASL_FAILURE
     :: kind == SAY_RESULT || kind == SAY_RESULT_SESSION -> judge_result(kind)
     :: kind == SAY_ERROR || kind == SAY_CONFLICT -> judge_error()
     :: kind == SAY_STANZA -> client_event = CLIENT_STANZA
     :: kind == SAY_SPACE -> client_event = CLIENT_WHITE_SPACE
     :: kind == SAY_STREAM_ERROR -> client_event = CLIENT_STREAM_ERROR
     :: kind == SAY_CLOSE -> client_event = CLIENT_STREAM_CLOSE
     :: kind == SAY_RUBBISH -> client_event = CLIENT_ILLEGAL_INPUT
     :: kind == SAY_END -> client_event = CLIENT_END_OF_INPUT
     :: kind == SAY_END && client_tls -> client_event = CLIENT_TLS_FAILED
     :: else -> client_event = CLIENT_UNEXPECTED
     fi
  fi
}

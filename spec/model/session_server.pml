/* The server's surroundings, as in session_client.pml. */

/* The server's facts. */
byte server_layer = CLEAR;
bool server_tls;
byte server_offer = FEATURE_NONE;
byte server_mechanism = NOBODY, server_claim = NOBODY, server_token = NOBODY;
byte proved_identity = NOBODY, server_identity = NOBODY;
bool authorized, bound, server_ready, server_failed, server_over, server_stale;
bool server_close_out, server_kept;
byte server_headers, server_asked, failures;
byte server_due;       /* what calls for a new stream, until it is awaited */
bool server_opened;    /* the header of this stream has left */
#define ASKED_HOST       4
#define ASKED_AUTHORITY  5
#define ASKED_BIND       6

/* The server's actions. */
inline server_new_stream(due) {
  if :: server_due != due -> server_unnegotiated = true :: else -> skip fi;
  server_due = DUE_NOTHING; server_headers = 0; server_opened = false
}
inline server_header_out() {
  if :: server_opened || server_headers == 0 -> server_header_wrong = true :: else -> skip fi;
  server_opened = true; send_to_client(SAY_HEADER, 0)
}
/* What comes after the header alone. */
inline server_say(kind, token) {
  if :: !server_opened -> server_header_wrong = true :: else -> skip fi;
  send_to_client(kind, token)
}
inline server_back() { server_went_back = true }
inline server_expect_header() { server_new_stream(DUE_POLICY) }
inline server_forget() { server_kept = false }
inline server_await_tls() { server_forget() }
inline server_ask_host() {
  if :: server_headers > 0 -> server_header_wrong = true :: else -> server_headers = 1 fi;
  server_asked = ASKED_HOST
}
inline server_offer_starttls() { server_header_out(); server_say(SAY_FEATURES, FEATURE_STARTTLS) }
inline server_send_proceed() { server_forget(); server_say(SAY_PROCEED, 0) }
inline server_restart_stream() { server_forget(); server_new_stream(DUE_TLS) }
inline server_refuse_plain() { server_mechanism = NOBODY; server_say(SAY_SASL_FAILURE, 0) }
inline server_offer_mechanisms() {
  server_header_out();
  if
  :: server_offer = FEATURE_BOTH
  :: server_offer = FEATURE_PLAIN
  :: server_offer = FEATURE_SCRAM
  fi;
  send_to_client(SAY_FEATURES, server_offer)
}
#define OFFERED(mechanism) (server_offer == FEATURE_BOTH || \
  (mechanism == SCRAM && server_offer == FEATURE_SCRAM) || \
  (mechanism == PLAIN && server_offer == FEATURE_PLAIN))
inline server_ask_nonce() {
  if :: !server_tls || !OFFERED(server_mechanism) -> server_weak = true :: else -> skip fi;
  proved_identity = NOBODY; server_asked = ASKED_RANDOM
}
inline server_send_failure() { server_mechanism = NOBODY; server_say(SAY_SASL_FAILURE, 0) }
inline server_ask_credential() { server_asked = ASKED_CREDENTIAL }
inline server_send_challenge() { server_say(SAY_CHALLENGE, 0) }
inline server_derive() { server_asked = ASKED_WORK }
inline server_ask_authority() { server_asked = ASKED_AUTHORITY }
inline server_send_success() {
  if :: proved_identity == NOBODY || !authorized -> server_unnegotiated = true :: else -> skip fi;
  server_identity = proved_identity;
#ifdef NAMES_ANOTHER_USER
  server_identity = MALLORY;
#endif
  if
  :: server_layer != HONEST && server_identity == JULIET && server_mechanism == SCRAM ->
     has_server_proof = true
  :: else -> skip
  fi;
  server_say(SAY_SUCCESS, (server_mechanism == SCRAM -> JULIET : NOBODY));
  server_new_stream(DUE_SUCCESS)
#ifdef NAMES_ANOTHER_MECHANISM
  ; server_mechanism = SCRAM + PLAIN - server_mechanism
#endif
}
inline server_offer_bind() { server_header_out(); server_say(SAY_FEATURES, FEATURE_BIND) }
inline server_ask_bind() { server_asked = ASKED_BIND }
inline server_refuse_bind() { server_say(SAY_ERROR, 0) }
inline server_send_bound() {
  if
  :: !server_tls || server_identity == NOBODY || !bound -> server_disordered = true
  :: else -> skip
  fi;
  server_ready = true; server_say(SAY_RESULT, 0)
}
inline server_deliver() {
  if
  :: !server_ready || server_failed || server_over -> server_early_stanza = true
  :: else -> skip
  fi;
  send_to_client(SAY_STANZA, 0)
}
inline server_accept() {
  if
  :: !server_ready || server_failed || server_over || server_close_out ->
     server_early_stanza = true
  :: else -> skip
  fi;
  send_to_client(SAY_STANZA, 0)
}
inline server_answer_session() { server_say(SAY_RESULT, 0) }
inline server_keep_alive() { skip }
inline server_heard() { skip }
inline server_report_error() { server_failed = true }
inline server_answer_close() { server_over = true; send_to_client(SAY_CLOSE, 0) }
inline server_send_close() { server_close_out = true; send_to_client(SAY_CLOSE, 0) }
inline server_time_out() { server_failed = true }
inline server_lose() { server_failed = true }
inline server_reject() { server_failed = true; send_to_client(SAY_STREAM_ERROR, 0) }
inline server_finish() { server_over = true }

#include "server.pml"

/* Classification. */
inline count_failure(event) {
  failures++;
  server_event = (failures < ATTEMPTS -> event : SERVER_ATTEMPTS_SPENT)
}

inline judge_auth(mechanism, token) {
  if :: server_identity == NOBODY -> server_mechanism = mechanism :: else -> skip fi;
  if
  :: server_identity != NOBODY -> server_event = SERVER_UNEXPECTED
  :: server_identity == NOBODY && !server_tls -> count_failure(SERVER_AUTH_REFUSED)
  :: else ->
     if
     :: count_failure(SERVER_AUTH_REFUSED)   /* not offered, or not well made */
     :: OFFERED(mechanism) ->
        server_claim = token; server_token = NOBODY;
        proved_identity = NOBODY; authorized = false;
        if :: mechanism == PLAIN -> server_token = token :: else -> skip fi;
        server_event = SERVER_AUTH
     fi
  fi
}

inline judge_proof() {
  if
  :: server_claim != NOBODY && server_token == server_claim ->
     proved_identity = server_claim; server_event = SERVER_PROVED
  :: else -> count_failure(SERVER_ATTEMPT_REFUSED)
  fi;
  server_claim = NOBODY; server_token = NOBODY
}

inline judge_response(token) {
  server_token = token;
  if
  :: server_state == SERVER_STATE_CHALLENGED && server_mechanism == SCRAM ->
     if
     :: true -> judge_proof()
     :: server_event = SERVER_DERIVATION
     :: server_event = SERVER_IDENTITY   /* an answer to the challenge that names the user */
     fi
  :: else -> server_event = SERVER_UNEXPECTED
  fi
}

inline server_judge(kind, token) {
  if
  :: server_state == SERVER_STATE_HANDSHAKE -> server_event = SERVER_TLS_FAILED
  :: server_state == SERVER_STATE_HANDSHAKE && kind == SAY_END -> server_event = SERVER_END_OF_INPUT
  :: else ->
     server_kept = server_kept || !server_tls;
     if
     :: kind == SAY_HEADER -> server_event = SERVER_HEADER
     :: kind == SAY_HEADER -> server_event = SERVER_HEADER_REFUSED
     :: kind == SAY_STARTTLS -> server_event = SERVER_STARTTLS
     :: kind == SAY_AUTH_SCRAM -> judge_auth(SCRAM, token)
     :: kind == SAY_AUTH_PLAIN -> judge_auth(PLAIN, token)
     :: kind == SAY_RESPONSE -> judge_response(token)
     :: kind == SAY_ABORT -> count_failure(SERVER_ABORT)
     :: kind == SAY_BIND && !server_ready && server_identity != NOBODY -> server_event = SERVER_BIND
     :: kind == SAY_BIND && !server_ready && server_identity != NOBODY ->
        count_failure(SERVER_BIND_REFUSED)
     :: kind == SAY_BIND && server_ready -> server_event = SERVER_BIND_REFUSED
     :: kind == SAY_SESSION && server_ready -> server_event = SERVER_SESSION
     :: kind == SAY_STANZA && server_ready -> server_event = SERVER_STANZA
     :: kind == SAY_SPACE -> server_event = SERVER_WHITE_SPACE
     :: kind == SAY_STREAM_ERROR -> server_event = SERVER_STREAM_ERROR
     :: kind == SAY_CLOSE -> server_event = SERVER_STREAM_CLOSE
     :: kind == SAY_RUBBISH -> server_event = SERVER_ILLEGAL_INPUT
     :: kind == SAY_END -> server_event = SERVER_END_OF_INPUT
     :: kind == SAY_END && server_tls -> server_event = SERVER_TLS_FAILED
     :: else -> server_event = SERVER_UNEXPECTED
     fi
  fi
}

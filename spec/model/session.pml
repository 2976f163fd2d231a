/* Safety: the client's and the server's machine, and whoever stands between them.

   client.pml and server.pml are generated from the machines. By hand: what the actions send
   and remember, how a message becomes an event (the classification functions of core/,
   abstracted), and the network.

   Who may send a message depends on the layer it arrives in:
     CLEAR   anybody: the attacker owns the network before TLS
     HONEST  TLS between the client and the server: they alone; the attacker can cut it
     FALSE   TLS between the client and the attacker, whose certificate is bad
     LYING   TLS between the client and a server whose certificate is good and who lies
     OTHER   TLS between the attacker, as a client, and the server
   So only HONEST messages are queued; in every other layer each message is anything that the
   attacker can make. He relays what he has read: proofs and passwords are tokens that he has
   or has not. Any message may be lost, and any connection cut. */

#ifdef KEEPS_BUFFER
#define KEPT(stale) (stale)
#else
#define KEPT(stale) false
#endif
#ifndef QUEUE
#define QUEUE 2
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 3
#endif

#define CLEAR  0
#define HONEST 1
#define FALSE  2
#define LYING  3
#define OTHER  4

#define NOBODY  0
#define SCRAM   1
#define PLAIN   2
#define JULIET  1
#define MALLORY 2

/* What a peer can say; `token` of an auth or response is whose secret stands behind it, of a
   challenge or success whether the server's proof does. */
#define SAY_HEADER       1
#define SAY_FEATURES     2   /* token: FEATURE_... */
#define SAY_PROCEED      3
#define SAY_TLS_FAILURE  4
#define SAY_CHALLENGE    5
#define SAY_SUCCESS      6
#define SAY_SASL_FAILURE 7
#define SAY_RESULT       8
#define SAY_RESULT_SESSION 9
#define SAY_CONFLICT     10
#define SAY_ERROR        11
#define SAY_STARTTLS     12
#define SAY_AUTH_SCRAM   13
#define SAY_AUTH_PLAIN   14
#define SAY_RESPONSE     15
#define SAY_ABORT        16
#define SAY_BIND         17
#define SAY_SESSION      18
#define SAY_STANZA       19
#define SAY_SPACE        20
#define SAY_STREAM_ERROR 21
#define SAY_CLOSE        22
#define SAY_RUBBISH      23
#define SAY_END          24

#define FEATURE_NONE     0
#define FEATURE_STARTTLS 1
#define FEATURE_SCRAM    2
#define FEATURE_PLAIN    3
#define FEATURE_BOTH     4
#define FEATURE_BIND     5

chan to_client = [QUEUE] of { byte, byte };
chan to_server = [QUEUE] of { byte, byte };

/* Policy and scenario, chosen once. */
bool plain_allowed;    /* the client's policy */
bool liar;             /* the client met somebody who lies and holds a good certificate */

/* The client's facts. */
byte client_layer = CLEAR;
bool client_tls, client_verified;
byte client_offer = FEATURE_NONE, offer_layer = CLEAR;
byte client_mechanism = NOBODY;
bool server_proof, success_seen, result_seen;
bool bind_sent, client_ready, client_failed, client_over;
bool client_stale;     /* bytes from the clear stand in the client's buffer behind the switch */
byte client_headers, client_asked, bind_tries, auths;
#define ASKED_NOTHING    0
#define ASKED_RANDOM     1
#define ASKED_CREDENTIAL 2
#define ASKED_WORK       3

/* The server's facts. */
byte server_layer = CLEAR;
bool server_tls;
byte server_mechanism = NOBODY, server_claim = NOBODY, server_token = NOBODY;
byte proved_identity = NOBODY, server_identity = NOBODY;
bool authorized, bound, server_ready, server_failed, server_over, server_stale;
byte server_headers, server_asked, failures;
#define ASKED_HOST       4
#define ASKED_AUTHORITY  5
#define ASKED_BIND       6

/* What the attacker has read. */
bool has_client_proof, has_server_proof, has_password;

/* What must never be. */
bool leaked, tainted, early_stanza, uncounted, disordered, weak, second_header, unnegotiated;
bool server_early_stanza, server_tainted, server_disordered;
bool server_second_header, server_unnegotiated;

#define send_to_server(kind, token) if :: client_layer == HONEST && nfull(to_server) -> to_server!kind,token :: client_layer != HONEST || full(to_server) -> skip fi
#define send_to_client(kind, token) if :: server_layer == HONEST && nfull(to_client) -> to_client!kind,token :: server_layer != HONEST || full(to_client) -> skip fi

/* The client's actions. */
inline client_header_out() { client_headers = 0; send_to_server(SAY_HEADER, 0) }
inline client_open_stream() { client_header_out() }
inline client_forget() {
#ifndef KEEPS_OFFER
  client_offer = FEATURE_NONE; offer_layer = CLEAR
#else
  skip
#endif
}
inline client_restart_stream() {
  if :: !client_tls || client_mechanism != NOBODY -> unnegotiated = true :: else -> skip fi;
  client_header_out()
}
inline client_read_header() {
  if :: client_headers > 0 -> second_header = true :: else -> client_headers = 1 fi
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
  if :: !success_seen -> unnegotiated = true :: else -> skip fi;
  client_header_out()
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
  client_ready = true; send_to_server(SAY_STANZA, 0)
}
inline client_deliver() {
  if :: !client_ready || client_failed || client_over -> early_stanza = true :: else -> skip fi
}
inline client_keep_alive() { send_to_server(SAY_SPACE, 0) }
inline client_heard() { skip }
inline client_report_error() { client_failed = true }
inline client_answer_close() { client_over = true; send_to_server(SAY_CLOSE, 0) }
inline client_send_close() { send_to_server(SAY_CLOSE, 0) }
inline client_time_out() { client_failed = true }
inline client_lose() { client_failed = true }
inline client_reject() { client_failed = true; send_to_server(SAY_STREAM_ERROR, 0) }
inline client_finish() { client_over = true }

/* The server's actions. */
inline server_expect_header() { skip }
inline server_await_tls() { skip }
inline server_ask_host() {
  if :: server_headers > 0 -> server_second_header = true :: else -> server_headers = 1 fi;
  server_asked = ASKED_HOST
}
inline server_offer_starttls() { skip }
inline server_send_proceed() { skip }
inline server_restart_stream() {
  if :: !server_tls || server_identity != NOBODY -> server_unnegotiated = true :: else -> skip fi;
  server_headers = 0
}
inline server_refuse_plain() { skip }
inline server_offer_mechanisms() {
  send_to_client(SAY_HEADER, 0);
  if
  :: send_to_client(SAY_FEATURES, FEATURE_BOTH)
  :: send_to_client(SAY_FEATURES, FEATURE_PLAIN)
  fi
}
inline server_ask_nonce() { proved_identity = NOBODY; server_asked = ASKED_RANDOM }
inline server_send_failure() { send_to_client(SAY_SASL_FAILURE, 0) }
inline server_ask_credential() { server_asked = ASKED_CREDENTIAL }
inline server_send_challenge() { send_to_client(SAY_CHALLENGE, 0) }
inline server_derive() { server_asked = ASKED_WORK }
inline server_ask_authority() { server_asked = ASKED_AUTHORITY }
inline server_send_success() {
  if :: proved_identity == NOBODY || !authorized -> server_unnegotiated = true :: else -> skip fi;
  server_identity = proved_identity;
  server_headers = 0;
  if
  :: server_layer != HONEST && server_identity == JULIET && server_mechanism == SCRAM -> has_server_proof = true
  :: else -> skip
  fi;
  send_to_client(SAY_SUCCESS, (server_mechanism == SCRAM -> JULIET : NOBODY))
}
inline server_offer_bind() {
  send_to_client(SAY_HEADER, 0); send_to_client(SAY_FEATURES, FEATURE_BIND)
}
inline server_ask_bind() { server_asked = ASKED_BIND }
inline server_refuse_bind() { send_to_client(SAY_ERROR, 0) }
inline server_send_bound() {
  if
  :: !server_tls || server_identity == NOBODY || !bound -> server_disordered = true
  :: else -> skip
  fi;
  server_ready = true; send_to_client(SAY_RESULT, 0)
}
inline server_deliver() {
  if :: !server_ready || server_failed || server_over -> server_early_stanza = true :: else -> skip fi;
  send_to_client(SAY_STANZA, 0)
}
inline server_answer_session() { send_to_client(SAY_RESULT, 0) }
inline server_keep_alive() { skip }
inline server_heard() { skip }
inline server_report_error() { server_failed = true }
inline server_answer_close() { server_over = true; send_to_client(SAY_CLOSE, 0) }
inline server_send_close() { send_to_client(SAY_CLOSE, 0) }
inline server_time_out() { server_failed = true }
inline server_lose() { server_failed = true }
inline server_reject() { server_failed = true; send_to_client(SAY_STREAM_ERROR, 0) }
inline server_finish() { server_over = true }

#include "client.pml"
#include "server.pml"

/* Classification: a message, the facts and the policy give an event. */
byte client_event, server_event;

inline judge_features(token) {
  client_offer = token; offer_layer = client_layer;
  if
  :: !client_tls && token == FEATURE_STARTTLS -> client_event = CLIENT_FEATURES_STARTTLS
  :: !client_tls && token != FEATURE_STARTTLS -> client_event = CLIENT_FEATURES_NO_STARTTLS
  :: client_tls && !success_seen ->
     if
     :: token == FEATURE_SCRAM || token == FEATURE_BOTH -> client_event = CLIENT_FEATURES_SASL_ALLOWED
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
  success_seen = true;
  if
  :: client_mechanism == PLAIN -> client_event = CLIENT_SUCCESS_UNASKED
  :: client_mechanism == SCRAM && client_state == CLIENT_STATE_PROVED -> client_event = CLIENT_SUCCESS_PROVED
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
  :: client_state == CLIENT_STATE_BINDING && bind_tries == 0 -> bind_tries = 1; client_event = CLIENT_BIND_CONFLICT
  :: client_state == CLIENT_STATE_SESSION -> client_event = CLIENT_SESSION_FAILURE
  :: else -> client_event = CLIENT_STANZA
  fi
}

inline client_judge(kind, token) {
  if
  :: client_state == CLIENT_STATE_HANDSHAKE -> client_event = CLIENT_TLS_FAILED
  :: else ->
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

inline count_failure(event) {
  failures++;
  server_event = (failures < ATTEMPTS -> event : SERVER_ATTEMPTS_SPENT)
}

inline judge_auth(mechanism, token) {
  if
  :: server_identity != NOBODY -> server_event = SERVER_UNEXPECTED
  :: server_identity == NOBODY && !server_tls -> count_failure(SERVER_AUTH_REFUSED)
  :: else ->
     if
     :: count_failure(SERVER_AUTH_REFUSED)   /* not offered */
     ::
        server_mechanism = mechanism; server_claim = token; server_token = NOBODY;
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
  :: server_state == SERVER_STATE_CHALLENGED && server_mechanism == SCRAM -> judge_proof()
  :: else -> server_event = SERVER_UNEXPECTED
  fi
}

inline server_judge(kind, token) {
  if
  :: server_state == SERVER_STATE_HANDSHAKE -> server_event = SERVER_TLS_FAILED
  :: else ->
     if
     :: kind == SAY_HEADER -> server_event = SERVER_HEADER
     :: kind == SAY_HEADER -> server_event = SERVER_HEADER_REFUSED
     :: kind == SAY_STARTTLS -> server_event = SERVER_STARTTLS
     :: kind == SAY_AUTH_SCRAM -> judge_auth(SCRAM, token)
     :: kind == SAY_AUTH_PLAIN -> judge_auth(PLAIN, token)
     :: kind == SAY_RESPONSE -> judge_response(token)
     :: kind == SAY_ABORT -> count_failure(SERVER_ABORT)
     :: kind == SAY_BIND && !server_ready && server_identity != NOBODY -> server_event = SERVER_BIND
     :: kind == SAY_BIND && !server_ready && server_identity != NOBODY -> count_failure(SERVER_BIND_REFUSED)
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

/* Anything a peer can say, for layers in which the attacker speaks. */
inline anything(kind, token, has_proof) {
  if
  :: kind = SAY_HEADER :: kind = SAY_PROCEED :: kind = SAY_TLS_FAILURE :: kind = SAY_CHALLENGE
  :: kind = SAY_SUCCESS :: kind = SAY_SASL_FAILURE :: kind = SAY_RESULT :: kind = SAY_RESULT_SESSION
  :: kind = SAY_ERROR :: kind = SAY_STANZA :: kind = SAY_SPACE
  :: kind = SAY_STREAM_ERROR :: kind = SAY_CLOSE :: kind = SAY_RUBBISH :: kind = SAY_END
  :: kind = SAY_STARTTLS :: kind = SAY_ABORT :: kind = SAY_BIND :: kind = SAY_SESSION
  :: kind = SAY_FEATURES;
     if
     :: token = FEATURE_NONE :: token = FEATURE_STARTTLS :: token = FEATURE_SCRAM
     :: token = FEATURE_PLAIN :: token = FEATURE_BOTH :: token = FEATURE_BIND
     fi
  :: kind = SAY_AUTH_SCRAM;
     if :: token = JULIET :: token = MALLORY fi
  :: kind = SAY_AUTH_PLAIN;
     if :: token = MALLORY :: token = NOBODY :: has_password -> token = JULIET fi
  :: kind = SAY_RESPONSE;
     if :: token = MALLORY :: token = NOBODY :: has_proof -> token = JULIET fi
  :: (kind == 0 && has_server_proof) -> kind = SAY_SUCCESS; token = JULIET
  :: (kind == 0 && has_server_proof) -> kind = SAY_CHALLENGE; token = JULIET
  fi
}

#define CLIENT_ENDS (client_state == CLIENT_STATE_CLOSED)
#define SERVER_ENDS (server_state == SERVER_STATE_CLOSED)
#define SERVER_IS_ENDING (server_state == SERVER_STATE_CLOSING || server_state == SERVER_STATE_CLOSED)
#define CLIENT_IS_ENDING (client_state == CLIENT_STATE_CLOSING || client_state == CLIENT_STATE_CLOSED)
#define SERVER_IS_READY (server_state == SERVER_STATE_READY)
#define CLIENT_IS_READY (client_state == CLIENT_STATE_READY)

/* Facts that no longer matter, so that states which differ in them alone are one. What a
   machine did with them after all would count as done without them. */
inline client_forget_all() {
  client_tls = false; client_verified = false; client_stale = false;
  client_offer = FEATURE_NONE; offer_layer = CLEAR; client_mechanism = NOBODY;
  server_proof = false; success_seen = false; result_seen = false; bind_sent = false;
  client_ready = false; client_headers = 0; client_asked = ASKED_NOTHING; bind_tries = 0; auths = 0;
  if
  :: CLIENT_ENDS -> client_layer = CLEAR; client_failed = false; client_over = false;
     do :: nempty(to_client) -> to_client?_,_ :: empty(to_client) -> break od
  :: else -> skip
  fi
}
inline server_forget_all() {
  server_tls = false; server_stale = false; server_mechanism = NOBODY; server_claim = NOBODY;
  server_token = NOBODY; proved_identity = NOBODY; server_identity = NOBODY; authorized = false;
  bound = false; server_ready = false; server_headers = 0; server_asked = ASKED_NOTHING; failures = 0;
  if
  :: SERVER_ENDS -> server_failed = false; server_over = false; server_layer = CLEAR;
     do :: nempty(to_server) -> to_server?_,_ :: empty(to_server) -> break od
  :: else -> skip
  fi
}

active proctype Client() {
  byte kind, token;
  atomic {
    if :: plain_allowed = true :: plain_allowed = false fi;
    if
    :: client_event = CLIENT_BEGIN_STARTTLS
    :: client_event = CLIENT_BEGIN_DIRECT
    fi
  }
end:
  do
  :: atomic {
    if
    :: client_event != 0 -> skip
    /* From the other end of its TLS, or from the network. */
    :: client_event == 0 && client_layer == HONEST && nempty(to_client) -> to_client?kind,token
    :: client_event == 0 && (client_layer != HONEST || KEPT(client_stale)) ->
       tainted = tainted || (client_tls && client_stale);
       anything(kind, token, false)
    :: client_event == 0 && client_layer == HONEST -> kind = SAY_END
    /* Bytes pushed behind <proceed/>: the record layer refuses what is left in the buffer. */
    :: client_event == 0 && client_state == CLIENT_STATE_PROCEED && !client_stale ->
       client_stale = true; client_event = CLIENT_PROCEED
    :: client_event == 0 && client_stale && !KEPT(true) ->
       client_stale = false; client_event = CLIENT_TLS_FAILED
    /* TLS: with the server, with the attacker, or with a liar. */
    :: client_event == 0 && client_state == CLIENT_STATE_HANDSHAKE && server_layer == HONEST && !(client_stale && !KEPT(true)) ->
       client_layer = HONEST; client_tls = true; client_verified = true;
       client_event = CLIENT_TLS_UP_VERIFIED
    :: client_event == 0 && client_state == CLIENT_STATE_HANDSHAKE && !(client_stale && !KEPT(true)) ->
       client_layer = LYING; liar = true; client_tls = true; client_verified = true;
       client_event = CLIENT_TLS_UP_VERIFIED
    :: client_event == 0 && client_state == CLIENT_STATE_HANDSHAKE && !(client_stale && !KEPT(true)) ->
       client_layer = FALSE; client_tls = true;
#ifdef TRUSTS_ANY_CERTIFICATE
       client_event = CLIENT_TLS_UP_VERIFIED
#else
       client_event = CLIENT_TLS_UP_UNVERIFIED
#endif
    /* The application and the clock. */
    :: client_event == 0 && client_asked == ASKED_RANDOM -> client_asked = ASKED_NOTHING; client_event = CLIENT_FIRST_MESSAGE
    :: client_event == 0 && client_asked == ASKED_CREDENTIAL -> client_asked = ASKED_NOTHING;
       if :: client_event = CLIENT_DERIVATION :: client_event = CLIENT_CHALLENGE_ANSWERED
          :: client_event = CLIENT_ANSWER_REFUSED fi
    :: client_event == 0 && client_asked == ASKED_WORK -> client_asked = ASKED_NOTHING; client_event = CLIENT_DERIVED
    :: client_event == 0 -> client_event = CLIENT_CLOSE
    :: client_event == 0 -> client_event = CLIENT_DEADLINE
    :: client_event == 0 -> client_event = CLIENT_FAIL
    :: client_event == 0 && client_state == CLIENT_STATE_READY -> client_event = CLIENT_SILENCE
    fi;
    if :: client_event == 0 -> client_judge(kind, token) :: else -> skip fi;
    client_step(client_event);
    if :: CLIENT_IS_ENDING -> client_forget_all() :: else -> skip fi;
    client_event = 0; kind = 0; token = 0 }
  od
}

active proctype Server() {
  byte kind, token;
  if
  :: server_event = SERVER_BEGIN_STARTTLS
  :: server_event = SERVER_BEGIN_DIRECT
  fi;
end:
  do
  :: atomic {
    if
    :: server_event != 0 -> skip
    :: server_event == 0 && server_layer == HONEST && nempty(to_server) -> to_server?kind,token
    :: server_event == 0 && (server_layer != HONEST || KEPT(server_stale)) ->
       server_tainted = server_tainted || (server_tls && server_stale);
       anything(kind, token, has_client_proof)
    :: server_event == 0 && server_layer == HONEST -> kind = SAY_END
    :: server_event == 0 && server_state == SERVER_STATE_PLAIN_FEATURES && !server_stale ->
       server_stale = true; server_event = SERVER_STARTTLS
    :: server_event == 0 && server_stale && !KEPT(true) ->
       server_stale = false; server_event = SERVER_TLS_FAILED
    /* TLS with the client who waits for it, or with the attacker. */
    :: server_event == 0 && server_state == SERVER_STATE_HANDSHAKE && client_state == CLIENT_STATE_HANDSHAKE && !(server_stale && !KEPT(true)) ->
       server_layer = HONEST; server_tls = true; server_event = SERVER_TLS_UP
    :: server_event == 0 && server_state == SERVER_STATE_HANDSHAKE && !(server_stale && !KEPT(true)) ->
       server_layer = OTHER; server_tls = true; server_event = SERVER_TLS_UP
    :: server_event == 0 && server_asked == ASKED_HOST -> server_asked = ASKED_NOTHING;
       if :: server_event = SERVER_HOST_SERVED :: server_event = SERVER_HOST_REFUSED fi
    :: server_event == 0 && server_asked == ASKED_RANDOM -> server_asked = ASKED_NOTHING;
       if :: server_event = SERVER_IDENTITY :: server_mechanism == SCRAM -> server_event = SERVER_CHALLENGE
          :: count_failure(SERVER_ATTEMPT_REFUSED) fi
    :: server_event == 0 && server_asked == ASKED_CREDENTIAL -> server_asked = ASKED_NOTHING;
       if
       :: server_mechanism == SCRAM -> server_event = SERVER_CHALLENGE
       :: server_mechanism == PLAIN -> server_event = SERVER_DERIVATION
       :: server_mechanism == PLAIN -> judge_proof()
       :: server_event = SERVER_ANSWER_REFUSED
       fi
    :: server_event == 0 && server_asked == ASKED_WORK -> server_asked = ASKED_NOTHING; judge_proof()
    :: server_event == 0 && server_asked == ASKED_AUTHORITY -> server_asked = ASKED_NOTHING;
       if :: authorized = true; server_event = SERVER_AUTHORIZED :: count_failure(SERVER_ATTEMPT_REFUSED) fi
    :: server_event == 0 && server_asked == ASKED_BIND -> server_asked = ASKED_NOTHING;
       if :: bound = true; server_event = SERVER_BOUND :: count_failure(SERVER_BIND_REFUSED) fi
    :: server_event == 0 -> server_event = SERVER_CLOSE
    :: server_event == 0 -> server_event = SERVER_DEADLINE
    :: server_event == 0 -> server_event = SERVER_FAIL
    :: server_event == 0 && server_state == SERVER_STATE_READY -> server_event = SERVER_SILENCE
    fi;
    if :: server_event == 0 -> server_judge(kind, token) :: else -> skip fi;
    server_step(server_event);
    if :: SERVER_IS_ENDING -> server_forget_all() :: else -> skip fi;
    server_event = 0; kind = 0; token = 0 }
  od
}


ltl no_leak       { [] !leaked }
ltl no_taint      { [] !(tainted || server_tainted) }
ltl ready_client  { [] (!disordered && (CLIENT_IS_READY -> client_ready && client_tls && client_verified && success_seen && result_seen)) }
ltl ready_server  { [] (!server_disordered && (SERVER_IS_READY -> server_ready && server_tls && bound && authorized && server_identity != NOBODY)) }
ltl agreement     { [] ((SERVER_IS_READY && server_identity == JULIET && !liar -> server_layer == HONEST) &&
                        (CLIENT_IS_READY && client_layer == HONEST && SERVER_IS_READY -> server_identity == JULIET && server_mechanism == client_mechanism)) }
ltl stanzas       { [] !(early_stanza || server_early_stanza) }
ltl success       { [] !uncounted }
ltl final         { [] ((client_failed -> CLIENT_IS_ENDING) && (server_failed -> SERVER_IS_ENDING)) }
ltl closed_stays  { [] ((CLIENT_ENDS -> [] CLIENT_ENDS) && (SERVER_ENDS -> [] SERVER_ENDS)) }
ltl mechanism     { [] !weak }
ltl headers       { [] !(second_header || server_second_header) }
ltl restarts      { [] !(unnegotiated || server_unnegotiated) }
/* These must fail: what they deny can be reached. */
ltl never_both_ready   { [] !(CLIENT_IS_READY && SERVER_IS_READY && client_layer == HONEST) }
ltl never_plain_ready  { [] !(CLIENT_IS_READY && client_mechanism == PLAIN) }

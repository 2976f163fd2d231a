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
#define CLEAN(stale) !(stale && !KEPT(true))
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

/* What calls for a new stream: the policy that a session begins with, TLS, a success. */
#define DUE_NOTHING      0
#define DUE_POLICY       1
#define DUE_TLS          2
#define DUE_SUCCESS      3

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

/* What the attacker has read. */
bool has_client_proof, has_server_proof, has_password;

/* What must never be. */
bool leaked, tainted, early_stanza, uncounted, disordered, weak, header_wrong, unnegotiated;
bool server_weak, server_early_stanza, server_tainted, server_disordered;
bool server_header_wrong, server_unnegotiated, went_back, server_went_back;

#define send_to_server(kind, token) \
  if \
  :: client_layer == HONEST && nfull(to_server) -> to_server!kind,token \
  :: client_layer != HONEST || full(to_server) -> skip \
  fi
#define send_to_client(kind, token) \
  if \
  :: server_layer == HONEST && nfull(to_client) -> to_client!kind,token \
  :: server_layer != HONEST || full(to_client) -> skip \
  fi

byte client_event, server_event;
#include "session_client.pml"
#include "session_server.pml"

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
#define SERVER_IS_ENDING \
  (server_state == SERVER_STATE_CLOSING || server_state == SERVER_STATE_CLOSED)
#define CLIENT_IS_ENDING \
  (client_state == CLIENT_STATE_CLOSING || client_state == CLIENT_STATE_CLOSED)
#define SERVER_IS_READY (server_state == SERVER_STATE_READY)
#define CLIENT_IS_READY (client_state == CLIENT_STATE_READY)

/* Facts that no longer matter, so that states which differ in them alone are one. What a
   machine did with them after all would count as done without them. */
inline client_forget_all() {
  client_tls = false; client_verified = false; client_stale = false;
  client_offer = FEATURE_NONE; offer_layer = CLEAR; client_mechanism = NOBODY;
  server_proof = false; success_seen = false; result_seen = false; bind_sent = false;
  client_ready = false; client_headers = 0; client_asked = ASKED_NOTHING; bind_tries = 0; auths = 0;
  client_due = DUE_NOTHING; client_close_out = false; client_kept = false;
  if
  :: CLIENT_ENDS -> client_layer = CLEAR; client_failed = false; client_over = false;
     do :: nempty(to_client) -> to_client?_,_ :: empty(to_client) -> break od
  :: else -> skip
  fi
}
inline server_forget_all() {
  server_tls = false; server_stale = false; server_offer = FEATURE_NONE; server_mechanism = NOBODY; server_claim = NOBODY;
  server_token = NOBODY; proved_identity = NOBODY; server_identity = NOBODY; authorized = false;
  bound = false; server_ready = false; server_headers = 0; server_due = DUE_NOTHING;
  server_opened = true; server_close_out = false; server_kept = false;
  server_asked = ASKED_NOTHING; failures = 0;
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
    :: client_event = CLIENT_BEGIN_STARTTLS; client_due = DUE_POLICY
    :: client_event = CLIENT_BEGIN_DIRECT
    :: client_event = CLIENT_CLOSE
    fi
  }
end:
  do
  :: atomic {
    if
    :: client_event != 0 -> skip
    :: else ->
    if
    /* From the other end of its TLS, or from the network. */
    :: client_layer == HONEST && nempty(to_client) -> to_client?kind,token
    :: (client_layer != HONEST || KEPT(client_stale)) ->
       tainted = tainted || (client_tls && client_stale);
       anything(kind, token, false)
    :: client_layer == HONEST -> kind = SAY_END
    /* Bytes pushed behind <proceed/>: the record layer refuses what is left in the buffer. */
    :: client_state == CLIENT_STATE_PROCEED && !client_stale ->
       client_stale = true; client_event = CLIENT_PROCEED
    :: client_stale && !KEPT(true) ->
       client_stale = false; client_event = CLIENT_TLS_FAILED
    /* TLS: with the server, with the attacker, or with a liar. */
    :: client_state == CLIENT_STATE_HANDSHAKE && server_layer == HONEST &&
       CLEAN(client_stale) ->
       client_layer = HONEST; client_tls = true; client_due = DUE_TLS; client_verified = true;
       client_event = CLIENT_TLS_UP_VERIFIED
    :: client_state == CLIENT_STATE_HANDSHAKE && CLEAN(client_stale) ->
       client_layer = LYING; liar = true; client_tls = true; client_due = DUE_TLS;
       client_verified = true;
       client_event = CLIENT_TLS_UP_VERIFIED
    :: client_state == CLIENT_STATE_HANDSHAKE && CLEAN(client_stale) ->
       client_layer = FALSE; client_tls = true; client_due = DUE_TLS;
#ifdef TRUSTS_ANY_CERTIFICATE
       client_event = CLIENT_TLS_UP_VERIFIED
#else
       client_event = CLIENT_TLS_UP_UNVERIFIED
#endif
    /* The application and the clock. */
    :: client_asked == ASKED_RANDOM ->
       client_asked = ASKED_NOTHING; client_event = CLIENT_FIRST_MESSAGE
    :: client_asked == ASKED_CREDENTIAL -> client_asked = ASKED_NOTHING;
       if :: client_event = CLIENT_DERIVATION :: client_event = CLIENT_CHALLENGE_ANSWERED
          :: client_event = CLIENT_ANSWER_REFUSED fi
    :: client_asked == ASKED_WORK ->
       client_asked = ASKED_NOTHING; client_event = CLIENT_DERIVED
    :: client_event = CLIENT_CLOSE
    :: client_event = CLIENT_DEADLINE
    :: client_event = CLIENT_FAIL
    :: client_event = CLIENT_TLS_FAILED
    :: client_state == CLIENT_STATE_READY -> client_event = CLIENT_SILENCE
    fi
    fi;
    if :: client_event == 0 -> client_judge(kind, token) :: else -> skip fi;
    client_step(client_event);
    tainted = tainted ||
      (client_kept && (client_tls || client_state == CLIENT_STATE_HANDSHAKE));
    if :: CLIENT_IS_ENDING -> client_forget_all() :: else -> skip fi;
    client_event = 0; kind = 0; token = 0 }
  :: atomic { client_event == 0 && CLIENT_IS_READY -> client_accept() }
  od
}

active proctype Server() {
  byte kind, token;
  if
  :: atomic { server_event = SERVER_BEGIN_STARTTLS; server_due = DUE_POLICY }
  :: server_event = SERVER_BEGIN_DIRECT
  :: server_event = SERVER_CLOSE
  fi;
end:
  do
  :: atomic {
    if
    :: server_event != 0 -> skip
    :: else ->
    if
    :: server_layer == HONEST && nempty(to_server) -> to_server?kind,token
    :: (server_layer != HONEST || KEPT(server_stale)) ->
       server_tainted = server_tainted || (server_tls && server_stale);
       anything(kind, token, has_client_proof)
    :: server_layer == HONEST -> kind = SAY_END
    :: server_state == SERVER_STATE_PLAIN_FEATURES && !server_stale ->
       server_stale = true; server_event = SERVER_STARTTLS
    :: server_stale && !KEPT(true) ->
       server_stale = false; server_event = SERVER_TLS_FAILED
    /* TLS with the client who waits for it, or with the attacker. */
    :: server_state == SERVER_STATE_HANDSHAKE && client_state == CLIENT_STATE_HANDSHAKE &&
       CLEAN(server_stale) ->
       server_layer = HONEST; server_tls = true; server_due = DUE_TLS;
       server_event = SERVER_TLS_UP
    :: server_state == SERVER_STATE_HANDSHAKE && CLEAN(server_stale) ->
       server_layer = OTHER; server_tls = true; server_due = DUE_TLS;
       server_event = SERVER_TLS_UP
    :: server_asked == ASKED_HOST -> server_asked = ASKED_NOTHING;
       if :: server_event = SERVER_HOST_SERVED :: server_event = SERVER_HOST_REFUSED fi
    :: server_asked == ASKED_RANDOM -> server_asked = ASKED_NOTHING;
       if
       :: server_event = SERVER_IDENTITY
       :: server_mechanism == SCRAM -> server_event = SERVER_CHALLENGE
       :: count_failure(SERVER_ATTEMPT_REFUSED)
       fi
    :: server_asked == ASKED_CREDENTIAL -> server_asked = ASKED_NOTHING;
       if
       :: server_mechanism == SCRAM -> server_event = SERVER_CHALLENGE
       :: server_event = SERVER_DERIVATION
       :: true -> judge_proof()
       :: server_event = SERVER_ANSWER_REFUSED
       fi
    :: server_asked == ASKED_WORK -> server_asked = ASKED_NOTHING; judge_proof()
    :: server_asked == ASKED_AUTHORITY -> server_asked = ASKED_NOTHING;
       if
       :: authorized = true; server_due = DUE_SUCCESS; server_event = SERVER_AUTHORIZED
       :: count_failure(SERVER_ATTEMPT_REFUSED)
       fi
    :: server_asked == ASKED_BIND -> server_asked = ASKED_NOTHING;
       if :: bound = true; server_event = SERVER_BOUND :: count_failure(SERVER_BIND_REFUSED) fi
    :: server_event = SERVER_CLOSE
    :: server_event = SERVER_DEADLINE
    :: server_event = SERVER_FAIL
    :: server_event = SERVER_TLS_FAILED
    :: server_state == SERVER_STATE_READY -> server_event = SERVER_SILENCE
    fi
    fi;
    if :: server_event == 0 -> server_judge(kind, token) :: else -> skip fi;
    server_step(server_event);
    server_tainted = server_tainted ||
      (server_kept && (server_tls || server_state == SERVER_STATE_HANDSHAKE));
    if :: SERVER_IS_ENDING -> server_forget_all() :: else -> skip fi;
    server_event = 0; kind = 0; token = 0 }
  :: atomic { server_event == 0 && SERVER_IS_READY -> server_accept() }
  od
}

ltl no_leak       { [] !leaked }
ltl no_taint      { [] !(tainted || server_tainted) }
ltl ready_client  { [] (!disordered && (CLIENT_IS_READY ->
                    client_ready && client_tls && client_verified && success_seen && result_seen)) }
ltl ready_server  { [] (!server_disordered && (SERVER_IS_READY ->
                    server_ready && server_tls && bound && authorized &&
                    server_identity != NOBODY)) }
ltl agreement     { [] (SERVER_IS_READY && server_identity == JULIET && !liar ->
                        server_layer == HONEST) }
ltl same_session  { [] (CLIENT_IS_READY && client_layer == HONEST && SERVER_IS_READY ->
                        server_identity == JULIET && server_mechanism == client_mechanism) }
ltl stanzas       { [] !(early_stanza || server_early_stanza) }
ltl onward        { [] (!(went_back || server_went_back) &&
                    (client_close_out -> client_state == CLIENT_STATE_CLOSE_SENT || CLIENT_IS_ENDING) &&
                    (server_close_out -> server_state == SERVER_STATE_CLOSE_SENT || SERVER_IS_ENDING)) }
ltl success       { [] !uncounted }
ltl final         { [] ((client_failed -> CLIENT_IS_ENDING) &&
                        (server_failed -> SERVER_IS_ENDING)) }
ltl closed_stays  { [] ((CLIENT_ENDS -> [] CLIENT_ENDS) && (SERVER_ENDS -> [] SERVER_ENDS)) }
ltl mechanism     { [] !(weak || server_weak) }
ltl headers       { [] !(header_wrong || server_header_wrong) }
ltl restarts      { [] !(unnegotiated || server_unnegotiated) }
/* These must fail: what they deny can be reached. */
ltl never_both_ready   { [] !(CLIENT_IS_READY && SERVER_IS_READY && client_layer == HONEST) }
ltl never_plain_ready  { [] !(CLIENT_IS_READY && client_mechanism == PLAIN) }

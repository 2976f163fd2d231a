/* Liveness: one role's machine (-DCLIENT or -DSERVER) against a peer and an application that
   do anything, and a clock.

   ends       once the peer is silent, closes the connection or sends rubbish, the machine gets
              to closed; silent in ready, if the application set a deadline for it.
   closes     once the machine has begun to close it gets to closed, whatever the peer keeps
              sending.
   progress   whatever the peer keeps sending, the session becomes ready or ends: there is no
              endless way around. What bounds it: the bytes before authentication, the count of
              failed attempts, and deadlines, of which a new one begins when the state changes. */

#define LIVE    0
#define SILENT  1
#define CLOSES  2
#define RUBBISH 3

#ifndef BUDGET
#define BUDGET 6    /* messages that fit into the bytes before authentication */
#endif
#define ATTEMPTS 3

byte mode = LIVE, budget = BUDGET, failures, event;
bool asked, authenticated, ready_deadline, changed, said, silent;

#ifdef CLIENT
#include "client_idle.pml"
inline client_choose_mechanism() { asked = true }
inline client_ask_credential() { asked = true }
inline client_derive() { asked = true }
inline client_authenticated() { authenticated = true }
#include "client.pml"
#define STATE client_state
#define NAME(x) CLIENT_##x
#define STEP client_step(event)
#define FIRST CLIENT_HEADER
#define LAST CLIENT_FAIL
#define COUNTED (event == CLIENT_BIND_CONFLICT)
#define SPENT CLIENT_BIND_FAILURE
#define MOST 1
#else
#include "server_idle.pml"
inline server_ask_host() { asked = true }
inline server_ask_nonce() { asked = true }
inline server_ask_credential() { asked = true }
inline server_derive() { asked = true }
inline server_ask_authority() { asked = true }
inline server_ask_bind() { asked = true }
inline server_send_success() { authenticated = true }
#include "server.pml"
#define STATE server_state
#define NAME(x) SERVER_##x
#define STEP server_step(event)
#define FIRST SERVER_HEADER
#define LAST SERVER_FAIL
#define COUNTED (event == SERVER_AUTH_REFUSED || event == SERVER_ATTEMPT_REFUSED || \
                 event == SERVER_ABORT || event == SERVER_BIND_REFUSED)
#define SPENT SERVER_ATTEMPTS_SPENT
#define MOST ATTEMPTS
#endif

#define IS_READY (STATE == NAME(STATE_READY))
#define IS_CLOSED (STATE == NAME(STATE_CLOSED))
#define HAS_DEADLINE (!NAME(HAS_NO_DEADLINE(STATE)) && (!IS_READY || ready_deadline))

byte before;
inline take() {
  before = STATE; STEP;
  changed = changed || before != STATE;
  event = 0; before = 0
}

/* The bounds of core/ on what may come. */
inline bounded() {
  if
  :: asked -> asked = false
  :: !asked && authenticated -> skip
#ifdef NO_BUDGET
  :: !asked && !authenticated -> skip
#else
  :: !asked && !authenticated && budget > 0 -> budget--
  :: !asked && !authenticated && budget == 0 -> event = NAME(ILLEGAL_INPUT)
#endif
  fi;
  if
  :: COUNTED ->
#ifndef NO_COUNT
     if :: failures >= MOST -> event = SPENT :: else -> failures++ fi
#else
     skip
#endif
  :: else -> skip
  fi
}

active proctype Peer() {
  atomic {
    if :: ready_deadline = true :: ready_deadline = false fi;
    if
    :: event = NAME(BEGIN_STARTTLS)
    :: event = NAME(BEGIN_DIRECT)
    :: event = NAME(BEGIN_INSECURE)
    :: event = NAME(CLOSE)
    fi;
    take()
  }
end:
  do
  :: atomic { mode == LIVE && !IS_CLOSED -> select(event : FIRST .. LAST);
       if
       :: event == NAME(DEADLINE) || event == NAME(SILENCE) -> event = NAME(UNEXPECTED)
       :: else -> skip
       fi;
       silent = false; bounded(); take() }
#ifdef ENDS
  :: atomic { mode == LIVE -> if :: mode = SILENT :: mode = CLOSES :: mode = RUBBISH fi }
  :: atomic { mode == CLOSES && !said -> said = true; event = NAME(END_OF_INPUT); take() }
  :: atomic { mode == RUBBISH && !said -> said = true; event = NAME(ILLEGAL_INPUT); take() }
#endif
  od
}

/* A deadline runs out unless the state has changed since the clock looked last; in ready the first
   time is SILENCE, if nothing has come since. */
active proctype Clock() {
end:
  do
  :: atomic { event == 0 && STATE != NAME(STATE_START) && changed && !IS_CLOSED -> changed = false }
  :: atomic { STATE != NAME(STATE_START) && !changed && HAS_DEADLINE && !IS_CLOSED ->
       if
       :: IS_READY && !silent -> silent = true; event = NAME(SILENCE)
       :: else -> event = NAME(DEADLINE)
       fi;
       take() }
  od
}

ltl ends     { [] (mode != LIVE ->
                   <> (IS_CLOSED || (mode == SILENT && IS_READY && !ready_deadline))) }
ltl closes   { [] (STATE == NAME(STATE_CLOSE_SENT) || STATE == NAME(STATE_CLOSING) ->
                   <> IS_CLOSED) }
ltl progress { <> (IS_CLOSED || IS_READY) }

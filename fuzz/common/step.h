/* Sessions that are brought to a step by the public interface, and then hear the input.

   Input: 4 bytes of settings (session.c says which), then what the peer sends. Byte 0xFF
   cannot occur in UTF-8; it makes the next byte an action:

     0 the deadline passes       1 a stale one does        2 the input ends
     3 the application closes    4 the application fails   5 it sends a message
     6 TLS is up, verified       7 TLS is up, not verified 8 TLS fails
     9 it sends what is too long 10 it answers what nobody asked
     11 the peer's SCRAM message that is due is heard: of a server the challenge, of a
        client the response           12 the same: the success, the first message
        of DIGEST-MD5 11 is a server's challenge or its rspauth, a client's response; 12 a
        server's rspauth with success
     14 nothing: what is heard is parted here
     15 as 11, but of SCRAM the byte at the place that the next byte says is changed by the one
        after it; what is signed is what is then said
     16 the message with the peer's proof, which is wrong at the place that the next byte says
     17 requests and work are put off until 0 to 4, 8, 18, 19 or 23 has come; of a request that was
        put off already this one is answered
     18 a server's application redirects to the address that follows, of as many bytes as
        the next two say, the high one first
     19 the application fails with see-other-host, and has no address
     20 as 11, of a server's challenge: it asks for as many iterations as the next two bytes say
     21 a client's first message of SCRAM, whose authzid follows, of as many bytes as the next
        two say
     22 the application sends, a part of it leaves, and it sends twice more
     23 the application fails, and names no condition
     255 the byte 0xFF itself is heard

   On a wire (common/wire.h) they mean the same, but that what leaves is TLS's to say:

     6, 7 there are none: TLS comes up by itself
     8 the peer ends TLS
     13 the text that follows goes to the wire as it is, until an action other than 255
     17 requests and work are put off until the next 17
     22 the application sends twice before anything leaves
     24 nothing leaves any more

   An input ends with its FUZZ_ACTIONS actions: of those that make much of little each says or
   hears less than 4 kB, and 4 MB have room in a log. */
#ifndef PARLEY_FUZZ_STEP_H
#define PARLEY_FUZZ_STEP_H

#include "common/party.h"

#define FUZZ_STARTS  4
#define FUZZ_ACTIONS 512

typedef struct fuzz_step {
    bool server;
    const char *starts[FUZZ_STARTS];           /* states to start in; the input chooses */
    const parley_mechanism *const *mechanisms; /* NULL: what the way takes */
    size_t mechanism_count;
} fuzz_step;

/* The configuration's variant says, on a server, which addresses the client's certificate has too:
   none; the account; the account and another; one of another host.

   Runs the input whole, by single bytes and in random pieces, and compares. */
int fuzz_step_run(const fuzz_step *step, const uint8_t *data, size_t size);

/* What decides how a session looks at the end of its way. */
typedef struct fuzz_place {
    const fuzz_step *step;
    unsigned kind; /* of cuts */
    uint8_t settings[2];
} fuzz_place;

/* Where the way leads is kept, and later sessions begin there: the bytes of a session that has
   walked it, at the same addresses, in place of those of one that was just opened. false: none is
   kept. kept.c */
void fuzz_keep(const fuzz_place *place, const fuzz_party *p);
bool fuzz_restore(const fuzz_place *place, fuzz_party *p);

/* The first of the runs that are compared walks always: the replay program. */
extern bool fuzz_walks_always;

/* From a party just begun to the state. */
void fuzz_way(fuzz_party *p, const char *state);

void fuzz_tls_up(fuzz_party *p, bool verified, fuzz_binding binding);

/* A server sends its client to this address, which the call alone may look at. */
void fuzz_redirect(fuzz_party *p, parley_string address);

/* Puts a message of this body into the output; the result. fuzz_send runs the party then. */
parley_result fuzz_put(fuzz_party *p, size_t body_len);
parley_result fuzz_send(fuzz_party *p, size_t body_len);

/* Settings that targets share. The memory is one of two places. */
typedef struct fuzz_settings {
    bool stepwise;
    bool small; /* limits and output */
    bool skip_large;
    bool direct;
    bool keeps_keys;
    bool is_strict;  /* a policy that takes strong mechanisms, and no authzid of others */
    uint8_t variant; /* authzid, resource and language; or offer_session */
    const parley_mechanism *const *mechanisms;
    size_t mechanism_count;
} fuzz_settings;

void fuzz_open_client(fuzz_party *p, const fuzz_settings *settings, uint8_t fill);
void fuzz_open_server(fuzz_party *p, const fuzz_settings *settings, uint8_t fill);

/* The core's memory: 0 its struct, 1 its work block. */
void *fuzz_core_block(const fuzz_party *p, unsigned which, size_t *len);

/* The configurations alone. */
void fuzz_client_config(parley_client_config *config, const fuzz_settings *settings);
void fuzz_server_config(parley_server_config *config, const fuzz_settings *settings);

#endif

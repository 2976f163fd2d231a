/* WP: what is read of a text by its length when the input is judged: the text only. */
#include "reads.h"

#include <string.h>

#include "likeness.h"

/* Reads no more than it is told. That the bytes were written, which the library's contract asks
   besides, WP has no notion of. */
/*@ requires len == 0 || \valid_read((const char *)a + (0 .. len - 1));
    requires len == 0 || \valid_read((const char *)b + (0 .. len - 1));
    assigns \nothing; */
static int compare(const void *a, const void *b, size_t len);
#define memcmp compare

/*@ requires \valid_read(c);
    requires c->user_len <= sizeof(c->user) && c->domain_len <= sizeof(c->domain);
    requires c->jid_len <= sizeof(c->jid);
    requires \valid_read(from.data + (0 .. from.len - 1)) || from.len == 0;
    assigns \nothing; */
static bool is_ours(const parley_client *c, parley_string from);

/*@ requires \valid_read(s);
    requires s->user_len <= sizeof(s->user) && s->host_len <= sizeof(s->host);
    requires s->jid_len <= sizeof(s->jid);
    assigns \nothing; */
static bool from_is_own(const parley_server *s, parley_element stanza);

/*@ assigns \nothing;
    ensures \result.data == \null ==> \result.len == 0;
    ensures \result.len == 0 || \valid_read(\result.data + (0 .. \result.len - 1)); */
parley_string parley_element_attribute(parley_element e, const char *name);

/*@ requires \valid_read(s) && s->jid_len <= sizeof(s->jid);
    assigns \nothing;
    ensures \result.len <= sizeof(s->jid);
    ensures \result.len == 0 || \result.data == s->jid + 0; */
parley_string parley_server_jid(const parley_server *s);

/*@ requires text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
    requires jid.len == 0 || \valid_read(jid.data + (0 .. jid.len - 1));
    requires \valid(same);
    assigns *same; */
bool parley_likeness_of(parley_string text, parley_string jid, parley_likeness *same);

#include "../../core/client_judge.c"
#include "../../core/engine_input.c"
#include "../../core/server.c"
#include "../../core/string.c"

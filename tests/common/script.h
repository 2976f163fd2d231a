/* Text of tests to bytes: \xNN, \n, \r, \t, \\ and \{ are bytes, and what stands
   between braces is an abbreviation:

     {H}        the peer's header, after an XML declaration
     {h}        the same without the declaration
     {/}        </stream:stream>
     {STREAM}   the stream namespace
     {TLS} {SASL} {BIND} {SESS} {STREAMS} {STANZAS}   xmlns='urn:ietf:params:xml:ns:xmpp-...'
     {ERROR:c}  a stream error of that condition, and the close tag
     {b64:text} base64 of the text, escapes resolved
     {OURS}     our own header: a client's; a server's with its first id
     {OURS2} {OURS3}   a server's with its second and third id
     {NOFROM} {NOFROM2} {NOFROM3}   the same with an empty from, as an answer to a header refused */
#ifndef PARLEY_TESTS_SCRIPT_H
#define PARLEY_TESTS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/* Into `bytes`, terminated as well; how many. What it cannot resolve fails the test. */
size_t script_expand(const char *text, bool server, char *bytes, size_t size);

#endif

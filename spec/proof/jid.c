/* Eva: JIDs, whole and in parts. */
#include "jid_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    jid_marks marks;
    size_t at;

    (void)parley_jid_match(JID_ADDRESS, message, &marks, &at);
    (void)parley_jid_match(JID_LOCALPART, message, &marks, &at);
    (void)parley_jid_match(JID_DOMAINPART, message, &marks, &at);
    (void)parley_jid_match(JID_RESOURCEPART, message, &marks, &at);
}

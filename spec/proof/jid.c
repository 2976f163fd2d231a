/* Eva: JIDs, whole and in parts. */
#include "jid_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    parley_string parts[JID_PARTS];
    size_t at;

    (void)parley_jid_match(JID_ADDRESS, message, parts, &at);
    (void)parley_jid_match(JID_LOCALPART, message, parts, &at);
    (void)parley_jid_match(JID_DOMAINPART, message, parts, &at);
    (void)parley_jid_match(JID_RESOURCEPART, message, parts, &at);
}

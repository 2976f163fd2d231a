/* Eva: JIDs, whole and in parts. */
#include "jid_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    jid_marks marks;

    if (message.len == 0) {
        return;
    }
    (void)parley_jid_match(JID_ADDRESS, message, &marks);
    (void)parley_jid_match(JID_LOCALPART, message, &marks);
    (void)parley_jid_match(JID_DOMAINPART, message, &marks);
    (void)parley_jid_match(JID_RESOURCEPART, message, &marks);
}

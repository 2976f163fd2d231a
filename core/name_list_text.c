/* All names that the negotiation looks up, each behind the zero of the one before, and those of a
   list in the order of its enum: namespaces and elements (known.h), the conditions of SASL failures
   (RFC 6120 section 6.5) and those of stream errors (section 4.9.3). A name for each number, and no
   more: tests/unit/known.c, tests/unit/result.c. */
#include "name_list.h"

/* Namespaces that begin with PARLEY_URN stand here without it. */
static const char names[] = "\0http://etherx.jabber.org/streams"
                            "\0jabber:client"
                            "\0tls"
                            "\0sasl"
                            "\0bind"
                            "\0session"
                            "\0streams"
                            "\0stanzas"

                            "\0iq"
                            "\0message"
                            "\0presence"
                            "\0error"
                            "\0stream"
                            "\0features"
                            "\0starttls"
                            "\0proceed"
                            "\0failure"
                            "\0mechanisms"
                            "\0mechanism"
                            "\0challenge"
                            "\0success"
                            "\0bind"
                            "\0jid"
                            "\0session"
                            "\0optional"
                            "\0auth"
                            "\0response"
                            "\0abort"
                            "\0resource"

                            "\0aborted"
                            "\0account-disabled"
                            "\0credentials-expired"
                            "\0encryption-required"
                            "\0incorrect-encoding"
                            "\0invalid-authzid"
                            "\0invalid-mechanism"
                            "\0malformed-request"
                            "\0mechanism-too-weak"
                            "\0not-authorized"
                            "\0temporary-auth-failure"

                            "\0bad-format"
                            "\0bad-namespace-prefix"
                            "\0conflict"
                            "\0connection-timeout"
                            "\0host-gone"
                            "\0host-unknown"
                            "\0improper-addressing"
                            "\0internal-server-error"
                            "\0invalid-from"
                            "\0invalid-namespace"
                            "\0invalid-xml"
                            "\0not-authorized"
                            "\0not-well-formed"
                            "\0policy-violation"
                            "\0remote-connection-failed"
                            "\0reset"
                            "\0resource-constraint"
                            "\0restricted-xml"
                            "\0see-other-host"
                            "\0system-shutdown"
                            "\0undefined-condition"
                            "\0unsupported-encoding"
                            "\0unsupported-feature"
                            "\0unsupported-stanza-type"
                            "\0unsupported-version";

const char *parley_name_at(unsigned number)
{
    const char *at = names;

    while (number > 0) {
        number -= *at++ == '\0' ? 1 : 0;
    }
    return at;
}

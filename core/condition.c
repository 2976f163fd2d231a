/* Names of the stream error conditions (RFC 6120 section 4.9.3) and of the
   SASL failure conditions (section 6.5): one text each, in the order of its enum, every name
   behind the zero of the one before. A name for each number, and no more: tests/unit/result.c. */
#include "name_list.h"

static const char stream_names[] = "\0bad-format"
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

static const char sasl_names[] = "\0aborted"
                                 "\0account-disabled"
                                 "\0credentials-expired"
                                 "\0encryption-required"
                                 "\0incorrect-encoding"
                                 "\0invalid-authzid"
                                 "\0invalid-mechanism"
                                 "\0malformed-request"
                                 "\0mechanism-too-weak"
                                 "\0not-authorized"
                                 "\0temporary-auth-failure";

/* RFC 6120 4.9.2. */
const char *parley_condition_name(parley_condition condition)
{
    return parley_name_at(stream_names, PARLEY_CONDITION_COUNT, (unsigned)condition);
}

parley_condition parley_condition_find(parley_string name)
{
    return (parley_condition)parley_name_find(stream_names, PARLEY_CONDITION_COUNT, name);
}

/* RFC 6120 6.5. */
const char *parley_sasl_condition_name(parley_sasl_condition condition)
{
    return parley_name_at(sasl_names, PARLEY_SASL_CONDITION_COUNT, (unsigned)condition);
}

parley_sasl_condition parley_sasl_condition_find(parley_string name)
{
    return (parley_sasl_condition)parley_name_find(sasl_names, PARLEY_SASL_CONDITION_COUNT, name);
}

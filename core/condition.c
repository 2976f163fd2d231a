/* Names of the stream error conditions (RFC 6120 section 4.9.3) and of the
   SASL failure conditions (section 6.5). Each table is indexed by its enum. */
#include "parley/result.h"

static const char *const stream_names[] = {
    [PARLEY_CONDITION_NONE] = "",
    [PARLEY_BAD_FORMAT] = "bad-format",
    [PARLEY_BAD_NAMESPACE_PREFIX] = "bad-namespace-prefix",
    [PARLEY_CONFLICT] = "conflict",
    [PARLEY_CONNECTION_TIMEOUT] = "connection-timeout",
    [PARLEY_HOST_GONE] = "host-gone",
    [PARLEY_HOST_UNKNOWN] = "host-unknown",
    [PARLEY_IMPROPER_ADDRESSING] = "improper-addressing",
    [PARLEY_INTERNAL_SERVER_ERROR] = "internal-server-error",
    [PARLEY_INVALID_FROM] = "invalid-from",
    [PARLEY_INVALID_NAMESPACE] = "invalid-namespace",
    [PARLEY_INVALID_XML] = "invalid-xml",
    [PARLEY_NOT_AUTHORIZED] = "not-authorized",
    [PARLEY_NOT_WELL_FORMED] = "not-well-formed",
    [PARLEY_POLICY_VIOLATION] = "policy-violation",
    [PARLEY_REMOTE_CONNECTION_FAILED] = "remote-connection-failed",
    [PARLEY_RESET] = "reset",
    [PARLEY_RESOURCE_CONSTRAINT] = "resource-constraint",
    [PARLEY_RESTRICTED_XML] = "restricted-xml",
    [PARLEY_SEE_OTHER_HOST] = "see-other-host",
    [PARLEY_SYSTEM_SHUTDOWN] = "system-shutdown",
    [PARLEY_UNDEFINED_CONDITION] = "undefined-condition",
    [PARLEY_UNSUPPORTED_ENCODING] = "unsupported-encoding",
    [PARLEY_UNSUPPORTED_FEATURE] = "unsupported-feature",
    [PARLEY_UNSUPPORTED_STANZA_TYPE] = "unsupported-stanza-type",
    [PARLEY_UNSUPPORTED_VERSION] = "unsupported-version",
};

static const char *const sasl_names[] = {
    [PARLEY_SASL_NONE] = "",
    [PARLEY_SASL_ABORTED] = "aborted",
    [PARLEY_SASL_ACCOUNT_DISABLED] = "account-disabled",
    [PARLEY_SASL_CREDENTIALS_EXPIRED] = "credentials-expired",
    [PARLEY_SASL_ENCRYPTION_REQUIRED] = "encryption-required",
    [PARLEY_SASL_INCORRECT_ENCODING] = "incorrect-encoding",
    [PARLEY_SASL_INVALID_AUTHZID] = "invalid-authzid",
    [PARLEY_SASL_INVALID_MECHANISM] = "invalid-mechanism",
    [PARLEY_SASL_MALFORMED_REQUEST] = "malformed-request",
    [PARLEY_SASL_MECHANISM_TOO_WEAK] = "mechanism-too-weak",
    [PARLEY_SASL_NOT_AUTHORIZED] = "not-authorized",
    [PARLEY_SASL_TEMPORARY_AUTH_FAILURE] = "temporary-auth-failure",
};

_Static_assert(sizeof stream_names / sizeof stream_names[0] == PARLEY_CONDITION_COUNT,
               "a stream error condition has no name");
_Static_assert(sizeof sasl_names / sizeof sasl_names[0] == PARLEY_SASL_CONDITION_COUNT,
               "a SASL failure condition has no name");

/* Index of `name`, 0 (NONE) if it is not there; entry 0 itself never matches. */
static unsigned find_name(const char *const *names, unsigned count, parley_string name)
{
    for (unsigned i = 1; i < count; i++) {
        if (parley_string_equal(parley_string_of(names[i]), name)) {
            return i;
        }
    }
    return 0;
}

/* RFC 6120 4.9.2. */
const char *parley_condition_name(parley_condition condition)
{
    unsigned i = (unsigned)condition;
    return stream_names[i < PARLEY_CONDITION_COUNT ? i : 0];
}

parley_condition parley_condition_find(parley_string name)
{
    return (parley_condition)find_name(stream_names, PARLEY_CONDITION_COUNT, name);
}

/* RFC 6120 6.5. */
const char *parley_sasl_condition_name(parley_sasl_condition condition)
{
    unsigned i = (unsigned)condition;
    return sasl_names[i < PARLEY_SASL_CONDITION_COUNT ? i : 0];
}

parley_sasl_condition parley_sasl_condition_find(parley_string name)
{
    return (parley_sasl_condition)find_name(sasl_names, PARLEY_SASL_CONDITION_COUNT, name);
}

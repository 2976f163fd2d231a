"""What must hold of the machines, each with what must break it: a transition that is replaced
("role: state EVENT -> state / action"), or a #define of the model."""

# In session.pml: property, and what breaks it.
SAFETY = [
    ("no_leak", ["TRUSTS_ANY_CERTIFICATE",
                 "client: handshake TLS_UP_UNVERIFIED -> secure_header / restart_stream"]),
    ("no_taint", ["KEEPS_BUFFER",
                  "client: handshake TLS_UP_VERIFIED -> mechanism / choose_mechanism",
                  "client: proceed PROCEED -> handshake",
                  "server: plain_features STARTTLS -> handshake"]),
    ("ready_client", ["client: authenticated_features FEATURES_BIND -> ready / become_ready",
                      "client: binding BIND_FAILURE -> ready / become_ready"]),
    ("ready_server", ["server: authorizing ATTEMPT_REFUSED -> authenticated_header / send_success",
                      "server: binding BIND_REFUSED -> ready / send_bound",
                      "server: authenticated_features BIND -> ready / send_bound"]),
    ("agreement", ["TRUSTS_ANY_CERTIFICATE"]),
    ("stanzas", ["client: binding STANZA -> binding / deliver",
                 "client: closing STANZA -> closing / deliver",
                 "server: close_sent STANZA -> ready / deliver"]),
    ("onward", ["client: close_sent STANZA -> ready / deliver",
                "server: close_sent STANZA -> ready / deliver",
                "client: ready CLOSE -> ready / send_close",
                "server: closing HEADER -> close_sent",
                "client: ready STANZA -> binding / send_bind",
                "client: ready WHITE_SPACE -> authenticated_features / heard",
                "server: ready WHITE_SPACE -> mechanisms / heard",
                "client: secure_features WHITE_SPACE -> plain_features"]),
    ("success", ["TRUSTS_ANY_SUCCESS",
                 "client: proving SUCCESS_UNPROVED -> authenticated_header / authenticated"]),
    ("final", ["client: closing STANZA -> ready / deliver",
               "server: closing HEADER -> plain_host / ask_host"]),
    ("closed_stays", ["server: closed HEADER -> plain_host / ask_host",
                      "client: closed HEADER -> plain_features / read_header"]),
    ("mechanism", ["client: secure_features FEATURES_SASL_WEAK -> mechanism / choose_mechanism",
                   "client: authenticating SASL_FAILURE -> mechanism / choose_mechanism",
                   "server: mechanisms AUTH_REFUSED -> nonce / ask_nonce",
                   "server: plain_features AUTH_REFUSED -> nonce / ask_nonce"]),
    ("headers", ["client: plain_features HEADER -> plain_features / read_header",
                 "server: plain_features HEADER -> plain_host / ask_host",
                 "client: plain_header WHITE_SPACE -> plain_header / open_stream",
                 "client: plain_features WHITE_SPACE -> plain_features / open_stream",
                 "client: secure_header WHITE_SPACE -> secure_header / restart_stream",
                 "client: handshake TLS_UP_VERIFIED -> secure_header",
                 "server: mechanisms WHITE_SPACE -> mechanisms / offer_mechanisms",
                 "server: plain_header HEADER -> plain_host / offer_starttls",
                 "server: secure_host HOST_SERVED -> mechanisms"]),
    ("restarts", ["client: authenticating SASL_FAILURE -> authenticated_header / authenticated",
                  "server: authorizing ATTEMPT_REFUSED -> authenticated_header / send_success",
                  "client: secure_features WHITE_SPACE -> secure_header / restart_stream",
                  "client: handshake TLS_UP_VERIFIED -> secure_header / open_stream",
                  "server: secure_header WHITE_SPACE -> secure_header / restart_stream",
                  "server: handshake TLS_UP -> secure_header / expect_header"]),
]
# What these deny must be found; in the variant it must not.
REACHED = [
    ("never_both_ready", "client: binding BIND_RESULT -> closing / reject"),
    ("never_plain_ready", "client: authenticating SUCCESS_UNASKED -> closing / reject"),
]
# Every transition that can come is taken: the model, a property to ask about while all its states
# are gone through, #defines, whose transitions, and without what some are not taken.
UNTAKEN = [
    ("session.pml", "session", "no_leak", [], ["client", "server"],
     "client: binding BIND_RESULT_SESSION -> closing / reject"),
    ("ending.pml", "client", "closes", ["CLIENT"], ["client"],
     "client: proving CHALLENGE_PROVED -> closing / reject"),
    ("ending.pml", "server", "closes", ["SERVER"], ["server"],
     "server: binding BOUND -> closing / reject"),
]
# In ending.pml, a role alone.
LIVENESS = [
    ("client", "ends", ["client: closing DEADLINE -> closing",
                        "client: ready END_OF_INPUT -> ready"]),
    ("server", "ends", ["server: closing DEADLINE -> closing",
                        "server: close_sent DEADLINE -> close_sent"]),
    ("client", "closes", ["client: closing DEADLINE -> closing",
                          "client: close_sent WHITE_SPACE -> ready / heard"]),
    ("server", "closes", ["server: close_sent DEADLINE -> close_sent",
                          "server: close_sent STANZA -> ready / deliver"]),
    ("client", "progress", ["client: session SESSION_FAILURE -> binding / send_bind"]),
    ("server", "progress", ["NO_BUDGET", "NO_COUNT",
                            "server: binding SESSION -> authenticated_host / ask_host"]),
]

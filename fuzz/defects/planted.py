"""The planted defects: what the field has had, one of each kind.

A defect is text in a file of the library that becomes other text, once. Several texts, where
one change does not make it, are tuples. SEEDS: only those whose names begin so. LONGEST: input. TARGET finds it within RUNS, and what it
says matches SAYS: a time that is over counts where that names it. A defect that no longer applies is an error: bring it up to
the code that there is now.
"""
from collections import namedtuple

Defect = namedtuple("Defect", "name kind target runs says file old new seeds longest",
                    defaults=("", 1000))

ANY_MEMORY = r"AddressSanitizer|runtime error"
SAME = "both runs do the same"
LONG = 2000  # of certificates some are longer than what is long enough elsewhere

DEFECTS = [
    # SASL
    Defect("nonce-prefix", "the server's nonce need not begin with the client's", "client_scram",
           150000, "fuzz_scram_nonces", "core/scram_client.c",
           "        memcmp(nonce.data, s->scratch + state->nonce, state->nonce_len) != 0) {",
           "        nonce.data == NULL) {",
           "whole"),
    Defect("nonce-final", "the client may answer with another nonce", "server_scram", 150000,
           "proved", "core/scram_server.c",
           "    if (!parley_string_equal(fields->nonce, nonce)) {",
           "    if (fields->nonce.len != nonce.len) {",
           "whole"),
    Defect("signature-ignored", "the server's signature is not looked at", "client_scram", 150000,
           "proved", "core/scram_client.c",
           "        !parley_equal_secret(signature, parley_scram_secrets(s)->proof, len)) {",
           "        !parley_equal_secret(signature, parley_scram_secrets(s)->proof, 0)) {",
           "whole"),
    Defect("proof-ignored", "the client's proof is not looked at", "server_scram", 150000,
           "proved", "core/scram_server.c",
           "    equal = parley_equal_secret(key, secrets->stored_key, len);",
           "    equal = len > 0;",
           "whole"),
    Defect("cbind-data", "the server looks at no channel-binding data", "server_scram", 150000,
           "proved", "core/scram_state.c",
           "    return !scratch->full && parley_string_equal(due, text);",
           "    return !scratch->full && text.len == due.len &&\n"
           "           memcmp(due.data, text.data,\n"
           "                  (parley_scram_state(s)->bare - parley_scram_state(s)->gs2) / 3 * 4) == 0;",
           "plus"),
    Defect("cbind-downgrade", "a client may say that no -PLUS was offered where one was",
           "server_scram", 150000, "proved", "core/scram_server.c",
           "    return fields->binding == SCRAM_BINDING_UNUSED && parley_scram_state(s)->binding_offered",
           "    return fields->binding == SCRAM_BINDING_UNUSED && s->scratch == NULL",
           "beside"),
    Defect("key-for-salt", "the server says its stored key in place of the salt", "server_scram", 150000,
           "fuzz_has", "core/scram_server.c",
           "    parley_scratch_put_base64(scratch, salt);",
           "    parley_scratch_put(scratch, parley_scram_state(s)->has_keys\n"
           "                                     ? parley_bytes(parley_scram_secrets(s)->stored_key, 32)\n"
           "                                     : salt);",
           "state"),
    Defect("external-host", "EXTERNAL: a certificate of another host lets its user in",
           "server_external", 150000, "fuzz_party_certified", "core/sasl_external.c",
           "        jid.local.data == NULL || jid.resource.data != NULL ||\n"
           "        !parley_string_equal(jid.domain, state->host)) {",
           "        jid.local.data == NULL || jid.resource.data != NULL) {"),
    Defect("certificate-goes-on", "a certificate that cannot be read is read on", "certificate", 150000,
           "parley_certificate_push|PARLEY_CERTIFICATE_ERROR",
           "tls_bearssl/certificate.c",
           "    if (c->mode == BAD || !certificate_run(c, data, len, &taken, &named)) {",
           "    if (!certificate_run(c, data, len, &taken, &named)) {"),
    Defect("sha1-ignored", "any proof of SCRAM-SHA-1 is taken", "server_scram", 150000,
           "proved", "core/scram_server.c",
           "    equal = parley_equal_secret(key, secrets->stored_key, len);",
           "    equal = len == 20 || parley_equal_secret(key, secrets->stored_key, len);",
           "hash"),
    Defect("response-ignored", "DIGEST-MD5: the client's response is not looked at",
           "server_digest_md5", 150000, "fuzz_digest_proved", "core/digest_md5_server.c",
           "    right = parley_equal_secret(response, parley_digest_secrets(s)->expected, DIGEST_HEX);",
           "    right = response[0] != 0;",
           "right"),
    Defect("rspauth-ignored", "DIGEST-MD5: what proves the server is not looked at",
           "client_digest_md5", 150000, "fuzz_digest_proved", "core/digest_md5_client.c",
           "        !parley_equal_secret(rspauth.data, parley_digest_secrets(s)->expected, DIGEST_HEX)) {",
           "        rspauth.data[0] == ' ') {"),
    Defect("iterations", "a server may ask for fewer iterations than the least", "client_scram",
           150000, "ITERATIONS_MINIMUM", "core/policy.c",
           "    return iterations >= PARLEY_ITERATIONS_MINIMUM && iterations >= "
           "policy->iterations_minimum &&",
           "    return iterations > 0 &&",
           "whole"),
    Defect("authzid", "an authzid that sorts behind the user's name is theirs", "server_plain",
           150000, "authorized|jid_equal", "core/server_authentication.c",
           "parley_string_equal(sasl->user, (parley_string){s->jid, s->jid_len});",
           "(s->jid_len > 0 && s->jid[0] >= sasl->user.data[0]);",
           "message"),
    Defect("base64-bits", "bits that carry no data may be set", "base64", 150000,
           "memcmp", "core/base64.c", "(1u << padding * 2) - 1", "(1u << padding) - 1"),
    # TLS
    # XML
    Defect("run-off-by-one", "a name may be one byte longer, where it comes byte by byte", "xml",
           150000, SAME, "core/xml_run.c",
           "    if ((size_t)(end - p) > left) {", "    if ((size_t)(end - p) > left + 1) {"),
    Defect("cloudbleed", "an error at the end of a piece jumps beyond it", "xml", 150000,
           ANY_MEMORY + r"|taken <= len|at <= r->to", "core/xml_run.c",
           "    if (x->bad) {\n        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);\n"
           "        return end;\n    }\n    if (is_kept) {",
           "    if (x->bad) {\n        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);\n"
           "        return end + 1 == pe ? pe + 1 : end;\n    }\n    if (is_kept) {"),
    Defect("room-forgotten", "text is measured without its record's head", "xml", 150000, SAME,
           "core/xml_run.c",
           "    parley_xml_text_open(x);\n    end = scan", "    end = scan"),
    Defect("entity-overflow", "a character's number wraps around", "xml_vs_expat", 150000,
           "expat|verdict|taken|same", "core/xml_text.c",
           "    if (x->character > 0x10FFFF) {",
           "    if (x->character == 0x110000) {"),
    Defect("duplicate-attribute", "two prefixes of one namespace make two attributes",
           "xml_vs_expat", 150000, "expat|verdict|taken|same", "core/xml_namespace.c",
           "    return a == b ||\n           (a > XML_SPACE_XML && b > XML_SPACE_XML && "
           "same(value_of(x, a), value_of(x, b)));",
           "    (void)x;\n    return a == b;"),
    Defect("skipped-namespaces", "what an element declared that was skipped stays declared", "xml",
           150000,  # it goes round in a ring, or to a place that is none
           "timeout|SEGV|byte alignment|does not hold", "core/xml_tag.c",
           "    parley_xml_leave_scope(x, at);\n    x->open =",
           "    if (x->mode != XML_SKIP || at == x->limited) {\n"
           "        parley_xml_leave_scope(x, at);\n    }\n    x->open ="),
    Defect("depth", "elements nest one deeper than the limit", "xml", 150000, "limits.depth",
           "core/xml_tag.c",
           "    if (x->depth >= x->limits.depth) {", "    if (x->depth > x->limits.depth) {"),
    Defect("second-root", "a document goes on after its end", "xml_vs_expat", 150000,
           "expat|verdict|taken|same", "core/xml_push.c",
           "    if (x->token != PARLEY_XML_MORE && x->closed) {",
           "    if (x->token != PARLEY_XML_MORE && x->closed && x->tree == PARLEY_XML_NO_TREE && "
           "x->offset < 12) {"),
    Defect("surrogates", "half a surrogate pair is a character", "utf8", 150000, "expected\\(",
           "core/xml_run.c",
           "next < 0x20 || next >> 5 == 0x1B", "next < 0x20"),
    Defect("limit-off-by-one", "an element may be one byte over the limit, where it comes whole",
           "xml", 150000, SAME, "core/xml_push.c",
           "        left -= (xml_count)(x->offset - x->counted_from);",
           "        left -= (xml_count)(x->offset - x->counted_from - 1);"),
    Defect("half-handed", "behind half a character goes on what is read", "xml", 150000, SAME,
           "core/xml_read.c", " | x->utf8_left) == 0;", ") == 0;"),
    # The stream
    Defect("stale-deadline", "a deadline that is over closes the session", "client_stanza", 150000,
           "state", "core/client.c",
           "    if (is_over(c) || parley_client_deadline(c, &now) == 0 || now != phase) {",
           "    if (is_over(c) || parley_client_deadline(c, &now) == 0) {"),
    Defect("bound-jid", "the bound JID may be of any domain", "client_bind", 150000,
           "jid.domain", "core/client_judge.c",
           "        !parley_string_equal(jid.domain, (parley_string){c->domain, c->domain_len})) {",
           "        jid.domain.len == 0) {",
           "bound"),
    Defect("stranger", "an iq is answered by whom it was not put to", "client_bind", 150000,
           "is\\(from", "core/client_judge.c",
           "(from.data == NULL || is_ours(c, from));",
           "(from.data == NULL || from.len > 0 || is_ours(c, from));",
           "bound"),
    Defect("unescaped", "the writer leaves a `<` in a value", "writer", 150000,
           "PARLEY_XML_ELEMENT",
           "core/writer.c", "if (references[i].character == **c) {",
           "if (references[i].character == **c && (**c != '<' || !in_value)) {"),
    Defect("der-length", "a length of eight bytes is read into room for three", "certificate", 150000,
           "runtime error", "tls_bearssl/certificate.c",
           ("    if (c->header_len == sizeof c->header)\n        return false;",
            "    if (bytes == 0 || bytes > 3)"),
           ("", "    if (bytes == 0 || bytes > 8)"), "", LONG),
    Defect("wildcard", "a wildcard stands for two labels", "certificate", 300000,
           "references|judged", "tls_bearssl/identity.c",
           "    while (*rest != '\\0' && *rest != '.')\n        rest++;\n    if (presented.len > 2",
           "    while (*rest != '\\0' && *rest != '.')\n        rest++;\n"
           "    if (*rest != '\\0' && presented.len > 1 && !identity_same(rest, presented.data + 1, "
           "presented.len - 1))\n        rest++;\n"
           "    while (*rest != '\\0' && *rest != '.')\n        rest++;\n"
           "    if (presented.len > 2", "", LONG),
    Defect("kept-over-tls", "bytes in the clear are taken once TLS is due", "client_starttls",
           150000, "waits", "core/client.c",
           "    return !is_over(c) && !has_state(c, CLIENT_HANDSHAKE) &&\n",
           "    return !is_over(c) &&\n"),
    Defect("tls-unverified", "TLS will do that is not verified", "client_starttls", 150000,
           "verified", "core/starttls.c",
           "    if (info->verified) {", "    if (info->verified || info->version != 0) {"),
    Defect("no-anchor", "a chain that ends at no anchor will do", "tls_chain", 20000,
           "verdict != FUZZ_MUST_NOT", "tls_bearssl/verify.c",
           "    if (error != 0)\n        return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, error);",
           "    if (error != 0 && error != BR_ERR_X509_NOT_TRUSTED)\n"
           "        return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, error);"),
    Defect("expired", "a certificate is judged as of the day it was made", "tls_chain", 20000,
           "verdict != FUZZ_MUST_NOT|!sends .. !fuzz_trust_is_faulty",  # the client's, or the server's
           "tls_bearssl/verify.c", "        br_x509_minimal_set_time(m, days, seconds);",
           # But for one of 2110, which that day refuses, they were all made in 2020.
           "        br_x509_minimal_set_time(m, days < 768000u ? 738000u : days, seconds);"),
    Defect("altered-session", "a session that was altered is resumed", "tls_chain", 20000,
           "resumed != FUZZ_MUST_NOT|party.tls .. verdict != FUZZ_MUST ",  # or its Finished fails
           "tls_bearssl/resumption.c",
           "    if (!parley_equal_secret(session->check, expected, sizeof expected))",
           "    if (!parley_equal_secret(session->check, expected, 0))"),
    Defect("old-session", "a session is resumed when its time is over", "tls_chain", 20000,
           "resumed != FUZZ_MUST_NOT", "tls_bearssl/resumption.c",
           "           now < s->expires && s->expires", "           s->expires"),
    Defect("outlives-certificate", "a session outlives its certificate", "tls_chain", 20000,
           "resumed != FUZZ_MUST_NOT", "tls_bearssl/resumption.c",
           "transport->verifier.not_after < session->expires)",
           "transport->verifier.not_after < session->made)"),
    Defect("old-entry", "a server resumes a session whose time in its memory is over", "tls_chain",
           20000, "resumed != FUZZ_MUST_NOT", "tls_bearssl/cache.c",
           "group[i].expires != 0 && group[i].expires <= t->verifier.now",
           "group[i].expires != 0 && t->verifier.now == 0"),
    Defect("client-use", "a certificate for servers alone lets a client in", "tls_chain", 20000,
           "verdict != FUZZ_MUST_NOT", "tls_bearssl/verify.c",
           "           (uses & (v->clients != NULL ? PARLEY_USE_CLIENT : PARLEY_USE_SERVER)) != 0;",
           "           (uses & (PARLEY_USE_CLIENT | PARLEY_USE_SERVER)) != 0;"),
    Defect("client-kept", "a session with a client's certificate is resumed without it", "tls_chain",
           20000, "resumed != FUZZ_MUST_NOT", "tls_bearssl/cache.c",
           "    if (t->verifier.chain_seen) /*", "    if (t->verifier.chain_seen && t->up) /*"),
    Defect("pin-ignored", "a pin is not looked at", "tls_chain", 20000,
           "verdict != FUZZ_MUST_NOT", "tls_bearssl/verify.c",
           "    if (v->pin != NULL && !parley_equal_secret(",
           "    if (v->pin != NULL && v->end_point_len > 0 && !parley_equal_secret("),
    Defect("success-without-proof", "an empty success will do", "client_scram", 150000, "proved",
           "core/client_judge.c",
           "    if (result == PARLEY_MORE || s->state != CLIENT_PROVING) {",
           "    if (result == PARLEY_MORE && s->state == CLIENT_PROVING) {\n"
           "        return CLIENT_EVENT_SUCCESS_PROVED;\n    }\n"
           "    if (s->state != CLIENT_PROVING) {",
           "whole"),
    Defect("error-not-final", "behind an error of namespaces input is taken again", "xml", 150000,
           "parley_xml_push|token ==|same", "core/xml_push.c",
           "    } else if (x->error != PARLEY_NO_ERROR) {\n        x->stop = true;",
           "    } else if (x->error != PARLEY_NO_ERROR) {\n"
           "        x->stop = x->error != PARLEY_ERROR_XML_NAMESPACE;"),
    Defect("goes-on", "a session that is ready goes on behind its own error", "client_stanza",
           150000, "PARLEY_IS_READY|silent_from|closed", "core/client.c",
           "    parley_engine_enter(&c->stream, (uint8_t)state);",
           "    if (state != CLIENT_CLOSING || !is_streaming(c)) {\n"
           "        parley_engine_enter(&c->stream, (uint8_t)state);\n    }",
           "message"),
    Defect("output-after-close", "what is closed is closed again when an error is found",
           "client_close", 150000, "well-formed|silent_from", "core/engine.c",
           "    if (!s->header_sent || s->close_sent) {",
           "    if (!s->header_sent || (s->close_sent && condition == PARLEY_CONDITION_NONE)) {"),
    Defect("old-namespaces", "what a stream declared is declared in the next one",
           "client_header", 150000, "is_illegal|shown|heard", "core/engine.c",
           "    parley_xml_wipe(&s->xml);\n    start_xml(s);",
           "    uint32_t declarations = s->xml.declarations;\n"
           "    uint32_t in_scope = s->xml.in_scope;\n    uint32_t root[PARLEY_ROOT_SIZE / 4];\n\n"
           "    memcpy(root, s->xml.root, sizeof root);\n    parley_xml_wipe(&s->xml);\n"
           "    start_xml(s);\n    memcpy(s->xml.root, root, sizeof root);\n"
           "    s->xml.declarations = declarations;\n    s->xml.in_scope = in_scope;"),
    Defect("looked-through", "at the end of an element each byte of its tree is looked at", "element",
           150000, "xml_places <= bound", "core/xml_tag.c",
           "    x->between = true;\n    if (x->mode == XML_TREE) {",
           "    x->between = true;\n"
           "    for (uint32_t i = x->limited; x->mode == XML_TREE && i < at; i++) {\n"
           "        x->prefix += parley_xml_at(x, i) == NULL;\n    }\n"
           "    if (x->mode == XML_TREE) {"),
    Defect("machine-differs", "one of the three machines leaves a line's end in a value as it is",
           "client_stanza", 150000, SAME, "machines/xml_small.c",
           "parley_xml_value_byte(x, ' ');", "parley_xml_value_byte(x, *p);"),
    # What fresh eyes planted, and no target noticed then.
    Defect("iq-id", "a bind result with any id will do", "client_bind", 150000, "asked_id",
           "core/client_judge.c",
           "return attribute_is(c, \"id\", c->request_id) &&",
           "return parley_element_attribute(c->stream.element, \"id\").len > 0 &&"),
    Defect("forged-from", "a client's stanza may say that it is from another", "server_stanza",
           150000, "from, (jid|bare)", "core/server.c",
           "    return from.data == NULL || parley_string_equal(from, full) ||",
           "    return from.data == NULL || from.len > 0 || parley_string_equal(from, full) ||"),
    Defect("early-total", "what may come before authentication has no end", "server_header", 150000,
           "total_early", "core/engine_input.c",
           "    room = s->limits->total_early - s->early;", "    room = (uint32_t)len;", "edge-early", 2100),
    Defect("unsliced", "a derivation is made at once, whatever the slice", "client_scram", 150000,
           "fuzz_slice", "core/scram_state.c",
           "                                        iterations);\n    if (state->left > 0) {",
           "                                        iterations + state->left);\n    if (state->left > 0) {"),
    Defect("name-nul", "a name is compared up to its NUL (CVE-2009-2408)", "certificate", 150000,
           "memchr.name.value.data, '.0'", "tls_bearssl/identity.c",
           "        if (reference[i] == '\\0' || reference[i] != identity_lower(presented[i]))",
           "        if (reference[i] == '\\0' && presented[i] == '\\0')\n            return true;\n"
           "        if (reference[i] == '\\0' || reference[i] != identity_lower(presented[i]))", "", LONG),
]

# With `./check --full` these are not hunted, as others are that break the same check of another thing; --long
# hunts all.
AT_LENGTH = (
    "cbind-data", "key-for-salt", "sha1-ignored", "room-forgotten", "depth",
    "old-session", "old-entry", "client-use", "client-kept", "pin-ignored", "name-nul",
    "certificate-goes-on", "bound-jid", "iq-id", "goes-on",
)

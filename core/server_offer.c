/* What the server offers for SASL: it follows from the configuration and from
   what TLS gives, so it is the same when it is written, when a choice is checked
   and when it is hashed. */
#include "channel_binding.h"
#include "offers.h"
#include "roles.h"

/* RFC 6120 6.3.4, 13.8.3. */
bool parley_server_offers(const parley_server *s, const parley_mechanism *mechanism)
{
    const parley_policy_question question = {
        .topic = PARLEY_POLICY_MECHANISM,
        .mechanism = mechanism,
        .tls = (s->fact_bits & FACT_TLS) != 0,
        .binding = parley_binding_data(SASL_BINDING_END_POINT, &s->tls).len > 0 ||
                   parley_binding_data(SASL_BINDING_UNIQUE, &s->tls).len > 0};

    if (parley_mechanism_is(mechanism, SASL_BY_CERTIFICATE) &&
        (!s->tls.verified || s->tls.addresses.len == 0 || s->tls.addresses_left_out)) {
        return false;
    }
    return parley_policy_judge(&s->config->policy, &question) == PARLEY_POLICY_ALLOWED;
}

bool parley_server_offers_binding(const parley_server *s)
{
    size_t i;

    for (i = 0; i < parley_mechanism_count(s->config->mechanism_count); i++) {
        const parley_mechanism *mechanism = parley_mechanism_of(s->config->mechanisms[i]);

        if (parley_mechanism_is(mechanism, SASL_BINDS) && parley_server_offers(s, mechanism)) {
            return true;
        }
    }
    return false;
}

/* XEP-0440. */
static void put_types(const parley_server *s, parley_writer *w)
{
    unsigned i;

    parley_writer_start(w, "sasl-channel-binding", PARLEY_NS_CHANNEL_BINDING);
    for (i = SASL_BINDING_END_POINT; i <= SASL_BINDING_UNIQUE; i++) {
        if (parley_binding_data((sasl_binding)i, &s->tls).len > 0) {
            parley_writer_start(w, "channel-binding", NULL);
            parley_writer_attribute(w, "type", parley_binding_name((sasl_binding)i));
            parley_writer_end(w);
        }
    }
    parley_writer_end(w);
}

/* RFC 6120 4.3.4, 5.4.3.3, 6.4.1, 7.4. */
void parley_server_offer_mechanisms(parley_server *s)
{
    parley_stream *stream = &s->stream;
    parley_writer w;
    size_t i;

    if (!parley_server_put_header(s, true)) {
        stream->next = SERVER_EVENT_FAIL;
        return;
    }
    parley_engine_writer(stream, &w);
    parley_writer_start(&w, "stream:features", NULL);
    parley_writer_start(&w, "mechanisms", PARLEY_NS_SASL);
    for (i = 0; i < parley_mechanism_count(s->config->mechanism_count); i++) {
        if (parley_server_offers(s, s->config->mechanisms[i])) {
            parley_writer_start(&w, "mechanism", NULL);
            parley_writer_text(&w, parley_string_of(s->config->mechanisms[i]->name));
            parley_writer_end(&w);
        }
    }
    parley_writer_end(&w);
    if (parley_server_offers_binding(s)) {
        put_types(s, &w);
    }
    parley_writer_end(&w);
    if (!parley_engine_commit(stream, &w)) {
        stream->next = SERVER_EVENT_FAIL;
    }
}

parley_string parley_server_offer_hash(const parley_server *s, unsigned char *out)
{
    const void *hash = parley_mechanism_of(s->mechanism)->hash;
    parley_offers names = {.count = 0};
    parley_hash_pieces pieces;
    size_t i;

    for (i = 0; i < parley_mechanism_count(s->config->mechanism_count); i++) {
        if (parley_server_offers(s, s->config->mechanisms[i])) {
            parley_offers_add(&names, parley_string_of(s->config->mechanisms[i]->name));
        }
    }
    parley_hash_begin(&pieces, hash);
    parley_offers_hash(&names, &pieces);
    if (parley_server_offers_binding(s)) {
        names.count = 0;
        for (i = SASL_BINDING_END_POINT; i <= SASL_BINDING_UNIQUE; i++) {
            if (parley_binding_data((sasl_binding)i, &s->tls).len > 0) {
                parley_offers_add(&names, parley_binding_name((sasl_binding)i));
            }
        }
        parley_hash_add(&pieces, (parley_string){"\x1F", 1});
        parley_offers_hash(&names, &pieces);
    }
    parley_hash_end(&pieces, out);
    return names.full ? (parley_string){NULL, 0} : parley_bytes(out, parley_hash_size(hash));
}

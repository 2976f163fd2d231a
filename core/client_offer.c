/* What the server offers for SASL: the choice of mechanism and channel binding,
   and the offer's hash. The choice is made when the features arrive, the hash
   when the attempt begins; the features' tree is still there then, as no input
   is taken while a request is pending. */
#include "channel_binding.h"
#include "offers.h"
#include "roles.h"

/* Steps through <mechanism/>s, of which `at` with xml NULL stands before the first; the name's
   data is NULL if it cannot be read. */
static bool next_mechanism(parley_element mechanisms, parley_element *at, parley_string *name)
{
    bool more = at->xml == NULL ? parley_known_child(mechanisms, KNOWN_MECHANISM, at)
                                : parley_known_next(at, KNOWN_MECHANISM);

    if (more && parley_element_text(*at, name) != PARLEY_OK) {
        name->data = NULL;
        name->len = 0;
    }
    return more;
}

static bool offers(parley_element mechanisms, const char *wanted)
{
    parley_element at = {NULL, 0};
    parley_string name;

    while (next_mechanism(mechanisms, &at, &name)) {
        if (parley_string_is(name, wanted)) {
            return true;
        }
    }
    return false;
}

static bool offers_binding(parley_element mechanisms)
{
    parley_element at = {NULL, 0};
    parley_string name;

    while (next_mechanism(mechanisms, &at, &name)) {
        if (name.len > 5 &&
            parley_string_is((parley_string){name.data + name.len - 5, 5}, "-PLUS")) {
            return true;
        }
    }
    return false;
}

/* XEP-0440. False: the server does not list its types. */
static bool find_types(parley_element features, parley_element *list)
{
    return parley_element_find(features, "sasl-channel-binding", PARLEY_NS_CHANNEL_BINDING, list);
}

static bool next_type(parley_element list, parley_element *at, parley_string *name)
{
    bool more = at->xml == NULL ? parley_element_child(list, at) : parley_element_next(at);

    while (more && !parley_element_is(*at, "channel-binding", PARLEY_NS_CHANNEL_BINDING)) {
        more = parley_element_next(at);
    }
    if (more) {
        *name = parley_element_attribute(*at, "type");
    }
    return more;
}

static bool lists_type(parley_element list, sasl_binding binding)
{
    parley_element at = {NULL, 0};
    parley_string name;

    while (next_type(list, &at, &name)) {
        if (parley_string_equal(name, parley_binding_name(binding))) {
            return true;
        }
    }
    return false;
}

static bool can_bind(const parley_client *c)
{
    for (size_t i = 0; i < parley_mechanism_count(c->config->mechanism_count); i++) {
        if (parley_mechanism_is(c->config->mechanisms[i], SASL_BINDS)) {
            return parley_binding_data(SASL_BINDING_END_POINT, &c->tls).len > 0 ||
                   parley_binding_data(SASL_BINDING_UNIQUE, &c->tls).len > 0;
        }
    }
    return false;
}

/* RFC 5802 section 6. A type that the server does not list is not tried; without
   a list it is section 6.1's default. A server that binds, but by no type of
   ours, is told "n": "y" would be taken for a downgrade. */
static sasl_binding choose_binding(const parley_client *c, parley_element features,
                                   parley_element mechanisms)
{
    parley_element list;
    bool listed;
    unsigned i;

    if (!can_bind(c)) {
        return SASL_BINDING_NONE;
    }
    if (!offers_binding(mechanisms)) {
        return SASL_BINDING_UNUSED;
    }
    listed = find_types(features, &list);
    for (i = SASL_BINDING_END_POINT; i <= SASL_BINDING_UNIQUE; i++) {
        sasl_binding binding = (sasl_binding)i;

        if (parley_binding_data(binding, &c->tls).len > 0 &&
            (listed ? lists_type(list, binding) : binding == SASL_BINDING_UNIQUE)) {
            return binding;
        }
    }
    return SASL_BINDING_NONE;
}

/* RFC 6120 6.3.3. */
void parley_client_judge_offer(parley_client *c, parley_element features, parley_element mechanisms)
{
    const parley_policy *policy = &c->config->policy;
    const bool tls = (c->fact_bits & FACT_TLS) != 0;
    size_t i;

    c->mechanism = NULL;
    c->binding = (uint8_t)choose_binding(c, features, mechanisms);
    for (i = 0; i < parley_mechanism_count(c->config->mechanism_count); i++) {
        const parley_mechanism *mechanism = parley_mechanism_of(c->config->mechanisms[i]);

        if ((c->mechanism == NULL ||
             (!policy->as_listed &&
              mechanism->strength > parley_mechanism_of(c->mechanism)->strength)) &&
            parley_policy_allows(policy, mechanism, tls, c->binding >= SASL_BINDING_END_POINT) &&
            offers(mechanisms, mechanism->name)) {
            c->mechanism = mechanism;
        }
    }
}

parley_string parley_client_offer_hash(const parley_client *c, unsigned char *out)
{
    const void *hash = parley_mechanism_of(c->mechanism)->hash;
    parley_element features = c->stream.element;
    parley_element list;
    parley_element at = {NULL, 0};
    parley_string name;
    parley_offers names = {.count = 0};
    parley_hash_pieces pieces;

    if (!parley_element_find(features, "mechanisms", PARLEY_NS_SASL, &list)) {
        return (parley_string){NULL, 0};
    }
    while (next_mechanism(list, &at, &name)) {
        parley_offers_add(&names, name);
    }
    parley_hash_begin(&pieces, hash);
    parley_offers_hash(&names, &pieces);
    if (find_types(features, &list)) {
        names.count = 0;
        at.xml = NULL;
        while (next_type(list, &at, &name)) {
            parley_offers_add(&names, name);
        }
        parley_hash_add(&pieces, (parley_string){"\x1F", 1});
        parley_offers_hash(&names, &pieces);
    }
    parley_hash_end(&pieces, out);
    return names.full ? (parley_string){NULL, 0} : parley_bytes(out, parley_hash_size(hash));
}

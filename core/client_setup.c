/* Setting a client up: defaults, checks, the policy's first event. */
#include "apart.h"
#include "language.h"
#include "roles.h"

#include <string.h>

void parley_client_config_init(parley_client_config *config)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    static const parley_timeouts timeouts = PARLEY_TIMEOUTS_DEFAULT;

    memset(config, 0, sizeof *config);
    config->security = PARLEY_STARTTLS;
    config->mechanisms = parley_mechanisms_default;
    config->mechanism_count = parley_mechanisms_default_count;
    config->policy.iterations_minimum = PARLEY_ITERATIONS_MINIMUM;
    config->policy.iterations_maximum = PARLEY_ITERATIONS_MAXIMUM;
    config->limits = limits;
    config->timeouts = timeouts;
    config->output = 4096;
}

size_t parley_client_work_size(const parley_client_config *config)
{
    uint32_t element = config->limits.element > config->limits.element_early
                           ? config->limits.element
                           : config->limits.element_early;

    return config->output + PARLEY_XML_MEMORY((size_t)element) + PARLEY_SASL_SIZE;
}

/* Whether one of the mechanisms sends a user name. */
static bool needs_user(const parley_client_config *config)
{
    size_t i;

    for (i = 0; i < parley_mechanism_count(config->mechanism_count); i++) {
        if (!parley_mechanism_is(config->mechanisms[i], SASL_BY_IDENTITY)) {
            return true;
        }
    }
    return false;
}

PARLEY_APART uint16_t parley_client_prepare(parley_jid_part part, const parley_string *text,
                                            char *room, size_t size)
{
    parley_string prepared;

    return parley_jid_prepare(part, *text, room, size, &prepared, NULL) == PARLEY_OK
               ? (uint16_t)prepared.len
               : 0;
}

/* RFC 6120 6.3.8. */
static parley_code check_names(parley_client *c, const parley_client_config *config)
{
    parley_jid authzid;

    c->domain_len = parley_client_prepare(PARLEY_JID_DOMAIN, &config->domain, c->domain,
                                          sizeof c->domain);
    if (c->domain_len == 0) {
        return PARLEY_ERROR_CONFIG_DOMAIN;
    }
    if (config->user.data != NULL || needs_user(config)) {
        c->user_len = parley_client_prepare(PARLEY_JID_LOCAL, &config->user, c->user,
                                            sizeof c->user);
        if (c->user_len == 0) {
            return PARLEY_ERROR_CONFIG_USER;
        }
    }
    /* The JID's room serves as scratch: it is not bound yet. */
    if (config->resource.data != NULL &&
        parley_client_prepare(PARLEY_JID_RESOURCE, &config->resource, c->jid, sizeof c->jid) == 0) {
        return PARLEY_ERROR_CONFIG_RESOURCE;
    }
    if (config->authzid.data != NULL &&
        (parley_jid_parse(&authzid, config->authzid, c->jid, sizeof c->jid, NULL) != PARLEY_OK ||
         authzid.local.data == NULL || authzid.resource.data != NULL)) {
        return PARLEY_ERROR_CONFIG_AUTHZID;
    }
    return PARLEY_NO_ERROR;
}

static parley_code check(parley_client *c, const parley_client_config *config)
{
    parley_code code;

    if (!parley_mechanisms_valid(config->mechanisms, config->mechanism_count) ||
        config->policy.iterations_maximum < PARLEY_ITERATIONS_MINIMUM ||
        config->policy.iterations_maximum < config->policy.iterations_minimum) {
        return PARLEY_ERROR_CONFIG_MECHANISMS;
    }
    code = check_names(c, config);
    if (code != PARLEY_NO_ERROR) {
        return code;
    }
    if (!parley_limits_valid(&config->limits) ||
        (config->language.len > 0 && !parley_is_language(config->language))) {
        return PARLEY_ERROR_CONFIG_LIMITS;
    }
    return PARLEY_NO_ERROR;
}

parley_result parley_client_init(parley_client *c, size_t size, const parley_client_config *config,
                                 void *work, size_t work_len, parley_code *why)
{
    parley_code code = PARLEY_NO_ERROR;

    if (c == NULL || config == NULL || size != sizeof *c) {
        code = PARLEY_ERROR_SIZE;
    } else {
        memset(c, 0, sizeof *c);
        c->config = config;
        code = check(c, config);
        if (code == PARLEY_NO_ERROR &&
            (work == NULL || config->output < PARLEY_OUTPUT_MINIMUM ||
             parley_engine_init(&c->stream, &config->limits, work, work_len, config->output) !=
                 PARLEY_OK)) {
            code = PARLEY_ERROR_CONFIG_MEMORY;
        }
    }
    if (why != NULL) {
        *why = code;
    }
    if (code != PARLEY_NO_ERROR) {
        return PARLEY_MISUSE;
    }
    c->stream.sasl.preparation = (uint8_t)config->password;
    parley_xml_set_cpu(&c->stream.xml, config->cpu);
    parley_client_machine_init(c);
    return PARLEY_OK;
}

parley_result parley_client_begin(parley_client *c)
{
    if (c->stream.state != CLIENT_START) {
        return PARLEY_MISUSE;
    }
    parley_client_step(c, c->config->security == PARLEY_DIRECT_TLS ? CLIENT_EVENT_BEGIN_DIRECT
                                                                   : CLIENT_EVENT_BEGIN_STARTTLS);
    return PARLEY_OK;
}

void parley_client_id(parley_client *c, char id[24])
{
    size_t at;
    uint32_t number = ++c->id_count & 0x3fffffff; /* of ten digits: the last come after 2^30 */

    for (at = 0; at < sizeof c->id && c->id[at] != '\0'; at++) {
        id[at] = c->id[at];
    }
    id[at++] = '-';
    for (; number != 0; number >>= 3) { /* the lowest digit first: any order will do */
        id[at++] = (char)('0' + (number & 7));
    }
    id[at] = '\0';
}

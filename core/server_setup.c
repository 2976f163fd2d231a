/* Setting a server session up: defaults, checks, the policy's first event. */
#include "roles.h"

#include <string.h>

void parley_server_config_init(parley_server_config *config)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    static const parley_timeouts timeouts = PARLEY_TIMEOUTS_DEFAULT;

    memset(config, 0, sizeof *config);
    config->security = PARLEY_STARTTLS;
    config->mechanisms = parley_mechanisms_default;
    config->mechanism_count = parley_mechanisms_default_count;
    config->kept = PARLEY_KEEPS_PASSWORDS;
    config->iterations = 10000;
    config->salt_len = 16;
    config->limits = limits;
    config->timeouts = timeouts;
    config->output = 4096;
    config->policy.attempts = 3;
}

size_t parley_server_work_size(const parley_server_config *config)
{
    uint32_t element = config->limits.element > config->limits.element_early
                           ? config->limits.element
                           : config->limits.element_early;

    return config->output + PARLEY_XML_MEMORY((size_t)element) + PARLEY_SASL_SIZE;
}

/* RFC 6120 13.12. */
static parley_code check(const parley_server_config *config)
{
    if (!parley_mechanisms_valid(config->mechanisms, config->mechanism_count) ||
        config->iterations < PARLEY_ITERATIONS_MINIMUM || config->policy.attempts == 0 ||
        config->secret == NULL || config->salt_len == 0 || config->salt_len > PARLEY_SALT_SIZE) {
        return PARLEY_ERROR_CONFIG_MECHANISMS;
    }
    if (!parley_limits_valid(&config->limits) || config->limits.element < PARLEY_STANZA_MINIMUM) {
        return PARLEY_ERROR_CONFIG_LIMITS;
    }
    return PARLEY_NO_ERROR;
}

parley_result parley_server_init(parley_server *s, size_t size, const parley_server_config *config,
                                 void *work, size_t work_len, parley_code *why)
{
    parley_code code = PARLEY_NO_ERROR;

    if (s == NULL || config == NULL || size != sizeof *s) {
        code = PARLEY_ERROR_SIZE;
    } else {
        memset(s, 0, sizeof *s);
        s->config = config;
        code = check(config);
        if (code == PARLEY_NO_ERROR &&
            (work == NULL || config->output < PARLEY_OUTPUT_MINIMUM ||
             parley_engine_init(&s->stream, &config->limits, work, work_len, config->output) !=
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
    s->stream.sasl.preparation = (uint8_t)config->password;
    parley_xml_set_cpu(&s->stream.xml, config->cpu);
    parley_server_machine_init(s);
    return PARLEY_OK;
}

parley_result parley_server_begin(parley_server *s)
{
    if (s->stream.state != SERVER_START) {
        return PARLEY_MISUSE;
    }
    parley_server_step(s, s->config->security == PARLEY_DIRECT_TLS ? SERVER_EVENT_BEGIN_DIRECT
                                                                   : SERVER_EVENT_BEGIN_STARTTLS);
    return PARLEY_OK;
}

/* Configurations that are refused, one wrong setting at a time, and the code that says which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/session.h"

static parley_client client;
static parley_server server;

static parley_code client_code(const parley_client_config *config)
{
    size_t size = parley_client_work_size(config);
    void *work = malloc(size);
    parley_code why = PARLEY_ERROR_LOCAL;
    parley_result result;

    assert_non_null(work);
    result = parley_client_init(&client, sizeof client, config, work, size, &why);
    assert_int_equal(result, why == PARLEY_NO_ERROR ? PARLEY_OK : PARLEY_MISUSE);
    free(work);
    return why;
}

static parley_code server_code(const parley_server_config *config)
{
    size_t size = parley_server_work_size(config);
    void *work = malloc(size);
    parley_code why = PARLEY_ERROR_LOCAL;
    parley_result result;

    assert_non_null(work);
    result = parley_server_init(&server, sizeof server, config, work, size, &why);
    assert_int_equal(result, why == PARLEY_NO_ERROR ? PARLEY_OK : PARLEY_MISUSE);
    free(work);
    return why;
}

static void limits_are(const parley_limits *limits, parley_code client_is, parley_code server_is)
{
    parley_client_config client_config;
    parley_server_config server_config;

    session_client_config(&client_config);
    session_server_config(&server_config);
    client_config.limits = *limits;
    server_config.limits = *limits;
    assert_int_equal(client_code(&client_config), client_is);
    assert_int_equal(server_code(&server_config), server_is);
}

/* RFC 6120 13.12. */
static void limits(void **state)
{
    static const parley_limits defaults = PARLEY_LIMITS_DEFAULT;
    const parley_code none = PARLEY_NO_ERROR;
    const parley_code wrong = PARLEY_ERROR_CONFIG_LIMITS;
    parley_limits with;
    uint16_t *const small[] = {&with.depth,      &with.attributes,    &with.name,
                               &with.elements,   &with.depth_early,   &with.attributes_early,
                               &with.name_early, &with.elements_early};
    uint32_t *const large[] = {&with.element, &with.element_early, &with.total_early};
    size_t i;

    (void)state;
    limits_are(&defaults, none, none);
    for (i = 0; i < sizeof small / sizeof small[0]; i++) {
        with = defaults;
        *small[i] = 0;
        limits_are(&with, wrong, wrong);
    }
    for (i = 0; i < sizeof large / sizeof large[0]; i++) {
        with = defaults;
        *large[i] = 0;
        limits_are(&with, wrong, wrong);
    }
    for (i = 0; i < 5; i += 4) { /* the two depths: 2 to 64 */
        with = defaults;
        *small[i] = 1;
        limits_are(&with, wrong, wrong);
        *small[i] = 2;
        limits_are(&with, none, none);
        *small[i] = 64;
        limits_are(&with, none, none);
        *small[i] = 65;
        limits_are(&with, wrong, wrong);
    }
    with = defaults;
    with.element = PARLEY_STANZA_MINIMUM - 1;
    limits_are(&with, none, wrong);
    with.element = PARLEY_STANZA_MINIMUM;
    limits_are(&with, none, none);
    /* Smaller before authentication than after. */
    assert_true(
        defaults.element_early < defaults.element && defaults.elements_early < defaults.elements &&
        defaults.depth_early < defaults.depth && defaults.attributes_early < defaults.attributes &&
        defaults.name_early < defaults.name);
}

/* The work block: aligned, and with room for output, SASL and the tokenizer. */
static void work_block(void **state)
{
    static uint32_t block[4096];
    static const struct {
        size_t from;
        size_t len;
        parley_code why;
    } rows[] = {
        {0, sizeof block, PARLEY_NO_ERROR},
        {4, sizeof block - 4, PARLEY_NO_ERROR},
        {1, sizeof block - 4, PARLEY_ERROR_CONFIG_MEMORY},
        {2, sizeof block - 4, PARLEY_ERROR_CONFIG_MEMORY},
        {3, sizeof block - 4, PARLEY_ERROR_CONFIG_MEMORY},
        {0, PARLEY_OUTPUT_MINIMUM + PARLEY_SASL_SIZE + 512, PARLEY_NO_ERROR},
        {0, PARLEY_OUTPUT_MINIMUM + PARLEY_SASL_SIZE + 511, PARLEY_ERROR_CONFIG_MEMORY},
        {0, PARLEY_OUTPUT_MINIMUM - 1, PARLEY_ERROR_CONFIG_MEMORY},
        {0, 0x20000000, PARLEY_ERROR_CONFIG_MEMORY},
    };
    parley_client_config client_config;
    parley_server_config server_config;

    (void)state;
    session_client_config(&client_config);
    session_server_config(&server_config);
    client_config.output = PARLEY_OUTPUT_MINIMUM;
    server_config.output = PARLEY_OUTPUT_MINIMUM;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *work = (char *)block + rows[i].from;
        parley_code why = PARLEY_ERROR_LOCAL;

        (void)parley_client_init(&client, sizeof client, &client_config, work, rows[i].len, &why);
        assert_int_equal(why, rows[i].why);
        (void)parley_server_init(&server, sizeof server, &server_config, work, rows[i].len, &why);
        assert_int_equal(why, rows[i].why);
    }
}

/* RFC 6120 6.3.8: a bare JID. */
static void authzid(void **state)
{
    static const char *const good[] = {"mbed@example.com", "Other@EXAMPLE.net", "a@[::1]"};
    static const char *const wrong[] = {"",
                                        "mbed",
                                        "example.com",
                                        "@example.com",
                                        "mbed@",
                                        "mbed@example.com/r",
                                        "mbed@example.com/",
                                        "mbed@@example.com",
                                        "m bed@example.com",
                                        "mbed@example.com\n"};
    parley_client_config config;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        session_client_config(&config);
        config.authzid = session_string(good[i]);
        assert_int_equal(client_code(&config), PARLEY_NO_ERROR);
    }
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        session_client_config(&config);
        config.authzid = session_string(wrong[i]);
        assert_int_equal(client_code(&config), PARLEY_ERROR_CONFIG_AUTHZID);
    }
}

/* RFC 6120 4.7.4, 8.1.5, RFC 5646 2.1: of our header, and of what is written. */
static void languages(void **state)
{
    static const char *const tags[] = {"en",
                                       "de-CH-1996",
                                       "zh-Hant-TW",
                                       "x-whatever",
                                       "i-klingon",
                                       "sl-rozaj-biske-1994",
                                       "en-u-ca-buddhist",
                                       "az-Arab-x-AZE-derbend",
                                       "EN",
                                       "qaa",
                                       "german-language",
                                       "en-x-a",
                                       NULL, /* and these are none */
                                       "-",
                                       "e",
                                       "en-",
                                       "-en",
                                       "en--us",
                                       "x",
                                       "x-",
                                       "e-us",
                                       "1en",
                                       "a1-b",
                                       "en_US",
                                       "en us",
                                       "en-verylongsubtag",
                                       "englishes",
                                       "en-\xC3\xA9",
                                       "en'",
                                       "123",
                                       "en-u",
                                       "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddd"};
    parley_client_config config;
    char buffer[256];
    parley_writer w;
    bool is_good = true;
    size_t len;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        const char *tag = tags[i];

        if (tag == NULL) {
            is_good = false;
            continue;
        }
        session_client_config(&config);
        config.language = session_string(tag);
        if (client_code(&config) != (is_good ? PARLEY_NO_ERROR : PARLEY_ERROR_CONFIG_LIMITS)) {
            fail_msg("config: '%s'", tag);
        }
        parley_writer_init(&w, buffer, sizeof buffer, session_string("jabber:client"));
        parley_writer_start(&w, "message", NULL);
        parley_writer_attribute(&w, "xml:lang", session_string(tag));
        parley_writer_end(&w);
        if (parley_writer_finish(&w, &len) != (is_good ? PARLEY_OK : PARLEY_ILLEGAL)) {
            fail_msg("written: '%s'", tag);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits),
        cmocka_unit_test(work_block),
        cmocka_unit_test(authzid),
        cmocka_unit_test(languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

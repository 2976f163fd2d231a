/* The client core without a transport: what it would send first. */
#include <parley/parley.h>

#include <stdalign.h>
#include <stdio.h>

static alignas(8) unsigned char work[65536]; /* parley_client_work_size() says how much */
static parley_client client;
static parley_client_config config;

int main(void)
{
    parley_code why = PARLEY_NO_ERROR;
    size_t len = 0;

    parley_client_config_init(&config);
    config.domain = parley_string_of("example.com");
    config.user = parley_string_of("somenode");
    if (parley_client_init(&client, sizeof client, &config, work, sizeof work, &why) !=
            PARLEY_OK ||
        parley_client_begin(&client) != PARLEY_OK) {
        fprintf(stderr, "configuration: %d\n", (int)why);
        return 1;
    }
    const char *out = parley_client_out_buf(&client, &len);
    printf("%.*s\n", (int)len, out);
    parley_client_out_ack(&client, len);
    printf("state %s\n", parley_client_state_name(&client));
    return 0;
}

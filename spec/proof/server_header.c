/* Eva: the forms of a server's header, of which client.c and server.c take what it is for a
   contract. */
#include "negotiation.h"

#include "../../core/header.c"

static parley_server s;

int main(void)
{
    any_stream(&s.stream, SERVER_STATE_COUNT, 0, false);
    s.id_len = (uint8_t)Frama_C_interval(0, sizeof s.id);
    s.host_len = (uint16_t)Frama_C_interval(0, sizeof s.host);
    s.jid_len = (uint16_t)Frama_C_interval(0, sizeof s.jid);
    (void)parley_server_put_header(&s, Frama_C_interval(0, 1) != 0);
    return 0;
}

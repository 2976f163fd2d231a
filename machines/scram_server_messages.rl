/* Binds spec/scram_server_messages.rl, which needs no action: one message at a time, whole.
   ragel -T0 -o scram_server_messages.c scram_server_messages.rl

   What the machine takes are attributes between commas, each a letter, '=' and a value, and of
   those that have a meaning one at most, but for h=. */
#include "characters.h"
#include "packed.h"
#include "scram_grammar.h"

%%{
  machine scram_server_messages;
  alphtype unsigned char;

  include scram_server_messages "../spec/scram_server_messages.rl";
  write data noerror;
}%%

size_t parley_scram_cut(parley_string message, parley_string *values, size_t count)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        const size_t begin = at + 2;

        for (at = begin; at < message.len && message.data[at] != ',';) {
            at++;
        }
        values[i] = (parley_string){message.data + begin, at - begin};
        at++;
    }
    return at;
}

uint32_t parley_scram_number(parley_string text)
{
    uint32_t number = 0;

    for (size_t at = 0; at < text.len; at++) {
        const uint32_t digit = (uint32_t)(text.data[at] - '0');

        if (number > UINT32_MAX / 10 - (digit > UINT32_MAX % 10)) {
            return 0;
        }
        number = number * 10 + digit;
    }
    return number;
}

/* What the machine leaves: UTF-8, one h= at most in the first message, no m=. */
static parley_code judge(parley_string message, bool final)
{
    parley_code code = PARLEY_NO_ERROR;
    char before = ',';
    bool hashed = false;

    if (!parley_is_utf8(message)) {
        return PARLEY_ERROR_SASL_MESSAGE;
    }
    for (size_t at = 0; at < message.len; at++) {
        const char byte = message.data[at];

        if (before == ',' && byte == 'h') {
            if (hashed && !final) {
                return PARLEY_ERROR_SASL_MESSAGE;
            }
            hashed = true;
        }
        if (before == ',' && byte == 'm') {
            code = PARLEY_ERROR_SASL_EXTENSION;
        }
        before = byte;
    }
    return code;
}

parley_code parley_scram_read_server(parley_string message, bool final)
{
    const unsigned char *p = (const unsigned char *)message.data;
    const unsigned char *pe;
    int cs = final ? scram_server_messages_en_server_final_message
                   : scram_server_messages_en_server_first_message;

    (void)scram_server_messages_start; /* Ragel's own, of no message */
    if (message.len == 0) {
        return PARLEY_ERROR_SASL_MESSAGE;
    }
    pe = p + message.len;
    %% write exec;
    return cs < scram_server_messages_first_final ? PARLEY_ERROR_SASL_MESSAGE
                                                  : judge(message, final);
}

/* Binds spec/scram_server_messages.rl, which needs no action: one message at a time, whole.
   ragel -T0 -o scram_server_messages.c scram_server_messages.rl

   What the machine takes are attributes between commas, each a letter, '=' and a value, and of
   those that have a meaning one at most, but for h=. */
#include "characters.h"
#include "packed.h"
#include "scram_grammar.h"

#include <string.h>

%%{
  machine scram_server_messages;
  alphtype unsigned char;

  include scram_server_messages "../spec/scram_server_messages.rl";
  write data noerror;
}%%

/* The number that stands there; 0 if it is over 2^32 - 1. */
static uint32_t number_at(const char *text, size_t at, size_t len)
{
    uint32_t number = 0;

    for (; at < len && text[at] != ','; at++) {
        const uint32_t digit = (uint32_t)(text[at] - '0');

        if (number > UINT32_MAX / 10 - (digit > UINT32_MAX % 10)) {
            return 0;
        }
        number = number * 10 + digit;
    }
    return number;
}

/* The last attribute of each letter. False: a message that may have one h= has more. */
static bool cut(scram_values *values, bool final, const char *text, size_t len)
{
    static const char letters[SCRAM_VALUE_OTHER] = {'r', 's', 'i', 'v', 'h', 'm'};
    bool right = true;

    for (size_t at = 0; at + 2 <= len; at++) {
        size_t which = 0;
        parley_string value;

        while (which < SCRAM_VALUE_OTHER && text[at] != letters[which]) {
            which++;
        }
        at += 2;
        value = (parley_string){text + at, 0};
        if (which == SCRAM_VALUE_OFFERS_HASH && values->of[which].data != NULL && !final) {
            right = false;
        }
        if (which == SCRAM_VALUE_ITERATIONS) {
            values->iterations = number_at(text, at, len);
        }
        for (; at < len && text[at] != ','; at++) {
            value.len++;
        }
        values->of[which] = value;
    }
    return right;
}

parley_code parley_scram_read_server(scram_values *values, bool final, parley_string message)
{
    const unsigned char *const bytes = message.data != NULL ? (const unsigned char *)message.data
                                                            : (const unsigned char *)"";
    const unsigned char *p = bytes;
    const unsigned char *pe = p + message.len;
    int cs = final ? scram_server_messages_en_server_final_message
                   : scram_server_messages_en_server_first_message;

    (void)scram_server_messages_start; /* Ragel's own, of no message */
    memset(values, 0, sizeof *values);
    %% write exec;
    if (cs < scram_server_messages_first_final || !parley_is_utf8(message) ||
        !cut(values, final, (const char *)bytes, message.len)) {
        return PARLEY_ERROR_SASL_MESSAGE;
    }
    return values->of[SCRAM_VALUE_MANDATORY].data == NULL ? PARLEY_NO_ERROR
                                                          : PARLEY_ERROR_SASL_EXTENSION;
}

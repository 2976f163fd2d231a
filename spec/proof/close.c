/* Eva: the stream error and the close tag, for every condition, where no more than the reserve is
   free, flush with its end. */
#include "engine.h"

#include "error_element.h"
#include "wipe.h"

#include "__fc_builtin.h"

/* core/string.c, but by bytes: what memcmp returns is not followed. */
parley_string parley_string_of(const char *terminated)
{
    parley_string s = {terminated, 0};

    while (terminated != NULL && terminated[s.len] != '\0') {
        s.len++;
    }
    return s;
}

bool parley_string_equal(parley_string a, parley_string b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (a.data[i] != b.data[i]) {
            return false;
        }
    }
    return true;
}

bool parley_string_is(parley_string string, const char *terminated)
{
    return parley_string_equal(string, parley_string_of(terminated));
}

static unsigned char reserve[ENGINE_RESERVE];
static parley_stream s;

/* An address, such as a redirect has. */
#define ADDRESS 64u
static char address[ADDRESS];
static unsigned char room[ENGINE_RESERVE + ADDRESS];

static void redirect(void)
{
    //@ loop unroll 65;
    for (unsigned i = 0; i < ADDRESS; i++) {
        address[i] = 'a';
    }
    s.work = room;
    s.out_size = sizeof room;
    s.out_start = 0;
    s.out_end = 0;
    s.header_sent = true;
    s.close_sent = false;
    s.close_text = (parley_string){address, ADDRESS};
    parley_engine_close(&s, PARLEY_SEE_OTHER_HOST);
    s.close_text = (parley_string){NULL, 0};
    //@ assert s.close_sent == 1 && ADDRESS + 96 < s.out_end <= sizeof(room);
}

int main(void)
{
    redirect();
    //@ loop unroll 27;
    for (int condition = 0; condition <= PARLEY_CONDITION_COUNT; condition++) {
        s.work = reserve;
        s.out_size = (size_t)Frama_C_interval(ENGINE_RESERVE, 0x10000000);
        s.out_start = 0;
        s.out_end = 0;
        s.header_sent = true;
        s.close_sent = false;
        parley_engine_close(&s, (parley_condition)condition);
        //@ assert s.close_sent == 1 && 16 <= s.out_end <= ENGINE_RESERVE;
        //@ assert condition == 0 || condition == PARLEY_CONDITION_COUNT || s.out_end > 96;
    }
    return 0;
}

/* Eva: the stream error and the close tag, for every condition, where no more than the reserve is
   free, flush with its end. */
#include "engine.h"

#include "encode.h"
#include "wipe.h"

#include "__fc_builtin.h"

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
    //@ assert room[s.out_end - 2] == 'm' && room[s.out_end - 1] == '>';
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
        //@ assert reserve[s.out_end - 2] == 'm' && reserve[s.out_end - 1] == '>';
    }
    return 0;
}

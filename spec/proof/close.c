/* Eva: the stream error and the close tag, for every condition, where no more than the reserve is
   free, flush with its end. */
#include "engine.h"

#include "error_element.h"

#include "__fc_builtin.h"

/* What it wipes is not read again. */
/*@ assigns \nothing; */
void parley_wipe(void *memory, size_t len);

static unsigned char reserve[ENGINE_RESERVE];
static parley_stream s;

int main(void)
{
    //@ loop unroll 26;
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

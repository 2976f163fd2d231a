/* Registers that do not exist: nothing can be left out as useless. */
#include "wire.h"

static volatile unsigned char *const wire_register = (volatile unsigned char *)0x40000000;

size_t wire_read(void *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        ((unsigned char *)data)[i] = *wire_register;
    }
    return len;
}

size_t wire_write(const void *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        *wire_register = ((const unsigned char *)data)[i];
    }
    return len;
}

void wire_random(void *data, size_t len)
{
    wire_read(data, len);
}

long long wire_time(void)
{
    return *wire_register;
}

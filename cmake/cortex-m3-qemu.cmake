# The Cortex-M3 of QEMU's mps2-an385 with picolibc, its files and its output being the host's
# (semihosting): what tests run on.
set(PARLEY_CPU cortex-m3)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
string(REPLACE "-ffreestanding " "" CMAKE_C_FLAGS_INIT "${CMAKE_C_FLAGS_INIT}")
string(APPEND CMAKE_C_FLAGS_INIT " --specs=picolibc.specs")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--oslib=semihost --crt0=semihost -Wl,--gc-sections \
-Wl,--defsym=__flash=0 -Wl,--defsym=__flash_size=4M \
-Wl,--defsym=__ram=0x20000000 -Wl,--defsym=__ram_size=4M -Wl,--defsym=__stack_size=64K")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-system-arm -M mps2-an385 -nographic
    -semihosting-config enable=on,target=native -kernel)

# A Cortex-M without an operating system:
#   cmake --toolchain cmake/cortex-m.cmake -DPARLEY_CPU=cortex-m4 ...
# For arm-none-eabi-gcc, with the headers of its own C library, or picolibc's where there is none.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PARLEY_CPU)
if(NOT PARLEY_CPU)
    set(PARLEY_CPU cortex-m0plus)
endif()
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
# BearSSL's own probes of the system find none here; what they would use is left out.
set(CMAKE_C_FLAGS_INIT "-mcpu=${PARLEY_CPU} -mthumb -ffreestanding -ffunction-sections \
-fdata-sections -DBR_USE_URANDOM=0 -DBR_USE_UNIX_TIME=0")
if(EXISTS /usr/lib/picolibc/arm-none-eabi/include/string.h)
    string(APPEND CMAKE_C_FLAGS_INIT " -isystem /usr/lib/picolibc/arm-none-eabi/include")
endif()

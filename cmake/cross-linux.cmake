# Another processor under Linux, run here by QEMU's user emulation:
#   cmake --toolchain cmake/cross-linux.cmake -DPARLEY_CROSS=s390x-linux-gnu ...
# PARLEY_CROSS is what the names of the compiler and its tools begin with.
set(CMAKE_SYSTEM_NAME Linux)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PARLEY_CROSS)
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR "${PARLEY_CROSS}")
set(CMAKE_C_COMPILER ${PARLEY_CROSS}-gcc)
set(CMAKE_FIND_ROOT_PATH /usr/${PARLEY_CROSS})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${CMAKE_SYSTEM_PROCESSOR} -L /usr/${PARLEY_CROSS})

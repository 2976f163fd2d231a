# PARLEY_FUZZ: the engine that the targets are linked with, and the instrumentation of
# everything. PARLEY_FUZZ_ENGINE, or the farms' LIB_FUZZING_ENGINE, is an engine whose compiler
# or flags instrument by themselves (afl-clang-fast with -fsanitize=fuzzer; a farm's CFLAGS);
# without it, libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer.
set(PARLEY_FUZZ_ENGINE "$ENV{LIB_FUZZING_ENGINE}" CACHE STRING
    "What fuzzing targets are linked with; empty: libFuzzer of the compiler")
set(PARLEY_FUZZ_LINKER C)
if(PARLEY_FUZZ_ENGINE AND NOT "$ENV{LIB_FUZZING_ENGINE}" STREQUAL "")
    # A farm's engine is C++, and its CXXFLAGS say whose library it takes.
    enable_language(CXX)
    set(PARLEY_FUZZ_LINKER CXX)
endif()
if(NOT PARLEY_FUZZ_ENGINE)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "PARLEY_FUZZ=ON takes clang (-DCMAKE_C_COMPILER=clang), "
            "or an engine in PARLEY_FUZZ_ENGINE")
    endif()
    set(PARLEY_FUZZ_SANITIZERS "address,undefined" CACHE STRING "Sanitizers of the targets")
    set(flags -fsanitize=${PARLEY_FUZZ_SANITIZERS} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_compile_options(${flags} -fsanitize=fuzzer-no-link -g)
    add_link_options(${flags})
    set(PARLEY_FUZZ_ENGINE -fsanitize=fuzzer)
    # The targets themselves are not what is to be covered.
    set(PARLEY_FUZZ_UNCOVERED -fno-sanitize=fuzzer-no-link)
endif()

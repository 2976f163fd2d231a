# parley_warnings(TARGET): the warnings that every file of ours is clean under.
function(parley_warnings target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow
        $<$<BOOL:${PARLEY_WERROR}>:-Werror>)
endfunction()

# What Ragel's output, and nothing else, is excused from.
set(PARLEY_GENERATED_OPTIONS
    -Wno-sign-conversion -Wno-implicit-fallthrough -Wno-switch-unreachable)
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    # Clang does not know the last of them.
    list(APPEND PARLEY_GENERATED_OPTIONS -Wno-unknown-warning-option)
endif()

# parley_imports(TARGET): for the libraries. gcc makes strlen of a loop, and clang bcmp of memcmp;
# of libc they import memcpy, memmove, memset and memcmp alone.
function(parley_imports target)
    if(CMAKE_C_COMPILER_ID MATCHES "Clang")
        target_compile_options(${target} PRIVATE -fno-builtin-bcmp)
    else()
        target_compile_options(${target} PRIVATE -fno-tree-loop-distribute-patterns)
    endif()
endfunction()

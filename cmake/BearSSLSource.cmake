# Builds BearSSL 0.6 from PARLEY_BEARSSL_SOURCE: its source tree, or an archive of the
# release, whose SHA-256 is checked. Gives BearSSL::BearSSL.
set(bearssl_archives
    # bearssl-0.6.tar.gz, the release
    6705bba1714961b41a728dfc5debbe348d2966c117649392f8c8139efc83ff14
    # bearssl_0.6+dfsg.1.orig.tar.xz, Debian's copy of it
    102a625bd8f6155260867a50c508df8d8c3f796985dd744df1a68e5cd1a79004)

set(bearssl_tree "${PARLEY_BEARSSL_SOURCE}")
if(NOT EXISTS "${bearssl_tree}")
    message(FATAL_ERROR "PARLEY_BEARSSL_SOURCE: no such file or folder: ${bearssl_tree}")
endif()
if(NOT IS_DIRECTORY "${bearssl_tree}")
    file(SHA256 "${bearssl_tree}" bearssl_hash)
    if(NOT bearssl_hash IN_LIST bearssl_archives)
        message(FATAL_ERROR "PARLEY_BEARSSL_SOURCE: ${bearssl_tree} is not a pinned archive of "
            "BearSSL 0.6: its SHA-256 is ${bearssl_hash}, cmake/BearSSLSource.cmake names those "
            "that are")
    endif()
    file(ARCHIVE_EXTRACT INPUT "${bearssl_tree}" DESTINATION "${PROJECT_BINARY_DIR}/bearssl")
    set(bearssl_tree "${PROJECT_BINARY_DIR}/bearssl/bearssl-0.6")
endif()
if(NOT EXISTS "${bearssl_tree}/inc/bearssl.h")
    message(FATAL_ERROR "PARLEY_BEARSSL_SOURCE: no inc/bearssl.h in ${bearssl_tree}")
endif()

# A foreign, pinned tree: as in its own build, every file below src/ is compiled.
file(GLOB_RECURSE bearssl_sources "${bearssl_tree}/src/*.c")
add_library(bearssl STATIC ${bearssl_sources})
set_target_properties(bearssl PROPERTIES C_EXTENSIONS ON)
if(PARLEY_FUZZ)
    # It reads words where they lie, on processors that can.
    target_compile_options(bearssl PRIVATE -fno-sanitize=alignment)
endif()
target_include_directories(bearssl SYSTEM
    PUBLIC
        $<BUILD_INTERFACE:${bearssl_tree}/inc>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_include_directories(bearssl PRIVATE "${bearssl_tree}/src")
add_library(BearSSL::BearSSL ALIAS bearssl)

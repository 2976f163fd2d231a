# Builds BearSSL 0.6 from PARLEY_BEARSSL_SOURCE: its source tree, or the release archive,
# whose SHA-256 is checked. Gives BearSSL::BearSSL.
set(BEARSSL_SHA256 6705bba1714961b41a728dfc5debbe348d2966c117649392f8c8139efc83ff14)
set(tree "${PARLEY_BEARSSL_SOURCE}")
if(NOT IS_DIRECTORY "${tree}")
    if(NOT EXISTS "${tree}")
        message(FATAL_ERROR "PARLEY_BEARSSL_SOURCE: no such file or folder: ${tree}")
    endif()
    file(SHA256 "${tree}" hash)
    if(NOT hash STREQUAL BEARSSL_SHA256)
        message(FATAL_ERROR "PARLEY_BEARSSL_SOURCE: ${tree} is not the bearssl-0.6.tar.gz that is "
            "pinned: SHA-256 ${hash}, expected ${BEARSSL_SHA256}")
    endif()
    file(ARCHIVE_EXTRACT INPUT "${tree}" DESTINATION "${PROJECT_BINARY_DIR}/bearssl")
    set(tree "${PROJECT_BINARY_DIR}/bearssl/bearssl-0.6")
endif()
if(NOT EXISTS "${tree}/inc/bearssl.h")
    message(FATAL_ERROR "PARLEY_BEARSSL_SOURCE: ${tree} has no inc/bearssl.h")
endif()

# A foreign, pinned tree: its own build compiles every file below src/.
file(GLOB_RECURSE bearssl_sources "${tree}/src/*.c")
add_library(bearssl STATIC ${bearssl_sources})
set_target_properties(bearssl PROPERTIES C_EXTENSIONS ON)
target_include_directories(bearssl
    PUBLIC $<BUILD_INTERFACE:${tree}/inc> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE "${tree}/src")
add_library(BearSSL::BearSSL ALIAS bearssl)

# What cmake --install lays down: headers, libraries, the command, and the files by which
# find_package(parley) and pkg-config find them. parley_insecure and its header stay here:
# an installed Parley has no entry without TLS.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/parley)
set(installed parley)
install(DIRECTORY core/include/parley DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h" PATTERN insecure.h EXCLUDE)
if(TARGET parley_tls)
    list(APPEND installed parley_tls)
    install(DIRECTORY tls_bearssl/include/parley DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
endif()
set(parley_bearssl_bundled FALSE)
if(TARGET bearssl)
    set(parley_bearssl_bundled TRUE)
    # Built from source: it goes along, and is found there.
    list(APPEND installed bearssl)
    install(DIRECTORY ${bearssl_tree}/inc/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
endif()
install(TARGETS ${installed} EXPORT parleyTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT parleyTargets NAMESPACE parley:: DESTINATION ${config_dir})
if(TARGET parley_command)
    install(TARGETS parley_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(cmake/parleyConfig.cmake.in
    ${PROJECT_BINARY_DIR}/parleyConfig.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/parleyConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/parleyConfig.cmake
    ${PROJECT_BINARY_DIR}/parleyConfigVersion.cmake
    cmake/FindBearSSL.cmake
    DESTINATION ${config_dir})

# The .pc files are relative to where they lie, so that --prefix may be given at installation.
cmake_path(SET pc_prefix NORMALIZE "/prefix")
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY ${pc_prefix} NORMALIZE
    OUTPUT_VARIABLE pc_dir)
cmake_path(RELATIVE_PATH pc_prefix BASE_DIRECTORY "${pc_dir}/pkgconfig")
set(pc_definitions "")
foreach(definition IN LISTS PARLEY_WITHOUT)
    string(APPEND pc_definitions " -D${definition}")
endforeach()
foreach(name parley parley-tls)
    if(name STREQUAL "parley" OR TARGET parley_tls)
        configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
        install(FILES ${PROJECT_BINARY_DIR}/${name}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    endif()
endforeach()

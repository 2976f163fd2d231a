# Finds BearSSL, which brings neither a CMake nor a pkg-config file.
# Gives BearSSL::BearSSL. The static library comes first: only what is used is linked.
find_path(BearSSL_INCLUDE_DIR bearssl.h)
find_library(BearSSL_LIBRARY NAMES libbearssl.a bearssl)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BearSSL
    REQUIRED_VARS BearSSL_LIBRARY BearSSL_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install it (Debian: libbearssl-dev), or set PARLEY_BEARSSL_SOURCE")
mark_as_advanced(BearSSL_INCLUDE_DIR BearSSL_LIBRARY)

if(BearSSL_FOUND AND NOT TARGET BearSSL::BearSSL)
    add_library(BearSSL::BearSSL UNKNOWN IMPORTED)
    set_target_properties(BearSSL::BearSSL PROPERTIES
        IMPORTED_LOCATION "${BearSSL_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${BearSSL_INCLUDE_DIR}")
endif()

# For programs that hold machines of their own, or all of them, in place of the library's one:
#   PARLEY_XML_PARTS   the sources of the XML layer one by one; they call parley_xml_machine
#   PARLEY_XML_STYLES  objects with STYLE_machine, STYLE_begin and STYLE_epilog: small, table, fast,
#                      and avx2 where PARLEY_HAS_AVX2; the program has xml_places, which they count
set(PARLEY_XML_PARTS "")
foreach(part xml xml_content xml_namespace xml_push xml_read xml_run xml_stop xml_store xml_tag xml_text)
    list(APPEND PARLEY_XML_PARTS ${PROJECT_SOURCE_DIR}/core/${part}.c)
endforeach()

set(PARLEY_XML_STYLES "")
foreach(style small table fast avx2)
    set(machine ${style})
    set(options "")
    if(style STREQUAL "avx2")
        if(NOT PARLEY_HAS_AVX2)
            continue()
        endif()
        set(machine fast)
        set(options ${PARLEY_AVX2_OPTIONS})
    endif()
    # A file of its own name: coverage tells static functions apart by the file's name and theirs.
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/xml_style_${style}.c
        CONTENT "#include \"xml_whole.c\"\n" @ONLY)
    add_library(xml_style_${style} OBJECT EXCLUDE_FROM_ALL
        ${CMAKE_CURRENT_BINARY_DIR}/xml_style_${style}.c)
    target_include_directories(xml_style_${style} PRIVATE ${PROJECT_SOURCE_DIR}/core
        ${PROJECT_SOURCE_DIR}/core/include ${PROJECT_SOURCE_DIR}/machines)
    target_compile_definitions(xml_style_${style} PRIVATE XML_MACHINE_ONLY XML_COUNTED
        $<$<STREQUAL:${machine},fast>:XML_SIMD> $<$<STREQUAL:${machine},small>:XML_SMALL> "PARLEY_XML_MACHINE=\"xml_${machine}.c\""
        parley_xml_machine=${style}_machine parley_xml_machine_begin=${style}_begin
        parley_xml_machine_epilog=${style}_epilog)
    target_compile_options(xml_style_${style} PRIVATE ${options})
    parley_warnings(xml_style_${style})
    list(APPEND PARLEY_XML_STYLES $<TARGET_OBJECTS:xml_style_${style}>)
endforeach()

# The build's list of transports, in table order.
#
# ipcbench_add_transport(NAME name SOURCES file… [LINK libs…] [MISSING reason] [BY_NAME])
#   The source defines `const Transport& transport_<name>()` ('-' becomes '_'). With MISSING nothing is built: the
#   transport stays in the list with that reason. With BY_NAME no suite has it but by its name.
# ipcbench_finish_transports(target)
#   Makes the library `target` of the transports added since the last call, with registered_transports().

function(ipcbench_add_transport)
  cmake_parse_arguments(arg "BY_NAME" "NAME;MISSING" "SOURCES;LINK" ${ARGN})
  string(REPLACE "-" "_" function "transport_${arg_NAME}")
  if(arg_BY_NAME)
    set_property(GLOBAL APPEND PROPERTY ipcbench_transport_by_name "    \"${arg_NAME}\",")
  endif()
  if(arg_MISSING)
    set_property(GLOBAL APPEND PROPERTY ipcbench_transport_rows "    {\"${arg_NAME}\", nullptr, \"${arg_MISSING}\"},")
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY ipcbench_transport_declarations "const Transport& ${function}()\;")
  set_property(GLOBAL APPEND PROPERTY ipcbench_transport_rows "    {\"${arg_NAME}\", &${function}()},")
  list(TRANSFORM arg_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set_property(GLOBAL APPEND PROPERTY ipcbench_transport_sources ${arg_SOURCES})
  set_property(GLOBAL APPEND PROPERTY ipcbench_transport_links ${arg_LINK})
endfunction()

function(ipcbench_finish_transports target)
  get_property(declarations GLOBAL PROPERTY ipcbench_transport_declarations)
  get_property(rows GLOBAL PROPERTY ipcbench_transport_rows)
  get_property(by_name GLOBAL PROPERTY ipcbench_transport_by_name)
  get_property(sources GLOBAL PROPERTY ipcbench_transport_sources)
  get_property(links GLOBAL PROPERTY ipcbench_transport_links)
  list(JOIN declarations "\n" IPCBENCH_DECLARATIONS)
  list(JOIN rows "\n" IPCBENCH_ROWS)
  list(JOIN by_name "\n" IPCBENCH_BY_NAME)
  foreach(property declarations rows by_name sources links)
    set_property(GLOBAL PROPERTY ipcbench_transport_${property})
  endforeach()
  set(registry ${CMAKE_BINARY_DIR}/generated/${target}_registry.cpp)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/registered_transports.cpp.in ${registry} @ONLY)
  list(REMOVE_DUPLICATES sources)
  add_library(${target} STATIC ${sources} ${registry})
  # Headers that most of them include.
  target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/harness/sdk/simple_transport.h
                                              ${CMAKE_SOURCE_DIR}/scenarios/bind_fd.h
                                              ${CMAKE_SOURCE_DIR}/transports/parts/ring_transport.h)
  # Measured code must compile the same regardless of other files in its unit.
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${target} PUBLIC ipcbench_parts PRIVATE ${links})
endfunction()

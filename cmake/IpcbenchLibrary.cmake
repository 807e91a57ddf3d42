# Warnings are errors if IPCBENCH_WERROR is on (the presets turn it on).
option(IPCBENCH_WERROR "Treat warnings as errors" OFF)

# Injects known slowdowns, which show what a comparison detects. Builds that measure for their own sake must not have
# it.
option(IPCBENCH_INJECTION "Let IPCBENCH_INJECT slow a transport's endpoints down" OFF)

add_library(ipcbench_flags INTERFACE)
target_compile_definitions(ipcbench_flags INTERFACE $<$<BOOL:${IPCBENCH_INJECTION}>:IPCBENCH_INJECTION> $<$<BOOL:${IPCBENCH_TESTS}>:IPCBENCH_TESTS>)
target_compile_options(
  ipcbench_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion
  -Wno-missing-field-initializers  # designated initialisers leave the other members to their defaults
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # g++ 12 sees overlaps in std::string that can't be (GCC bug 105651)
  # A unity build reports types with members from an unnamed namespace, since it takes the source for a header.
  $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<COMPILE_LANG_AND_ID:CXX,GNU>>:-Wno-subobject-linkage>
  $<$<BOOL:${IPCBENCH_WERROR}>:-Werror>)
target_include_directories(ipcbench_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

# ipcbench_cold(target…): optimises for build time, since none of this code runs during a measurement. Most of it is
# templates of others' headers.
function(ipcbench_cold)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release,RelWithDebInfo>:-O1>)
  endforeach()
endfunction()

# ipcbench_not_fuzzed(target…): is for what the fuzzer links and no input reaches: sanitizers would triple its compile time.
function(ipcbench_not_fuzzed)
  if(IPCBENCH_FUZZ)
    foreach(target IN LISTS ARGN)
      target_compile_options(${target} PRIVATE -O0 -g0 -fno-sanitize=all)
    endforeach()
  endif()
endfunction()

# ipcbench_library(NAME folder [ROOMS subfolders…] [PUBLIC deps…] [PRIVATE deps…]): makes a static library of all
# sources in the folder and in the named subfolders.
function(ipcbench_library name folder)
  cmake_parse_arguments(arg "" "" "ROOMS;PUBLIC;PRIVATE" ${ARGN})
  set(rooms ${folder})
  foreach(room IN LISTS arg_ROOMS)
    list(APPEND rooms ${folder}/${room})
  endforeach()
  list(TRANSFORM rooms APPEND /*.cpp OUTPUT_VARIABLE source_patterns)
  list(TRANSFORM rooms APPEND /*.h OUTPUT_VARIABLE header_patterns)
  file(GLOB sources CONFIGURE_DEPENDS ${source_patterns})
  file(GLOB headers CONFIGURE_DEPENDS ${header_patterns})
  if(sources)
    add_library(${name} STATIC ${sources} ${headers})
    target_link_libraries(${name} PUBLIC ipcbench_flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    # Each unit compiles the headers' functions again: fewer, larger units take a sixth less time than CMake's 8 files
    # per unit.
    set_target_properties(${name} PROPERTIES UNITY_BUILD_BATCH_SIZE 20)
  else()
    add_library(${name} INTERFACE ${headers})
    target_link_libraries(${name} INTERFACE ipcbench_flags ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
endfunction()

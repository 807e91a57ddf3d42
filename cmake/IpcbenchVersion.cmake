# Generates generated/ipcbench_version.h: version, git revision, compiler and flags, which every result states. The
# revision is looked up at each build, since a commit doesn't re-run the configuration. The file is written only if it
# changes, so that an up-to-date build compiles nothing.

set(IPCBENCH_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/write_version.cmake)

string(TOUPPER "${CMAKE_BUILD_TYPE}" ipcbench_build_type)
string(STRIP "-std=c++${CMAKE_CXX_STANDARD} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${ipcbench_build_type}}" ipcbench_flags_text)
string(REGEX REPLACE " +" " " ipcbench_flags_text "${ipcbench_flags_text}")

set(ipcbench_version_command
    ${CMAKE_COMMAND}
    -DSOURCE_DIR=${CMAKE_SOURCE_DIR}
    -DTEMPLATE=${CMAKE_CURRENT_LIST_DIR}/ipcbench_version.h.in
    -DOUTPUT=${CMAKE_BINARY_DIR}/generated/ipcbench_version.h
    -DVERSION=${PROJECT_VERSION}
    "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
    "-DFLAGS=${ipcbench_flags_text}"
    -DBUILD_TYPE=${CMAKE_BUILD_TYPE}
    -P ${IPCBENCH_VERSION_SCRIPT})

add_custom_target(ipcbench_version
  COMMAND ${ipcbench_version_command}
  BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/ipcbench_version.h
  COMMENT "Looking up the git revision"
  VERBATIM)

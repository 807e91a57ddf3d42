# cmake -DSOURCE_DIR=… -DTEMPLATE=… -DOUTPUT=… -DVERSION=… -DCOMPILER=… -DFLAGS=… -DBUILD_TYPE=… -P write_version.cmake
set(GIT_REVISION "unknown")
find_program(git git)
if(git)
  # A release unpacked inside another project's repository must not report that project's revision.
  execute_process(COMMAND ${git} -C ${SOURCE_DIR} rev-parse --show-prefix
    OUTPUT_VARIABLE prefix RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed AND prefix STREQUAL "")
    execute_process(COMMAND ${git} --no-optional-locks -C ${SOURCE_DIR} describe --always --abbrev=12 --dirty --match=v[0-9]*
      OUTPUT_VARIABLE revision RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT failed)
      set(GIT_REVISION "${revision}")
    endif()
  endif()
endif()

foreach(name IN ITEMS VERSION GIT_REVISION COMPILER FLAGS BUILD_TYPE)
  string(REPLACE "\\" "\\\\" ${name} "${${name}}")
  string(REPLACE "\"" "\\\"" ${name} "${${name}}")
endforeach()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)

# ipcbench_text_entries(VARIABLE TYPE folder extension name…): sets VARIABLE to the files folder/name.extension as
# initialisers TYPE{"name", "text"}. Libraries embed them, so that the program needs no data files.
function(ipcbench_text_entries variable type folder extension)
  set(entries "")
  foreach(name IN LISTS ARGN)
    set(file ${folder}/${name}.${extension})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND entries "    ${type}{\"${name}\", R\"text(${text})text\"},\n")
  endforeach()
  set(${variable} "${entries}" PARENT_SCOPE)
endfunction()

# ipcbench_builtin_suites(TARGET folder name…): adds the suites that builtin_suite_texts() returns.
function(ipcbench_builtin_suites target folder)
  ipcbench_text_entries(IPCBENCH_SUITE_ENTRIES BuiltinSuite ${folder} toml ${ARGN})
  configure_file(${CMAKE_SOURCE_DIR}/cmake/builtin_suites.cpp.in ${CMAKE_BINARY_DIR}/generated/builtin_suites.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/builtin_suites.cpp)
endfunction()

# ipcbench_builtin_claims(TARGET folder): adds the claims that builtin_claim_texts() returns: all files of the folder.
function(ipcbench_builtin_claims target folder)
  file(GLOB names CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.toml)
  list(SORT names COMPARE NATURAL)
  list(TRANSFORM names REPLACE "\\.toml$" "")
  ipcbench_text_entries(IPCBENCH_CLAIM_ENTRIES ClaimText ${folder} toml ${names})
  configure_file(${CMAKE_SOURCE_DIR}/cmake/builtin_claims.cpp.in ${CMAKE_BINARY_DIR}/generated/builtin_claims.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/builtin_claims.cpp)
endfunction()

# ipcbench_gnuplot_templates(TARGET folder name…): adds the templates that gnuplot_template() returns.
function(ipcbench_gnuplot_templates target folder)
  ipcbench_text_entries(IPCBENCH_TEMPLATE_ENTRIES Template ${folder} gp ${ARGN})
  configure_file(${CMAKE_SOURCE_DIR}/cmake/gnuplot_templates.cpp.in ${CMAKE_BINARY_DIR}/generated/gnuplot_templates.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/gnuplot_templates.cpp)
endfunction()

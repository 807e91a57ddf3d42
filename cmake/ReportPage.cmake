# Embeds the report's page in a library: plots/html/ as it is, and its script, bundled by esbuild from plots/html/src/
# and the npm packages of package-lock.json. If these are missing, reports have only tables and static charts; the build
# never fails for them.
#
# ipcbench_report_page(target)

set(IPCBENCH_WEB AUTO CACHE STRING "Interactive charts in reports: ON (an error if it can't be), OFF, or AUTO (where node and npm work)")
set_property(CACHE IPCBENCH_WEB PROPERTY STRINGS AUTO ON OFF)

set(IPCBENCH_WEB_FOLDER ${CMAKE_BINARY_DIR}/web)
set(IPCBENCH_WEB_SOURCES ${CMAKE_SOURCE_DIR}/plots/html)

# Installs the packages in the build folder, once for each package-lock.json. Sets `reason` to why they are missing, or
# to "". A failed attempt isn't repeated until the folder is removed, since without a network it takes long.
function(ipcbench_web_packages reason)
  set(${reason} "" PARENT_SCOPE)
  find_program(IPCBENCH_NODE node)
  find_program(IPCBENCH_NPM npm)
  if(NOT IPCBENCH_NODE OR NOT IPCBENCH_NPM)
    set(${reason} "node and npm were not found" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${IPCBENCH_NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  string(REGEX REPLACE "^v" "" version "${version}")
  if(version VERSION_LESS 18)
    set(${reason} "node is older than 18 (${version})" PARENT_SCOPE)
    return()
  endif()

  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${IPCBENCH_WEB_SOURCES}/package-lock.json)
  file(SHA256 ${IPCBENCH_WEB_SOURCES}/package-lock.json wanted)
  if(NOT IPCBENCH_TESTS)
    string(APPEND wanted " without tests")
  endif()
  set(stamp ${IPCBENCH_WEB_FOLDER}/packages.stamp)
  set(failure ${IPCBENCH_WEB_FOLDER}/packages.failed)
  set(installed "")
  if(EXISTS ${stamp})
    file(READ ${stamp} installed)
  endif()
  if(installed STREQUAL wanted)
    return()
  endif()
  if(EXISTS ${failure} AND NOT IPCBENCH_WEB STREQUAL "ON")
    set(${reason} "npm ci failed; remove ${IPCBENCH_WEB_FOLDER} to try again" PARENT_SCOPE)
    return()
  endif()

  message(STATUS "Fetching the packages of the report's charts (npm ci)")
  file(COPY ${IPCBENCH_WEB_SOURCES}/package.json ${IPCBENCH_WEB_SOURCES}/package-lock.json DESTINATION ${IPCBENCH_WEB_FOLDER})
  set(omit "")
  if(NOT IPCBENCH_TESTS)
    set(omit --omit=dev)
  endif()
  execute_process(
    COMMAND ${IPCBENCH_NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1
            --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 --fetch-timeout=60000 ${omit}
    WORKING_DIRECTORY ${IPCBENCH_WEB_FOLDER}
    OUTPUT_FILE ${IPCBENCH_WEB_FOLDER}/npm.log ERROR_FILE ${IPCBENCH_WEB_FOLDER}/npm.log
    RESULT_VARIABLE failed TIMEOUT 300)
  if(failed)
    file(WRITE ${failure} "")
    set(${reason} "npm ci failed (see ${IPCBENCH_WEB_FOLDER}/npm.log)" PARENT_SCOPE)
    return()
  endif()
  file(REMOVE ${failure})
  file(WRITE ${stamp} "${wanted}")
endfunction()

function(ipcbench_report_page target)
  set(IPCBENCH_PAGE_SCRIPT_MISSING "")
  if(IPCBENCH_WEB STREQUAL "AUTO" OR IPCBENCH_WEB)
    ipcbench_web_packages(IPCBENCH_PAGE_SCRIPT_MISSING)
  else()
    set(IPCBENCH_PAGE_SCRIPT_MISSING "built with IPCBENCH_WEB=OFF")
  endif()

  set(script ${IPCBENCH_WEB_FOLDER}/page.js)
  set(licences ${IPCBENCH_WEB_FOLDER}/licences.txt)
  if(IPCBENCH_PAGE_SCRIPT_MISSING)
    if(IPCBENCH_WEB STREQUAL "ON")
      message(FATAL_ERROR "IPCBENCH_WEB=ON, but ${IPCBENCH_PAGE_SCRIPT_MISSING}")
    endif()
    message(STATUS "Reports will have tables and static charts only: ${IPCBENCH_PAGE_SCRIPT_MISSING}")
    # The page must not contain a path of this machine.
    string(REGEX REPLACE "[;(] ?(remove|see) .*" "" IPCBENCH_PAGE_SCRIPT_MISSING "${IPCBENCH_PAGE_SCRIPT_MISSING}")
    string(STRIP "${IPCBENCH_PAGE_SCRIPT_MISSING}" IPCBENCH_PAGE_SCRIPT_MISSING)
    set(script ${IPCBENCH_WEB_FOLDER}/none.js)
    set(licences ${IPCBENCH_WEB_FOLDER}/none.txt)
    foreach(none IN ITEMS ${script} ${licences})
      if(NOT EXISTS ${none})
        file(WRITE ${none} "")
      endif()
    endforeach()
    set_property(GLOBAL PROPERTY ipcbench_web_modules "")
  else()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${IPCBENCH_WEB_SOURCES}/src/*.js)
    add_custom_command(
      OUTPUT ${script} ${licences}
      COMMAND ${IPCBENCH_NODE} ${IPCBENCH_WEB_SOURCES}/build.mjs ${IPCBENCH_WEB_FOLDER}/node_modules ${IPCBENCH_WEB_FOLDER}
      DEPENDS ${IPCBENCH_WEB_SOURCES}/build.mjs ${sources} ${IPCBENCH_WEB_FOLDER}/packages.stamp
      COMMENT "Bundling the report's charts"
      VERBATIM)
    set_property(GLOBAL PROPERTY ipcbench_web_modules ${IPCBENCH_WEB_FOLDER}/node_modules)
    install(FILES ${licences} DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME report-licences.txt)
  endif()

  set(style ${IPCBENCH_WEB_SOURCES}/page.css)
  set(template ${IPCBENCH_WEB_SOURCES}/page.html)
  set(hashes ${CMAKE_BINARY_DIR}/generated/page_hashes.h)
  add_custom_command(
    OUTPUT ${hashes}
    COMMAND ${CMAKE_COMMAND} -DSTYLE=${style} -DSCRIPT=${script} -DOUTPUT=${hashes} -P ${CMAKE_SOURCE_DIR}/cmake/write_page_hashes.cmake
    DEPENDS ${style} ${script} ${CMAKE_SOURCE_DIR}/cmake/write_page_hashes.cmake
    VERBATIM)
  set(assets ${CMAKE_BINARY_DIR}/generated/page_assets.cpp)
  set(IPCBENCH_PAGE_TEMPLATE ${template})
  set(IPCBENCH_PAGE_STYLE ${style})
  set(IPCBENCH_PAGE_SCRIPT ${script})
  set(IPCBENCH_PAGE_LICENCES ${licences})
  configure_file(${CMAKE_SOURCE_DIR}/cmake/page_assets.cpp.in ${assets} @ONLY)
  # The compiler doesn't see that the assembler reads these files.
  set_source_files_properties(${assets} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON OBJECT_DEPENDS "${template};${style};${script};${licences};${hashes}")
  target_sources(${target} PRIVATE ${assets} ${hashes})
endfunction()

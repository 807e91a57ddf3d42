# Selects what `cmake --install` and `cpack` deliver: the program, its man page, the shells' completions and the
# documents.

include(GNUInstallDirs)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
include(PluginKit)  # the component "dev"
install(TARGETS ipcbench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

find_program(IPCBENCH_SCDOC scdoc)
if(IPCBENCH_SCDOC)
  set(ipcbench_man ${CMAKE_BINARY_DIR}/ipcbench.1)
  add_custom_command(
    OUTPUT ${ipcbench_man}
    COMMAND sh -c "${IPCBENCH_SCDOC} <${CMAKE_SOURCE_DIR}/docs/ipcbench.1.scd >${ipcbench_man}"
    DEPENDS ${CMAKE_SOURCE_DIR}/docs/ipcbench.1.scd
    VERBATIM)
  add_custom_target(ipcbench_man ALL DEPENDS ${ipcbench_man})
  # Built with the program, so that a build of the program alone can be installed.
  add_dependencies(ipcbench ipcbench_man)
  install(FILES ${ipcbench_man} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
else()
  message(STATUS "ipcbench.1 is not built: scdoc was not found")
endif()

set(completions ${CMAKE_SOURCE_DIR}/cli/completions)
install(FILES ${completions}/ipcbench.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ipcbench)
# Debian's zsh searches vendor-completions, others site-functions.
if(EXISTS /etc/debian_version)
  install(FILES ${completions}/_ipcbench DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
else()
  install(FILES ${completions}/_ipcbench DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
install(FILES ${completions}/ipcbench.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(GLOB documents CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md)
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
# Of use as examples: the program holds them.
install(DIRECTORY claims DESTINATION ${CMAKE_INSTALL_DOCDIR})
# result-format.md refers to the schemas.
install(DIRECTORY results/schema DESTINATION ${CMAKE_INSTALL_DOCDIR}/results)
# Debian packages have their licence here.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
# Two packages: the program, and the kit for plug-ins.
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program dev)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME ipcbench)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME ipcbench-dev)
set(CPACK_COMPONENT_DEV_DESCRIPTION "what building a plug-in of ipcbench takes: its headers, for CMake and pkg-config")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS ipcbench)
set(CPACK_PACKAGE_NAME ipcbench)
set(CPACK_PACKAGE_VENDOR ipcbench)
set(CPACK_PACKAGE_CONTACT "ipcbench developers <ipcbench@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures the inter-process communication mechanisms of Linux")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "dbus-daemon")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "gnuplot-nox, libbenchmark-tools")
find_program(IPCBENCH_SHLIBDEPS dpkg-shlibdeps)
if(IPCBENCH_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
else()
  message(STATUS "a .deb of this build would name no dependencies: dpkg-shlibdeps (dpkg-dev) was not found")
endif()
include(CPack)

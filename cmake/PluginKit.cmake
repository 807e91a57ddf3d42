# Installs what building a plug-in takes, as the component "dev": the headers, and how CMake and pkg-config find it. All of
# it can be moved with its prefix.

include(CMakePackageConfigHelpers)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/harness/sdk/c/ipcbench DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)

# find_package(ipcbench) gives ipcbench::transport.
add_library(ipcbench_transport INTERFACE)
set_target_properties(ipcbench_transport PROPERTIES EXPORT_NAME transport)
target_include_directories(ipcbench_transport INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS ipcbench_transport EXPORT ipcbench_plugin_kit)
set(package ${CMAKE_INSTALL_DATADIR}/cmake/ipcbench)
install(EXPORT ipcbench_plugin_kit NAMESPACE ipcbench:: FILE ipcbench-config.cmake DESTINATION ${package} COMPONENT dev)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/ipcbench-config-version.cmake COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_BINARY_DIR}/ipcbench-config-version.cmake DESTINATION ${package} COMPONENT dev)

configure_file(${CMAKE_SOURCE_DIR}/cmake/ipcbench.pc.in ${CMAKE_BINARY_DIR}/ipcbench.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/ipcbench.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig COMPONENT dev)

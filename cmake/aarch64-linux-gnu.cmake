# Cross-compiles for 64-bit Arm on Debian, with arm64 libraries beside the machine's own (docs/building.md). Programs
# that the build runs, such as tests that list themselves, run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

# Otherwise pkg-config finds the machine's own libraries first.
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig)

find_program(IPCBENCH_QEMU_AARCH64 NAMES qemu-aarch64 qemu-aarch64-static)
if(IPCBENCH_QEMU_AARCH64)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/run-aarch64)
endif()

# Sourced by run-benchmarks and run-tests: installs what is missing, configures and builds.
# Everything it says goes to stderr, since stdout belongs to the program that is run.
# shellcheck shell=bash

ipcbench_root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# The supported systems, by ID and VERSION_ID of os-release(5), and the requirements elsewhere: docs/building.md.
ipcbench_supported_systems=("debian 12" "debian 13" "ubuntu 24.04")
ipcbench_supported_text="Debian 12 and 13 and Ubuntu 24.04"
ipcbench_least_cmake=3.25
ipcbench_least_gcc=12
ipcbench_least_clang=14

ipcbench_build_packages=(
  g++ cmake ninja-build pkg-config
  libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libhwloc-dev libboost-dev libre2-dev libzstd-dev zlib1g-dev
  libutf8proc-dev libmd-dev libsystemd-dev
)
# Packages for `ipcbench gbench`, which the first table doesn't need.
ipcbench_later_packages=(libbenchmark-dev)
# Programs that are measured but are no part of ipcbench.
ipcbench_run_packages=(dbus-daemon)
# Libraries whose plug-ins ./run-benchmarks --with-libraries measures: docs/libraries.md. Boost's is built without more.
ipcbench_library_packages=(libzmq3-dev libnng-dev)
ipcbench_test_packages=("${ipcbench_run_packages[@]}" "${ipcbench_later_packages[@]}" libgtest-dev libgmock-dev libvalijson-dev binutils libbenchmark-tools scdoc dpkg-dev liburing-dev)
# For the preset aarch64: libraries of that architecture beside the machine's own, and an emulator for the programs.
ipcbench_aarch64_packages=(
  g++-aarch64-linux-gnu cmake ninja-build pkg-config qemu-user
  libfmt-dev:arm64 libtomlplusplus-dev:arm64 libhwloc-dev:arm64 libboost-dev:arm64 libbenchmark-dev:arm64
  libsystemd-dev:arm64 libre2-dev:arm64 libzstd-dev:arm64 zlib1g-dev:arm64 libutf8proc-dev:arm64 libmd-dev:arm64 libgtest-dev:arm64 libgmock-dev:arm64
  libcli11-dev nlohmann-json3-dev libvalijson-dev dbus-daemon
)

# Commands and their packages for making and testing the charts of reports; what lacks its command is left out. Commands
# are checked rather than packages, since a node from elsewhere brings npm, which excludes Debian's npm.
ipcbench_build_commands=(node:nodejs npm:npm gnuplot:gnuplot-nox)
ipcbench_test_commands=("${ipcbench_build_commands[@]}" chromium:chromium)
# For ./run-tests --all beyond the core: fuzzing, other shells, other readers of our formats, launchers.
ipcbench_more_test_packages=(
  python3-scipy  # for Google Benchmark's compare.py
  "${ipcbench_library_packages[@]}"
)
ipcbench_more_test_commands=(clang++:clang zsh:zsh fish:fish xmllint:libxml2-utils zstd:zstd
  mpirun:openmpi-bin srun:slurm-client slurmctld:slurmctld slurmd:slurmd munged:munge)

ipcbench_say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# Prints the message and ends the script with 2: usage or configuration.
ipcbench_refuse() {
  ipcbench_say "$@"
  exit 2
}

# ipcbench_at_least VERSION LEAST
ipcbench_at_least() { [[ $(printf '%s\n' "$2" "$1" | sort --version-sort | head -n 1) == "$2" ]]; }

# ipcbench_check_system [FILE]: reports an unsupported system and continues, since it may have what is needed.
ipcbench_check_system() {
  local file=${1:-/etc/os-release} id name system
  # Read in a subshell, because the file sets a dozen variables.
  # shellcheck source=/dev/null
  id=$(. "$file" 2>/dev/null && printf '%s %s' "${ID-}" "${VERSION_ID-}") || true
  # shellcheck source=/dev/null
  name=$(. "$file" 2>/dev/null && printf '%s' "${PRETTY_NAME-$ID}") || true
  for system in "${ipcbench_supported_systems[@]}"; do
    [[ $id != "$system" ]] || return 0
  done
  ipcbench_say "supported are $ipcbench_supported_text; this is ${name:-a system without $file}." \
    "It goes on, and needs CMake $ipcbench_least_cmake, g++ $ipcbench_least_gcc or clang $ipcbench_least_clang," \
    "and the libraries of docs/building.md."
}

# ipcbench_check_tools: refuses a CMake or compiler that is too old. A missing one may be installed later.
ipcbench_check_tools() {
  local version
  if command -v cmake >/dev/null; then
    version=$(cmake --version | sed -n 's/^cmake version \([0-9.]*\).*/\1/p')
    ipcbench_at_least "$version" "$ipcbench_least_cmake" ||
      ipcbench_refuse "CMake is $version ($(command -v cmake)), and $ipcbench_least_cmake or later is needed"
  fi

  local compiler=${CXX:-c++} macros kind=g++ least=$ipcbench_least_gcc
  command -v "$compiler" >/dev/null || return 0
  macros=$("$compiler" -dM -E -x c++ /dev/null) || ipcbench_refuse "$compiler doesn't compile an empty file"
  version=$(sed -n 's/^#define __GNUC__ //p' <<<"$macros")
  if grep --quiet '__clang_major__' <<<"$macros"; then
    kind=clang
    least=$ipcbench_least_clang
    version=$(sed -n 's/^#define __clang_major__ //p' <<<"$macros")
  fi
  ipcbench_at_least "$version" "$least" ||
    ipcbench_refuse "the compiler ($compiler) is $kind $version, and $kind $least or later is needed for C++20"
}

# Prints which of the given packages are not installed. It asks for each one's status, since dpkg also lists removed
# packages with remaining configuration files. A name without an architecture means the machine's own.
ipcbench_missing_packages() {
  local native installed package
  native=$(dpkg --print-architecture)
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}:${Architecture}\n' "$@" 2>/dev/null |
    sed "s/:all$//; s/:$native$//" || true)
  for package in "$@"; do
    grep --quiet --line-regexp --fixed-strings "installed $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# ipcbench_install PACKAGE…: installs missing packages; calls neither apt nor sudo if there are none.
ipcbench_install() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    local tool absent=()
    for tool in c++ cmake ninja pkg-config; do
      command -v "$tool" >/dev/null || absent+=("$tool")
    done
    if ((${#absent[@]})); then
      ipcbench_refuse "not found: ${absent[*]}. Without apt nothing is installed here: install the equivalents of: $*"
    fi
    return 0
  fi

  local missing
  mapfile -t missing < <(ipcbench_missing_packages "$@")
  ((${#missing[@]})) || return 0

  local install=(apt-get install --yes --no-install-recommends "${missing[@]}")
  # A container's image has no package lists before the first update.
  local by_hand="As root: apt-get update && ${install[*]}"
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      ipcbench_refuse "packages are missing and there is neither root nor sudo. $by_hand"
    as_root=(sudo)
    if [[ ! -t 0 ]]; then
      # Without a terminal nobody could type a password.
      sudo --non-interactive true 2>/dev/null ||
        ipcbench_refuse "packages are missing and sudo asks for a password. $by_hand"
      as_root+=(--non-interactive)
    fi
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)

  ipcbench_say "installing ${missing[*]}"
  # A broken third-party list fails the update, but not necessarily the installation.
  "${as_root[@]}" apt-get update >&2 || ipcbench_say "apt-get update failed; trying to install all the same"
  "${as_root[@]}" "${install[@]}" >&2 || ipcbench_refuse "the installation failed. $by_hand"
}

# ipcbench_quietly LOG COMMAND…: shows the output only if the command fails.
ipcbench_quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    return 1
  }
}

# ipcbench_install_commands COMMAND:PACKAGE…: installs the packages of missing commands, or says that it continues
# without them.
ipcbench_install_commands() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || packages+=("${pair##*:}")
  done
  ((${#packages[@]})) || return 0
  (ipcbench_install "${packages[@]}") || ipcbench_say "goes on without ${packages[*]}"
}

# ipcbench_build PRESET [TARGET…]: configures build/PRESET with $ipcbench_settings, unless it is configured already, and
# builds. Only the first build shows its progress.
ipcbench_settings=()
ipcbench_build() {
  local preset=$1
  shift
  local targets=("${@/#/--target=}")
  local folder=$ipcbench_root/build/$preset
  local log=$ipcbench_root/build/$preset.log
  mkdir -p "$ipcbench_root/build"
  local configure=(cmake -S "$ipcbench_root" --preset "$preset" "${ipcbench_settings[@]}")
  local build=(cmake --build "$folder" "${targets[@]}")
  if [[ ! -e $folder/build.ninja ]]; then
    ipcbench_check_tools  # they may just have been installed
    ipcbench_say "configuring build/$preset"
    ipcbench_quietly "$log" "${configure[@]}" ||
      ipcbench_refuse "the configuration failed; it needs (Debian names): ${ipcbench_build_packages[*]}"
  fi
  if [[ -e $folder/.built ]]; then
    ipcbench_quietly "$log" "${build[@]}" || ipcbench_refuse "the build failed"
  else
    ipcbench_say "building build/$preset (some minutes, once)"
    "${build[@]}" >&2 || ipcbench_refuse "the build failed"
    touch "$folder/.built"
  fi
}

# ipcbench_build_rest PRESET [TARGET…]: builds, once, what a first build leaves out to save time: charts of reports and
# `gbench`. A failure is only reported, since nothing needs them.
ipcbench_build_rest() {
  local preset=$1 folder=$ipcbench_root/build/$1
  shift
  [[ -e $folder/.first ]] || return 0
  ipcbench_install_commands "${ipcbench_build_commands[@]}"
  (ipcbench_install "${ipcbench_later_packages[@]}") || ipcbench_say "goes on without ${ipcbench_later_packages[*]}"
  ipcbench_say "adding the charts of reports (npm, half a minute, once)"
  if ipcbench_quietly "$folder.log" cmake -S "$ipcbench_root" --preset "$preset" -DIPCBENCH_WEB=AUTO; then
    sed -n 's/^-- \(Reports will have .*\)/\1/p' "$folder.log" | while IFS= read -r line; do ipcbench_say "$line"; done
    ipcbench_build "$preset" "$@"
  fi
  rm "$folder/.first"
}

# ipcbench_build_libraries PRESET: builds the plug-ins for libraries of a configured build, and sets ipcbench_plugins to
# the arguments by which ipcbench loads those that could be built.
ipcbench_build_libraries() {
  local preset=$1 folder=$ipcbench_root/build/$1 file
  # A library may have been installed since the last configuration.
  ipcbench_quietly "$folder.log" cmake -S "$ipcbench_root" --preset "$preset" || ipcbench_refuse "the configuration failed"
  ipcbench_quietly "$folder.log" cmake --build "$folder" --target=libraries ||
    ipcbench_refuse "the plug-ins for libraries could not be built"
  ipcbench_plugins=()
  for file in "$folder"/libraries/*.so; do
    [[ ! -e $file ]] || ipcbench_plugins+=(--plugin "$file")
  done
}

# Sourced by run-benchmarks and run-tests: installs what is missing, configures and builds.
# Everything it says goes to stderr, since stdout belongs to the program that is run.
# shellcheck shell=bash

ipcbench_root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# What is promised, by ID and VERSION_ID of os-release(5), and what it takes elsewhere: docs/building.md.
ipcbench_supported_systems=("debian 12" "debian 13" "ubuntu 24.04")
ipcbench_supported_text="Debian 12 and 13 and Ubuntu 24.04"
ipcbench_least_cmake=3.25
ipcbench_least_gcc=12
ipcbench_least_clang=14

ipcbench_build_packages=(
  g++ cmake ninja-build pkg-config
  libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libhwloc-dev libboost-dev libre2-dev libzstd-dev zlib1g-dev
  libutf8proc-dev libsystemd-dev
)
# What the first table doesn't need: `ipcbench gbench`.
ipcbench_later_packages=(libbenchmark-dev)
# What is measured, and no part of the program.
ipcbench_run_packages=(dbus-daemon)
ipcbench_test_packages=("${ipcbench_run_packages[@]}" "${ipcbench_later_packages[@]}" libgtest-dev libgmock-dev libvalijson-dev binutils libbenchmark-tools scdoc dpkg-dev)
# The preset aarch64: libraries of that architecture beside the machine's own, and an emulator for what they are built into.
ipcbench_aarch64_packages=(
  g++-aarch64-linux-gnu cmake ninja-build pkg-config qemu-user
  libfmt-dev:arm64 libtomlplusplus-dev:arm64 libhwloc-dev:arm64 libboost-dev:arm64 libbenchmark-dev:arm64
  libsystemd-dev:arm64 libre2-dev:arm64 libzstd-dev:arm64 zlib1g-dev:arm64 libutf8proc-dev:arm64 libgtest-dev:arm64 libgmock-dev:arm64
  libcli11-dev nlohmann-json3-dev libvalijson-dev dbus-daemon
)

# Commands and the packages that have them: node from elsewhere comes with npm, and then Debian's npm can't be installed.
# They make and test the charts of reports; what they are missing for is left out.
ipcbench_build_commands=(node:nodejs npm:npm gnuplot:gnuplot-nox)
ipcbench_test_commands=("${ipcbench_build_commands[@]}" chromium:chromium)
# What ./run-tests --all has beyond the core: fuzzing, other shells, other readers of our formats.
ipcbench_more_test_packages=(python3-scipy)  # of Google Benchmark's compare.py
ipcbench_more_test_commands=(clang++:clang zsh:zsh fish:fish xmllint:libxml2-utils zstd:zstd)

ipcbench_say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# Ends the script with 2: usage or configuration.
ipcbench_refuse() {
  ipcbench_say "$@"
  exit 2
}

# ipcbench_at_least VERSION LEAST
ipcbench_at_least() { [[ $(printf '%s\n' "$2" "$1" | sort --version-sort | head -n 1) == "$2" ]]; }

# ipcbench_check_system [FILE]: says where this isn't a supported system, and goes on: others may have what is needed.
ipcbench_check_system() {
  local file=${1:-/etc/os-release} id name system
  # In a shell of its own: the file sets a dozen variables.
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

# ipcbench_check_tools: refuses a CMake or a compiler that is there and too old. One that isn't there may be installed.
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

# Prints those of the given packages that are not installed. The status of each is asked for, because a removed package
# whose configuration files are left is known to dpkg, too. A name without an architecture is the machine's own.
ipcbench_missing_packages() {
  local native installed package
  native=$(dpkg --print-architecture)
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}:${Architecture}\n' "$@" 2>/dev/null |
    sed "s/:all$//; s/:$native$//" || true)
  for package in "$@"; do
    grep --quiet --line-regexp --fixed-strings "installed $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# ipcbench_install PACKAGE…: installs the missing ones; touches neither apt nor sudo when there is none.
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
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      ipcbench_refuse "packages are missing and there is neither root nor sudo. As root: ${install[*]}"
    as_root=(sudo)
    if [[ ! -t 0 ]]; then
      # Nobody could type a password.
      sudo --non-interactive true 2>/dev/null ||
        ipcbench_refuse "packages are missing and sudo asks for a password. As root: ${install[*]}"
      as_root+=(--non-interactive)
    fi
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)

  ipcbench_say "installing ${missing[*]}"
  # A broken third-party list fails the update, yet not necessarily the installation.
  "${as_root[@]}" apt-get update >&2 || ipcbench_say "apt-get update failed; trying to install all the same"
  "${as_root[@]}" "${install[@]}" >&2 || ipcbench_refuse "the installation failed. As root: ${install[*]}"
}

# ipcbench_quietly LOG COMMAND…: keeps the output for the case that it fails.
ipcbench_quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    return 1
  }
}

# ipcbench_install_commands COMMAND:PACKAGE…: installs the packages of those commands that are missing, or says that it
# goes on without them.
ipcbench_install_commands() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || packages+=("${pair##*:}")
  done
  ((${#packages[@]})) || return 0
  (ipcbench_install "${packages[@]}") || ipcbench_say "goes on without ${packages[*]}"
}

# ipcbench_build PRESET [TARGET…]: configures build/PRESET, with $ipcbench_settings, if that was never done (the build repeats it by
# itself when needed) and builds. Only the first build shows its progress.
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

# ipcbench_build_rest PRESET [TARGET…]: what was left out of a first build for the sake of time, the charts of reports
# and `gbench`. Once; nothing of it is needed, so that what fails is said, and the build stays as it is.
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

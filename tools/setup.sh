# Sourced by run-benchmarks and run-tests: installs what is missing, configures and builds.
# Everything it says goes to stderr, since stdout belongs to the program that is run.
# shellcheck shell=bash

ipcbench_root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

ipcbench_build_packages=(
  g++ cmake ninja-build pkg-config
  libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libhwloc-dev libboost-dev libbenchmark-dev
  libsystemd-dev
)
# What is measured, and no part of the program.
ipcbench_run_packages=(dbus-daemon)
ipcbench_test_packages=("${ipcbench_run_packages[@]}" libgtest-dev libgmock-dev libvalijson-dev binutils libbenchmark-tools scdoc dpkg-dev)

# Commands and the packages that have them: node from elsewhere comes with npm, and then Debian's npm can't be installed.
# They make and test the charts of reports; what they are missing for is left out.
ipcbench_build_commands=(node:nodejs npm:npm gnuplot:gnuplot-nox)
ipcbench_test_commands=("${ipcbench_build_commands[@]}" chromium:chromium)

ipcbench_say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# Ends the script with 2: usage or configuration.
ipcbench_refuse() {
  ipcbench_say "$@"
  exit 2
}

# Prints those of the given packages that are not installed. The status of each is asked for, because a removed package
# whose configuration files are left is known to dpkg, too.
ipcbench_missing_packages() {
  local installed package
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
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
      ipcbench_refuse "not found: ${absent[*]}. This is not a Debian-like system, so install the equivalents of: $*"
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

# ipcbench_build PRESET [TARGET…]: configures build/PRESET if that was never done (the build repeats it by itself when needed) and
# builds. Only the first build shows its progress.
ipcbench_build() {
  local preset=$1
  shift
  local targets=("${@/#/--target=}")
  local folder=$ipcbench_root/build/$preset
  local log=$ipcbench_root/build/$preset.log
  mkdir -p "$ipcbench_root/build"
  local configure=(cmake -S "$ipcbench_root" --preset "$preset")
  local build=(cmake --build "$folder" "${targets[@]}")
  if [[ ! -e $folder/build.ninja ]]; then
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

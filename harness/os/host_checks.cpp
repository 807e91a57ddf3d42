#include "harness/os/host_checks.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/core.h>

#include "harness/os/io.h"

namespace ipcbench {
namespace {

// Two regions of the largest message (4 MiB x 4), and as much again for the memory probe.
constexpr std::uint64_t kEnoughShm = std::uint64_t{64} << 20;
// Of a CPU's time, per CPU: what others run then meets most launches.
constexpr double kHighLoad = 0.25;

using Checks = std::vector<HostCheck>;

std::optional<std::string> file_or_nothing(const std::string& path) {
  try {
    return read_file(path);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

void check_clocksource(const HostInfo& host, Checks& checks) {
  const std::string source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
  // Arm's and RISC-V's counters are read in user space like the TSC.
  if (host.clocksource == "tsc" || host.clocksource == "arch_sys_counter" || host.clocksource == "riscv_clocksource") {
    return;
  }
  const bool slow = host.clocksource == "hpet" || host.clocksource == "acpi_pm" || host.clocksource == "jiffies" ||
                    host.clocksource == "refined-jiffies";
  checks.push_back({"clocksource", slow ? "wrong" : "note",
                    slow ? fmt::format("the clock source is {}: reading the clock takes a system call and a device",
                                       host.clocksource)
                         : fmt::format("the clock source is {}, not tsc: time is CLOCK_MONOTONIC_RAW, coarser and "
                                       "dearer to read",
                                       host.clocksource),
                    source});
}

void check_frequency(const HostInfo& host, Checks& checks) {
  if (host.governor && *host.governor != "performance") {
    checks.push_back({"governor", "noisy",
                      fmt::format("the frequency governor is {}: a launch's speed depends on the load before it; "
                                  "'cpupower frequency-set -g performance' fixes it",
                                  *host.governor),
                      "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"});
  }
  if (host.turbo == "on") {
    checks.push_back({"turbo", "noisy", "turbo is on: the frequency depends on temperature and on the other cores",
                      "/sys/devices/system/cpu/intel_pstate/no_turbo or /sys/devices/system/cpu/cpufreq/boost"});
  }
}

void check_smt(const std::string& root, Checks& checks) {
  const std::string source = "/sys/devices/system/cpu/smt/active";
  if (read_line(root + source) != "1") return;
  checks.push_back(
      {"smt", "note", "SMT is active: what runs on the sibling of a worker's CPU slows the worker", source});
}

void check_virtualisation(const HostInfo& host, Checks& checks) {
  constexpr std::string_view kContainer = "container";
  const std::string_view all = host.virtualisation;
  const bool container = all.size() >= kContainer.size() && all.substr(all.size() - kContainer.size()) == kContainer;
  if (all != "none" && all != kContainer) {
    checks.push_back({"virtual-machine", "noisy",
                      fmt::format("a virtual machine ({}): the host takes CPU time unseen and moves virtual CPUs; "
                                  "wake-ups between CPUs cost an exit",
                                  all.substr(0, all.find(','))),
                      "CPUID"});
  }
  if (container) {
    checks.push_back({"container", "note", "in a container: limits, /dev/shm and CPU quota are the container's",
                      "/.dockerenv, /run/.containerenv, /proc/1"});
  }
}

void check_seccomp(const std::string& root, Checks& checks) {
  const auto status = file_or_nothing(root + "/proc/self/status");
  if (!status || status->find("\nSeccomp:\t2\n") == std::string::npos) return;
  checks.push_back({"seccomp", "note", "a seccomp filter looks at every system call of this process, which costs time",
                    "/proc/self/status"});
}

void check_build(Checks& checks) {
#if !defined(__OPTIMIZE__)
  checks.push_back({"debug-build", "wrong", "this ipcbench was compiled without optimisation", "compiler"});
#elif !defined(NDEBUG)
  checks.push_back({"debug-build", "wrong", "this ipcbench was compiled with assertions", "compiler"});
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  checks.push_back({"sanitizer", "wrong", "this ipcbench was compiled with a sanitizer", "compiler"});
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  checks.push_back({"sanitizer", "wrong", "this ipcbench was compiled with a sanitizer", "compiler"});
#endif
#endif
  static_cast<void>(checks);
}

void check_load(const HostInfo& host, const std::string& root, Checks& checks) {
  const auto line = read_line(root + "/proc/loadavg");
  if (!line) return;
  const double load = std::strtod(line->c_str(), nullptr);
  if (load <= kHighLoad * host.cpus_online) return;
  checks.push_back({"load", "noisy",
                    fmt::format("the load average of the last minute is {:.2f} on {} CPUs: something else runs here",
                                load, host.cpus_online),
                    "/proc/loadavg"});
}

// The path of this process in a cgroup hierarchy, by a line of /proc/self/cgroup: "4:cpu,cpuacct:/a/b" or "0::/a/b".
std::optional<std::string> cgroup_path(std::string_view groups, std::string_view controller) {
  while (!groups.empty()) {
    const std::size_t newline = groups.find('\n');
    const std::string_view line = groups.substr(0, newline);
    groups.remove_prefix(newline == std::string_view::npos ? groups.size() : newline + 1);
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string controllers = fmt::format(",{},", line.substr(first + 1, second - first - 1));
    if (controllers.find(fmt::format(",{},", controller)) != std::string::npos) {
      return std::string(line.substr(second + 1));
    }
  }
  return std::nullopt;
}

struct Quota {
  double cpus = 0;
  std::string source;
};

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional<double>(number) : std::nullopt;  // "max" is none
}

std::optional<double> quota_v2(const std::string& folder) {
  const auto line = read_line(folder + "/cpu.max");  // "200000 100000"
  if (!line) return std::nullopt;
  const auto quota = number_in(*line);
  const std::size_t space = line->find(' ');
  const auto period = space == std::string::npos ? std::nullopt : number_in(std::string_view(*line).substr(space + 1));
  if (!quota || !period || *period <= 0) return std::nullopt;
  return *quota / *period;
}

std::optional<double> quota_v1(const std::string& folder) {
  const auto quota = number_in(read_line(folder + "/cpu.cfs_quota_us").value_or(""));
  const auto period = number_in(read_line(folder + "/cpu.cfs_period_us").value_or(""));
  if (!quota || *quota <= 0 || !period || *period <= 0) return std::nullopt;  // -1 is none
  return *quota / *period;
}

// The least quota of this process's group and of those above it. A container sees the path of its host, but its own
// group at the mount point, so that a folder that doesn't exist is passed over.
template <class Reader>
void tighten(std::optional<Quota>& least, const std::string& root, const std::string& mount, std::string path,
             const char* file, Reader&& read) {
  for (;;) {
    if (path == "/") path.clear();
    const std::string folder = mount + path;
    const std::optional<double> cpus = read(root + folder);
    if (cpus && (!least || *cpus < least->cpus)) least = Quota{*cpus, folder + file};
    if (path.empty()) return;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

void check_quota(const HostInfo& host, const std::string& root, Checks& checks) {
  const auto groups = file_or_nothing(root + "/proc/self/cgroup");
  if (!groups) return;
  std::optional<Quota> least;
  const auto v2 = cgroup_path(*groups, "");
  for (const char* mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    if (v2) tighten(least, root, mount, *v2, "/cpu.max", quota_v2);
  }
  const auto v1 = cgroup_path(*groups, "cpu");
  for (const char* mount : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}) {
    if (v1) tighten(least, root, mount, *v1, "/cpu.cfs_quota_us", quota_v1);
  }
  if (!least || least->cpus >= host.cpus_online) return;
  const bool stops_a_pair = least->cpus < 2;
  checks.push_back({"cpu-quota", stops_a_pair ? "wrong" : "noisy",
                    fmt::format("a cgroup allows {:.2f} CPUs: workers that use more are stopped for the rest of each "
                                "period",
                                least->cpus),
                    least->source});
}

void check_shm(const HostInfo& host, Checks& checks) {
  const auto shm =
      std::find_if(host.limits.begin(), host.limits.end(), [](const auto& limit) { return limit.first == "/dev/shm"; });
  if (shm == host.limits.end()) {
    checks.push_back({"dev-shm", "note", "there is no /dev/shm: POSIX shared memory can't be measured", "/dev/shm"});
    return;
  }
  const std::uint64_t bytes = std::strtoull(shm->second.c_str(), nullptr, 10);
  if (bytes >= kEnoughShm) return;
  checks.push_back({"dev-shm", "note",
                    fmt::format("/dev/shm holds {} KiB: cases with large messages are skipped", bytes >> 10),
                    "/dev/shm"});
}

}  // namespace

std::vector<HostCheck> check_host(const HostInfo& host, const std::string& root) {
  Checks checks;
  check_build(checks);
  check_clocksource(host, checks);
  check_quota(host, root, checks);
  check_virtualisation(host, checks);
  check_seccomp(root, checks);
  check_frequency(host, checks);
  check_load(host, root, checks);
  check_smt(root, checks);
  check_shm(host, checks);
  return checks;
}

}  // namespace ipcbench

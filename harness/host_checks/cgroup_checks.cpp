#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/cgroup/cgroup.h"
#include "harness/cgroup/memory_events.h"
#include "harness/cgroup/memory_group.h"
#include "harness/host_checks/host_check_parts.h"

// Checks what the control groups of this process limit, in both versions of their file systems.

namespace ipcbench {
namespace {

struct Quota {
  double cpus = 0;
  std::string source;
};

std::optional<double> decimal_in(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional<double>(number) : std::nullopt;  // "max": no limit
}

std::optional<double> quota_v2(const std::string& folder) {
  const auto line = read_line(folder + "/cpu.max");  // "200000 100000"
  if (!line) return std::nullopt;
  const auto quota = decimal_in(*line);
  const std::size_t space = line->find(' ');
  const auto period = space == std::string::npos ? std::nullopt : decimal_in(std::string_view(*line).substr(space + 1));
  if (!quota || !period || *period <= 0) return std::nullopt;
  return *quota / *period;
}

std::optional<double> quota_v1(const std::string& folder) {
  const auto quota = decimal_in(read_line(folder + "/cpu.cfs_quota_us").value_or(""));
  const auto period = decimal_in(read_line(folder + "/cpu.cfs_period_us").value_or(""));
  if (!quota || *quota <= 0 || !period || *period <= 0) return std::nullopt;  // -1: no limit
  return *quota / *period;
}

// Returns the smallest quota of this process's groups and their ancestors.
std::optional<Quota> least_quota(const std::string& root) {
  std::optional<Quota> least;
  const auto tighten = [&](std::string_view controller, const char* file, auto&& read) {
    for (const std::string& folder : own_cgroup_folders(controller, root)) {
      const std::optional<double> cpus = read(root + folder);
      if (cpus && (!least || *cpus < least->cpus)) least = Quota{*cpus, folder + file};
    }
  };
  tighten("", "/cpu.max", quota_v2);
  tighten("cpu", "/cpu.cfs_quota_us", quota_v1);
  return least;
}

HostCheck quota_check(const HostInfo& host, const std::optional<Quota>& least) {
  HostCheck check{.id = "cpu-quota",
                  .severity = Severity::fine,
                  .text = "no cgroup stops a busy worker",
                  .source = "/proc/self/cgroup, /sys/fs/cgroup",
                  .value = "none"};
  if (!least) return check;
  check.source = least->source;
  check.value = fmt::format("{:.2f} CPUs", least->cpus);
  if (least->cpus >= host.cpus_online) return check;
  check.severity = least->cpus < 2 ? Severity::wrong : Severity::noisy;  // a pair of workers needs two CPUs
  check.text = fmt::format("a cgroup allows {:.2f} CPUs: workers that use more are stopped for the rest of each period",
                           least->cpus);
  check.fix = "lift it: systemctl set-property UNIT CPUQuota=, docker update --cpus N, or the pod's limits.cpu";
  return check;
}

// Checks the nearest file that exists: the kernel has already applied the groups above to it.
void check_cpuset(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  std::vector<std::string> candidates;
  for (const std::string& folder : own_cgroup_folders("", files.root())) {
    candidates.push_back(folder + "/cpuset.cpus.effective");
  }
  for (const std::string& folder : own_cgroup_folders("cpuset", files.root())) {
    candidates.push_back(folder + "/cpuset.effective_cpus");
    candidates.push_back(folder + "/cpuset.cpus");
  }
  for (const std::string& path : candidates) {
    const auto reading = files.read(path);
    const auto count = static_cast<int>(parse_cpu_list(reading.text.value_or("")).size());
    if (count == 0) continue;
    const bool all = count >= host.cpus_online;
    checks.push_back({.id = "cpuset",
                      .severity = all ? Severity::fine : Severity::note,
                      .text = all ? "the cgroups leave all CPUs"
                                  : fmt::format("a cgroup leaves CPUs {} of {}: placements are chosen among them",
                                                *reading.text, host.cpus_online),
                      .source = path,
                      .value = *reading.text,
                      .fix = all ? "" : "systemctl set-property UNIT AllowedCPUs=, or docker update --cpuset-cpus"});
    return;
  }
  checks.push_back({.id = "cpuset",
                    .severity = Severity::fine,
                    .text = "no cgroup has a set of CPUs",
                    .source = "/proc/self/cgroup, /sys/fs/cgroup",
                    .value = "none"});
}

void check_memory_group(const HostFiles& files, HostChecks& checks) {
  const MemoryGroupPlace place = find_memory_group_place(files.root());
  const bool good = place.version != 0;
  checks.push_back({.id = "memory-group",
                    .severity = good ? Severity::fine : Severity::note,
                    .text = good ? fmt::format("memory is counted in control groups below {}", place.folder)
                                 : place.reason + ": memory per channel doesn't see the kernel's own objects",
                    .source = "/proc/self/cgroup, /proc/self/mountinfo",
                    .value = good ? fmt::format("cgroup-v{}", place.version) : "none",
                    .fix = good ? "" : "systemd-run --user --scope -p Delegate=yes ipcbench …"});
}

// Checks the limit of this process's groups that leaves the least memory.
void check_memory_limit(const HostFiles& files, HostChecks& checks) {
  HostCheck check{.id = "memory-limit",
                  .severity = Severity::fine,
                  .text = "no control group limits memory",
                  .source = "/proc/self/cgroup, /proc/self/mountinfo",
                  .value = "none"};
  const std::vector<MemoryGroupLimit> limits = memory_group_limits(files.root());
  const auto left = [](const MemoryGroupLimit& limit) { return limit.bytes - std::min(limit.bytes, limit.in_use); };
  const auto least = std::ranges::min_element(limits, {}, left);
  if (least != limits.end()) {
    constexpr std::uint64_t kMiB = 1 << 20;
    check.severity = Severity::note;
    check.text = fmt::format(
        "{} is {} MiB, of which {} are left; hit {} times so far: a launch in which that happens is marked, and not "
        "judged",
        least->name, least->bytes / kMiB, left(*least) / kMiB, least->hits);
    check.source = least->folder + '/' + least->name;
    check.value = fmt::format("{} MiB", least->bytes / kMiB);
    check.fix = "raise it: systemctl set-property UNIT MemoryMax=, docker update --memory, or the pod's limits.memory";
  }
  checks.push_back(std::move(check));
}

void check_affinity(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  const std::string source = "/proc/self/status";
  const auto status = files.read(source);
  const std::string list = value_in_lines(status.text.value_or(""), "Cpus_allowed_list");
  if (list.empty()) {
    checks.push_back(unreadable("cpu-affinity", source, status.text ? "no Cpus_allowed_list" : status.reason));
    return;
  }
  const auto count = static_cast<int>(parse_cpu_list(list).size());
  const bool all = count >= host.cpus_online;
  checks.push_back({.id = "cpu-affinity",
                    .severity = all ? Severity::fine : Severity::note,
                    .text = all ? "this process may run on every CPU"
                                : fmt::format("this process may run on CPUs {} of {}{}", list, host.cpus_online,
                                              count == 1 ? ": nothing between two CPUs can be measured" : ""),
                    .source = source,
                    .value = list,
                    .fix = all ? "" : "taskset -c 0-N ipcbench …, or start it from a shell that isn't restricted"});
}

}  // namespace

void check_cgroups(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  const std::string source = "/proc/self/cgroup";
  const auto groups = files.read(source);
  if (groups.text) {
    checks.push_back(quota_check(host, least_quota(files.root())));
    check_cpuset(host, files, checks);
  } else {
    checks.push_back(unreadable("cpu-quota", source, groups.reason));
    checks.push_back(unreadable("cpuset", source, groups.reason));
  }
  check_memory_group(files, checks);
  check_memory_limit(files, checks);
  check_affinity(host, files, checks);
}

}  // namespace ipcbench

#include "harness/measure/resource_usage.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <system_error>

#include "harness/base/unique_fd.h"

namespace ipcbench {
namespace {

std::uint64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t nanoseconds(const timeval& time) noexcept {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_usec) * 1'000;
}

std::uint64_t read_clock(clockid_t id) noexcept {
  timespec now{};
  ::clock_gettime(id, &now);
  return nanoseconds(now);
}

// Returns the number behind `label`.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view label) noexcept {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + at + label.size(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

ResourceUsage resource_usage() noexcept {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return {
      .cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID),
      .user_ns = nanoseconds(used.ru_utime),
      .system_ns = nanoseconds(used.ru_stime),
      .voluntary = static_cast<std::uint64_t>(used.ru_nvcsw),
      .involuntary = static_cast<std::uint64_t>(used.ru_nivcsw),
      .minor_faults = static_cast<std::uint64_t>(used.ru_minflt),
      .major_faults = static_cast<std::uint64_t>(used.ru_majflt),
      .wall_ns = read_clock(CLOCK_MONOTONIC_RAW),
      .cpu = ::sched_getcpu(),
  };
}

SideUsage usage_between(const ResourceUsage& before, const ResourceUsage& after) noexcept {
  SideUsage used{.cpu_ns = static_cast<double>(after.cpu_ns - before.cpu_ns),
                 .wall_ns = static_cast<double>(after.wall_ns - before.wall_ns),
                 .user_ns = {},
                 .system_ns = {},
                 .voluntary = after.voluntary - before.voluntary,
                 .involuntary = after.involuntary - before.involuntary,
                 .minor_faults = after.minor_faults - before.minor_faults,
                 .major_faults = after.major_faults - before.major_faults};
  if (used.wall_ns >= kLeastSplitWindowNs) {
    used.user_ns = static_cast<double>(after.user_ns - before.user_ns);
    used.system_ns = static_cast<double>(after.system_ns - before.system_ns);
  }
  return used;
}

ProcessUsage process_usage(std::int32_t pid) noexcept {
  ProcessUsage usage;
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(pid, &clock) == 0 && ::clock_gettime(clock, &now) == 0) {
    usage.cpu_ns = static_cast<double>(nanoseconds(now));
  }
  char text[4096];
  std::snprintf(text, sizeof text, "/proc/%d/status", pid);
  const UniqueFd file(::open(text, O_RDONLY | O_CLOEXEC));
  const ssize_t size = file ? ::read(file.get(), text, sizeof text) : 0;
  if (size <= 0) return usage;
  const std::string_view status(text, static_cast<std::size_t>(size));
  usage.voluntary = number_after(status, "\nvoluntary_ctxt_switches:\t");
  usage.involuntary = number_after(status, "\nnonvoluntary_ctxt_switches:\t");
  return usage;
}

ProcessUsage usage_between(const ProcessUsage& before, const ProcessUsage& after) noexcept {
  ProcessUsage used;
  if (before.cpu_ns && after.cpu_ns) used.cpu_ns = *after.cpu_ns - *before.cpu_ns;
  if (before.voluntary && after.voluntary && before.involuntary && after.involuntary) {
    used.voluntary = *after.voluntary - *before.voluntary;
    used.involuntary = *after.involuntary - *before.involuntary;
  }
  return used;
}

ResourceUsage usage_before_interval(const ResourceUsage& begin, const ResourceUsage& middle,
                                    const ResourceUsage& end) noexcept {
  ResourceUsage before = middle;
  for (const auto field : {&ResourceUsage::cpu_ns, &ResourceUsage::user_ns, &ResourceUsage::system_ns,
                           &ResourceUsage::voluntary, &ResourceUsage::involuntary, &ResourceUsage::minor_faults,
                           &ResourceUsage::major_faults, &ResourceUsage::wall_ns}) {
    const std::uint64_t since_begin = middle.*field - begin.*field;
    before.*field -= std::min(since_begin, end.*field - middle.*field);
  }
  return before;
}

}  // namespace ipcbench

#include <cstdlib>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "harness/host_checks/host_check_parts.h"

// Checks what this process may ask of the kernel, and how the kernel manages its memory.

namespace ipcbench {
namespace {

// From linux/capability.h, whose older versions lack the last one.
constexpr unsigned kCapSysPtrace = 19;
constexpr unsigned kCapSysAdmin = 21;
constexpr unsigned kCapPerfmon = 38;

HostCheck perf_check(const HostFiles& files, std::string_view status) {
  const std::string source = "/proc/sys/kernel/perf_event_paranoid";
  const auto reading = files.read(source);
  if (!reading.text) return unreadable("perf", source, reading.reason);
  const bool capable = has_capability(status, kCapPerfmon) || has_capability(status, kCapSysAdmin);
  const bool good = capable || std::strtol(reading.text->c_str(), nullptr, 10) <= 1;
  return {.id = "perf",
          .severity = good ? Severity::fine : Severity::note,
          .text = good ? "perf may count what this user's processes do, in the kernel, too"
                       : "perf may not count what the kernel does for this user's processes",
          .source = source,
          .value = *reading.text + (capable ? ", CAP_PERFMON" : ""),
          .fix = good ? "" : "sudo sysctl kernel.perf_event_paranoid=1"};
}

HostCheck ptrace_check(const HostFiles& files, std::string_view status) {
  const std::string source = "/proc/sys/kernel/yama/ptrace_scope";
  const bool capable = has_capability(status, kCapSysPtrace);
  const std::string scope = files.read(source).text.value_or("none");  // a kernel without Yama has no restriction
  const bool good = scope != "3" && (capable || scope != "2");
  return {.id = "ptrace",
          .severity = good ? Severity::fine : Severity::note,
          .text = good ? "a process may attach to its own children, and read their memory"
                       : "no process may attach to another: what reads another process's memory can't be measured",
          .source = source,
          .value = scope + (capable ? ", CAP_SYS_PTRACE" : ""),
          .fix = good           ? ""
                 : scope == "3" ? "boot with another kernel.yama.ptrace_scope: 3 can't be taken back"
                                : "sudo sysctl kernel.yama.ptrace_scope=1"};
}

// Returns the chosen word: "always [madvise] never" -> "madvise".
std::string chosen_word(std::string_view choice) {
  const std::size_t open = choice.find('[');
  const std::size_t close = choice.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::string(choice);
  return std::string(choice.substr(open + 1, close - open - 1));
}

HostCheck huge_page_check(const HostFiles& files, std::string id, std::string what, const std::string& source) {
  const auto reading = files.read(source);
  if (!reading.text) return unreadable(std::move(id), source, reading.reason);
  std::string word = chosen_word(*reading.text);
  const bool always = word == "always" || word == "force" || word == "within_size";
  return {.id = std::move(id),
          .severity = always ? Severity::note : Severity::fine,
          .text = always ? fmt::format("{} may get huge pages: large copies are faster where they do", what)
                         : fmt::format("{} has small pages unless it asks", what),
          .source = source,
          .value = std::move(word),
          .fix = always ? fmt::format("echo {} | sudo tee {}", what == "shared memory" ? "advise" : "madvise", source)
                        : ""};
}

HostCheck swap_check(const HostFiles& files) {
  const std::string source = "/proc/meminfo";
  const auto reading = files.read(source);
  const auto total = leading_number(value_in_lines(reading.text.value_or(""), "SwapTotal"));
  const auto free = leading_number(value_in_lines(reading.text.value_or(""), "SwapFree"));
  if (!total || !free) return unreadable("swap", source, reading.text ? "no SwapTotal" : reading.reason);
  const std::uint64_t used = *total > *free ? *total - *free : 0;
  return {.id = "swap",
          .severity = used > 0 ? Severity::note : Severity::fine,
          .text = used > 0 ? "memory was short: pages that come back from swap show up as the longest round trips"
                           : "nothing is swapped out",
          .source = source,
          .value = *total == 0 ? "none" : fmt::format("{} of {} KiB", used, *total),
          .fix = used > 0 ? "sudo swapoff -a, where memory suffices" : ""};
}

}  // namespace

void check_permissions(const HostFiles& files, HostChecks& checks) {
  const std::string status = files.read("/proc/self/status").text.value_or("");
  checks.push_back(perf_check(files, status));
  checks.push_back(ptrace_check(files, status));
}

void check_memory(const HostFiles& files, HostChecks& checks) {
  const std::string folder = "/sys/kernel/mm/transparent_hugepage/";
  checks.push_back(huge_page_check(files, "huge-pages", "private memory", folder + "enabled"));
  checks.push_back(huge_page_check(files, "huge-pages-shmem", "shared memory", folder + "shmem_enabled"));
  checks.push_back(swap_check(files));
}

}  // namespace ipcbench

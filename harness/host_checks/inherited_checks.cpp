#include <linux/mempolicy.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/host/tracer.h"
#include "harness/host_checks/host_check_parts.h"

// Checks what this process has inherited that changes measurements. What only a system call tells is not checked in a
// recorded tree.

namespace ipcbench {
namespace {

constexpr std::string_view kStatus = "/proc/self/status";

void check_tracer(const HostFiles& files, HostChecks& checks) {
  const std::optional<std::string> name = tracer_of(files);
  if (!name) {
    checks.push_back(unreadable("tracer", std::string(kStatus), "no TracerPid line"));
    return;
  }
  if (name->empty()) {
    checks.push_back({.id = "tracer",
                      .severity = Severity::fine,
                      .text = "nothing traces this process",
                      .source = std::string(kStatus),
                      .value = "none"});
    return;
  }
  checks.push_back({.id = "tracer",
                    .severity = Severity::wrong,
                    .text = fmt::format("{} traces this process: where it follows the workers, each of their system "
                                        "calls stops twice, and launches are invalid",
                                        *name),
                    .source = std::string(kStatus),
                    .value = *name,
                    .fix = "measure without a tracer"});
}

std::string personality_text(std::uint64_t personality) {
  constexpr std::array<std::pair<std::uint64_t, std::string_view>, 10> kFlags{{
      {ADDR_NO_RANDOMIZE, "ADDR_NO_RANDOMIZE"},
      {ADDR_COMPAT_LAYOUT, "ADDR_COMPAT_LAYOUT"},
      {READ_IMPLIES_EXEC, "READ_IMPLIES_EXEC"},
      {ADDR_LIMIT_32BIT, "ADDR_LIMIT_32BIT"},
      {ADDR_LIMIT_3GB, "ADDR_LIMIT_3GB"},
      {MMAP_PAGE_ZERO, "MMAP_PAGE_ZERO"},
      {STICKY_TIMEOUTS, "STICKY_TIMEOUTS"},
      {SHORT_INODE, "SHORT_INODE"},
      {WHOLE_SECONDS, "WHOLE_SECONDS"},
      {UNAME26, "UNAME26"},
  }};
  std::string text;
  for (const auto& [flag, name] : kFlags) {
    if ((personality & flag) == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(name);
    personality &= ~flag;
  }
  if (personality != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : ", ", personality);
  return text;
}

void check_address_space(const HostFiles& files, HostChecks& checks) {
  const std::string source = "/proc/self/personality";
  if (const auto reading = files.read(source); !reading.text) {
    checks.push_back(unreadable("personality", source, reading.reason));
  } else {
    const std::uint64_t personality = std::strtoull(reading.text->c_str(), nullptr, 16);
    checks.push_back({.id = "personality",
                      .severity = personality == 0 ? Severity::fine : Severity::note,
                      .text = personality == 0 ? "the process has the kernel's usual personality"
                                               : fmt::format("the process has the personality {}: its addresses or its "
                                                             "system calls are not those of other programs",
                                                             personality_text(personality)),
                      .source = source,
                      .value = personality == 0 ? "none" : personality_text(personality),
                      .fix = personality == 0 ? "" : "start it without setarch"});
  }
  const std::string setting = "/proc/sys/kernel/randomize_va_space";
  const auto randomised = files.read(setting);
  if (!randomised.text) {
    checks.push_back(unreadable("address-randomisation", setting, randomised.reason));
    return;
  }
  const bool is_usual = *randomised.text != "0";
  checks.push_back({.id = "address-randomisation",
                    .severity = is_usual ? Severity::fine : Severity::note,
                    .text = is_usual ? "each start of a program has its own address layout"
                                     : "all starts of a program have one address layout: their figures agree with "
                                       "each other more than with those of other machines",
                    .source = setting,
                    .value = *randomised.text,
                    .fix = is_usual ? "" : "sudo sysctl kernel.randomize_va_space=2"});
}

// Checks mitigations that prctl(2), or a seccomp filter on an older kernel, has enabled for this process alone.
void check_speculation(const HostFiles& files, HostChecks& checks) {
  const std::string status = files.read(std::string(kStatus)).text.value_or("");
  if (value_in_lines(status, "Speculation_Store_Bypass").empty()) {
    checks.push_back(unreadable("speculation", std::string(kStatus), "no such line"));
    return;
  }
  std::string unusual;
  for (const std::string_view key : {"Speculation_Store_Bypass", "SpeculationIndirectBranch"}) {
    const std::string value = value_in_lines(status, key);
    const bool is_own = value.starts_with("thread") && value.find("mitigated") != std::string::npos;
    if (is_own || value == "conditional disabled" || value == "conditional force disabled") {
      unusual += fmt::format("{}{} {}", unusual.empty() ? "" : ", ", key, value);
    }
  }
  checks.push_back({.id = "speculation",
                    .severity = unusual.empty() ? Severity::fine : Severity::note,
                    .text = unusual.empty() ? "the CPU speculates for this process as for others"
                                            : fmt::format("{}: all code of this process runs slower", unusual),
                    .source = std::string(kStatus),
                    .value = unusual.empty() ? "usual" : unusual});
}

void check_huge_pages_off(const HostFiles& files, HostChecks& checks) {
  const std::string status = files.read(std::string(kStatus)).text.value_or("");
  const bool off = value_in_lines(status, "THP_enabled") == "0";
  checks.push_back({.id = "huge-pages-off",
                    .severity = off ? Severity::note : Severity::fine,
                    .text = off ? "transparent huge pages are disabled for this process"
                                : "transparent huge pages are as the system has them",
                    .source = std::string(kStatus),
                    .value = off ? "yes" : "no"});
}

void check_memory_policy(const HostFiles& files, HostChecks& checks) {
  const std::string source = "get_mempolicy(2)";
  int mode = 0;
  if (!files.root().empty()) {
    checks.push_back(not_recorded("memory-policy", source));
    return;
  }
  if (::syscall(SYS_get_mempolicy, &mode, nullptr, 0UL, nullptr, 0UL) != 0) {
    checks.push_back(not_there("memory-policy", source));
    return;
  }
  constexpr std::array<std::string_view, 7> kModes{
      "default", "preferred", "bind", "interleave", "local", "preferred-many", "weighted-interleave"};
  const auto number = static_cast<std::size_t>(mode & ~MPOL_MODE_FLAGS);
  const bool is_usual = number == MPOL_DEFAULT;
  const std::string value(number < kModes.size() ? kModes[number] : "unknown mode");
  checks.push_back({.id = "memory-policy",
                    .severity = is_usual ? Severity::fine : Severity::note,
                    .text = is_usual ? "memory comes from the node of the CPU that first uses it"
                                     : fmt::format("memory is placed on nodes by the policy {}", value),
                    .source = source,
                    .value = value,
                    .fix = is_usual ? "" : "start it without numactl"});
}

std::string file_name(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

// Adds libraries by their file names, since a path may reveal its user.
void add_libraries(std::string_view list, std::string& all) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(" :\n\t"), list.size());
    if (end > 0) all += (all.empty() ? "" : ", ") + file_name(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

void check_preloaded(const HostFiles& files, HostChecks& checks) {
  std::string preloaded;
  add_libraries(files.read("/etc/ld.so.preload").text.value_or(""), preloaded);
  const std::string environment = files.read("/proc/self/environ").text.value_or("");
  for (std::string_view rest = environment; !rest.empty();) {
    const std::string_view variable = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(variable.size() + 1, rest.size()));
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos || equals + 1 == variable.size()) continue;
    const std::string_view name = variable.substr(0, equals), value = variable.substr(equals + 1);
    if (name == "LD_PRELOAD" || name == "LD_AUDIT") add_libraries(value, preloaded);
    if (name == "GLIBC_TUNABLES") preloaded += (preloaded.empty() ? "" : ", ") + std::string(variable);
  }
  checks.push_back({.id = "preloaded",
                    .severity = preloaded.empty() ? Severity::fine : Severity::note,
                    .text = preloaded.empty() ? "nothing is loaded into programs unasked"
                                              : fmt::format("loaded or tuned from outside: {}", preloaded),
                    .source = "/etc/ld.so.preload, LD_PRELOAD, LD_AUDIT, GLIBC_TUNABLES",
                    .value = preloaded.empty() ? "nothing" : preloaded,
                    .fix = preloaded.empty() ? "" : "env -u LD_PRELOAD -u LD_AUDIT -u GLIBC_TUNABLES ipcbench …"});
}

void check_privileges(const HostFiles& files, HostChecks& checks) {
  const std::string value = value_in_lines(files.read(std::string(kStatus)).text.value_or(""), "NoNewPrivs");
  if (value.empty()) {
    checks.push_back(unreadable("no-new-privileges", std::string(kStatus), "no NoNewPrivs line"));
    return;
  }
  const bool set = value == "1";
  checks.push_back({.id = "no-new-privileges",
                    .severity = set ? Severity::note : Severity::fine,
                    .text = set ? "programs that this process starts gain no privileges by set-user-ID bits"
                                : "programs that this process starts may gain privileges",
                    .source = std::string(kStatus),
                    .value = set ? "yes" : "no"});
}

}  // namespace

void check_inherited(const HostFiles& files, HostChecks& checks) {
  check_tracer(files, checks);
  check_inherited_scheduling(files, checks);
  check_address_space(files, checks);
  check_speculation(files, checks);
  check_huge_pages_off(files, checks);
  check_memory_policy(files, checks);
  check_preloaded(files, checks);
  check_privileges(files, checks);
}

}  // namespace ipcbench

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "harness/host_checks/host_check_parts.h"
#include "harness/host_checks/idle_conditions.h"

// Checks what an idle CPU does, which a message after silence pays for.

namespace ipcbench {
namespace {

// Says what CPU 0 may sleep in: "POLL 0 us, C1 2 us, C6 133 us (disabled)".
std::string states_text(const HostFiles& files) {
  std::vector<std::string> states;
  for (int number = 0;; ++number) {
    const std::string folder = fmt::format("/sys/devices/system/cpu/cpu0/cpuidle/state{}/", number);
    const auto name = files.read(folder + "name");
    if (!name.text) break;
    states.push_back(fmt::format("{} {} us{}", *name.text, files.read(folder + "latency").text.value_or("?"),
                                 files.read(folder + "disable").text == "1" ? " (disabled)" : ""));
  }
  return states.empty() ? "no states" : fmt::format("{}", fmt::join(states, ", "));
}

void check_idle_driver(const HostFiles& files, HostChecks& checks) {
  const std::string folder = "/sys/devices/system/cpu/cpuidle/";
  const auto driver = files.read(folder + "current_driver");
  HostCheck check{.id = "idle-driver", .severity = Severity::fine, .text = {}, .source = folder + "current_driver"};
  if (!driver.text || driver.text->empty() || *driver.text == "none") {
    check.text = "no driver chooses idle states: an idle CPU halts, and firmware or a hypervisor decides the rest";
    check.value = "none";
  } else {
    // Older kernels show the governor under the second name only.
    auto governor = files.read(folder + "current_governor");
    if (!governor.text) governor = files.read(folder + "current_governor_ro");
    check.text = "what puts an idle CPU to sleep, and the states of CPU 0 with what each takes to leave";
    check.value =
        fmt::format("{}, governor {}: {}", *driver.text, governor.text.value_or("unknown"), states_text(files));
  }
  checks.push_back(std::move(check));
}

// Checks for how long an idle virtual CPU looks for work before it halts, which costs an exit to the hypervisor.
void check_guest_polling(const HostFiles& files, HostChecks& checks) {
  constexpr std::array<std::string_view, 5> kParameters = {"guest_halt_poll_ns", "guest_halt_poll_grow_start",
                                                           "guest_halt_poll_grow", "guest_halt_poll_shrink",
                                                           "guest_halt_poll_allow_shrink"};
  const std::string folder = "/sys/module/haltpoll/parameters/";
  HostCheck check{.id = "halt-polling", .severity = Severity::fine, .text = {}, .source = folder};
  std::vector<std::string> values;
  for (const std::string_view name : kParameters) {
    if (const auto value = files.read(folder + std::string(name)); value.text)
      values.push_back(fmt::format("{}={}", name, *value.text));
  }
  const auto polls_ns = files.read(folder + "guest_halt_poll_ns");
  if (!polls_ns.text) {
    check.text = "the kernel's module haltpoll isn't there: an idle CPU halts at once";
    check.value = "none";
  } else {
    const std::uint64_t ns = leading_number(*polls_ns.text).value_or(0);
    check.severity = ns > 0 ? Severity::note : Severity::fine;
    check.text = ns > 0 ? fmt::format(
                              "where the governor haltpoll is used, an idle CPU looks for work up to {} ns "
                              "before it halts: shorter silences cost no exit",
                              ns)
                        : "an idle CPU halts at once";
    check.value = fmt::format("{}", fmt::join(values, ", "));
  }
  checks.push_back(std::move(check));
}

constexpr std::string_view kTickless = "stops on idle CPUs", kPeriodic = "periodic";

// Says whether the kernel stops an idle CPU's tick; "" if nothing tells. Root alone may read /proc/timer_list.
std::string_view tick_mode(const HostInfo& host, const HostFiles& files) {
  const std::string command_line = fmt::format(" {} ", files.read("/proc/cmdline").text.value_or(""));
  if (command_line.find(" nohz=off ") != std::string::npos) return kPeriodic;
  const std::string timers = files.read("/proc/timer_list").text.value_or("");
  for (const std::string_view key : {".nohz", ".nohz_mode"}) {  // in newer and older kernels
    const std::string mode = value_in_lines(timers, key);
    if (!mode.empty()) return mode == "0" ? kPeriodic : kTickless;
  }
  const std::string config = files.read("/boot/config-" + host.kernel).text.value_or("");
  if (config.find("CONFIG_HZ_PERIODIC=y") != std::string::npos) return kPeriodic;
  return config.find("CONFIG_NO_HZ_COMMON=y") != std::string::npos ? kTickless : "";
}

void check_tick(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  const std::string source = fmt::format("/proc/cmdline, /proc/timer_list, /boot/config-{}", host.kernel);
  const std::string_view mode = tick_mode(host, files);
  if (mode.empty()) {
    checks.push_back(unreadable("tick", source, "root may read the second, and the third isn't there"));
    return;
  }
  const bool stops = mode == kTickless;
  checks.push_back({.id = "tick",
                    .severity = stops ? Severity::fine : Severity::note,
                    .text = stops ? "an idle CPU has no timer tick" : "the timer tick wakes idle CPUs",
                    .source = source,
                    .value = std::string(mode)});
}

}  // namespace

void check_idle(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  check_idle_driver(files, checks);
  check_guest_polling(files, checks);
  check_tick(host, files, checks);
}

std::vector<HostCheck> idle_conditions(const std::vector<HostCheck>& all) {
  constexpr std::array<std::string_view, 6> kIds = {"idle-driver", "halt-polling", "governor",
                                                    "tick",        "nohz-full",    "timer-slack"};
  std::vector<HostCheck> conditions;
  for (const std::string_view id : kIds) {
    for (const HostCheck& check : all) {
      if (check.id == id) conditions.push_back(check);
    }
  }
  return conditions;
}

}  // namespace ipcbench

#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/core.h>

#include "harness/host_checks/host_check_parts.h"

// Checks what changes the speed of CPUs and what else runs on them.

namespace ipcbench {
namespace {

// Share of a CPU's time, per CPU. Above it, other programs disturb most launches.
constexpr double kHighLoad = 0.25;
// Exit latency in us. A wake-up between two CPUs takes a few us, which a slower idle state would dominate.
constexpr std::uint64_t kSlowExitUs = 10;

void check_clocksource(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  const std::string folder = "/sys/devices/system/clocksource/clocksource0";
  const std::string source = folder + "/current_clocksource";
  const std::string& name = host.clocksource;
  if (const auto reading = files.read(source); !reading.text) {
    checks.push_back(unreadable("clocksource", source, reading.reason));
    return;
  }
  HostCheck check{.id = "clocksource", .severity = Severity::fine, .text = {}, .source = source, .value = name};
  const bool slow = name == "hpet" || name == "acpi_pm" || name == "jiffies" || name == "refined-jiffies";
  // The counters of Arm and RISC-V are read in user space like the TSC.
  if (name == "tsc" || name == "arch_sys_counter" || name == "riscv_clocksource") {
    check.text = "the kernel's clock is a counter that is read in user space";
  } else if (slow) {
    check.severity = Severity::wrong;
    check.text = fmt::format("the clock source is {}: reading the clock takes a system call and a device", name);
  } else {
    check.severity = Severity::note;
    check.text =
        fmt::format("the clock source is {}, not tsc: time is CLOCK_MONOTONIC_RAW, coarser and dearer to read", name);
  }
  const std::string others = " " + files.read(folder + "/available_clocksource").text.value_or("") + " ";
  if (check.severity != Severity::fine && others.find(" tsc ") != std::string::npos) {
    check.fix = fmt::format("echo tsc | sudo tee {}", source);
  }
  checks.push_back(std::move(check));
}

void check_governor(const HostInfo& host, HostChecks& checks) {
  const std::string source = "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor";
  if (!host.governor) {
    checks.push_back(unreadable("governor", source, "no CPU shows one; firmware or a hypervisor sets the frequency"));
    return;
  }
  const bool good = *host.governor == "performance";
  checks.push_back({.id = "governor",
                    .severity = good ? Severity::fine : Severity::noisy,
                    .text = good ? "the frequency doesn't follow the load"
                                 : fmt::format("the frequency governor is {}: a launch's speed depends on the load "
                                               "before it",
                                               *host.governor),
                    .source = source,
                    .value = *host.governor,
                    .fix = good ? "" : "sudo cpupower frequency-set -g performance"});
}

void check_turbo(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  const std::string intel = "/sys/devices/system/cpu/intel_pstate/no_turbo";
  const std::string boost = "/sys/devices/system/cpu/cpufreq/boost";
  if (!host.turbo) {
    checks.push_back(unreadable("turbo", intel + " or " + boost, "the kernel shows neither"));
    return;
  }
  const bool is_intel = files.read(intel).text.has_value();
  const std::string& source = is_intel ? intel : boost;
  const bool on = *host.turbo == "on";
  checks.push_back({.id = "turbo",
                    .severity = on ? Severity::noisy : Severity::fine,
                    .text = on ? "turbo is on: the frequency depends on temperature and on the other cores"
                               : "no core runs faster than its nominal frequency",
                    .source = source,
                    .value = *host.turbo,
                    .fix = on ? fmt::format("echo {} | sudo tee {}", is_intel ? 1 : 0, source) : ""});
}

void check_smt(const HostFiles& files, HostChecks& checks) {
  const std::string source = "/sys/devices/system/cpu/smt/active";
  const auto reading = files.read(source);
  if (!reading.text) {
    checks.push_back(unreadable("smt", source, reading.reason));
    return;
  }
  const bool active = *reading.text == "1";
  checks.push_back({.id = "smt",
                    .severity = active ? Severity::note : Severity::fine,
                    .text = active ? "SMT is active: what runs on the sibling of a worker's CPU slows the worker"
                                   : "no two CPUs share a core",
                    .source = source,
                    .value = active ? "on" : "off",
                    .fix = active ? "echo off | sudo tee /sys/devices/system/cpu/smt/control" : ""});
}

// Checks the idle states of CPU 0. Other CPUs' states differ only on hybrid processors.
void check_idle_states(const HostFiles& files, HostChecks& checks) {
  const std::string folder = "/sys/devices/system/cpu/cpu0/cpuidle";
  std::uint64_t slowest_us = 0;
  std::string slowest;
  int states = 0;
  for (;; ++states) {
    const std::string state = fmt::format("{}/state{}/", folder, states);
    const auto name = files.read(state + "name");
    if (!name.text) break;
    const std::uint64_t latency_us = leading_number(files.read(state + "latency").text.value_or("")).value_or(0);
    const bool disabled = files.read(state + "disable").text == "1";
    if (disabled || (!slowest.empty() && latency_us < slowest_us)) continue;
    slowest_us = latency_us;
    slowest = *name.text;
  }
  if (states == 0) {
    const auto driver = files.read("/sys/devices/system/cpu/cpuidle/current_driver");
    checks.push_back(unreadable("idle-states", folder + "/state*",
                                driver.text ? fmt::format("the cpuidle driver is '{}', without states", *driver.text)
                                            : "no cpuidle driver; firmware or a hypervisor decides"));
    return;
  }
  const bool slow = slowest_us > kSlowExitUs;
  checks.push_back(
      {.id = "idle-states",
       .severity = slow ? Severity::noisy : Severity::fine,
       .text = slow ? fmt::format("an idle CPU may sleep in {}, which takes {} us to leave: blocking mechanisms pay it "
                                  "or not, by how long they waited",
                                  slowest, slowest_us)
                    : fmt::format("no idle state takes longer than {} us to leave", slowest_us),
       .source = folder + "/state*/{name,latency,disable}",
       .value = slowest.empty() ? "all disabled" : fmt::format("{}, {} us", slowest, slowest_us),
       .fix = slow ? fmt::format("sudo cpupower idle-set -D {}", kSlowExitUs) : ""});
}

void check_load(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  const std::string source = "/proc/loadavg";
  const auto reading = files.read(source);
  if (!reading.text) {
    checks.push_back(unreadable("load", source, reading.reason));
    checks.push_back(unreadable("running-tasks", source, reading.reason));
    return;
  }
  const double load = std::strtod(reading.text->c_str(), nullptr);
  const bool loaded = load > kHighLoad * host.cpus_online;
  checks.push_back({.id = "load",
                    .severity = loaded ? Severity::noisy : Severity::fine,
                    .text = fmt::format("the load average of the last minute is {:.2f} on {} CPUs{}", load,
                                        host.cpus_online, loaded ? ": something else runs here" : ""),
                    .source = source,
                    .value = fmt::format("{:.2f}", load),
                    .fix = loaded ? "ps -eo pcpu,pid,comm --sort=-pcpu | head; end what isn't needed, wait" : ""});

  // "0.10 0.20 0.30 2/100 1000": two of 100 tasks are runnable, and one of them is the reader.
  std::size_t at = 0;
  for (int fields = 0; fields < 3 && at != std::string::npos; ++fields) at = reading.text->find(' ', at + 1);
  const auto runnable =
      at == std::string::npos ? std::nullopt : leading_number(std::string_view(*reading.text).substr(at + 1));
  if (!runnable) {
    checks.push_back(unreadable("running-tasks", source, fmt::format("'{}' has no fourth field", *reading.text)));
    return;
  }
  const std::uint64_t others = *runnable > 0 ? *runnable - 1 : 0;
  const bool busy = static_cast<double>(others) > kHighLoad * host.cpus_online;
  checks.push_back({.id = "running-tasks",
                    .severity = busy ? Severity::noisy : Severity::fine,
                    .text = fmt::format("{} other tasks run or wait for a CPU right now", others),
                    .source = source,
                    .value = std::to_string(others),
                    .fix = busy ? "ps -eo stat,pcpu,pid,comm | grep ^R; end what isn't needed, wait" : ""});
}

// Checks isolated CPUs. If the file is absent, empty or "(null)", the kernel isolates none.
void check_isolation(const HostFiles& files, HostChecks& checks) {
  const std::string isolated_source = "/sys/devices/system/cpu/isolated";
  const auto isolated = files.read(isolated_source);
  if (!isolated.text) {
    checks.push_back(unreadable("isolcpus", isolated_source, isolated.reason));
  } else if (isolated.text->empty()) {
    checks.push_back({.id = "isolcpus",
                      .severity = Severity::fine,
                      .text = "no CPU is kept from the scheduler: other tasks may run on the workers' CPUs",
                      .source = isolated_source,
                      .value = "none"});
  } else {
    checks.push_back({.id = "isolcpus",
                      .severity = Severity::note,
                      .text = fmt::format("CPUs {} are isolated: pinned workers have them alone (--cpus), unpinned "
                                          "workers never run there",
                                          *isolated.text),
                      .source = isolated_source,
                      .value = *isolated.text});
  }
  const std::string ticks_source = "/sys/devices/system/cpu/nohz_full";
  const std::string tickless = files.read(ticks_source).text.value_or("");
  const bool none = tickless.empty() || tickless == "(null)";
  checks.push_back({.id = "nohz-full",
                    .severity = none ? Severity::fine : Severity::note,
                    .text = none ? "every busy CPU has its timer tick"
                                 : fmt::format("CPUs {} run without a tick: every system call costs more there, since "
                                               "the kernel accounts for time at its entry",
                                               tickless),
                    .source = ticks_source,
                    .value = none ? "none" : tickless});
}

void check_mitigations(const HostInfo& host, HostChecks& checks) {
  const std::string source = "/sys/devices/system/cpu/vulnerabilities";
  if (host.mitigations.empty()) {
    checks.push_back(unreadable("mitigations", source, "the kernel lists none"));
    return;
  }
  int active = 0;
  std::string open;
  for (const auto& [name, state] : host.mitigations) {
    if (state.rfind("Mitigation", 0) == 0) ++active;
    if (state.rfind("Vulnerable", 0) == 0) open += (open.empty() ? "" : ", ") + name;
  }
  checks.push_back(
      {.id = "mitigations",
       .severity = open.empty() ? Severity::fine : Severity::note,
       .text = open.empty() ? "as most machines run: system calls and context switches pay for them"
                            : fmt::format("vulnerable to {}: where others mitigate it, system calls cost more", open),
       .source = source,
       .value = fmt::format("{} active, {} open", active,
                            std::count_if(host.mitigations.begin(), host.mitigations.end(),
                                          [](const auto& m) { return m.second.rfind("Vulnerable", 0) == 0; }))});
}

}  // namespace

void check_cpu(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  check_clocksource(host, files, checks);
  check_governor(host, checks);
  check_turbo(host, files, checks);
  check_smt(files, checks);
  check_idle_states(files, checks);
  check_load(host, files, checks);
  check_isolation(files, checks);
  check_mitigations(host, checks);
}

}  // namespace ipcbench

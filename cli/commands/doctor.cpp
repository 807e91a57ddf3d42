#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "cli/options/subcommands.h"
#include "cli/output/listing.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/floors/canary.h"
#include "harness/host/topology.h"
#include "harness/host_checks/host_checks.h"
#include "harness/measure/clock_choice.h"
#include "harness/process/stop_signals.h"
#include "harness/selftest/live_checks.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

constexpr const char* kDoctorExamples = R"(Examples:
  ipcbench doctor                     what makes this machine's numbers wrong or noisy, and how to fix it
  ipcbench doctor --seconds 60        states of the CPUs' distance that change only now and then
  ipcbench doctor --seconds 0         only what the system says, nothing measured
  ipcbench doctor --json              [{id, severity, value, text, source, mend}]

Severities: wrong, the numbers mean something else than they say; noisy, they scatter more than they must; note, good to
know; fine. Nothing is changed: the commands are for you to run. Exit code 0 whatever it finds.)";

struct DoctorArguments {
  unsigned seconds = 10;
  bool json = false;
};

struct Diagnosis {
  std::vector<HostCheck> checks;
  bool interrupted = false;
};

// Returns the CPUs of all placements' pairs, from which a run would choose its clock.
std::vector<int> cpus_of_placements(const Topology& topology) {
  std::vector<int> cpus;
  for (const Placement placement : kPlacements) {
    const std::optional<CpuPair> pair = topology.pair(placement);
    if (!pair || pair->producer < 0 || is_of_casts(placement)) continue;
    for (const int cpu : {pair->producer, pair->consumer}) {
      if (std::find(cpus.begin(), cpus.end(), cpu) == cpus.end()) cpus.push_back(cpu);
    }
  }
  return cpus;
}

std::vector<HostCheck> unmeasured(const std::string& reason) {
  return {not_measured(kClockCheck, reason), not_measured(kStealCheck, reason), not_measured(kCanaryCheck, reason)};
}

// Watches a pair of CPUs. With a single CPU it only waits, so that steal time can be measured.
CanaryWatch watch_pair(const Topology& topology, const Clock& clock, std::optional<Placement> placement,
                       std::chrono::nanoseconds duration) {
  const std::unique_ptr<ProgressReporter> line = make_progress(ProgressMode::automatic);
  const auto start = std::chrono::steady_clock::now();
  const auto go_on = [&] {
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start;
    line->progress({.stage = "doctor: distance of two CPUs",
                    .case_id = {},
                    .elapsed = elapsed,
                    .left = std::max(duration - elapsed, std::chrono::nanoseconds(0))});
    return !stop_requested();
  };
  if (placement) {
    const CpuPair cpus = topology.pair(*placement).value();
    return watch_canary(clock, cpus.producer, cpus.consumer, static_cast<std::uint64_t>(duration.count()),
                        kLaunchCanaryNs, go_on);
  }
  while (go_on() && std::chrono::steady_clock::now() - start < duration) ::usleep(100'000);
  return {.rtt_ns = {}, .stopped = stop_requested()};
}

Diagnosis measure_live(std::chrono::seconds duration) {
  try {
    const Topology topology = Topology::of_this_machine();
    const ClockChoice choice = choose_clock(cpus_of_placements(topology));
    const std::optional<Placement> placement = topology.nearest_other();
    std::vector<int> watched = topology.cpus();
    watched.resize(1);
    if (placement) {
      const CpuPair cpus = topology.pair(*placement).value();
      watched = {cpus.producer, cpus.consumer};
    }
    tell(fmt::format("doctor: measuring for {} s", duration.count()));

    const SystemCounters before = read_system_counters(watched);
    const auto start = std::chrono::steady_clock::now();
    const CanaryWatch watch = watch_pair(topology, choice.clock, placement, duration);
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start;
    const SystemCounters after = read_system_counters(watched);
    return {.checks = {clock_check(choice),
                       steal_check(before, after, watched.size(), static_cast<std::uint64_t>(elapsed.count())),
                       placement ? canary_check(*placement, topology.pair(*placement).value(), watch)
                                 : not_measured(kCanaryCheck, "only one CPU is allowed")},
            .interrupted = watch.stopped};
  } catch (const std::runtime_error& error) {  // includes std::system_error
    if (stop_requested()) return {.checks = unmeasured("interrupted"), .interrupted = true};
    return {.checks = unmeasured(error.what()), .interrupted = false};
  }
}

std::string json_of_checks(const std::vector<HostCheck>& checks) {
  JsonWriter json(kTreeJson);
  json.list([&] {
    for (const HostCheck& check : checks) {
      json.object([&] {
        json.member("id", check.id);
        json.member("severity", check.severity);
        json.member("value", check.value);
        json.member("text", check.text);
        json.member("source", check.source);
        json.member("mend", check.fix);
      });
    }
  });
  return json.take() + '\n';
}

std::vector<Table> tables_of_checks(const std::vector<HostCheck>& checks) {
  std::vector<std::vector<std::string>> findings;
  for (const Severity severity : {Severity::wrong, Severity::noisy, Severity::note}) {
    for (const HostCheck& check : checks) {
      if (check.severity == severity)
        findings.push_back(
            {std::string(to_string(check.severity)), check.id, check.value, check.text, check.fix, check.source});
    }
  }
  std::vector<std::vector<std::string>> fine;
  for (const HostCheck& check : checks) {
    if (check.severity == Severity::fine) fine.push_back({check.id, check.value, check.text, check.source});
  }
  return {listing("Findings", {"severity", "check", "value", "what it means", "how to fix it", "read from"}, findings),
          listing("Fine", {"check", "value", "what it means", "read from"}, fine)};
}

int doctor(const DoctorArguments& arguments, const Globals& globals) {
  install_stop_signals();
  // Reads the host first, before the canary itself loads it.
  std::vector<HostCheck> checks = examine_host(read_host_info(), "");
  const Diagnosis live = arguments.seconds == 0 ? Diagnosis{.checks = unmeasured("--seconds 0")}
                                                : measure_live(std::chrono::seconds(arguments.seconds));
  checks.insert(checks.end(), live.checks.begin(), live.checks.end());
  print(arguments.json ? json_of_checks(checks)
                       : format_tables(tables_of_checks(checks), use_color(globals.color_when(), STDOUT_FILENO)));
  return live.interrupted ? kExitInterrupted : 0;
}

}  // namespace

Subcommand add_doctor(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("doctor", "says what makes this machine's numbers wrong or noisy");
  app->footer(kDoctorExamples);
  auto arguments = std::make_shared<DoctorArguments>();
  app->add_option("--seconds", arguments->seconds,
                  "how long to watch the distance of two CPUs, and steal; default: 10, at most 3600; 0: not at all")
      ->check(CLI::Range(0u, 3600u))
      ->option_text("N");
  app->add_flag("--json", arguments->json, "one JSON array, in an order that doesn't change");
  return {app, [arguments, &globals] { return doctor(*arguments, globals); }};
}

}  // namespace ipcbench

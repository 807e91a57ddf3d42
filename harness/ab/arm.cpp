#include "harness/ab/arm.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/ab/measure_launch.h"
#include "harness/base/take_line.h"
#include "harness/base/usage_error.h"
#include "harness/process/run_program.h"
#include "harness/process/stop_signals.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/registry.h"
#include "results/files/json.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kHelpDeadline = 20s;
constexpr auto kBesideALaunch =
    15s;  // more than the launch's own deadline, after which it still reports how far it came
constexpr int kRefused = 2;
constexpr int kOtherAbi = 5;
constexpr std::string_view kTsc = "tsc:";
constexpr std::string_view kMonotonic = "monotonic_raw:";

// Runs the arm's program with these arguments, in the arm's environment.
ProgramEnd ask_program(const ArmRecord& arm, std::vector<std::string> words, std::chrono::nanoseconds time) {
  words.insert(words.begin(), arm.program);
  const auto set_up = [&] {
    for (const auto& [name, value] : arm.environment) ::setenv(name.c_str(), value.c_str(), 1);
  };
  return run_program({.words = std::move(words), .set_up = set_up}, time, OnStop::kill);
}

// Parses the build from `PROGRAM --version`, a line per fact for people. None if the output has no such lines.
std::optional<BuildInfo> build_of(const ArmRecord& arm) {
  const ProgramEnd answer = ask_program(arm, {"--version"}, kHelpDeadline);
  if (!answer.in_time || !answer.status.clean()) return std::nullopt;
  BuildInfo build;
  std::string_view text = answer.out;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    for (const auto& [name, value] : {std::pair("ipcbench", &build.version), std::pair("revision", &build.git),
                                      std::pair("compiler", &build.compiler), std::pair("build", &build.build_type)}) {
      const std::string_view key = name;
      if (!line.starts_with(key)) continue;
      const std::size_t begin = line.find_first_not_of(' ', key.size());
      if (begin == key.size() || begin == std::string_view::npos) continue;
      *value = printable(line.substr(begin));
    }
  }
  return build.build_type.empty() ? std::nullopt : std::optional(build);
}

// Returns the last non-empty line of stderr, to be quoted.
std::string complaint_of(const ProgramEnd& answer) { return printable(last_line(answer.err)); }

LaunchRecord broken_launch(const SingleLaunch& launch, Status status, std::string reason) {
  return {.case_id = launch.spec.id(),
          .status = status,
          .reason = std::move(reason),
          .seed = launch.seed,
          .ops = launch.ops};
}

std::vector<std::string> words_of(const Arm& arm, const SingleLaunch& launch) {
  std::vector<std::string> words = {"measure-launch",
                                    "--abi",
                                    std::to_string(kMeasureLaunchAbi),
                                    "--case",
                                    launch.spec.id(),
                                    "--messages",
                                    std::to_string(launch.ops),
                                    "--seed",
                                    std::to_string(launch.seed),
                                    "--payload",
                                    std::string(to_string(launch.payload))};
  if (launch.cpus.producer >= 0) {
    words.insert(words.end(), {"--cpus", fmt::format("{},{}", launch.cpus.producer, launch.cpus.consumer)});
  }
  if (const Foreign& foreign = find_transport(launch.spec.transport)->info().foreign; !foreign.command.empty())
    words.insert(words.end(), {"--worker", std::string(foreign.command)});
  else if (!foreign.library.empty())
    words.insert(words.end(), {"--plugin", std::string(foreign.library)});
  if (launch.counts_calls) words.emplace_back("--count-calls");
  if (launch.workers != Workers::fork) words.insert(words.end(), {"--workers", std::string(to_string(launch.workers))});
  if (launch.clock && arm.takes_clock) words.insert(words.end(), {"--clock", clock_text(*launch.clock)});
  if (launch.warmup_ops && arm.takes_warm_up)
    words.insert(words.end(), {"--warm-up", std::to_string(*launch.warmup_ops)});
  if (launch.hybrid_spin && arm.takes_hybrid_spin)
    words.insert(words.end(), {"--hybrid-spin", std::to_string(launch.hybrid_spin->count())});
  return words;
}

// Returns the record that the arm printed, if it is of the requested launch.
LaunchRecord record_in(const ProgramEnd& answer, const SingleLaunch& launch) {
  const std::string complaint = complaint_of(answer);
  if (answer.status.signal != 0 || answer.out.empty()) {
    return broken_launch(
        launch, Status::crashed,
        fmt::format("the program was {}{}{}", describe(answer.status), complaint.empty() ? "" : ": ", complaint));
  }
  try {
    LaunchRecord record = launch_from_json(answer.out, "its answer");
    if (record.case_id == launch.spec.id()) return record;
    return broken_launch(launch, Status::crashed,
                         fmt::format("it answered for the case \"{}\"", printable(record.case_id)));
  } catch (const ResultError& error) {
    return broken_launch(launch, Status::crashed, error.what());
  }
}

}  // namespace

Arm open_arm(ArmRecord record) {
  if (::access(record.program.c_str(), X_OK) != 0) {
    throw UsageError(fmt::format("--{}: {} can't be executed; name a build of ipcbench", record.name, record.program));
  }
  const ProgramEnd help = ask_program(record, {"measure-launch", "--help"}, kHelpDeadline);
  if (!help.in_time || !help.status.clean() || help.out.find("--abi") == std::string::npos) {
    const std::string complaint = complaint_of(help);
    throw UsageError(fmt::format("--{}: {} is no build of ipcbench: measure-launch --help {}{}{}", record.name,
                                 record.program, help.in_time ? describe(help.status) : "did not end",
                                 complaint.empty() ? "" : ": ", complaint));
  }
  const auto offers = [&](const char* flag) { return help.out.find(flag) != std::string::npos; };
  record.build = build_of(record);
  return {.record = std::move(record),
          .takes_clock = offers("--clock"),
          .counts_calls = offers("--count-calls"),
          .takes_warm_up = offers("--warm-up"),
          .takes_hybrid_spin = offers("--hybrid-spin"),
          .takes_workers = offers("--workers")};
}

ArmOutcome launch_arm(const Arm& arm, const SingleLaunch& launch, std::chrono::nanoseconds deadline) {
  const ProgramEnd answer = ask_program(arm.record, words_of(arm, launch), deadline + kBesideALaunch);
  if (!answer.in_time) {
    RunDir::clean_dead_runs();
    if (stop_now()) return {.interrupted = true};
    return {.record = broken_launch(launch, Status::timed_out, "the program did not answer in time")};
  }
  if (answer.status.signal != 0) RunDir::clean_dead_runs();
  if (answer.status.code == kOtherAbi) {
    throw NotComparable(fmt::format("--{}: {} uses an incompatible protocol version: {}", arm.record.name,
                                    arm.record.program, complaint_of(answer)));
  }
  if (answer.status.code == kRefused) return {.no_such_case = complaint_of(answer)};
  return {.record = record_in(answer, launch)};
}

CaseSpec case_of_arm(const Arm& arm, const CaseSpec& spec) {
  CaseSpec own = spec;
  const Transport* transport = find_transport(spec.transport);
  if (transport == nullptr) return own;
  for (const auto& [name, value] : arm.record.options) {
    for (const OptionInfo& option : options_of(spec.scenario, transport->info())) {
      if (option.name == name) set_option(own, transport->info(), name, value);
    }
  }
  return own;
}

std::string clock_text(const Clock& clock) {
  return fmt::format("{}{}", clock.kind == ClockKind::tsc ? kTsc : kMonotonic, clock.ns_per_tick_q32);
}

std::optional<Clock> clock_from_text(std::string_view text) noexcept {
  for (const auto& [prefix, kind] :
       {std::pair(kTsc, ClockKind::tsc), std::pair(kMonotonic, ClockKind::monotonic_raw)}) {
    if (!text.starts_with(prefix)) continue;
    std::uint64_t rate = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + prefix.size(), end, rate);
    if (error != std::errc() || rest != end || rate == 0) return std::nullopt;
    return Clock{.kind = kind, .ns_per_tick_q32 = rate};
  }
  return std::nullopt;
}

}  // namespace ipcbench

#include "harness/ab/measure_launch.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "cli/options/command_line.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "harness/ab/arm.h"
#include "harness/base/usage_error.h"
#include "harness/host/topology.h"
#include "harness/suite/case_spec.h"
#include "results/files/json.h"

namespace ipcbench {
namespace {

struct LaunchArguments {
  std::string case_id;
  std::uint64_t messages = 0;
  std::uint64_t seed = 0;
  int abi = 0;
  std::string payload = "lines";
  std::string workers = "fork";
  std::string cpus;
  std::string clock;
  std::optional<std::uint64_t> warm_up, hybrid_spin_ns;
  bool counts_calls = false;
};

CpuPair cpus_of(const CaseSpec& spec, const std::string& given) {
  const Topology topology = Topology::of_this_machine();
  if (given.empty()) {
    const std::optional<CpuPair> pair = topology.pair(spec.placement);
    if (!pair) throw UsageError(fmt::format("--case: {}", topology.missing_reason(spec.placement)));
    return *pair;
  }
  const CpuPair cpus = parse_cpus(given, "--cpus", topology);
  if (const Placement placement = topology.classify(cpus); placement != spec.placement)
    throw UsageError(
        fmt::format("--cpus: {} is '{}', the case says '{}'", given, to_string(placement), to_string(spec.placement)));
  return cpus;
}

int exit_code_of(const LaunchRecord& record) {
  switch (record.status) {
    case Status::ok:
      return 0;
    case Status::skipped:
      return kExitAllSkipped;
    case Status::invalid:
    case Status::crashed:
    case Status::timed_out:
      break;
  }
  return kExitInvalid;
}

int measure(const LaunchArguments& arguments) {
  if (arguments.abi != kMeasureLaunchAbi) {
    tell(fmt::format("ipcbench: measure-launch: this build uses protocol version {}, not {}", kMeasureLaunchAbi,
                     arguments.abi));
    return kExitNotComparable;
  }
  SingleLaunch launch{.spec = parse_case(arguments.case_id),
                      .ops = arguments.messages,
                      .seed = arguments.seed,
                      .payload = parse_payload(arguments.payload),
                      .workers = parse_workers_option(arguments.workers),
                      .counts_calls = arguments.counts_calls,
                      .clock = clock_from_text(arguments.clock),
                      .warmup_ops = arguments.warm_up};
  if (arguments.hybrid_spin_ns) launch.hybrid_spin = std::chrono::nanoseconds(*arguments.hybrid_spin_ns);
  if (!arguments.clock.empty() && !launch.clock) {
    throw UsageError(fmt::format("--clock: '{}' is not KIND:RATE; example: {}", arguments.clock, clock_text(Clock{})));
  }
  launch.cpus = cpus_of(launch.spec, arguments.cpus);
  const LaunchRecord record = measure_launch(launch);
  print(to_json_line(record) + "\n");
  return exit_code_of(record);
}

}  // namespace

Subcommand add_measure_launch(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("measure-launch", "one launch of one case; prints its journal line");
  app->group("");  // hidden: a stable interface for programs that compare builds
  app->footer(
      "Example:\n  ipcbench measure-launch --case ping-pong/pipe/block/64/same-cpu --messages 10000 --seed 1 --abi 1");
  auto arguments = std::make_shared<LaunchArguments>();
  app->add_option("--case", arguments->case_id, "the case's id")->required();
  app->add_option("--messages", arguments->messages, "ops per block")
      ->required()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app->add_option("--seed", arguments->seed, "of the payload")->required()->check(not_negative());
  app->add_option("--abi", arguments->abi, fmt::format("{}: another one ends with exit code 5", kMeasureLaunchAbi))
      ->required();
  app->add_option("--payload", arguments->payload, "lines (default), full or header");
  add_workers_to(*app, arguments->workers);
  app->add_flag("--count-calls", arguments->counts_calls, "counts system calls, and times nothing");
  app->add_option("--clock", arguments->clock, "the clock of another process of this machine, instead of choosing one")
      ->option_text("KIND:RATE");
  app->add_option("--warm-up", arguments->warm_up, "ops before the block; default: a fifth of it, at least 100")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->option_text("N");
  app->add_option("--hybrid-spin", arguments->hybrid_spin_ns, "what hybrid spins for, instead of measuring it")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000'000}))
      ->option_text("NANOSECONDS");
  app->add_option("--cpus", arguments->cpus, "this pair, instead of the placement's own")->option_text("A,B");
  return {app, [arguments] { return measure(*arguments); }};
}

}  // namespace ipcbench

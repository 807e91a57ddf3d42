// Checks that a transport's capabilities are consistent and match what it leaves on the host.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>

#include <fmt/ranges.h>

#include "harness/base/fixed_text.h"
#include "harness/base/sanitizers.h"
#include "harness/conformance/checks.h"
#include "harness/conformance/left_objects.h"
#include "harness/conformance/worker_pair.h"
#include "harness/memory/mapping.h"

namespace ipcbench {
namespace {

void check_claims(const Trial& trial) {
  const TransportInfo& info = trial.subject().info();
  const Capabilities can = trial.can();
  require(!info.family.empty() && !info.summary.empty(), "family or summary is empty");
  require(can.carries_payload == (can.shape != Shape::notify), "what notifies alone carries no payload");
  require(can.keeps_boundaries == (can.shape == Shape::message || can.shape == Shape::loan),
          "messages and loans keep boundaries, and nothing else does");
  require(can.related_only == (can.rendezvous == FoundBy::inherited), "what is inherited needs a common ancestor");
  for (const WaitStrategy wait : info.waits)
    require(std::ranges::count(info.waits, wait) == 1, "{} stands twice in waits", to_string(wait));
  if (trial.subject().is_built_in()) {
    require(can.pollable == (std::ranges::count(info.waits, WaitStrategy::poll) == 1),
            "pollable and the wait poll are claimed together");
  }
  if (can.carries_payload) {
    require(can.min_message >= 1 && can.min_message <= can.max_message, "messages of {} to {} bytes", can.min_message,
            can.max_message);
    require(can.when_full != WhenFull::merges, "messages don't merge");
  } else {
    require(can.min_message == 0 && can.max_message == 0 && can.in_flight_bytes == 0, "notifications have no bytes");
  }
  require(can.when_full != WhenFull::loses || !can.reliable, "what loses isn't reliable");
  require(can.persistence != Persistence::file_system || can.rendezvous == FoundBy::path,
          "what persists in a file system is found by its path");
  for (const ScenarioInfo& scenario : offered_scenarios()) {
    for (const OptionInfo& option : scenario.options)
      require(std::ranges::find(info.options, option.name, &OptionInfo::name) == info.options.end(),
              "option {} is one of the scenario {}", option.name, scenario.name);
  }
  for (const OptionInfo& option : info.options) {
    require(option.kind != OptionInfo::Kind::choice || std::ranges::count(option.values, option.default_value) == 1,
            "the default of option {} isn't one of its values, once", option.name);
  }
}

bool is_default(const Subject& subject) { return subject.option.empty(); }

// Kills a coordinator after it has created a session, returns what it left, and cleans up.
LeftObjects left_by_killed_creator(const Trial& trial) {
  constexpr std::size_t kMostPath = 4096;
  const Mapping told = Mapping::shared_anonymous(kMostPath);
  auto& path = *reinterpret_cast<char(*)[kMostPath]>(told.data());
  Child creator = Child::spawn("ipcbench-check", [&] {
    const WorkerPair pair(trial, loop_spec(trial.subject(), Scenario::ping_pong, trial.small(), 1),
                          {.created = [&](const RunDir& run_dir) {
                            copy_text(path, run_dir.path());
                            ::kill(::getpid(), SIGKILL);
                          }});
    return 1;
  });
  const ExitStatus end = creator.wait();
  require(end.signal == SIGKILL, "the creator {}", describe(end));
  if (!std::filesystem::exists(path)) throw CheckSkipped("another ipcbench has cleaned up meanwhile");
  LeftObjects left = objects_of(path);
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
  require(!std::filesystem::exists(path), "it can't be cleaned up: {}", fmt::join(cleaned.lines, "; "));
  return left;
}

void check_persistence(const Trial& trial) {
  const LeftObjects left = left_by_killed_creator(trial);
  const Persistence claimed = trial.can().persistence;
  require(left.files.empty() == (claimed != Persistence::file_system), "{} is claimed; a killed creator leaves: {}",
          to_string(claimed), fmt::join(left.files, ", "));
  require(left.kernel.empty() == (claimed != Persistence::kernel), "{} is claimed; a killed creator leaves: {}",
          to_string(claimed), fmt::join(left.kernel, ", "));
}

void check_service(const Trial& trial) {
  for (const Scenario scenario : trial.scenarios()) {
    const LaunchRecord record = trial.run({.scenario = scenario, .size = trial.small()});
    require(record.status == Status::ok, "{}", record.reason);
    require(record.broker.has_value() == !trial.can().needs_service.empty(), "a broker and a service go together");
    if (!record.broker) continue;
    require(record.broker->cpu_ns.value_or(0) > 0, "the broker's CPU time is missing");
    require(record.broker->voluntary.has_value(), "the broker's context switches are missing");
    require(scenario != Scenario::ping_pong || *record.broker->voluntary > 0, "the broker never slept");
  }
}

// Transports without a broker, whose timing would matter: with a fast path those that spin, else those that block.
bool has_exact_calls(const Subject& subject) {
  const Capabilities can = subject.can();
  return can.needs_service.empty() && subject.offers(Scenario::ping_pong) &&
         subject.wait == (can.fast_path ? WaitStrategy::spin : WaitStrategy::block);
}

// The count must be exact at any timing; a fast path that never sleeps must make no calls. Windows return credits only
// now and then, so that the check compares equal steps of ops.
void check_system_calls(const Trial& trial) {
  constexpr std::uint64_t kStep = 64;
  const bool needs_none = trial.can().fast_path;
  std::array<std::array<std::uint64_t, 2>, 3> done{};
  for (std::size_t step = 0; step < done.size(); ++step) {
    const LaunchRecord record = trial.run({.size = trial.small(), .ops = (step + 1) * kStep, .counts_calls = true});
    if (record.status == Status::skipped) throw CheckSkipped(record.reason);
    require(record.status == Status::ok, "{}", record.reason);
    require(record.calls.has_value(), "nothing was counted");
    require(record.calls->timing_dependent == needs_none, "the count depends on timing, or is said to");
    for (std::size_t side = 0; side < 2; ++side) {
      require(record.calls->sides[side].retried.value_or(0) == 0, "a call was made again");
      done[step][side] = record.calls->sides[side].done;
    }
  }
  for (const std::size_t side : {0u, 1u}) {
    const std::uint64_t first = done[1][side] - done[0][side], second = done[2][side] - done[1][side];
    // Endpoints that allocate for each message make the sanitizer's allocator map memory now and then.
    require(kSanitized || first == second, "{} ops make {} calls, and {} more make {}", kStep, first, kStep, second);
    require((done[0][side] == 0) == needs_none, "{} ops make {} calls", kStep, done[0][side]);
    require(needs_none || done[0][side] >= 2 * kStep, "{} ops make {} calls: it neither sends nor receives", kStep,
            done[0][side]);
  }
}

constexpr std::array kClaimChecks = {
    ConformanceCheck{.name = "claims", .proves = "what it says of itself agrees", .run = check_claims},
    ConformanceCheck{.name = "persistence",
                     .proves = "what a killed creator leaves is what is claimed",
                     .scope = CheckScope::built_in,
                     .applies = is_default,
                     .run = check_persistence},
    ConformanceCheck{.name = "service",
                     .proves = "a service is a broker whose CPU time is counted",
                     .scope = CheckScope::built_in,
                     .run = check_service},
    ConformanceCheck{.name = "system-calls",
                     .proves = "the system calls of an op are always as many, and none on a fast path",
                     .scope = CheckScope::built_in,
                     .applies = has_exact_calls,
                     .run = check_system_calls},
};

}  // namespace

std::span<const ConformanceCheck> claim_checks() { return kClaimChecks; }

}  // namespace ipcbench

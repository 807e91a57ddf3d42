#include "harness/run/stored_plan.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/plan/place_cast.h"
#include "harness/plan/refusal.h"
#include "harness/run/case_records.h"
#include "harness/sdk/registry.h"
#include "harness/suite/duration.h"
#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr int kMostPasses = 10000;
constexpr double kLongestHybridSpinNs = 1e9;
constexpr double kDefaultBlockNs = 25e6;  // of results that don't state it
constexpr std::uint64_t kMostPairedOps = 1'000'000'000'000;
constexpr double kShortestRepeatedNs = 1e6, kLongestRepeatedNs = 1e10;

// Returns the baseline's own CPUs, such as isolated ones named by --cpus, if they have the same placement here.
std::optional<CpuPair> pair_of_baseline(const CaseRecord& record, Placement placement, const Topology& topology) {
  const CpuPair pair{record.cpus[0], record.cpus[1]};
  if (!topology.can_pin_to(pair.producer) || !topology.can_pin_to(pair.consumer)) return std::nullopt;
  return topology.classify(pair) == placement ? std::optional(pair) : std::nullopt;
}

}  // namespace

void refuse_without_block(const Result& stored, const std::string& file) {
  if (stored.block_ns && *stored.block_ns > 0 && *stored.block_ns <= static_cast<double>(kLongestDuration.count()))
    return;
  throw UsageError(fmt::format(
      "--resume: {} does not say how long a block is (block_ns): an earlier build measured it; it can be shown, but "
      "not finished",
      file));
}

Plan plan_to_finish(const Result& stored, const std::string& file) {
  refuse_without_block(stored, file);
  const auto is_spin = [](double ns) { return ns >= 0 && ns <= kLongestHybridSpinNs; };
  const bool can_wait =
      is_spin(stored.hybrid_spin_ns) &&
      std::ranges::all_of(stored.hybrid_spins, is_spin, [](const HybridSpinRecord& spin) { return spin.spin_ns; });
  if (!stored.payload.value() || !can_wait || stored.passes < 1 || stored.passes > kMostPasses ||
      stored.cases.empty()) {
    throw UsageError(fmt::format("--resume: {} holds no plan of a run", file));
  }
  Plan plan{.suite = {.name = stored.suite},
            .passes = stored.passes,
            .notes = stored.notes,
            .payload = *stored.payload.value()};
  plan.block = std::chrono::nanoseconds(static_cast<std::int64_t>(*stored.block_ns));
  plan.suite.most_load = std::min<std::uint64_t>(stored.most_load_percent.value_or(0), 100);
  plan.looks = stored.looks;
  if (stored.precision && *stored.precision > 0 && !stored.looks.empty()) plan.precision = stored.precision;
  plan.budget = whole_ns(std::clamp(stored.budget_ns.value_or(0), 0.0, static_cast<double>(kLongestDuration.count())));
  for (const CaseRecord& record : stored.cases) plan.cases.push_back(planned_case(record, plan.block, file));
  return plan;
}

Plan plan_to_go_on(const PairHeader& stored, const std::string& file, const Topology& topology) {
  if (stored.looks.empty()) {
    throw UsageError(
        fmt::format("--resume: {} has no looks: ab of an earlier build, or calibrate, measured it; ab --from "
                    "{} decides it",
                    file, file));
  }
  if (!stored.payload.value() || stored.cases.empty())
    throw UsageError(fmt::format("--resume: {} holds no job of ab", file));
  Plan plan{.suite = {.name = stored.suite}, .passes = stored.rounds, .payload = *stored.payload.value()};
  plan.block = std::chrono::nanoseconds(
      static_cast<std::int64_t>(std::clamp(stored.block_ns.value_or(kDefaultBlockNs), 0.0, kLongestRepeatedNs)));
  for (const PairedCase& c : stored.cases) {
    PlannedCase planned{.spec = parse_case(c.id),
                        .cpus = {c.cpus[0], c.cpus[1]},
                        .skip_reason = c.reason,
                        .workers = workers_in_record(stored.workers, file)};
    if (c.reason.empty() && (c.ops == 0 || c.ops > kMostPairedOps)) {
      throw UsageError(
          fmt::format("--resume: {} was stopped before {} had a length; measure anew", file, printable(c.id)));
    }
    for (const int cpu : c.cpus) {
      if (!c.reason.empty() || cpu < 0 || topology.can_pin_to(cpu)) continue;
      throw NotComparable(
          fmt::format("--resume: {} was measured on CPU {}, which this process may not use", file, cpu));
    }
    plan.cases.push_back(std::move(planned));
  }
  return plan;
}

Plan plan_to_repeat(const Result& baseline, const std::string& file, const Topology& topology,
                    std::map<std::string, std::string>& lacks) {
  if (!baseline.payload.value())
    throw ResultError(fmt::format("{}: payload: \"{}\" is unknown", file, printable(baseline.payload.name())));
  Plan plan{.suite = {.name = "check"},
            .passes = std::clamp(baseline.passes, 1, kMostPasses),
            .payload = *baseline.payload.value()};
  const double block_ns = baseline.block_ns.value_or(kDefaultBlockNs);
  plan.block = std::chrono::nanoseconds(
      static_cast<std::int64_t>(std::clamp(block_ns, kShortestRepeatedNs, kLongestRepeatedNs)));
  const MemoryLimits memory = memory_limits();
  for (const CaseRecord& record : baseline.cases) {
    if (record.status != Status::ok) continue;
    try {
      PlannedCase planned = planned_case(record, plan.block, file);
      const auto cpus = pair_of_baseline(record, planned.spec.placement, topology);
      planned.cpus = (cpus ? cpus : topology.pair(planned.spec.placement)).value_or(CpuPair{});
      planned.core_kinds = topology.core_kinds(planned.cpus);
      const bool has_seats = std::ranges::all_of(planned.seat_cpus, [&](int cpu) { return topology.can_pin_to(cpu); });
      if (!has_seats || !cpus) place_cast(planned, topology, std::nullopt);
      const Transport& transport = *find_transport(planned.spec.transport);
      planned.skip_reason = refusal(planned.spec, transport, transport.probe(), topology, memory, cpus);
      if (planned.skip_reason.empty()) planned.skip_reason = workers_refusal(planned.workers, transport.info());
      plan.cases.push_back(std::move(planned));
    } catch (const ResultError& error) {
      plan.notes.emplace_back(error.what());
      lacks.emplace(record.id, error.what());
    }
  }
  if (plan.cases.empty() && !lacks.empty()) {
    throw NotComparable(
        fmt::format("--baseline {}: this build has none of its {} cases: {}", file, lacks.size(), plan.notes.front()));
  }
  if (plan.cases.empty()) throw NotComparable(fmt::format("--baseline {}: it has measured no case", file));
  return plan;
}

}  // namespace ipcbench

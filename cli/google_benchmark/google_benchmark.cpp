#include "cli/google_benchmark/google_benchmark.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "harness/host/topology.h"
#include "harness/process/stop_signals.h"
#include "harness/run/build_info.h"
#include "harness/run/case_records.h"
#include "harness/run/launch_requests.h"
#include "harness/run/other_runs.h"
#include "results/figures/launch_figures.h"
#include "results/figures/metric.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

struct Percentile {
  const char* counter;
  double quantile;
};
constexpr Percentile kPercentiles[] = {{"p50_ns", 0.5}, {"p90_ns", 0.9}, {"p99_ns", 0.99}, {"p999_ns", 0.999}};

constexpr const char* kInterrupted = "interrupted";

// Registers the cases. Google Benchmark holds pointers to it until Shutdown().
class Benchmarks {
 public:
  Benchmarks(GoogleBenchmarkRun run, const Topology& topology)
      : run_(std::move(run)), launcher_(run_.plan, topology, run_.payload, run_.seed) {
    for (const HybridSpinRecord& spin : launcher_.hybrid_spins())
      benchmark::AddCustomContext(fmt::format("hybrid_spin_ns/{}", to_string(spin.placement)),
                                  fmt::format("{:.0f}", spin.spin_ns));
    if (const std::string warning = other_runs_.look(launcher_.run_dir()); !warning.empty()) tell(warning);
    for (PlannedCase& planned : run_.plan.cases) {
      if (may_be_selected(run_.filter, planned.spec.id())) add(planned);
    }
  }

  int exit_code() const {
    if (stop_requested()) return kExitInterrupted;
    if (broken_ > 0) return kExitInvalid;
    return measured_ == 0 && !run_.list_only ? kExitAllSkipped : EXIT_SUCCESS;
  }

 private:
  // Registers a case. It must know the number of iterations, which is part of the name.
  void add(PlannedCase& planned) {
    const std::string id = planned.spec.id();
    if (is_scheduled(planned.spec) && planned.skip_reason.empty())
      planned.skip_reason = "an open loop's time per iteration is that of its schedule";
    if (planned.skip_reason.empty() && !stop_requested()) find_lengths(planned, id);
    const auto iterations = static_cast<benchmark::IterationCount>(std::max<std::uint64_t>(planned.block_ops, 1));
    benchmark::RegisterBenchmark(id.c_str(), [this, &planned](benchmark::State& state) { measure(state, planned); })
        ->Iterations(iterations)
        ->UseManualTime();
  }

  void find_lengths(PlannedCase& planned, const std::string& id) {
    const LaunchOutcome outcome = launcher_.pilot(planned, run_.plan.block);
    if (outcome.interrupted) return;
    if (outcome.record.status != Status::ok) {
      failures_[id] = text_of_failure(outcome.record);
      return;
    }
    if (const auto given = run_.iterations.find(id); given != run_.iterations.end()) planned.block_ops = given->second;
  }

  void measure(benchmark::State& state, const PlannedCase& planned) {
    if (stop_requested()) return state.SkipWithError(kInterrupted);
    if (!planned.skip_reason.empty()) return state.SkipWithError(planned.skip_reason.c_str());
    if (const auto failure = failures_.find(planned.spec.id()); failure != failures_.end())
      return fail(state, failure->second);
    while (state.KeepRunningBatch(state.max_iterations)) {
      LaunchOutcome outcome = launcher_.launch(planned);
      if (outcome.interrupted) return state.SkipWithError(kInterrupted);
      const std::string warning = other_runs_.look_after(outcome.record, 0, launcher_.run_dir());
      if (!warning.empty()) tell(warning);
      if (const std::string label = label_of(planned); !label.empty()) state.SetLabel(label);
      if (outcome.record.status != Status::ok) return fail(state, text_of_failure(outcome.record));
      const std::optional<double> time_ns = op_ns(outcome.record);
      if (!time_ns || !(*time_ns > 0)) return fail(state, "no time of an op: nothing arrived");
      report(state, outcome.record, *time_ns);
    }
    ++measured_;
  }

  std::string label_of(const PlannedCase& planned) const {
    std::string label = at_largest_text(case_record(planned, run_.payload)).english;
    if (other_runs_.now() > 0)
      label += fmt::format("{}beside {} other ipcbench", label.empty() ? "" : "; ", other_runs_.now());
    return label;
  }

  void fail(benchmark::State& state, const std::string& reason) {
    ++broken_;
    state.SkipWithError(reason.c_str());
  }

  static std::string text_of_failure(const LaunchRecord& record) {
    return fmt::format("{}: {}", to_string(record.status), record.reason);
  }

  // Rates are relative to the manual time, so that they agree with the column "Time".
  static void report(benchmark::State& state, const LaunchRecord& record, double time_ns) {
    const auto iterations = static_cast<double>(state.max_iterations);
    if (record.block_ns) {
      state.SetItemsProcessed(static_cast<std::int64_t>(state.max_iterations));
      if (record.bytes_per_op > 0)
        state.SetBytesProcessed(static_cast<std::int64_t>(iterations * static_cast<double>(record.bytes_per_op)));
    }
    state.SetIterationTime(time_ns * iterations * 1e-9);
    for (const Percentile& percentile : kPercentiles) {
      if (const std::optional<double> value = supported_quantile(record, percentile.quantile))
        state.counters[percentile.counter] = *value;
    }
    if (record.max_ns) state.counters["max_ns"] = *record.max_ns;
    const LaunchMetrics launch_metrics = metrics_of(record);
    if (launch_metrics.cpu_ns_per_op) state.counters["cpu_ns"] = *launch_metrics.cpu_ns_per_op;
    if (launch_metrics.switches_per_op) state.counters["ctx_switches"] = *launch_metrics.switches_per_op;
  }

  GoogleBenchmarkRun run_;
  CaseLauncher launcher_;
  OtherRuns other_runs_;
  std::map<std::string, std::string, std::less<>> failures_;  // of pilots, by case id
  std::size_t measured_ = 0;
  std::size_t broken_ = 0;
};

void add_context(const GoogleBenchmarkRun& run) {
  const BuildInfo build = build_info();
  benchmark::AddCustomContext("ipcbench", fmt::format("{} {}", build.version, build.git));
  benchmark::AddCustomContext("ipcbench_build_type", build.build_type);  // library_build_type describes the library
  benchmark::AddCustomContext("payload", std::string(to_string(run.payload)));
  benchmark::AddCustomContext("seed", std::to_string(run.seed));
  // The library reads the CPU clock of its own process only.
  benchmark::AddCustomContext("cpu_time", "of the coordinator; that of the workers is the counter cpu_ns");
}

void initialise(std::vector<std::string> flags) {
  static char program[] = "ipcbench";  // the library keeps the pointer
  std::vector<char*> arguments = {program};
  for (std::string& flag : flags) arguments.push_back(flag.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
}

}  // namespace

int run_google_benchmark(GoogleBenchmarkRun run, const Topology& topology) {
  initialise(run.flags);
  add_context(run);
  Benchmarks benchmarks(std::move(run), topology);
  const std::size_t selected = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  // The stream only knows that a write failed. Another write tells why, or that the reader has gone, which is no error.
  if (!std::cout.flush()) print("\n");
  return selected == 0 ? kExitUsage : benchmarks.exit_code();
}

}  // namespace ipcbench

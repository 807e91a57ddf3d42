#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plots/exports/google_benchmark_entries.h"
#include "plots/jobs/job_outputs.h"
#include "results/compare/rounds_by_case.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

bool is_time_of_ops(Metric metric) { return !is_count(metric) && metric != Metric::cpu_time; }

std::vector<GoogleBenchmark> benchmarks_of_pairs(const JobOutcome& outcome, const PairSession& session) {
  std::vector<GoogleBenchmark> benchmarks;
  const std::vector<CaseRounds> cases = rounds_by_case(session);
  for (const auto& [arm, metrics_of_pair] :
       {std::pair("base", &LaunchPair::base), std::pair("head", &LaunchPair::head)}) {
    for (const Decision& decision : outcome.decisions) {
      if (!is_time_of_ops(decision.metric)) continue;
      for (const CaseRounds& c : cases) {
        if (c.spec->id != decision.case_id) continue;
        GoogleBenchmark benchmark{
            .name = fmt::format("{}/{}", arm, decision.case_id), .iterations = c.spec->ops, .repetitions = {}};
        for (const LaunchPair* pair : c.timed) {
          if (std::ranges::find(decision.first_rounds, pair->round) == decision.first_rounds.end()) continue;
          const LaunchMetrics& launch_metrics = pair->*metrics_of_pair;
          benchmark.repetitions.push_back({.real_ns = *launch_metrics.value(decision.metric),
                                           .cpu_ns = launch_metrics.cpu_ns_per_op,
                                           .counters = {}});
        }
        benchmarks.push_back(std::move(benchmark));
      }
    }
  }
  return benchmarks;
}

std::vector<GoogleBenchmark> medians_of(const JobOutcome& outcome) {
  std::vector<GoogleBenchmark> benchmarks;
  for (const auto& [arm, value] : {std::pair("base", &Decision::base), std::pair("head", &Decision::head)}) {
    for (const Decision& decision : outcome.decisions) {
      const std::optional<double>& time = decision.*value;
      if (!is_time_of_ops(decision.metric) || !time) continue;
      const std::string name = decision.of.empty() ? decision.case_id : decision.of + "/" + decision.case_id;
      benchmarks.push_back({.name = fmt::format("{}/{}", arm, name),
                            .iterations = 1,
                            .repetitions = {{.real_ns = *time, .cpu_ns = std::nullopt, .counters = {}}}});
    }
  }
  return benchmarks;
}

}  // namespace

std::string to_gbench(const JobOutcome& outcome, const PairSession* session) {
  JsonWriter json(kGoogleLayout);
  json.object([&] {
    json.key("context").object([&] {
      json.member("executable", "ipcbench");
      json.member("base", outcome.base);
      json.member("head", outcome.head);
      json.member("machine_class", outcome.machine_class);
      json.key("left_out").list([&] {
        for (const LeftOut& one : outcome.left_out) {
          json.value(fmt::format("{}: {}: {}", one.case_id, to_string(one.kind), one.reason));
        }
      });
    });
    json.key("benchmarks").list([&] {
      std::size_t family = 0;
      for (const GoogleBenchmark& benchmark :
           session == nullptr ? medians_of(outcome) : benchmarks_of_pairs(outcome, *session)) {
        write_benchmark(json, family++, benchmark);
      }
    });
  });
  return json.take() + '\n';
}

}  // namespace ipcbench

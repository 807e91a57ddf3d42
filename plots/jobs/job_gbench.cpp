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

std::vector<GoogleBenchmark> benchmarks_of_pairs(const JobReport& report, const PairSession& session) {
  std::vector<GoogleBenchmark> benchmarks;
  const std::vector<CasePairs> cases = by_case(session);
  for (const auto& [arm, sample_of_pair] :
       {std::pair("base", &SamplePair::base), std::pair("head", &SamplePair::head)}) {
    for (const Decision& decision : report.decisions) {
      if (!is_time_of_ops(decision.metric)) continue;
      for (const CasePairs& c : cases) {
        if (c.spec->id != decision.case_id) continue;
        GoogleBenchmark benchmark{
            .name = fmt::format("{}/{}", arm, decision.case_id), .iterations = c.spec->ops, .repetitions = {}};
        for (const SamplePair* pair : c.timed) {
          if (pair->round >= decision.rounds || !log_ratio(*pair, decision.metric)) continue;
          const Sample& sample = pair->*sample_of_pair;
          benchmark.repetitions.push_back(
              {.real_ns = *sample.value(decision.metric), .cpu_ns = sample.cpu_ns_per_op, .counters = {}});
        }
        benchmarks.push_back(std::move(benchmark));
      }
    }
  }
  return benchmarks;
}

std::vector<GoogleBenchmark> medians_of(const JobReport& report) {
  std::vector<GoogleBenchmark> benchmarks;
  for (const auto& [arm, value] : {std::pair("base", &Decision::base), std::pair("head", &Decision::head)}) {
    for (const Decision& decision : report.decisions) {
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

std::string to_gbench(const JobReport& report, const PairSession* session) {
  JsonWriter json(kGoogleLayout);
  json.object([&] {
    json.key("context").object([&] {
      json.member("executable", "ipcbench");
      json.member("base", report.base);
      json.member("head", report.head);
      json.member("machine_class", report.machine_class);
      json.key("left_out").list([&] {
        for (const LeftOut& one : report.left_out) {
          json.value(fmt::format("{}: {}: {}", one.case_id, name_of(one.kind), one.reason));
        }
      });
    });
    json.key("benchmarks").list([&] {
      std::size_t family = 0;
      for (const GoogleBenchmark& benchmark :
           session == nullptr ? medians_of(report) : benchmarks_of_pairs(report, *session)) {
        write_benchmark(json, family++, benchmark);
      }
    });
  });
  return json.take() + '\n';
}

}  // namespace ipcbench

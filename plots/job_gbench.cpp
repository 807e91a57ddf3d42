#include <vector>

#include <fmt/format.h>

#include "plots/job_outputs.h"
#include "results/case_pairs.h"
#include "results/json.h"

namespace ipcbench {
namespace {

// One entry as Google Benchmark writes it. CPU time stands for real time where there is none of its own.
std::string repetition(const std::string& name, std::size_t index, std::size_t of, double real_ns, double cpu_ns,
                       std::uint64_t ops) {
  return fmt::format(
      R"(    {{"name": {0}, "run_name": {0}, "run_type": "iteration", "repetitions": {1}, "repetition_index": {2}, )"
      R"("threads": 1, "iterations": {3}, "real_time": {4}, "cpu_time": {5}, "time_unit": "ns"}})",
      json_quoted(name), of, index, ops, json_number(real_ns), json_number(cpu_ns));
}

std::vector<std::string> repetitions_of_pairs(const JobReport& report, const PairSession& session) {
  std::vector<std::string> entries;
  const std::vector<CasePairs> cases = by_case(session);
  for (const auto& [arm, sample_of_pair] :
       {std::pair("base", &SamplePair::base), std::pair("head", &SamplePair::head)}) {
    for (const Decision& decision : report.decisions) {
      if (is_count(decision.metric) || decision.metric == Metric::cpu_time) continue;
      for (const CasePairs& c : cases) {
        if (c.spec->id != decision.case_id) continue;
        std::vector<const Sample*> sound;
        for (const SamplePair* pair : c.timed) {
          if (log_ratio(*pair, decision.metric)) sound.push_back(&(pair->*sample_of_pair));
        }
        for (std::size_t n = 0; n < sound.size(); ++n) {
          const double time = *sound[n]->value(decision.metric);
          entries.push_back(repetition(fmt::format("{}/{}", arm, decision.case_id), n, sound.size(), time,
                                       sound[n]->cpu_ns_per_op.value_or(time), c.spec->ops));
        }
      }
    }
  }
  return entries;
}

std::vector<std::string> medians_of(const JobReport& report) {
  std::vector<std::string> entries;
  for (const auto& [arm, value] : {std::pair("base", &Decision::base), std::pair("head", &Decision::head)}) {
    for (const Decision& decision : report.decisions) {
      const std::optional<double>& time = decision.*value;
      if (is_count(decision.metric) || decision.metric == Metric::cpu_time || !time) continue;
      const std::string name = decision.of.empty() ? decision.case_id : decision.of + "/" + decision.case_id;
      entries.push_back(repetition(fmt::format("{}/{}", arm, name), 0, 1, *time, *time, 1));
    }
  }
  return entries;
}

}  // namespace

std::string to_gbench(const JobReport& report, const PairSession* session) {
  const std::vector<std::string> entries =
      session == nullptr ? medians_of(report) : repetitions_of_pairs(report, *session);
  std::string left_out;
  for (const LeftOut& one : report.left_out) {
    left_out += (left_out.empty() ? "" : ", ") +
                json_quoted(fmt::format("{}: {}: {}", one.case_id, name_of(one.kind), one.reason));
  }
  std::string text = fmt::format(
      "{{\n  \"context\": {{\"executable\": \"ipcbench\", \"base\": {}, \"head\": {}, \"machine_class\": {}, "
      "\"left_out\": [{}]}},\n  \"benchmarks\": [\n",
      json_quoted(report.base), json_quoted(report.head), json_quoted(report.machine_class), left_out);
  for (const std::string& entry : entries) text += entry + (&entry == &entries.back() ? "\n" : ",\n");
  return text + "  ]\n}\n";
}

}  // namespace ipcbench

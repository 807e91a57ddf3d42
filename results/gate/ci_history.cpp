#include "results/gate/ci_history.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "results/figures/metric.h"
#include "results/model/json_tree.h"
#include "results/model/result_error.h"

namespace ipcbench {
namespace {

using CiJson = json::Json;

std::string transport_in(const std::string& case_id) {
  const std::size_t begin = case_id.find('/');
  if (begin == std::string::npos) return case_id;
  return case_id.substr(begin + 1, case_id.find('/', begin + 1) - begin - 1);
}

// Reads {"figure", "target", "seconds", "exit_code", "job"}; "job" is what `ab --out json` wrote.
CiJob ci_job_from(const CiJson& line) {
  CiJob job{.figure = line.at("figure").get<std::string>(),
            .target = line.at("target").get<std::string>(),
            .seconds = line.at("seconds").get<double>(),
            .exit_code = line.at("exit_code").get<int>()};
  for (const CiJson& decision : line.at("job").at("decisions")) {
    if (!decision.at("gated").get<bool>()) continue;
    const std::string verdict = decision.at("verdict").get<std::string>();
    const std::string transport = transport_in(decision.at("case").get<std::string>());
    const std::optional<Metric> metric = parse_metric(decision.at("metric").get<std::string>());
    const bool is_open = verdict == "candidate" || verdict == "inconclusive" || verdict == "unstable";
    job.undecided += is_open ? 1 : 0;
    if (verdict == "regressed") job.regressed.push_back(transport);
    if (verdict == "regressed" && metric && is_count(*metric)) job.counted.push_back(transport);
    if (verdict == "improved") job.improved.push_back(transport);
  }
  return job;
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void add_trial(Rate& rate, bool hit) {
  ++rate.trials;
  rate.hits += hit ? 1 : 0;
}

}  // namespace

std::vector<CiJob> ci_jobs_from_text(std::string_view text, const std::string& file) {
  std::vector<CiJob> jobs;
  std::size_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    ++number;
    const std::string where = fmt::format("{}:{}", file, number);
    try {
      jobs.push_back(ci_job_from(json::parse(text.substr(0, end), where)));
    } catch (const CiJson::exception& error) {
      throw ResultError(fmt::format("{}: no job of tools/ci-figures: {}", where, error.what()));
    }
    text.remove_prefix(end + 1);
  }
  return jobs;
}

void CiRates::add(const CiJob& job) {
  longest_s = std::max(longest_s, job.seconds);
  undecided.push_back(static_cast<double>(job.undecided));
  has_target = has_target || !job.target.empty();
  if (!job.target.empty()) {
    add_trial(caught, job.exit_code == 1 && has(job.regressed, job.target));
    add_trial(counted, job.exit_code == 1 && has(job.counted, job.target));
    add_trial(improved, has(job.improved, job.target));
  }
  add_trial(wrong, std::any_of(job.regressed.begin(), job.regressed.end(),
                               [&](const std::string& transport) { return transport != job.target; }));
}

}  // namespace ipcbench

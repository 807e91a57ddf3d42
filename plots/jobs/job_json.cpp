#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plots/jobs/job_outputs.h"
#include "results/model/json_text.h"

namespace ipcbench {
namespace {

std::string number_or_null(const std::optional<double>& value) { return value ? json_number(*value) : "null"; }

std::string estimate_json(const Estimate& estimate) {
  const std::string interval = estimate.interval ? fmt::format("[{}, {}]", json_number(estimate.interval->low),
                                                               json_number(estimate.interval->high))
                                                 : "null";
  return fmt::format(R"({{"n": {}, "median": {}, "interval": {}, "spread": {}}})", estimate.n,
                     estimate.n == 0 ? "null" : json_number(estimate.median), interval, json_number(estimate.spread));
}

std::string ratio_json(const std::optional<Ratio>& ratio) {
  if (!ratio || !ratio->median) return "null";
  const std::string interval =
      ratio->interval ? fmt::format("[{}, {}]", json_number(ratio->interval->low), json_number(ratio->interval->high))
                      : "null";
  return fmt::format(R"({{"median": {}, "interval": {}, "n": {}, "paired": {}}})", json_number(*ratio->median),
                     interval, ratio->n, ratio->paired);
}

// Only of what is compared with a reference.
std::string multiples_json(const Decision& decision) {
  if (!decision.base_times && !decision.head_times) return "";
  return fmt::format(R"(, "base_times": {}, "head_times": {})", ratio_json(decision.base_times),
                     ratio_json(decision.head_times));
}

std::string decision_json(const Decision& decision) {
  return fmt::format(
      R"({{"case": {}, "of": {}, "metric": {}, "gated": {}, "not_gated": {}, "base": {}, "head": {}, "log_ratio": {}, "again": {}, )"
      R"("margin": {}, "margin_source": {}, "margin_advice": {}, "again_margin": {}, )"
      R"("rounds": {}, "again_rounds": {}, "verdict": {}, "reason": {}{}}})",
      json_quoted(decision.case_id), json_quoted(decision.of), json_quoted(name_of(decision.metric)), decision.gated,
      json_quoted(decision.not_gated), number_or_null(decision.base), number_or_null(decision.head),
      estimate_json(decision.first), decision.again ? estimate_json(*decision.again) : "null",
      json_number(decision.margin.value), json_quoted(name_of(decision.margin.source)),
      decision.margin.advice > 0 ? json_number(decision.margin.advice) : "null",
      decision.again ? json_number(decision.again_margin.value) : "null", decision.rounds,
      decision.again ? fmt::format("{}", decision.again_rounds) : "null", json_quoted(name_of(decision.verdict)),
      json_quoted(decision.reason), multiples_json(decision));
}

std::string left_out_json(const LeftOut& left_out) {
  return fmt::format(R"({{"case": {}, "why": {}, "status": {}, "reason": {}}})", json_quoted(left_out.case_id),
                     json_quoted(name_of(left_out.kind)), json_quoted(name_of(left_out.status)),
                     json_quoted(left_out.reason));
}

template <class Items, class Text>
std::string lines_of_array(const Items& items, const Text& text_of) {
  std::string text = "[";
  for (const auto& item : items) text += (text.size() > 1 ? ",\n  " : "\n  ") + text_of(item);
  return text + "]";
}

}  // namespace

std::string to_json(const JobReport& report) {
  const JobVerdict verdict = verdict_of(report);
  std::string text = fmt::format(
      "{{\"schema\": \"ipcbench-comparison\", \"version\": 1,\n \"kind\": {}, \"base\": {}, \"head\": {},\n "
      "\"machine_class\": {}, \"suite\": {}, \"seed\": {}, \"rounds\": {},\n "
      "\"looks\": [{}], \"budget_s\": {}, \"used_s\": {},\n ",
      json_quoted(report.kind), json_quoted(report.base), json_quoted(report.head), json_quoted(report.machine_class),
      json_quoted(report.suite), report.seed, report.rounds, fmt::join(report.looks, ", "),
      number_or_null(report.budget_s), number_or_null(report.used_s));
  text += fmt::format(
      "\"verdict\": {}, \"exit_code\": {}, \"headline\": {},\n \"gated\": {}, \"strict\": {}, \"advisory\": {}, "
      "\"interrupted\": {}, \"calibration\": {},\n ",
      json_quoted(name_of(verdict)), exit_code_of(verdict), json_quoted(headline(report)), report.gated, report.strict,
      report.advisory, report.interrupted, json_quoted(report.calibration));
  text += "\"decisions\": " + lines_of_array(report.decisions, decision_json) + ",\n ";
  text += "\"left_out\": " + lines_of_array(report.left_out, left_out_json) + ",\n ";
  return text +
         "\"notes\": " + lines_of_array(report.notes, [](const std::string& note) { return json_quoted(note); }) +
         "}\n";
}

}  // namespace ipcbench

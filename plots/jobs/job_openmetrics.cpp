#include <functional>

#include <fmt/format.h>

#include "plots/jobs/job_outputs.h"
#include "results/model/number_text.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

std::string label(std::string_view text) {
  std::string result = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// Returns a metric family with a value for every decision that has one.
std::string family(const JobOutcome& outcome, std::string_view name, std::string_view help,
                   const std::function<std::optional<double>(const Decision&)>& value_of) {
  std::string text = fmt::format("# TYPE {0} gauge\n# HELP {0} {1}\n", name, help);
  for (const Decision& decision : outcome.decisions) {
    const std::optional<double> value = value_of(decision);
    if (!value) continue;
    text += fmt::format("{}{{case={},of={},metric={},gated=\"{}\",verdict={}}} {}\n", name, label(decision.case_id),
                        label(decision.of), label(to_string(decision.metric)), decision.gated,
                        label(to_string(decision.verdict)), number_or_nan(*value));
  }
  return text;
}

std::optional<double> in_base_unit(const Decision& decision, const std::optional<double>& value) {
  if (!value) return std::nullopt;
  return is_count(decision.metric) ? *value : *value * 1e-9;
}

// Adds an estimate and the ends of its interval.
template <class EstimateOf>
void add_change(std::string& text, const JobOutcome& outcome, std::string_view name, std::string_view help,
                EstimateOf estimate_of) {
  const auto end = [&](double Interval::*which) {
    return [=](const Decision& d) -> std::optional<double> {
      const std::optional<Estimate> estimate = estimate_of(d);
      return estimate && estimate->interval ? std::optional(*estimate->interval.*which) : std::nullopt;
    };
  };
  text += family(outcome, fmt::format("ipcbench_{}_log_ratio", name), help, [&](const Decision& d) {
    const std::optional<Estimate> estimate = estimate_of(d);
    return estimate && estimate->n > 0 ? std::optional(estimate->median) : std::nullopt;
  });
  text += family(outcome, fmt::format("ipcbench_{}_low", name), "Lower end of its interval.", end(&Interval::low));
  text += family(outcome, fmt::format("ipcbench_{}_high", name), "Upper end of its interval.", end(&Interval::high));
}

}  // namespace

std::string to_openmetrics(const JobOutcome& outcome) {
  std::string text =
      "# TYPE ipcbench_comparison info\n# HELP ipcbench_comparison What was compared, and what came of it.\n";
  text += fmt::format("ipcbench_comparison_info{{kind={},base={},head={},machine_class={},suite={},verdict={}}} 1\n",
                      label(outcome.kind), label(outcome.base), label(outcome.head), label(outcome.machine_class),
                      label(outcome.suite), label(to_string(verdict_of(outcome))));
  text += family(outcome, "ipcbench_base", "Typical value of the base; times in seconds, counts per op.",
                 [](const Decision& d) { return in_base_unit(d, d.base); });
  text += family(outcome, "ipcbench_head", "Typical value of the head; times in seconds, counts per op.",
                 [](const Decision& d) { return in_base_unit(d, d.head); });
  // Base, head and change are of the same rounds; fresh rounds have names of their own.
  add_change(text, outcome, "change", "Median of ln(head / base); more is worse.",
             [](const Decision& d) { return std::optional(d.first); });
  text += family(outcome, "ipcbench_margin", "What it has to exceed, as a log ratio.",
                 [](const Decision& d) { return std::optional(d.margin.value); });
  add_change(text, outcome, "again", "The same in fresh rounds, which confirm a candidate.",
             [](const Decision& d) { return d.again; });
  text += family(outcome, "ipcbench_again_margin", "What fresh rounds have to exceed, as a log ratio.",
                 [](const Decision& d) { return d.again ? std::optional(d.again_margin.value) : std::nullopt; });
  text += family(outcome, "ipcbench_rounds", "Rounds, or launches, that it was decided from, fresh ones included.",
                 [](const Decision& d) { return std::optional<double>(d.rounds + d.again_rounds); });
  if (outcome.budget_s && outcome.used_s) {
    text += fmt::format(
        "# TYPE ipcbench_job_seconds gauge\n# HELP ipcbench_job_seconds The time that the job had, and took.\n"
        "ipcbench_job_seconds{{time=\"budget\"}} {}\nipcbench_job_seconds{{time=\"used\"}} {}\n",
        number_or_nan(*outcome.budget_s), number_or_nan(*outcome.used_s));
  }
  text += "# TYPE ipcbench_left_out gauge\n# HELP ipcbench_left_out Cases without a decision, and why.\n";
  for (const LeftOut& left_out : outcome.left_out) {
    text += fmt::format("ipcbench_left_out{{case={},why={},status={},reason={}}} 1\n", label(left_out.case_id),
                        label(to_string(left_out.kind)), label(to_string(left_out.status)), label(left_out.reason));
  }
  return text + "# EOF\n";
}

}  // namespace ipcbench

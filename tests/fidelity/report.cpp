#include "tests/fidelity/report.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ipcbench::fidelity {
namespace {

using Json = nlohmann::ordered_json;

bool ran(const Comparison& comparison) { return comparison.planned.skip_reason.empty(); }

std::string reference_name(const Comparison& comparison) {
  return comparison.against == Against::line_touch ? "line-touch floor" : comparison.program;
}

std::string ratio_text(const Figure& figure) {
  if (!figure.median) return "—";
  if (!figure.ci95) return fmt::format("{:.3f} [—]", *figure.median);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", *figure.median, figure.ci95->low, figure.ci95->high);
}

std::string value_text(const Figure& figure) { return figure.median ? fmt::format("{:.1f}", *figure.median) : "—"; }

// Returns the metric that a comparison is read by: the stamped median, unless stamps would distort it.
Metric shown(const Comparison& comparison) { return comparison.target == Target::alike ? Metric::p50 : Metric::mean; }

std::string text_of_targets(const std::vector<Comparison>& comparisons) {
  if (!comparisons.empty() && comparisons.front().target == Target::extra)
    return fmt::format("Target: the mean at most {} ns over the bare program's.\n", comparisons.front().most_extra_ns);
  std::string text = fmt::format(
      "Targets of the p50 ratio: same-cpu, the interval within {:.2f} to {:.2f}; two CPUs, the interval holds 1 and "
      "its half width is at most {:.2f}.\n"
      "Targets of the ring: a stream, mean ratio at most 1 and its interval at most {:.2f}; round trips, at most",
      kSameCpuTarget.low, kSameCpuTarget.high, kTwoCpusHalfWidth, kNoSlowerBound);
  std::string_view comma = "";
  for (const Comparison& comparison : comparisons) {
    if (comparison.target != Target::near_canary) continue;
    text += fmt::format("{} {:.1f} x canary at {} B", comma, comparison.most_canaries, comparison.planned.spec.size);
    comma = ",";
  }
  return text + ".\n";
}

std::string row(const Comparison& comparison) {
  const CaseSpec& spec = comparison.planned.spec;
  const std::vector<Pair>& pairs = comparison.used;
  const Metric metric = shown(comparison);
  return fmt::format(
      "{:<46} {:<17} {:>10} {:>10}  {:<22} {:<22} {:>9} {:>5} {:>5} {:>6}  {}\n", spec.id(), reference_name(comparison),
      value_text(value_of(pairs, &Pair::harness, metric)), value_text(value_of(pairs, &Pair::reference, metric)),
      ratio_text(ratio_of(pairs, Metric::p50)), ratio_text(ratio_of(pairs, Metric::mean)),
      spec.scenario == Scenario::ping_pong && comparison.target != Target::alike ? value_text(ratio_to_canary(pairs))
                                                                                 : "—",
      pairs.size(), comparison.dropped.size(), comparison.failures.size(), name_of(comparison.verdict()));
}

std::string title() {
  return fmt::format("{:<46} {:<17} {:>10} {:>10}  {:<22} {:<22} {:>9} {:>5} {:>5} {:>6}  {}\n", "case", "against",
                     "case ns", "against ns", "p50 ratio [95 %]", "mean ratio [95 %]", "x canary", "used", "drop",
                     "broken", "target");
}

Json to_json(const Figure& figure) {
  Json json;
  json["median"] = figure.median ? Json(*figure.median) : Json();
  json["ci95"] = figure.ci95 ? Json{figure.ci95->low, figure.ci95->high} : Json();
  json["n"] = figure.n;
  return json;
}

Json to_json(const Sample& sample) {
  return {{"p50_ns", sample.p50_ns ? Json(*sample.p50_ns) : Json()},
          {"mean_ns", sample.mean_ns},
          {"canary_ns", sample.canary_ns.empty() ? Json() : Json(sample.canary_ns)}};
}

void add_pairs(Json& array, const std::vector<Pair>& pairs, bool used) {
  for (const Pair& pair : pairs) {
    array.push_back({{"used", used},
                     {"harness_first", pair.harness_first},
                     {"harness", to_json(pair.harness)},
                     {"reference", to_json(pair.reference)}});
  }
}

Json to_json(const Comparison& comparison) {
  const PlannedCase& planned = comparison.planned;
  Json json{{"id", planned.spec.id()},
            {"against", reference_name(comparison)},
            {"cpus", {planned.cpus.producer, planned.cpus.consumer}},
            {"skipped", ran(comparison) ? Json() : Json(planned.skip_reason)}};
  if (!ran(comparison)) return json;
  json["ops"] = planned.block_ops;
  json["warmup_ops"] = planned.warmup_ops;
  json["verdict"] = name_of(comparison.verdict());
  json["p50_ratio"] = to_json(ratio_of(comparison.used, Metric::p50));
  json["mean_ratio"] = to_json(ratio_of(comparison.used, Metric::mean));
  json["mean_per_canary"] = to_json(ratio_to_canary(comparison.used));
  for (const auto& [name, arm] : {std::pair("harness", &Pair::harness), std::pair("reference", &Pair::reference)}) {
    json[name] = {{"p50_ns", to_json(value_of(comparison.used, arm, Metric::p50))},
                  {"mean_ns", to_json(value_of(comparison.used, arm, Metric::mean))}};
  }
  json["pairs_used"] = comparison.used.size();
  json["pairs_dropped"] = comparison.dropped.size();
  json["failures"] = comparison.failures;
  json["pairs"] = Json::array();
  add_pairs(json["pairs"], comparison.used, true);
  add_pairs(json["pairs"], comparison.dropped, false);
  return json;
}

}  // namespace

bool Findings::within_targets() const {
  const auto judged = [](const Comparison& comparison) { return comparison.judged() && ran(comparison); };
  return std::ranges::any_of(comparisons, judged) &&
         std::ranges::all_of(comparisons, [&](const Comparison& comparison) {
           return !judged(comparison) || comparison.verdict() == Verdict::within;
         });
}

bool Findings::misses_any() const {
  return std::ranges::any_of(comparisons, [](const Comparison& comparison) {
    return ran(comparison) && (comparison.verdict() == Verdict::outside || !comparison.failures.empty());
  });
}

std::string to_text(const Findings& findings) {
  std::string text = title();
  for (const Comparison& comparison : findings.comparisons) {
    if (ran(comparison)) text += row(comparison);
  }
  text +=
      "\nns: of targets of the p50, the p50, else the unstamped mean; per round trip, or per message of a stream.\n";
  text += text_of_targets(findings.comparisons);
  for (const Comparison& comparison : findings.comparisons) {
    if (!ran(comparison))
      text += fmt::format("skipped: {}: {}\n", comparison.planned.spec.id(), comparison.planned.skip_reason);
    const std::set<std::string> reasons(comparison.failures.begin(), comparison.failures.end());
    for (const std::string& reason : reasons) text += fmt::format("broken: {}\n", reason);
  }
  if (!findings.complete) text += "stopped before the end\n";
  return text;
}

std::string to_json(const Findings& findings) {
  Json json{{"schema", "ipcbench-fidelity"},       {"version", 1},
            {"complete", findings.complete},       {"started", findings.started},
            {"command", findings.command},         {"seed", findings.seed},
            {"pairs", findings.rule.pairs},        {"extend", findings.rule.extend},
            {"max_pairs", findings.rule.max_pairs}};
  json["tool"] = {{"version", findings.tool.version},
                  {"git", findings.tool.git},
                  {"compiler", findings.tool.compiler},
                  {"flags", findings.tool.flags},
                  {"build_type", findings.tool.build_type}};
  json["machine"] = {{"class", findings.machine.machine_class},
                     {"cpu", findings.machine.cpu},
                     {"kernel", findings.machine.kernel},
                     {"virtualisation", findings.machine.virtualisation},
                     {"topology", findings.machine.topology}};
  json["clock"] = {{"kind", findings.clock.clock.kind == ClockKind::tsc ? "tsc" : "monotonic_raw"},
                   {"hz", findings.clock.hz},
                   {"overhead_ns", findings.clock.overhead_ns}};
  json["within_targets"] = findings.within_targets();
  json["comparisons"] = Json::array();
  for (const Comparison& comparison : findings.comparisons) json["comparisons"].push_back(to_json(comparison));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ipcbench::fidelity

#include "tests/fidelity/report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "results/model/json_writer.h"

namespace ipcbench::fidelity {
namespace {

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

void write_real(JsonWriter& json, double number) { json.real(number); }

void write_figure(JsonWriter& json, const Figure& figure) {
  json.object([&] {
    json.key("median").real(figure.median);
    json.key("ci95");
    if (figure.ci95) {
      json.list(std::array{figure.ci95->low, figure.ci95->high}, write_real);
    } else {
      json.value(nullptr);
    }
    json.member("n", figure.n);
  });
}

void write_sample(JsonWriter& json, const Sample& sample) {
  json.object([&] {
    json.key("p50_ns").real(sample.p50_ns);
    json.key("mean_ns").real(sample.mean_ns);
    json.key("canary_ns");
    if (sample.canary_ns.empty()) {
      json.value(nullptr);
    } else {
      json.list(sample.canary_ns, write_real);
    }
  });
}

void write_pairs(JsonWriter& json, const std::vector<Pair>& pairs, bool used) {
  for (const Pair& pair : pairs) {
    json.object([&] {
      json.member("used", used);
      json.member("harness_first", pair.harness_first);
      write_sample(json.key("harness"), pair.harness);
      write_sample(json.key("reference"), pair.reference);
    });
  }
}

void write_arm(JsonWriter& json, const std::vector<Pair>& pairs, const Sample Pair::*arm) {
  json.object([&] {
    write_figure(json.key("p50_ns"), value_of(pairs, arm, Metric::p50));
    write_figure(json.key("mean_ns"), value_of(pairs, arm, Metric::mean));
  });
}

void write_comparison(JsonWriter& json, const Comparison& comparison) {
  const PlannedCase& planned = comparison.planned;
  json.object([&] {
    json.member("id", planned.spec.id());
    json.member("against", reference_name(comparison));
    json.member("cpus", std::array{planned.cpus.producer, planned.cpus.consumer});
    json.member("skipped", ran(comparison) ? std::nullopt : std::optional(planned.skip_reason));
    if (!ran(comparison)) return;
    json.member("ops", planned.block_ops);
    json.member("warmup_ops", planned.warmup_ops);
    json.member("verdict", name_of(comparison.verdict()));
    write_figure(json.key("p50_ratio"), ratio_of(comparison.used, Metric::p50));
    write_figure(json.key("mean_ratio"), ratio_of(comparison.used, Metric::mean));
    write_figure(json.key("mean_per_canary"), ratio_to_canary(comparison.used));
    write_arm(json.key("harness"), comparison.used, &Pair::harness);
    write_arm(json.key("reference"), comparison.used, &Pair::reference);
    json.member("pairs_used", comparison.used.size());
    json.member("pairs_dropped", comparison.dropped.size());
    json.member("failures", comparison.failures);
    json.key("pairs").list([&] {
      write_pairs(json, comparison.used, true);
      write_pairs(json, comparison.dropped, false);
    });
  });
}

void write_tool(JsonWriter& json, const ToolRecord& tool) {
  json.object([&] {
    json.member("version", tool.version);
    json.member("git", tool.git);
    json.member("compiler", tool.compiler);
    json.member("flags", tool.flags);
    json.member("build_type", tool.build_type);
  });
}

void write_machine(JsonWriter& json, const MachineRecord& machine) {
  json.object([&] {
    json.member("class", machine.machine_class);
    json.member("cpu", machine.cpu);
    json.member("kernel", machine.kernel);
    json.member("virtualisation", machine.virtualisation);
    json.member("topology", machine.topology);
  });
}

void write_clock(JsonWriter& json, const ClockChoice& choice) {
  json.object([&] {
    json.member("kind", choice.clock.kind == ClockKind::tsc ? "tsc" : "monotonic_raw");
    json.key("hz").real(choice.hz);
    json.key("overhead_ns").real(choice.overhead_ns);
  });
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
  JsonWriter json(kTreeJson);
  json.object([&] {
    json.member("schema", "ipcbench-fidelity");
    json.member("version", 1);
    json.member("complete", findings.complete);
    json.member("started", findings.started);
    json.member("command", findings.command);
    json.member("seed", findings.seed);
    json.member("pairs", findings.rule.pairs);
    json.member("extend", findings.rule.extend);
    json.member("max_pairs", findings.rule.max_pairs);
    write_tool(json.key("tool"), findings.tool);
    write_machine(json.key("machine"), findings.machine);
    write_clock(json.key("clock"), findings.clock);
    json.member("within_targets", findings.within_targets());
    json.key("comparisons").list(findings.comparisons, write_comparison);
  });
  return json.take() + '\n';
}

}  // namespace ipcbench::fidelity

#include "tests/fidelity/findings.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "results/model/json_writer.h"

namespace ipcbench::fidelity {
namespace {

bool ran(const FidelityCase& fidelity_case) { return fidelity_case.planned.skip_reason.empty(); }

std::string reference_name(const FidelityCase& fidelity_case) {
  return fidelity_case.against == Against::line_touch ? "line-touch floor" : fidelity_case.program;
}

std::string ratio_text(const Figure& figure) {
  if (!figure.median) return "—";
  if (!figure.ci95) return fmt::format("{:.3f} [—]", *figure.median);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", *figure.median, figure.ci95->low, figure.ci95->high);
}

std::string value_text(const Figure& figure) { return figure.median ? fmt::format("{:.1f}", *figure.median) : "—"; }

// Returns the metric that a case is read by: the stamped median, unless stamps would distort it.
Metric shown(const FidelityCase& fidelity_case) {
  return fidelity_case.target == Target::alike ? Metric::p50 : Metric::mean;
}

std::string text_of_targets(const std::vector<FidelityCase>& cases) {
  if (!cases.empty() && cases.front().target == Target::extra)
    return fmt::format("Target: the mean at most {} ns over the bare program's.\n", cases.front().most_extra_ns);
  std::string text = fmt::format(
      "Targets of the p50 ratio, of locks the mean ratio: same-cpu, the interval within {:.2f} to {:.2f}; two CPUs, "
      "the "
      "interval holds 1 and its half width is at most {:.2f}.\n"
      "Targets of the ring: a stream, mean ratio at most 1 and its interval at most {:.2f}; round trips, at most",
      kSameCpuTarget.low, kSameCpuTarget.high, kTwoCpusHalfWidth, kNoSlowerBound);
  std::string_view comma = "";
  for (const FidelityCase& fidelity_case : cases) {
    if (fidelity_case.target != Target::near_canary) continue;
    text +=
        fmt::format("{} {:.1f} x canary at {} B", comma, fidelity_case.most_canaries, fidelity_case.planned.spec.size);
    comma = ",";
  }
  return text + ".\n";
}

std::string row(const FidelityCase& fidelity_case) {
  const CaseSpec& spec = fidelity_case.planned.spec;
  const std::vector<FidelityPair>& pairs = fidelity_case.used;
  const Metric metric = shown(fidelity_case);
  return fmt::format(
      "{:<46} {:<17} {:>10} {:>10}  {:<22} {:<22} {:>9} {:>5} {:>5} {:>6}  {}\n", spec.id(),
      reference_name(fidelity_case), value_text(value_of(pairs, &FidelityPair::harness, metric)),
      value_text(value_of(pairs, &FidelityPair::reference, metric)), ratio_text(ratio_of(pairs, Metric::p50)),
      ratio_text(ratio_of(pairs, Metric::mean)),
      spec.scenario == Scenario::ping_pong && fidelity_case.target != Target::alike ? value_text(ratio_to_canary(pairs))
                                                                                    : "—",
      pairs.size(), fidelity_case.dropped.size(), fidelity_case.failures.size(), to_string(fidelity_case.judgement()));
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

void write_sample(JsonWriter& json, const LaunchTimes& times) {
  json.object([&] {
    json.key("p50_ns").real(times.p50_ns);
    json.key("mean_ns").real(times.mean_ns);
    json.key("canary_ns");
    if (times.canary_ns.empty()) {
      json.value(nullptr);
    } else {
      json.list(times.canary_ns, write_real);
    }
  });
}

void write_pairs(JsonWriter& json, const std::vector<FidelityPair>& pairs, bool used) {
  for (const FidelityPair& pair : pairs) {
    json.object([&] {
      json.member("used", used);
      json.member("harness_first", pair.harness_first);
      write_sample(json.key("harness"), pair.harness);
      write_sample(json.key("reference"), pair.reference);
    });
  }
}

void write_arm(JsonWriter& json, const std::vector<FidelityPair>& pairs, const LaunchTimes FidelityPair::*arm) {
  json.object([&] {
    write_figure(json.key("p50_ns"), value_of(pairs, arm, Metric::p50));
    write_figure(json.key("mean_ns"), value_of(pairs, arm, Metric::mean));
  });
}

void write_comparison(JsonWriter& json, const FidelityCase& fidelity_case) {
  const PlannedCase& planned = fidelity_case.planned;
  json.object([&] {
    json.member("id", planned.spec.id());
    json.member("against", reference_name(fidelity_case));
    json.member("cpus", std::array{planned.cpus.producer, planned.cpus.consumer});
    json.member("skipped", ran(fidelity_case) ? std::nullopt : std::optional(planned.skip_reason));
    if (!ran(fidelity_case)) return;
    json.member("ops", planned.block_ops);
    json.member("warmup_ops", planned.warmup_ops);
    json.member("verdict", to_string(fidelity_case.judgement()));
    write_figure(json.key("p50_ratio"), ratio_of(fidelity_case.used, Metric::p50));
    write_figure(json.key("mean_ratio"), ratio_of(fidelity_case.used, Metric::mean));
    write_figure(json.key("mean_per_canary"), ratio_to_canary(fidelity_case.used));
    write_arm(json.key("harness"), fidelity_case.used, &FidelityPair::harness);
    write_arm(json.key("reference"), fidelity_case.used, &FidelityPair::reference);
    json.member("pairs_used", fidelity_case.used.size());
    json.member("pairs_dropped", fidelity_case.dropped.size());
    json.member("failures", fidelity_case.failures);
    json.key("pairs").list([&] {
      write_pairs(json, fidelity_case.used, true);
      write_pairs(json, fidelity_case.dropped, false);
    });
  });
}

void write_tool(JsonWriter& json, const BuildInfo& build) {
  json.object([&] {
    json.member("version", build.version);
    json.member("git", build.git);
    json.member("compiler", build.compiler);
    json.member("flags", build.flags);
    json.member("build_type", build.build_type);
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
  const auto judged = [](const FidelityCase& fidelity_case) { return fidelity_case.judged() && ran(fidelity_case); };
  return std::ranges::any_of(cases, judged) && std::ranges::all_of(cases, [&](const FidelityCase& fidelity_case) {
           return !judged(fidelity_case) || fidelity_case.judgement() == Judgement::within;
         });
}

bool Findings::misses_any() const {
  return std::ranges::any_of(cases, [](const FidelityCase& fidelity_case) {
    return ran(fidelity_case) && (fidelity_case.judgement() == Judgement::outside || !fidelity_case.failures.empty());
  });
}

std::string to_text(const Findings& findings) {
  std::string text = title();
  for (const FidelityCase& fidelity_case : findings.cases) {
    if (ran(fidelity_case)) text += row(fidelity_case);
  }
  text +=
      "\nns: of targets of the p50, the p50, else the unstamped mean; per round trip, or per message of a stream.\n";
  text += text_of_targets(findings.cases);
  for (const FidelityCase& fidelity_case : findings.cases) {
    if (!ran(fidelity_case))
      text += fmt::format("skipped: {}: {}\n", fidelity_case.planned.spec.id(), fidelity_case.planned.skip_reason);
    const std::set<std::string> reasons(fidelity_case.failures.begin(), fidelity_case.failures.end());
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
    write_tool(json.key("tool"), findings.build);
    write_machine(json.key("machine"), findings.machine);
    write_clock(json.key("clock"), findings.clock);
    json.member("within_targets", findings.within_targets());
    json.key("comparisons").list(findings.cases, write_comparison);
  });
  return json.take() + '\n';
}

}  // namespace ipcbench::fidelity

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "plots/jobs/job_outputs.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMemberIndent = 1, kItemIndent = 2;

void write_estimate(JsonWriter& json, const std::optional<Estimate>& estimate) {
  if (!estimate) return json.value(nullptr);
  json.object([&] {
    json.member("n", estimate->n);
    json.member("median", estimate->n == 0 ? std::nullopt : std::optional(estimate->median));
    json.member("interval", estimate->interval);
    json.member("spread", estimate->spread);
  });
}

void write_ratio(JsonWriter& json, const std::optional<Ratio>& ratio) {
  if (!ratio || !ratio->median) return json.value(nullptr);
  json.object([&] {
    json.member("median", ratio->median);
    json.member("interval", ratio->interval);
    json.member("n", ratio->n);
    json.member("paired", ratio->paired);
  });
}

void write_decision(JsonWriter& json, const Decision& decision) {
  const Margin& margin = decision.margin;
  json.object([&] {
    json.member("case", decision.case_id);
    json.member("of", decision.of);
    json.member("metric", to_string(decision.metric));
    json.member("gated", decision.gated);
    json.member("not_gated", decision.not_gated);
    json.member("base", decision.base);
    json.member("head", decision.head);
    write_estimate(json.key("log_ratio"), decision.first);
    write_estimate(json.key("again"), decision.again);
    json.member("margin", margin.value);
    json.member("margin_source", to_string(margin.source));
    json.member("margin_advice", margin.advice > 0 ? std::optional(margin.advice) : std::nullopt);
    json.member("again_margin", decision.again ? std::optional(decision.again_margin.value) : std::nullopt);
    json.member("rounds", decision.rounds);
    json.member("again_rounds", decision.again ? std::optional(decision.again_rounds) : std::nullopt);
    json.member("verdict", to_string(decision.verdict));
    json.member("reason", decision.reason);
    if (!decision.base_times && !decision.head_times) return;  // nothing was compared with a reference
    write_ratio(json.key("base_times"), decision.base_times);
    write_ratio(json.key("head_times"), decision.head_times);
  });
}

void write_left_out(JsonWriter& json, const LeftOut& left_out) {
  json.object([&] {
    json.member("case", left_out.case_id);
    json.member("why", to_string(left_out.kind));
    json.member("status", to_string(left_out.status));
    json.member("reason", left_out.reason);
  });
}

void write_note(JsonWriter& json, const std::string& note) { json.value(note); }

// A member of the report that is a list, with a line for each item.
template <class Items, class F>
void add_lines(JsonWriter& json, std::string_view key, const Items& items, const F& write) {
  json.break_line(kMemberIndent);
  json.key(key).list([&] {
    for (const auto& item : items) {
      json.break_line(kItemIndent);
      write(json, item);
    }
  });
}

}  // namespace

std::string to_json(const JobOutcome& outcome) {
  const JobVerdict verdict = verdict_of(outcome);
  JsonWriter json;
  json.object([&] {
    json.member("schema", "ipcbench-comparison");
    json.member("version", 1);
    json.break_line(kMemberIndent);
    json.member("kind", outcome.kind);
    json.member("base", outcome.base);
    json.member("head", outcome.head);
    json.break_line(kMemberIndent);
    json.member("machine_class", outcome.machine_class);
    json.member("suite", outcome.suite);
    json.member("seed", outcome.seed);
    json.member("rounds", outcome.rounds);
    json.break_line(kMemberIndent);
    json.member("looks", outcome.looks);
    json.member("budget_s", outcome.budget_s);
    json.member("used_s", outcome.used_s);
    json.break_line(kMemberIndent);
    json.member("verdict", to_string(verdict));
    json.member("exit_code", exit_code_of(verdict));
    json.member("headline", headline(outcome));
    json.break_line(kMemberIndent);
    json.member("gated", outcome.gated);
    json.member("strict", outcome.strict);
    json.member("advisory", outcome.advisory);
    json.member("interrupted", outcome.interrupted);
    json.member("calibration", outcome.calibration);
    add_lines(json, "decisions", outcome.decisions, write_decision);
    add_lines(json, "left_out", outcome.left_out, write_left_out);
    add_lines(json, "notes", outcome.notes, write_note);
  });
  return json.take() + '\n';
}

}  // namespace ipcbench

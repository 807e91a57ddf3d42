#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plots/jobs/job_outputs.h"
#include "plots/table/units.h"
#include "plots/tables/reference_cells.h"
#include "results/figures/statistics.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

double percent_of(double log_ratio) { return 100 * std::expm1(log_ratio); }

// Formats a log ratio: "+9.8 % [+8.9, +10.6]", or without the interval if there is none.
std::string change_text(const Estimate& estimate) {
  if (estimate.n == 0) return std::string(kNothing);
  std::string text = fmt::format("{:+.1f} %", percent_of(estimate.median));
  if (estimate.interval) {
    text += fmt::format(" [{:+.1f}, {:+.1f}]", percent_of(estimate.interval->low), percent_of(estimate.interval->high));
  }
  return text;
}

// Formats a value: 4820 -> "4.82 µs", 4 -> "4.00".
std::string value_text(Metric metric, double value) {
  return is_count(metric) ? fmt::format("{:.2f}", value) : human(Unit::ns, value);
}

// Returns the rounds that decided a figure: "80", "40 + 80 fresh".
std::string rounds_text(const Decision& decision) {
  if (!decision.again) return fmt::format("{}", decision.rounds);
  return fmt::format("{} + {} fresh", decision.rounds, decision.again_rounds);
}

std::string margin_text(const Margin& margin) {
  return fmt::format("±{:.1f} % ({})", percent_of(margin.value), to_string(margin.source));
}

// Fresh rounds have a margin of their own, which is shown where it is another one.
std::string again_text(const Decision& decision) {
  const std::string change = change_text(*decision.again), margin = margin_text(decision.again_margin);
  return margin == margin_text(decision.margin) ? change : fmt::format("{}, margin {}", change, margin);
}

bool has_reference(const JobOutcome& outcome) {
  return std::ranges::any_of(outcome.decisions, [](const Decision& d) { return d.base_times || d.head_times; });
}

bool is_unpaired(const std::optional<Ratio>& times) { return times && times->median && !times->paired; }

std::string times_text(const std::optional<Ratio>& times) {
  if (!times || !times->median || !times->interval) return std::string(kNothing);
  return human(Unit::times, *times->median, *times->interval) +
         (times->paired ? "" : fmt::format(" {}", kUnpairedMark));
}

std::vector<Cell> row_of(const Decision& decision, bool with_reference) {
  const auto text = [](std::string value) { return Cell{.value = std::move(value)}; };
  const auto value = [&](const std::optional<double>& v) {
    return text(v ? value_text(decision.metric, *v) : std::string(kNothing));
  };
  std::string why = decision.reason;
  if (!decision.not_gated.empty()) why += (why.empty() ? "" : "; ") + decision.not_gated;
  std::vector<Cell> row = {text(decision.case_id), text(decision.of), text(std::string(title_of(decision.metric))),
                           value(decision.base), value(decision.head)};
  if (with_reference)
    row.insert(row.end(), {text(times_text(decision.base_times)), text(times_text(decision.head_times))});
  row.insert(row.end(), {text(change_text(decision.first)),
                         text(decision.again ? again_text(decision) : ""),
                         text(margin_text(decision.margin)),
                         {.value = static_cast<double>(decision.first.n)},
                         text(rounds_text(decision)),
                         text(std::string(to_string(decision.verdict))),
                         text(why)});
  return row;
}

// Returns whether people need to see a decision: a gated one, or one that stands out.
bool is_shown(const Decision& decision) {
  return decision.gated || (decision.verdict != FigureVerdict::same && decision.verdict != FigureVerdict::inconclusive);
}

TablePart part_of(const JobOutcome& outcome, bool gated) {
  TablePart part{.title = gated ? "gated" : "reported only"};
  for (const Decision& decision : outcome.decisions) {
    if (decision.gated == gated && is_shown(decision)) part.rows.push_back(row_of(decision, has_reference(outcome)));
  }
  return part;
}

Table left_out_table(const JobOutcome& outcome) {
  Table table{.id = "left-out", .title = "Left out"};
  table.columns = {{"case", "case"}, {"why", "why"}, {"status", "status"}, {"reason", "reason"}};
  TablePart& part = table.parts.emplace_back();
  for (const LeftOut& left_out : outcome.left_out) {
    part.rows.push_back({{.value = left_out.case_id},
                         {.value = std::string(to_string(left_out.kind))},
                         {.value = left_out.kind == LeftOutKind::broken ? to_string(left_out.status) : ""},
                         {.value = left_out.reason}});
  }
  return table;
}

// Returns "looked at after 40, 80 rounds …; 62 of 300 s used"; "" for a report with a single look that wasn't measured
// now.
std::string looks_note(const JobOutcome& outcome) {
  std::string text;
  if (outcome.looks.size() > 1) {
    text = fmt::format(
        "looked at after {} {}, each time with 1/{} of the error; a figure is decided at the first look that can",
        fmt::join(outcome.looks, ", "), outcome.kind == "ab" ? "rounds" : "launches", outcome.looks.size());
  }
  if (outcome.budget_s && outcome.used_s) {
    text += fmt::format("{}{:.0f} s of a budget of {:.0f} s used", text.empty() ? "" : "; ", *outcome.used_s,
                        *outcome.budget_s);
  }
  return text;
}

std::string worst_regressions(const JobOutcome& outcome) {
  std::string text;
  std::size_t count = 0;
  for (const Decision& decision : outcome.decisions) {
    if (!decision.gated || decision.verdict != FigureVerdict::regressed) continue;
    ++count;
    text += fmt::format("{}{}, {} {:+.1f} %", text.empty() ? "" : "; ", decision.case_id, title_of(decision.metric),
                        percent_of(decision.last().median));
  }
  return fmt::format("{} of {} gated figures {} worse: {}", count, outcome.gated, count == 1 ? "is" : "are", text);
}

}  // namespace

std::string evidence_of(const Decision& decision) {
  return fmt::format("{}, margin {:.1f} %, rounds: {}", change_text(decision.last()),
                     100 * decision.last_margin().value, rounds_text(decision));
}

std::string headline(const JobOutcome& outcome) {
  const JobVerdict verdict = verdict_of(outcome);
  const auto count = [&](auto holds) {
    return std::count_if(outcome.decisions.begin(), outcome.decisions.end(), holds);
  };
  const auto is_gated_as = [&](FigureVerdict wanted) {
    return count([wanted](const Decision& d) { return d.gated && d.verdict == wanted; });
  };
  switch (verdict) {
    case JobVerdict::regression:
      return fmt::format("regression: {}", worst_regressions(outcome));
    case JobVerdict::invalid: {
      const auto broken = std::find_if(outcome.left_out.begin(), outcome.left_out.end(),
                                       [](const LeftOut& left_out) { return left_out.kind == LeftOutKind::broken; });
      return fmt::format("invalid: {}: {}: {}", broken->case_id, to_string(broken->status), printable(broken->reason));
    }
    case JobVerdict::not_comparable:
      if (outcome.left_out.empty()) return "not comparable: no case in common";
      return fmt::format("not comparable: none of {} cases: {}: {}", outcome.left_out.size(),
                         outcome.left_out.front().case_id, printable(outcome.left_out.front().reason));
    case JobVerdict::all_skipped:
      return fmt::format("all skipped: {}: {}", outcome.left_out.front().case_id,
                         printable(outcome.left_out.front().reason));
    case JobVerdict::pass:
    case JobVerdict::too_noisy:
    case JobVerdict::interrupted:
      break;
  }
  const auto worse = is_gated_as(FigureVerdict::regressed);  // reports that fail nothing, or were interrupted
  const auto unconfirmed = is_gated_as(FigureVerdict::unconfirmed);
  const auto number = [](std::ptrdiff_t n, const char* what) { return n > 0 ? fmt::format("{} {}, ", n, what) : ""; };
  return fmt::format("{}{}: of {} gated figures {} same, {} improved, {}{}{} undecided{}", to_string(verdict),
                     outcome.advisory ? " (advisory)" : "", outcome.gated, is_gated_as(FigureVerdict::same),
                     is_gated_as(FigureVerdict::improved), number(worse, "worse"), number(unconfirmed, "unconfirmed"),
                     count([](const Decision& d) { return d.gated && is_undecided(d.verdict); }),
                     outcome.left_out.empty() ? "" : fmt::format("; {} cases left out", outcome.left_out.size()));
}

std::vector<Table> job_tables(const JobOutcome& outcome) {
  Table table{.id = outcome.kind, .title = fmt::format("{} against {}", outcome.head, outcome.base)};
  table.columns = {{"case", "case"},          {"of", "of"},
                   {"metric", "metric"},      {"base", "base"},
                   {"head", "head"},          {"change", "change"},
                   {"again", "again, fresh"}, {"margin", "margin"},
                   {"n", "n", Unit::count},   {"rounds", outcome.kind == "ab" ? "rounds" : "launches"},
                   {"verdict", "verdict"},    {"why", "why"}};
  if (has_reference(outcome)) {
    constexpr std::ptrdiff_t kBesideHead = 5;
    table.columns.insert(table.columns.begin() + kBesideHead,
                         {{"base_times", "base × reference"}, {"head_times", "head × reference"}});
  }
  for (const bool gated : {true, false}) {
    TablePart part = part_of(outcome, gated);
    if (!part.rows.empty()) table.parts.push_back(std::move(part));
  }
  table.notes.push_back(
      "change: median of head / base, and its interval at 5 % shared by all gated figures; + is worse");
  if (std::ranges::any_of(outcome.decisions,
                          [](const Decision& d) { return is_unpaired(d.base_times) || is_unpaired(d.head_times); })) {
    table.notes.push_back(fmt::format("{}: not paired by pass: fewer than {} passes in common with the reference",
                                      kUnpairedMark, kLeastForInterval));
  }
  const auto hidden =
      std::count_if(outcome.decisions.begin(), outcome.decisions.end(), [](const Decision& d) { return !is_shown(d); });
  if (hidden > 0) {
    table.notes.push_back(fmt::format("{} more figures are reported only, and show no change: see --out json", hidden));
  }
  if (std::string looks = looks_note(outcome); !looks.empty()) table.notes.push_back(std::move(looks));
  table.notes.push_back(outcome.calibration);
  table.notes.insert(table.notes.end(), outcome.notes.begin(), outcome.notes.end());
  std::vector<Table> tables;
  if (!table.parts.empty()) tables.push_back(std::move(table));
  if (!outcome.left_out.empty()) tables.push_back(left_out_table(outcome));
  return tables;
}

std::string to_text(const JobOutcome& outcome, TextStyle style) {
  return to_text(job_tables(outcome), style) + "\n" + printable(headline(outcome)) + "\n";
}

std::string to_markdown(const JobOutcome& outcome) {
  return "## ipcbench " + outcome.kind + ": " + std::string(to_string(verdict_of(outcome))) + "\n\n" +
         printable(headline(outcome)) + "\n\n" + to_markdown(job_tables(outcome));
}

}  // namespace ipcbench

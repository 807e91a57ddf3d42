#include "plots/tables/rate_answer_tables.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plots/table/cells.h"
#include "plots/tables/load_cells.h"
#include "results/figures/by_placement.h"
#include "results/figures/catalogue.h"
#include "results/figures/states.h"
#include "results/rows/rate_promise.h"

namespace ipcbench {
namespace {

// Returns the promise's figure at a rate.
Cell promised_cell(const LoadPoint* point, const PromiseRecord& promise) {
  const auto info = std::ranges::find(figure_catalogue(), promise.figure, &FigureInfo::key);
  if (point == nullptr || info == figure_catalogue().end()) return {};
  const Figure& figure = point->measured->summary.*info->figure;
  Cell result = time_cell(*point->measured, figure);
  const std::size_t overloaded = overloaded_launches(*point->measured);
  if (overloaded == 0) return result;
  if (result.shown.empty() && figure.median) result.shown = human(Unit::ns, *figure.median, figure.ci95);
  result.shown += fmt::format("{}overloaded in {}", result.shown.empty() ? "" : ", ", overloaded);
  return result;
}

Cell rate_cell(const LoadPoint* point) { return point == nullptr ? Cell{} : cell(std::optional(point->rate_per_s)); }

// Returns the CPU time of both sides at a rate, as part of one CPU.
Cell cpu_cell(const LoadPoint* point) {
  return point == nullptr ? Cell{} : plain_cell(cpu_ratio_at(point->measured->summary, point->rate_per_s));
}

std::string answer_text(const LoadCurve& curve, const RateAnswer& answer, const PromiseRecord& promise) {
  if (curve.points.empty()) {
    const double messages = messages_for(promise);
    const bool none_fits = rates_to_try(curve.saturation->summary.saturation_per_s, messages).empty();
    return none_fits
               ? fmt::format("undecided: it is too slow for the {:.0f} messages in 10 s that are needed", messages)
               : "undecided: no rate was measured";
  }
  if (answer.undecided != nullptr) return fmt::format("undecided: {}", why_undecided(*answer.undecided, promise));
  if (answer.highest == nullptr) return "no rate that was measured keeps it";
  std::string text = answer.next == nullptr ? "the highest that is tried" : "";
  if (answer.lower_broken.empty()) return text;
  std::vector<std::string> rates;
  for (const LoadPoint* point : answer.lower_broken) rates.push_back(human(Unit::per_s, point->rate_per_s));
  return fmt::format("{}{}lower rates break it: {}", text, text.empty() ? "" : "; ", fmt::join(rates, ", "));
}

// Returns the answer in words, with the canary state that it holds for where there were several.
std::string answer_in_state(const LoadCurve& curve, const RateAnswer& answer, const PromiseRecord& promise) {
  const std::string text = answer_text(curve, answer, promise);
  const CaseSummary& saturation = curve.saturation->summary;
  if (saturation.state_used.empty() || saturation.state_used == kOnlyState) return text;
  return fmt::format("{}{}canary state {}", text, text.empty() ? "" : "; ", saturation.state_used);
}

std::vector<Cell> row_of(const LoadCurve& curve, const PromiseRecord& promise) {
  const RateAnswer answer = rate_answer(curve, promise);
  const CaseRecord& any = curve.any();
  return {cell(load_row_label(any)),
          cell(any.wait),
          cell(any.size),
          cell(curve.saturation->summary.saturation_per_s),
          rate_cell(answer.highest),
          promised_cell(answer.highest, promise),
          cpu_cell(answer.highest),
          rate_cell(answer.next),
          promised_cell(answer.next, promise),
          cpu_cell(answer.next),
          cell(answer_in_state(curve, answer, promise))};
}

}  // namespace

std::vector<Table> rate_answer_tables(const Result& result) {
  if (!result.promise) return {};
  std::vector<Table> tables;
  for (const auto& [placement, curves] : by_placement(searched_curves(result))) {
    Table table{.id = fmt::format("find-rate/{}", to_string(placement)),
                .title = fmt::format("Highest rate with {}, {}", promise_text(*result.promise), to_string(placement)),
                .columns = {{"transport", "transport"},
                            {"wait", "wait"},
                            {"size_bytes", "size", Unit::bytes},
                            {"saturation_per_s", "saturation [95 %]", Unit::per_s, true},
                            {"rate_per_s", "highest rate", Unit::per_s},
                            {"promised_ns", "there [95 %]", Unit::ns, true},
                            {"cpu_ratio", "CPU", Unit::percent},
                            {"next_rate_per_s", "next rate", Unit::per_s},
                            {"next_promised_ns", "breaks it [95 %]", Unit::ns, true},
                            {"next_cpu_ratio", "CPU there", Unit::percent},
                            {"answer", "answer"}},
                .parts = {TablePart{}},
                .notes = {}};
    for (const LoadCurve& curve : curves) table.parts.front().rows.push_back(row_of(curve, *result.promise));
    add_note(
        table,
        "highest rate: the highest whose whole interval keeps the promise; next rate: the next higher one that was "
        "measured, which doesn't surely",
        "最高速率：整个置信区间都满足承诺的最高速率；下一速率：已测量的下一个更高速率，不能确定满足");
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace ipcbench

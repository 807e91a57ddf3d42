#include "plots/tables/measurement_cells.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "plots/table/limit_notes.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/result_tables.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/rows/floors.h"

namespace ipcbench {
namespace {

std::optional<double> bandwidth_at(const std::vector<BandwidthRecord>& all, std::uint64_t size) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const BandwidthRecord& b) { return b.size == size; });
  if (found == all.end() || !(found->bytes_per_s > 0)) return std::nullopt;
  return found->bytes_per_s;
}

bool lends_memory(const Result& result, const std::string& transport) {
  for (const TransportRecord& record : result.transports) {
    if (record.name != transport) continue;
    for (const auto& [name, value] : record.capabilities) {
      if (name == "shape" && value == AttributeValue(std::string("loan"))) return true;
    }
  }
  return false;
}

std::string calls_text(const CaseSummary& summary, double calls) {
  return fmt::format("{}{:.2f}", summary.syscalls_vary ? "~" : "", calls);
}

}  // namespace

Cell transport_cell(const CaseRecord& c) {
  Cell result = cell(label_of(c));
  if (is_limited(c)) result.shown = fmt::format("{} {}", label_of(c), kLimitMark);
  return result;
}

std::optional<double> times_floor(const Result& result, const CaseRecord& c, Form form) {
  const FloorRecord* floor = floor_at(result.floors, c.placement, c.summary.state_used);
  const std::optional<double> value = headline_of(form, c.summary).median;
  if (floor == nullptr || !value || !(*value > 0)) return std::nullopt;
  if (form == Form::messages) {
    const auto bandwidth = bandwidth_at(lends_memory(result, c.transport) ? floor->line_touch : floor->memcpy, c.size);
    if (!bandwidth) return std::nullopt;
    return *bandwidth / *value;
  }
  if (form == Form::notifications) return std::nullopt;
  const bool spins = c.wait == WaitStrategy::spin || c.wait == WaitStrategy::hybrid;
  const std::optional<double> least = spins ? floor->cache_line_rtt_ns : floor->futex_rtt_ns;
  if (!least || !(*least > 0)) return std::nullopt;
  return *value / *least;
}

void add_note_on_means(Table& table) {
  table.notes.emplace_back(
      "ranked by the mean where the clock is too coarse for the p50 of any row: means compare with means only");
  table.bilingual.push_back(
      {table.notes.back(), "若时钟精度不足以测定任一行的 p50，则按平均值排名：平均值只与平均值比较"});
}

Cell p50_cell(const CaseSummary& summary) {
  const Figure& figure = headline_rtt(summary);
  Cell result = cell(figure);
  if (summary.p50_from_mean && figure.median) {
    result.shown = fmt::format("{} {}", human(Unit::ns, *figure.median, figure.ci95), kMeanMark);
  }
  return result;
}

Cell worst_cell(const CaseSummary& summary) {
  if (!summary.rtt_worst) return {};
  Cell result = cell(std::optional<double>(summary.rtt_worst->ns));
  if (summary.rtt_worst->at_ns) {
    result.shown =
        fmt::format("{} at {}", human(Unit::ns, summary.rtt_worst->ns), human(Unit::ns, *summary.rtt_worst->at_ns));
  }
  return result;
}

Cell switches_cell(const CaseSummary& summary) {
  if (!summary.voluntary_per_op.median || !summary.involuntary_per_op.median) return {};
  return cell(std::optional<double>(*summary.voluntary_per_op.median + *summary.involuntary_per_op.median));
}

Cell class_cell(const CaseSummary& summary) {
  const bool adds_bimodal = summary.bimodal.value_or(false) && summary.steady != "bimodal";
  if (summary.steady.empty() && !adds_bimodal) return {.value = {}, .shown = "no slices"};
  if (!adds_bimodal) return cell(summary.steady);
  return cell(summary.steady.empty() ? "bimodal" : summary.steady + ", bimodal");
}

bool has_broker(const CaseRecord& c) {
  return std::ranges::any_of(c.launches, [](const LaunchRecord& launch) { return launch.broker.has_value(); });
}

bool counts_calls(const CaseSummary& summary) {
  return summary.syscalls_producer.median && summary.syscalls_consumer.median;
}

bool tells_retried_apart(const CaseSummary& summary) { return summary.syscalls_retried.median.has_value(); }

Cell calls_cell(const CaseRecord& c) {
  const CaseSummary& summary = c.summary;
  if (!counts_calls(summary)) return {};
  const double calls = *summary.syscalls_producer.median + *summary.syscalls_consumer.median;
  Cell result = cell(std::optional<double>(calls));
  result.shown = calls_text(summary, calls) + (has_broker(c) ? " + broker" : "");
  return result;
}

Cell retried_cell(const CaseSummary& summary) {
  if (!counts_calls(summary)) return {};
  if (!tells_retried_apart(summary)) return {.value = {}, .shown = "in calls/op"};
  Cell result = cell(summary.syscalls_retried.median);
  result.shown = calls_text(summary, *summary.syscalls_retried.median);
  return result;
}

Cell at_least_cell(const MemoryFigure& memory) {
  if (!memory.figure->median) return {};
  return cell(std::string(memory.at_least == AtLeast::no ? "no" : "yes"));
}

Cell channel_cell(const CaseRecord& c, const MemoryFigure& memory) {
  if (!memory.figure->median) return {};
  Cell result = cell(memory.figure->median);
  result.shown = bounded_text(Unit::bytes, *memory.figure->median, memory.at_least);
  if (has_limited_memory(c)) result.shown += fmt::format(" {}", kLimitMark);
  return result;
}

}  // namespace ipcbench

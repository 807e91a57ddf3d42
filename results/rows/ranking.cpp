#include "results/rows/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>

#include <fmt/core.h>

#include "results/compare/comparability.h"
#include "results/figures/pass_values.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr double kPairedTail = 0.025;

// Returns the positive values of the row's figure by pass, for ratios. Empty: nothing to compare.
std::map<int, double> by_pass(const Contender& row) {
  std::map<int, double> values;
  const FigureInfo* figure = row.measured == nullptr ? nullptr : info_of(*row.measured, *row.figure);
  if (figure == nullptr) return values;
  for (const PassValue& one : used_values(*row.measured, *figure)) values[one.pass] = one.value;
  return values;
}

// Returns whether two cases may be ranked. Sizes may differ, since some mechanisms have only one; states may not.
bool are_alike(const CaseRecord& a, const CaseRecord& b) {
  return std::ranges::all_of(differences(a, b), [](const Difference& d) { return d.aspect == Aspect::size; }) &&
         a.cpus == b.cpus;
}

// Returns whether figures may be told apart: they are of one contract and one canary state. A user may choose among
// sizes, answers and waits, so that these may differ.
bool may_be_told_apart(const Contender& a, const Contender& b) {
  if (a.measured == nullptr || b.measured == nullptr) return true;
  return std::ranges::none_of(differences(*a.measured, *b.measured), [](const Difference& d) {
    return d.aspect == Aspect::payload || d.aspect == Aspect::workers || d.aspect == Aspect::core_kinds ||
           d.aspect == Aspect::state;
  });
}

}  // namespace

// Returns -1: a is better, 1: b is better, 0: the difference is within the noise.
int Order::by_intervals(const Figure& a, const Figure& b) const noexcept {
  const bool a_below = a.ci95->high < b.ci95->low;
  const bool b_below = b.ci95->high < a.ci95->low;
  if (a_below == b_below) return 0;
  return a_below == (better_ == Better::smaller) ? -1 : 1;
}

int Order::by_passes(const Contender& a, const Contender& b) const {
  if (a.measured == nullptr || b.measured == nullptr || !are_alike(*a.measured, *b.measured)) return 0;
  const std::map<int, double> of_a = by_pass(a);
  const std::map<int, double> of_b = by_pass(b);
  std::vector<double> log_ratios;
  for (const auto& [pass, value] : of_a) {
    if (const auto other = of_b.find(pass); other != of_b.end()) log_ratios.push_back(std::log(value / other->second));
  }
  if (log_ratios.size() < kFewestPasses) return 0;
  const double tail = kPairedTail / static_cast<double>(std::max<std::size_t>(1, comparisons_));
  const std::optional<MedianInterval> interval = median_interval(log_ratios.size(), tail);
  if (!interval) return 0;
  std::ranges::sort(log_ratios);
  const bool a_below = log_ratios[interval->high - 1] < 0;
  const bool b_below = log_ratios[interval->low - 1] > 0;
  if (a_below == b_below) return 0;
  return a_below == (better_ == Better::smaller) ? -1 : 1;
}

bool Order::surely_better(const Contender& a, const Contender& b) const {
  if (!a.figure->median || !a.figure->ci95 || !b.figure->median || !b.figure->ci95) return false;
  const bool by_median =
      better_ == Better::smaller ? *a.figure->median < *b.figure->median : *a.figure->median > *b.figure->median;
  if (!by_median || !may_be_told_apart(a, b)) return false;
  const int by_figures = by_intervals(*a.figure, *b.figure);
  const int paired = by_passes(a, b);
  return std::min(by_figures, paired) < 0 && std::max(by_figures, paired) <= 0;
}

std::vector<Rank> rank(std::span<const Contender> rows, Better better) {
  const double sign = better == Better::smaller ? 1 : -1;
  const auto key = [&](const Rank& r) {
    return sign * rows[r.index].figure->median.value_or(sign * std::numeric_limits<double>::infinity());
  };
  std::vector<Rank> ranks(rows.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i].index = i;
  std::stable_sort(ranks.begin(), ranks.end(), [&](const Rank& a, const Rank& b) { return key(a) < key(b); });

  std::vector<Rank*> ranked;
  for (Rank& row : ranks) {
    const Figure& figure = *rows[row.index].figure;
    if (figure.median && figure.ci95) ranked.push_back(&row);
  }
  for (Rank* row : ranked) {
    row->first = 1;
    row->last = ranked.size();
  }
  const Order order(better, ranked.empty() ? 0 : ranked.size() - 1);
  // A row that is surely better has the better median, so that it comes first.
  for (std::size_t worse = 0; worse < ranked.size(); ++worse) {
    for (std::size_t i = 0; i < worse; ++i) {
      if (!order.surely_better(rows[ranked[i]->index], rows[ranked[worse]->index])) continue;
      ++ranked[worse]->first;
      --ranked[i]->last;
    }
  }
  return ranks;
}

std::string to_string(const Rank& rank) {
  if (rank.first == 0) return "";
  return rank.first == rank.last ? fmt::format("{}", rank.first) : fmt::format("{}–{}", rank.first, rank.last);
}

}  // namespace ipcbench

#include "plots/ranking.h"

#include <algorithm>
#include <limits>

#include <fmt/core.h>

namespace ipcbench {

std::vector<Rank> rank(std::span<const Figure* const> figures, Better better) {
  const double sign = better == Better::smaller ? 1 : -1;
  const auto key = [&](const Rank& r) {
    return sign * figures[r.index]->median.value_or(sign * std::numeric_limits<double>::infinity());
  };
  std::vector<Rank> ranks(figures.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i].index = i;
  std::stable_sort(ranks.begin(), ranks.end(), [&](const Rank& a, const Rank& b) { return key(a) < key(b); });

  std::vector<Rank*> group;  // rows that share a rank
  std::size_t ranked = 0;
  double worst_edge = 0;  // of the group's intervals
  const auto close = [&] {
    for (Rank* member : group) *member = {member->index, ranked - group.size() + 1, ranked};
    group.clear();
  };
  for (Rank& row : ranks) {
    const Figure& figure = *figures[row.index];
    if (!figure.median || !figure.ci95) continue;
    const double near_edge = sign > 0 ? figure.ci95->low : -figure.ci95->high;
    const double far_edge = sign > 0 ? figure.ci95->high : -figure.ci95->low;
    if (!group.empty() && near_edge > worst_edge) close();
    worst_edge = group.empty() ? far_edge : std::max(worst_edge, far_edge);
    group.push_back(&row);
    ++ranked;
  }
  close();
  return ranks;
}

std::string to_string(const Rank& rank) {
  if (rank.first == 0) return "";
  return rank.first == rank.last ? fmt::format("{}", rank.first) : fmt::format("{}–{}", rank.first, rank.last);
}

}  // namespace ipcbench

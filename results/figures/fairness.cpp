#include "results/figures/fairness.h"

namespace ipcbench {

std::optional<double> jains_index(std::span<const double> shares) noexcept {
  double sum = 0, squares = 0;
  for (const double share : shares) {
    sum += share;
    squares += share * share;
  }
  if (shares.size() < 2 || !(squares > 0)) return std::nullopt;
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

}  // namespace ipcbench

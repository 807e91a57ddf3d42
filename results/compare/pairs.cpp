#include "results/compare/pairs.h"

#include <algorithm>
#include <cmath>

namespace ipcbench {

std::optional<double> log_ratio(const LaunchPair& pair, Metric metric) {
  if (pair.base.status != Status::ok || pair.head.status != Status::ok) return std::nullopt;
  const std::optional<double>& base = pair.base.value(metric);
  const std::optional<double>& head = pair.head.value(metric);
  if (!base || !head) return std::nullopt;
  const double least = is_count(metric) ? kLeastCount : 0;
  const double ratio = std::log(std::max(*head, least) / std::max(*base, least));
  return std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

}  // namespace ipcbench

#include "results/compare/noise_model.h"

#include <algorithm>
#include <cmath>

namespace ipcbench {

const NoiseFigure* NoiseModel::find(std::string_view case_id, Metric metric) const noexcept {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const NoiseFigure& figure) {
    return figure.case_id == case_id && figure.metric == to_string(metric);
  });
  return found == figures.end() ? nullptr : &*found;
}

std::optional<LearntMargin> NoiseFigure::margin_for(std::size_t rounds) const noexcept {
  if (margins.empty() || rounds == 0) return std::nullopt;
  const RoundMargin* best = nullptr;
  for (const RoundMargin& known : margins) {
    if (known.rounds > 0 && static_cast<std::size_t>(known.rounds) <= rounds &&
        (best == nullptr || known.rounds > best->rounds)) {
      best = &known;
    }
  }
  if (best != nullptr) return LearntMargin{best->margin, pairs >= kPairsForMargin};
  const RoundMargin& fewest = *std::min_element(margins.begin(), margins.end(),
                                                [](const auto& a, const auto& b) { return a.rounds < b.rounds; });
  const double grown = std::sqrt(static_cast<double>(fewest.rounds) / static_cast<double>(rounds));
  return LearntMargin{fewest.margin * std::max(grown, 1.0), false};
}

}  // namespace ipcbench

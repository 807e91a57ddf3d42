#include "results/claims/rating.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace ipcbench {

std::optional<Bands> Bands::over(std::span<const double> values, std::size_t words) {
  std::vector<double> usable;
  std::copy_if(values.begin(), values.end(), std::back_inserter(usable),
               [](double value) { return std::isfinite(value) && value > 0; });
  if (usable.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(usable.begin(), usable.end());
  if (*high < kLeastRatio * *low) return std::nullopt;
  return Bands(*low, *high, words, false);
}

Bands Bands::fixed(double first_edge, double step, std::size_t words) {
  return Bands(first_edge / step, first_edge * std::pow(step, static_cast<double>(words) - 1), words, true);
}

Bands memory_bands() {
  constexpr double kPage = 4096;
  constexpr double kStep = 8;
  return Bands::fixed(kPage, kStep, word_count(Criterion::memory));
}

double Bands::edge(std::size_t n) const noexcept {
  if (n == 0) return low_;
  if (n >= words_) return high_;  // not low * (high / low), which may round to another number
  return low_ * std::pow(high_ / low_, static_cast<double>(n) / static_cast<double>(words_));
}

Word Bands::word_of(double value) const noexcept {
  std::size_t word = 0;
  while (word + 1 < words_ && value >= edge(word + 1)) ++word;
  return static_cast<Word>(word);
}

bool Bands::crosses_edge(const Interval& interval) const noexcept {
  return word_of(interval.low) != word_of(interval.high);
}

Agreement agreement(std::optional<Word> measured, std::optional<Word> source) noexcept {
  if (!measured || !source) return Agreement::not_comparable;
  switch (std::abs(static_cast<int>(*measured) - static_cast<int>(*source))) {
    case 0:
      return Agreement::agrees;
    case 1:
      return Agreement::one_step_off;
    default:
      return Agreement::contradicts;
  }
}

int order_of(double, const std::optional<Interval>& a_interval, double,
             const std::optional<Interval>& b_interval) noexcept {
  if (!a_interval || !b_interval) return 0;
  if (a_interval->high < b_interval->low) return -1;
  if (b_interval->high < a_interval->low) return 1;
  return 0;
}

std::optional<double> kendall_tau_b(std::span<const RankedWord> rows) {
  int score = 0;
  int pairs_of_words = 0;    // n0 - n1
  int pairs_of_figures = 0;  // n0 - n2
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int words = (rows[i].word > rows[j].word) - (rows[i].word < rows[j].word);
      const int figures = order_of(rows[i].value, rows[i].interval, rows[j].value, rows[j].interval);
      score += words * figures;
      pairs_of_words += std::abs(words);
      pairs_of_figures += std::abs(figures);
    }
  }
  if (pairs_of_words == 0 || pairs_of_figures == 0) return std::nullopt;
  return score / std::sqrt(static_cast<double>(pairs_of_words) * static_cast<double>(pairs_of_figures));
}

}  // namespace ipcbench

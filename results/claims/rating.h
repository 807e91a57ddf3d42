#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "results/claims/source_table.h"
#include "results/model/record.h"

// Translates figures into the articles' words and measures how far figures and words agree. All functions are pure.

namespace ipcbench {

// Splits the range of a column's figures into one band a word, in equal steps on a logarithmic scale.
class Bands {
 public:
  // A smaller ratio of the largest figure to the smallest is no difference that deserves words.
  static constexpr double kLeastRatio = 2;

  // Spreads `words` bands (2 to 5) over the finite, positive values. Returns nothing if the largest is less than
  // kLeastRatio times the smallest, or if no value is left.
  static std::optional<Bands> over(std::span<const double> values, std::size_t words);

  // Makes bands that don't depend on the values. The first word ends at `first_edge`, each further one at `step` times
  // the edge before it, and the last has no end.
  static Bands fixed(double first_edge, double step, std::size_t words);

  // Returns the word of the band that holds `value`. A value on an edge belongs to the band above it, a value out of
  // range to the nearest band.
  Word word_of(double value) const noexcept;
  // Returns whether the interval's ends have different words.
  bool crosses_edge(const Interval& interval) const noexcept;

  std::size_t words() const noexcept { return words_; }
  bool are_fixed() const noexcept { return fixed_; }
  Word last_word() const noexcept { return static_cast<Word>(words_ - 1); }
  // Returns the edge between words n - 1 and n. edge(0) is the smallest value and edge(words()) the largest; fixed
  // bands don't have these two.
  double edge(std::size_t n) const noexcept;

 private:
  Bands(double low, double high, std::size_t words, bool fixed)
      : low_(low), high_(high), words_(words), fixed_(fixed) {}

  double low_, high_;
  std::size_t words_;
  bool fixed_;
};

// Says how a measured word relates to the article's word.
enum class Agreement : std::uint8_t { agrees, one_step_off, contradicts, not_comparable };
inline constexpr std::array kAgreements = {Agreement::agrees, Agreement::one_step_off, Agreement::contradicts,
                                           Agreement::not_comparable};
Agreement agreement(std::optional<Word> measured, std::optional<Word> source) noexcept;

// Returns the bands of the memory column: less than a page of 4 KiB, up to 8 pages, up to 64 pages, more. They are
// fixed because which rows have a memory figure depends on what its source can see.
Bands memory_bands();

// Pairs a row's word from the article with its measured figure.
struct RankedWord {
  Word word = Word::very_low;
  double value = 0;
  std::optional<Interval> interval;
};

// Returns Kendall's rank correlation with ties, tau-b, between the order of the words and that of the figures:
//   tau_b = S / sqrt((n0 - n1) (n0 - n2)),  n0 = n (n - 1) / 2.
// S is the number of concordant pairs less that of discordant ones. n1 counts the pairs with the same word, n2 the
// pairs of figures whose intervals overlap (M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33(3),
// 1945, 239-251). Overlap isn't transitive, which the general form of the coefficient permits (H. E. Daniels, The
// relation between measures of correlation in the universe of sample permutations, Biometrika 33(2), 1944, 129-135).
// 1 is the same order, 0 no relation, -1 the opposite order. Returns nothing if all words or all figures are tied.
std::optional<double> kendall_tau_b(std::span<const RankedWord> rows);

// Orders two figures: -1 if `a` is smaller, 1 if it is larger, 0 if their intervals overlap or one is missing. Without
// an interval the median comes from too few launches to be placed.
int order_of(double a, const std::optional<Interval>& a_interval, double b,
             const std::optional<Interval>& b_interval) noexcept;

}  // namespace ipcbench

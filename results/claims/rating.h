#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "results/claims/source_table.h"
#include "results/model/record.h"

// From numbers to words, and how far words and numbers agree. Pure functions of figures.

namespace ipcbench {

// Equal steps on a logarithmic scale from the smallest to the largest of a column's figures, one for each word.
class Bands {
 public:
  // Under this ratio of the largest to the smallest there is no difference worth words.
  static constexpr double kLeastRatio = 2;

  // `words` from 2 to 5. Values that aren't finite and positive don't count. None where the largest is under twice the
  // smallest, or no value counts.
  static std::optional<Bands> over(std::span<const double> values, std::size_t words);

  // Edges that don't depend on what was measured: the first word ends at `first_edge`, each further one `step` times
  // higher, and the last has no end.
  static Bands fixed(double first_edge, double step, std::size_t words);

  // What lies outside has the word of the nearest band; what lies on an edge, that of the band above it.
  Word word_of(double value) const noexcept;
  // The interval's ends have different words.
  bool crosses_edge(const Interval& interval) const noexcept;

  std::size_t words() const noexcept { return words_; }
  bool are_fixed() const noexcept { return fixed_; }
  Word last_word() const noexcept { return static_cast<Word>(words_ - 1); }
  // Where word n begins and word n - 1 ends: edge(0) is the smallest value, edge(words()) the largest. Those two are no
  // edges of fixed bands.
  double edge(std::size_t n) const noexcept;

 private:
  Bands(double low, double high, std::size_t words, bool fixed)
      : low_(low), high_(high), words_(words), fixed_(fixed) {}

  double low_, high_;
  std::size_t words_;
  bool fixed_;
};

// A measured word beside the source's.
enum class Agreement : std::uint8_t { agrees, one_step_off, contradicts, not_comparable };
inline constexpr std::array kAgreements = {Agreement::agrees, Agreement::one_step_off, Agreement::contradicts,
                                           Agreement::not_comparable};
Agreement agreement(std::optional<Word> measured, std::optional<Word> source) noexcept;

// The bands of the memory column: under a page of 4 KiB, up to 8 pages, up to 64, more. They aren't cut from the rows,
// since which rows have a figure depends on what the figures' source sees.
Bands memory_bands();

// A row with the source's word and a figure.
struct RankedWord {
  Word word = Word::very_low;
  double value = 0;
  std::optional<Interval> interval;
};

// Kendall's rank correlation with ties, tau-b, between the order of the words and that of the figures:
//   tau_b = S / sqrt((n0 - n1) (n0 - n2)),  n0 = n (n - 1) / 2,
// S pairs in the same order less those in the opposite one, n1 pairs with the same word, n2 pairs of figures that can't
// be told apart (M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33(3), 1945, 239-251). Figures
// whose intervals overlap can't be; that relation isn't transitive, which the coefficient's general form permits (H. E.
// Daniels, The relation between measures of correlation in the universe of sample permutations, Biometrika 33(2), 1944,
// 129-135). 1: the same order; 0: unrelated; -1: the opposite one. None where all words, or all figures, are tied.
std::optional<double> kendall_tau_b(std::span<const RankedWord> rows);

// Whether two figures can be told apart: -1 if `a` is smaller, 1 if it is larger, 0 if their intervals overlap or one
// has none: a median of too few launches may lie anywhere.
int order_of(double a, const std::optional<Interval>& a_interval, double b,
             const std::optional<Interval>& b_interval) noexcept;

}  // namespace ipcbench

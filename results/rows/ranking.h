#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/model/record.h"

// Ranks rows by one figure, without ranking differences inside the noise.

namespace ipcbench {

enum class Better : std::uint8_t { smaller, larger };

// Describes a row of a ranked table.
struct Contender {
  const Figure* figure = nullptr;
  // The case that owns `figure`: its launches are compared pass by pass with those of other rows. None: rows are
  // compared by their intervals alone.
  const CaseRecord* measured = nullptr;
};

// Decides which row is surely better. Two rows differ if their intervals don't overlap, or by their passes: launches of
// one pass run close together, so that a disturbance cancels in their ratio. The median of the log ratios over common
// passes then has an exact order-statistic interval that excludes 0.
//
// `comparisons` is the number of comparisons behind a row's rank. The error of a paired comparison, 2.5 %, is divided
// by it (Bonferroni), so that together they are as strong as one interval. Two rows stay undecided if intervals and
// pairs disagree, or pairs and medians.
class Order {
 public:
  static constexpr std::size_t kFewestPasses = 6;

  Order(Better better, std::size_t comparisons) noexcept : better_(better), comparisons_(comparisons) {}

  bool surely_better(const Contender& a, const Contender& b) const;

 private:
  int by_intervals(const Figure& a, const Figure& b) const noexcept;
  int by_passes(const Contender& a, const Contender& b) const;

  Better better_;
  std::size_t comparisons_;
};

struct Rank {
  std::size_t index = 0;  // index of the row
  std::size_t first = 0;  // 1-based: 1 + the rows that are surely better; 0: not ranked
  std::size_t last = 0;   // the number of rows that are not surely worse
};

// Returns the rows, best first; each rank range holds the row's true place. Figures without an interval are placed by
// value, but have no rank and don't count in others'. Those without a value come last.
std::vector<Rank> rank(std::span<const Contender> rows, Better better);

std::string to_string(const Rank& rank);  // "1", "2–4"; "" if not ranked

}  // namespace ipcbench

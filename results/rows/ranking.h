#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/model/record.h"

// Ranks of rows that are compared by one figure: no ranking inside the noise.

namespace ipcbench {

enum class Better : std::uint8_t { smaller, larger };

// One row of a table that is ranked.
struct Contender {
  const Figure* figure = nullptr;
  // The case that `figure` is of, a member of its summary: its launches are compared pass by pass with those of other
  // rows. None: rows are told apart by their intervals alone.
  const CaseRecord* measured = nullptr;
};

// Says which row is surely better than which. Two rows are told apart where their intervals don't overlap, or by their
// passes: the launches of one pass run close to each other, so that what disturbs a pass falls out of their ratio. The
// median of the log ratios over the common passes then has an exact order-statistic interval that leaves out 0.
//
// `comparisons` is how many of them a row's claim rests on: the error of the paired comparison, 2.5 %, is divided by it
// (Bonferroni), so that all of a row's together stay as strong as one interval. Two rows that the intervals and the
// pairs order differently, or the pairs differently from the medians, are not told apart.
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
  std::size_t index = 0;  // of the row
  std::size_t first = 0;  // 1-based: 1 + the rows that are surely better; 0: not ranked
  std::size_t last = 0;   // the rows that are not surely worse
};

// Best first. Each row has its own range, which holds its true place. Figures without an interval stand in their place
// by value, without a rank, and count in no other row's; those without a value stand last.
std::vector<Rank> rank(std::span<const Contender> rows, Better better);

std::string to_string(const Rank& rank);  // "1", "2–4"; "" if not ranked

}  // namespace ipcbench

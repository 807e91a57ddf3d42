#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/record.h"

namespace ipcbench {

enum class Better : std::uint8_t { smaller, larger };

struct Rank {
  std::size_t index = 0;  // of the figure
  std::size_t first = 0;  // 1-based; 0: not ranked
  std::size_t last = 0;   // of those that share it
};

// Best first. No ranking inside the noise: a figure shares its rank with the one before it where their intervals
// overlap, and so on down the chain. Figures without an interval stand in their place by value, without a rank; those
// without a value stand last.
std::vector<Rank> rank(std::span<const Figure* const> figures, Better better);

std::string to_string(const Rank& rank);  // "1", "2–4"; "" if not ranked

}  // namespace ipcbench

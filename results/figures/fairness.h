#pragma once

#include <optional>
#include <span>

namespace ipcbench {

// Returns Jain's index of what several had: 1 if all had the same, 1/n if one had all (Jain, Chiu, Hawe: A Quantitative
// Measure of Fairness, 1984). None for fewer than two, or if none had anything.
std::optional<double> jains_index(std::span<const double> shares) noexcept;

}  // namespace ipcbench

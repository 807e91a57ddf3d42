#pragma once

#include <cmath>
#include <cstdlib>

namespace ipcbench {

// Digits of a case's figures in the summary form. Its times have four, so that more would be noise of divisions.
inline constexpr int kDigitsOfFigures = 6;
inline constexpr double kErrorOfDigits = 1e-5;  // larger than the rounding of a figure

// Returns `value` rounded to so many significant digits; what isn't finite stays.
inline double to_digits(double value, int digits) noexcept {
  if (value == 0 || !std::isfinite(value)) return value;
  const int drop = static_cast<int>(std::floor(std::log10(std::abs(value)))) - (digits - 1);
  const double step = std::pow(10, std::abs(drop));
  return drop > 0 ? std::round(value / step) * step : std::round(value * step) / step;
}

}  // namespace ipcbench

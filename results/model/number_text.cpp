#include "results/model/number_text.h"

#include <cmath>

#include <fmt/format.h>

namespace ipcbench {

std::string number_or(double value, std::string_view otherwise) {
  if (value == 0) return "0";  // for -0.0 too
  return std::isfinite(value) ? fmt::format("{}", value) : std::string(otherwise);
}

std::string time_text(double ns) {
  const auto scaled = [&](double unit, std::string_view name) { return fmt::format("{:.4g} {}", ns / unit, name); };
  if (ns < 999.95) return scaled(1, "ns");
  if (ns < 999.95e3) return scaled(1e3, "µs");
  return ns < 999.95e6 ? scaled(1e6, "ms") : scaled(1e9, "s");
}

}  // namespace ipcbench

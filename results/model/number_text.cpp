#include "results/model/number_text.h"

#include <cmath>

#include <fmt/format.h>

namespace ipcbench {

std::string number_or(double value, std::string_view otherwise) {
  if (value == 0) return "0";  // for -0.0 too
  return std::isfinite(value) ? fmt::format("{}", value) : std::string(otherwise);
}

}  // namespace ipcbench

#include "results/model/number_text.h"

#include <cmath>

#include <fmt/format.h>

namespace ipcbench {

std::string number_or(double value, std::string_view otherwise) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string(otherwise);
}

}  // namespace ipcbench

#include "cli/output/cpu_pair_matrix.h"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

namespace ipcbench {
namespace {

std::string matrix_cell(const CpuPairTimes& times, int column_cpu, int row_cpu) {
  const auto found = times.find({column_cpu, row_cpu});
  return found == times.end() ? "." : fmt::format("{:.0f}", found->second);
}

}  // namespace

std::string render_matrix(const std::vector<int>& cpus, const CpuPairTimes& times, std::size_t width) {
  if (cpus.size() < 2 || cpus.size() > kMostMatrixCpus) return "";
  const std::size_t label = std::max(fmt::format("{}", cpus.back()).size(), std::string_view("CPU").size());
  std::size_t cell = fmt::format("{}", cpus.back()).size();
  for (const auto& [pair, ns] : times) cell = std::max(cell, fmt::format("{:.0f}", ns).size());

  const std::size_t columns = cpus.size() - 1;  // the last CPU's column would be empty
  const std::size_t fit =
      width == 0 ? columns : std::max<std::size_t>(1, (width - std::min(width, label)) / (cell + 1));
  std::string text;
  for (std::size_t first = 0; first < columns; first += fit) {
    const std::size_t end = std::min(columns, first + fit);
    if (first > 0) text += '\n';
    text += fmt::format("{:>{}}", "CPU", label);
    for (std::size_t column = first; column < end; ++column) text += fmt::format(" {:>{}}", cpus[column], cell);
    text += '\n';
    for (std::size_t row = first + 1; row < cpus.size(); ++row) {
      text += fmt::format("{:>{}}", cpus[row], label);
      for (std::size_t column = first; column < std::min(end, row); ++column) {
        text += fmt::format(" {:>{}}", matrix_cell(times, cpus[column], cpus[row]), cell);
      }
      text += '\n';
    }
  }
  return text;
}

}  // namespace ipcbench

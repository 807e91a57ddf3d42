#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "results/figures/catalogue.h"
#include "results/figures/significant_digits.h"
#include "results/figures/summary.h"
#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// Compares numbers with a tolerance: a file stores the fewest digits that read back the same, and other compilers may
// reorder sums.
bool is_same(double a, double b, double rounding) {
  return a == b || std::abs(a - b) <= rounding * std::max(std::abs(a), std::abs(b)) ||
         (!std::isfinite(a) && !std::isfinite(b));
}

bool is_same(const Figure& a, const Figure& b, double rounding) {
  if (a.median.has_value() != b.median.has_value() || a.ci95.has_value() != b.ci95.has_value()) return false;
  if (a.median && !is_same(*a.median, *b.median, rounding)) return false;
  return !a.ci95 || (is_same(a.ci95->low, b.ci95->low, rounding) && is_same(a.ci95->high, b.ci95->high, rounding));
}

std::string stored_text(const Figure& figure) {
  if (!figure.median) return "null";
  if (!figure.ci95) return fmt::format("{}", *figure.median);
  return fmt::format("{} [{}, {}]", *figure.median, figure.ci95->low, figure.ci95->high);
}

}  // namespace

void check_summary(Result& result, const std::string& file) {
  struct Stored {
    CaseSummary summary;
    Status status;
  };
  std::vector<Stored> stored;
  stored.reserve(result.cases.size());
  for (CaseRecord& c : result.cases) stored.push_back({c.summary, c.status});
  summarise(result);
  constexpr double kShortestText = 1e-9;
  const double rounding = result.form ? kErrorOfDigits : kShortestText;
  for (std::size_t i = 0; i < result.cases.size(); ++i) {
    const CaseRecord& c = result.cases[i];
    const auto refuse = [&](std::string_view what, const std::string& in_file, const std::string& from_launches) {
      throw ResultError(fmt::format(
          "{}: cases[{}] ({}): {} is {}, but its launches give {}: the file was changed after it was written; take the "
          "file as it was, or measure anew",
          file, i, printable(c.id), what, in_file, from_launches));
    };
    if (stored[i].status != c.status) refuse("status", to_string(stored[i].status), to_string(c.status));
    for (const FigureInfo& info : figure_catalogue()) {
      const Figure& in_file = stored[i].summary.*info.figure;
      const Figure& computed = c.summary.*info.figure;
      if (is_same(in_file, computed, rounding)) continue;
      refuse(fmt::format("summary.{}{}{}", info.group, info.group.empty() ? "" : ".", info.name), stored_text(in_file),
             stored_text(computed));
    }
  }
}

}  // namespace ipcbench

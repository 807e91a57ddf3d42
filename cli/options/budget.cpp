#include "cli/options/budget.h"

#include <charconv>
#include <string_view>

#include <fmt/core.h>

#include "cli/options/command_line.h"
#include "harness/base/usage_error.h"
#include "harness/suite/duration.h"

namespace ipcbench {

CLI::Option* add_budget_to(CLI::App& app, std::string& text, const std::string& help) {
  return app.add_option("--budget", text, help)->check(not_empty())->option_text("DURATION")->group("How");
}

std::chrono::nanoseconds parse_budget(const std::string& text, std::chrono::nanoseconds fallback) {
  if (text.empty()) return fallback;
  const std::chrono::nanoseconds budget = parse_duration(text, "--budget");
  if (budget.count() == 0) throw UsageError(fmt::format("--budget: '{}' is no time; example: --budget 5min", text));
  return budget;
}

double parse_precision(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  const double ratio = unit == "%" ? value / 100 : value;
  if (error == std::errc() && (unit.empty() || unit == "%") && ratio > 0 && ratio < 1) return ratio;
  throw UsageError(
      fmt::format("--precision: '{}' is no width of an interval between 0 and 100 %; example: --precision 2%", text));
}

}  // namespace ipcbench

#include "cli/options/promise.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/suite/duration.h"
#include "results/rows/rate_promise.h"

namespace ipcbench {
namespace {

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw UsageError(fmt::format("promise '{}': {}; example: 'p99<50us'", text, why));
}

}  // namespace

PromiseRecord parse_promise(const std::string& text) {
  const std::string all = without_spaces(text);
  const std::size_t sign = all.find('<');
  if (sign == std::string::npos) refuse(text, "it names no limit");
  std::string_view quantile = std::string_view(all).substr(0, sign);
  std::string_view kind = "response";
  for (const std::string_view known : {"response", "service"}) {
    if (!quantile.starts_with(known)) continue;
    kind = known;
    quantile.remove_prefix(known.size());
  }
  const std::span quantiles = promised_quantiles();
  const auto found = std::ranges::find(quantiles, quantile, &PromisedQuantile::shown);
  if (found == quantiles.end()) {
    std::vector<std::string> names;
    for (const PromisedQuantile& known : quantiles) names.emplace_back(known.shown);
    refuse(text, fmt::format("'{}' is no quantile{}", quantile, suggestion(quantile, names)));
  }
  const auto below = parse_short_duration(std::string_view(all).substr(sign + 1), fmt::format("promise '{}'", text));
  return {
      .figure = fmt::format("{}_{}_ns", kind, found->name), .below_ns = ns_of(below), .cpu_ratio = {}, .options = {}};
}

double parse_cpu_share(const std::string& text) {
  const bool is_percent = text.ends_with('%');
  const std::string_view number = std::string_view(text).substr(0, text.size() - (is_percent ? 1 : 0));
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const double ratio = is_percent ? value / 100 : value;
  if (error == std::errc() && end == number.data() + number.size() && ratio > 0 && ratio <= 2) return ratio;
  throw UsageError(fmt::format("--cpu: '{}' is no part of one CPU up to 200 %; example: --cpu 20%", text));
}

}  // namespace ipcbench

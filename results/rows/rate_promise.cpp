#include "results/rows/rate_promise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "results/figures/catalogue.h"
#include "results/figures/load_summary.h"

namespace ipcbench {
namespace {

constexpr double kRatesADecade = 48;
constexpr std::size_t kFirstStep = 4;
constexpr double kHighestShare = 0.95;
constexpr double kUsualBlockS = 1, kLongestBlockS = 10;
constexpr double kFewestMessages = 20;  // one for each slice

struct Quantile {
  std::string_view name, shown;
  double q;  // 1: the maximum
};
constexpr std::array kQuantiles = {Quantile{"p50", "p50", 0.5}, Quantile{"p90", "p90", 0.9},
                                   Quantile{"p99", "p99", 0.99}, Quantile{"p999", "p99.9", 0.999},
                                   Quantile{"max", "max", 1}};

const FigureInfo* info_of(const PromiseRecord& promise) {
  const auto found = std::ranges::find(figure_catalogue(), promise.figure, &FigureInfo::key);
  return found == figure_catalogue().end() ? nullptr : &*found;
}

const Quantile* quantile_of(const PromiseRecord& promise) {
  const FigureInfo* info = info_of(promise);
  if (info == nullptr) return nullptr;
  const auto found = std::ranges::find(kQuantiles, info->name, &Quantile::name);
  return found == kQuantiles.end() ? nullptr : found;
}

double three_digits(double value) {
  const double unit = std::pow(10, std::floor(std::log10(value)) - 2);
  return std::max(1.0, std::round(value / unit) * unit);
}

const LoadPoint* point_at(const LoadCurve& curve, double rate) {
  const auto found = std::ranges::find(curve.points, rate, &LoadPoint::rate_per_s);
  return found == curve.points.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> promise_figures() {
  std::vector<std::string> keys;
  for (const FigureInfo& info : figure_catalogue()) {
    if (info.group == "response_ns" || info.group == "service_ns") keys.emplace_back(info.key);
  }
  return keys;
}

double messages_for(const PromiseRecord& promise) {
  const Quantile* quantile = quantile_of(promise);
  return quantile == nullptr || quantile->q >= 1 ? kFewestMessages
                                                 : std::max(kFewestMessages, messages_for(quantile->q));
}

std::string promise_text(const PromiseRecord& promise) {
  const FigureInfo* info = info_of(promise);
  const Quantile* quantile = quantile_of(promise);
  if (quantile == nullptr) return promise.figure;
  const std::string_view kind = info->group == "service_ns" ? "service" : "response";
  std::string text = fmt::format("{} {} below {:.4g} µs", kind, quantile->shown, promise.below_ns / 1000);
  if (promise.cpu_ratio) text += fmt::format(", CPU time below {:.3g} % of one CPU", 100 * *promise.cpu_ratio);
  return text;
}

Kept kept_below(const Figure& figure, double limit) {
  if (!figure.median) return Kept::undecided;
  const Interval reach = figure.ci95.value_or(Interval{*figure.median, *figure.median});
  if (reach.high < limit) return Kept::yes;
  return reach.low >= limit ? Kept::no : Kept::undecided;
}

Figure cpu_ratio_at(const CaseSummary& summary, double rate_per_s) {
  const double factor = rate_per_s / 1e9;
  Figure ratio = summary.cpu_ns_per_op;
  if (ratio.median) *ratio.median *= factor;
  if (ratio.ci95) ratio.ci95 = Interval{ratio.ci95->low * factor, ratio.ci95->high * factor};
  return ratio;
}

Kept kept(const LoadPoint& point, const PromiseRecord& promise) {
  const CaseSummary& summary = point.measured->summary;
  const bool is_overloaded = std::ranges::any_of(
      point.measured->launches, [](const LaunchRecord& launch) { return launch.load && launch.load->overloaded; });
  if (is_overloaded) return Kept::no;
  const FigureInfo* info = info_of(promise);
  const Kept in_time = info == nullptr ? Kept::undecided : kept_below(summary.*info->figure, promise.below_ns);
  if (!promise.cpu_ratio || in_time == Kept::no) return in_time;
  const Kept by_cpu = kept_below(cpu_ratio_at(summary, point.rate_per_s), *promise.cpu_ratio);
  return by_cpu == Kept::yes ? in_time : by_cpu;
}

std::vector<double> rates_to_try(double saturation_low, double messages) {
  std::vector<double> rates;
  const double highest = kHighestShare * saturation_low;
  const bool is_slow = highest < 10 * messages / kUsualBlockS;
  const double lowest = std::max(1.0, messages / (is_slow ? kLongestBlockS : kUsualBlockS));
  if (!(highest >= lowest)) return rates;
  for (double place = std::ceil(kRatesADecade * std::log10(lowest));; ++place) {
    const double rate = three_digits(std::pow(10, place / kRatesADecade));
    if (rate > highest) return rates;
    if (rate >= lowest && (rates.empty() || rate > rates.back())) rates.push_back(rate);
  }
}

double next_rate(const LoadCurve& curve, const PromiseRecord& promise) {
  if (curve.saturation == nullptr) return 0;
  const Figure& saturation = curve.saturation->summary.saturation_per_s;
  if (!saturation.median) return 0;
  const double low = saturation.ci95 ? saturation.ci95->low : *saturation.median;
  const std::vector<double> rates = rates_to_try(low, messages_for(promise));
  if (rates.empty()) return 0;

  // Goes down to the highest that keeps it. `above`: the lowest of those over it that don't.
  std::optional<std::size_t> keeps, above, lowest;
  for (std::size_t i = rates.size(); i-- > 0 && !keeps;) {
    const LoadPoint* point = point_at(curve, rates[i]);
    if (point == nullptr) continue;
    lowest = i;
    (kept(*point, promise) == Kept::yes ? keeps : above) = i;
  }
  if (!keeps) {
    if (!lowest) return rates.back();
    const std::size_t step = kFirstStep << std::min<std::size_t>(curve.points.size() - 1, 8);
    return *lowest == 0 ? 0 : rates[*lowest - std::min(*lowest, step)];
  }
  if (above && *above - *keeps > 1) return rates[*keeps + (*above - *keeps) / 2];
  for (const double wanted : {rates[*keeps] / 2, rates[*keeps] / 10, rates.front()}) {
    const double rate = *std::ranges::lower_bound(rates, wanted);
    if (rate < rates[*keeps] && point_at(curve, rate) == nullptr) return rate;
  }
  return 0;
}

RateAnswer rate_answer(const LoadCurve& curve, const PromiseRecord& promise) {
  RateAnswer answer;
  for (const LoadPoint& point : curve.points) {
    const Kept is_kept = kept(point, promise);
    answer.is_undecided = answer.is_undecided || is_kept == Kept::undecided;
    if (is_kept != Kept::yes) continue;
    answer.highest = &point;
    answer.next = &point == &curve.points.back() ? nullptr : &point + 1;
  }
  if (answer.highest == nullptr) return answer;
  answer.is_undecided = false;
  for (const LoadPoint* point = curve.points.data(); point != answer.highest; ++point) {
    if (kept(*point, promise) == Kept::no) answer.lower_broken.push_back(point);
  }
  return answer;
}

std::vector<LoadCurve> searched_curves(const Result& result) {
  const std::vector<LoadCurve> measured = load_curves(result);
  std::vector<LoadCurve> curves;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || !c.summary.is_open_loop || !measures_saturation(c)) continue;
    const auto found = std::ranges::find(measured, &c, &LoadCurve::saturation);
    curves.push_back(found != measured.end() ? *found : LoadCurve{.key = c.id, .saturation = &c});
  }
  return curves;
}

}  // namespace ipcbench

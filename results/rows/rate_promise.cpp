#include "results/rows/rate_promise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "results/figures/catalogue.h"
#include "results/figures/load_summary.h"
#include "results/figures/statistics.h"
#include "results/model/number_text.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

constexpr double kRatesADecade = 48;
constexpr std::size_t kFirstStep = 4;
constexpr double kHighestShare = 0.95;
constexpr double kUsualBlockS = 1, kLongestBlockS = kLongestScheduleNs / 1e9;
constexpr double kFewestMessages = 20;  // one for each slice

constexpr std::array kQuantiles = {PromisedQuantile{"p50", "p50", 0.5}, PromisedQuantile{"p90", "p90", 0.9},
                                   PromisedQuantile{"p99", "p99", 0.99}, PromisedQuantile{"p999", "p99.9", 0.999},
                                   PromisedQuantile{"max", "max", 1}};

const FigureInfo* info_of(const PromiseRecord& promise) {
  const auto found = std::ranges::find(figure_catalogue(), promise.figure, &FigureInfo::key);
  return found == figure_catalogue().end() ? nullptr : &*found;
}

const PromisedQuantile* quantile_of(const PromiseRecord& promise) {
  const FigureInfo* info = info_of(promise);
  if (info == nullptr) return nullptr;
  const auto found = std::ranges::find(kQuantiles, info->name, &PromisedQuantile::name);
  return found == kQuantiles.end() ? nullptr : found;
}

double three_digits(double value) {
  const double unit = std::max(1.0, std::pow(10, std::floor(std::log10(value)) - 2));
  return std::max(1.0, std::round(value / unit) * unit);
}

// Returns the promise's time at a rate. A launch in which the rate wasn't sustained took forever: one of nine, which
// noise may be to blame for, doesn't decide.
Figure promised_time(const LoadPoint& point, const FigureInfo& info) {
  constexpr double kForever = 1e18;
  const CaseRecord& c = *point.measured;
  std::vector<double> times;
  for (const LaunchRecord& launch : c.launches) {
    if (!launch.used || !launch.load) continue;
    const std::optional<double> time = launch.load->overloaded ? kForever : info.of_launch(c, launch);
    if (time) times.push_back(*time);
  }
  return times.empty() ? c.summary.*info.figure : figure_of(times);
}

// Rule 26: returns the highest rate whose block is short enough, at most the share of the saturation that is tried.
double highest_settled(double saturation) {
  const double root = 1 - std::sqrt(kRelaxations / (saturation * kLongestBlockS));
  return root > 0 ? saturation * std::min(kHighestShare, root * root) : 0;
}

const LoadPoint* point_at(const LoadCurve& curve, double rate) {
  const auto found = std::ranges::find(curve.points, rate, &LoadPoint::rate_per_s);
  return found == curve.points.end() ? nullptr : &*found;
}

}  // namespace

std::span<const PromisedQuantile> promised_quantiles() { return kQuantiles; }

double messages_for(const PromiseRecord& promise) {
  const PromisedQuantile* quantile = quantile_of(promise);
  return quantile == nullptr || quantile->q >= 1 ? kFewestMessages : std::max(kFewestMessages, values_for(quantile->q));
}

bool has_spinning_pacer(const PromiseRecord& promise) {
  return std::ranges::any_of(
      promise.options, [](const auto& option) { return option.first == kPacerOption && option.second == "spin"; });
}

std::string promise_text(const PromiseRecord& promise) {
  const FigureInfo* info = info_of(promise);
  const PromisedQuantile* quantile = quantile_of(promise);
  if (quantile == nullptr) return promise.figure;
  const std::string_view kind = info->group == "service_ns" ? "service" : "response";
  std::string text = fmt::format("{} {} below {}", kind, quantile->shown, time_text(promise.below_ns));
  if (promise.cpu_ratio) text += fmt::format(", CPU time below {:.3g} % of one CPU", 100 * *promise.cpu_ratio);
  return text;
}

Kept kept_below(const Figure& figure, double limit) {
  if (!figure.median || !figure.ci95) return Kept::undecided;
  if (figure.ci95->high < limit) return Kept::yes;
  return figure.ci95->low >= limit ? Kept::no : Kept::undecided;
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
  const FigureInfo* info = info_of(promise);
  const Kept in_time = info == nullptr ? Kept::undecided : kept_below(promised_time(point, *info), promise.below_ns);
  if (!promise.cpu_ratio || in_time == Kept::no) return in_time;
  const Kept by_cpu = kept_below(cpu_ratio_at(summary, point.rate_per_s), *promise.cpu_ratio);
  return by_cpu == Kept::yes ? in_time : by_cpu;
}

std::string why_undecided(const LoadPoint& point, const PromiseRecord& promise) {
  const CaseSummary& summary = point.measured->summary;
  const FigureInfo* info = info_of(promise);
  if (info == nullptr) return fmt::format("there is no figure {}", promise.figure);
  const Figure time = promised_time(point, *info);
  if (!time.median) return (summary.*info->figure).reason;
  const bool has_cpu = !promise.cpu_ratio || summary.cpu_ns_per_op.median;
  if (!has_cpu) return fmt::format("no CPU time: {}", summary.cpu_ns_per_op.reason);
  if (!time.ci95 || (promise.cpu_ratio && !summary.cpu_ns_per_op.ci95))
    return fmt::format("{} launches have no interval", time.n);
  const std::size_t overloaded = overloaded_launches(*point.measured);
  if (overloaded == 0) return "an interval reaches over the limit";
  return fmt::format("the rate isn't sustained in {} of {} launches", overloaded, time.n);
}

std::size_t overloaded_launches(const CaseRecord& c) {
  return static_cast<std::size_t>(std::ranges::count_if(
      c.launches, [](const LaunchRecord& launch) { return launch.used && launch.load && launch.load->overloaded; }));
}

std::vector<double> rates_to_try(const Figure& saturation, double messages) {
  std::vector<double> rates;
  if (!saturation.median) return rates;
  const Interval reach = saturation.ci95.value_or(Interval{*saturation.median, *saturation.median});
  const double highest = std::min(highest_settled(reach.low), *saturation.median - (reach.high - reach.low) / 2);
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
  const std::vector<double> rates = rates_to_try(curve.saturation->summary.saturation_per_s, messages_for(promise));
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
    if (is_kept == Kept::undecided) answer.undecided = &point;
    if (is_kept != Kept::yes) continue;
    answer.highest = &point;
    answer.next = &point == &curve.points.back() ? nullptr : &point + 1;
  }
  if (answer.highest == nullptr) return answer;
  answer.undecided = nullptr;
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

#include "results/claims/load_recommendation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "results/claims/suitability.h"
#include "results/compare/comparability.h"
#include "results/figures/capability.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"
#include "results/model/number_text.h"
#include "results/rows/rate_promise.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

// Takes the nearest two CPUs where curves were measured there, else the first curve's.
PlacementName usual_placement(const std::vector<LoadCurve>& curves) {
  const auto on_two =
      std::ranges::find_if(curves, [](const LoadCurve& curve) { return curve.any().placement != Placement::same_cpu; });
  return (on_two != curves.end() ? *on_two : curves.front()).any().placement;
}

std::string rate_text(double rate) { return fmt::format("{:.0f}/s", rate); }

// Returns what a limit rules out at a rate: the figure's interval lies over it, or reaches over it; "" if it keeps it.
std::string over_limit(const Figure& figure, double limit, const std::string& shown, const std::string& shown_limit) {
  if (!figure.median) return fmt::format("figures are missing: {}", figure.reason);
  const Kept is_kept = kept_below(figure, limit);
  if (is_kept == Kept::yes) return "";
  const std::string why = figure.ci95 ? "" : fmt::format(": {} launches have no interval", figure.n);
  return fmt::format("{} is {} {}{}", shown, is_kept == Kept::no ? "over" : "not surely below", shown_limit, why);
}

class LoadSelection {
 public:
  LoadSelection(const Result& result, Need need, const LoadNeed& load) : result_(result), curves_(load_curves(result)) {
    if (curves_.empty()) throw UsageError("--rate: this result has no loads; measure them first: ipcbench load");
    answer_.load = load;
    need.placement = need.placement.empty() ? usual_placement(curves_) : placement_for(result, need);
    answer_.need = std::move(need);
  }

  LoadRecommendation take() && {
    for (const TransportRecord& transport : result_.transports) consider(transport);
    return std::move(answer_);
  }

 private:
  void consider(const TransportRecord& transport) {
    std::vector<std::string> against = reasons_against(result_, transport, answer_.need);
    if (against.empty()) {
      const std::size_t before = answer_.qualified.size();
      against = add_measured(transport);
      if (answer_.qualified.size() > before) return;
    }
    answer_.excluded.push_back({transport.name, fmt::format("{}", fmt::join(against, "; "))});
  }

  bool is_of_this_need(const TransportRecord& transport, const LoadCurve& curve) const {
    const CaseRecord& any = curve.any();
    const bool answered = answer_.need.pattern == NeedPattern::request_reply;
    const bool has_size = any.size == answer_.need.size || has_fixed_size(result_, transport.name);
    return any.transport == transport.name && has_size && any.placement == answer_.need.placement &&
           may_be_ranked(any) && (scenario_option(any, kFormOption) == "round-trip") == answered &&
           scenario_option(any, kScheduleOption) == "constant" && has_default_options(any);
  }

  // Returns whether a case has no options but those of its load.
  static bool has_default_options(const CaseRecord& c) {
    return std::ranges::all_of(c.options, [](const auto& option) {
      const auto& [name, ignored] = option;
      return name == kRateOption || name == kLoadOption || name == kFormOption || name == kPacerOption;
    });
  }

  // Returns the command that measures what is missing.
  std::string to_measure(const TransportRecord& transport, bool with_saturation) const {
    const Need& need = answer_.need;
    std::string command =
        fmt::format("ipcbench load --transport {} --placement {}", transport.name, to_string(need.placement));
    if (need.size != 0) command += fmt::format(" --size {}", need.size);
    if (need.pattern == NeedPattern::request_reply) command += " --option form=round-trip";
    return with_saturation ? command : fmt::format("{} --rate {:.0f}", command, answer_.load.rate_per_s);
  }

  // Adds each curve that keeps what is needed; returns why there is none.
  std::vector<std::string> add_measured(const TransportRecord& transport) {
    std::vector<std::string> reasons;
    bool only_spins = false;
    for (const LoadCurve& curve : curves_) {
      if (!is_of_this_need(transport, curve)) continue;
      const WaitName& wait = curve.any().wait;
      if (!answer_.need.may_spin &&
          (wait == WaitStrategy::spin || wait == WaitStrategy::hybrid || has_spinning_pacer(curve.any()))) {
        only_spins = true;
        continue;
      }
      if (std::string reason = consider(transport, curve); !reason.empty()) reasons.push_back(std::move(reason));
    }
    if (!reasons.empty()) return reasons;
    if (only_spins) return {"measured only with spinning"};
    return {fmt::format("no loads of this size and form were measured: {}", to_measure(transport, true))};
  }

  // Adds a curve if it keeps what is needed; returns why it doesn't.
  std::string consider(const TransportRecord& transport, const LoadCurve& curve) {
    const double rate = answer_.load.rate_per_s;
    if (curve.saturation != nullptr) {
      const Figure& most = curve.saturation->summary.saturation_per_s;
      const double least = most.median ? (most.ci95 ? most.ci95->low : *most.median) : rate + 1;
      if (rate >= least) return fmt::format("doesn't surely carry more than {}", rate_text(least));
    }
    const auto above = std::ranges::find_if(curve.points, [&](const LoadPoint& p) { return p.rate_per_s >= rate; });
    const bool is_exact = above != curve.points.end() && above->rate_per_s == rate;
    if (above == curve.points.end() || (above == curve.points.begin() && !is_exact)) {
      return fmt::format("not measured {} {}: {}", above == curve.points.end() ? "above" : "below", rate_text(rate),
                         to_measure(transport, false));
    }
    LoadQualified found{.curve = curve,
                        .below = is_exact ? *above : *(above - 1),
                        .above = *above,
                        .worse = *above,
                        .remarks = remarks_on(transport, answer_.need, curve.any())};
    for (const LoadPoint* point : {&found.below, &found.above}) {
      if (std::string reason = broken(*point); !reason.empty()) return reason;
    }
    if (*found.below.measured->summary.response_p99.median > *found.above.measured->summary.response_p99.median)
      found.worse = found.below;
    const std::optional<double> below = cpu_ratio_at(found.below.measured->summary, rate).median;
    const std::optional<double> at_above = cpu_ratio_at(found.above.measured->summary, rate).median;
    if (below && at_above) found.cpu_ratio = std::max(*below, *at_above);
    if (is_limited(*found.worse.measured))
      found.remarks.push_back(
          fmt::format("{} not ranked: {}", kLimitMark, launch_limits_of(*found.worse.measured).english));
    if (const std::string& why = found.worse.measured->summary.not_ranked; !why.empty())
      found.remarks.push_back(fmt::format("not ranked: {}", why));
    answer_.qualified.push_back(std::move(found));
    return "";
  }

  // Returns what a measured rate breaks; "" if it keeps all that is needed.
  std::string broken(const LoadPoint& point) const {
    const CaseSummary& summary = point.measured->summary;
    const std::string at = fmt::format("at {}", rate_text(point.rate_per_s));
    if (const std::size_t overloaded = overloaded_launches(*point.measured); overloaded != 0)
      return fmt::format("{} it isn't sustained in {} of {} launches", at, overloaded, point.measured->launches.size());
    const Figure& p99 = summary.response_p99;
    if (!p99.median) return fmt::format("{} its p99 has no figure: {}", at, p99.reason);
    if (const std::optional<double>& most = answer_.load.p99_ns) {
      const std::string over =
          over_limit(p99, *most, fmt::format("p99 of {}", time_text(*p99.median)), time_text(*most));
      if (!over.empty()) return fmt::format("{} its {}", at, over);
    }
    if (!answer_.load.cpu_ratio) return "";
    const Figure cpu = cpu_ratio_at(summary, answer_.load.rate_per_s);
    const std::string over =
        over_limit(cpu, *answer_.load.cpu_ratio, fmt::format("CPU time of {:.3g} %", 100 * cpu.median.value_or(0)),
                   fmt::format("{:.3g} %", 100 * *answer_.load.cpu_ratio));
    return over.empty() ? "" : fmt::format("by its figures {} its {}", at, over);
  }

  const Result& result_;
  std::vector<LoadCurve> curves_;
  LoadRecommendation answer_;
};

}  // namespace

LoadRecommendation recommend_at_rate(const Result& result, Need need, const LoadNeed& load) {
  return LoadSelection(result, std::move(need), load).take();
}

}  // namespace ipcbench

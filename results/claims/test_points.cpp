#include "results/claims/test_points.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "harness/base/usage_error.h"
#include "results/claims/claim_figures.h"
#include "results/compare/comparability.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

template <class Values, class Value>
bool contains(const Values& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

// Returns the nearest two CPUs at which a result has measured anything.
std::optional<Placement> nearest_pair(const Result& result) {
  for (const Placement placement : kPlacements) {
    if (placement == Placement::same_cpu || placement >= Placement::unpinned) continue;
    const auto is_here = [&](const CaseRecord& c) { return c.status == Status::ok && c.placement == placement; };
    if (std::ranges::any_of(result.cases, is_here)) return placement;
  }
  return std::nullopt;
}

using Options = std::vector<std::pair<std::string, std::string>>;

// Returns whether a case has the options of a selector and no others. Several values of a name are alternatives.
bool has_options(const CaseRecord& c, const Options& wanted) {
  const auto has_name = [](const Options& options, const std::string& name) {
    return std::ranges::any_of(options, [&](const auto& option) { return option.first == name; });
  };
  return std::ranges::all_of(c.options, [&](const auto& option) { return contains(wanted, option); }) &&
         std::ranges::all_of(wanted, [&](const auto& option) { return has_name(c.options, option.first); });
}

// Returns the axis by which a test may set cases apart in an aspect; "" for those that no claim is about.
std::string_view axis_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::payload:
      return "payload";
    case Aspect::size:
      return "sizes";
    case Aspect::reply:
      return "options";
    case Aspect::wait:
      return "waits";
    case Aspect::placement:
    case Aspect::core_kinds:
    case Aspect::state:
      return "placements";
    default:
      return "";
  }
}

// A mean of some of the listed cases isn't the claimed one. A spread of some is at most that of all.
int outcome_of(const ClaimTest& test, const TestPoint& point) {
  const std::optional<Interval>& interval = point.interval;
  if (!interval || (!point.without.empty() && test.gather == Gather::average)) return 0;
  const double least = test.at_least.value_or(-HUGE_VAL), most = test.at_most.value_or(HUGE_VAL);
  if (interval->low > most) return -1;
  if (!point.without.empty()) return 0;
  if (interval->low >= least && interval->high <= most) return 1;
  return interval->high < least ? -1 : 0;
}

class Points {
 public:
  Points(const ClaimTest& test, const Result& result) : test_(test), result_(result), nearest_(nearest_pair(result)) {}

  TestPoints take() && {
    if (test_.gather == Gather::spread) {
      add_spreads();
    } else {
      for (const CaseRecord& c : result_.cases) {
        if (is_selected(c, test_.of)) add_case(c);
      }
    }
    if (test_.gather == Gather::average) average();
    for (TestPoint& point : found_.all) point.outcome = outcome_of(test_, point);
    return std::move(found_);
  }

 private:
  bool is_at(const CaseRecord& c, const std::vector<std::string>& placements) const {
    if (placements.empty() || contains(placements, std::string(to_string(c.placement)))) return true;
    return nearest_ && c.placement == *nearest_ && contains(placements, "nearest");
  }

  bool is_selected(const CaseRecord& c, const CaseSelector& wanted) const {
    const auto is_in = [](const auto& values, const auto& named) {
      return values.empty() || std::ranges::any_of(values, [&](const auto& value) { return named == value; });
    };
    const bool has_payload = wanted.payload ? c.payload == *wanted.payload : may_be_ranked(c);
    return c.status == Status::ok && c.summary.not_ranked.empty() && has_payload &&
           is_in(wanted.scenarios, c.scenario) && is_in(wanted.transports, c.transport) &&
           is_in(wanted.waits, c.wait) && is_in(wanted.sizes, c.size) && is_at(c, wanted.placements) &&
           has_options(c, wanted.options);
  }

  bool is_apart(std::string_view axis) const { return contains(test_.apart, axis); }

  // Returns whether two selected cases differ in nothing that the test doesn't set apart.
  bool is_pair(const CaseRecord& a, const CaseRecord& b) {
    const bool is_alike = &a != &b && (is_apart("scenarios") || a.scenario == b.scenario) &&
                          (is_apart("transports") || a.transport == b.transport) &&
                          (is_apart("waits") || a.wait == b.wait) && (is_apart("sizes") || a.size == b.size) &&
                          (is_apart("placements") || a.placement == b.placement) &&
                          (is_apart("options") || a.options == b.options);
    return is_alike && may_be_compared(a, b);
  }

  bool may_be_compared(const CaseRecord& a, const CaseRecord& b) {
    std::vector<Difference> unlike = differences(a, b);
    std::erase_if(unlike, [&](const Difference& one) { return !one.forbids || is_apart(axis_of(one.aspect)); });
    if (!unlike.empty() && found_.not_alike.english.empty()) found_.not_alike = bilingual_text(unlike, true);
    return unlike.empty();
  }

  // Returns whether a limit of the host changed one of the cases, and notes it.
  bool is_limited_one(const CaseRecord& a, const CaseRecord* b) {
    for (const CaseRecord* c : {&a, b}) {
      if (c == nullptr) continue;
      const BilingualString limits = limits_of(*c);
      if (limits.english.empty()) continue;
      found_.limits = limits;
      ++found_.limited;
      return true;
    }
    return false;
  }

  using Cases = std::vector<const CaseRecord*>;

  // Multiplies figures of a case that is put beside others.
  std::optional<MeasuredNumber> product(const CaseRecord& c, const std::vector<std::string>& figures,
                                        const Cases& together) const {
    MeasuredNumber all{.value = 1, .interval = Interval{1, 1}};
    for (const std::string& name : figures) {
      const std::optional<MeasuredNumber> one = claim_figure(result_, c, name, together);
      if (!one) return std::nullopt;
      all.value *= one->value;
      if (!one->interval) all.interval.reset();
      if (all.interval)
        all.interval = {all.interval->low * one->interval->low, all.interval->high * one->interval->high};
    }
    return all;
  }

  static MeasuredNumber quotient(const MeasuredNumber& a, const MeasuredNumber& b) {
    MeasuredNumber all{.value = a.value / b.value, .interval = {}};
    if (a.interval && b.interval && b.interval->low > 0)
      all.interval = Interval{a.interval->low / b.interval->high, a.interval->high / b.interval->low};
    return all;
  }

  void add(const CaseRecord& a, const CaseRecord* b) {
    const Cases together = b == nullptr ? Cases{&a} : Cases{&a, b};
    std::optional<MeasuredNumber> value = product(a, test_.figures, together);
    if (!value) return;
    if (test_.over) {
      const std::optional<MeasuredNumber> divisor = product(b == nullptr ? a : *b, test_.over_figures, together);
      if (!divisor || divisor->value == 0) return;
      value = quotient(*value, *divisor);
    }
    if (is_limited_one(a, b)) return;
    found_.all.push_back({.first = &a, .second = b, .value = value->value, .interval = value->interval});
  }

  void add_case(const CaseRecord& a) {
    if (!test_.over || test_.apart.empty()) return add(a, nullptr);
    for (const CaseRecord& b : result_.cases) {
      if (is_selected(b, *test_.over) && is_pair(a, b)) add(a, &b);
    }
  }

  void add_spreads() {
    std::vector<Cases> groups;
    for (const CaseRecord& c : result_.cases) {
      if (!is_selected(c, test_.of) || !product(c, test_.figures, {&c})) continue;
      const auto group = std::ranges::find_if(groups, [&](const auto& others) {
        const CaseRecord& first = *others.front();
        return first.scenario == c.scenario && first.options == c.options && differences(first, c).empty();
      });
      if (group == groups.end()) {
        groups.push_back({&c});
      } else {
        group->push_back(&c);
      }
    }
    for (const auto& group : groups) add_spread(group);
  }

  // Returns which transports and sizes of the test's lists have no case here.
  std::string absent_from(const Cases& here) const {
    const auto any = [](auto values) {
      if (values.empty()) values.emplace_back();
      return values;
    };
    const bool has_sizes = test_.of.sizes.size() > 1;
    std::string absent;
    for (const std::string& transport : any(test_.of.transports)) {
      for (const std::uint64_t size : any(test_.of.sizes)) {
        const bool is_here = std::ranges::any_of(here, [&](const CaseRecord* c) {
          return (transport.empty() || c->transport == transport) && (test_.of.sizes.empty() || c->size == size);
        });
        if (is_here) continue;
        absent += absent.empty() ? "" : ", ";
        if (test_.of.transports.size() > 1 || !has_sizes) absent += transport + (has_sizes ? " " : "");
        if (has_sizes) absent += format_size(size);
      }
    }
    return absent;
  }

  void add_spread(const Cases& group) {
    if (group.size() < 2) return;
    TestPoint point{.cases = group.size(), .without = absent_from(group)};
    std::optional<MeasuredNumber> least, most;
    std::optional<Interval> ends = Interval{HUGE_VAL, 0};  // the lowest low and the highest high
    for (const CaseRecord* c : group) {
      if (is_limited_one(*c, nullptr)) return;
      const std::optional<MeasuredNumber> number = product(*c, test_.figures, group);
      if (!number) return;
      const MeasuredNumber& value = *number;
      if (!least || value.value < least->value) std::tie(least, point.second) = std::pair(value, c);
      if (!most || value.value > most->value) std::tie(most, point.first) = std::pair(value, c);
      if (!value.interval) ends.reset();
      if (ends) ends = {std::min(ends->low, value.interval->low), std::max(ends->high, value.interval->high)};
    }
    if (least->value == 0) return;
    point.value = most->value / least->value;
    if (ends && ends->low > 0)
      point.interval = Interval{std::max(1.0, most->interval->low / least->interval->high), ends->high / ends->low};
    found_.all.push_back(point);
  }

  // Replaces the points of each placement and wait by their geometric mean. A limit of one leaves no mean of the rest.
  void average() {
    std::vector<TestPoint> means;
    if (found_.limited > 0) found_.all.clear();
    for (const TestPoint& point : found_.all) {
      const auto is_same = [&](const TestPoint& mean) {
        return mean.first->placement == point.first->placement && mean.first->wait == point.first->wait;
      };
      if (std::ranges::any_of(means, is_same)) continue;
      TestPoint mean{.first = point.first, .second = point.second, .cases = 0};
      double logs = 0, low = 0, high = 0;
      bool has_interval = true;
      Cases gathered;
      for (const TestPoint& other : found_.all) {
        if (other.first->placement != point.first->placement || other.first->wait != point.first->wait) continue;
        ++mean.cases;
        gathered.push_back(other.first);
        logs += std::log(other.value);
        has_interval = has_interval && other.interval && other.interval->low >= 0;
        low += has_interval ? std::log(other.interval->low) : 0;
        high += has_interval ? std::log(other.interval->high) : 0;
      }
      const auto count = static_cast<double>(mean.cases);
      mean.value = std::exp(logs / count);
      if (has_interval) mean.interval = Interval{std::exp(low / count), std::exp(high / count)};
      mean.without = absent_from(gathered);
      means.push_back(mean);
    }
    found_.all = std::move(means);
  }

  const ClaimTest& test_;
  const Result& result_;
  std::optional<Placement> nearest_;
  TestPoints found_;
};

}  // namespace

TestPoints points_of(const ClaimTest& test, const Result& result) { return Points(test, result).take(); }

}  // namespace ipcbench

#include "results/claims/cast_recommendation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/usage_error.h"
#include "results/claims/suitability.h"
#include "results/compare/comparability.h"
#include "results/figures/cast_lines.h"
#include "results/figures/compared_figure.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "scenarios/list/cast.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

CastNeed shape_of(const CaseRecord& c) {
  return {.producers = seats_of(c, kProducersOption),
          .consumers = seats_of(c, kConsumersOption),
          .to_all = scenario_option(c, kDeliverOption) == "all"};
}

bool is_same(const CastNeed& a, const CastNeed& b) { return a.producers == b.producers && a.consumers == b.consumers; }

std::string shape_text(const CastNeed& shape) {
  return fmt::format("{} to {}{}", shape.producers, shape.consumers, shape.to_all ? ", each message to all" : "");
}

// Returns how far one number of seats is from another: 8 is as far from 4 as from 16.
double distance(const CastNeed& a, const CastNeed& b) {
  const auto apart = [](std::size_t x, std::size_t y) {
    return std::abs(std::log(static_cast<double>(x) / static_cast<double>(y)));
  };
  return apart(a.producers, b.producers) + apart(a.consumers, b.consumers);
}

// Returns whether a case, measured or not, is one of a cast that could answer the need at any placement and size.
bool is_of_pattern(const CaseRecord& c, const Need& need, const CastNeed& asked) {
  const Traffic wanted = need.pattern == NeedPattern::request_reply ? Traffic::served : Traffic::cast;
  if (traffic_of(c.scenario) != wanted) return false;
  const CastNeed shape = shape_of(c);
  const bool has_seats = shape.producers != 0 && shape.consumers != 0;
  const bool is_alike = (shape.producers == 1) == (asked.producers == 1) &&
                        (shape.consumers == 1) == (asked.consumers == 1) && shape.to_all == asked.to_all;
  return has_seats && is_alike && service_ns(c).value_or(0) == 0 && transport_label(c) == c.transport;
}

class CastSelection {
 public:
  CastSelection(const Result& result, Need need, const CastNeed& asked) : result_(result) {
    answer_.by =
        need.by.value_or(need.pattern == NeedPattern::request_reply ? Criterion::latency : Criterion::throughput);
    if (answer_.by == Criterion::memory)
      throw UsageError("--by memory: of casts it isn't measured; that of a pair is: leave out the number of processes");
    if (answer_.by == Criterion::latency && need.pattern != NeedPattern::request_reply)
      throw UsageError(
          "--by latency: producers that send as fast as they go have none; ask by throughput or cpu, or measure a "
          "rate: ipcbench load --option producers=8");
    answer_.asked = asked;
    need.placement = placement_among(placements(need), need);
    answer_.need = std::move(need);
    answer_.measured = nearest_shape();
  }

  CastRecommendation take() && {
    for (const TransportRecord& transport : result_.transports) consider(transport);
    set_compared(answer_.qualified);
    add_notes();
    return std::move(answer_);
  }

 private:
  std::vector<PlacementName> placements(const Need& need) const {
    std::vector<PlacementName> found;
    for (const CaseRecord& c : result_.cases) {
      const bool counts = c.status == Status::ok && is_of_pattern(c, need, answer_.asked);
      if (counts && std::ranges::find(found, c.placement) == found.end()) found.push_back(c.placement);
    }
    return found;
  }

  // Returns whether a case is of this need but for its seats, measured or not.
  bool is_of_this_need(const CaseRecord& c) const {
    const bool has_size = c.size == answer_.need.size || (c.size != 0 && has_fixed_size(result_, c.transport));
    return is_of_pattern(c, answer_.need, answer_.asked) && c.placement == answer_.need.placement && has_size &&
           may_be_ranked(c);
  }

  // Of two that are as far away, the one with more seats is the nearest.
  CastNeed nearest_shape() const {
    std::optional<CastNeed> nearest;
    const auto key = [&](const CastNeed& shape) {
      return std::pair(distance(shape, answer_.asked), -static_cast<double>(shape.producers + shape.consumers));
    };
    for (const CaseRecord& c : result_.cases) {
      if (c.status != Status::ok || !is_of_this_need(c)) continue;
      const CastNeed shape = shape_of(c);
      if (!nearest || key(shape) < key(*nearest)) nearest = shape;
    }
    return nearest.value_or(answer_.asked);
  }

  void consider(const TransportRecord& transport) {
    // How a mechanism connects many is what the casts say: a channel for each pair will do.
    Need of_any_pattern = answer_.need;
    of_any_pattern.pattern = NeedPattern::stream;
    std::vector<std::string> against = reasons_against(result_, transport, of_any_pattern);
    if (against.empty()) {
      std::string reason = add_measured(transport);
      if (reason.empty()) return;
      against.push_back(std::move(reason));
    }
    answer_.excluded.push_back({transport.name, fmt::format("{}", fmt::join(against, "; "))});
  }

  // Adds each way of waiting and sharing that was measured; returns why there is none, "" if there is one.
  std::string add_measured(const TransportRecord& transport) {
    const std::size_t before = answer_.qualified.size();
    std::string reason;
    bool only_spins = false;
    for (const CaseRecord& c : result_.cases) {
      if (c.transport != transport.name || !is_of_this_need(c) || !is_same(shape_of(c), answer_.measured)) continue;
      if (c.status != Status::ok) {
        reason = c.reason;
        continue;
      }
      if (!answer_.need.may_spin && (c.wait == WaitStrategy::spin || c.wait == WaitStrategy::hybrid)) {
        only_spins = true;
        continue;
      }
      CastQualified found{.measured = &c, .figure = &figure_of(c), .remarks = remarks_on(transport, answer_.need, c)};
      if (is_limited(c))
        found.remarks.push_back(fmt::format("{} not ranked: {}", kLimitMark, launch_limits_of(c).english));
      answer_.qualified.push_back(std::move(found));
    }
    if (answer_.qualified.size() > before) return "";
    if (only_spins) return "measured only with spinning";
    if (!reason.empty()) return reason;
    unmeasured_.push_back(transport.name);
    return fmt::format("no cast of {} was measured with this size and placement", shape_text(answer_.measured));
  }

  const Figure& figure_of(const CaseRecord& c) const {
    if (answer_.by == Criterion::cpu) return c.summary.cpu_ns_per_op;
    return answer_.by == Criterion::latency ? headline_rtt(c.summary) : cast_rate(c);
  }

  void add_notes() {
    if (!is_same(answer_.measured, answer_.asked)) {
      answer_.notes.push_back(fmt::format("measured with {}, the number of processes next to {}; that one: {}",
                                          shape_text(answer_.measured), shape_text(answer_.asked),
                                          command_to_measure(answer_.need, answer_.asked, {})));
    }
    if (!unmeasured_.empty()) {
      answer_.notes.push_back(fmt::format("to measure what is missing: {}",
                                          command_to_measure(answer_.need, answer_.measured, unmeasured_)));
    }
    if (answer_.need.crosses_hosts)
      answer_.notes.emplace_back("measured between processes of one machine: a network was not");
  }

  const Result& result_;
  std::vector<std::string> unmeasured_;  // transports that may suit
  CastRecommendation answer_;
};

}  // namespace

bool has_casts_for(const Result& result, const Need& need, const CastNeed& asked) {
  return std::ranges::any_of(
      result.cases, [&](const CaseRecord& c) { return c.status == Status::ok && is_of_pattern(c, need, asked); });
}

CastRecommendation recommend_cast(const Result& result, Need need, const CastNeed& asked) {
  return CastSelection(result, std::move(need), asked).take();
}

}  // namespace ipcbench

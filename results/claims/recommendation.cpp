#include "results/claims/recommendation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "results/claims/cast_need.h"
#include "results/claims/suitability.h"
#include "results/compare/comparability.h"
#include "results/figures/capability.h"
#include "results/figures/compared_figure.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

constexpr std::array<const char*, 4> kPatterns = {"request-reply", "stream", "one-to-many", "many-to-many"};
constexpr std::array<const char*, 4> kCriterionNames = {"latency", "throughput", "cpu", "memory"};

Scenario scenario_of(const Need& need, Criterion by) {
  if (by == Criterion::throughput) return Scenario::streaming;
  const bool round_trips =
      need.pattern == NeedPattern::request_reply || by == Criterion::latency || by == Criterion::memory;
  return round_trips ? Scenario::ping_pong : Scenario::streaming;
}

// Returns the figure of a criterion; memory has a function of its own.
const Figure& figure_by(Criterion by, const CaseRecord& c) {
  const CaseSummary& s = c.summary;
  switch (by) {
    case Criterion::latency:
      return headline_rtt(s);
    case Criterion::throughput:
      return carries_payload(c) ? s.bytes_per_s : s.notifications_per_s;
    case Criterion::cpu:
    case Criterion::memory:
      break;
  }
  return s.cpu_ns_per_op;
}

class Selection {
 public:
  Selection(const Result& result, Need need) : result_(result) {
    answer_.by = need.by.value_or(need.pattern == NeedPattern::request_reply || need.size == 0 ? Criterion::latency
                                                                                               : Criterion::throughput);
    need.placement = placement_for(result, need);
    answer_.need = std::move(need);
    scenario_ = scenario_of(answer_.need, answer_.by);
    answer_.size = nearest_size();
  }

  Recommendation take() && {
    add_notes();
    for (const TransportRecord& transport : result_.transports) consider(transport);
    set_compared(answer_.qualified);
    return std::move(answer_);
  }

 private:
  bool is_of_this_table(const CaseRecord& c) const {
    return c.scenario == scenario_ && c.placement == answer_.need.placement && c.options.empty() && may_be_ranked(c);
  }

  // Returns the nearest size that mechanisms with messages of any size were measured with.
  std::uint64_t nearest_size() const {
    const std::uint64_t wanted = answer_.need.size;
    if (wanted == 0) return 0;
    std::uint64_t nearest = 0;
    const auto distance = [&](std::uint64_t size) {
      return std::abs(std::log(static_cast<double>(size) / static_cast<double>(wanted)));
    };
    for (const CaseRecord& c : result_.cases) {
      if (c.status != Status::ok || c.size == 0 || !is_of_this_table(c) || has_fixed_size(result_, c.transport))
        continue;
      if (!has_asked_size(c)) continue;  // only one mechanism has this size
      if (nearest == 0 || distance(c.size) < distance(nearest)) nearest = c.size;
    }
    return nearest;
  }

  void consider(const TransportRecord& transport) {
    std::vector<std::string> against = reasons_against(result_, transport, answer_.need);
    if (against.empty()) {
      const std::size_t before = answer_.qualified.size();
      against = add_measured(transport);
      if (answer_.qualified.size() > before) return;
    }
    answer_.excluded.push_back(
        {transport.name, fmt::format("{}", fmt::join(against, "; ")), measured_at_largest(transport)});
  }

  // Returns the transport's case in this table that stands in for messages larger than it carries.
  const CaseRecord* measured_at_largest(const TransportRecord& transport) const {
    const auto found = std::ranges::find_if(result_.cases, [&](const CaseRecord& c) {
      return c.transport == transport.name && c.status == Status::ok && is_of_this_table(c) &&
             c.wait == WaitStrategy::block && c.at_largest && c.size < std::max(answer_.need.size, answer_.size) &&
             !has_fixed_size(result_, c.transport);
    });
    return found == result_.cases.end() ? nullptr : &*found;
  }

  // Adds each way of waiting that was measured; returns why there is none.
  std::vector<std::string> add_measured(const TransportRecord& transport) {
    std::string reason = "not measured";
    const std::uint64_t size = has_fixed_size(result_, transport.name) && answer_.need.size > 0
                                   ? static_cast<std::uint64_t>(*capability_number(transport, "max_message"))
                                   : answer_.size;
    bool only_spins = false;
    for (const CaseRecord& c : result_.cases) {
      if (c.transport != transport.name || !is_of_this_table(c)) continue;
      if (c.size != size && is_for_size(c, size)) {
        reason = fmt::format("a message holds at most {} here: {}", format_size(c.size), c.at_largest->limit);
      }
      if (c.size != size) continue;
      if (c.status != Status::ok) {
        reason = c.reason;
        continue;
      }
      if (!answer_.need.may_spin && (c.wait == WaitStrategy::spin || c.wait == WaitStrategy::hybrid)) {
        only_spins = true;
        continue;
      }
      Qualified qualified{
          .measured = &c, .figure = nullptr, .memory = {}, .remarks = remarks_on(transport, answer_.need, c)};
      qualified.limited = answer_.by == Criterion::memory ? has_limited_memory(c) : is_limited(c);
      if (qualified.limited) {
        const BilingualString limits = answer_.by == Criterion::memory ? memory_limits_of(c) : launch_limits_of(c);
        qualified.remarks.push_back(fmt::format("{} not ranked: {}", kLimitMark, limits.english));
      }
      if (answer_.by == Criterion::memory) {
        qualified.memory = memory_figure(result_, c);
        qualified.figure = qualified.memory.figure;
        add_memory_remarks(qualified);
      } else {
        qualified.figure = &figure_by(answer_.by, c);
      }
      answer_.qualified.push_back(std::move(qualified));
    }
    return {only_spins ? "measured only with spinning"
                       : fmt::format("{} at {}: {}", to_string(scenario_), format_size(size), reason)};
  }

  static void add_memory_remarks(Qualified& qualified) {
    if (!qualified.figure->median) qualified.remarks.push_back(fmt::format("no figure: {}", qualified.figure->reason));
    if (qualified.memory.at_least == AtLeast::capped) qualified.remarks.emplace_back("filled to the cap");
    if (qualified.memory.at_least == AtLeast::kernel_objects) {
      qualified.remarks.emplace_back("kernel objects not seen, so not ranked");
    }
  }

  void add_notes() {
    const Need& need = answer_.need;
    if (answer_.size != need.size) {
      answer_.notes.push_back(answer_.size == 0 ? std::string("no messages were measured in that form here")
                                                : fmt::format("measured with messages of {}, the size next to {}",
                                                              format_size(answer_.size), format_size(need.size)));
    }
    if (need.pattern == NeedPattern::one_to_many || need.pattern == NeedPattern::many_to_many) {
      answer_.notes.push_back(
          fmt::format("the figures are those of one sender and one receiver; casts of more were not measured: {}",
                      command_to_measure(need, usual_cast(need.pattern), {})));
    }
    if (need.crosses_hosts) {
      answer_.notes.emplace_back("measured between processes of one machine: a network was not");
    }
    if (need.pattern == NeedPattern::stream && scenario_ == Scenario::ping_pong) {
      answer_.notes.emplace_back("the figures are those of round trips");
    }
  }

  const Result& result_;
  Recommendation answer_;
  Scenario scenario_ = Scenario::ping_pong;
};

}  // namespace

std::vector<std::string> pattern_names() { return {kPatterns.begin(), kPatterns.end()}; }
std::vector<std::string> criterion_names() { return {kCriterionNames.begin(), kCriterionNames.end()}; }

Recommendation recommend(const Result& result, Need need) { return Selection(result, std::move(need)).take(); }

}  // namespace ipcbench

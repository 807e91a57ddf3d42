#include "results/figures/load_summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "results/figures/catalogue.h"
#include "results/figures/statistics.h"
#include "scenarios/list/open_loop.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

using Launches = std::vector<const LaunchRecord*>;

// A case is shown, and not ranked, if more than this share of its launches are unsteady; it has no times if more are
// overloaded.
constexpr double kMostOfThem = 0.25;

// Returns the share of time in holes over 1 us on the launch's CPUs, or on all that were measured; none if that is
// unknown.
std::optional<double> time_in_holes(const LaunchRecord& launch, const std::vector<NoiseRecord>& noise) {
  std::optional<double> most;
  for (const NoiseRecord& one : noise) {
    const bool is_its_own = launch.cpus[0] < 0 || one.cpu == launch.cpus[0] || one.cpu == launch.cpus[1];
    if (is_its_own) most = std::max(most.value_or(0), one.stolen_ratio);
  }
  return most;
}

bool is_unsteady(const LaunchRecord& launch, const ClockRecord& clock, const std::vector<NoiseRecord>& noise) {
  const LoadRecord& load = *launch.load;
  const std::optional<double> lateness = quantile(load.lateness, 0.5), response = quantile(load.response, 0.5);
  if (!lateness || !response || !load.late_ratio) return false;
  constexpr double kOfResponse = 0.1, kClockOverheads = 3, kHoles = 2;
  if (*lateness > std::max(kOfResponse * *response, kClockOverheads * clock.overhead_ns)) return true;
  const std::optional<double> holes = time_in_holes(launch, noise);
  return holes && *load.late_ratio > kHoles * *holes;
}

// Returns the clock's error between the case's CPUs, or the largest of all pairs if it wasn't pinned. One CPU has one
// clock.
std::optional<double> clock_error(const CaseRecord& c, const ClockRecord& clock) {
  std::optional<double> most;
  for (const ClockPairRecord& pair : clock.pairs) {
    const bool is_its_own = c.cpus[0] < 0 || (pair.cpus[0] == c.cpus[0] && pair.cpus[1] == c.cpus[1]) ||
                            (pair.cpus[0] == c.cpus[1] && pair.cpus[1] == c.cpus[0]);
    if (is_its_own) most = std::max(most.value_or(0), pair.error_ns);
  }
  return most;
}

template <class Holds>
std::size_t count_of_launches(const Launches& launches, const Holds& holds) {
  return static_cast<std::size_t>(
      std::ranges::count_if(launches, [&](const LaunchRecord* l) { return l->load && holds(*l->load); }));
}

bool is_time(const FigureInfo& info) {
  return info.group == "response_ns" || info.group == "service_ns" || info.group == "lateness_ns";
}

// Gives times that no launch has their reason.
void explain_times(CaseSummary& summary, const Launches& launches, const std::string& why_none) {
  std::uint64_t most = 0;
  for (const LaunchRecord* launch : launches) {
    if (launch->load) most = std::max(most, count_of(launch->load->response));
  }
  constexpr std::array kQuantiles = {std::pair("p50", 0.5), std::pair("p90", 0.9), std::pair("p99", 0.99),
                                     std::pair("p999", 0.999)};
  for (const FigureInfo& info : figure_catalogue()) {
    if (!is_time(info)) continue;
    Figure& figure = summary.*info.figure;
    if (!why_none.empty()) {
      figure = no_figure(why_none);
      continue;
    }
    for (const auto& [name, q] : kQuantiles) {
      if (figure.median || info.name != name) continue;
      figure = no_figure(fmt::format("needs {} messages in a launch, there are {}", values_for(q), most));
    }
  }
}

// Rule 15: returns the median of all launches' times together, the only one where a launch has too few messages.
Figure pooled_median(const Launches& launches, SparseHistogram LoadRecord::*times) {
  constexpr double kHalf = 0.5;
  SparseHistogram pooled;
  for (const LaunchRecord* launch : launches) {
    if (launch->load) merge(pooled, (*launch->load).*times);
  }
  const std::uint64_t count = count_of(pooled);
  if (!supports_quantile(count, kHalf))
    return no_figure(fmt::format("needs {} messages in all launches, there are {}", values_for(kHalf), count));
  return {.median = quantile(pooled, kHalf),
          .n = launches.size(),
          .reason = fmt::format("pooled over {} launches: no interval", launches.size())};
}

void add_note(CaseSummary& summary, std::string text, bool forbids_rank) {
  if (forbids_rank && summary.not_ranked.empty()) summary.not_ranked = text;
  summary.notes.push_back(std::move(text));
}

}  // namespace

std::string scenario_option(const CaseRecord& c, std::string_view name) {
  for (const auto& [given, value] : c.options) {
    if (given == name) return value;
  }
  const ScenarioInfo* scenario = find_scenario(to_string(c.scenario));
  if (scenario == nullptr) return "";
  const auto option = std::ranges::find(scenario->options, name, &OptionInfo::name);
  return option == scenario->options.end() ? "" : std::string(option->default_value);
}

std::string transport_label(const CaseRecord& c) {
  const ScenarioInfo* scenario = find_scenario(to_string(c.scenario));
  std::string label = c.transport;
  for (const auto& [name, value] : c.options) {
    const bool is_scenarios =
        scenario != nullptr && std::ranges::count(scenario->options, name, &OptionInfo::name) != 0;
    if (!is_scenarios) label += fmt::format(" {}={}", name, value);
  }
  return label;
}

std::string channel_name(const CaseRecord& c, bool with_size) {
  std::string name = transport_label(c);
  if (c.wait != WaitStrategy::block) name += fmt::format(" {}", to_string(c.wait));
  if (with_size && c.size != 0) name += fmt::format(" {} B", c.size);
  return name;
}

std::string id_without(const CaseRecord& c, std::initializer_list<std::string_view> left_out) {
  std::string id = fmt::format("{}/{}/{}/{}/{}", to_string(c.scenario), c.transport, to_string(c.wait), c.size,
                               to_string(c.placement));
  for (const auto& [name, value] : c.options) {
    if (std::ranges::find(left_out, name) == left_out.end()) id += fmt::format("/{}={}", name, value);
  }
  return id;
}

bool measures_saturation(const CaseRecord& c) {
  return traffic_of(c.scenario) == Traffic::scheduled && scenario_option(c, kRateOption) == "max" &&
         scenario_option(c, kLoadOption) == "none" && !follows_silences(c);
}

bool follows_silences(const CaseRecord& c) {
  return traffic_of(c.scenario) == Traffic::scheduled && scenario_option(c, kSilenceOption) != "none";
}

bool has_spinning_pacer(const CaseRecord& c) { return scenario_option(c, kPacerOption) == "spin"; }

const Figure& headline_load(const CaseRecord& c) noexcept {
  if (measures_saturation(c)) return c.summary.saturation_per_s;
  return has_spinning_pacer(c) ? c.summary.response_p50 : c.summary.service_p50;
}

void judge_steadiness(CaseRecord& c, const ClockRecord& clock, const std::vector<NoiseRecord>& noise) {
  const bool can_be = has_spinning_pacer(c) && !measures_saturation(c);
  for (LaunchRecord& launch : c.launches) {
    if (launch.load) launch.load->unsteady = can_be && !launch.load->overloaded && is_unsteady(launch, clock, noise);
  }
}

void finish_load(CaseSummary& summary, const CaseRecord& c, const Launches& launches, const ClockRecord& clock) {
  const bool is_saturation = measures_saturation(c), spins = has_spinning_pacer(c);
  const std::size_t overloaded = count_of_launches(launches, [](const LoadRecord& l) { return l.overloaded; });
  const std::size_t unsteady = count_of_launches(launches, [](const LoadRecord& l) { return l.unsteady; });
  const auto most = kMostOfThem * static_cast<double>(launches.size());
  const std::string of_them = fmt::format("of {} launches", launches.size());

  std::string why_no_times;
  if (follows_silences(c)) {
    summary.service_p50_pooled = pooled_median(launches, &LoadRecord::service);
    summary.lateness_p50_pooled = pooled_median(launches, &LoadRecord::lateness);
    summary.offered_per_s = no_figure("a message follows the answer to the one before: no schedule offers any");
  }
  if (is_saturation) {
    why_no_times = "all messages are due at once: such a load has a rate and no latency";
    summary.offered_per_s = no_figure("all messages are due at once");
  } else {
    summary.saturation_per_s = no_figure("measured with rate=max");
  }
  if (overloaded > 0) {
    const std::string text =
        fmt::format("overloaded in {} {}: a rate that isn't sustained has no latency", overloaded, of_them);
    if (static_cast<double>(overloaded) > most) why_no_times = text;
    add_note(summary, text, true);
  }
  explain_times(summary, launches, why_no_times);
  if (unsteady > 0) {
    add_note(summary, fmt::format("unsteady in {} {}: the pacer itself was late", unsteady, of_them),
             static_cast<double>(unsteady) > most);
  }
  const bool is_brokers = launches.front()->broker && !summary.broker_cpu_ns_per_op.median;  // has its reason
  if (!summary.cpu_ns_per_op.median && !is_saturation && !is_brokers) {
    summary.cpu_ns_per_op =
        no_figure(follows_silences(c) ? "after silences it is mostly the timer's: its part isn't measured"
                  : spins             ? "a spinning pacer's CPU time can't be told from the sender's"
                                      : "the pacer took as much with nothing to send");
  }
  if (follows_silences(c)) summary.consumer_cpu_ns_per_op = no_figure("after silences so few messages don't tell");
  if (is_saturation || follows_silences(c) || scenario_option(c, kFormOption) != "one-way") return;
  summary.clock_error_ns = clock_error(c, clock);
  const std::optional<double> shown = (spins ? summary.response_p50 : summary.service_p50).median;
  if (!summary.clock_error_ns || !shown || *shown >= 2 * *summary.clock_error_ns) return;
  add_note(summary,
           fmt::format("one-way times under twice the clock's error of ±{:.0f} ns between these CPUs",
                       *summary.clock_error_ns),
           true);
}

}  // namespace ipcbench

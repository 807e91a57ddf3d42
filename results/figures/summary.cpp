#include "results/figures/summary.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "results/figures/catalogue.h"
#include "results/figures/launch_figures.h"
#include "results/figures/load_summary.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"
#include "results/model/limits.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

using Value = std::optional<double>;
using Launches = std::vector<const LaunchRecord*>;

void set_all(CaseSummary& summary, const std::string& reason) {
  for (const FigureInfo& info : figure_catalogue()) summary.*info.figure = no_figure(reason);
}

// Holds what figures depend on besides the launches.
struct Rules {
  const ClockRecord& clock;
  const std::vector<NoiseRecord>& noise;
  std::size_t looks = 1;  // looks after which the run may have ended
};

Figure figure_over(const FigureInfo& info, const CaseRecord& c, const Launches& launches, std::size_t looks) {
  std::vector<double> values;
  for (const LaunchRecord* launch : launches) {
    if (const Value value = info.of_launch(c, *launch)) values.push_back(*value);
  }
  return figure_of(values, looks);
}

// Says why a case has no figures of this kind; "" if it has them.
std::string why_none(FigureKind kind, const CaseRecord& c, Traffic traffic) {
  const bool is_scheduled = traffic == Traffic::scheduled;
  switch (kind) {
    case FigureKind::calls:
    case FigureKind::channel:
      return "";
    case FigureKind::cast:
      return has_cast(c) ? "" : "only a launch with many seats has them";
    case FigureKind::lock:
      return traffic == Traffic::turns ? "" : "only a lock is taken in turn";
    case FigureKind::load:
      return is_scheduled ? "" : "only an open loop has a load";
    case FigureKind::loss:
      if (is_scheduled) return carries_payload(c) ? "" : "the transport carries nothing but notifications";
      return why_none(FigureKind::messages, c, traffic);
    case FigureKind::set_up:
      return traffic == Traffic::none ? "" : "measured by the scenario setup";
    case FigureKind::round_trip:
      if (traffic == Traffic::none) break;
      if (is_scheduled) return "an open loop has response and service times";
      return traffic == Traffic::one_way || traffic == Traffic::cast || traffic == Traffic::turns
                 ? fmt::format("{} has no round trip", to_string(c.scenario))
                 : "";
    case FigureKind::messages:
    case FigureKind::notifications:
      if (traffic == Traffic::none || traffic == Traffic::turns) break;
      if (is_scheduled) return "an open loop has an offered and an achieved rate";
      if (traffic == Traffic::round_trips) return fmt::format("{} has no one-way rate", to_string(c.scenario));
      if ((kind == FigureKind::messages) == carries_payload(c)) return "";
      return carries_payload(c) ? "the transport carries messages" : "the transport carries nothing but notifications";
    case FigureKind::cost:
      if (traffic == Traffic::none) break;
      return "";
  }
  return "nothing is sent";
}

void explain_quantile(Figure& figure, const Launches& launches, double q) {
  if (figure.median) return;
  std::uint64_t most = 0;
  for (const LaunchRecord* launch : launches) most = std::max(most, count_of(launch->histogram));
  figure = no_figure(fmt::format("needs {} stamped round trips in a launch, there are {}", values_for(q), most));
}

std::optional<WorstCase> worst_of(const Launches& launches) {
  std::optional<WorstCase> worst;
  for (const LaunchRecord* launch : launches) {
    if (launch->max_ns && (!worst || *launch->max_ns > worst->ns)) {
      worst = WorstCase{*launch->max_ns, launch->max_at_ns, launch->pass};
    }
  }
  return worst;
}

void finish_round_trips(CaseSummary& summary, const Launches& launches, double clock_overhead_ns) {
  explain_quantile(summary.rtt_p50, launches, 0.5);
  explain_quantile(summary.rtt_p90, launches, 0.9);
  explain_quantile(summary.rtt_p99, launches, 0.99);
  explain_quantile(summary.rtt_p999, launches, 0.999);
  explain_quantile(summary.rtt_p9999, launches, 0.9999);
  summary.rtt_worst = worst_of(launches);
  const Figure& typical = summary.rtt_p50.median ? summary.rtt_p50 : summary.rtt_mean;
  summary.p50_from_mean =
      summary.rtt_mean.median && typical.median && *typical.median < kLeastClockMultiple * clock_overhead_ns;
}

void explain_missing(CaseSummary& summary, const CaseRecord& c, const Launches& launches) {
  if (std::any_of(launches.begin(), launches.end(), [](const auto* l) { return l->sent > 0; })) return;
  if (carries_payload(c)) {
    summary.loss_ratio = no_figure("reliable: a lost message makes the launch invalid");
  } else {
    summary.merged_ratio = no_figure("notifications sent were not counted");
  }
}

// Gives the reason why a server has no mean without stamps.
void explain_mean(CaseSummary& summary) {
  if (!summary.rtt_mean.median) summary.rtt_mean = no_figure("clients stamp each request: no block is without stamps");
}

// Gives the reason for figures that the broker is part of.
void explain_broker(CaseSummary& summary, const Launches& launches) {
  if (!launches.front()->broker) {
    summary.broker_cpu_ns_per_op = no_figure("no broker");
    return;
  }
  for (const auto figure : {&CaseSummary::cpu_ns_per_op, &CaseSummary::broker_cpu_ns_per_op,
                            &CaseSummary::voluntary_per_op, &CaseSummary::involuntary_per_op}) {
    if (!(summary.*figure).median) summary.*figure = no_figure("the broker's usage could not be read");
  }
  summary.notes.push_back(
      "CPU/op and switches/op include the broker's, a third process; its system calls are not counted");
}

// Gives the reason for figures that a cast lacks.
void explain_seats(CaseSummary& summary, const CaseRecord& c) {
  for (const auto figure : {&CaseSummary::fairness, &CaseSummary::worst_seat_ratio}) {
    if ((summary.*figure).median) continue;
    summary.*figure = no_figure(c.summary.takes_turns ? "there is one process"
                                : carries_payload(c)  ? "there is one producer"
                                                      : "a notification doesn't say who sent it");
  }
  for (const auto figure : {&CaseSummary::duty_producer, &CaseSummary::duty_consumer})
    summary.*figure = no_figure("a side of many seats has no duty: launches hold the CPU time of each");
  for (const auto figure : {&CaseSummary::seat_p50, &CaseSummary::worst_seat_p99, &CaseSummary::worst_seat_max}) {
    if ((summary.*figure).median) continue;
    const bool has_no_times = summary.is_open_loop && !summary.response_max.median;
    summary.*figure = has_no_times ? summary.response_max : no_figure("a producer has too few messages in a launch");
  }
  for (const auto figure : {&CaseSummary::handover_p50, &CaseSummary::handover_p99}) {
    if (summary.takes_turns && !(summary.*figure).median)
      summary.*figure = no_figure("too few turns of a launch were handed over to a process that waited");
  }
}

void summarise_launches(CaseSummary& summary, const CaseRecord& c, Traffic traffic, const Launches& launches,
                        const Rules& rules) {
  for (const FigureInfo& info : figure_catalogue()) {
    if (info.of_launch == nullptr) continue;
    std::string reason = why_none(info.kind, c, traffic);
    summary.*info.figure = reason.empty() ? figure_over(info, c, launches, rules.looks) : no_figure(std::move(reason));
  }
  for (Figure* const pooled : {&summary.service_p50_pooled, &summary.lateness_p50_pooled})
    *pooled = no_figure("only round trips after silence are pooled");
  if (traffic == Traffic::none) return;
  explain_broker(summary, launches);
  if (traffic == Traffic::round_trips || traffic == Traffic::served) {
    finish_round_trips(summary, launches, rules.clock.overhead_ns);
    if (traffic == Traffic::served) {
      explain_missing(summary, c, launches);
      explain_mean(summary);
    }
  } else if (traffic == Traffic::scheduled) {
    explain_missing(summary, c, launches);
    finish_load(summary, c, launches, rules.clock);
  } else {
    explain_missing(summary, c, launches);
  }
  if (has_cast(c)) explain_seats(summary, c);
}

// Fills the counts, which come from one launch.
void summarise_calls(CaseSummary& summary, const CaseRecord& c) {
  const bool is_counted = c.counted && c.counted->status == Status::ok && c.counted->calls;
  summary.syscalls_vary = c.counted && c.counted->calls && c.counted->calls->timing_dependent;
  if (!is_counted) {
    std::string why = c.counted ? c.counted->reason : "not counted";
    if (has_cast(c)) why = "of casts none are counted: ping-pong and streaming count them";
    if (summary.is_open_loop)
      why = "the calls of an open loop's pacer are among them: ping-pong and streaming count them";
    for (const auto figure :
         {&CaseSummary::syscalls_producer, &CaseSummary::syscalls_consumer, &CaseSummary::syscalls_retried}) {
      summary.*figure = no_figure(why);
    }
    return;
  }
  const LaunchRecord& counted = *c.counted;
  const auto& [producer, consumer] = counted.calls->sides;
  const auto figure = [&](std::uint64_t calls) {
    return Figure{.median = per_op(counted, static_cast<double>(calls)), .n = 1, .reason = "counted in one launch"};
  };
  summary.syscalls_producer = figure(producer.done);
  summary.syscalls_consumer = figure(consumer.done);
  summary.syscalls_source = counted.calls->source;
  summary.syscalls_retried = producer.retried && consumer.retried
                                 ? figure(*producer.retried + *consumer.retried)
                                 : no_figure("seccomp notification sees that a call is made, not what it returns");
}

// Fills the memory figures, which are slopes over channels rather than medians over launches.
void summarise_channel(CaseSummary& summary, const CaseRecord& c) {
  const ChannelRecord channel = c.channel.value_or(ChannelRecord{.reason = "not measured for this case"});
  const auto figure = [&](const std::optional<double>& bytes, const char* why_not, bool capped) {
    if (!bytes) return no_figure(channel.reason.empty() ? why_not : channel.reason);
    return Figure{.median = bytes,
                  .n = 1,
                  .reason = fmt::format("slope over {} channels{}", channel.channels,
                                        capped ? ", which would take more: at least" : "")};
  };
  const char* const kCarriesNothing = "the transport carries nothing";
  summary.channel_idle = figure(channel.idle_bytes, "", false);
  summary.channel_loaded = figure(channel.loaded_bytes, kCarriesNothing, channel.capped);
  summary.channel_payload = figure(channel.payload_bytes, kCarriesNothing, channel.capped);
  summary.channel_source = channel.source;
  if (!has_limited_memory(c)) return;
  const BilingualString limits = memory_limits_of(c);
  summary.notes.push_back(fmt::format("{} memory of a channel: {}", kLimitMark, limits.english));
}

int label_outliers(CaseRecord& c) {
  std::vector<double> values;
  for (const LaunchRecord& launch : c.launches) {
    const Value value = launch.used ? op_ns(launch) : std::nullopt;
    if (value) values.push_back(*value);
  }
  if (!median_interval(values.size())) return 0;  // too few to call any of them an outlier
  const double center = median(values);
  const double mad = median_absolute_deviation(values, center);
  int outliers = 0;
  for (LaunchRecord& launch : c.launches) {
    const Value value = launch.used ? op_ns(launch) : std::nullopt;
    launch.outlier = value && is_outlier(*value, center, mad);
    outliers += launch.outlier ? 1 : 0;
  }
  return outliers;
}

void count_states(CaseRecord& c, const StateRecord* states) {
  if (states == nullptr) return;
  c.summary.state_used = states->used;
  std::vector<std::string> names;
  for (const auto& cluster : states->clusters_ns) names.push_back(cluster.first);
  names.emplace_back(kMixedState);
  for (const std::string& name : names) {
    const auto count = std::count_if(c.launches.begin(), c.launches.end(),
                                     [&](const LaunchRecord& l) { return l.status == Status::ok && l.state == name; });
    if (count > 0) c.summary.state_counts.emplace_back(name, static_cast<int>(count));
  }
}

void judge(CaseRecord& c) {
  if (c.launches.empty()) {
    if (!is_waiting(c)) return;
    c.status = Status::skipped;
    c.reason = kNotReached;
    return;
  }
  c.status = status_of(c.launches);
  c.reason.clear();
  if (c.status == Status::ok) return;
  const auto first = std::find_if(c.launches.begin(), c.launches.end(),
                                  [&](const LaunchRecord& launch) { return launch.status == c.status; });
  c.reason = first->phase.empty() ? first->reason : fmt::format("{} ({})", first->reason, to_string(first->phase));
}

void explain_short_figures(CaseSummary& summary, std::size_t used, std::size_t completed, std::size_t looks) {
  const std::size_t least = least_for_interval(looks);
  if (used >= least) return;
  const std::string why = summary.state_used.empty()
                              ? fmt::format("{} launches: no interval under {}", used, least)
                              : fmt::format("{} of {} launches in canary state {}: no interval under {}", used,
                                            completed, summary.state_used, least);
  for (const FigureInfo& info : figure_catalogue()) {
    Figure& figure = summary.*info.figure;
    if (figure.median) figure.reason = why;
  }
  summary.notes.push_back(why);
}

// Notes that the launches had different buffers, so that their median describes no single setting.
void explain_unlike_buffers(CaseSummary& summary) {
  if (std::ranges::all_of(summary.buffers, [](const BufferRange& b) { return b.least == b.most; })) return;
  summary.notes.push_back("the launches' buffers differ: " + buffers_text(summary.buffers));
}

void summarise_case(CaseRecord& c, const StateRecord* states, const Rules& rules) {
  const std::optional<bool> stored_bimodal = c.summary.bimodal;
  c.summary = {};
  c.summary.is_open_loop = traffic_of(c.scenario) == Traffic::scheduled;
  c.summary.follows_silences = follows_silences(c);
  c.summary.has_cast = has_cast(c);
  c.summary.takes_turns = traffic_of(c.scenario) == Traffic::turns;
  judge(c);
  judge_steadiness(c, rules.clock, rules.noise);
  Launches used;
  std::size_t completed = 0;
  for (LaunchRecord& launch : c.launches) {
    launch.state = state_of(states, launch);
    launch.used = c.status == Status::ok && is_comparable(states, launch);
    launch.outlier = false;
    if (launch.used) used.push_back(&launch);
    completed += launch.status == Status::ok ? 1 : 0;
  }
  CaseSummary& summary = c.summary;
  count_states(c, states);
  if (c.status != Status::ok) {
    set_all(summary, to_string(c.status));
    return;
  }
  if (used.empty()) {
    const std::string why = fmt::format("none of {} launches in one canary state", completed);
    set_all(summary, why);
    summary.notes.push_back(why);
    return;
  }

  if (const std::optional<Traffic> traffic = traffic_of(c.scenario)) {
    summarise_launches(summary, c, *traffic, used, rules);
  } else {
    set_all(summary, "this version doesn't know the scenario");
  }
  summary.steady = commonest_class(c);
  summary.bimodal = has_reduced_times(c) ? stored_bimodal : is_bimodal(pooled_histogram(c), rules.clock.resolution_ns);

  explain_short_figures(summary, used.size(), completed, rules.looks);
  summarise_limits(c, summary);
  for (const CaseLimit& limit : summary.limits_met) {
    summary.notes.push_back(fmt::format("{} {}", kLimitMark, bilingual_text(limit, used.size()).english));
  }
  explain_unlike_buffers(summary);
  summarise_calls(summary, c);
  summarise_channel(summary, c);
  if (summary.p50_from_mean) {
    summary.notes.push_back("p50 is under 10 x the clock's overhead: the unstamped mean stands in its place");
  }
  if (summary.bimodal.value_or(false)) summary.notes.push_back("bimodal: the mean misleads");
  if (const int outliers = label_outliers(c); outliers > 0) {
    summary.notes.push_back(fmt::format("{} of {} launches labelled as outliers", outliers, used.size()));
  }
  if (const auto broken = c.launches.size() - completed; broken > 0) {
    summary.notes.push_back(fmt::format("{} of {} launches broke", broken, c.launches.size()));
  }
}

}  // namespace

void summarise(Result& result) {
  result.states = find_states(result);
  const Rules rules{
      .clock = result.clock, .noise = result.noise, .looks = std::max<std::size_t>(result.looks.size(), 1)};
  for (CaseRecord& c : result.cases) summarise_case(c, states_at(result.states, c.placement), rules);
}

Status status_of(const std::vector<LaunchRecord>& launches) {
  const auto any = [&](Status status) {
    return std::any_of(launches.begin(), launches.end(), [&](const LaunchRecord& l) { return l.status == status; });
  };
  for (const Status status : {Status::invalid, Status::ok, Status::crashed, Status::timed_out}) {
    if (any(status)) return status;
  }
  return Status::skipped;
}

bool is_waiting(const CaseRecord& c) {
  return c.launches.empty() && (c.status == Status::ok || (c.status == Status::skipped && c.reason == kNotReached));
}

std::string commonest_class(const CaseRecord& c) {
  constexpr std::array<const char*, 5> kWorstLast = {"flat", "drift", "step", "bimodal", "unstable"};
  std::string commonest;
  std::ptrdiff_t most = 0;
  for (const char* name : kWorstLast) {
    const auto count = std::ranges::count_if(
        c.launches, [&](const LaunchRecord& launch) { return launch.used && launch.launch_class == name; });
    if (count > 0 && count >= most) {
      most = count;
      commonest = name;
    }
  }
  return commonest;
}

SparseHistogram pooled_histogram(const CaseRecord& c) {
  SparseHistogram pooled;
  for (const LaunchRecord& launch : c.launches) {
    if (launch.used) merge(pooled, times_of(launch));
  }
  return pooled;
}

bool has_reduced_times(const CaseRecord& c) {
  return std::ranges::any_of(c.launches,
                             [](const LaunchRecord& launch) { return times_of(launch).reduced.has_value(); });
}

const Figure& headline_rtt(const CaseSummary& summary) noexcept {
  return summary.p50_from_mean ? summary.rtt_mean : summary.rtt_p50;
}

bool carries_payload(const CaseRecord& c) noexcept { return c.size > 0; }
bool has_cast(const CaseRecord& c) { return has_cast(traffic_of(c.scenario), c.options); }

}  // namespace ipcbench

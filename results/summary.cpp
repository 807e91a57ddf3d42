#include "results/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/core.h>

#include "results/states.h"
#include "results/statistics.h"

namespace ipcbench {
namespace {

using Value = std::optional<double>;
using Launches = std::vector<const LaunchRecord*>;

constexpr double kMinClockMultiple = 10;

Value ratio(double part, double whole) {
  if (!(whole > 0) || !std::isfinite(part) || !std::isfinite(whole)) return std::nullopt;
  return part / whole;
}

Value rate(const LaunchRecord& launch, double amount) {
  if (!launch.block_ns) return std::nullopt;
  return ratio(amount * 1e9, *launch.block_ns);
}

double sum(const LaunchRecord& launch, std::uint64_t SideUsage::*field) {
  return static_cast<double>(launch.usage[0].*field) + static_cast<double>(launch.usage[1].*field);
}

template <std::invocable<const LaunchRecord&> F>
Figure over(const Launches& launches, const F& value_of) {
  std::vector<double> values;
  for (const LaunchRecord* launch : launches) {
    if (const Value value = value_of(*launch)) values.push_back(*value);
  }
  return figure_of(values);
}

// All members of CaseSummary that are figures.
constexpr std::array kFigures = {
    &CaseSummary::rtt_mean,
    &CaseSummary::rtt_mean_stamped,
    &CaseSummary::rtt_p50,
    &CaseSummary::rtt_p90,
    &CaseSummary::rtt_p99,
    &CaseSummary::rtt_p999,
    &CaseSummary::rtt_p9999,
    &CaseSummary::rtt_max,
    &CaseSummary::messages_per_s,
    &CaseSummary::bytes_per_s,
    &CaseSummary::notifications_per_s,
    &CaseSummary::merged_ratio,
    &CaseSummary::loss_ratio,
    &CaseSummary::cpu_ns_per_op,
    &CaseSummary::broker_cpu_ns_per_op,
    &CaseSummary::voluntary_per_op,
    &CaseSummary::involuntary_per_op,
    &CaseSummary::faults_per_op,
    &CaseSummary::duty_producer,
    &CaseSummary::duty_consumer,
    &CaseSummary::syscalls_producer,
    &CaseSummary::syscalls_consumer,
    &CaseSummary::syscalls_retried,
    &CaseSummary::channel_idle,
    &CaseSummary::channel_loaded,
    &CaseSummary::channel_payload,
    &CaseSummary::setup_create,
    &CaseSummary::setup_connect,
    &CaseSummary::setup_teardown,
};

void set_all(CaseSummary& summary, std::initializer_list<Figure CaseSummary::*> figures, const std::string& reason) {
  for (const auto figure : figures) summary.*figure = no_figure(reason);
}

Figure quantile_figure(const Launches& launches, double q) {
  Figure figure = over(launches, [q](const LaunchRecord& launch) { return supported_quantile(launch, q); });
  if (figure.median) return figure;
  std::uint64_t most = 0;
  for (const LaunchRecord* launch : launches) most = std::max(most, count_of(launch->histogram));
  const double needed = std::round(10 / (1 - q));
  return no_figure(fmt::format("needs {} stamped round trips in a launch, there are {}", needed, most));
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

void summarise_ping_pong(CaseSummary& summary, const Launches& launches, double clock_overhead_ns) {
  summary.rtt_mean = over(launches, [](const LaunchRecord& l) { return l.mean_ns; });
  summary.rtt_mean_stamped = over(launches, [](const LaunchRecord& l) { return l.mean_stamped_ns; });
  summary.rtt_p50 = quantile_figure(launches, 0.5);
  summary.rtt_p90 = quantile_figure(launches, 0.9);
  summary.rtt_p99 = quantile_figure(launches, 0.99);
  summary.rtt_p999 = quantile_figure(launches, 0.999);
  summary.rtt_p9999 = quantile_figure(launches, 0.9999);
  summary.rtt_max = over(launches, [](const LaunchRecord& l) { return l.max_ns; });
  summary.rtt_worst = worst_of(launches);
  const Figure& typical = summary.rtt_p50.median ? summary.rtt_p50 : summary.rtt_mean;
  summary.p50_from_mean = typical.median && *typical.median < kMinClockMultiple * clock_overhead_ns;
  set_all(summary,
          {&CaseSummary::messages_per_s, &CaseSummary::bytes_per_s, &CaseSummary::notifications_per_s,
           &CaseSummary::merged_ratio, &CaseSummary::loss_ratio},
          "ping-pong has no one-way rate");
}

Figure missing_ratio(const Launches& launches, const char* reason_unless_sent) {
  const bool counts_sent = std::any_of(launches.begin(), launches.end(), [](const auto* l) { return l->sent > 0; });
  if (!counts_sent) return no_figure(reason_unless_sent);
  return over(launches, [](const LaunchRecord& l) -> Value {
    const Value arrived = ratio(static_cast<double>(l.verified), static_cast<double>(l.sent));
    if (!arrived) return std::nullopt;
    return 1 - *arrived;
  });
}

void summarise_streaming(CaseSummary& summary, const Launches& launches, const CaseRecord& c) {
  set_all(summary,
          {&CaseSummary::rtt_mean, &CaseSummary::rtt_mean_stamped, &CaseSummary::rtt_p50, &CaseSummary::rtt_p90,
           &CaseSummary::rtt_p99, &CaseSummary::rtt_p999, &CaseSummary::rtt_p9999, &CaseSummary::rtt_max},
          "streaming has no round trip");
  const auto ops_per_s = [](const LaunchRecord& l) { return rate(l, static_cast<double>(l.verified)); };
  if (!carries_payload(c)) {
    summary.notifications_per_s = over(launches, ops_per_s);
    summary.merged_ratio = missing_ratio(launches, "notifications sent were not counted");
    set_all(summary, {&CaseSummary::messages_per_s, &CaseSummary::bytes_per_s, &CaseSummary::loss_ratio},
            "the transport carries nothing but notifications");
    return;
  }
  summary.messages_per_s = over(launches, ops_per_s);
  summary.bytes_per_s = over(launches, [&](const LaunchRecord& l) {
    const auto bytes = static_cast<double>(l.bytes_per_op > 0 ? l.bytes_per_op : c.size);
    return rate(l, static_cast<double>(l.verified) * bytes);
  });
  summary.loss_ratio = missing_ratio(launches, "reliable: a lost message makes the launch invalid");
  set_all(summary, {&CaseSummary::notifications_per_s, &CaseSummary::merged_ratio}, "the transport carries messages");
}

// Of both workers, and of the broker where there is one.
Value switches(const LaunchRecord& launch, std::uint64_t SideUsage::*of_side,
               std::optional<std::uint64_t> BrokerUsage::*of_broker) {
  const std::optional<std::uint64_t> broker = launch.broker ? *launch.broker.*of_broker : 0;
  if (!broker) return std::nullopt;
  return per_op(launch, sum(launch, of_side) + static_cast<double>(*broker));
}

// Of figures that it is part of.
void summarise_broker(CaseSummary& summary, const Launches& launches) {
  if (!launches.front()->broker) {
    summary.broker_cpu_ns_per_op = no_figure("no broker");
    return;
  }
  summary.broker_cpu_ns_per_op = over(launches, [](const LaunchRecord& l) -> Value {
    if (!l.broker || !l.broker->cpu_ns) return std::nullopt;
    return per_op(l, *l.broker->cpu_ns);
  });
  for (const auto figure : {&CaseSummary::cpu_ns_per_op, &CaseSummary::broker_cpu_ns_per_op,
                            &CaseSummary::voluntary_per_op, &CaseSummary::involuntary_per_op}) {
    if (!(summary.*figure).median) summary.*figure = no_figure("the broker's usage could not be read");
  }
  summary.notes.push_back("CPU/op and switches/op include the broker's, a third process");
}

void summarise_costs(CaseSummary& summary, const Launches& launches) {
  summary.cpu_ns_per_op = over(launches, cpu_ns_per_op);
  summary.voluntary_per_op =
      over(launches, [](const LaunchRecord& l) { return switches(l, &SideUsage::voluntary, &BrokerUsage::voluntary); });
  summary.involuntary_per_op = over(
      launches, [](const LaunchRecord& l) { return switches(l, &SideUsage::involuntary, &BrokerUsage::involuntary); });
  summarise_broker(summary, launches);
  summary.faults_per_op = over(launches, [](const LaunchRecord& l) {
    return per_op(l, sum(l, &SideUsage::minor_faults) + sum(l, &SideUsage::major_faults));
  });
  summary.duty_producer =
      over(launches, [](const LaunchRecord& l) { return ratio(l.usage[0].cpu_ns, l.usage[0].wall_ns); });
  summary.duty_consumer =
      over(launches, [](const LaunchRecord& l) { return ratio(l.usage[1].cpu_ns, l.usage[1].wall_ns); });
  set_all(summary, {&CaseSummary::setup_create, &CaseSummary::setup_connect, &CaseSummary::setup_teardown},
          "measured by the scenario setup");
}

// Rule 12: counted in one launch.
void summarise_calls(CaseSummary& summary, const CaseRecord& c) {
  const std::initializer_list<Figure CaseSummary::*> figures = {
      &CaseSummary::syscalls_producer, &CaseSummary::syscalls_consumer, &CaseSummary::syscalls_retried};
  if (!c.counted) return set_all(summary, figures, "not counted");
  const LaunchRecord& counted = *c.counted;
  summary.syscalls_vary = counted.calls->timing_dependent;
  if (counted.status != Status::ok) return set_all(summary, figures, counted.reason);
  const auto figure = [&](std::uint64_t calls) {
    return Figure{.median = per_op(counted, static_cast<double>(calls)), .n = 1, .reason = "counted in one launch"};
  };
  summary.syscalls_producer = figure(counted.calls->done[0]);
  summary.syscalls_consumer = figure(counted.calls->done[1]);
  summary.syscalls_source = counted.calls->source;
  const auto& retried = counted.calls->retried;
  summary.syscalls_retried = retried[0] && retried[1]
                                 ? figure(*retried[0] + *retried[1])
                                 : no_figure("seccomp notification sees that a call is made, not what it returns");
}

// Rule 11: a slope, without launches.
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
}

// One number that stands for the launch: what it was measured for.
Value headline_of(const LaunchRecord& launch) {
  if (launch.setup) return launch.setup->connect_ns;
  if (launch.mean_ns) return launch.mean_ns;
  if (!launch.block_ns) return std::nullopt;
  return per_op(launch, *launch.block_ns);
}

int label_outliers(CaseRecord& c) {
  std::vector<double> values;
  for (const LaunchRecord& launch : c.launches) {
    const Value value = launch.used ? headline_of(launch) : std::nullopt;
    if (value) values.push_back(*value);
  }
  if (!median_interval(values.size())) return 0;  // too few to call any of them odd
  const double center = median(values);
  const double mad = median_absolute_deviation(values, center);
  int outliers = 0;
  for (LaunchRecord& launch : c.launches) {
    const Value value = launch.used ? headline_of(launch) : std::nullopt;
    launch.outlier = value && is_outlier(*value, center, mad);
    outliers += launch.outlier ? 1 : 0;
  }
  return outliers;
}

std::string commonest_class(const Launches& launches) {
  constexpr std::array<const char*, 5> kWorstLast = {"flat", "drift", "step", "bimodal", "unstable"};
  std::string commonest;
  std::ptrdiff_t most = 0;
  for (const char* name : kWorstLast) {
    const auto count =
        std::count_if(launches.begin(), launches.end(), [&](const auto* l) { return l->launch_class == name; });
    if (count > 0 && count >= most) {
      most = count;
      commonest = name;
    }
  }
  return commonest;
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
  c.reason = first->phase.empty() ? first->reason : fmt::format("{} ({})", first->reason, first->phase);
}

void explain_short_figures(CaseSummary& summary, std::size_t used, std::size_t completed) {
  if (median_interval(used)) return;
  const std::string why = summary.state_used.empty()
                              ? fmt::format("{} launches: no interval under 6", used)
                              : fmt::format("{} of {} launches in canary state {}: no interval under 6", used,
                                            completed, summary.state_used);
  for (const auto figure : kFigures) {
    if ((summary.*figure).median) (summary.*figure).reason = why;
  }
  summary.notes.push_back(why);
}

void summarise_setup(CaseSummary& summary, const Launches& launches) {
  for (const auto figure : kFigures) summary.*figure = no_figure("nothing is sent");
  const auto time = [&](double SetupRecord::*part) {
    return over(launches, [part](const LaunchRecord& l) { return l.setup ? Value((*l.setup).*part) : std::nullopt; });
  };
  summary.setup_create = time(&SetupRecord::create_ns);
  summary.setup_connect = time(&SetupRecord::connect_ns);
  summary.setup_teardown = time(&SetupRecord::teardown_ns);
}

void summarise_case(CaseRecord& c, const StateRecord* states, const ClockRecord& clock) {
  c.summary = {};
  judge(c);
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
    for (const auto figure : kFigures) summary.*figure = no_figure(name_of(c.status));
    return;
  }
  if (used.empty()) {
    const std::string why = fmt::format("none of {} launches in one canary state", completed);
    for (const auto figure : kFigures) summary.*figure = no_figure(why);
    summary.notes.push_back(why);
    return;
  }

  summarise_costs(summary, used);
  if (c.scenario == kPingPong) {
    summarise_ping_pong(summary, used, clock.overhead_ns);
  } else if (c.scenario == kStreaming) {
    summarise_streaming(summary, used, c);
  } else if (c.scenario == kSetup) {
    summarise_setup(summary, used);
  } else {
    for (const auto figure : kFigures) summary.*figure = no_figure("this version doesn't know the scenario");
  }
  summary.steady = commonest_class(used);
  summary.bimodal = is_bimodal(pooled_histogram(c), clock.resolution_ns);

  explain_short_figures(summary, used.size(), completed);
  summarise_calls(summary, c);
  summarise_channel(summary, c);
  if (summary.p50_from_mean) {
    summary.notes.push_back("p50 is under 10 x the clock's overhead: the unstamped mean stands in its place");
  }
  if (summary.bimodal) summary.notes.push_back("bimodal: the mean misleads");
  if (const int outliers = label_outliers(c); outliers > 0) {
    summary.notes.push_back(fmt::format("{} of {} launches labelled as outliers", outliers, used.size()));
  }
  if (const auto broken = c.launches.size() - completed; broken > 0) {
    summary.notes.push_back(fmt::format("{} of {} launches broke", broken, c.launches.size()));
  }
}

}  // namespace

void summarise(Result& result) {
  result.states = find_states(result.cases);
  for (CaseRecord& c : result.cases) summarise_case(c, states_at(result.states, c.placement), result.clock);
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

std::vector<std::size_t> cases_short_of(const Result& result, int launches) {
  const std::vector<std::size_t> lacking = launches_lacking(result, launches);
  std::vector<std::size_t> short_cases;
  for (std::size_t i = 0; i < lacking.size(); ++i) {
    if (lacking[i] > 0) short_cases.push_back(i);
  }
  return short_cases;
}

SparseHistogram pooled_histogram(const CaseRecord& c) {
  SparseHistogram pooled;
  for (const LaunchRecord& launch : c.launches) {
    if (launch.used) merge(pooled, launch.histogram);
  }
  return pooled;
}

const Figure& headline_rtt(const CaseSummary& summary) noexcept {
  return summary.p50_from_mean ? summary.rtt_mean : summary.rtt_p50;
}

bool carries_payload(const CaseRecord& c) noexcept { return c.size > 0; }

std::optional<double> per_op(const LaunchRecord& launch, double total) {
  return ratio(total, static_cast<double>(launch.verified));
}

std::optional<double> cpu_ns_per_op(const LaunchRecord& launch) {
  const std::optional<double> broker = launch.broker ? launch.broker->cpu_ns : 0;
  if (!broker) return std::nullopt;
  return per_op(launch, launch.usage[0].cpu_ns + launch.usage[1].cpu_ns + *broker);
}

std::optional<double> supported_quantile(const LaunchRecord& launch, double q) {
  if (!supports_quantile(count_of(launch.histogram), q)) return std::nullopt;
  return quantile(launch.histogram, q);
}

}  // namespace ipcbench

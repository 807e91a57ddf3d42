#include "harness/selftest/selftest.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/measure/clock_choice.h"
#include "harness/selftest/load_selftest.h"
#include "harness/selftest/test_launches.h"
#include "harness/selftest/timed_rounds.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using Readings = std::optional<std::vector<double>>;

constexpr auto kShort = 1500ms;  // deadline of launches that don't end by themselves
constexpr int kPatience = 4;     // factor for the next attempt if the deadline came before the fault

constexpr auto kTimedBudget = 90s;  // for all timed checks but those of open loops
constexpr auto kLoadBudget = 180s;  // for those

constexpr double kBusyNs = 10'000;               // work of a consumer, by a clock of its own
constexpr double kLeastBusyNs = 0.99 * kBusyNs;  // a bucket of the histogram is up to 0.8 % wide
constexpr double kMostAddedNs = 1000;
constexpr double kMostAddedToMeanNs = 2000;  // a block's start is part of its mean
constexpr std::size_t kBusySize = 8;         // one cache line with its turn
constexpr std::uint64_t kBusyWarmup = 10;
// 1 ms, which two processes sometimes get without interruption by the scheduler
constexpr std::uint64_t kBusyBlock = 100;
constexpr double kRateTolerance = 0.02;

constexpr double kDelayTolerance = 0.05;  // hand-overs differ more between launches than the clock errs
constexpr std::uint64_t kDelayBlock = 300;

constexpr double kStallNs = 10e6;
constexpr std::uint64_t kStallBlock = 10'000;  // ten stalls
constexpr double kStallQuantile = 0.9995;      // half of the stalls lie above it

// A fault and the failure that must be reported for it.
struct ExpectedFault {
  Scenario scenario;
  std::string_view transport;
  Status status;
  std::string_view reason;  // part of the reason
  std::chrono::milliseconds deadline = kGenerous;
};

constexpr ExpectedFault kExpectedFaults[] = {
    {Scenario::ping_pong, "corrupt", Status::invalid, "message 110 is corrupt"},
    {Scenario::streaming, "corrupt", Status::invalid, "message 110 is corrupt"},
    {Scenario::ping_pong, "lose", Status::timed_out, "consumer in phase unstamped block after 110", kShort},
    {Scenario::streaming, "lose", Status::invalid, "message 110 was lost"},
    {Scenario::ping_pong, "duplicate", Status::invalid, "message 110 came twice"},
    {Scenario::streaming, "duplicate", Status::invalid, "message 110 came twice"},
    {Scenario::streaming, "reorder", Status::invalid, "message 110 came out of order"},
    {Scenario::ping_pong, "truncate", Status::invalid, "message 110 was truncated: 32 of 64 bytes came"},
    {Scenario::streaming, "truncate", Status::invalid, "message 110 was truncated: 32 of 64 bytes came"},
    {Scenario::ping_pong, "echo-self", Status::invalid, "message 110 is the reader's own"},
    {Scenario::ping_pong, "die", Status::crashed,
     "consumer killed by SIGKILL in phase unstamped block after 110 messages"},
    {Scenario::streaming, "die", Status::crashed,
     "consumer killed by SIGKILL in phase streaming block after 110 messages"},
    {Scenario::ping_pong, "die-opening", Status::crashed,
     "consumer killed by SIGKILL in phase opening after 0 messages"},
    {Scenario::ping_pong, "hang", Status::timed_out, "consumer in phase unstamped block after 110", kShort},
    {Scenario::streaming, "hang", Status::timed_out, "consumer in phase streaming block after 110", kShort},
    {Scenario::ping_pong, "refuse", Status::crashed, "consumer: open the refused channel: Permission denied"},
    // Two producers with a channel each. What each sends as number 110 is its message 109, after a warm-up's end mark.
    {Scenario::fan_in, "corrupt", Status::invalid, "is corrupt"},
    {Scenario::fan_in, "lose", Status::invalid, "consumer 0: message 109 was lost"},
    {Scenario::fan_in, "duplicate", Status::invalid, "consumer 0: message 109 came twice"},
    {Scenario::fan_in, "reorder", Status::invalid, "consumer 0: message 109 came out of order"},
    {Scenario::fan_in, "truncate", Status::invalid, "was truncated: 32 of 64 bytes came"},
    {Scenario::fan_in, "die", Status::crashed, "consumer 0 killed by SIGKILL in phase streaming block"},
    {Scenario::fan_in, "hang", Status::timed_out, "consumer 0 has come least far, to phase streaming block", kShort},
    // Two channels between two seats, each with the fault.
    {Scenario::channels, "lose", Status::invalid, "consumer 0: message 110 was lost"},
    {Scenario::channels, "duplicate", Status::invalid, "consumer 0: message 110 came twice"},
    // Two seats that hold it for 100 us each: one of them loses its CPU meanwhile.
    {Scenario::contended, "no-lock", Status::invalid, "another process had the lock at the same time"},
};

class Selftest {
 public:
  Selftest(const Topology& topology, const SelftestRequest& request, RunObserver* observer)
      : request_(request),
        one_cpu_(topology.pair(Placement::same_cpu).value_or(CpuPair{})),
        two_cpus_(pair_of_two(topology)),
        clock_(choose_clock(topology.cpus())),
        launches_(clock_.clock, request.workers, observer) {
    // If the clock is slow to read, every stamp adds to the time.
    most_added_ns_ = std::max(kMostAddedNs, 3 * clock_.overhead_ns);
    launches_.plan(std::size(kExpectedFaults));
  }

  SelftestOutcome execute() {
    for (const ExpectedFault& fault : kExpectedFaults) {
      if (!launches_.stopped()) check_fault(fault);
    }
    if (!launches_.stopped()) check_timed();
    if (request_.checks_loads && !launches_.stopped()) check_loads();
    found_.stopped = launches_.stopped();
    return std::move(found_);
  }

 private:
  static std::optional<CpuPair> pair_of_two(const Topology& topology) {
    const std::optional<Placement> nearest = topology.nearest_other();
    return nearest ? topology.pair(*nearest) : std::nullopt;
  }

  void add(std::string name, std::string expected, std::string seen, CheckOutcome outcome) {
    if (!launches_.interrupted())
      found_.checks.push_back({std::move(name), std::move(expected), std::move(seen), outcome});
  }

  void check_fault(const ExpectedFault& fault) {
    LaunchRecord record;
    bool caught = false;
    // On a busy machine a deadline may come before the fault.
    for (auto deadline = fault.deadline; !caught && !launches_.stopped() && deadline <= kGenerous;
         deadline *= kPatience) {
      TestJob job{.scenario = fault.scenario, .transport = fault.transport, .deadline = deadline};
      if (fault.scenario == Scenario::fan_in) job.options.emplace(kSharingOption, to_string(Sharing::per_peer));
      if (fault.scenario == Scenario::channels) {
        job.options.emplace(kChannelsOption, "2");
        job.options.emplace(kMuxOption, to_string(MuxCall::epoll));
      }
      if (fault.scenario == Scenario::contended) {
        job.size = 0;
        job.options.emplace(kHoldOption, "100us");
      }
      record = launches_.run(job, one_cpu_).record;
      caught = record.status == fault.status && record.reason.find(fault.reason) != std::string::npos;
      if (record.status != Status::timed_out) break;
    }
    add(fmt::format("{}, {}", fault.transport, ipcbench::to_string(fault.scenario)),
        fmt::format("{}: {}", ipcbench::to_string(fault.status), fault.reason),
        fmt::format("{}{}{}", ipcbench::to_string(record.status), record.reason.empty() ? "" : ": ", record.reason),
        caught ? CheckOutcome::ok : CheckOutcome::missed);
  }

  void check_timed() {
    run_rounds(timed_checks(), kTimedBudget);
    if (!two_cpus_ && !launches_.stopped()) skip("busy, two CPUs", expected_busy());
  }

  void check_loads() {
    LoadSelftest loads(launches_, clock_, one_cpu_, two_cpus_);
    run_rounds(loads.checks(), kLoadBudget);
    if (launches_.stopped()) return;
    for (std::string& name : loads.skipped()) skip(std::move(name), "");
  }

  void run_rounds(std::vector<TimedRounds> timed, std::chrono::nanoseconds budget) {
    check_by_turns(timed, budget, launches_);
    for (const TimedRounds& one : timed) {
      // A check that a stop signal interrupted is left out.
      if (launches_.stopped() && !one.check.decided()) continue;
      add(one.check.name(), one.check.expected(), one.check.seen(), one.check.outcome());
    }
  }

  void skip(std::string name, std::string expected) {
    add(std::move(name), std::move(expected), "needs two CPUs, and this process may use one", CheckOutcome::skipped);
  }

  std::vector<TimedRounds> timed_checks() {
    const double none = std::numeric_limits<double>::infinity();
    const TimedFigure p50{.name = "p50", .low = kLeastBusyNs, .high = kBusyNs + most_added_ns_};
    const TimedFigure mean{.name = "mean",
                           .low = kLeastBusyNs,
                           .high = kBusyNs + most_added_ns_ + kMostAddedToMeanNs - kMostAddedNs,
                           .smallest = true};
    std::vector<TimedRounds> timed;
    const auto add_check = [&](TimedCheck check, std::size_t launches, Readings (Selftest::*read)(std::string&)) {
      timed.push_back({.check = std::move(check), .launches = launches, .read = [this, read](std::string& broken) {
                         return (this->*read)(broken);
                       }});
    };
    add_check(
        {"delay, ping-pong",
         "10 us more of work by the consumer add 10 us, within 5 %",
         {{.name = "difference", .low = kBusyNs * (1 - kDelayTolerance), .high = kBusyNs * (1 + kDelayTolerance)}}},
        2, &Selftest::read_delay);
    const TimedFigure more{
        .name = "10 us more", .low = kBusyNs * (1 - kRateTolerance), .high = kBusyNs * (1 + kRateTolerance)};
    add_check({"busy, one process", expected_busy() + ", and 10 us more as that, within 2 %", {p50, mean, more}}, 2,
              &Selftest::read_busy_alone);
    if (two_cpus_) add_check({"busy, two CPUs", expected_busy(), {p50, mean}}, 1, &Selftest::read_busy_spin);
    add_check({"stall, ping-pong",
               "1 of 1000 round trips takes 10 ms: p50 and p90 don't show it, p99.95 and max do",
               {{.name = "p50", .low = 0, .high = kStallNs / 10},
                {.name = "p90", .low = 0, .high = kStallNs},
                {.name = "p99.95", .low = kStallNs, .high = none},
                {.name = "max", .low = kStallNs, .high = none}}},
              1, &Selftest::read_stall);
    add_check({"null, ping-pong",
               "the loop alone is faster than a channel",
               {{.name = "loop", .low = 0, .high = none}, {.name = "loop - channel", .low = -none, .high = -1}}},
              2, &Selftest::read_null);
    return timed;
  }

  std::string expected_busy() const {
    return fmt::format("a consumer's 10 us of work are read as 10 us + at most {:.2g} us (mean: {:.2g} us)",
                       most_added_ns_ / 1e3, (most_added_ns_ + kMostAddedToMeanNs - kMostAddedNs) / 1e3);
  }

  // Returns the launch's record; none if it failed.
  std::optional<LaunchRecord> sound(const TestJob& job, CpuPair cpus, std::string& broken) {
    std::optional<LaunchOutcome> outcome = launches_.sound(job, cpus, broken);
    if (!outcome) return std::nullopt;
    return std::move(outcome->record);
  }

  // Both consumers are busy, so that the kernel schedules them alike.
  Readings read_delay(std::string& broken) {
    const auto less = sound({.transport = "delay", .ops = kDelayBlock}, one_cpu_, broken);
    const auto more = less ? sound({.transport = "delay-20us", .ops = kDelayBlock}, one_cpu_, broken) : std::nullopt;
    if (!more) return std::nullopt;
    return std::vector{median_of(more->histogram) - median_of(less->histogram)};
  }

  Readings read_busy(std::string_view transport, CpuPair cpus, std::string& broken) {
    const auto record = sound({.transport = transport,
                               .wait = WaitStrategy::spin,
                               .size = kBusySize,
                               .warmup = kBusyWarmup,
                               .ops = kBusyBlock},
                              cpus, broken);
    if (!record) return std::nullopt;
    return std::vector{median_of(record->histogram), record->mean_ns.value_or(0)};
  }
  // Without a hand-over, the time beyond 10 us is the harness's own.
  Readings read_busy_alone(std::string& broken) {
    auto readings = read_busy("busy-alone", one_cpu_, broken);
    const auto more = readings ? read_busy("busy-alone-20us", one_cpu_, broken) : std::nullopt;
    if (!more) return std::nullopt;
    readings->push_back(more->front() - readings->front());
    return readings;
  }
  Readings read_busy_spin(std::string& broken) { return read_busy("busy-spin", *two_cpus_, broken); }

  Readings read_stall(std::string& broken) {
    const auto record = sound({.transport = "stall", .ops = kStallBlock}, one_cpu_, broken);
    if (!record) return std::nullopt;
    const auto at = [&](double q) { return quantile(record->histogram, q).value_or(0); };
    return std::vector{at(0.5), at(0.9), at(kStallQuantile), record->max_ns.value_or(0)};
  }

  Readings read_null(std::string& broken) {
    const auto channel = sound({.transport = "carrier"}, one_cpu_, broken);
    const auto loop =
        channel ? sound({.transport = "null", .wait = WaitStrategy::spin}, one_cpu_, broken) : std::nullopt;
    if (!loop) return std::nullopt;
    const double loop_ns = median_of(loop->histogram);
    return std::vector{loop_ns, loop_ns - median_of(channel->histogram)};
  }

  // Returns the median, interpolated within its bucket, which may be 0.8 % wide.
  static double median_of(const SparseHistogram& histogram) {
    const double half = static_cast<double>(count_of(histogram)) / 2;
    double below = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      const double here = static_cast<double>(histogram.counts[i]);
      if (below + here >= half) {
        const std::uint64_t low = histogram.values_ns[i];
        const double width = static_cast<double>(Histogram::width(Histogram::index_of(low)));
        return static_cast<double>(low) + width * (half - below) / here;
      }
      below += here;
    }
    return 0;
  }

  SelftestRequest request_;
  CpuPair one_cpu_;
  std::optional<CpuPair> two_cpus_;
  ClockChoice clock_;
  double most_added_ns_ = kMostAddedNs;
  TestLaunches launches_;
  SelftestOutcome found_;
};

}  // namespace

CheckOutcome SelftestOutcome::worst() const noexcept {
  const auto any = [&](CheckOutcome outcome) {
    return std::ranges::any_of(checks, [=](const SelfCheck& check) { return check.outcome == outcome; });
  };
  if (any(CheckOutcome::missed)) return CheckOutcome::missed;
  return any(CheckOutcome::undecided) ? CheckOutcome::undecided : CheckOutcome::ok;
}

SelftestOutcome run_selftest(const Topology& topology, const SelftestRequest& request, RunObserver* observer) {
  return Selftest(topology, request, observer).execute();
}

}  // namespace ipcbench

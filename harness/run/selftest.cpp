#include "harness/run/selftest.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/os/run_dir.h"
#include "harness/run/launch.h"
#include "results/statistics.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock;

constexpr std::uint64_t kWarmup = 100;  // fewer than the number of the message that lies are about: 150
constexpr std::uint64_t kBlock = 1000;
constexpr auto kGenerous = 60s;  // for launches that end by themselves
constexpr auto kShort = 1500ms;  // for those that don't
constexpr std::uint64_t kSeed = 0x5e1f7e57;

constexpr double kDelayNs = 10'000;
constexpr double kDelayTolerance = 0.02;
constexpr int kDelayPairs = 21;
constexpr std::uint64_t kDelayBlock = 2000;

constexpr double kStallNs = 10e6;
constexpr std::uint64_t kStallBlock = 10'000;  // ten stalls
constexpr double kStallQuantile = 0.9995;      // half of them are above it

// What a lie must be caught as.
struct Lie {
  Scenario scenario;
  std::string_view transport;
  Status status;
  std::string_view reason;  // a part of it
  std::chrono::milliseconds deadline = kGenerous;
};

constexpr Lie kLies[] = {
    {Scenario::ping_pong, "corrupt", Status::invalid, "message 150 is corrupt"},
    {Scenario::streaming, "corrupt", Status::invalid, "message 150 is corrupt"},
    {Scenario::ping_pong, "lose", Status::timed_out, "consumer in phase unstamped block after 150", kShort},
    {Scenario::streaming, "lose", Status::invalid, "message 150 was lost"},
    {Scenario::ping_pong, "duplicate", Status::invalid, "message 150 came twice"},
    {Scenario::streaming, "duplicate", Status::invalid, "message 150 came twice"},
    {Scenario::streaming, "reorder", Status::invalid, "message 150 came out of order"},
    {Scenario::ping_pong, "truncate", Status::invalid, "message 150 was truncated: 32 of 64 bytes came"},
    {Scenario::streaming, "truncate", Status::invalid, "message 150 was truncated: 32 of 64 bytes came"},
    {Scenario::ping_pong, "echo-self", Status::invalid, "message 150 is the reader's own"},
    {Scenario::ping_pong, "die", Status::crashed,
     "consumer killed by SIGKILL in phase unstamped block after 150 messages"},
    {Scenario::streaming, "die", Status::crashed,
     "consumer killed by SIGKILL in phase streaming block after 150 messages"},
    {Scenario::ping_pong, "hang", Status::timed_out, "consumer in phase unstamped block after 150", kShort},
    {Scenario::streaming, "hang", Status::timed_out, "consumer in phase streaming block after 150", kShort},
    {Scenario::ping_pong, "refuse", Status::crashed, "consumer: open the refused channel: Permission denied"},
};

class Selftest {
 public:
  Selftest(const Topology& topology, RunObserver* observer)
      : observer_(observer),
        one_cpu_(topology.pair(Placement::same_cpu).value_or(CpuPair{})),
        two_cpus_(pair_of_two(topology)),
        run_dir_(RunDir::create()),
        clock_(choose_clock(topology.cpus()).clock),
        total_(std::size(kLies) + std::size_t{2} * kDelayPairs + 2) {}

  SelftestReport execute() {
    for (const Lie& lie : kLies) {
      if (!stopped()) check_lie(lie);
    }
    if (!stopped()) check_delay();
    if (!stopped()) check_stall();
    if (!stopped()) check_null();
    report_.stopped = stopped();
    return std::move(report_);
  }

 private:
  struct Job {
    Scenario scenario = Scenario::ping_pong;
    std::string_view transport;
    WaitStrategy wait = WaitStrategy::block;
    std::uint64_t ops = kBlock;
    std::chrono::nanoseconds deadline = kGenerous;
  };

  static std::optional<CpuPair> pair_of_two(const Topology& topology) {
    const std::optional<Placement> nearest = topology.nearest_other();
    return nearest ? topology.pair(*nearest) : std::nullopt;
  }

  bool stopped() const { return interrupted_ || stop_requested(); }

  LaunchRecord run(const Job& job, CpuPair cpus) {
    const CaseSpec spec{
        .scenario = job.scenario, .transport = std::string(job.transport), .wait = job.wait, .size = 64};
    const std::string id = spec.id();
    if (observer_ != nullptr) {
      const std::chrono::nanoseconds elapsed = Time::now() - begin_;
      const std::chrono::nanoseconds left = elapsed * (total_ - done_) / std::max<std::size_t>(done_, 1);
      observer_->progress(
          {.stage = "selftest", .case_id = id, .done = done_, .total = total_, .elapsed = elapsed, .left = left});
    }
    ++done_;
    LaunchOutcome outcome = launch({.spec = spec,
                                    .cpus = cpus,
                                    .seed = kSeed + done_,
                                    .block_ops = job.ops,
                                    .warmup_ops = kWarmup,
                                    .deadline = job.deadline,
                                    .clock = clock_},
                                   run_dir_);
    interrupted_ = interrupted_ || outcome.interrupted;
    return std::move(outcome.record);
  }

  void add(std::string name, std::string expected, std::string seen, bool passed) {
    if (!interrupted_) report_.checks.push_back({std::move(name), std::move(expected), std::move(seen), passed});
  }
  void add_broken(std::string name, std::string expected, const LaunchRecord& record) {
    add(std::move(name), std::move(expected), fmt::format("{}: {}", ipcbench::name_of(record.status), record.reason),
        false);
  }

  void check_lie(const Lie& lie) {
    const LaunchRecord record =
        run({.scenario = lie.scenario, .transport = lie.transport, .deadline = lie.deadline}, one_cpu_);
    const bool caught = record.status == lie.status && record.reason.find(lie.reason) != std::string::npos;
    add(fmt::format("{}, {}", lie.transport, ipcbench::name_of(lie.scenario)),
        fmt::format("{}: {}", ipcbench::name_of(lie.status), lie.reason),
        fmt::format("{}{}{}", ipcbench::name_of(record.status), record.reason.empty() ? "" : ": ", record.reason),
        caught);
  }

  // Both consumers are busy, so that the kernel schedules them alike; in turn, so that what drifts hits both alike.
  void check_delay() {
    const std::string name = "delay, ping-pong", expected = "10 us more of work by the consumer add 10 us, within 2 %";
    std::vector<double> differences;
    for (int pair = 0; pair < kDelayPairs && !stopped(); ++pair) {
      const LaunchRecord less = run({.transport = "delay", .ops = kDelayBlock}, one_cpu_);
      const LaunchRecord more = run({.transport = "delay-20us", .ops = kDelayBlock}, one_cpu_);
      for (const LaunchRecord* record : {&less, &more}) {
        if (record->status != Status::ok) return add_broken(name, expected, *record);
      }
      differences.push_back(median_of(more.histogram) - median_of(less.histogram));
    }
    if (stopped()) return;
    const double seen = median(differences);
    add(name, expected, fmt::format("{:.2f} us, {:+.1f} %", seen / 1e3, 100 * (seen / kDelayNs - 1)),
        std::abs(seen / kDelayNs - 1) <= kDelayTolerance);
  }

  void check_stall() {
    const std::string name = "stall, ping-pong",
                      expected = "1 of 1000 round trips takes 10 ms: p50 and p90 don't show it, p99.95 and max do";
    const LaunchRecord record = run({.transport = "stall", .ops = kStallBlock}, one_cpu_);
    if (record.status != Status::ok) return add_broken(name, expected, record);
    const double p50 = quantile(record.histogram, 0.5).value_or(0);
    const double p90 = quantile(record.histogram, 0.9).value_or(0);
    const double high = quantile(record.histogram, kStallQuantile).value_or(0);
    const double max = record.max_ns.value_or(0);
    add(name, expected,
        fmt::format("p50 {:.1f} us, p90 {:.1f} us, p99.95 {:.2f} ms, max {:.2f} ms", p50 / 1e3, p90 / 1e3, high / 1e6,
                    max / 1e6),
        p50 < kStallNs / 10 && p90 < kStallNs && high >= kStallNs && max >= kStallNs);
  }

  // Needs two CPUs: both sides run all the time.
  void check_null() {
    if (!two_cpus_) return;
    const std::string name = "null, ping-pong", expected = "the loop alone is faster than a channel";
    const LaunchRecord channel = run({.transport = "carrier"}, *two_cpus_);
    const LaunchRecord alone = run({.transport = "null", .wait = WaitStrategy::spin}, *two_cpus_);
    for (const LaunchRecord* record : {&channel, &alone}) {
      if (record->status != Status::ok) return add_broken(name, expected, *record);
    }
    const double loop_ns = median_of(alone.histogram), channel_ns = median_of(channel.histogram);
    add(name, expected, fmt::format("{:.0f} ns, carrier {:.0f} ns", loop_ns, channel_ns), loop_ns < channel_ns);
  }

  // Interpolated within its bucket, which alone may be 0.8 % wide.
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

  RunObserver* observer_;
  CpuPair one_cpu_;
  std::optional<CpuPair> two_cpus_;
  RunDir run_dir_;
  Clock clock_;
  std::size_t total_;
  std::size_t done_ = 0;
  Time::time_point begin_ = Time::now();
  bool interrupted_ = false;
  SelftestReport report_;
};

}  // namespace

bool SelftestReport::passed() const noexcept {
  return !stopped && std::all_of(checks.begin(), checks.end(), [](const SelfCheck& check) { return check.passed; });
}

SelftestReport run_selftest(const Topology& topology, RunObserver* observer) {
  return Selftest(topology, observer).execute();
}

}  // namespace ipcbench

#include "harness/selftest/load_selftest.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/floors/noise.h"
#include "results/figures/load_summary.h"
#include "results/figures/statistics.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kRate = 10'000;
constexpr std::size_t kFirstMissOfLoads = kLooks.front();  // their rounds are long, and noise is no miss

// The stop lies after the slices 6 to 10 and before the last five, by which a load is judged overloaded.
constexpr std::uint64_t kStalledMs = 1000;
constexpr auto kStopAt = 550ms;
constexpr auto kStop = 100ms;
// Few of them fit a channel of 64 KiB, beside those that are due in a stop.
constexpr std::size_t kStalledSize = 1024;
constexpr std::uint64_t kSaturationOneWay = 50'000;  // messages: some 50 ms
constexpr std::uint64_t kSaturationRoundTrip = 10'000;
constexpr int kFirstSaturations = 3;

constexpr std::uint64_t kPacedMs = 500;
constexpr auto kLate = 300us;
constexpr auto kLateEvery = 2ms;
constexpr auto kLateFrom = 5ms;
constexpr double kLateServices = 0.2;       // by as many as sends are late, services may be as long
constexpr double kNoiseLateServices = 1.5;  // three messages are due in a stop

constexpr double kStopsPerHole = 4;  // at least, or the launch is no worse than its CPUs

constexpr double kMostDistance = 1.95;
constexpr double kNoiseDistance = 5;

constexpr std::uint64_t kBusyConsumerRate = 10'000;  // of "delay-100us"
constexpr std::uint64_t kOverloadMs = 250;
constexpr std::array<std::uint64_t, 3> kOverloadPercent = {50, 80, 110};

constexpr std::uint64_t kOneWayMs = 100;
constexpr double kOneWayError = 0.05, kOneWayOverheads = 3;  // whichever is larger
constexpr double kNoiseOneWay = 5;
constexpr double kSameState = 1.5;  // canaries of one state are nearer

// So long that one hole of some milliseconds doesn't make the CPUs seem too noisy.
constexpr std::uint64_t kNoiseNs = 1'000'000'000;

TimedFigure flag(std::string name, double wanted, std::optional<double> noise_high = {}) {
  return {.name = std::move(name), .low = wanted, .high = wanted, .noise_high = noise_high, .unit = FigureUnit::none};
}

// Returns whether a stop is what was asked for: whoever stops another may be held up itself. It must have been seen at
// once, and have ended before the last five slices.
bool is_as_asked(const WorkerStop& stop) {
  constexpr double kMostError = 0.01;
  constexpr std::uint64_t kLastEndNs = kStalledMs * 1'000'000 * 3 / 4;
  return static_cast<double>(stop.seen_ns - stop.begin_ns) < kMostError * static_cast<double>(stop.length_ns()) &&
         stop.end_ns <= kLastEndNs;
}

// Returns a load of a constant rate. A timer drives its sender.
TestJob paced_job(std::string_view transport, std::uint64_t rate_per_s, std::uint64_t ms) {
  return {.scenario = Scenario::rate,
          .transport = transport,
          .options = {{std::string(kRateOption), std::to_string(rate_per_s)}},
          .ops = rate_per_s * ms / 1000};
}

double bytes_forward(const LaunchRecord& record) {
  for (const BufferRecord& buffer : record.buffers) {
    if (buffer.direction != "backward") return static_cast<double>(buffer.size);
  }
  return 0;
}

}  // namespace

LoadSelftest::LoadSelftest(TestLaunches& launches, const ClockChoice& clock, CpuPair one_cpu,
                           std::optional<CpuPair> two_cpus)
    : launches_(launches), one_cpu_(one_cpu), two_cpus_(two_cpus) {
  clock_.overhead_ns = clock.overhead_ns;
  if (two_cpus_) noise_ = measure_noise(clock.clock, std::vector{two_cpus_->producer, two_cpus_->consumer}, kNoiseNs);
}

std::vector<TimedRounds> LoadSelftest::checks() {
  std::vector<TimedRounds> timed;
  const auto add = [&](std::string name, std::string expected, std::vector<TimedFigure> figures, std::size_t launches,
                       std::function<Readings(std::string&)> read) {
    timed.push_back({.check = {std::move(name), std::move(expected), std::move(figures), kFirstMissOfLoads},
                     .launches = launches,
                     .read = std::move(read)});
  };
  for (const std::string_view transport : {"pipe", "posix-shm"}) {
    for (const auto& [side, name] : {std::pair(StoppedSide::sender, "sender"),
                                     {StoppedSide::answerer, "answerer"},
                                     {StoppedSide::receiver, "receiver"}}) {
      add(fmt::format("stopped {}, {}", name, transport), expected_of_stalled(side), stalled_figures(side), 2,
          [this, transport, side = side](std::string& broken) { return read_stalled(transport, side, broken); });
    }
  }
  add("overload, rate", "a consumer's rate is known: at 50 and 80 % of it no launch is overloaded, at 110 % each is",
      {flag("overloaded at 50 %", 0, 1), flag("at 80 %", 0, 1), flag("at 110 %", 1)}, kOverloadPercent.size(),
      [this](std::string& broken) { return read_overload(broken); });
  if (!two_cpus_) return timed;
  add("late pacer, rate",
      "a pacer that is stopped every 2 ms is unsteady, one that isn't is steady; service doesn't show it",
      {flag("unsteady with stops", 1),
       flag("without", 0, 1),
       {.name = "services as late / sends as late",
        .low = 0,
        .high = kLateServices,
        .noise_high = kNoiseLateServices,
        .unit = FigureUnit::none}},
      2, [this](std::string& broken) { return read_late_pacer(broken); });
  add("schedule, rate", "messages are sent at exponential gaps: Kolmogorov-Smirnov distance under 1.95 / sqrt(n)",
      {{.name = "distance * sqrt(n)",
        .low = 0,
        .high = kMostDistance,
        .noise_high = kNoiseDistance,
        .unit = FigureUnit::none}},
      1, [this](std::string& broken) { return read_schedule(broken); });
  add("one way, rate", "there and back, by the clocks of two CPUs, is the round trip, within 5 % or 3 clock overheads",
      {{.name = "difference / what is allowed",
        .low = -1,
        .high = 1,
        .noise_low = -kNoiseOneWay,
        .noise_high = kNoiseOneWay,
        .unit = FigureUnit::none}},
      3, [this](std::string& broken) { return read_one_way(broken); });
  return timed;
}

std::vector<std::string> LoadSelftest::skipped() const {
  if (two_cpus_) return {};
  return {"late pacer, rate", "schedule, rate", "one way, rate"};
}

// Noise only lowers a saturation, so the highest is the nearest to that at which a backlog drains.
std::optional<double> LoadSelftest::saturation(const TestJob& like, std::string& broken) {
  TestJob all_due = like;
  all_due.options.erase(std::string(kRateOption));
  const bool answered = all_due.options.contains(kFormOption);
  all_due.ops = answered ? kSaturationRoundTrip : kSaturationOneWay;
  double& highest = saturations_[fmt::format("{} {}", like.transport, answered)];
  for (int i = highest == 0 ? kFirstSaturations : 1; i > 0; --i) {
    const auto outcome = launches_.sound(all_due, one_cpu_, broken);
    if (!outcome) return std::nullopt;
    highest = std::max(highest, outcome->record.load->achieved_per_s);
  }
  return highest;
}

LoadSelftest::Readings LoadSelftest::read_stalled(std::string_view transport, StoppedSide side, std::string& broken) {
  TestJob stalled = paced_job(transport, kRate, kStalledMs);
  stalled.size = kStalledSize;
  if (side == StoppedSide::answerer) stalled.options.emplace(kFormOption, "round-trip");
  const std::optional<double> highest = saturation(stalled, broken);
  if (!highest) return std::nullopt;
  stalled.stops = WorkerStops{
      .role = side == StoppedSide::sender ? Role::producer : Role::consumer, .first = kStopAt, .length = kStop};
  const auto outcome = launches_.sound(stalled, one_cpu_, broken);
  if (!outcome || outcome->stops.empty() || !is_as_asked(outcome->stops.front())) return std::nullopt;
  const StalledLoad known{.rate_per_s = static_cast<double>(kRate),
                          .saturation_per_s = *highest,
                          .channel_holds = bytes_forward(outcome->record) / static_cast<double>(kStalledSize),
                          .stop_ns = static_cast<double>(outcome->stops.front().length_ns())};
  return stalled_readings(side, *outcome->record.load, known);
}

bool LoadSelftest::is_unsteady(const TestJob& job, LaunchRecord record) const {
  CaseRecord c{.scenario = job.scenario, .cpus = record.cpus};
  c.options.insert(c.options.end(), job.options.begin(), job.options.end());
  c.launches.push_back(std::move(record));
  judge_steadiness(c, clock_, noise_);
  return c.launches.front().load->unsteady;
}

// Where the CPUs themselves have many holes, a pacer may be as late, and services as long without a stop. Each stop
// makes one message late: those behind it go out when that has gone.
LoadSelftest::Readings LoadSelftest::read_late_pacer(std::string& broken) {
  TestJob paced = paced_job("pipe", kRate, kPacedMs);
  paced.wait = WaitStrategy::spin;  // what blocks is woken late now and then
  paced.options.emplace(kPacerOption, "spin");
  const auto steady = launches_.sound(paced, *two_cpus_, broken);
  if (!steady) return std::nullopt;
  paced.stops = WorkerStops{.role = Role::producer,
                            .first = kLateFrom,
                            .length = kLate,
                            .period = kLateEvery,
                            .count = (kPacedMs * 1ms - 2 * kLateFrom) / kLateEvery};
  const auto late = launches_.sound(paced, *two_cpus_, broken);
  if (!late || late->record.load->overloaded || steady->record.load->overloaded) return std::nullopt;
  const double holes = std::ranges::max(noise_, {}, &NoiseRecord::stolen_ratio).stolen_ratio;
  const double stops = static_cast<double>(late->stops.size()) / static_cast<double>(paced.ops);
  constexpr double kHalfNs = std::chrono::duration<double, std::nano>(kLate).count() / 2;
  const double long_anyway = count_over(steady->record.load->service, kHalfNs);
  if (holes * kStopsPerHole > stops || long_anyway > kLateServices * static_cast<double>(late->stops.size()))
    return std::nullopt;
  const LoadRecord& load = *late->record.load;
  const double sends = count_over(load.lateness, kHalfNs);
  return std::vector{is_unsteady(paced, late->record) ? 1.0 : 0.0, is_unsteady(paced, steady->record) ? 1.0 : 0.0,
                     count_over(load.service, kHalfNs) / std::max(sends, 1.0)};
}

// Gaps of the sent times can be read where no send takes long.
LoadSelftest::Readings LoadSelftest::read_schedule(std::string& broken) {
  TestJob random = paced_job("posix-shm", kRate, kPacedMs);
  random.wait = WaitStrategy::spin;
  random.options.emplace(kPacerOption, "spin");
  random.options.emplace(kScheduleOption, "poisson");
  random.keeps_times = true;
  const auto outcome = launches_.sound(random, *two_cpus_, broken);
  if (!outcome) return std::nullopt;
  std::vector<double> gaps = gaps_in_time(outcome->times.planned_ns, outcome->times.sent_ns);
  if (gaps.size() < random.ops / 2) return std::nullopt;
  constexpr double kMeanNs = 1e9 / kRate;
  return std::vector{exponential_distance(std::move(gaps), kMeanNs)};
}

LoadSelftest::Readings LoadSelftest::read_overload(std::string& broken) {
  std::vector<double> readings;
  for (const std::uint64_t percent : kOverloadPercent) {
    TestJob load = paced_job("delay-100us", kBusyConsumerRate * percent / 100, kOverloadMs);
    const auto outcome = launches_.sound(load, two_cpus_.value_or(one_cpu_), broken);
    if (!outcome) return std::nullopt;
    readings.push_back(outcome->record.load->overloaded ? 1 : 0);
  }
  return readings;
}

// Rule 25. The round trip is paced, too: a pause of some microseconds alone may make the next hand-over of a cache line
// slower. Launches between which the distance of the CPUs has changed aren't alike.
LoadSelftest::Readings LoadSelftest::read_one_way(std::string& broken) {
  TestJob one_way = paced_job("posix-shm", kRate, kOneWayMs);
  one_way.wait = WaitStrategy::spin;
  one_way.options.emplace(kPacerOption, "spin");
  TestJob answered = one_way;
  answered.options.emplace(kFormOption, "round-trip");
  std::vector<double> times, canaries;
  const CpuPair back{.producer = two_cpus_->consumer, .consumer = two_cpus_->producer};
  for (const auto& [job, cpus] : {std::pair(&one_way, *two_cpus_), {&answered, *two_cpus_}, {&one_way, back}}) {
    const auto outcome = launches_.sound(*job, cpus, broken);
    if (!outcome) return std::nullopt;
    const std::optional<double> time = quantile(outcome->record.load->service, 0.5);
    if (!time || !outcome->record.canary_ns) return std::nullopt;
    times.push_back(*time);
    canaries.insert(canaries.end(), outcome->record.canary_ns->begin(), outcome->record.canary_ns->end());
  }
  if (std::ranges::max(canaries) > kSameState * std::ranges::min(canaries)) return std::nullopt;
  const double allowed = std::max(kOneWayError * times[1], kOneWayOverheads * clock_.overhead_ns);
  return std::vector{(times[0] + times[2] - times[1]) / allowed};
}

}  // namespace ipcbench

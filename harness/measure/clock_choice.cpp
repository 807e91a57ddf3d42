#include "harness/measure/clock_choice.h"

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/measure/clock_order.h"
#include "harness/process/affinity.h"
#include "harness/process/scoped_affinity.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

namespace ipcbench {
namespace {

constexpr std::uint64_t kOneQ32 = std::uint64_t{1} << 32;

// Returns why the TSC can't be used, or nothing.
std::optional<std::string> objection_to_tsc() {
#if defined(__x86_64__)
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  constexpr unsigned kRdtscp = 1u << 27;       // leaf 0x80000001, EDX
  constexpr unsigned kInvariantTsc = 1u << 8;  // leaf 0x80000007, EDX
  if (__get_cpuid(0x80000001, &a, &b, &c, &d) == 0 || (d & kRdtscp) == 0) return "the CPU has no rdtscp";
  if (__get_cpuid(0x80000007, &a, &b, &c, &d) == 0 || (d & kInvariantTsc) == 0) return "the TSC is not invariant";
  // The kernel watches its clocksource and gives up a TSC that drifts or differs between packages.
  const std::optional<std::string> source =
      read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  if (!source) return "the kernel's clocksource can't be read";
  if (*source != "tsc") return fmt::format("kernel clocksource is {}, not tsc", *source);
  return std::nullopt;
#else
  return "the CPU is not an x86-64";
#endif
}

// Instant is one instant on both clocks: in the middle of `ticks ± half_width`, CLOCK_MONOTONIC_RAW was `raw_ns`.
struct Instant {
  double ticks = 0;
  double half_width = 0;
  std::uint64_t first_tick = 0;  // what `ticks` counts from
  std::uint64_t raw_ns = 0;
};

Instant tightest_instant(const Clock& tsc) noexcept {
  const Clock raw{};
  Instant best{.half_width = std::numeric_limits<double>::infinity()};
  for (int i = 0; i < 500; ++i) {
    const std::uint64_t before = tsc.begin();
    const std::uint64_t raw_ns = raw.begin();
    const std::uint64_t after = tsc.end();
    const double half_width = static_cast<double>(after - before) / 2;
    if (half_width < best.half_width) {
      best = {.ticks = half_width, .half_width = half_width, .first_tick = before, .raw_ns = raw_ns};
    }
  }
  return best;
}

// Returns the nanoseconds per tick; nullopt if no two instants were sharp enough for an error under 1 ppm.
std::optional<double> calibrate(const Clock& tsc) {
  constexpr double kTolerance = 1e-6;
  const Instant first = tightest_instant(tsc);
  for (int attempt = 0; attempt < 10; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
    const Instant last = tightest_instant(tsc);
    const double ticks = static_cast<double>(last.first_tick - first.first_tick) + last.ticks - first.ticks;
    const double ns_per_tick = static_cast<double>(last.raw_ns - first.raw_ns) / ticks;
    if ((first.half_width + last.half_width) / ticks < kTolerance) return ns_per_tick;
  }
  return std::nullopt;
}

// Returns the smallest step between two readings that differ. On some virtual machines the TSC steps by many ticks.
double resolution_ns(const Clock& clock) noexcept {
  std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t last = clock.end();
  for (int seen = 0; seen < 10'000;) {
    const std::uint64_t now = clock.end();
    if (now == last) continue;
    smallest = std::min(smallest, now - last);
    last = now;
    ++seen;
  }
  return static_cast<double>(smallest) * (static_cast<double>(clock.ns_per_tick_q32) / static_cast<double>(kOneQ32));
}

ClockChoice describe(const Clock& clock, double hz, const ClockOrder& order, std::string reason) {
  std::vector<ClockPairRecord> pairs;
  for (const ClockPair& pair : order.pairs) pairs.push_back(pair_record(pair, clock));
  return {.clock = clock,
          .hz = hz,
          .overhead_ns = clock_overhead_ns(clock),
          .resolution_ns = resolution_ns(clock),
          .cross_cpu_ok = order.ok,
          .reason = std::move(reason),
          .pairs = std::move(pairs)};
}

ClockChoice choose_raw(std::span<const int> cpus, std::string reason) {
  const Clock raw{};
  const ClockOrder order = test_clock_order(raw, cpus);
  if (!order.ok) reason += fmt::format("; CLOCK_MONOTONIC_RAW: {}", order.problem);
  return describe(raw, 1e9, order, std::move(reason));
}

}  // namespace

double clock_overhead_ns(const Clock& clock) noexcept {
  constexpr int kPairs = 200;
  std::array<std::uint64_t, 101> batches;
  for (std::uint64_t& batch : batches) {
    const std::uint64_t begin = clock.begin();
    for (int i = 0; i < kPairs; ++i) {
      const std::uint64_t ticks = clock.end() - clock.begin();
      asm volatile("" : : "r"(ticks));  // or the reads of CLOCK_MONOTONIC_RAW could be merged
    }
    batch = clock.end() - begin;
  }
  auto* const middle = batches.begin() + batches.size() / 2;
  std::nth_element(batches.begin(), middle, batches.end());
  return static_cast<double>(clock.to_ns(*middle)) / kPairs;
}

ClockChoice choose_clock(std::span<const int> cpus) {
  if (const std::string refused = pinning_refusal(); !refused.empty()) {
    return describe(Clock{}, 1e9, ClockOrder{}, fmt::format("no clock can be tested across CPUs: {}", refused));
  }
  const ScopedAffinity restore;
  for (std::size_t left = cpus.size(); left > 0; --left) pin_to(Cpu{cpus[left - 1]});  // all usable; ends on the first

  if (std::optional<std::string> objection = objection_to_tsc()) return choose_raw(cpus, std::move(*objection));
  Clock tsc{.kind = ClockKind::tsc};
  const ClockOrder order = test_clock_order(tsc, cpus);
  if (!order.ok) return choose_raw(cpus, "TSC: " + order.problem);
  const std::optional<double> ns_per_tick = calibrate(tsc);
  if (!ns_per_tick) return choose_raw(cpus, "the TSC's rate could not be measured to 1 ppm");
  tsc.ns_per_tick_q32 = static_cast<std::uint64_t>(std::llround(*ns_per_tick * static_cast<double>(kOneQ32)));
  return describe(tsc, 1e9 / *ns_per_tick, order,
                  cpus.size() > 1 ? "the TSC is invariant, the kernel's clocksource and in order across the CPUs in use"
                                  : "the TSC is invariant and the kernel's clocksource");
}

}  // namespace ipcbench

#include "harness/floors/noise.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <system_error>

#include "harness/base/io.h"
#include "harness/base/take_line.h"
#include "harness/measure/histogram.h"
#include "harness/measure/timer.h"
#include "harness/process/affinity.h"
#include "harness/process/scoped_affinity.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kGapNs = 1'000;  // what the loop itself never takes
constexpr std::uint64_t kSleepNs = 200'000;
constexpr std::uint64_t kFewestForMedian = 20;  // ten sleeps above it

void spin(const Clock& clock, std::uint64_t duration_ns, NoiseRecord& noise) noexcept {
  std::uint64_t gaps = 0;
  std::uint64_t stolen_ns = 0;
  std::uint64_t max_ns = 0;
  const std::uint64_t first = clock.begin();
  std::uint64_t last = first;
  do {
    const std::uint64_t now = clock.end();
    const std::uint64_t gap_ns = clock.to_ns(now - last);
    last = now;
    max_ns = std::max(max_ns, gap_ns);
    if (gap_ns <= kGapNs) continue;
    stolen_ns += gap_ns;
    ++gaps;
  } while (clock.to_ns(last - first) < duration_ns);
  noise.spin_gaps = gaps;
  noise.spin_gap_max_ns = static_cast<double>(max_ns);
  noise.stolen_ratio =
      static_cast<double>(stolen_ns) / static_cast<double>(std::max<std::uint64_t>(1, clock.to_ns(last - first)));
}

void sleep_repeatedly(std::uint64_t duration_ns, Histogram& lateness, NoiseRecord& noise) noexcept {
  const NoTimerSlack precise;
  const std::uint64_t first = monotonic_ns();
  std::uint64_t now;
  do {
    const std::uint64_t due = monotonic_ns() + kSleepNs;
    sleep_until_monotonic(due);
    now = monotonic_ns();
    const std::uint64_t late_ns = now - std::min(now, due);
    lateness.record(late_ns);
    noise.wakeup_max_ns = std::max(noise.wakeup_max_ns.value_or(0), static_cast<double>(late_ns));
  } while (now - first < duration_ns);
  noise.wakeups = lateness.count();
  if (noise.wakeups >= kFewestForMedian) noise.wakeup_p50_ns = lateness.quantile(0.5);
}

std::string_view take_word(std::string_view& line) noexcept {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

template <class Number>
std::optional<Number> number_in(std::string_view word) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

}  // namespace

std::vector<NoiseRecord> measure_noise(const Clock& clock, std::span<const int> cpus, std::uint64_t duration_ns) {
  const ScopedAffinity restore;
  std::vector<NoiseRecord> all;
  for (const int cpu : cpus) {
    pin_to(Cpu{cpu});
    const auto lateness = std::make_unique<Histogram>();
    NoiseRecord noise{.cpu = cpu};
    spin(clock, duration_ns / 2, noise);
    sleep_repeatedly(duration_ns / 2, *lateness, noise);
    all.push_back(noise);
  }
  return all;
}

SystemCounters parse_system_counters(std::string_view proc_stat, std::span<const int> cpus,
                                     std::uint64_t ticks_per_second) {
  constexpr int kSteal = 8;  // proc_stat(5): user nice system idle iowait irq softirq steal
  SystemCounters counters;
  std::uint64_t steal_ticks = 0;
  std::ptrdiff_t cpus_found = 0;
  while (!proc_stat.empty()) {
    std::string_view line = take_line(proc_stat);
    std::string_view name = take_word(line);
    if (name == "intr") {
      counters.interrupts = number_in<std::uint64_t>(take_word(line));
    } else if (name.substr(0, 3) == "cpu") {
      name.remove_prefix(3);  // the line without a number is their sum
      const auto wanted =
          name.empty() ? (cpus.empty() ? 1 : 0) : std::count(cpus.begin(), cpus.end(), number_in<int>(name));
      if (wanted == 0) continue;
      std::string_view field;
      for (int i = 0; i < kSteal; ++i) field = take_word(line);
      const std::optional<std::uint64_t> ticks = number_in<std::uint64_t>(field);
      if (!ticks) continue;
      steal_ticks += *ticks;
      cpus_found += wanted;
    }
  }
  if (cpus_found == std::max(std::ssize(cpus), std::ptrdiff_t{1}) && ticks_per_second != 0) {
    counters.steal_ns = steal_ticks * (1'000'000'000 / ticks_per_second);
  }
  return counters;
}

SystemCounters read_system_counters(std::span<const int> cpus) {
  try {
    return parse_system_counters(read_file("/proc/stat"), cpus, static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
  } catch (const std::system_error&) {
    return {};
  }
}

}  // namespace ipcbench

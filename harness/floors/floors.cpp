#include "harness/floors/floors.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <limits>
#include <new>

#include "harness/floors/canary.h"
#include "harness/floors/line_touch.h"
#include "harness/floors/run_pair.h"
#include "harness/measure/clock_choice.h"
#include "harness/memory/futex.h"
#include "harness/memory/mapping.h"
#include "harness/process/affinity.h"
#include "harness/process/scoped_affinity.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kCanaryNs = 5'000'000;
constexpr std::uint64_t kMemcpyNs = 2'000'000;
constexpr std::uint64_t kWarmUpNs = 5'000'000;  // as long as a launch's: a CPU may take that long to reach its speed

template <class Value>
Value median(std::span<Value> values) noexcept {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double measure_syscall(const Clock& clock) noexcept {
  constexpr int kCalls = 100;
  std::array<std::uint64_t, 101> batches;
  for (std::uint64_t& batch : batches) {
    const std::uint64_t begin = clock.begin();
    for (int i = 0; i < kCalls; ++i) ::syscall(SYS_getppid);
    batch = clock.end() - begin;
  }
  return static_cast<double>(clock.to_ns(median(std::span<std::uint64_t>(batches)))) / kCalls;
}

double measure_cache_line(const Clock& clock, int producer_cpu, int consumer_cpu) {
  struct Shared {
    CanaryLine line;
    CanaryResult result;
  };
  const Mapping memory = Mapping::shared_anonymous(sizeof(Shared));
  auto& shared = *new (memory.data()) Shared{};
  run_pair("cache line floor", producer_cpu, consumer_cpu, [&](Role role) {
    const CanaryResult result = run_canary(shared.line, role, clock, kCanaryNs);
    if (role == Role::producer) shared.result = result;
  });
  return shared.result.rtt_ns;
}

// FutexPair measures a futex round trip: two words, each written by one side and awaited by the other. Like every
// mechanism on futexes, the writer makes the system call only if the other side sleeps or is about to. On one CPU the
// woken side often runs before the waker has gone to sleep, and half of the calls are saved. Flags and words are
// seq_cst: whoever sets a flag looks at the word again, whoever changes the word looks at the flag.
struct FutexPair {
  static constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kWarmUp = 100;  // at least
  static constexpr std::size_t kRoundTrips = 1001;

  struct alignas(kCacheLine) Direction {
    std::atomic<std::uint32_t> value{0};
    std::atomic<std::uint32_t> sleeps{0};

    void send(std::uint32_t next) noexcept {
      value = next;
      if (sleeps != 0 && sleeps.exchange(0) != 0) futex_wake(address(sleeps), 1);
    }
    std::uint32_t await_change(std::uint32_t seen) noexcept {
      while (value == seen) {
        sleeps = 1;
        if (value == seen) futex_wait(address(sleeps), 1);
        sleeps = 0;
      }
      return value;
    }
  };

  Direction ping;
  Direction pong;
  alignas(kCacheLine) std::array<std::uint64_t, kRoundTrips> ticks{};

  void produce(const Clock& clock) noexcept {
    std::uint32_t sent = 0;
    const auto round_trip = [&]() noexcept {
      const std::uint64_t begin = clock.begin();
      ping.send(sent + 1);
      pong.await_change(sent);
      ++sent;
      return clock.end() - begin;
    };
    for (const std::uint64_t first = clock.begin(); sent < kWarmUp || clock.to_ns(clock.end() - first) < kWarmUpNs;) {
      round_trip();
    }
    for (std::uint64_t& time : ticks) time = round_trip();
    ping.send(kEnd);
  }
  void answer() noexcept {
    for (std::uint32_t seen = 0; (seen = ping.await_change(seen)) != kEnd;) pong.send(seen);
  }

 private:
  static const std::uint32_t* address(const std::atomic<std::uint32_t>& word) noexcept {
    static_assert(sizeof word == sizeof(std::uint32_t) && std::atomic<std::uint32_t>::is_always_lock_free);
    return reinterpret_cast<const std::uint32_t*>(&word);
  }
};

}  // namespace

double futex_rtt_ns(const Clock& clock, int producer_cpu, int consumer_cpu) {
  const Mapping memory = Mapping::shared_anonymous(sizeof(FutexPair));
  auto& pair = *new (memory.data()) FutexPair;
  run_pair("futex floor", producer_cpu, consumer_cpu,
           [&](Role role) { role == Role::producer ? pair.produce(clock) : pair.answer(); });
  return static_cast<double>(clock.to_ns(median(std::span<std::uint64_t>(pair.ticks))));
}

double memcpy_bytes_per_s(const Clock& clock, std::size_t size) {
  const Mapping source = Mapping::private_anonymous(size);
  const Mapping destination = Mapping::private_anonymous(size);
  std::memset(source.data(), 1, size);  // private pages that were only read are all the one page of zeros
  const std::size_t copies = std::max<std::size_t>(1, (std::size_t{64} << 10) / size);  // a few us a batch at least
  std::vector<std::uint64_t> batches;
  const std::uint64_t first = clock.begin();
  std::uint64_t end;
  do {
    const std::uint64_t begin = clock.begin();
    for (std::size_t i = 0; i < copies; ++i) {
      std::memcpy(destination.data(), source.data(), size);
      asm volatile("" : : "r"(destination.data()) : "memory");  // every copy's result may be looked at
    }
    end = clock.end();
    batches.push_back(end - begin);
  } while (clock.to_ns(end - first) < kMemcpyNs || batches.size() < 5);
  const std::uint64_t ns = std::max<std::uint64_t>(1, clock.to_ns(median(std::span<std::uint64_t>(batches))));
  return static_cast<double>(copies * size) * 1e9 / static_cast<double>(ns);
}

FloorRecord measure_floors(const Clock& clock, int producer_cpu, int consumer_cpu, std::span<const std::size_t> sizes) {
  FloorRecord floors{.placement = {}, .cpus = {producer_cpu, consumer_cpu}};
  {
    const ScopedAffinity restore;
    if (producer_cpu >= 0) pin_to(Cpu{producer_cpu});
    floors.clock_read_ns = clock_overhead_ns(clock);
    floors.syscall_ns = measure_syscall(clock);
    for (const std::size_t size : sizes) floors.memcpy.push_back({size, memcpy_bytes_per_s(clock, size)});
  }
  const bool two_cpus = producer_cpu >= 0 && consumer_cpu >= 0 && producer_cpu != consumer_cpu;
  if (two_cpus) floors.cache_line_rtt_ns = measure_cache_line(clock, producer_cpu, consumer_cpu);
  floors.futex_rtt_ns = futex_rtt_ns(clock, producer_cpu, consumer_cpu);
  for (const std::size_t size : sizes) {
    floors.line_touch.push_back({size, measure_line_touch(clock, producer_cpu, consumer_cpu, size)});
  }
  return floors;
}

}  // namespace ipcbench

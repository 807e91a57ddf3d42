#include "harness/measure/clock_order.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/measure/bytes.h"
#include "harness/memory/mapping.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"
#include "harness/process/scoped_affinity.h"

namespace ipcbench {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr std::uint64_t kRounds = 2000;           // two exchanges each
constexpr std::uint64_t kEnoughExchanges = 1000;  // of a pair that ran out of time
constexpr int kTries = 3;                         // of a pair whose process is killed
constexpr std::chrono::milliseconds kPairLimit{1000};
constexpr std::chrono::milliseconds kTotalLimit{2000};

struct alignas(kCacheLine) Ball {
  std::atomic<std::uint64_t> turn{0};
  std::atomic<std::uint64_t> stamp{0};
  std::atomic<bool> dropped{false};
};

struct Seen {
  std::uint64_t exchanges = 0;
  std::uint64_t worst_ticks = 0;                                          // how far back the clock went
  std::uint64_t least_ticks = std::numeric_limits<std::uint64_t>::max();  // from a stamp's sending to its receipt
};

bool wait_for_turn(Ball& ball, std::uint64_t turn, Deadline deadline) noexcept {
  for (unsigned tries = 1; ball.turn.load(std::memory_order_acquire) != turn; ++tries) {
    if (ball.dropped.load(std::memory_order_relaxed)) return false;
    // It doesn't yield: on CPUs shared with other work, the two sides meet only while both keep theirs.
    if (tries % 4096 == 0 && std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

Seen exchange(const Clock& clock, Ball& ball, std::uint64_t first_turn, Deadline deadline) noexcept {
  Seen seen;
  for (std::uint64_t turn = first_turn; turn < 2 * kRounds; turn += 2) {
    if (!wait_for_turn(ball, turn, deadline)) {
      ball.dropped.store(true, std::memory_order_relaxed);
      break;
    }
    const std::uint64_t sent = ball.stamp.load(std::memory_order_relaxed);
    const std::uint64_t received = clock.begin();
    if (turn != 0) ++seen.exchanges;
    if (received < sent) seen.worst_ticks = std::max(seen.worst_ticks, sent - received);
    if (turn != 0) seen.least_ticks = std::min(seen.least_ticks, received - std::min(sent, received));
    ball.stamp.store(clock.end(), std::memory_order_relaxed);
    ball.turn.store(turn + 1, std::memory_order_release);
  }
  return seen;
}

// What the two processes of a pair share. Zeroed at first.
struct Shared {
  Ball ball;
  Seen second;
};

// Exchanges stamps once; returns whether both sides have come to their ends.
bool exchange_between(const Clock& clock, int first_cpu, int second_cpu, std::array<Seen, 2>& seen) {
  const Mapping memory = Mapping::shared_anonymous(sizeof(Shared));
  auto& shared = *new (memory.data()) Shared;
  const Deadline deadline = std::chrono::steady_clock::now() + kPairLimit;
  pin_to(Cpu{second_cpu});  // a CPU that can't be used is reported here
  pin_to(Cpu{first_cpu});
  Child second = Child::spawn("ipcbench-clock", [&] {
    pin_to(Cpu{second_cpu});
    shared.second = exchange(clock, shared.ball, 1, deadline);
    return 0;
  });
  seen[0] = exchange(clock, shared.ball, 0, deadline);
  const bool whole = second.wait().clean();
  seen[1] = shared.second;
  return whole;
}

// Returns what each side saw: [0] the first CPU, [1] the second.
std::array<Seen, 2> exchange_between(const Clock& clock, int first_cpu, int second_cpu) {
  std::array<Seen, 2> seen;
  for (int tries = 1; !exchange_between(clock, first_cpu, second_cpu, seen) && tries < kTries;) ++tries;
  return seen;
}

std::vector<std::pair<int, int>> pairs_of(std::span<const int> cpus) {
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t i = 1; i < cpus.size(); ++i) {
    pairs.emplace_back(cpus[0], cpus[i]);
    if (i > 1) pairs.emplace_back(cpus[i - 1], cpus[i]);
  }
  std::erase_if(pairs, [](const std::pair<int, int>& pair) { return pair.first == pair.second; });
  return pairs;
}

}  // namespace

ClockPairRecord pair_record(const ClockPair& pair, const Clock& clock) noexcept {
  const auto there = static_cast<double>(clock.to_ns(pair.there_ticks));
  const auto back = static_cast<double>(clock.to_ns(pair.back_ticks));
  return {.cpus = {pair.first, pair.second}, .offset_ns = (there - back) / 2, .error_ns = (there + back) / 2};
}

ClockOrder test_clock_order(const Clock& clock, std::span<const int> cpus) {
  const ScopedAffinity restore;
  const Deadline deadline = std::chrono::steady_clock::now() + kTotalLimit;
  ClockOrder order;
  for (const auto& [first, second] : pairs_of(cpus)) {
    if (std::chrono::steady_clock::now() > deadline) {
      order.problem = fmt::format("the order test did not get to CPUs {} and {} in {} ms", first, second,
                                  static_cast<std::int64_t>(kTotalLimit.count()));
      return order;
    }
    const std::array<Seen, 2> seen = exchange_between(clock, first, second);
    const std::uint64_t exchanges = seen[0].exchanges + seen[1].exchanges;
    order.exchanges += exchanges;
    if (const std::uint64_t worst = std::max(seen[0].worst_ticks, seen[1].worst_ticks); worst != 0) {
      const bool second_is_behind = seen[1].worst_ticks == worst;
      order.problem = fmt::format("the clock of CPU {} is {} ticks behind that of CPU {}",
                                  second_is_behind ? second : first, worst, second_is_behind ? first : second);
      return order;
    }
    if (exchanges < kEnoughExchanges) {
      order.problem = fmt::format("CPUs {} and {} managed only {} exchanges of the order test in {} ms", first, second,
                                  exchanges, static_cast<std::int64_t>(kPairLimit.count()));
      return order;
    }
    order.pairs.push_back(
        {.first = first, .second = second, .there_ticks = seen[1].least_ticks, .back_ticks = seen[0].least_ticks});
  }
  order.ok = true;
  return order;
}

}  // namespace ipcbench

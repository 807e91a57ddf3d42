#include "harness/floors/canary_watch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <stdexcept>

#include "harness/floors/canary.h"
#include "harness/floors/run_pair.h"
#include "harness/memory/mapping.h"

namespace ipcbench {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::uint64_t kRoundNs = 100'000'000;  // between two questions whether to go on
constexpr std::size_t kMostOfARound = 100;

struct Round {
  std::array<CanaryLine, kMostOfARound> lines;
  std::array<double, kMostOfARound> rtt_ns;
};

std::uint64_t nanoseconds_since(SteadyTime start) {
  const auto elapsed = std::chrono::steady_clock::now() - start;
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count());
}

}  // namespace

CanaryWatch watch_canary(const Clock& clock, int producer_cpu, int consumer_cpu, std::uint64_t duration_ns,
                         std::uint64_t canary_ns, const std::function<bool()>& go_on) {
  canary_ns = std::max<std::uint64_t>(canary_ns, 1);
  const SteadyTime start = std::chrono::steady_clock::now();
  CanaryWatch watch;
  std::uint64_t elapsed_ns = 0;
  do {
    if (!go_on()) {
      watch.stopped = true;
      return watch;
    }
    const std::uint64_t left_ns = std::min(kRoundNs, duration_ns - std::min(duration_ns, elapsed_ns));
    const std::size_t count = std::clamp<std::size_t>(left_ns / canary_ns, 1, kMostOfARound);
    // Each round has fresh, zeroed memory, as a canary's line must be.
    const Mapping memory = Mapping::shared_anonymous(sizeof(Round));
    auto& round = *new (memory.data()) Round{};
    try {
      run_pair("canary", producer_cpu, consumer_cpu, [&](Role role) {
        for (std::size_t i = 0; i < count; ++i) {
          const CanaryResult result = run_canary(round.lines[i], role, clock, canary_ns);
          if (role == Role::producer) round.rtt_ns[i] = result.rtt_ns;
        }
      });
    } catch (const std::runtime_error&) {
      if (go_on()) throw;
      watch.stopped = true;
      return watch;
    }
    watch.rtt_ns.insert(watch.rtt_ns.end(), round.rtt_ns.begin(),
                        round.rtt_ns.begin() + static_cast<std::ptrdiff_t>(count));
    elapsed_ns = nanoseconds_since(start);
  } while (elapsed_ns < duration_ns);
  return watch;
}

}  // namespace ipcbench

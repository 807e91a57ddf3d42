#include "scenarios/rate.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/selftest/load_checks.h"

namespace ipcbench {
namespace {

// A flow whose messages take no time and go nowhere.
struct NoFlow {
  void begin_send() noexcept {}
  bool put() noexcept { return true; }
  bool finish_send(RunLog&) noexcept { return true; }
  bool send(std::uint64_t, RunLog&) noexcept { return true; }
  bool receive(std::uint64_t, RunLog&) noexcept { return true; }
  bool receive_stamped(std::uint64_t, RunLog&, std::uint64_t*) noexcept { return true; }
  bool settle(RunLog&) noexcept { return true; }
  ResourceUsage usage_at_end(const ResourceUsage& before) noexcept { return before; }
};

// Whatever else runs on the machine: the gaps of messages that were sent in time are as planned.
TEST(SendBySchedule, AtRandomTimesLeavesExponentialGaps) {
  constexpr std::size_t kMessages = 4000;
  constexpr std::uint64_t kRate = 20'000;
  const Clock clock;  // its ticks are ns
  std::vector<std::uint64_t> planned(kMessages), sent(kMessages), ready(kMessages), received(kMessages);
  const Stamps stamps{.planned = planned, .sent = sent, .ready = ready, .received = received};
  plan(stamps, clock, Schedule({.rate_per_s = kRate, .arrivals = Arrivals::poisson}, 1));
  NoFlow flow;
  const std::uint64_t begin = clock.end();
  ASSERT_TRUE(send_by_schedule(flow, stamps, Pacer(Pacing::spin, clock), clock, begin));
  for (std::size_t i = 0; i < kMessages; ++i) {
    planned[i] += begin;
    ASSERT_GE(sent[i], planned[i]) << "message " << i << " was sent before its time";
  }
  std::vector<double> gaps = gaps_in_time(planned, sent);
  if (gaps.size() < 200) GTEST_SKIP() << "the clock or the machine is too slow: " << gaps.size() << " sent in time";
  EXPECT_LT(exponential_distance(std::move(gaps), 1e9 / kRate), 2.5);
}

}  // namespace
}  // namespace ipcbench

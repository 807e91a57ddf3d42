#include "scenarios/rate.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "harness/measure/schedule.h"
#include "scenarios/list/open_loop.h"

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

// The schedule's own gaps are tested without a clock, and those of real messages by `selftest --loads`.
TEST(SendBySchedule, SendsAtItsTimeOrAsSoonAsTheMessageBeforeIsGone) {
  constexpr std::size_t kMessages = 4000;
  const Clock clock;  // its ticks are ns
  std::vector<std::uint64_t> planned(kMessages), sent(kMessages), ready(kMessages), received(kMessages);
  const Stamps stamps{.planned = planned, .sent = sent, .ready = ready, .received = received};
  plan(stamps, clock, Schedule({.rate_per_s = 20'000, .arrivals = Arrivals::poisson}, 1));
  NoFlow flow;
  const std::uint64_t begin = clock.end();
  ASSERT_TRUE(send_by_schedule(flow, stamps, Pacer(Pacing::spin, clock), clock, begin));
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const std::uint64_t due = begin + planned[i];
    if (before < due) {
      ASSERT_GE(sent[i], due) << "message " << i << " was sent before its time";
    } else {
      ASSERT_EQ(sent[i], before) << "message " << i << " was late, and was not sent at once";
    }
    before = ready[i];
    ASSERT_GE(before, sent[i]);
  }
}

}  // namespace
}  // namespace ipcbench

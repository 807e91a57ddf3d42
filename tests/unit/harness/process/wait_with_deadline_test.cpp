#include "harness/process/wait_with_deadline.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <new>

#include <gtest/gtest.h>

#include "harness/memory/mapping.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

class WaitWithDeadline : public testing::Test {
 protected:
  const Mapping memory_ = Mapping::shared_anonymous(sizeof(std::atomic<std::uint32_t>));
  std::atomic<std::uint32_t>& steps_ = *new (memory_.data()) std::atomic<std::uint32_t>(0);
};

TEST_F(WaitWithDeadline, KillsWhatDoesNotEnd) {
  Child child = Child::spawn("hangs", [] { return ::pause(); });
  EXPECT_FALSE(wait_with_deadline(child, 1ms));
  EXPECT_FALSE(child.running());
}

TEST_F(WaitWithDeadline, ReturnsWhenTheChildHasEnded) {
  Child child = Child::spawn("ends", [] { return 0; });
  EXPECT_TRUE(wait_with_deadline(child, 1h));
}

TEST_F(WaitWithDeadline, KillsWhatStandsStill) {
  Child child = Child::spawn("hangs", [&] {
    steps_ = 7;
    return ::pause();
  });
  EXPECT_FALSE(wait_while_it_goes_on(child, steps_, 10ms));
  EXPECT_FALSE(child.running());
}

TEST_F(WaitWithDeadline, LeavesWhatGoesOnAllItsTime) {
  constexpr auto kStandstill = 500ms;
  Child child = Child::spawn("goes on", [&] {
    const auto end = std::chrono::steady_clock::now() + 2 * kStandstill;
    while (std::chrono::steady_clock::now() < end) ++steps_;
    return 0;
  });
  EXPECT_TRUE(wait_while_it_goes_on(child, steps_, kStandstill));
}

}  // namespace
}  // namespace ipcbench

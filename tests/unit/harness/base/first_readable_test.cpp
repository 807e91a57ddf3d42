#include "harness/base/first_readable.h"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"
#include "harness/process/child.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

class FirstReadable : public testing::Test {
 protected:
  FirstReadable() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    out_.reset(ends[0]);
    in_.reset(ends[1]);
  }

  UniqueFd out_, in_;
};

TEST_F(FirstReadable, IsTheFirstOfThoseThatAre) {
  ASSERT_EQ(::write(in_.get(), "x", 1), 1);
  EXPECT_EQ(first_readable({-1, out_.get(), out_.get()}, Deadline()), 1u);
  EXPECT_EQ(first_readable({-1, in_.get(), -1, out_.get()}, std::nullopt), 3u);
}

TEST_F(FirstReadable, MayHaveHungUp) {
  in_.reset();
  EXPECT_EQ(first_readable({out_.get()}, std::nullopt), 0u);
}

TEST_F(FirstReadable, IsNoneAtTheDeadline) {
  EXPECT_EQ(first_readable({out_.get()}, Deadline()), std::nullopt);
  const Deadline deadline = std::chrono::steady_clock::now() + 1ms;
  EXPECT_EQ(first_readable({out_.get(), -1}, deadline), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
}

TEST_F(FirstReadable, IsOfFourAtMost) {
  EXPECT_THROW(first_readable({-1, -1, -1, -1, -1}, Deadline()), std::logic_error);
}

// In a process of its own, which signals interrupt all the time.
TEST_F(FirstReadable, IsWaitedForAcrossSignals) {
  Child child = Child::spawn("ipcbench-test", [this] {
    static volatile std::sig_atomic_t signals;
    signals = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { signals = signals + 1; };
    ::sigaction(SIGALRM, &action, nullptr);
    const itimerval often{.it_interval = {.tv_sec = 0, .tv_usec = 1000}, .it_value = {.tv_sec = 0, .tv_usec = 1000}};
    ::setitimer(ITIMER_REAL, &often, nullptr);
    const Deadline deadline = std::chrono::steady_clock::now() + 50ms;
    if (first_readable({out_.get()}, deadline) || std::chrono::steady_clock::now() < deadline) return 1;
    return signals > 1 ? 0 : 2;
  });
  EXPECT_EQ(child.wait().code, 0);
}

}  // namespace
}  // namespace ipcbench

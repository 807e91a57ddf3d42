#include "scenarios/stall_timer.h"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/base/sanitizers.h"
#include "harness/base/unique_fd.h"
#include "harness/sdk/stall_patience.h"

namespace ipcbench {
namespace {

struct Writer {
  std::uint64_t count = 0;
  std::uint64_t most = 0;
  int fd = -1;
  bool ended = false;

  static void write_all(void* self) {
    Writer& writer = *static_cast<Writer*>(self);
    for (const char byte[4096] = {}; writer.count < writer.most; ++writer.count) {
      if (::write(writer.fd, byte, sizeof byte) != sizeof byte) return;
    }
    writer.ended = true;
  }
};

constexpr const char* kHeldBack = "the thread sanitizer holds signals back";

class StallTimer : public testing::Test {
 protected:
  void SetUp() override {
    if (kThreadSanitized) GTEST_SKIP() << kHeldBack;
    int fds[2];
    if (::pipe(fds) != 0) throw std::runtime_error("pipe");
    read_end_.reset(fds[0]);
    write_end_.reset(fds[1]);
  }
  UniqueFd read_end_, write_end_;
};

TEST_F(StallTimer, LeavesASenderThatSleepsInAFullPipe) {
  Writer writer{.most = 1000, .fd = write_end_.get()};
  run_until_stall(writer.count, 16, Writer::write_all, &writer);
  EXPECT_EQ(writer.count, 16u);  // of 64 KiB
  EXPECT_FALSE(writer.ended);
}

TEST_F(StallTimer, ComesEarlierThanLikelyToo) {
  Writer writer{.most = 1000, .fd = write_end_.get()};
  run_until_stall(writer.count, 1000, Writer::write_all, &writer);
  EXPECT_EQ(writer.count, 16u);
}

struct Worker {
  std::uint64_t count = 0;
  std::uint64_t most = 0;

  static void work(void* self) {
    Worker& worker = *static_cast<Worker*>(self);
    for (std::uint64_t step = 0; step < worker.most; ++step) asm volatile("");
    worker.count = 1;
  }
};

// A spinning sender is abandoned as stalled unless its message is large.
TEST_F(StallTimer, LeavesASenderAtWorkOnALargeMessageInPeace) {
  Worker worker{.most = 20'000'000};
  set_stall_patience(std::size_t{1} << 30);
  run_until_stall(worker.count, 0, Worker::work, &worker);
  set_stall_patience(0);
  EXPECT_EQ(worker.count, 1u);
  Writer writer{.most = 1000, .fd = write_end_.get()};
  set_stall_patience(std::size_t{1} << 30);
  run_until_stall(writer.count, 16, Writer::write_all, &writer);  // it sleeps
  set_stall_patience(0);
  EXPECT_EQ(writer.count, 16u);
}

// A slow host can deliver one signal after the other while the sender gets nowhere.
TEST_F(StallTimer, DoesNotBlameASenderThatCouldNotRun) {
  struct HeldUp {
    std::uint64_t count = 0;
    static void wait(void* self) {
      for (int i = 0; i < 20; ++i) ::raise(SIGALRM);
      static_cast<HeldUp*>(self)->count = 1;
    }
  } sender;
  run_until_stall(sender.count, 0, HeldUp::wait, &sender);
  EXPECT_EQ(sender.count, 1u);
}

TEST_F(StallTimer, LetsASenderThatIsDoneReturn) {
  Writer writer{.most = 8, .fd = write_end_.get()};
  run_until_stall(writer.count, 16, Writer::write_all, &writer);
  EXPECT_EQ(writer.count, 8u);
  EXPECT_TRUE(writer.ended);
}

TEST_F(StallTimer, WorksAgainAfterwards) {
  for (int i = 0; i < 3; ++i) {
    Writer writer{.most = 1000, .fd = write_end_.get()};
    run_until_stall(writer.count, i == 0 ? 16 : 0, Writer::write_all, &writer);
    EXPECT_EQ(writer.count, i == 0 ? 16u : 0u);
  }
}

TEST(StallOfASpinner, IsSeenToo) {
  if (kThreadSanitized) GTEST_SKIP() << kHeldBack;
  static constexpr std::uint64_t kSpins = 100'000'000;
  struct Spinner {
    std::uint64_t count = 0;
    static void spin(void* self) {
      volatile std::uint64_t& count = static_cast<Spinner*>(self)->count;
      while (true) {
        if (count < kSpins) count = count + 1;  // spins through many periods
      }
    }
  } spinner;
  run_until_stall(spinner.count, kSpins, Spinner::spin, &spinner);
  EXPECT_EQ(spinner.count, kSpins);
}

}  // namespace
}  // namespace ipcbench

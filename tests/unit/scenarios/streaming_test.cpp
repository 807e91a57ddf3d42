// Checks streams that may lose or merge messages, over in-memory endpoints between two threads.

#include "scenarios/streaming.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

constexpr std::uint64_t kWarmup = 100;
constexpr std::uint64_t kOps = 1000;
constexpr auto kQuiet = std::chrono::milliseconds(10);

// Loses every tenth datagram. A receive times out after a silence of kQuiet.
class EveryTenthLost {
 public:
  static constexpr bool kMayLose = true;

  IoStatus send(ConstBytes message) noexcept {
    const std::lock_guard lock(mutex_);
    if (++sent_ % 10 != 0) queue_.emplace_back(message.begin(), message.end());
    changed_.notify_one();
    return IoStatus::ok;
  }
  Received receive(Bytes buffer) noexcept {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kQuiet, [&] { return !queue_.empty(); })) return {IoStatus::timed_out, 0};
    const std::vector<std::byte> message = std::move(queue_.front());
    queue_.pop_front();
    std::copy_n(message.begin(), std::min(message.size(), buffer.size()), buffer.begin());
    return {IoStatus::ok, message.size()};
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<std::byte>> queue_;
  std::uint64_t sent_ = 0;
};

// An event counter: one await() takes all pending events.
class CountingEndpoint {
 public:
  IoStatus notify() noexcept {
    const std::lock_guard lock(mutex_);
    ++pending_;
    changed_.notify_one();
    return IoStatus::ok;
  }
  Awaited await() noexcept { return {IoStatus::ok, take(1)}; }

 protected:
  // Waits until at least `least` events are pending.
  std::uint64_t take(std::uint64_t least) noexcept {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pending_ >= least; });
    return std::exchange(pending_, 0);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t pending_ = 0;
};

// Merges like a pending signal: at least three become one.
class MergingEndpoint : public CountingEndpoint {
 public:
  Awaited await() noexcept {
    take(3);
    return {IoStatus::ok, 1};
  }
};

// Fails in the middle of the block.
class FailingEndpoint : public CountingEndpoint {
 public:
  IoStatus notify() noexcept { return ++notified_ > kWarmup * 2 ? IoStatus::peer_closed : CountingEndpoint::notify(); }

 private:
  std::uint64_t notified_ = 0;
};

struct Stream {
  std::unique_ptr<RunLog> log = std::make_unique<RunLog>();  // zeroed
  std::uint64_t end = 0;                                     // by the specification's clock
};

// Runs a whole streaming launch with a thread for each side.
template <AnyEndpoint E>
Stream run(LoopSpec spec) {
  E endpoint;
  Stream stream;
  spec.scenario = Scenario::streaming;
  spec.warmup_ops = kWarmup;
  spec.block_ops = kOps;
  std::thread producer([&] { run_streaming(endpoint, Role::producer, spec, *stream.log); });
  run_streaming(endpoint, Role::consumer, spec, *stream.log);
  stream.end = spec.clock.end();
  producer.join();
  for (const SideLog& side : stream.log->sides) EXPECT_EQ(side.failure, Failure::none);
  return stream;
}

TEST(LossyFlow, CountsWhatIsLost) {
  for (const std::size_t size : {1u, 4u, 8u, 64u, 1500u}) {
    const Stream stream = run<EveryTenthLost>({.seed = 3, .message_size = size});
    EXPECT_EQ(stream.log->block_ops_sent, kOps) << size;
    EXPECT_EQ(stream.log->block_ops_done, kOps * 9 / 10) << size;
  }
}

TEST(LossyFlow, TimeEndsAtTheLastVerifiedMessage) {
  // The last message is lost, so that the receiver waits for silence. That wait is not part of the stream.
  const LoopSpec spec{.message_size = 64};
  const Stream stream = run<EveryTenthLost>(spec);
  EXPECT_GE(spec.clock.to_ns(stream.end - stream.log->block_end),
            static_cast<std::uint64_t>(std::chrono::nanoseconds(kQuiet).count()));
  EXPECT_GT(stream.log->block_end, stream.log->block_begin);
}

TEST(NotifyFlow, LosesNothingOfACounter) {
  const Stream stream = run<CountingEndpoint>({});
  EXPECT_EQ(stream.log->block_ops_done, kOps);
  EXPECT_EQ(stream.log->block_ops_sent, kOps);
}

TEST(NotifyFlow, CountsWhatIsMerged) {
  const Stream stream = run<MergingEndpoint>({.merges = true});
  EXPECT_EQ(stream.log->block_ops_sent, kOps);
  EXPECT_GT(stream.log->block_ops_done, 0u);
  EXPECT_LE(stream.log->block_ops_done, kOps / 3 + 1);
}

TEST(NotifyFlow, SaysWhichNotificationBroke) {
  FailingEndpoint endpoint;
  const auto log = std::make_unique<RunLog>();
  const LoopSpec spec{.scenario = Scenario::streaming};
  NotifyFlow<FailingEndpoint> flow(endpoint, spec, log->side(Role::producer));
  EXPECT_FALSE(flow.send(kOps, *log));
  EXPECT_EQ(log->side(Role::producer).failure, Failure::peer_closed);
  EXPECT_EQ(log->side(Role::producer).failed_sequence, kWarmup * 2);
}

}  // namespace
}  // namespace ipcbench

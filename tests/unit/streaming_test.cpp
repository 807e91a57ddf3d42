// Streams that may lose or merge, over endpoints in memory between two threads.

#include "scenarios/streaming.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ipcbench {
namespace {

constexpr std::uint64_t kWarmup = 100;
constexpr std::uint64_t kOps = 1000;
constexpr auto kQuiet = std::chrono::milliseconds(50);

// Loses every tenth datagram; nothing for kQuiet: timed out.
class LossyEndpoint {
 public:
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
  // The next datagram is received as the last one.
  void swap_last_two() {
    const std::lock_guard lock(mutex_);
    std::swap(queue_.front(), queue_.back());
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<std::byte>> queue_;
  std::uint64_t sent_ = 0;
};

// An event counter: await() takes all there are, but at least `least`; with `merging` they count as one.
class CounterEndpoint {
 public:
  explicit CounterEndpoint(std::uint64_t least, bool merging) : least_(least), merging_(merging) {}

  IoStatus notify() noexcept {
    const std::lock_guard lock(mutex_);
    ++pending_;
    changed_.notify_one();
    return IoStatus::ok;
  }
  Awaited await() noexcept {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pending_ >= least_; });
    return {IoStatus::ok, merging_ ? std::exchange(pending_, 0) / pending_or_one() : std::exchange(pending_, 0)};
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t pending_ = 0;
  std::uint64_t least_;
  bool merging_;
};

}  // namespace
}  // namespace ipcbench

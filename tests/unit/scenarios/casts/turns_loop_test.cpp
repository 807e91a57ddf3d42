#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "harness/measure/cast_log.h"
#include "harness/sdk/lock_endpoint.h"
#include "scenarios/casts/seat_loop.h"

namespace ipcbench {
namespace {

// A lock that nobody else wants. It counts what is asked of it.
struct CountedLock {
  IoStatus lock() noexcept {
    ++locks;
    if (when_locked) when_locked();
    return status;
  }
  IoStatus unlock() noexcept {
    ++unlocks;
    if (when_unlocked) when_unlocked();
    return IoStatus::ok;
  }

  int locks = 0, unlocks = 0;
  IoStatus status = IoStatus::ok;
  std::function<void()> when_locked, when_unlocked;
};

class Turns : public ::testing::Test {
 protected:
  // Returns whether the seat's part of a batch of so many turns went well.
  bool take(std::uint64_t turns) { return loop().batch(turns, 1); }
  SeatLoop& loop() {
    if (loop_ == nullptr) loop_ = turns_loop(seat_, board_, *log_);
    return *loop_;
  }

  CountedLock lock_;
  Cast cast_{.pattern = {.producers = 1, .consumers = 0}};
  LoopSpec spec_{.scenario = Scenario::contended};
  std::array<Channel, 1> channels_{Channel{.ops = &kLockOps<CountedLock>, .self = &lock_}};
  CastSeat seat_{.seat = {}, .cast = cast_, .spec = spec_, .channels = channels_};
  Board board_{};
  std::unique_ptr<SeatLog> log_ = std::make_unique<SeatLog>();
  std::unique_ptr<SeatLoop> loop_;
};

TEST_F(Turns, OfASingleSeatAreAllItsOwn) {
  EXPECT_TRUE(take(100));
  EXPECT_EQ(log_->sent, 100u);
  EXPECT_EQ(board_.guarded.turns, 100u);
  EXPECT_EQ(lock_.locks, 100);
  EXPECT_EQ(lock_.unlocks, 100);
  EXPECT_GE(log_->last, log_->first);
  EXPECT_EQ(log_->times.count(), 0u) << "nothing is stamped";
}

TEST_F(Turns, EndForASeatThatFindsNoneLeft) {
  board_.guarded.turns = 100;
  EXPECT_TRUE(take(100));
  EXPECT_EQ(log_->sent, 0u);
  EXPECT_EQ(log_->last, 0u) << "another one has ended the block";
  EXPECT_EQ(lock_.unlocks, 1);
}

TEST_F(Turns, AreStampedInAStampedBlock) {
  log_->side.phase = Phase::stamped;
  EXPECT_TRUE(take(100));
  EXPECT_EQ(log_->times.count(), 100u);
  EXPECT_EQ(log_->handovers.count(), 0u) << "its own lock isn't handed over";
}

TEST_F(Turns, AreHandedOverByWhoeverGaveTheLockBackMeanwhile) {
  log_->side.phase = Phase::stamped;
  lock_.when_locked = [&] {
    board_.guarded.holder = 2;
    board_.guarded.given_back = lock_.locks % 2 == 0 ? spec_.clock.end() : 1;
  };
  EXPECT_TRUE(take(100));
  EXPECT_EQ(log_->handovers.count(), 50u) << "the other half had been given back before this seat wanted the lock";
}

TEST_F(Turns, ThatTwoHaveAtOnceEndTheLaunch) {
  std::atomic<bool> is_over = false;
  std::thread other([&] {
    while (!is_over) std::atomic_ref(board_.guarded.turns).fetch_add(1);
  });
  cast_.hold_ns = 100'000;
  EXPECT_FALSE(take(std::uint64_t{1} << 60));
  is_over = true;
  other.join();
  EXPECT_EQ(log_->side.failure, Failure::shared_lock);
}

TEST_F(Turns, ThatAnotherOneOverwritesAreMoreThanTheLockCounts) {
  lock_.when_unlocked = [&] {
    if (lock_.unlocks == 10) board_.guarded.turns -= 3;  // as by a holder that had read the count three turns earlier
  };
  EXPECT_TRUE(take(100));
  EXPECT_EQ(board_.guarded.turns, 100u);
  EXPECT_EQ(log_->sent, 103u);
}

TEST_F(Turns, EndWithTheHolderThatHasDied) {
  lock_.status = IoStatus::peer_closed;
  EXPECT_FALSE(take(100));
  EXPECT_EQ(log_->side.failure, Failure::peer_closed);
  EXPECT_EQ(log_->sent, 0u);
}

}  // namespace
}  // namespace ipcbench

#include "scenarios/casts/seat_schedule.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

constexpr std::uint64_t kWarmUp = 35;

// Lets the seats of a cast that shares in some way plan, send and stamp a block, without any channel.
class SeatSchedules {
 public:
  SeatSchedules(const Pattern& pattern, std::uint64_t ops) : each_(ops / pattern.producers), memory_(4 * ops) {
    cast_.pattern = pattern;
    spec_ = {.scenario = Scenario::rate, .seed = 3, .message_size = 64, .warmup_ops = kWarmUp, .block_ops = ops};
    spec_.options[kRateAt] = 1'000'000;
    all_ = stamps_at(reinterpret_cast<std::byte*>(memory_.data()), ops);
  }

  // Prepares a seat, whose block begins at once.
  std::unique_ptr<SeatSchedule> make(Seat seat) {
    auto schedule = std::make_unique<SeatSchedule>(seat_of(seat), all_, *log_);
    schedule->prepare();
    schedule->begin(1);
    return schedule;
  }

  // Stamps what each consumer gets, in the way in which a producer deals its messages out, and returns how many stamps
  // are missing then.
  std::size_t missing_after_all_came() {
    const Pattern& pattern = cast_.pattern;
    for (std::uint16_t index = 0; index < pattern.consumers; ++index) {
      const Seat seat{.role = Role::consumer, .index = index};
      const CastSeat consumer = seat_of(seat);
      const std::unique_ptr<SeatSchedule> schedule = make(seat);
      const bool divides = divides_messages(cast_);
      for (std::uint16_t producer = 0; producer < pattern.producers; ++producer) {
        const std::uint64_t before =
            divides ? messages_each(cast_, kWarmUp) : messages_from(consumer, kWarmUp, producer);
        const std::uint64_t mine = divides ? each_ : messages_from(consumer, spec_.block_ops, producer);
        for (std::uint64_t i = 0; i < mine; ++i) {
          if (divides && i % pattern.consumers != index) continue;
          schedule->stamp({.index = producer, .number = before + i});
        }
      }
    }
    return static_cast<std::size_t>(std::ranges::count(all_.received, 0u));
  }

  const Stamps& stamps() const { return all_; }
  const SeatLog& log() const { return *log_; }

 private:
  CastSeat seat_of(Seat seat) const { return {.seat = seat, .cast = cast_, .spec = spec_, .channels = {}}; }

  Cast cast_;
  LoopSpec spec_;
  std::uint64_t each_;
  std::vector<std::uint64_t> memory_;
  Stamps all_;
  std::unique_ptr<SeatLog> log_ = std::make_unique<SeatLog>();
};

TEST(SeatSchedule, StampsEachMessageInEveryForm) {
  for (const Sharing sharing : {Sharing::shared, Sharing::inbox, Sharing::per_peer}) {
    for (const std::uint16_t consumers : std::initializer_list<std::uint16_t>{1, 2, 3}) {
      for (const std::uint16_t producers : std::initializer_list<std::uint16_t>{1, 2, 5}) {
        SeatSchedules seats({.producers = producers, .consumers = consumers, .sharing = sharing}, 60u * producers);
        EXPECT_EQ(seats.missing_after_all_came(), 0u) << producers << " to " << consumers << " " << to_string(sharing);
      }
    }
  }
}

TEST(SeatSchedule, StampsNothingBeyondAProducersMessages) {
  SeatSchedules seats({.producers = 2}, 40);
  const std::unique_ptr<SeatSchedule> consumer = seats.make({.role = Role::consumer});
  consumer->stamp({.index = 0, .number = kWarmUp / 2 + 20});
  consumer->stamp({.index = 1, .number = CastHeader::kMostNumber});
  EXPECT_EQ(std::ranges::count(seats.stamps().received, 0u), 40);
}

struct CountingPutter {
  bool put() noexcept { return ++count != fails_at; }
  int count = 0;
  int fails_at = -1;
};

TEST(SeatSchedule, SendsAProducersShareByItsOwnTimes) {
  SeatSchedules seats({.producers = 4}, 400);
  const std::unique_ptr<SeatSchedule> producer = seats.make({.role = Role::producer, .index = 2});
  CountingPutter putter;
  ASSERT_TRUE(producer->send(putter));
  EXPECT_EQ(putter.count, 100);
  EXPECT_EQ(seats.log().sent, 100u);
  EXPECT_EQ(seats.log().planned_end, 400'000u) << "400 messages at a million a second";
  const Stamps own = part_of(seats.stamps(), 2, 4);
  EXPECT_EQ(own.planned[0], 2000u);
  EXPECT_EQ(own.planned[1], 6000u) << "the other three are between";
  EXPECT_EQ(std::ranges::count(own.ready, 0u), 0);
  EXPECT_EQ(std::ranges::count(part_of(seats.stamps(), 1, 4).sent, 0u), 100) << "others' stamps are others'";
  CountingPutter broken{.fails_at = 7};
  EXPECT_FALSE(producer->send(broken));
}

}  // namespace
}  // namespace ipcbench

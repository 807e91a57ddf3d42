#include "harness/launch/cast_record.h"

#include <array>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "harness/launch/loop_spec.h"
#include "harness/memory/mapping.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kMessages = 10;  // of each producer

// A launch of two producers and two consumers that share a pipe, with hand-made logs.
class DividedCast : public testing::Test {
 protected:
  DividedCast() : memory_(Mapping::shared_anonymous(cast_block_size(pattern_, pattern_.seats()))) {
    block_ = new (memory_.data()) CastBlock;
    for (SeatLog& log : block_->logs(pattern_)) {
      log.first = 1000;
      log.last = 2000;
      log.sent = log.verified = kMessages;
      end_.workers.push_back({.name = "seat", .side = &log.side, .exit = ExitStatus{.code = 0}});
    }
  }

  // Adds to what consumer `c` had of producer `p`.
  void receive(std::size_t c, std::size_t p, std::uint64_t first, std::uint64_t step) {
    SenderCount& count = block_->logs(pattern_)[pattern_.producers + c].senders[p];
    for (std::uint64_t number = first; number < kMessages; number += step) {
      ++count.count;
      count.sum += number;
      count.squares += number * number;
      count.next = number + 1;
    }
  }

  LaunchRecord record() {
    const LaunchRequest request{.spec = {.scenario = Scenario::many_to_many,
                                         .transport = "pipe",
                                         .size = 64,
                                         .options = {{"producers", "2"}, {"consumers", "2"}}},
                                .cpus = {0, 0},
                                .block_ops = 2 * kMessages};
    LaunchRecord record;
    finish_record(request, loop_spec(request, find_transport("pipe")->info().capabilities), *block_, {}, end_, record);
    return record;
  }

  const Pattern pattern_{.producers = 2, .consumers = 2, .sharing = Sharing::shared};
  Mapping memory_;
  CastBlock* block_;
  WorkersEnd end_;
};

TEST_F(DividedCast, WhoseConsumersShareTheMessagesIsOk) {
  for (const std::size_t p : {0u, 1u}) {
    receive(0, p, 0, 2);
    receive(1, p, 1, 2);
  }
  const LaunchRecord launch = record();
  EXPECT_EQ(launch.status, Status::ok) << launch.reason;
  EXPECT_EQ(launch.verified, 2 * kMessages);
}

// As many came as were sent, but one producer's came twice, and the other's not at all.
TEST_F(DividedCast, WithoutOneProducersMessagesIsInvalid) {
  for (const std::size_t p : {0u, 1u}) {
    for (SeatLog& log : block_->logs(pattern_)) log.senders = {};
    for (const std::size_t c : {0u, 1u}) receive(c, p, 0, 1);
    const LaunchRecord launch = record();
    EXPECT_EQ(launch.status, Status::invalid);
    EXPECT_EQ(launch.reason, "of producer " + std::to_string(p) + " some messages came twice and others not at all");
  }
}

}  // namespace
}  // namespace ipcbench

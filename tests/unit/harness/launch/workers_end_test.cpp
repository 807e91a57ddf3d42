#include "harness/launch/workers_end.h"

#include <cerrno>
#include <csignal>
#include <deque>

#include <gtest/gtest.h>

#include "harness/launch/side_parts.h"

namespace ipcbench {
namespace {

constexpr ExitStatus kWell{.code = 0}, kFailed{.code = 1}, kKilled{.signal = SIGKILL};

// The end of a launch that is made worker by worker.
class WorkersEndTest : public testing::Test {
 protected:
  SideLog& add(const char* name, std::optional<ExitStatus> exit) {
    SideLog& side = sides_.emplace_back();
    end_.workers.push_back({.name = name, .side = &side, .message_size = 64, .exit = exit});
    return side;
  }
  void add_failed(const char* name, Failure failure, int error_number = 0) {
    record_failure(add(name, kFailed), failure, error_number, "it says so");
  }
  void add_running(const char* name) { add(name, std::nullopt); }

  std::deque<SideLog> sides_;
  WorkersEnd end_;
  LaunchRecord record_;
};

TEST_F(WorkersEndTest, AllWellIsOk) {
  add("producer", kWell);
  add_running("consumer");
  EXPECT_FALSE(end_.over());
  end_.workers[1].exit = kWell;
  EXPECT_TRUE(end_.over());
  EXPECT_TRUE(end_.clean());
  EXPECT_TRUE(judge(end_, record_));
  EXPECT_EQ(record_.status, Status::ok);
}

// Whatever a worker says when its peer has been killed, the peer's end may be reported a moment later.
TEST_F(WorkersEndTest, TheCauseOfAFailureMayComeLater) {
  for (const Failure failure : {Failure::peer_closed, Failure::exception, Failure::io_error}) {
    end_ = {};
    add_failed("producer", failure, ENOENT);
    add_running("consumer");
    EXPECT_TRUE(end_.over());
    EXPECT_TRUE(end_.cause_is_missing()) << static_cast<int>(failure);
    end_.workers[1].exit = kKilled;
    EXPECT_FALSE(end_.cause_is_missing());
    EXPECT_FALSE(judge(end_, record_));
    EXPECT_EQ(record_.status, Status::crashed);
    EXPECT_EQ(record_.reason, "consumer killed by SIGKILL in phase starting after 0 messages");
  }
}

TEST_F(WorkersEndTest, AWrongMessageIsItsOwnCause) {
  add_running("producer");
  add_failed("consumer", Failure::corrupted);
  EXPECT_TRUE(end_.over());
  EXPECT_FALSE(end_.cause_is_missing());
  EXPECT_FALSE(judge(end_, record_));
  EXPECT_EQ(record_.status, Status::invalid);
  EXPECT_EQ(record_.reason, "consumer: message 0 is corrupt");
}

// Of many seats, the first that ends has seldom been the one that was killed.
TEST_F(WorkersEndTest, OneCauseIsWaitedForAmongMany) {
  add_failed("producer 0", Failure::peer_closed);
  add_failed("producer 1", Failure::exception, ECONNRESET);
  add_running("consumer 0");
  EXPECT_TRUE(end_.cause_is_missing());
  add("consumer 1", kKilled);
  EXPECT_FALSE(end_.cause_is_missing());
  judge(end_, record_);
  EXPECT_EQ(record_.reason, "consumer 1 killed by SIGKILL in phase starting after 0 messages");
}

TEST_F(WorkersEndTest, AConsequenceIsNamedOnlyIfNothingElseIsKnown) {
  add_failed("producer", Failure::exception, ECONNREFUSED);
  add_running("consumer");
  judge(end_, record_);
  EXPECT_EQ(record_.reason, "producer: it says so");
  end_.workers.clear();
  add_failed("producer", Failure::peer_closed);
  add_failed("consumer", Failure::exception, ENOSPC);
  EXPECT_FALSE(end_.cause_is_missing());
  judge(end_, record_);
  EXPECT_EQ(record_.reason, "consumer: it says so");
}

// A worker that finds a wrong message leaves, and its peer's next call fails.
TEST_F(WorkersEndTest, AWrongMessageIsTheCauseOfWhatItsPeerSees) {
  for (const Failure failure : {Failure::io_error, Failure::exception}) {
    for (const int error_number : {EPIPE, ECONNRESET, EIO}) {
      end_ = {};
      add_failed("producer", failure, error_number);
      add_failed("consumer", Failure::corrupted);
      judge(end_, record_);
      EXPECT_EQ(record_.status, Status::invalid);
      EXPECT_EQ(record_.reason, "consumer: message 0 is corrupt");
    }
  }
}

TEST_F(WorkersEndTest, AFailedCallIsTheCauseOfAClosedChannel) {
  add_failed("producer", Failure::io_error, EPIPE);
  add_failed("consumer", Failure::io_error, ENOSPC);
  judge(end_, record_);
  EXPECT_EQ(record_.reason, "consumer: message 0: No space left on device");
}

// Those that wait for the deadline are killed one by one, and may see it of each other.
TEST_F(WorkersEndTest, WhatTheCoordinatorsKillsCauseIsNoFailure) {
  end_.late = true;
  record_failure(add("producer", std::nullopt), Failure::io_error, EPIPE, "");
  add_running("consumer");
  judge(end_, record_);
  EXPECT_EQ(record_.status, Status::timed_out);
}

TEST_F(WorkersEndTest, AWorkerThatSaysNothingHasDied) {
  add("producer", kFailed);
  add_failed("consumer", Failure::exception, EPIPE);
  judge(end_, record_);
  EXPECT_EQ(record_.reason, "producer exited with code 1 in phase starting after 0 messages");
}

TEST_F(WorkersEndTest, ABrokersEndIsTheCause) {
  add_failed("producer", Failure::peer_closed);
  add_failed("consumer", Failure::peer_closed);
  end_.broker = "dbus-daemon killed by SIGKILL";
  judge(end_, record_);
  EXPECT_EQ(record_.status, Status::crashed);
  EXPECT_EQ(record_.reason, "dbus-daemon killed by SIGKILL; producer: message 0: the peer has closed");
}

TEST_F(WorkersEndTest, AtTheDeadlineAPairNamesBothAndManyTheLast) {
  end_.late = true;
  add_running("producer");
  add_running("consumer");
  sides_[0].progress = 7;
  judge(end_, record_);
  EXPECT_EQ(record_.status, Status::timed_out);
  EXPECT_EQ(record_.reason,
            "not done by the deadline: producer in phase starting after 7 messages, consumer in phase starting after 0 "
            "messages");
  add_running("consumer 1");
  sides_[1].progress = 5;
  judge(end_, record_);
  EXPECT_EQ(record_.reason,
            "not done by the deadline: of 3 workers consumer 1 has come least far, to phase starting after 0 messages");
}

}  // namespace
}  // namespace ipcbench

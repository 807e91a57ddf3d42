// Checks round trips with answers of another size, over an in-memory endpoint between two threads.

#include "scenarios/ping_pong.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using Message = std::vector<std::byte>;

class Queue {
 public:
  void put(Message message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
    changed_.notify_one();
  }
  Message take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !messages_.empty(); });
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Message> messages_;
};

// Changes a message on its way; number 0 is the first.
using Fault = std::function<void(Message&, std::uint64_t number)>;

class QueueEndpoint {
 public:
  QueueEndpoint(Queue& out, Queue& in, Fault fault) : out_(out), in_(in), fault_(std::move(fault)) {}

  IoStatus send(ConstBytes bytes) noexcept {
    Message message(bytes.begin(), bytes.end());
    if (fault_) fault_(message, sent_);
    ++sent_;
    out_.put(std::move(message));
    return IoStatus::ok;
  }
  Received receive(Bytes buffer) noexcept {
    const Message message = in_.take();
    if (message.empty()) return {IoStatus::peer_closed, 0};
    largest = std::max(largest, message.size());
    std::copy_n(message.begin(), std::min(message.size(), buffer.size()), buffer.begin());
    return {IoStatus::ok, message.size()};
  }

  std::size_t largest = 0;  // bytes of the largest message received

 private:
  Queue& out_;
  Queue& in_;
  Fault fault_;
  std::uint64_t sent_ = 0;
};

struct Outcome {
  std::unique_ptr<RunLog> log = std::make_unique<RunLog>();
  std::size_t largest_request = 0, largest_answer = 0;
};

// Runs a ping-pong; `fault` applies to the answers.
Outcome run(std::size_t size, std::size_t reply, const Fault& fault = {}) {
  Outcome outcome;
  Queue there, back;
  const LoopSpec spec{.payload = PayloadMode::full,
                      .seed = 1,
                      .message_size = size,
                      .reply_size = reply,
                      .warmup_ops = 10,
                      .block_ops = 100,
                      .clock = {}};
  const auto side = [&](Role role, Queue& out, Queue& in, std::size_t& largest) {
    QueueEndpoint endpoint(out, in, role == Role::consumer ? fault : Fault{});
    MessageLane<QueueEndpoint> lane(endpoint, role, spec, *outcome.log);
    run_ping_pong(lane, role, spec, *outcome.log);
    out.put({});  // ends a peer that is still waiting
    largest = endpoint.largest;
  };
  std::thread consumer([&] { side(Role::consumer, back, there, outcome.largest_request); });
  side(Role::producer, there, back, outcome.largest_answer);
  consumer.join();
  return outcome;
}

TEST(PingPong, AnswersHaveTheirOwnSize) {
  for (const auto& [size, reply] : {std::pair<std::size_t, std::size_t>{64, 4096}, {4096, 64}, {1, 13}, {100, 0}}) {
    const Outcome outcome = run(size, reply);
    for (const Role role : {Role::producer, Role::consumer}) {
      EXPECT_EQ(outcome.log->side(role).failure, Failure::none) << size << " and " << reply;
    }
    EXPECT_EQ(outcome.log->block_ops_done, 100u);
    EXPECT_EQ(outcome.largest_request, size);
    EXPECT_EQ(outcome.largest_answer, reply == 0 ? size : reply);
  }
}

TEST(PingPong, ACorruptAnswerIsFound) {
  const Outcome outcome = run(64, 4096, [](Message& message, std::uint64_t number) {
    if (number == 50) message[4000] ^= std::byte{1};
  });
  EXPECT_EQ(outcome.log->side(Role::producer).failure, Failure::corrupted);
  EXPECT_EQ(outcome.log->side(Role::producer).failed_sequence, 50u);
}

TEST(PingPong, AnAnswerOfTheRequestsSizeIsFound) {
  const Outcome outcome = run(64, 4096, [](Message& message, std::uint64_t number) {
    if (number == 50) message.resize(64);
  });
  EXPECT_EQ(outcome.log->side(Role::producer).failure, Failure::truncated);
  EXPECT_EQ(outcome.log->side(Role::producer).failed_size, 64u);
}

}  // namespace
}  // namespace ipcbench

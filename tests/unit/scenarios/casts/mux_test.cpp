#include "scenarios/casts/mux.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/cpu_relax.h"
#include "harness/memory/futex.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "harness/sdk/fd_stream.h"

namespace ipcbench {
namespace {

using WatchedStream = FdStream<FdBlock>;

// Pipes whose read ends are watched.
class PipeMux : public ::testing::Test {
 protected:
  void open(std::size_t count) {
    streams_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::array<int, 2> ends{};
      ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
      streams_.emplace_back(UniqueFd(ends[0]), UniqueFd());
      writers_.emplace_back(ends[1]);
      channels_.push_back({.ops = &kChannelOps<WatchedStream>, .self = &streams_.back()});
    }
  }
  void send(std::size_t channel) { ASSERT_EQ(::write(writers_[channel].get(), "m", 1), 1); }
  void take(std::size_t channel) {
    std::array<std::byte, 1> message;
    ASSERT_EQ(channels_[channel].ops->receive(channels_[channel].self, message).status, IoStatus::ok);
  }

  std::vector<WatchedStream> streams_;
  std::vector<UniqueFd> writers_;
  std::vector<Channel> channels_;
};

TEST_F(PipeMux, FindsTheChannelThatHasAMessage) {
  open(70);  // more than epoll reports at once
  Mux mux(channels_);
  for (const std::size_t channel : {0u, 69u, 33u}) {
    send(channel);
    ASSERT_EQ(mux.wait(), channel);
    take(channel);
  }
}

TEST_F(PipeMux, GivesChannelsTheirTurns) {
  open(3);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (int i = 0; i < 10; ++i) send(channel);
  }
  Mux mux(channels_);
  for (int round = 0; round < 10; ++round) {
    std::set<std::size_t> seen;
    for (int i = 0; i < 3; ++i) {
      const std::size_t channel = mux.wait();
      take(channel);
      seen.insert(channel);
    }
    EXPECT_EQ(seen.size(), 3u) << "a channel came twice in a round";
  }
}

// The ways to wait for descriptors.
class PipeMuxCalls : public PipeMux, public ::testing::WithParamInterface<MuxCall> {};
INSTANTIATE_TEST_SUITE_P(Calls, PipeMuxCalls, ::testing::Values(MuxCall::epoll, MuxCall::poll, MuxCall::spin),
                         [](const auto& call) {
                           return call.param == MuxCall::epoll  ? "epoll"
                                  : call.param == MuxCall::poll ? "poll"
                                                                : "spin";
                         });

TEST_P(PipeMuxCalls, FindsTheChannelThatHasAMessage) {
  open(70);
  Mux mux(channels_, GetParam());
  for (const std::size_t channel : {0u, 69u, 33u}) {
    send(channel);
    ASSERT_EQ(mux.wait(), channel);
    take(channel);
  }
}

TEST_P(PipeMuxCalls, GivesChannelsTheirTurns) {
  open(3);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (int i = 0; i < 10; ++i) send(channel);
  }
  Mux mux(channels_, GetParam());
  for (int round = 0; round < 10; ++round) {
    std::set<std::size_t> seen;
    for (int i = 0; i < 3; ++i) {
      const std::size_t channel = mux.wait();
      take(channel);
      seen.insert(channel);
    }
    EXPECT_EQ(seen.size(), 3u) << "a channel came twice in a round";
  }
}

// Without a message it waits: the one that it finds comes from another process after the call has begun, or before it.
TEST_P(PipeMuxCalls, WaitsForASingleChannelToo) {
  open(1);
  Mux mux(channels_, GetParam());
  Child sender = Child::spawn("sender", [&] { return ::write(writers_[0].get(), "m", 1) == 1 ? 0 : 1; });
  EXPECT_EQ(mux.wait(), 0u);
  take(0);
  EXPECT_TRUE(sender.wait().clean());
}

TEST_P(PipeMuxCalls, FindsTheChannelWhosePeerHasGone) {
  open(3);
  Mux mux(channels_, GetParam());
  writers_[1].reset();
  EXPECT_EQ(mux.wait(), 1u);
}

TEST_F(PipeMux, RefusesACallThatItsChannelsLack) {
  open(2);
  EXPECT_THROW((Mux{channels_, MuxCall::futex_waitv}), std::logic_error);
}

TEST_F(PipeMux, LeavesASingleChannelToItsReceive) {
  open(1);
  EXPECT_EQ(Mux(channels_).wait(), 0u) << "although there is no message";
}

// A reader of words in memory: the writer sets a message, and wakes whoever waits.
struct WordEndpoint {
  IoStatus send(ConstBytes) noexcept { return IoStatus::failed; }
  Received receive(Bytes) noexcept {
    std::atomic_ref(*messages).fetch_sub(1);
    return {IoStatus::ok, 1};
  }
  bool has_message() noexcept { return std::atomic_ref(*messages).load() != 0; }
  WaitWord* sleep_word() noexcept { return is_slept_on ? word : nullptr; }
  void before_sleep() noexcept { ++slept; }

  WaitWord* word = nullptr;
  std::uint32_t* messages = nullptr;
  bool is_slept_on = true;
  int slept = 0;
};

class WordMux : public ::testing::Test {
 protected:
  struct Shared {
    std::array<WaitWord, 3> words;
    std::array<std::uint32_t, 3> messages;
  };
  WordMux() {
    for (std::size_t i = 0; i < 3; ++i) {
      endpoints_[i] = {.word = &shared_->words[i], .messages = &shared_->messages[i]};
      channels_.push_back({.ops = &kChannelOps<WordEndpoint>, .self = &endpoints_[i]});
    }
  }
  static void announce(Shared& shared, std::size_t i) {
    std::atomic_ref(shared.messages[i]).fetch_add(1);
    if (std::atomic_ref(shared.words[i].waits).exchange(0) != 0) futex_wake(&shared.words[i].waits);
  }

  Mapping memory_ = Mapping::shared_anonymous(sizeof(Shared));
  Shared* shared_ = reinterpret_cast<Shared*>(memory_.data());
  std::array<WordEndpoint, 3> endpoints_;
  std::vector<Channel> channels_;
};

TEST_F(WordMux, DoesNotSleepWhereAMessageIs) {
  announce(*shared_, 2);
  EXPECT_EQ(Mux(channels_).wait(), 2u);
  EXPECT_EQ(endpoints_[2].slept, 0);
}

// Another process sends once this one has set all flags, and so sleeps or is about to.
TEST_F(WordMux, IsWokenByTheOneThatSends) {
  for (std::size_t sender = 0; sender < 3; ++sender) {
    Child child = Child::spawn("sender", [&] {
      for (const WaitWord& word : shared_->words) {
        while (std::atomic_ref(const_cast<std::uint32_t&>(word.waits)).load() == 0) cpu_relax();
      }
      announce(*shared_, sender);
      return 0;
    });
    ASSERT_EQ(Mux(channels_).wait(), sender);
    std::array<std::byte, 1> message;
    channels_[sender].ops->receive(channels_[sender].self, message);
    EXPECT_TRUE(child.wait().clean());
    for (const WaitWord& word : shared_->words) EXPECT_EQ(word.waits, 0u) << "nobody sleeps any more";
  }
}

TEST_F(WordMux, SpinsWithoutSettingAFlag) {
  announce(*shared_, 1);
  EXPECT_EQ((Mux{channels_, MuxCall::spin}.wait()), 1u);
  EXPECT_EQ(endpoints_[1].slept, 0);
  EXPECT_THROW((Mux{channels_, MuxCall::epoll}), std::logic_error);
}

TEST_F(WordMux, RefusesMoreWordsThanTheKernelWatches) {
  const std::vector<Channel> many(129, channels_.front());
  EXPECT_THROW((Mux{many, MuxCall::futex_waitv}), std::logic_error);
}

TEST_F(WordMux, LooksAtWhatOthersWakeByOtherMeans) {
  for (WordEndpoint& endpoint : endpoints_) endpoint.is_slept_on = false;
  announce(*shared_, 1);
  EXPECT_EQ(Mux(channels_).wait(), 1u);
  EXPECT_EQ(endpoints_[1].slept, 0);
}

TEST(Mux, RefusesChannelsThatCanNotBeWaitedForTogether) {
  struct Plain {
    IoStatus notify() noexcept { return IoStatus::ok; }
    Awaited await() noexcept { return {IoStatus::ok, 1}; }
  };
  Plain endpoint;
  const std::vector<Channel> channels(2, Channel{.ops = &kChannelOps<Plain>, .self = &endpoint});
  EXPECT_THROW(Mux{channels}, std::logic_error);
}

}  // namespace
}  // namespace ipcbench

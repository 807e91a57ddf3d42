#pragma once

#include <cstdint>

#include "harness/measure/splitmix64.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {

// Share says which part of an open loop's messages one of several senders sends.
struct Share {
  std::uint64_t index = 0;  // of the sender
  std::uint64_t senders = 1;
  std::uint64_t messages = 0;  // that it sends in all; of a single sender it may be 0
};

// Schedule yields the planned times of an open loop's messages. It is the same from the seed on both sides. Several
// senders take turns in a regular schedule, burst by burst. Of a random one each has a Poisson process of its own, as
// long as the others': their messages together are those of one process, given their number.
class Schedule {
 public:
  Schedule(const OpenLoop& loop, std::uint64_t seed, Share share = {}) noexcept;

  // Returns the planned time of the next message in ns from the block's begin, rounded down; 0 without a rate. Times
  // hold for up to 10^9 messages of all senders.
  std::uint64_t next() noexcept;

  // Returns the end of the block, after all messages: when the one after the last would be due. It is the same for all
  // senders.
  std::uint64_t end() noexcept;

 private:
  double gap_ns() noexcept;  // to the next message of a Poisson process

  OpenLoop loop_;
  Share share_;
  SplitMix64 random_;
  std::uint64_t index_ = 0;
  double mean_gap_ns_ = 0;  // poisson
  double last_ns_ = 0;      // poisson: the planned time of the message before
};

}  // namespace ipcbench

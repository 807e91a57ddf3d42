#pragma once

#include <cstdint>

#include "harness/measure/splitmix64.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {

// Schedule yields the planned times of an open loop's messages. It is the same from the seed on both sides.
class Schedule {
 public:
  Schedule(const OpenLoop& loop, std::uint64_t seed) noexcept : loop_(loop), random_(seed) {}

  // Returns the planned time of the next message in ns from the block's begin, rounded down; 0 without a rate. Times
  // hold for up to 10^9 messages.
  std::uint64_t next() noexcept;

 private:
  OpenLoop loop_;
  SplitMix64 random_;
  std::uint64_t index_ = 0;
  double last_ns_ = 0;  // poisson: the planned time of the message before
};

}  // namespace ipcbench

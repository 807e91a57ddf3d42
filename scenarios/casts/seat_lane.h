#pragma once

#include <cstdint>
#include <vector>

#include "harness/measure/run_log.h"
#include "harness/memory/mapping.h"
#include "harness/sdk/channel.h"
#include "scenarios/casts/cast_message.h"

namespace ipcbench {

// SeatLane is how a seat sends and takes messages of one size over any of its channels, whether they copy or lend. If a
// function returns false the launch is over, and the seat's log says why.
class SeatLane {
 public:
  SeatLane(std::size_t message_size, SideLog& side);

  // Sends a message with `payload`, which is that of `header`.
  bool put(const Channel& channel, CastHeader header, const CastPayload& payload) noexcept;
  // Takes a message. It stays as it is until the next one is taken, or release().
  bool take(const Channel& channel, ConstBytes& message) noexcept;
  void release(const Channel& channel, ConstBytes message) const noexcept {
    if (channel.ops->release != nullptr) channel.ops->release(channel.self, message);
  }
  // Returns whether the last take() ended since nothing came for a while, which is no failure.
  bool was_silent() const noexcept { return was_silent_; }

  bool fail(Failure failure, std::uint64_t number) noexcept;
  bool fail(IoStatus status, std::uint64_t number) noexcept;

 private:
  std::size_t size_;
  SideLog& side_;
  Mapping out_, in_;
  bool was_silent_ = false;
};

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <cstdint>

// How many channels the memory of one is told by, which measure_channel() has open at once: few first, which tell how
// many to take. The plan's time depends on these numbers.

namespace ipcbench {

inline constexpr std::uint32_t kChannelParts = 4;  // points of a line through channels and bytes, besides its origin
inline constexpr std::uint32_t kFewChannels = 8;
inline constexpr std::uint32_t kMostIdleChannels = 512;
inline constexpr std::uint32_t kMostLoadedChannels = 128;

// Returns how many channels are measured where one takes `bytes`; at most `most`.
std::uint32_t channels_for(double bytes, std::uint32_t most) noexcept;

// Returns the most channels that messages of this size are written for: fewer of large ones, since each channel is
// offered one at least.
std::uint32_t most_channels_of(std::size_t message_size) noexcept;

// Returns how many channels are filled at most, all points of the line together. `objects` are the bytes that the
// transport says a channel takes.
std::uint32_t channels_measured(std::size_t message_size, std::size_t objects) noexcept;

}  // namespace ipcbench

#include "harness/plan/channel_counts.h"

#include <algorithm>
#include <cmath>

namespace ipcbench {
namespace {

constexpr double kMostTotal = 16 << 20;  // bytes of all channels, if there are more than kUsualChannels of them
constexpr std::uint32_t kUsualChannels = 64;
// Channels of several megabytes each: a few suffice.
constexpr std::uint32_t kLargeChannels = kChannelParts * 2;
// Bytes written into messages over all channels: even a message that doesn't fit is built.
constexpr std::size_t kMostWritten = std::size_t{4} << 30;

}  // namespace

std::uint32_t channels_for(double bytes, std::uint32_t most) noexcept {
  const double fitting = std::floor(kMostTotal / std::max(bytes, 1.0));
  if (bytes * kUsualChannels > 4 * kMostTotal) return std::min(kLargeChannels, most);
  return static_cast<std::uint32_t>(std::clamp<double>(fitting, std::min(kUsualChannels, most), most));
}

std::uint32_t most_channels_of(std::size_t message_size) noexcept {
  const std::size_t written = kMostWritten / std::max<std::size_t>(message_size, 1);
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(written, kLargeChannels, kMostIdleChannels));
}

std::uint32_t channels_measured(std::size_t message_size, std::size_t objects) noexcept {
  const std::uint32_t most = std::min(kMostLoadedChannels, most_channels_of(message_size));
  return kFewChannels + channels_for(static_cast<double>(objects), most);
}

}  // namespace ipcbench

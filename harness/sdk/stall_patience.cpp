#include "harness/sdk/stall_patience.h"

#include <algorithm>

namespace ipcbench {
namespace {

int patience = 0;

}  // namespace

void set_stall_patience(std::size_t message_size) noexcept {
  constexpr std::size_t kBytesAPeriod = 16 << 10;
  constexpr std::size_t kMost = 8192;
  patience = static_cast<int>(std::min(message_size / kBytesAPeriod, kMost));
}

int stall_patience() noexcept { return patience; }

}  // namespace ipcbench

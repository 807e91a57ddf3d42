#include "harness/sdk/rendezvous.h"

#include <atomic>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/base/fixed_text.h"
#include "harness/memory/futex.h"

namespace ipcbench {

void Rendezvous::publish(Seat seat, std::string_view text) const {
  if (text.size() > RendezvousCell::kMostText) {
    throw std::length_error(fmt::format("a seat publishes {} bytes at most: '{}'", RendezvousCell::kMostText, text));
  }
  RendezvousCell& mine = cell(seat);
  copy_text(mine.text, text);
  mine.size = static_cast<std::uint32_t>(text.size());
  std::atomic_ref(mine.is_published).store(1, std::memory_order_release);
  futex_wake(&mine.is_published);
}

std::string Rendezvous::await(Seat seat) const {
  RendezvousCell& theirs = cell(seat);
  while (std::atomic_ref(theirs.is_published).load(std::memory_order_acquire) == 0) futex_wait(&theirs.is_published, 0);
  return {theirs.text.data(), theirs.size};
}

}  // namespace ipcbench

#pragma once

#include <cstddef>

namespace ipcbench {

// Sets how large the messages are with which this process fills a channel. Writing and copying a large one takes time,
// in which its sender is at work and not stalled.
void set_stall_patience(std::size_t message_size) noexcept;
// Returns how long a sender that doesn't sleep may take over one message, in units of 250 us: 16 ms for each MiB, 2 s
// at most.
int stall_patience() noexcept;

}  // namespace ipcbench

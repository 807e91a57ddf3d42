#pragma once

#include <cstddef>

namespace ipcbench {

// How large the messages are that this process sends to see how many a channel holds. A large one takes time to write
// and to copy, in which its sender is at work and not halted.
void set_halt_patience(std::size_t message_size) noexcept;
// How long a sender that doesn't sleep may take over one message, in units of 250 us: 16 ms for each MiB, 2 s at most.
int halt_patience() noexcept;

}  // namespace ipcbench

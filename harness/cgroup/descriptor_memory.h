#pragma once

#include <cstdint>

namespace ipcbench {

// What the kernel holds for the calling process's sockets and pipes, by its own figures: the buffers of sockets as
// SO_MEMINFO has them, bookkeeping included (Linux 4.12), and the pages of what lies in pipes that it reads from. For
// hosts where no control group can be made; the objects themselves, and message queues, are not seen.
std::uint64_t descriptor_memory();

// Bytes that lie in streams of the calling process: in pipes and stream sockets that it reads from, and in TCP sockets
// that have not sent them yet. Takes no kernel memory, unlike a look into /proc.
std::uint64_t descriptor_payload() noexcept;

}  // namespace ipcbench

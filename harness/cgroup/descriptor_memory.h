#pragma once

#include <cstdint>

namespace ipcbench {

// Returns the bytes that the kernel holds for the calling process's sockets and pipes, by its own figures. It serves
// hosts where no control group can be made. Counted are the buffers of sockets by SO_MEMINFO, bookkeeping included
// (Linux 4.12), and the pages of data in pipes that the process reads from. Not counted are the objects themselves, and
// message queues.
std::uint64_t descriptor_memory();

// Returns the bytes under way in streams of the calling process: in pipes and stream sockets that it reads from, and in
// TCP sockets that have not sent them yet. It takes no kernel memory, unlike a look into /proc.
std::uint64_t descriptor_payload() noexcept;

}  // namespace ipcbench

#pragma once

#include <cstdint>

namespace ipcbench {

// Runs `body(context)`, which raises `count` with each message it sends, to its end, or until it comes no further: its
// mechanism is full, and it sleeps, or spins, in a call that won't return. A timer looks at the count; when that has
// stood still for 1.5 ms, in periods in each of which the sender could run, the call is left where it is, and with it
// all that was called (siglongjmp). Below `likely`, the count at which it is expected to halt, it is given 10 ms: the
// host may have held it up. The endpoint is of no use afterwards. Uses SIGALRM; once at a time.
void run_until_halt(const std::uint64_t& count, std::uint64_t likely, void (*body)(void*), void* context) noexcept;

}  // namespace ipcbench

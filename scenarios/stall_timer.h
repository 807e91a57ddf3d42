#pragma once

#include <cstdint>

namespace ipcbench {

// Runs `body(context)`, which raises `count` with each message it sends, until it returns or stalls. It has stalled
// when `count` hasn't changed for 1.5 ms, counted in periods in which the sender has slept or run. Below `likely`, the
// expected final count, it has 10 ms, since the host may have held it up. The blocked call is then abandoned with
// siglongjmp, and the endpoint must not be used again. Uses SIGALRM; one call at a time.
void run_until_stall(const std::uint64_t& count, std::uint64_t likely, void (*body)(void*), void* context) noexcept;

}  // namespace ipcbench

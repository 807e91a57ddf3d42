#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace ipcbench {

// Counts the system calls of one process between its two marks.
struct CallCount {
  std::uint64_t done = 0;
  // Calls that returned an error (EAGAIN, EINTR …) and were made again. None if the source sees only the entries of
  // calls: `done` then counts them all.
  std::optional<std::uint64_t> retried;
};

// Counts the system calls of a block.
struct CallsRecord {
  std::array<CallCount, 2> sides;  // by Role
  bool timing_dependent = false;   // the count varies with timing
  std::string source;              // "ptrace", "seccomp"
};

}  // namespace ipcbench

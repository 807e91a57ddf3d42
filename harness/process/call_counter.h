#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipcbench {

// System calls of one process between its two marks.
struct CallCount {
  std::uint64_t done = 0;
  // Came back with an error (EAGAIN, EINTR …) and were made again. None where only the making of a call is seen: `done`
  // holds them all then.
  std::optional<std::uint64_t> retried;
};

// The mark, made by the counted process itself: a system call that changes nothing and that nobody else makes. The
// first one begins the count, the second ends it.
void mark_calls() noexcept;
bool is_mark(std::uint64_t call, std::uint64_t first_argument) noexcept;

// Counts the system calls of children, each of which waits for the counter: nothing that is timed can be counted at the
// same time.
class CallCounter {
 public:
  virtual ~CallCounter();
  virtual int fd() const noexcept = 0;  // readable when a child may wait
  virtual void handle_calls() = 0;      // lets every child that waits go on
  virtual const CallCount& count(std::size_t child) const = 0;
  virtual const char* source() const noexcept = 0;  // "ptrace", "seccomp"
};

}  // namespace ipcbench

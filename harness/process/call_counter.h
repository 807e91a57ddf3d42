#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/records/calls_record.h"

namespace ipcbench {

// Makes the mark that begins the count, and the one that ends it, in the counted process. It is a system call that
// changes nothing and that nobody else makes.
void mark_calls() noexcept;
bool is_mark(std::uint64_t call, std::uint64_t first_argument) noexcept;

// CallCounter counts the system calls of children. Each call waits for the counter, so nothing can be timed and counted
// at the same time.
class CallCounter {
 public:
  virtual ~CallCounter();
  virtual int fd() const noexcept = 0;  // readable when a child may wait
  virtual void handle_calls() = 0;      // lets every child that waits go on
  virtual const CallCount& count(std::size_t child) const = 0;
  virtual const char* source() const noexcept = 0;  // "ptrace", "seccomp"
};

}  // namespace ipcbench

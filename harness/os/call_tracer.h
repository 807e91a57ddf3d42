#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "harness/os/unique_fd.h"

namespace ipcbench {

// System calls of one process between its two marks.
struct CallCount {
  std::uint64_t done = 0;
  std::uint64_t retried = 0;  // came back with an error: EAGAIN, EINTR … and were made again
};

// The mark, made by the counted process itself: a system call that changes nothing and that nobody else makes. The
// first one begins the count, the second ends it.
void mark_calls() noexcept;

// Counts the system calls of children by ptrace(2). Every call stops its process twice, so nothing that is timed can be
// counted at the same time. The children die with the tracer (PTRACE_O_EXITKILL).
class CallTracer {
 public:
  // Takes hold of running children of the calling thread. Throws std::system_error: EPERM where the system forbids it,
  // EIO or EINVAL before Linux 5.3.
  explicit CallTracer(const std::vector<pid_t>& children);
  ~CallTracer();
  CallTracer(const CallTracer&) = delete;
  CallTracer& operator=(const CallTracer&) = delete;

  int fd() const noexcept { return child_signal_.get(); }  // readable when a child may have stopped
  void handle_stops();                                     // lets every child that has stopped go on
  // In the order of the constructor's list.
  const CallCount& count(std::size_t child) const { return traced_[child].count; }

 private:
  struct Traced {
    pid_t pid = 0;
    bool counting = false;
    std::uint64_t call = 0;  // the one it is in
    CallCount count = {};
  };
  static void handle(Traced& traced, int status);
  static void see_call(Traced& traced);

  std::vector<Traced> traced_;
  UniqueFd child_signal_;
  bool was_blocked_ = false;
};

}  // namespace ipcbench

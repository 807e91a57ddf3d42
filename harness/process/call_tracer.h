#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/process/call_counter.h"

namespace ipcbench {

// CallTracer counts system calls by ptrace(2); every call stops its process twice. The children die with the tracer
// (PTRACE_O_EXITKILL).
class CallTracer final : public CallCounter {
 public:
  // Takes hold of running children of the calling thread. Throws std::system_error: EPERM if the system forbids it, EIO
  // or EINVAL before Linux 5.3.
  explicit CallTracer(const std::vector<pid_t>& children);
  ~CallTracer() override;
  CallTracer(const CallTracer&) = delete;
  CallTracer& operator=(const CallTracer&) = delete;

  int fd() const noexcept override { return child_signal_.get(); }
  void handle_calls() override;
  // `child` is an index into the constructor's list.
  const CallCount& count(std::size_t child) const override { return traced_[child].count; }
  const char* source() const noexcept override { return "ptrace"; }

 private:
  struct Traced {
    pid_t pid = 0;
    bool counting = false;
    bool in_mark = false;
    std::uint64_t call = 0;  // the one it is in
    CallCount count = {.done = 0, .retried = 0};
  };
  static void handle(Traced& traced, int status);
  static void see_call(Traced& traced);

  std::vector<Traced> traced_;
  UniqueFd child_signal_;
  bool was_blocked_ = false;
};

}  // namespace ipcbench

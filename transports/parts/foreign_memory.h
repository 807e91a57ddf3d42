#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/measure/bytes.h"
#include "harness/sdk/endpoint.h"

namespace ipcbench {

// ForeignMemory is a range of another process's memory, process_vm_readv(2). The kernel asks at each call whether this
// process may trace the other one.
class ForeignMemory {
 public:
  // Tells the peer where `own` begins, by the pipe `to`, and lets it be read and written; returns the peer's, from the
  // pipe `from`. Sleeps until the peer does likewise. Throws std::system_error.
  static ForeignMemory exchange(int to, int from, const std::byte* own);

  // Copy a whole message at `offset`. Return peer_closed if the process has ended.
  IoStatus read(Bytes to, std::size_t offset) const noexcept;
  IoStatus write(ConstBytes from, std::size_t offset) const noexcept;

 private:
  ForeignMemory(pid_t pid, std::uint64_t address) noexcept : pid_(pid), address_(address) {}

  pid_t pid_;
  std::uint64_t address_;
};

// Says why two workers can't copy each other's memory here: "process_vm_readv: Function not implemented"; "" if they
// can. Asks the kernel about a child, which it ends.
std::string foreign_memory_refusal();
// Says the same of Yama alone, where /proc/sys/kernel/yama/ptrace_scope holds this text. `is_capable`: this process has
// CAP_SYS_PTRACE.
std::string yama_refusal(std::string_view ptrace_scope, bool is_capable);

}  // namespace ipcbench

#include "transports/parts/foreign_memory.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"

namespace ipcbench {
namespace {

constexpr const char* kPtraceScope = "/proc/sys/kernel/yama/ptrace_scope";

// Introduction is what the sides tell each other of themselves. It is shorter than PIPE_BUF, so it is read whole.
struct Introduction {
  std::int64_t pid;
  std::uint64_t address;
};

using Call = ssize_t (*)(pid_t, const iovec*, unsigned long, const iovec*, unsigned long, unsigned long);

IoStatus copy(Call call, pid_t pid, void* own, std::uint64_t address, std::size_t size) noexcept {
  const iovec here{.iov_base = own, .iov_len = size};
  const iovec there{.iov_base = reinterpret_cast<void*>(address), .iov_len = size};
  while (true) {
    const ssize_t copied = call(pid, &here, 1, &there, 1, 0);
    if (copied == static_cast<ssize_t>(size)) [[likely]]
      return IoStatus::ok;
    if (copied >= 0) {
      errno = EFAULT;  // the kernel stops at a page that isn't there
    } else if (errno == ESRCH) {
      return IoStatus::peer_closed;
    } else if (errno == EINTR) {
      continue;
    }
    return IoStatus::failed;
  }
}

bool may_trace_all() noexcept {
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  if (::syscall(SYS_capget, &head, data.data()) != 0) return false;
  return (data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE)) != 0;
}

}  // namespace

ForeignMemory ForeignMemory::exchange(int to, int from, const std::byte* own) {
  // Where Yama lets only ancestors trace, a process names who else may; a kernel without Yama knows no such name. The
  // sides of several channels are several peers, and a process can name one, or all.
  if (::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) != 0 && errno != EINVAL) throw_errno("prctl PR_SET_PTRACER");
  const Introduction mine{.pid = ::getpid(), .address = reinterpret_cast<std::uint64_t>(own)};
  write_all(to, {reinterpret_cast<const char*>(&mine), sizeof mine}, "write to the peer's pipe");
  Introduction theirs{};
  ssize_t size = 0;
  do size = ::read(from, &theirs, sizeof theirs);
  while (size < 0 && errno == EINTR);
  if (size == 0) errno = EPIPE;
  if (size != sizeof theirs) throw_errno("read where the peer's memory is");
  return {static_cast<pid_t>(theirs.pid), theirs.address};
}

IoStatus ForeignMemory::read(Bytes to, std::size_t offset) const noexcept {
  return copy(::process_vm_readv, pid_, to.data(), address_ + offset, to.size());
}

IoStatus ForeignMemory::write(ConstBytes from, std::size_t offset) const noexcept {
  return copy(::process_vm_writev, pid_, const_cast<std::byte*>(from.data()), address_ + offset, from.size());
}

std::string foreign_memory_refusal() {
  std::byte from{1}, to{};
  for (const auto& [name, call] :
       {std::pair("process_vm_readv", &::process_vm_readv), std::pair("process_vm_writev", &::process_vm_writev)}) {
    // A process may always trace itself: what fails here is missing, or forbidden to all by a filter of system calls.
    if (copy(call, ::getpid(), &to, reinterpret_cast<std::uint64_t>(&from), 1) != IoStatus::ok)
      return fmt::format("{}: {}", name, std::strerror(errno));
  }
  return yama_refusal(read_line(kPtraceScope).value_or("0"), may_trace_all());
}

std::string yama_refusal(std::string_view ptrace_scope, bool is_capable) {
  if (ptrace_scope == "3") return fmt::format("{} is 3: no process may read another's memory", kPtraceScope);
  if (ptrace_scope == "2" && !is_capable)
    return fmt::format("{} is 2, and this process lacks CAP_SYS_PTRACE", kPtraceScope);
  return "";
}

}  // namespace ipcbench

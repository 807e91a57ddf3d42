#include "transports/parts/foreign_memory.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/descriptors/pipe_buffer.h"
#include "harness/process/child.h"

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

// Lets all processes that are allowed to otherwise trace this one; returns 0 or errno. Where Yama lets only ancestors
// trace, a process names who else may; a kernel without Yama knows no such name. The sides of several channels are
// several peers, and a process can name one, or all.
int allow_tracers() noexcept {
  return ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) == 0 || errno == EINVAL ? 0 : errno;
}

// Reads what was written at once and is shorter than PIPE_BUF.
ssize_t read_whole(int fd, void* to, std::size_t size) noexcept {
  ssize_t got = 0;
  do got = ::read(fd, to, size);
  while (got < 0 && errno == EINTR);
  return got;
}

bool may_trace_all() noexcept {
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  if (::syscall(SYS_capget, &head, data.data()) != 0) return false;
  return (data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE)) != 0;
}

}  // namespace

ForeignMemory ForeignMemory::exchange(int to, int from, const std::byte* own) {
  errno = allow_tracers();
  if (errno != 0) throw_errno("prctl PR_SET_PTRACER");
  const Introduction mine{.pid = ::getpid(), .address = reinterpret_cast<std::uint64_t>(own)};
  write_all(to, {reinterpret_cast<const char*>(&mine), sizeof mine}, "write to the peer's pipe");
  Introduction theirs{};
  const ssize_t size = read_whole(from, &theirs, sizeof theirs);
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
  if (std::string refusal = yama_refusal(read_line(kPtraceScope).value_or("0"), may_trace_all()); !refusal.empty())
    return refusal;
  // A process may always trace itself, so another one is asked about. A child has this memory at the same addresses.
  std::byte from{1}, to{};
  try {
    std::array<UniqueFd, 2> told = make_pipe();
    const Child child = Child::spawn("ipcbench-probe", [&] {
      const int error = allow_tracers();
      write_all(told[1].get(), {reinterpret_cast<const char*>(&error), sizeof error}, "write to the parent");
      return ::pause();
    });
    told[1].reset();
    int error = 0;
    if (read_whole(told[0].get(), &error, sizeof error) != sizeof error) return "a child that was to be read has ended";
    if (error != 0) return fmt::format("prctl(PR_SET_PTRACER): {}", std::strerror(error));
    for (const auto& [name, call] :
         {std::pair("process_vm_readv", &::process_vm_readv), std::pair("process_vm_writev", &::process_vm_writev)}) {
      if (copy(call, child.pid(), &to, reinterpret_cast<std::uint64_t>(&from), 1) != IoStatus::ok)
        return fmt::format("{}: {}", name, std::strerror(errno));
    }
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "";
}

std::string yama_refusal(std::string_view ptrace_scope, bool is_capable) {
  if (ptrace_scope == "3") return fmt::format("{} is 3: no process may read another's memory", kPtraceScope);
  if (ptrace_scope == "2" && !is_capable)
    return fmt::format("{} is 2, and this process lacks CAP_SYS_PTRACE", kPtraceScope);
  return "";
}

}  // namespace ipcbench

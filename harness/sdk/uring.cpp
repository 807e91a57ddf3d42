#include "harness/sdk/uring.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/io.h"

namespace ipcbench {
namespace {

int io_uring_setup(unsigned entries, io_uring_params& params) noexcept {
  return static_cast<int>(::syscall(SYS_io_uring_setup, entries, &params));
}

int io_uring_enter(int fd, unsigned submitted, unsigned wanted) noexcept {
  return static_cast<int>(
      ::syscall(SYS_io_uring_enter, fd, submitted, wanted, IORING_ENTER_GETEVENTS, nullptr, std::size_t{0}));
}

// Kernels before 6.1 refuse the flags.
UniqueFd set_up(io_uring_params& params) {
  params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  UniqueFd fd(io_uring_setup(1, params));
  if (!fd && errno == EINVAL) {
    params = {};
    fd.reset(io_uring_setup(1, params));
  }
  if (!fd) throw_errno("io_uring_setup");
  // Linux 5.4 has the first, 5.6 the read and write that need no vector.
  constexpr std::uint32_t kNeeded = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_RW_CUR_POS;
  if ((params.features & kNeeded) != kNeeded) {
    errno = ENOSYS;
    throw_errno("io_uring of a kernel before Linux 5.6");
  }
  return fd;
}

}  // namespace

Uring::Uring() {
  io_uring_params params{};
  fd_ = set_up(params);
  const std::size_t size = std::max<std::size_t>(params.sq_off.array + params.sq_entries * sizeof(std::uint32_t),
                                                 params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe));
  queues_ = Mapping::shared_file(fd_.get(), size, IORING_OFF_SQ_RING);
  operation_places_ = Mapping::shared_file(fd_.get(), params.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES);
  operations_ = reinterpret_cast<io_uring_sqe*>(operation_places_.data());
  const auto place = [&](std::uint32_t offset) { return reinterpret_cast<std::uint32_t*>(queues_.data() + offset); };
  submission_head_ = place(params.sq_off.head);
  submission_tail_ = place(params.sq_off.tail);
  submission_mask_ = *place(params.sq_off.ring_mask);
  submissions_ = place(params.sq_off.array);
  completion_head_ = place(params.cq_off.head);
  completion_tail_ = place(params.cq_off.tail);
  completion_mask_ = *place(params.cq_off.ring_mask);
  completions_ = reinterpret_cast<const io_uring_cqe*>(place(params.cq_off.cqes));
}

std::ptrdiff_t Uring::transfer(std::uint8_t opcode, int fd, const void* bytes, std::size_t size) noexcept {
  io_uring_sqe operation{};
  operation.opcode = opcode;
  operation.fd = fd;
  operation.off = std::numeric_limits<std::uint64_t>::max();  // streams have no position
  operation.addr = reinterpret_cast<std::uintptr_t>(bytes);
  operation.len = static_cast<std::uint32_t>(std::min<std::size_t>(size, std::numeric_limits<std::int32_t>::max()));
  submit(operation);
  std::ptrdiff_t result = 0;
  // A signal may end the call before the operation was submitted, or while it is waited for.
  while (!take_result(result)) {
    const std::uint32_t waiting =
        *submission_tail_ - std::atomic_ref(*submission_head_).load(std::memory_order_acquire);
    if (io_uring_enter(fd_.get(), waiting, 1) < 0 && errno != EINTR && errno != EAGAIN && errno != EBUSY) return -errno;
  }
  return result;
}

void Uring::submit(const io_uring_sqe& operation) noexcept {
  const std::uint32_t tail = *submission_tail_, index = tail & submission_mask_;
  operations_[index] = operation;
  submissions_[index] = index;
  std::atomic_ref(*submission_tail_).store(tail + 1, std::memory_order_release);
}

bool Uring::take_result(std::ptrdiff_t& result) noexcept {
  const std::uint32_t head = *completion_head_;
  if (std::atomic_ref(*completion_tail_).load(std::memory_order_acquire) == head) return false;
  result = completions_[head & completion_mask_].res;
  std::atomic_ref(*completion_head_).store(head + 1, std::memory_order_release);
  return true;
}

std::string waiting_refusal(WaitStrategy wait) {
  if (wait != WaitStrategy::io_uring) return "";
  try {
    const Uring tried;
    return "";
  } catch (const std::system_error& error) {
    const std::string disabled = read_line("/proc/sys/kernel/io_uring_disabled").value_or("0");
    if (error.code() == std::errc::operation_not_permitted && disabled != "0")
      return fmt::format("{}; kernel.io_uring_disabled is {}", error.what(), disabled);
    return error.what();
  }
}

}  // namespace ipcbench

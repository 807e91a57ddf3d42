#pragma once

#include <linux/io_uring.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/measure/bytes.h"
#include "harness/memory/mapping.h"
#include "harness/sdk/capabilities.h"

namespace ipcbench {

// Uring is a pair of queues shared with the kernel, io_uring(7), used as a blocking call: one operation is submitted
// and waited for by one io_uring_enter(2). It belongs to the thread that makes it and defers the kernel's part of a
// completion to that call, as liburing advises for Linux 6.1 and later; earlier kernels interrupt the thread for it.
class Uring {
 public:
  // Throws std::system_error.
  Uring();

  // Read and write a descriptor without O_NONBLOCK. Return the bytes, or -errno; -EINTR and -EAGAIN mean that nothing
  // was done.
  std::ptrdiff_t read(int fd, Bytes in) noexcept { return transfer(IORING_OP_READ, fd, in.data(), in.size()); }
  std::ptrdiff_t write(int fd, ConstBytes out) noexcept {
    return transfer(IORING_OP_WRITE, fd, out.data(), out.size());
  }

 private:
  std::ptrdiff_t transfer(std::uint8_t opcode, int fd, const void* bytes, std::size_t size) noexcept;
  void submit(const io_uring_sqe& operation) noexcept;
  bool take_result(std::ptrdiff_t& result) noexcept;

  UniqueFd fd_;
  // The queues and the operations, as the kernel has laid them out, and what is in them.
  Mapping queues_, operation_places_;
  io_uring_sqe* operations_ = nullptr;
  std::uint32_t *submission_tail_ = nullptr, *submission_head_ = nullptr, *submissions_ = nullptr;
  std::uint32_t *completion_head_ = nullptr, *completion_tail_ = nullptr;
  const io_uring_cqe* completions_ = nullptr;
  std::uint32_t submission_mask_ = 0, completion_mask_ = 0;
};

// Says why a process can't wait in this way here, by trying; "" if it can. Only io_uring depends on the host.
std::string waiting_refusal(WaitStrategy wait);

}  // namespace ipcbench

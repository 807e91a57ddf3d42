#pragma once

#include <cerrno>
#include <cstddef>
#include <utility>

#include "harness/measure/bytes.h"
#include "harness/sdk/fd_wait.h"
#include "harness/sdk/uring.h"

namespace ipcbench {

// UringStream is a byte stream over file descriptors, by reads and writes that an io_uring does. One ring serves both
// directions.
class UringStream {
 public:
  // Without `out`, `in` serves both directions. Throws std::system_error.
  UringStream(UniqueFd in, UniqueFd out) : in_(std::move(in)), out_(std::move(out)) {
    set_blocking_for(read_fd(), WaitStrategy::io_uring);
    set_blocking_for(write_fd(), WaitStrategy::io_uring);
  }

  std::ptrdiff_t write_some(ConstBytes out) noexcept {
    return retry([&]() noexcept { return ring_.write(write_fd(), out); });
  }
  std::ptrdiff_t read_some(Bytes in) noexcept {
    return retry([&]() noexcept { return ring_.read(read_fd(), in); });
  }

  int watched() const noexcept { return read_fd(); }

 private:
  int read_fd() const noexcept { return in_.get(); }
  int write_fd() const noexcept { return out_ ? out_.get() : in_.get(); }

  template <class Call>
  static std::ptrdiff_t retry(Call call) noexcept {
    while (true) {
      const std::ptrdiff_t n = call();
      if (n >= 0) [[likely]]
        return n;
      if (n == -EPIPE || n == -ECONNRESET) return 0;  // what end of file means to a reader: the peer has closed
      if (n != -EINTR && n != -EAGAIN) return n;
    }
  }

  UniqueFd in_;
  UniqueFd out_;
  Uring ring_;
};

}  // namespace ipcbench

#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "harness/measure/bytes.h"
#include "harness/sdk/fd_wait.h"

namespace ipcbench {

// FdStream is a byte stream over file descriptors, by read(2) and write(2) with the wait strategy Wait. One-way objects
// take two descriptors, two-way ones a single one.
template <class Wait>
class FdStream {
 public:
  // Without `out`, `in` serves both directions. Throws std::system_error.
  FdStream(UniqueFd in, UniqueFd out)
      : in_(std::move(in)), out_(std::move(out)), readable_(read_fd(), EPOLLIN), writable_(write_fd(), EPOLLOUT) {
    set_blocking_for(read_fd(), Wait::kStrategy);
    set_blocking_for(write_fd(), Wait::kStrategy);
  }

  std::ptrdiff_t write_some(ConstBytes out) noexcept {
    return retry(writable_, [&]() noexcept { return ::write(write_fd(), out.data(), out.size()); });
  }
  std::ptrdiff_t read_some(Bytes in) noexcept {
    return retry(readable_, [&]() noexcept { return ::read(read_fd(), in.data(), in.size()); });
  }

  int watched() const noexcept { return read_fd(); }

 private:
  int read_fd() const noexcept { return in_.get(); }
  int write_fd() const noexcept { return out_ ? out_.get() : in_.get(); }

  template <class Call>
  static std::ptrdiff_t retry(Wait& wait, Call call) noexcept {
    while (true) {
      wait.before();
      const std::ptrdiff_t n = call();
      if (n >= 0) [[likely]]
        return n;
      if (errno == EAGAIN) {
        wait.again();
      } else if (errno == EPIPE || errno == ECONNRESET) {
        return 0;  // both mean what end of file means to a reader: the peer has closed
      } else if (errno != EINTR) {
        return -errno;
      }
    }
  }

  UniqueFd in_;
  UniqueFd out_;
  [[no_unique_address]] Wait readable_;
  [[no_unique_address]] Wait writable_;
};

}  // namespace ipcbench

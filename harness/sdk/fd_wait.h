#pragma once

#include <cstdint>

#include "harness/base/unique_fd.h"
#include "harness/sdk/capabilities.h"

namespace ipcbench {

// These types wait until a file descriptor is ready; an endpoint takes one as a template argument. It calls before()
// ahead of each attempt and again() after one that returned EAGAIN. limit_to(n) bounds a wait in epoll to n
// milliseconds; a blocking call is bounded by its socket's own timeout.

struct FdBlock {
  static constexpr WaitStrategy kStrategy = WaitStrategy::block;
  FdBlock(int, std::uint32_t) noexcept {}
  void before() noexcept {}
  void again() noexcept {}
  void limit_to(int) noexcept {}
};

struct FdSpin {
  static constexpr WaitStrategy kStrategy = WaitStrategy::spin;
  FdSpin(int, std::uint32_t) noexcept {}
  void before() noexcept {}
  void again() noexcept {}
  void limit_to(int) noexcept {}
};

// FdPoll waits in epoll. A reader waits before it reads, as an event loop does; a writer writes first and waits only
// after EAGAIN.
class FdPoll {
 public:
  static constexpr WaitStrategy kStrategy = WaitStrategy::poll;
  // Watches `fd` for EPOLLIN or EPOLLOUT. Throws std::system_error.
  FdPoll(int fd, std::uint32_t events);
  void before() noexcept {
    if (ask_first_) wait();
  }
  void again() noexcept {
    if (!ask_first_) wait();
  }
  void limit_to(int longest_ms) noexcept { longest_ms_ = longest_ms; }

 private:
  void wait() noexcept;

  UniqueFd epoll_;
  bool ask_first_;
  int longest_ms_ = -1;  // for ever
};

// Sets O_NONBLOCK, or clears it for a strategy that waits_in_call(). Throws std::system_error.
void set_blocking_for(int fd, WaitStrategy wait);

}  // namespace ipcbench

#pragma once

#include <cstdint>

#include "harness/base/unique_fd.h"
#include "harness/sdk/capabilities.h"

namespace ipcbench {

// How an endpoint over file descriptors waits until one is ready: the wait strategy as a template argument. before() is
// called ahead of each attempt, again() after one that returned EAGAIN. A wait of limit_to(n) returns after n
// milliseconds at the latest; that of a blocking call is its socket's matter.

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

// Readers ask epoll first, as an event loop does; writers try first and ask only when they were refused.
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

// O_NONBLOCK on, for every strategy but block. Throws std::system_error.
void set_blocking_for(int fd, WaitStrategy wait);

}  // namespace ipcbench

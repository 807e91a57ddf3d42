#include "harness/sdk/fd_wait.h"

#include <fcntl.h>
#include <sys/epoll.h>

#include "harness/base/error.h"

namespace ipcbench {

FdPoll::FdPoll(int fd, std::uint32_t events)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), ask_first_((events & EPOLLIN) != 0) {
  if (!epoll_) throw_errno("epoll_create1");
  epoll_event event{.events = events, .data = {.fd = fd}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw_errno("epoll_ctl add descriptor {}", fd);
}

void FdPoll::wait() noexcept {
  epoll_event event;
  ::epoll_wait(epoll_.get(), &event, 1, longest_ms_);  // EINTR: the caller tries, and comes back
}

void set_blocking_for(int fd, WaitStrategy wait) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) throw_errno("fcntl F_GETFL of descriptor {}", fd);
  const int wanted = waits_in_call(wait) ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  if (wanted != flags && ::fcntl(fd, F_SETFL, wanted) != 0) throw_errno("fcntl F_SETFL of descriptor {}", fd);
}

}  // namespace ipcbench

#include "harness/launch/worker_watch.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "harness/base/error.h"
#include "harness/process/stop_signals.h"

namespace ipcbench {

bool WorkerWatch::until_ready() {
  for (eventfd_t ready = 0; ready < workers_.size();) {
    if (!until_readable(ready_fd_)) return false;
    eventfd_t more = 0;
    if (::eventfd_read(ready_fd_, &more) == 0) ready += more;
  }
  return true;
}

void WorkerWatch::shorten(Time::duration left) { deadline_ = std::min(deadline_, Time::now() + left); }

WorkerWatch::Woken WorkerWatch::sleep(int fd) {
  std::vector<pollfd> fds(workers_.size());
  while (true) {
    fds.resize(workers_.size());
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      fds[i] = {.fd = workers_[i].running() ? workers_[i].pidfd() : -1, .events = POLLIN, .revents = 0};
    }
    for (const int other : {fd, stop_now_fd(), counter_ != nullptr ? counter_->fd() : -1}) {
      fds.push_back({.fd = other, .events = POLLIN, .revents = 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Time::now());
    const int n = left.count() <= 0 ? 0 : ::poll(fds.data(), fds.size(), static_cast<int>(left.count()));
    if (n < 0 && errno != EINTR) throw_errno("poll on the workers' pidfds");
    if (n == 0 || stop_now()) {
      late_ = n == 0;
      return Woken::late;
    }
    if (n < 0) continue;
    if (fds.back().revents != 0) counter_->handle_calls();
    const auto has_exited = [](const pollfd& worker) { return worker.revents != 0; };
    if (std::any_of(fds.begin(), fds.end() - 3, has_exited)) return Woken::exited;
    if (fds[workers_.size()].revents != 0) return Woken::readable;
  }
}

}  // namespace ipcbench

#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/process/call_counter.h"

namespace ipcbench {

// Makes each later system call of the calling child, the one of this number, wait for the parent that has the
// CallListener; called once. `socket` is its children_fd(). If it fails here, the parent's accept() throws.
void submit_calls(int socket, std::size_t child);

// CallListener counts the system calls of children by seccomp notification, seccomp_unotify(2), Linux 5.5. It serves
// where ptrace is refused. It sees that a call is made, not what it returns. The parent owns it and makes it before the
// fork.
class CallListener final : public CallCounter {
 public:
  explicit CallListener(std::size_t children);  // throws std::system_error

  // Returns the socket by which children submit_calls().
  int children_fd() const noexcept { return ends_[1].get(); }

  // Takes hold of one child, in the parent, when handover_fd() is readable. Throws std::system_error.
  int handover_fd() const noexcept { return ends_[0].get(); }
  void accept();
  bool complete() const noexcept { return accepted_ == children_.size(); }

  int fd() const noexcept override { return epoll_.get(); }
  void handle_calls() override;
  const CallCount& count(std::size_t child) const override { return children_[child].count; }
  const char* source() const noexcept override { return "seccomp"; }

 private:
  struct Counted {
    UniqueFd listener;
    bool counting = false;
    CallCount count = {};
  };
  static void handle(Counted& child);

  std::array<UniqueFd, 2> ends_;  // of a socket pair: the parent's, the children's
  UniqueFd epoll_;
  std::vector<Counted> children_;
  std::size_t accepted_ = 0;
};

}  // namespace ipcbench

#pragma once

#include <sys/socket.h>

#include <string_view>

#include "harness/base/error.h"
#include "harness/descriptors/unix_address.h"

namespace ipcbench {

// UnixListener is a UNIX domain socket, SOCK_STREAM or SOCK_SEQPACKET, that listens for one peer under a name.
class UnixListener {
 public:
  // Binds and listens. Throws std::system_error.
  UnixListener(int type, RunDir& run, std::string_view stem, UnixName::Space space)
      : type_(type), name_(run, stem, space), listener_(unix_socket(type)) {
    name_.address().bind(listener_.get());
    if (::listen(listener_.get(), 1) != 0) throw_errno("listen {}", name_.address().text());
  }

  // Make the two ends of a connection, in two processes; connect() doesn't wait for accept(). Throw std::system_error.
  UniqueFd connect() const {
    UniqueFd fd = unix_socket(type_);
    name_.address().connect(fd.get());
    return fd;
  }
  UniqueFd accept() const {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) throw_errno("accept {}", name_.address().text());
    return fd;
  }

  // Returns one side's end, and stops listening in this process: one side connects, the other accepts. Throws
  // std::system_error.
  UniqueFd meet(bool connects) {
    UniqueFd end = connects ? connect() : accept();
    listener_.reset();
    return end;
  }
  // Stops listening and unlinks the name, in the process that made it, when the two have met.
  void remove() noexcept {
    listener_.reset();
    name_.remove();
  }

 private:
  int type_;
  UnixName name_;
  UniqueFd listener_;
};

}  // namespace ipcbench

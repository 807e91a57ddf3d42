#pragma once

#include <sys/socket.h>

#include <string_view>
#include <utility>

#include "harness/base/error.h"
#include "harness/descriptors/unix_address.h"

namespace ipcbench {

// UnixListener is a UNIX domain socket, SOCK_STREAM or SOCK_SEQPACKET, that listens for one peer under a name.
class UnixListener {
 public:
  // Binds and listens. Throws std::system_error.
  UnixListener(int type, RunDir& run, std::string_view stem, UnixName::Space space)
      : name_(run, stem, space), socket_(unix_socket(type)) {
    name_.address().bind(socket_.get());
    if (::listen(socket_.get(), 1) != 0) throw_errno("listen {}", address().text());
  }

  const UnixAddress& address() const noexcept { return name_.address(); }
  // Gives the socket to whoever accepts; the name stays this object's.
  UniqueFd take() noexcept { return std::move(socket_); }
  // Unlinks the name, once the two have met.
  void remove() noexcept { name_.remove(); }

 private:
  UnixName name_;
  UniqueFd socket_;
};

// Make the two ends of a connection, in two processes; unix_connect() doesn't wait for unix_accept(). Throw
// std::system_error.
inline UniqueFd unix_connect(int type, const UnixAddress& address) {
  UniqueFd fd = unix_socket(type);
  address.connect(fd.get());
  return fd;
}
inline UniqueFd unix_accept(const UniqueFd& listener, const UnixAddress& address) {
  UniqueFd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) throw_errno("accept {}", address.text());
  return fd;
}

}  // namespace ipcbench

#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "harness/base/unique_fd.h"
#include "harness/sdk/endpoint.h"

namespace ipcbench::faulty {

// Carrier is the sound channel under every faulty transport: one end of a SOCK_SEQPACKET pair, unix(7), with blocking
// calls.
class Carrier {
 public:
  explicit Carrier(UniqueFd socket) noexcept : socket_(std::move(socket)) {}

  IoStatus send(ConstBytes message) noexcept {
    while (::send(socket_.get(), message.data(), message.size(), 0) < 0) {
      if (errno != EINTR) return broken();
    }
    return IoStatus::ok;
  }

  Received receive(Bytes buffer) noexcept {
    while (true) {
      // With MSG_TRUNC, recv() returns the message's own size even if the buffer is shorter.
      const ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_TRUNC);
      if (n > 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
      if (n == 0) return {IoStatus::peer_closed, 0};
      if (errno != EINTR) return {broken(), 0};
    }
  }

  int watched() const noexcept { return socket_.get(); }

 private:
  static IoStatus broken() noexcept {
    return errno == EPIPE || errno == ECONNRESET ? IoStatus::peer_closed : IoStatus::failed;
  }

  UniqueFd socket_;
};

}  // namespace ipcbench::faulty

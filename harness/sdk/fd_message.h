#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "harness/sdk/endpoint.h"
#include "harness/sdk/fd_wait.h"

namespace ipcbench {

// FdMessage carries messages over one connected socket, by send(2) and recv(2) with the wait strategy Wait. The socket
// must neither lose messages nor carry empty ones: an empty receive means that the peer has closed.
template <class Wait>
class FdMessage {
 public:
  // Throws std::system_error.
  explicit FdMessage(UniqueFd socket)
      : socket_(std::move(socket)), readable_(socket_.get(), EPOLLIN), writable_(socket_.get(), EPOLLOUT) {
    set_blocking_for(socket_.get(), Wait::kStrategy);
  }

  IoStatus send(ConstBytes message) noexcept {
    while (true) {
      writable_.before();
      if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) >= 0) [[likely]]
        return IoStatus::ok;
      if (errno == EAGAIN) {
        writable_.again();
      } else if (errno == EPIPE || errno == ECONNRESET || errno == ECONNREFUSED) {
        return IoStatus::peer_closed;
      } else if (errno != EINTR) {
        return IoStatus::failed;
      }
    }
  }

  Received receive(Bytes buffer) noexcept {
    while (true) {
      readable_.before();
      // With MSG_TRUNC, recv() returns the message's own length even if the buffer is shorter.
      const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_TRUNC);
      if (size > 0) [[likely]]
        return {IoStatus::ok, static_cast<std::size_t>(size)};
      if (size == 0 || errno == ECONNRESET || errno == ECONNREFUSED) return {IoStatus::peer_closed, 0};
      if (errno == EAGAIN) {
        readable_.again();
      } else if (errno != EINTR) {
        return {IoStatus::failed, 0};
      }
    }
  }
  int watched() const noexcept { return socket_.get(); }

 private:
  UniqueFd socket_;
  [[no_unique_address]] Wait readable_;
  [[no_unique_address]] Wait writable_;
};

}  // namespace ipcbench

#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/unique_fd.h"
#include "harness/run_dir/owned_path.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// UnixAddress is the address of a UNIX domain socket, unix(7).
class UnixAddress {
 public:
  // Makes the address of a path of up to 107 bytes. A longer one throws std::system_error (ENAMETOOLONG).
  static UnixAddress at_path(std::string_view path);
  // Makes the address of an abstract name of up to 107 bytes: on no file system, visible in the whole network
  // namespace, gone with its socket. A longer one throws std::system_error (ENAMETOOLONG).
  static UnixAddress abstract(std::string_view name);

  const std::string& text() const noexcept { return text_; }  // the path, or '@' and the name
  // Both throw std::system_error.
  void bind(int socket) const;
  void connect(int socket) const;

 private:
  UnixAddress(std::string text, std::string_view bytes);
  const sockaddr* address() const noexcept { return reinterpret_cast<const sockaddr*>(&address_); }

  std::string text_;
  sockaddr_un address_{};
  socklen_t size_ = 0;
};

// UnixName is a fresh address for one socket. It is a path in the run's directory and manifest, unlinked when the owner
// goes, or an abstract name made of the run's id.
class UnixName {
 public:
  enum class Space { path, abstract };
  static Space parse_space(std::string_view name) noexcept {
    return name == "abstract" ? Space::abstract : Space::path;
  }

  UnixName(RunDir& run, std::string_view stem, Space space);

  const UnixAddress& address() const noexcept { return address_; }
  // Unlinks the path; sockets stay. An abstract name ends with its socket.
  void remove() noexcept {
    if (path_) path_->remove();
  }

 private:
  std::optional<OwnedPath> path_;
  UnixAddress address_;
};

// Makes a socket of type SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET, close-on-exec. Throws std::system_error.
UniqueFd unix_socket(int type);

// UnixMessageLimit is the largest message, in bytes, that a fresh SOCK_DGRAM or SOCK_SEQPACKET socket sends. It follows
// from SO_SNDBUF: the default, or what became of the `asked` bytes. Throws std::system_error.
struct UnixMessageLimit {
  std::size_t max_message;
  std::size_t send_buffer;  // SO_SNDBUF
};
UnixMessageLimit unix_message_limit(int type, std::optional<std::size_t> asked = std::nullopt);

}  // namespace ipcbench

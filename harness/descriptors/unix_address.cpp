#include "harness/descriptors/unix_address.h"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "harness/base/error.h"
#include "harness/descriptors/socket_buffer.h"

namespace ipcbench {
namespace {

std::string fresh_abstract_name(const RunDir& run, std::string_view stem) {
  static std::atomic<std::uint32_t> next = 0;
  return fmt::format("ipcbench-{}-{}-{}", run.id(), next++, stem);
}

}  // namespace

UnixAddress::UnixAddress(std::string text, std::string_view bytes) : text_(std::move(text)) {
  if (bytes.size() > sizeof address_.sun_path) {
    errno = ENAMETOOLONG;
    throw_errno("address of a UNIX domain socket {}", text_);
  }
  address_.sun_family = AF_UNIX;
  std::memcpy(address_.sun_path, bytes.data(), bytes.size());
  size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + bytes.size());
}

// The terminating zero is part of a path; a leading zero makes a name abstract.
UnixAddress UnixAddress::at_path(std::string_view path) {
  std::string bytes(path);
  bytes += '\0';
  return {std::string(path), bytes};
}
UnixAddress UnixAddress::abstract(std::string_view name) {
  std::string bytes(1, '\0');
  bytes += name;
  return {'@' + std::string(name), bytes};
}

void UnixAddress::bind(int socket) const {
  if (::bind(socket, address(), size_) != 0) throw_errno("bind {}", text_);
}

void UnixAddress::connect(int socket) const {
  if (::connect(socket, address(), size_) != 0) throw_errno("connect {}", text_);
}

UnixName::UnixName(RunDir& run, std::string_view stem, Space space)
    : path_(space == Space::path ? std::optional<OwnedPath>(std::in_place, run.claim_name(RunDir::Kind::file, stem))
                                 : std::nullopt),
      address_(path_ ? UnixAddress::at_path(path_->str()) : UnixAddress::abstract(fresh_abstract_name(run, stem))) {}

UniqueFd unix_socket(int type) {
  UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  if (!fd) throw_errno("socket AF_UNIX of type {}", type);
  return fd;
}

UnixMessageLimit unix_message_limit(int type, std::optional<std::size_t> asked) {
  constexpr std::size_t kKept = 32;  // what the kernel keeps of a send buffer for itself
  const UniqueFd fd = unix_socket(type);
  if (asked) set_socket_buffer(fd.get(), Buffer::socket_send, *asked);
  const std::size_t buffer = socket_buffer_size(fd.get(), Buffer::socket_send);
  if (buffer <= kKept) throw_errno("getsockopt SO_SNDBUF");
  return {.max_message = buffer - kKept, .send_buffer = buffer};
}

}  // namespace ipcbench

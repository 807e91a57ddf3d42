#include "harness/plugin/host_message.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

constexpr std::size_t kControlRoom = CMSG_SPACE(kMostHostDescriptors * sizeof(int));

}  // namespace

void send_message(int socket, const HostMessage& message) {
  iovec part{.iov_base = const_cast<char*>(message.line.data()), .iov_len = message.line.size()};
  msghdr header{.msg_iov = &part, .msg_iovlen = 1};
  alignas(cmsghdr) std::array<char, kControlRoom> control{};
  if (!message.descriptors.empty()) {
    std::vector<int> numbers;
    for (const UniqueFd& descriptor : message.descriptors) numbers.push_back(descriptor.get());
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(numbers.size() * sizeof(int));
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(numbers.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), numbers.data(), numbers.size() * sizeof(int));
  }
  while (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) throw_errno("sendmsg of {} bytes between a coordinator and its helper", part.iov_len);
  }
}

std::optional<HostMessage> receive_message(int socket) {
  HostMessage message{.line = std::string(kMostHostLine, '\0')};
  iovec part{.iov_base = message.line.data(), .iov_len = message.line.size()};
  alignas(cmsghdr) std::array<char, kControlRoom> control{};
  msghdr header{.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.data(), .msg_controllen = control.size()};
  ssize_t size = -1;
  while ((size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0) {
    if (errno == ECONNRESET) return std::nullopt;
    if (errno != EINTR) throw_errno("recvmsg between a coordinator and its helper");
  }
  for (cmsghdr* part_of = CMSG_FIRSTHDR(&header); part_of != nullptr; part_of = CMSG_NXTHDR(&header, part_of)) {
    if (part_of->cmsg_level != SOL_SOCKET || part_of->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part_of->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part_of) + i * sizeof(int), sizeof number);
      message.descriptors.emplace_back(number);
    }
  }
  if (size == 0) return std::nullopt;
  // Both have room for all that send_message() sends: what didn't come is more than this process may have open.
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    errno = (header.msg_flags & MSG_TRUNC) != 0 ? EMSGSIZE : EMFILE;
    throw_errno("recvmsg between a coordinator and its helper");
  }
  message.line.resize(static_cast<std::size_t>(size));
  return message;
}

}  // namespace ipcbench

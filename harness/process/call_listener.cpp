#include "harness/process/call_listener.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

// Handover is what a child reports of itself; the message also carries its listener's descriptor if there is one.
struct Handover {
  std::size_t child = 0;
  int error_number = 0;
};

// DescriptorMessage is a message that carries at most one descriptor.
class DescriptorMessage {
 public:
  explicit DescriptorMessage(Handover& body) : part_{.iov_base = &body, .iov_len = sizeof body} {
    message_.msg_iov = &part_;
    message_.msg_iovlen = 1;
    message_.msg_control = control_.data();
    message_.msg_controllen = control_.size();
  }
  void attach(int fd) noexcept {
    cmsghdr* const header = CMSG_FIRSTHDR(&message_);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  void attach_nothing() noexcept { message_.msg_controllen = 0; }
  UniqueFd descriptor() noexcept {
    cmsghdr* const header = CMSG_FIRSTHDR(&message_);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return {};
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return UniqueFd(fd);
  }
  msghdr* get() noexcept { return &message_; }

 private:
  iovec part_;
  msghdr message_{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control_{};
};

// Makes every call of this process wait for the listener, except the one that hands the listener over.
UniqueFd listen_to_own_calls(int socket) noexcept {
  constexpr auto kCall = static_cast<unsigned>(offsetof(seccomp_data, nr));
  constexpr auto kFirstArgument = static_cast<unsigned>(offsetof(seccomp_data, args));  // low half: little endian
  std::array<sock_filter, 6> code{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kCall),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFirstArgument),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(socket), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
  }};
  const sock_fprog filter{.len = code.size(), .filter = code.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return {};
  return UniqueFd(
      static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter)));
}

}  // namespace

CallListener::CallListener(std::size_t children) : children_(children) {
  seccomp_notif_sizes sizes{};
  if (::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) throw_errno("seccomp SECCOMP_GET_NOTIF_SIZES");
  if (sizes.seccomp_notif > sizeof(seccomp_notif) || sizes.seccomp_notif_resp > sizeof(seccomp_notif_resp)) {
    errno = E2BIG;
    throw_errno("seccomp notification of {} bytes", sizes.seccomp_notif);
  }
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
  for (std::size_t i = 0; i < ends.size(); ++i) ends_[i].reset(ends[i]);
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) throw_errno("epoll_create1");
}

void submit_calls(int socket, std::size_t child) {
  Handover handover{.child = child};
  DescriptorMessage message(handover);
  const UniqueFd listener = listen_to_own_calls(socket);
  if (listener) {
    message.attach(listener.get());
  } else {
    handover.error_number = errno;
    message.attach_nothing();
  }
  ::sendmsg(socket, message.get(), MSG_NOSIGNAL);  // a failure is a handover that doesn't come
}

void CallListener::accept() {
  Handover handover;
  DescriptorMessage message(handover);
  if (::recvmsg(ends_[0].get(), message.get(), MSG_CMSG_CLOEXEC) != sizeof handover) throw_errno("recvmsg");
  UniqueFd listener = message.descriptor();
  if (!listener) {
    errno = handover.error_number;
    throw_errno("seccomp SECCOMP_FILTER_FLAG_NEW_LISTENER");
  }
  epoll_event event{.events = EPOLLIN, .data = {.u64 = handover.child}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener.get(), &event) != 0) throw_errno("epoll_ctl");
  children_.at(handover.child).listener = std::move(listener);
  ++accepted_;
}

void CallListener::handle_calls() {
  epoll_event event{};
  while (::epoll_wait(epoll_.get(), &event, 1, 0) == 1) {
    Counted& child = children_[event.data.u64];
    if ((event.events & EPOLLIN) != 0) {
      handle(child);
    } else {  // its end is seen elsewhere
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, child.listener.get(), nullptr);
    }
  }
}

void CallListener::handle(Counted& child) {
  seccomp_notif seen{};
  if (::ioctl(child.listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &seen) != 0) return;  // a signal took the call back
  if (is_mark(static_cast<std::uint64_t>(seen.data.nr), seen.data.args[0])) {
    child.counting = !child.counting;
  } else if (child.counting) {
    ++child.count.done;
  }
  seccomp_notif_resp answer{.id = seen.id, .val = 0, .error = 0, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  ::ioctl(child.listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

}  // namespace ipcbench

#include "transports/facts/ends.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "harness/base/error.h"
#include "harness/descriptors/loopback.h"
#include "harness/descriptors/unix_address.h"
#include "harness/descriptors/unix_listener.h"
#include "harness/run_dir/owned_path.h"

namespace ipcbench {
namespace {

UniqueFd open_end(const OwnedPath& path, int mode) {
  UniqueFd end(::open(path.c_str(), mode | O_NONBLOCK | O_CLOEXEC));
  if (!end) throw_errno("open {}", path.str());
  return end;
}

// Gives sockets a deadline: a lost datagram, or a claim that doesn't hold, must not hang the run.
Ends with_deadline(Ends ends) {
  const timeval deadline{.tv_sec = 10, .tv_usec = 0};
  for (const UniqueFd* end : {&ends.sender, &ends.receiver}) {
    if (::setsockopt(end->get(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline) != 0) {
      throw_errno("setsockopt SO_RCVTIMEO");
    }
  }
  return ends;
}

Ends socketpair_ends() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("socketpair");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Ends unix_ends(RunDir& run, int type) {
  const UnixListener listener(type, run, "facts", UnixName::Space::path);
  UniqueFd sender = listener.connect();
  return {std::move(sender), listener.accept()};
}

Ends unix_dgram_ends(RunDir& run) {
  const UnixName names[] = {{run, "facts", UnixName::Space::path}, {run, "facts", UnixName::Space::path}};
  Ends ends{unix_socket(SOCK_DGRAM), unix_socket(SOCK_DGRAM)};
  names[0].address().bind(ends.sender.get());
  names[1].address().bind(ends.receiver.get());
  names[1].address().connect(ends.sender.get());
  names[0].address().connect(ends.receiver.get());
  return ends;
}

Ends tcp_ends(IpVersion version) {
  const UniqueFd listener = ip_socket(version, SOCK_STREAM);
  LoopbackAddress address(version);
  address.bind_any_port(listener.get());
  if (::listen(listener.get(), 1) != 0) throw_errno("listen {}", address.text());
  UniqueFd sender = ip_socket(version, SOCK_STREAM);
  address.connect(sender.get());
  UniqueFd receiver(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!receiver) throw_errno("accept {}", address.text());
  return {std::move(sender), std::move(receiver)};
}

Ends udp_ends(IpVersion version) {
  Ends ends{ip_socket(version, SOCK_DGRAM), ip_socket(version, SOCK_DGRAM)};
  LoopbackAddress senders(version);
  LoopbackAddress receivers(version);
  senders.bind_any_port(ends.sender.get());
  receivers.bind_any_port(ends.receiver.get());
  receivers.connect(ends.sender.get());
  senders.connect(ends.receiver.get());
  return ends;
}

}  // namespace

Ends pipe_ends() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw_errno("pipe2");
  return {.sender = UniqueFd(ends[1]), .receiver = UniqueFd(ends[0])};
}

Ends fifo_ends(RunDir& run) {
  OwnedPath path(run.claim_name(RunDir::Kind::file, "facts"));
  if (::mkfifo(path.c_str(), 0600) != 0) throw_errno("mkfifo {}", path.str());
  UniqueFd receiver = open_end(path, O_RDONLY);
  return {.sender = open_end(path, O_WRONLY), .receiver = std::move(receiver)};
}

std::vector<EndsMaker> ends_makers() {
  return {{"pipe", [](RunDir&) { return pipe_ends(); }},
          {"fifo", fifo_ends},
          {"socketpair", [](RunDir&) { return with_deadline(socketpair_ends()); }},
          {"unix-stream", [](RunDir& run) { return with_deadline(unix_ends(run, SOCK_STREAM)); }},
          {"unix-dgram", [](RunDir& run) { return with_deadline(unix_dgram_ends(run)); }},
          {"unix-seqpacket", [](RunDir& run) { return with_deadline(unix_ends(run, SOCK_SEQPACKET)); }},
          {"tcp", [](RunDir&) { return with_deadline(tcp_ends(IpVersion::v4)); }},
          {"tcp6", [](RunDir&) { return with_deadline(tcp_ends(IpVersion::v6)); }},
          {"udp", [](RunDir&) { return with_deadline(udp_ends(IpVersion::v4)); }},
          {"udp6", [](RunDir&) { return with_deadline(udp_ends(IpVersion::v6)); }}};
}

void send_to(int fd, std::string_view message) {
  const ssize_t sent = ::write(fd, message.data(), message.size());
  if (sent < 0) throw_errno("write");
  if (static_cast<std::size_t>(sent) != message.size()) {
    errno = EMSGSIZE;
    throw_errno("write of {} bytes", message.size());
  }
}

std::string receive_from(int fd, std::size_t size) {
  std::string message(size, '\0');
  ssize_t received = ::recv(fd, message.data(), size, MSG_WAITALL);
  if (received < 0 && errno == ENOTSOCK) received = ::read(fd, message.data(), size);
  if (received < 0) throw_errno("read");
  message.resize(static_cast<std::size_t>(received));
  return message;
}

}  // namespace ipcbench

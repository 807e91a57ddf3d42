// UNIX domain stream socket, unix(7): a two-way byte stream between local processes that meet at a path.

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "harness/os/error.h"
#include "harness/os/owned_path.h"
#include "harness/transport/fd_stream.h"
#include "harness/transport/transport.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

UniqueFd stream_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_errno("socket AF_UNIX SOCK_STREAM");
  return fd;
}

// Calls bind() or connect() with a path.
template <class Call>
void with_address(const OwnedPath& path, const char* name, int fd, Call call) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.str().size() >= sizeof address.sun_path) {
    throw std::system_error(ENAMETOOLONG, std::generic_category(), fmt::format("{} {}", name, path.str()));
  }
  std::strcpy(address.sun_path, path.c_str());
  if (call(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw_errno("{} {}", name, path.str());
}

class UnixStreamSession final : public Session {
 public:
  explicit UnixStreamSession(const SessionConfig& config)
      : wait_(config.wait), path_(config.run_dir.claim_name(RunDir::Kind::file, "unix-stream")) {
    with_address(path_, "bind", listener_.get(), ::bind);
    if (::listen(listener_.get(), 1) != 0) throw_errno("listen {}", path_.str());
  }

  std::unique_ptr<Endpoint> open(Role role) override {
    UniqueFd peer = role == Role::producer ? connect() : accept();
    listener_.reset();
    return bind_fd_endpoint<FdStream>(wait_, std::move(peer));
  }

  void attached() noexcept override {
    listener_.reset();
    path_.remove();
  }

 private:
  UniqueFd connect() const {
    UniqueFd fd = stream_socket();
    with_address(path_, "connect", fd.get(), ::connect);
    return fd;
  }
  UniqueFd accept() const {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) throw_errno("accept {}", path_.str());
    return fd;
  }

  WaitStrategy wait_;
  OwnedPath path_;
  UniqueFd listener_ = stream_socket();
};

class UnixStreamTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "unix-stream",
                                    .family = "UNIX domain socket",
                                    .row = "UNIX domain socket",
                                    .summary = "UNIX domain stream socket at a path",
                                    .man = "unix(7)",
                                    .capabilities = {.shape = Shape::byte_stream,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::file_system,
                                                     .rendezvous = Rendezvous::path,
                                                     .many_to_many = true,
                                                     .access_control = true,
                                                     .pollable = true,
                                                     .sees_peer_close = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UnixStreamSession>(config);
  }
};

}  // namespace

const Transport& transport_unix_stream() {
  static const UnixStreamTransport transport;
  return transport;
}

}  // namespace ipcbench

#pragma once

#include <string_view>

#include "harness/descriptors/unix_listener.h"
#include "harness/sdk/transport.h"

// This is what transports over a connection of UNIX domain sockets share: the producer connects, the consumer accepts.

namespace ipcbench {

// UnixListenerSession owns a socket that listens under a name of its own.
class UnixListenerSession final : public Session {
 public:
  UnixListenerSession(int type, const SessionConfig& config, std::string_view stem, UnixName::Space space)
      : listener_(type, config.run_dir, stem, space) {}

  Ticket ticket(Seat seat) override {
    Ticket ticket = Ticket{}.with("address", listener_.address().text());
    if (seat.role == Role::consumer) ticket.descriptors["listener"] = listener_.take();
    return ticket;
  }
  void attached() noexcept override { listener_.remove(); }

 private:
  UnixListener listener_;
};

// Returns this side's end of the connection, by a ticket of such a session. The consumer sleeps until the producer
// connects. Throws std::system_error.
inline UniqueFd unix_connection(int type, Ticket& ticket, Role role) {
  const UnixAddress address = UnixAddress::from_text(ticket.value("address"));
  return role == Role::producer ? unix_connect(type, address) : unix_accept(ticket.take("listener"), address);
}

}  // namespace ipcbench

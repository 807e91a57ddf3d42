#pragma once

#include <sys/socket.h>

#include <array>
#include <concepts>
#include <memory>
#include <utility>

#include "harness/os/error.h"
#include "harness/transport/transport.h"
#include "scenarios/bind.h"
#include "transports/testing/carrier.h"

namespace ipcbench::lies {

// The message that a lie is about; the first is 0, warm-up included.
inline constexpr std::uint64_t kLie = 150;

// No lie: what the others start from. `number` counts the messages of this side, in that direction.
struct Honest {
  Role role = Role::producer;

  static void open(Role) {}
  IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t) noexcept { return carrier.send(message); }
  Received receive(Carrier& carrier, Bytes buffer, std::uint64_t) noexcept { return carrier.receive(buffer); }
};

template <std::derived_from<Honest> Lie>
class LiarEndpoint {
 public:
  explicit LiarEndpoint(UniqueFd socket) noexcept : carrier_(std::move(socket)) {}

  void prepare(Role role, const LoopSpec&) noexcept { lie_.role = role; }
  IoStatus send(ConstBytes message) noexcept { return lie_.send(carrier_, message, sent_++); }
  Received receive(Bytes buffer) noexcept { return lie_.receive(carrier_, buffer, received_++); }

 private:
  Carrier carrier_;
  Lie lie_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

template <std::derived_from<Honest> Lie>
class LiarSession final : public Session {
 public:
  LiarSession() {
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
    for (std::size_t side = 0; side < 2; ++side) ends_[side].reset(ends[side]);
  }

  std::unique_ptr<Endpoint> open(Role role) override {
    Lie::open(role);
    end_of(other(role)).reset();
    return bind_endpoint<LiarEndpoint<Lie>>(std::move(end_of(role)));
  }

  void attached() noexcept override {
    for (UniqueFd& end : ends_) end.reset();
  }

 private:
  UniqueFd& end_of(Role role) { return ends_[static_cast<std::size_t>(role)]; }

  std::array<UniqueFd, 2> ends_;  // by Role
};

// A hidden transport that claims what its carrier keeps, and doesn't keep it: Lie is the difference.
template <std::derived_from<Honest> Lie>
class LiarTransport final : public Transport {
 public:
  explicit LiarTransport(std::string_view name, std::string_view summary, std::string_view no_ping_pong = "",
                         std::string_view no_streaming = "")
      : info_{.name = name,
              .family = "testing",
              .row = "",
              .summary = summary,
              .man = "unix(7)",
              .hidden = true,
              .capabilities = {.shape = Shape::message,
                               .direction = Direction::two_way,
                               .min_message = 8,
                               .max_message = std::size_t{64} << 10,
                               .keeps_boundaries = true,
                               .related_only = true,
                               .sees_peer_close = true},
              .waits = {WaitStrategy::block},
              .no_streaming = no_streaming,
              .no_ping_pong = no_ping_pong} {}

  const TransportInfo& info() const noexcept override { return info_; }
  Availability probe() const override { return Available{.max_message = info_.capabilities.max_message, .limit = ""}; }
  std::unique_ptr<Session> create(const SessionConfig&) const override { return std::make_unique<LiarSession<Lie>>(); }

 private:
  TransportInfo info_;
};

}  // namespace ipcbench::lies

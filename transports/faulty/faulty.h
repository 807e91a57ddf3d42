#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <utility>

#include "harness/sdk/simple_transport.h"
#include "transports/faulty/carrier.h"

namespace ipcbench::faulty {

// The number of the message that a fault is about; the first is 0, warm-up included. It lies in the first block of the
// shortest launch, whose warm-up has 100 messages and each block 20: no launch on a slow machine ends before its fault.
inline constexpr std::uint64_t kFaultyMessage = 110;

// This is one side of a channel without a fault; faulty ones override a function. `number` counts the messages of this
// side, in that direction.
class Fault {
 public:
  explicit Fault(Role role) noexcept : role_(role) {}
  virtual ~Fault() = default;

  // Called when this side has been opened. May throw std::system_error.
  virtual void opened(Carrier&) {}
  virtual IoStatus send(Carrier& carrier, ConstBytes message, std::uint64_t) noexcept { return carrier.send(message); }
  virtual Received receive(Carrier& carrier, Bytes buffer, std::uint64_t) noexcept { return carrier.receive(buffer); }

 protected:
  bool produces() const noexcept { return role_ == Role::producer; }

 private:
  Role role_;
};

// Sends and receives as its fault decides. The loops over it are compiled where these functions can't be seen: no loop
// makes an indirect call, and all faults share one.
class FaultyEndpoint {
 public:
  FaultyEndpoint(Carrier carrier, std::unique_ptr<Fault> fault) noexcept
      : carrier_(std::move(carrier)), fault_(std::move(fault)) {}

  IoStatus send(ConstBytes message) noexcept;
  Received receive(Bytes buffer) noexcept;
  int watched() const noexcept { return carrier_.watched(); }

 private:
  Carrier carrier_;
  std::unique_ptr<Fault> fault_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

// Makes a side's fault, in a worker.
using MakeFault = std::unique_ptr<Fault> (*)(Role);

template <std::derived_from<Fault> F>
std::unique_ptr<Fault> make_fault(Role role) {
  return std::make_unique<F>(role);
}

// This is a hidden transport that claims what its carrier keeps and doesn't keep it; the fault is the difference.
class FaultyTransport final : public DescribedTransport {
 public:
  FaultyTransport(MakeFault make, std::string_view name, std::string_view summary, std::string_view no_ping_pong = "",
                  std::string_view no_streaming = "");

  std::unique_ptr<Session> create(const SessionConfig&) const override;
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override;

 private:
  MakeFault make_;
};

}  // namespace ipcbench::faulty

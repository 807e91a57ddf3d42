#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "transports/parts/bind_ring.h"

// This is everything that transports over shared memory have in common. Each of them provides only its memory.

namespace ipcbench {

// RingRoom is the memory that one object may take on this host, and what limits it: "/dev/shm has 65536 bytes free".
struct RingRoom {
  std::size_t bytes = kUnlimited;
  std::string limit;
  bool is_setting = false;           // the limit is a setting of the host; else it is what is free now
  std::size_t objects = kUnlimited;  // of this size and any other that may be made yet
  std::string objects_limit = {};
};

// RingMemory describes one kind of memory that two processes can share.
struct RingMemory {
  std::string_view name;    // of the transport that copies; "-loan" is appended for the one that lends
  std::string_view memory;  // "POSIX shared memory"
  std::string_view man;
  Persistence persistence = Persistence::process;
  FoundBy rendezvous = FoundBy::inherited;
  bool fork_only = false;
  std::vector<OptionInfo> options = {};  // beside those of the ring

  // Says what one object may take. No side effects.
  std::variant<RingRoom, Unavailable> (*room)(const OptionValues& options) = nullptr;
  // Makes an object of the shape's bytes and what else a launch needs, as a RingSession.
  std::unique_ptr<Session> (*create)(const SessionConfig& config, const RingShape& shape) = nullptr;
  // Maps the object, in a worker, by what the session has put into the ticket. Throws std::system_error.
  Mapping (*open)(Ticket& ticket) = nullptr;
};

// Adds to a ticket how the memory is divided, for sides in other languages; ours know it.
void add_shape(const RingShape& shape, Ticket& ticket);

// RingSession is a channel of two rings in an object that both sides open. Object provides:
//   Mapping open();            in the worker; throws std::system_error
//   void remove() noexcept;    in the coordinator, when both have opened it
template <class Object>
class RingSession final : public Session {
 public:
  using Share = void (*)(const Object& object, Ticket& ticket);

  // `make()` returns the object, and `share` tells a ticket where it is.
  template <class Make>
  RingSession(const SessionConfig& config, const RingShape& shape, Make make, Share share)
      : shape_(shape), wakes_(parse_wake(config.option("wake")), config.run_dir), object_(make()), share_(share) {}

  Ticket ticket(Seat) override {
    Ticket ticket;
    share_(object_, ticket);
    add_shape(shape_, ticket);
    wakes_.add_to(ticket);
    return ticket;
  }
  void attached() noexcept override {
    object_.remove();
    wakes_.remove();
  }

 private:
  RingShape shape_;
  WakeObjects wakes_;
  Object object_;
  Share share_;
};

// RingTransport is one of the two transports over a kind of memory.
class RingTransport final : public Transport {
 public:
  RingTransport(RingMemory memory, RingForm form);
  RingTransport(const RingTransport&) = delete;
  RingTransport& operator=(const RingTransport&) = delete;

  const TransportInfo& info() const noexcept override { return info_; }
  Capabilities capabilities(const OptionValues& options) const override;
  Availability probe() const override;
  MessageLimit largest_message(const Available& host, const OptionValues& options) const override;
  std::size_t memory_needed(std::size_t message_size, const OptionValues& options) const override;
  std::string channels_refusal(std::size_t channels, std::size_t size, const OptionValues& options) const override;
  std::string option_refusal(WaitStrategy wait, std::size_t size, const OptionValues& options) const override;
  std::unique_ptr<Session> create(const SessionConfig& config) const override;
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override;

 private:
  RingMemory memory_;
  RingForm form_;
  std::string name_;
  std::string summary_;
  TransportInfo info_;
};

// pages_option() is the option `pages`, the pages that a kind of memory is made of; pages_of() returns its value.
OptionInfo pages_option();
PageKind pages_of(const OptionValues& options);
// Returns what this host has left of memory in such pages.
std::variant<RingRoom, Unavailable> room_in_memory(PageKind pages);
// Returns what a folder has left for files.
std::variant<RingRoom, Unavailable> room_in_folder(const char* folder);

}  // namespace ipcbench

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
  bool is_setting = false;  // the limit is a setting of the host; else it is what is free now
};

// RingMemory describes one kind of memory that two processes can share.
struct RingMemory {
  std::string_view name;    // of the transport that copies; "-loan" is appended for the one that lends
  std::string_view memory;  // "POSIX shared memory"
  std::string_view man;
  Persistence persistence = Persistence::process;
  Rendezvous rendezvous = Rendezvous::inherited;
  std::vector<OptionInfo> options = {};  // beside those of the ring

  // No side effects.
  std::variant<RingRoom, Unavailable> (*room)(const OptionValues& options) = nullptr;
  std::unique_ptr<Session> (*create)(RingForm form, const SessionConfig& config) = nullptr;
};

// RingSession is a channel of two rings in an object that both sides open. Object provides:
//   Mapping open();            in the worker; throws std::system_error
//   void remove() noexcept;    in the coordinator, when both have opened it
template <class Object>
class RingSession final : public Session {
 public:
  // `make(bytes)` makes the object.
  template <class Make>
  RingSession(RingForm form, const SessionConfig& config, Make make)
      : form_(form), waits_(config), shape_(shape_of(form, config)), object_(make(shape_.channel_bytes())) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    const auto bind = form_ == RingForm::copying ? bind_ring : bind_lending_ring;
    return bind(waits_, object_.open(), shape_, role);
  }
  BufferSizes buffers(Role role) const override {
    BufferSizes sizes{};
    sizes.add(plain_size(Buffer::ring, role == Role::producer ? BufferDirection::forward : BufferDirection::backward,
                         shape_.slots() * shape_.stride));
    return sizes;
  }
  void attached() noexcept override {
    object_.remove();
    waits_.objects.remove();
  }

 private:
  static RingShape shape_of(RingForm form, const SessionConfig& config) {
    return form == RingForm::lending ? RingShape::lending(config.message_size)
                                     : RingShape::copying(config.message_size, config.option_size("capacity"));
  }

  RingForm form_;
  RingWaits waits_;
  RingShape shape_;
  Object object_;
};

// RingTransport is one of the two transports over a kind of memory.
class RingTransport final : public Transport {
 public:
  RingTransport(RingMemory memory, RingForm form);
  RingTransport(const RingTransport&) = delete;
  RingTransport& operator=(const RingTransport&) = delete;

  const TransportInfo& info() const noexcept override { return info_; }
  Availability probe() const override;
  MessageLimit largest_message(const Available& host, const OptionValues& options) const override;
  std::size_t memory_needed(std::size_t message_size, const OptionValues& options) const override;
  std::string option_refusal(WaitStrategy wait, std::size_t size, const OptionValues& options) const override;
  std::unique_ptr<Session> create(const SessionConfig& config) const override { return memory_.create(form_, config); }

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

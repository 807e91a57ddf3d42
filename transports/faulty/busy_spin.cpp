// This is a sound shared-memory channel whose sides spin. Its consumer is busy for 10 us of every round trip: the
// harness must read these 10 us and little more.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "harness/memory/mapping.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind.h"
#include "transports/faulty/busy_wait.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kBusyNs = 10'000;

// Slot is one direction. Turn and message share a line, so that a message is one transfer of it; no neighbour is
// prefetched.
struct alignas(2 * kCacheLine) Slot {
  std::uint64_t turn;  // messages published so far
  std::array<std::byte, kCacheLine - sizeof(std::uint64_t)> message;
};

class BusySpinEndpoint {
 public:
  BusySpinEndpoint(Slot& out, Slot& in, bool works) noexcept : out_(out), in_(in), works_(works) {}

  void prepare(Role role, const LoopSpec& spec) noexcept { size_ = spec.size_from(other(role)); }
  Loan loan(std::size_t n) noexcept { return {IoStatus::ok, {out_.message.data(), n}}; }
  IoStatus publish(Bytes) noexcept {
    std::atomic_ref(out_.turn).store(++published_, std::memory_order_release);
    return IoStatus::ok;
  }
  View acquire() noexcept {
    ++acquired_;
    while (std::atomic_ref(in_.turn).load(std::memory_order_acquire) != acquired_) {
    }
    if (works_) busy_wait(kBusyNs);
    return {IoStatus::ok, {in_.message.data(), size_}};
  }
  void release(ConstBytes) noexcept {}

 private:
  Slot& out_;
  Slot& in_;
  bool works_;
  std::size_t size_ = 0;
  std::uint64_t published_ = 0;
  std::uint64_t acquired_ = 0;
};

class BusySpinSession final : public Session {
 public:
  std::unique_ptr<Endpoint> open(Role role) override {
    auto& slots = *std::launder(reinterpret_cast<std::array<Slot, 2>*>(memory_.data()));
    const bool consumes = role == Role::consumer;
    return bind_endpoint<BusySpinEndpoint>(slots[consumes ? 1 : 0], slots[consumes ? 0 : 1], consumes);
  }

 private:
  Mapping memory_ = Mapping::shared_anonymous(sizeof(std::array<Slot, 2>));  // zeroed
};

class BusySpinTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "busy-spin",
                                    .family = "testing",
                                    .row = "",
                                    .summary = "spins on shared memory; the consumer works 10 us on each message",
                                    .man = "",
                                    .hidden = true,
                                    .capabilities = {.shape = Shape::loan,
                                                     .direction = Direction::two_way,
                                                     .min_message = sizeof(std::uint64_t),
                                                     .max_message = sizeof(Slot::message),
                                                     .keeps_boundaries = true,
                                                     .related_only = true},
                                    .waits = {WaitStrategy::spin},
                                    .no_streaming = "never more than one message is under way"};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::unique_ptr<Session> create(const SessionConfig&) const override { return std::make_unique<BusySpinSession>(); }
};

}  // namespace

const Transport& transport_busy_spin() {
  static const BusySpinTransport transport;
  return transport;
}

}  // namespace ipcbench

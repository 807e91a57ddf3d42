// This is a sound shared-memory channel whose sides spin. Its consumer is busy for 10 us of every round trip: the
// harness must read these 10 us and little more.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "harness/memory/memfd.h"
#include "harness/sdk/simple_transport.h"
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
  Ticket ticket(Seat) override { return Ticket{}.with("memory", copy_of(memory_.descriptor())); }

 private:
  Memfd memory_{sizeof(std::array<Slot, 2>)};  // zeroed
};

class BusySpinTransport final : public SimpleTransport<BusySpinSession> {
 public:
  BusySpinTransport()
      : SimpleTransport({.name = "busy-spin",
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
                         .no_streaming = "never more than one message is under way"}) {}

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    Mapping memory = Memfd::open(ticket.take("memory"));
    auto& slots = *std::launder(reinterpret_cast<std::array<Slot, 2>*>(memory.data()));
    const bool consumes = config.seat.role == Role::consumer;
    return keeping(bind_endpoint<BusySpinEndpoint>(slots[consumes ? 1 : 0], slots[consumes ? 0 : 1], consumes),
                   std::move(memory));
  }
};

}  // namespace

const Transport& transport_busy_spin() { return the_only<BusySpinTransport>(); }

}  // namespace ipcbench

// A counter and a futex(2) in shared memory notify in each direction; every blocking mechanism in memory builds on
// them. The kernel is called only to sleep and to wake a sleeper. Or one futex is a lock that many take.

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

#include "harness/memory/memfd.h"
#include "harness/sdk/lock_endpoint.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/wait_policy.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

// Way is one direction, zeroed at first. The notifier writes it, except for the flag that the waiter sets before it
// sleeps.
struct Way {
  alignas(2 * kCacheLine) std::uint64_t notified;  // so far
  WaitWord waiter;
};
using Channel = std::array<Way, 2>;  // by the Role that notifies

// The channel must outlive the endpoint.
template <WaitPolicy W>
class FutexEndpoint {
 public:
  FutexEndpoint(Channel& channel, Role role, W wait) noexcept
      : out_(channel[static_cast<std::size_t>(role)]),
        in_(channel[static_cast<std::size_t>(other(role))]),
        wait_(wait) {}

  IoStatus notify() noexcept {
    announce(wait_, out_.notified, ++notified_, out_.waiter);
    return IoStatus::ok;
  }
  Awaited await() noexcept {
    std::uint64_t now = 0;
    wait_until(wait_, in_.waiter, [&]() noexcept {
      now = std::atomic_ref(in_.notified).load(std::memory_order_seq_cst);
      return now != seen_;
    });
    const std::uint64_t count = now - seen_;
    seen_ = now;
    return {IoStatus::ok, count};
  }

 private:
  Way& out_;
  Way& in_;
  std::uint64_t notified_ = 0;
  std::uint64_t seen_ = 0;
  [[no_unique_address]] W wait_;
};

// FutexLock is a lock of three states (Drepper, "Futexes are tricky", 2011, mutex2): free, taken, taken with a sleeper.
// Without sleep it is a spin lock that looks before it tries. The word must outlive the endpoint.
template <WaitPolicy W>
class FutexLock {
 public:
  FutexLock(std::uint32_t& word, W wait) noexcept : word_(word), wait_(wait) {}

  IoStatus lock() noexcept {
    const std::atomic_ref state(word_);
    std::uint32_t seen = kFree;
    if (state.compare_exchange_strong(seen, kTaken, std::memory_order_acquire)) [[likely]]
      return IoStatus::ok;
    // Who has slept can't know whether others sleep.
    for (bool has_slept = false;;) {
      if (seen == kFree) {
        const std::uint32_t wanted = has_slept ? kSleptOn : kTaken;
        if (state.compare_exchange_strong(seen, wanted, std::memory_order_acquire)) break;
      } else if (wait_.spins_before_sleep()) {
        seen = state.load(std::memory_order_relaxed);
      } else if (seen == kSleptOn || state.compare_exchange_strong(seen, kSleptOn, std::memory_order_relaxed)) {
        wait_.wait_while_equal(&word_, kSleptOn);
        has_slept = true;
        seen = state.load(std::memory_order_relaxed);
      }
    }
    wait_.awake();
    return IoStatus::ok;
  }
  IoStatus unlock() noexcept {
    if (std::atomic_ref(word_).exchange(kFree, std::memory_order_release) == kSleptOn) wait_.wake(&word_);
    return IoStatus::ok;
  }

 private:
  static constexpr std::uint32_t kFree = 0, kTaken = 1, kSleptOn = 2;

  std::uint32_t& word_;
  [[no_unique_address]] W wait_;
};

class FutexSession final : public Session {
 public:
  Ticket ticket(Seat) override { return Ticket{}.with("memory", copy_of(memory_.descriptor())); }
  void attached() noexcept override { memory_.remove(); }

 private:
  Memfd memory_{sizeof(Channel)};
};

class FutexTransport final : public SimpleTransport<FutexSession> {
 public:
  FutexTransport()
      : SimpleTransport({.name = "futex",
                         .family = "semaphore",
                         .row = "semaphore",
                         .summary = "counter and futex in shared memory for each direction; carries nothing",
                         .man = "futex(2)",
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::two_way,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .locks = true,
                                          .related_only = true,
                                          .fast_path = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::hybrid}}) {}

  Availability probe() const override { return available_unless(Why::not_supported, memfd_refusal()); }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    Mapping memory = Memfd::open(ticket.take("memory"));
    const auto bind = [&](auto wait) {
      if (config.pattern.is_lock()) {
        auto& word = *reinterpret_cast<std::uint32_t*>(memory.data());
        return keeping(bind_lock<FutexLock<decltype(wait)>>(word, wait), std::move(memory));
      }
      auto& channel = *reinterpret_cast<Channel*>(memory.data());
      return keeping(bind_endpoint<FutexEndpoint<decltype(wait)>>(channel, config.seat.role, wait), std::move(memory));
    };
    if (config.wait == WaitStrategy::spin) return bind(SpinWait{});
    if (config.wait == WaitStrategy::block) return bind(FutexWait{});
    return bind(HybridWait(config.clock, static_cast<std::uint64_t>(config.hybrid_spin.count())));
  }
};

}  // namespace

const Transport& transport_futex() { return the_only<FutexTransport>(); }

}  // namespace ipcbench

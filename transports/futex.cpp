// A counter and a futex(2) in shared memory notify in each direction; every blocking mechanism in memory builds on
// them. The kernel is called only to sleep and to wake a sleeper.

#include <array>
#include <atomic>
#include <cstdint>

#include "harness/memory/mapping.h"
#include "harness/sdk/transport.h"
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

class FutexSession final : public Session {
 public:
  explicit FutexSession(const SessionConfig& config)
      : wait_(config.wait), hybrid_(config.clock, static_cast<std::uint64_t>(config.hybrid_spin.count())) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    if (wait_ == WaitStrategy::spin) return bind(role, SpinWait{});
    if (wait_ == WaitStrategy::hybrid) return bind(role, hybrid_);
    return bind(role, FutexWait{});
  }

 private:
  template <WaitPolicy W>
  std::unique_ptr<Endpoint> bind(Role role, W wait) {
    return bind_endpoint<FutexEndpoint<W>>(*reinterpret_cast<Channel*>(memory_.data()), role, wait);
  }

  WaitStrategy wait_;
  HybridWait hybrid_;
  Mapping memory_ = Mapping::shared_anonymous(sizeof(Channel));
};

class FutexTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "futex",
                                    .family = "semaphore",
                                    .row = "semaphore",
                                    .summary = "counter and futex in shared memory for each direction; carries nothing",
                                    .man = "futex(2)",
                                    .capabilities = {.shape = Shape::notify,
                                                     .direction = Direction::two_way,
                                                     .min_message = 0,
                                                     .max_message = 0,
                                                     .carries_payload = false,
                                                     .related_only = true,
                                                     .fast_path = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::hybrid}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<FutexSession>(config);
  }
};

}  // namespace

const Transport& transport_futex() {
  static const FutexTransport transport;
  return transport;
}

}  // namespace ipcbench

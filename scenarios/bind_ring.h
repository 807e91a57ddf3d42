#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "harness/transport/ring_endpoint.h"
#include "harness/transport/transport.h"
#include "scenarios/bind.h"

namespace ipcbench {

// How a worker's side of a ring waits; copied from the session's configuration.
struct RingWaitSpec {
  WaitStrategy wait = WaitStrategy::block;
  Clock clock;
  std::chrono::nanoseconds hybrid_spin{0};

  explicit RingWaitSpec(const SessionConfig& config) noexcept
      : wait(config.wait), clock(config.clock), hybrid_spin(config.hybrid_spin) {}
};

// E is RingEndpoint or RingLoanEndpoint; blocking is a futex.
template <template <class> class E>
std::unique_ptr<Endpoint> bind_ring_endpoint(const RingWaitSpec& spec, Mapping channel, const RingShape& shape,
                                             Role role) {
  const auto bind = [&](auto wait) {
    return bind_endpoint<E<decltype(wait)>>(std::move(channel), shape, role, wait, wait);
  };
  switch (spec.wait) {
    case WaitStrategy::block:
      return bind(FutexWait{});
    case WaitStrategy::spin:
      return bind(SpinWait{});
    case WaitStrategy::hybrid:
      return bind(HybridWait(spec.clock, static_cast<std::uint64_t>(spec.hybrid_spin.count())));
    case WaitStrategy::poll:
      break;
  }
  throw std::logic_error("memory can't be polled by epoll");
}

}  // namespace ipcbench

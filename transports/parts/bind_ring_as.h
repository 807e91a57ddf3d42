#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "scenarios/bind.h"
#include "transports/parts/ring_endpoint.h"
#include "transports/parts/ring_waits.h"

namespace ipcbench {

// Prepares what a side sleeps on. That must be done before its peer may wake it, and so before the gate opens.
template <WaitPolicy W>
void prepare_words(const Mapping& channel, const RingShape& shape, Role role) {
  if constexpr (requires(WaitWord& word) { W::init(word); }) {
    const Bytes memory(channel.data(), channel.size());
    W::init(shape.place(memory, role).state.writer);
    W::init(shape.place(memory, other(role)).state.reader);
  }
}

// Binds one of the two forms E, each in a translation unit of its own.
template <template <class> class E>
std::unique_ptr<Endpoint> bind_ring_as(const RingWaits& waits, Mapping channel, const RingShape& shape, Role role) {
  const auto bind = [&](auto out, auto in) {
    return bind_endpoint<E<decltype(out)>>(std::move(channel), shape, role, out, in);
  };
  const auto bind_wake = [&]<class W>(W*) {
    prepare_words<W>(channel, shape, role);
    return bind(waits.wakes.policy<W>(role, role), waits.wakes.policy<W>(other(role), role));
  };
  const HybridWait hybrid(waits.clock, static_cast<std::uint64_t>(waits.hybrid_spin.count()));
  switch (waits.strategy) {
    case WaitStrategy::spin:
      return bind(SpinWait{}, SpinWait{});
    case WaitStrategy::hybrid:
      return bind(hybrid, hybrid);
    case WaitStrategy::poll:
    case WaitStrategy::io_uring:
      throw std::logic_error("memory can't be waited for as descriptors can");
    case WaitStrategy::block:
      break;
  }
  switch (waits.wakes.wake()) {
    case Wake::futex:
      return bind(FutexWait{}, FutexWait{});
    case Wake::posix_sem:
      return bind_wake(static_cast<PosixSemWait*>(nullptr));
    case Wake::sysv_sem:
      return bind_wake(static_cast<SysvSemWait*>(nullptr));
    case Wake::eventfd:
      return bind_wake(static_cast<EventfdWait*>(nullptr));
    case Wake::pipe:
      return bind_wake(static_cast<PipeWait*>(nullptr));
    case Wake::mutex_cond:
      return bind_wake(static_cast<MutexCondWait*>(nullptr));
  }
  throw std::logic_error("no such wake");
}

}  // namespace ipcbench

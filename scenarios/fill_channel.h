#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "harness/memory/mapping.h"
#include "scenarios/lane.h"
#include "scenarios/stall_timer.h"

namespace ipcbench {

// Fills a channel, to find what a loaded one takes; measures no time. The producer sends up to LoopSpec::block_ops
// messages that nobody receives and stops where it stalls: RunLog::held is their number. Where messages may be lost,
// the consumer then counts those that are there.
template <AnyEndpoint E>
void run_fill_channel(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
  enter_phase(log.side(role), Phase::streaming);
  if constexpr (NotifyEndpoint<E>) {
    return;
  } else if (role == Role::producer) {
    LaneFor<E> lane(endpoint, role, spec, log);
    log.held = 0;
    auto send_all = [&] {
      while (log.held < spec.block_ops && lane.put()) std::atomic_ref(log.held).store(log.held + 1);
    };
    run_until_stall(
        log.held, spec.likely_held, [](void* body) { (*static_cast<decltype(send_all)*>(body))(); }, &send_all);
  } else if constexpr (LossyEndpoint<E>) {
    const Mapping room = Mapping::private_anonymous(std::max<std::size_t>(spec.message_size, 1));
    log.held = 0;
    while (endpoint.receive(Bytes(room.data(), room.size())).status == IoStatus::ok) ++log.held;
  }
}

}  // namespace ipcbench

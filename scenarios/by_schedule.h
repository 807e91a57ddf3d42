#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/measure/pacer.h"
#include "harness/measure/stamps.h"
#include "scenarios/injected.h"
#include "scenarios/lane.h"

namespace ipcbench {

// A Putter sends the next message. False: the launch is over.
template <class P>
concept Putter = requires(P p) {
  { p.put() } noexcept -> std::same_as<bool>;
};

// Waits for a message's time. Returns the clock's reading from which the message is on its way.
inline std::uint64_t pace(const Pacer& pacer, const Clock& clock, std::uint64_t due) noexcept {
  const std::uint64_t now = pacer.until(due);
  if (!delays_loops()) return now;
  delay_loop();
  return clock.end();
}

// The sender reads the clock once between two messages if it is late, and a late message is sent at once. Nothing but
// stamps is stored before the block has ended.
template <Putter P>
IPCBENCH_LOOP bool send_by_schedule(P& putter, const Stamps& stamps, const Pacer& pacer, const Clock& clock,
                                    std::uint64_t begin) noexcept {
  std::uint64_t ready = 0;
  for (std::size_t i = 0; i < stamps.planned.size(); ++i) {
    const std::uint64_t due = begin + stamps.planned[i];
    stamps.sent[i] = ready < due ? pace(pacer, clock, due) : ready;
    if (!putter.put()) [[unlikely]]
      return false;
    stamps.ready[i] = ready = clock.end();
  }
  return true;
}

// A block begins this much later than its senders are ready, so that who receives is waiting by then.
inline constexpr std::uint64_t kLeadNs = 1'000'000;
// Returns a time that is `lead_ns` later than now.
std::uint64_t soon(const Clock& clock, std::uint64_t lead_ns) noexcept;

// Rule 10: goes by a part of the schedule without sending, so that the CPU time of a pacer that sleeps can be told from
// that of messages.
void measure_pacer_alone(const Pacer& pacer, const Clock& clock, std::span<const std::uint64_t> planned,
                         PacerLog& log) noexcept;

}  // namespace ipcbench

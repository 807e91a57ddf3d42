#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ipcbench {

// Says how far a launch has come. A worker passes through those up to `done` in this order, as far as its launch has
// them.
enum class Phase : std::uint8_t {
  starting,
  pinning,
  opening,
  ready,
  canary_before,
  warm_up,
  unstamped,
  stamped,
  streaming,
  pacer_alone,  // the sender of an open loop goes by its schedule and sends nothing
  scheduled,
  counted,
  pilot,
  canary_after,
  done,
  creating,  // the coordinator makes the session; there are no workers yet
  setup,     // of a launch of the scenario setup
};

std::string_view to_string(Phase phase) noexcept;  // "warm-up", "stamped block"
std::optional<Phase> parse_phase(std::string_view name) noexcept;

}  // namespace ipcbench

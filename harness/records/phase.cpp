#include "harness/records/phase.h"

#include <array>

#include "harness/records/parse_name.h"

namespace ipcbench {

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::starting:
      return "starting";
    case Phase::pinning:
      return "pinning";
    case Phase::opening:
      return "opening";
    case Phase::ready:
      return "ready";
    case Phase::canary_before:
      return "canary before";
    case Phase::warm_up:
      return "warm-up";
    case Phase::unstamped:
      return "unstamped block";
    case Phase::stamped:
      return "stamped block";
    case Phase::streaming:
      return "streaming block";
    case Phase::pacer_alone:
      return "pacer alone";
    case Phase::scheduled:
      return "scheduled block";
    case Phase::counted:
      return "counted block";
    case Phase::pilot:
      return "pilot";
    case Phase::canary_after:
      return "canary after";
    case Phase::done:
      return "done";
    case Phase::creating:
      return "creating";
    case Phase::setup:
      return "setup";
  }
  return "";
}

std::optional<Phase> parse_phase(std::string_view name) noexcept {
  static constexpr std::array kPhases = {
      Phase::starting,  Phase::pinning,      Phase::opening,   Phase::ready,       Phase::canary_before, Phase::warm_up,
      Phase::unstamped, Phase::stamped,      Phase::streaming, Phase::pacer_alone, Phase::scheduled,     Phase::counted,
      Phase::pilot,     Phase::canary_after, Phase::done,      Phase::creating,    Phase::setup};
  return parse_name(name, kPhases);
}

}  // namespace ipcbench

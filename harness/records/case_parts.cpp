#include "harness/records/case_parts.h"

#include "harness/records/parse_name.h"

namespace ipcbench {

std::string_view to_string(WaitStrategy wait) noexcept {
  switch (wait) {
    case WaitStrategy::block:
      return "block";
    case WaitStrategy::spin:
      return "spin";
    case WaitStrategy::poll:
      return "poll";
    case WaitStrategy::hybrid:
      return "hybrid";
    case WaitStrategy::io_uring:
      return "io-uring";
  }
  return "?";
}

std::string_view to_string(Placement placement) noexcept {
  switch (placement) {
    case Placement::same_cpu:
      return "same-cpu";
    case Placement::smt:
      return "smt";
    case Placement::same_l2:
      return "same-l2";
    case Placement::same_l3:
      return "same-l3";
    case Placement::same_numa:
      return "same-numa";
    case Placement::same_package:
      return "same-package";
    case Placement::cross_package:
      return "cross-package";
    case Placement::unpinned:
      return "unpinned";
    case Placement::split:
      return "split";
    case Placement::spread:
      return "spread";
  }
  return "?";
}

std::string_view to_string(PayloadMode mode) noexcept {
  switch (mode) {
    case PayloadMode::lines:
      return "lines";
    case PayloadMode::full:
      return "full";
    case PayloadMode::header:
      return "header";
  }
  return "?";
}

std::optional<WaitStrategy> parse_wait_strategy(std::string_view name) noexcept {
  return parse_name(name, kWaitStrategies);
}

std::optional<Placement> parse_placement(std::string_view name) noexcept { return parse_name(name, kPlacements); }

std::optional<PayloadMode> parse_payload_mode(std::string_view name) noexcept {
  return parse_name(name, kPayloadModes);
}

}  // namespace ipcbench

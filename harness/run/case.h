#pragma once

#include "harness/measure/run_log.h"
#include "harness/os/topology.h"
#include "harness/transport/capabilities.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace ipcbench {

std::string_view name_of(Scenario scenario) noexcept;  // "ping-pong"
std::string_view name_of(PayloadMode mode) noexcept;

// One point of the measured space. Its id is stable for ever and holds no count:
// "ping-pong/pipe/block/64/same-cpu[/option=value…]", options in alphabetical order, defaults left out.
struct CaseSpec {
  Scenario scenario = Scenario::ping_pong;
  std::string transport;
  WaitStrategy wait = WaitStrategy::block;
  std::size_t size = 0;  // bytes; 0 for transports that carry nothing
  Placement placement = Placement::same_cpu;
  std::map<std::string, std::string, std::less<>> options = {};  // those that differ from their default

  std::string id() const;
  friend bool operator==(const CaseSpec&, const CaseSpec&) = default;
};

// The inverse of id(). Throws UsageError that names the part and the nearest valid name. The transport must exist.
CaseSpec parse_case(std::string_view id);

}  // namespace ipcbench

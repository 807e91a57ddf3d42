#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/measure/run_log.h"
#include "harness/os/topology.h"
#include "harness/transport/transport.h"

namespace ipcbench {

inline constexpr std::array kScenarios = {Scenario::ping_pong, Scenario::streaming, Scenario::setup};
// Those that are measured where none are named.
inline constexpr std::array kDefaultScenarios = {Scenario::ping_pong, Scenario::streaming};

std::string_view name_of(Scenario scenario) noexcept;  // "ping-pong"
std::optional<Scenario> scenario_named(std::string_view name) noexcept;
std::string_view name_of(PayloadMode mode) noexcept;
std::optional<PayloadMode> payload_named(std::string_view name) noexcept;

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

// The inverse of id(). Throws UsageError that names the part and the nearest valid name. The transport must exist in
// this build; whether the case can run here is refusal()'s business (plan.h).
CaseSpec parse_case(std::string_view id);

// Sets one option as ids hold it: sizes in bytes, the default leaves no trace. Throws UsageError if the transport lacks
// the option or the value.
void set_option(CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value);
// All options of the case's transport, defaults filled in.
OptionValues option_values(const CaseSpec& spec, const TransportInfo& info);
bool takes_option(const TransportInfo& info, std::string_view name, std::string_view value);

}  // namespace ipcbench

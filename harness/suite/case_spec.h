#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/host/topology.h"
#include "harness/measure/run_log.h"
#include "harness/sdk/transport.h"
#include "harness/suite/scenario.h"

namespace ipcbench {

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
  // The scenario's and the transport's, those that differ from their default.
  std::map<std::string, std::string, std::less<>> options = {};

  std::string id() const;
  friend bool operator==(const CaseSpec&, const CaseSpec&) = default;
};

// The inverse of id(). Throws UsageError that names the part and the nearest valid name. The transport must exist in
// this build; whether the case can run here is refusal()'s business.
CaseSpec parse_case(std::string_view id);

// The options that a case may have, of its scenario and then of its transport.
std::vector<OptionInfo> options_of(Scenario scenario, const TransportInfo& info);

// Sets one option as ids hold it: sizes in bytes, the default leaves no trace. The scenario, the transport and the size
// of `spec` must be set. Throws UsageError if neither scenario nor transport has the option, or the value.
void set_option(CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value);
bool takes_option(const CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value);
// Gives the case messages of another size; answers of that very size are the default from then on.
void set_size(CaseSpec& spec, std::size_t bytes);
// All options of the case's transport, defaults filled in; none of its scenario's.
OptionValues option_values(const CaseSpec& spec, const TransportInfo& info);

// The bytes of an answer in ping-pong; elsewhere the size of the messages. Throws UsageError where the option holds no
// size.
std::size_t reply_size(const CaseSpec& spec);
// The bytes of the largest message that either side sends. Throws as reply_size() does.
std::size_t largest_sent(const CaseSpec& spec);

}  // namespace ipcbench

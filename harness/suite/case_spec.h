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
#include "scenarios/list/cast.h"
#include "scenarios/list/open_loop.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

// Names a point of the measured space. Its id never changes and holds no count:
// "ping-pong/pipe/block/64/same-cpu[/option=value…]". Options are in alphabetical order, defaults left out.
struct CaseSpec {
  Scenario scenario = Scenario::ping_pong;
  std::string transport;
  WaitStrategy wait = WaitStrategy::block;
  std::size_t size = 0;  // bytes; 0 for transports without payload
  Placement placement = Placement::same_cpu;
  // Options of the scenario and of the transport that differ from their defaults.
  std::map<std::string, std::string, std::less<>> options = {};

  std::string id() const;
  friend bool operator==(const CaseSpec&, const CaseSpec&) = default;
};

// Parses an id. Throws UsageError that names the part and the nearest valid name. The transport must exist in this
// build; refusal() (harness/plan/refusal.h) says whether the case can run here.
CaseSpec parse_case(std::string_view id);

// Returns the options that a case may have: its scenario's, then its transport's.
std::vector<OptionInfo> options_of(Scenario scenario, const TransportInfo& info);

// Sets an option in the form of ids: sizes in bytes; the default removes it. Scenario, transport and size of `spec`
// must be set. Throws UsageError for an unknown option or value.
void set_option(CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value);
bool takes_option(const CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value);
// Changes the message size; answers of that same size become the default.
void set_size(CaseSpec& spec, std::size_t bytes);
// Returns all options of the transport with defaults filled in, without those of the scenario.
OptionValues option_values(const CaseSpec& spec, const TransportInfo& info);

// Returns what a loop is given for the options of the scenario, defaults filled in. Throws UsageError for a value that
// set_option() would refuse.
LoopOptions loop_options(const CaseSpec& spec);

// Returns whether messages are sent by a schedule, and how; the defaults for other scenarios.
bool is_scheduled(const CaseSpec& spec);
OpenLoop open_loop_of(const CaseSpec& spec);
// Returns whether every message has an answer, one at a time.
bool has_answers(const CaseSpec& spec);
// Returns whether a launch has a cast rather than a pair, and which; a pair for other scenarios.
bool has_cast(const CaseSpec& spec);
Cast cast_of(const CaseSpec& spec);
// Names what is left to the mechanism: the sharing that it has first, how a seat waits for its channels. What it can't
// have stays as it is.
void choose_form(CaseSpec& spec, const TransportInfo& info);

// Returns the case that measures the saturation of the same channel: the one whose messages are all due at once.
CaseSpec saturation_of(CaseSpec spec);

// Returns the bytes of an answer in ping-pong, elsewhere the message size. Throws UsageError if the option holds no
// size.
std::size_t reply_size(const CaseSpec& spec);
// Returns the bytes of the largest message that either side sends. Throws as reply_size() does.
std::size_t largest_sent(const CaseSpec& spec);

}  // namespace ipcbench

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/option_info.h"
#include "scenarios/list/cast.h"

// Describes the scenarios as data. The planner, the launches, the figures and the tables ask here what they need to
// know, so that they don't name a scenario themselves.

namespace ipcbench {

enum class Scenario : std::uint8_t {
  ping_pong,
  streaming,
  setup,         // channels are made, opened and taken down; nothing is sent
  rate,          // messages are sent by a schedule
  fan_in,        // many send to one
  fan_out,       // one sends to many
  many_to_many,  // many send to many
  server,        // many ask one
  channels,      // one sends to another by many channels
  contended,     // many take one lock in turn
  conformance,   // not offered to users: what the conformance suite asks of an endpoint
  fill_channel,  // not offered to users: sends until the channel is full
};

// Traffic is the pattern of a scenario's messages. What a launch records, and so which figures a case has, follows from
// it.
enum class Traffic : std::uint8_t {
  round_trips,  // every message of the producer is answered by one, and the producer times both
  one_way,      // the producer sends, and the consumer times what has come
  scheduled,    // the producer sends by a schedule, and all is timed from the planned times: open_loop.h
  none,         // nothing is sent: an op is a channel that is made, opened and taken down
  cast,         // any number of producers send, any number of consumers receive: cast.h
  served,       // any number of clients ask, and one server answers
  turns,        // nothing is sent: any number of processes take one lock and give it back
};

struct ScenarioInfo {
  Scenario scenario;
  std::string_view name;     // "ping-pong"
  std::string_view title;    // heads its tables: "Ping-pong: round trips"
  std::string_view summary;  // what the two processes do, one line
  Traffic traffic = Traffic::round_trips;
  bool by_default = true;  // measured by suites and users that name no scenario
  // Options follow those of the transport's form and share the case id with them, so names must differ. A loop finds
  // their values, in this order, in LoopSpec::options.
  std::vector<OptionInfo> options = {};
};

// The option that sets the size of answers, and its default, the size of the message.
inline constexpr std::string_view kReplyOption = "reply";
inline constexpr std::string_view kSameSize = "same";

// Returns the scenarios that users can choose, in the order of scenarios/all.h. scenarios/offered.cpp defines it.
std::span<const ScenarioInfo> offered_scenarios() noexcept;

// Describes an offered scenario. Throws std::logic_error for the hidden ones.
const ScenarioInfo& scenario_info(Scenario scenario);
// Returns the offered scenario of that name, nullptr if there is none.
const ScenarioInfo* find_scenario(std::string_view name) noexcept;

std::string_view to_string(Scenario scenario) noexcept;  // "ping-pong"; "?" for the hidden ones
std::optional<Scenario> parse_scenario(std::string_view name) noexcept;

// Return nothing for a hidden scenario, and for a name that this build doesn't know.
std::optional<Traffic> traffic_of(Scenario scenario) noexcept;
std::optional<Traffic> traffic_of(std::string_view name) noexcept;

// Returns whether every launch of such a scenario has a cast rather than a pair.
constexpr bool is_of_casts(std::optional<Traffic> traffic) noexcept {
  return traffic == Traffic::cast || traffic == Traffic::served || traffic == Traffic::turns;
}
// Returns whether a launch of a case has a cast. Cases of an open loop have one if they have any of its options.
template <class Options>
bool has_cast(std::optional<Traffic> traffic, const Options& options) {
  const auto is_of_cast = [](const auto& option) {
    return option.first == kProducersOption || option.first == kConsumersOption || option.first == kSharingOption;
  };
  return is_of_casts(traffic) || (traffic == Traffic::scheduled && std::ranges::any_of(options, is_of_cast));
}
// Decodes the numbers that a loop is given for the options of a scenario with a cast.
Cast cast_of(Scenario scenario, std::span<const std::uint64_t> numbers);

// Returns how many blocks a launch measures: round trips and turns have one without stamps and one with them.
constexpr int timed_blocks(std::optional<Traffic> traffic) noexcept {
  return traffic == Traffic::round_trips || traffic == Traffic::turns ? 2 : 1;
}

}  // namespace ipcbench

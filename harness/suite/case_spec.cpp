#include "harness/suite/case_spec.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/sdk/registry.h"
#include "harness/suite/case_names.h"
#include "harness/suite/option_value.h"

namespace ipcbench {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

[[noreturn]] void refuse(std::string_view id, std::string_view what, std::string_view given,
                         const std::vector<std::string>& valid) {
  throw UsageError(fmt::format("case '{}': unknown {} '{}'{}", id, what, given, suggestion(given, valid)));
}

const TransportInfo& info_of(std::string_view id, std::string_view name) {
  const RegisteredTransport* entry = find_registered(name);
  if (entry == nullptr)
    throw UsageError(fmt::format("case '{}': unknown transport '{}'{}", id, name, transport_suggestion(name)));
  if (entry->transport == nullptr) {
    throw UsageError(fmt::format("case '{}': transport '{}' was not built: {}", id, name, entry->missing_reason));
  }
  return entry->transport->info();
}

bool is_default(const CaseSpec& spec, const OptionInfo& option, const std::string& canonical) {
  if (option.default_value == kSameSize && canonical == std::to_string(spec.size)) return true;
  return canonical == option.default_value || canonical == canonical_value(option, option.default_value, "");
}

// Returns the scenario that has an option `name`, "" if none has.
std::string_view scenario_with_option(std::string_view name) {
  for (const ScenarioInfo& info : offered_scenarios()) {
    for (const OptionInfo& option : info.options) {
      if (option.name == name) return info.name;
    }
  }
  return "";
}

Capabilities capabilities_of(const CaseSpec& spec, const TransportInfo& info) {
  const Transport* transport = find_transport(info.name);
  return transport == nullptr ? info.capabilities : transport->capabilities(option_values(spec, info));
}

// Returns an option of the case that can't stand beside `option`; "" if there is none.
std::string_view excluded_by(const CaseSpec& spec, const std::vector<OptionInfo>& options, const OptionInfo& option) {
  const auto excludes = [](const OptionInfo& one, std::string_view name) {
    return std::ranges::count(one.excludes, name) != 0;
  };
  for (const OptionInfo& other : options) {
    if (spec.options.find(other.name) == spec.options.end()) continue;
    if (excludes(option, other.name) || excludes(other, option.name)) return other.name;
  }
  return "";
}

[[noreturn]] void refuse_option(const CaseSpec& spec, const TransportInfo& info, std::string_view name) {
  if (const std::string_view owner = scenario_with_option(name); !owner.empty()) {
    throw UsageError(fmt::format("'{}' is an option of {}: {} has no such option; leave it out", name, owner,
                                 to_string(spec.scenario)));
  }
  std::vector<std::string> names;
  for (const OptionInfo& known : options_of(spec.scenario, info)) names.emplace_back(known.name);
  throw UsageError(fmt::format("{} over '{}' has no option '{}'{}", to_string(spec.scenario), info.name, name,
                               suggestion(name, names)));
}

// As many active channels as there are is the default, which needs no name.
void choose_mux(CaseSpec& spec, const Cast& cast, const TransportInfo& info) {
  if (cast.active == cast.channels) spec.options.erase(std::string(kActiveOption));
  if (cast.mux) return;
  if (const std::optional<MuxCall> usual = usual_mux(capabilities_of(spec, info), spec.wait))
    set_option(spec, info, kMuxOption, to_string(*usual));
}

}  // namespace

std::vector<OptionInfo> options_of(Scenario scenario, const TransportInfo& info) {
  std::vector<OptionInfo> options = scenario_info(scenario).options;
  options.insert(options.end(), info.options.begin(), info.options.end());
  return options;
}

void set_option(CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value) {
  const std::vector<OptionInfo> options = options_of(spec.scenario, info);
  const auto option = std::ranges::find(options, name, &OptionInfo::name);
  if (option == options.end()) refuse_option(spec, info, name);
  const bool is_transports = std::ranges::count(info.options, name, &OptionInfo::name) != 0;
  std::string canonical = canonical_value(*option, value, is_transports ? info.name : to_string(spec.scenario));
  if (is_default(spec, *option, canonical)) {
    spec.options.erase(std::string(name));
  } else {
    if (const std::string_view other = excluded_by(spec, options, *option); !other.empty())
      throw UsageError(fmt::format("'{}' and '{}' exclude each other: leave one out", name, other));
    spec.options.insert_or_assign(std::string(name), std::move(canonical));
  }
}

bool takes_option(const CaseSpec& spec, const TransportInfo& info, std::string_view name, std::string_view value) {
  try {
    CaseSpec probe = spec;
    set_option(probe, info, name, value);
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

void set_size(CaseSpec& spec, std::size_t bytes) {
  spec.size = bytes;
  const auto reply = spec.options.find(kReplyOption);
  if (reply != spec.options.end() && reply->second == std::to_string(bytes)) spec.options.erase(reply);
}

OptionValues option_values(const CaseSpec& spec, const TransportInfo& info) {
  OptionValues values;
  for (const OptionInfo& option : info.options) {
    const auto given = spec.options.find(option.name);
    values.emplace(option.name, given == spec.options.end() ? std::string(option.default_value) : given->second);
  }
  return values;
}

LoopOptions loop_options(const CaseSpec& spec) {
  LoopOptions numbers{};
  const std::vector<OptionInfo>& options = scenario_info(spec.scenario).options;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto given = spec.options.find(options[i].name);
    const std::string value(given == spec.options.end() ? options[i].default_value : given->second);
    numbers.at(i) = loop_number(options[i], value);
  }
  return numbers;
}

bool is_scheduled(const CaseSpec& spec) { return traffic_of(spec.scenario) == Traffic::scheduled; }

OpenLoop open_loop_of(const CaseSpec& spec) { return is_scheduled(spec) ? open_loop(loop_options(spec)) : OpenLoop{}; }

bool has_answers(const CaseSpec& spec) {
  const std::optional<Traffic> traffic = traffic_of(spec.scenario);
  return traffic == Traffic::round_trips || traffic == Traffic::served ||
         (traffic == Traffic::scheduled && open_loop_of(spec).form == LoopForm::round_trip);
}

bool has_cast(const CaseSpec& spec) { return has_cast(traffic_of(spec.scenario), spec.options); }

Cast cast_of(const CaseSpec& spec) {
  if (!has_cast(spec)) return {};
  return ipcbench::cast_of(spec.scenario, loop_options(spec));
}

void choose_form(CaseSpec& spec, const TransportInfo& info) {
  if (!has_cast(spec)) return;
  Cast cast = cast_of(spec);
  if (cast.channels != 0) return choose_mux(spec, cast, info);
  if (cast.is_sharing_chosen || cast.pattern.is_lock()) return;
  for (const Sharing sharing : {Sharing::shared, Sharing::inbox, Sharing::per_peer}) {
    cast.pattern.sharing = sharing;
    if (!sharing_refusal(cast, info.capabilities).empty()) continue;
    set_option(spec, info, kSharingOption, to_string(sharing));
    return;
  }
}

CaseSpec saturation_of(CaseSpec spec) {
  for (const std::string_view name : {kRateOption, kLoadOption, kScheduleOption, kPacerOption, kSilenceOption}) {
    if (const auto given = spec.options.find(name); given != spec.options.end()) spec.options.erase(given);
  }
  return spec;
}

std::size_t reply_size(const CaseSpec& spec) {
  const auto reply = spec.options.find(kReplyOption);
  return reply == spec.options.end() ? spec.size : parse_size(reply->second, kReplyOption);
}

std::size_t largest_sent(const CaseSpec& spec) { return std::max(spec.size, reply_size(spec)); }

std::string CaseSpec::id() const {
  std::string id =
      fmt::format("{}/{}/{}/{}/{}", to_string(scenario), transport, to_string(wait), size, to_string(placement));
  for (const auto& [name, value] : options) id += fmt::format("/{}={}", name, value);
  return id;
}

CaseSpec parse_case(std::string_view id) {
  const std::vector<std::string_view> parts = split(id, '/');
  if (parts.size() < 5) {
    throw UsageError(
        fmt::format("case '{}' has {} parts; write scenario/transport/wait/size/placement[/option=value...]: "
                    "ping-pong/pipe/block/64/same-cpu",
                    id, parts.size()));
  }
  const auto scenario = parse_scenario(parts[0]);
  if (!scenario) refuse(id, "scenario", parts[0], scenario_names());
  const TransportInfo& info = info_of(id, parts[1]);
  const auto wait = parse_wait_strategy(parts[2]);
  if (!wait) refuse(id, "wait strategy", parts[2], wait_names());
  const std::size_t size = parse_size(parts[3], fmt::format("case '{}': size", id));
  if ((size == 0) == info.capabilities.carries_payload) {
    throw UsageError(fmt::format("case '{}': the size of {} is {}", id, info.name,
                                 info.capabilities.carries_payload ? "at least 1" : "always 0: it carries no payload"));
  }
  const auto placement = parse_placement(parts[4]);
  if (!placement) refuse(id, "placement", parts[4], placement_names());

  CaseSpec spec{
      .scenario = *scenario, .transport = std::string(parts[1]), .wait = *wait, .size = size, .placement = *placement};
  std::set<std::string_view> given;
  for (std::size_t i = 5; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string_view::npos) {
      throw UsageError(fmt::format("case '{}': '{}' is not option=value", id, parts[i]));
    }
    const std::string_view name = parts[i].substr(0, equals);
    if (!given.insert(name).second) throw UsageError(fmt::format("case '{}': option '{}' stands twice", id, name));
    try {
      set_option(spec, info, name, parts[i].substr(equals + 1));
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("case '{}': {}", id, error.what()));
    }
  }
  return spec;
}

}  // namespace ipcbench

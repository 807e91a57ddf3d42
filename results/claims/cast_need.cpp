#include "results/claims/cast_need.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMany = 2;

std::string_view scenario_for(const Need& need, const CastNeed& asked) {
  if (need.pattern == NeedPattern::request_reply) return "server";
  if (asked.consumers == 1) return "fan-in";
  return asked.producers == 1 ? "fan-out" : "many-to-many";
}

}  // namespace

CastNeed usual_cast(NeedPattern pattern) {
  return {.producers = pattern == NeedPattern::many_to_many ? kMany : 1,
          .consumers = pattern == NeedPattern::many_to_many || pattern == NeedPattern::one_to_many ? kMany : 1};
}

std::string command_to_measure(const Need& need, const CastNeed& asked, const std::vector<std::string>& transports) {
  const std::string_view scenario = scenario_for(need, asked);
  std::string command = fmt::format("ipcbench run --scenario {}", scenario);
  if (!transports.empty()) command += fmt::format(" --transport {}", fmt::join(transports, ","));
  if (!need.placement.empty()) command += fmt::format(" --placement {}", to_string(need.placement));
  if (need.size != 0) command += fmt::format(" --size {}", need.size);
  std::vector<std::string> options;
  if (scenario != "fan-out") options.push_back(fmt::format("{}={}", kProducersOption, asked.producers));
  if (scenario == "fan-out" || scenario == "many-to-many")
    options.push_back(fmt::format("{}={}", kConsumersOption, asked.consumers));
  if (asked.to_all) options.push_back(fmt::format("{}=all", kDeliverOption));
  return fmt::format("{} --option {}", command, fmt::join(options, ","));
}

}  // namespace ipcbench

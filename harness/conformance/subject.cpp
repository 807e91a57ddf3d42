#include "harness/conformance/subject.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "harness/process/affinity.h"

namespace ipcbench {

CpuPair two_cpus() {
  const std::vector<int> cpus = allowed_cpus();
  return {.producer = cpus.front(), .consumer = cpus.back()};
}

OptionValues Subject::options() const {
  OptionValues values;
  if (!option.empty()) values.emplace(option, value);
  for (const OptionInfo& known : info().options) values.emplace(known.name, known.default_value);
  return values;
}

bool Subject::offers(Scenario scenario) const {
  return scenario == Scenario::ping_pong ? info().no_ping_pong.empty() : info().no_streaming.empty();
}

std::string Subject::variant() const {
  std::string text(to_string(wait));
  if (!option.empty()) text += ' ' + option + '=' + value;
  return text;
}

std::vector<Subject> all_subjects() {
  std::vector<Subject> subjects;
  std::set<std::tuple<std::string_view, Shape, std::string_view>> shared;  // options by part, shape and name
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.transport == nullptr) {
      subjects.push_back({.entry = &entry});
      continue;
    }
    const TransportInfo& info = entry.transport->info();
    if (info.hidden) continue;
    for (const WaitStrategy wait : info.waits) subjects.push_back({.entry = &entry, .wait = wait});
    for (const OptionInfo& option : info.options) {
      const bool is_first = shared.emplace(option.part, info.capabilities.shape, option.name).second;
      if (!option.part.empty() && !is_first) continue;
      for (const std::string_view value : option.values) {
        if (value == option.default_value) continue;
        subjects.push_back({.entry = &entry,
                            .wait = info.waits.front(),
                            .option = std::string(option.name),
                            .value = std::string(value)});
      }
    }
  }
  return subjects;
}

std::uint64_t few(const Subject& subject, std::uint64_t ops) {
  const bool turns_by_tick = subject.wait != WaitStrategy::block && allowed_cpus().size() == 1;
  return turns_by_tick ? std::min<std::uint64_t>(ops, 3) : ops;
}

}  // namespace ipcbench

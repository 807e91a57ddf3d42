#include "cli/commands/fact_records.h"

#include <algorithm>
#include <optional>
#include <string>

#include "harness/plan/launch_limits.h"
#include "transports/facts/find_facts.h"

namespace ipcbench {

void add_facts(RunDir& run, std::vector<TransportRecord>& transports) {
  for (const Fact& fact : find_facts(run)) {
    const auto record = std::ranges::find(transports, fact.transport, &TransportRecord::name);
    if (record == transports.end()) continue;
    record->facts.push_back({.claim = fact.claim,
                             .question = fact.question,
                             .answer = fact.answer,
                             .evidence = fact.evidence,
                             .agreement = fact.agreement ? std::string(to_string(*fact.agreement)) : "",
                             .reason = fact.reason,
                             .limit = fact.limited ? std::optional(limit_behind(*fact.limited)) : std::nullopt});
  }
}

}  // namespace ipcbench

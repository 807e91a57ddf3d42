#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Returns a case as a plan leaves it, without launches.
CaseRecord sample_case(const ScenarioName& scenario, const std::string& transport, const WaitName& wait,
                       std::uint64_t size, const PlacementName& placement);
// Returns a completed launch of it. Ping-pong: mean `ns` and 1000 stamped round trips around it; streaming: `ns` per
// message.
LaunchRecord sample_launch(const CaseRecord& c, int pass, double ns);
// Adds `launches` launches whose values are ns * (1 + pass / 100).
void add_launches(CaseRecord& c, int launches, double ns);

// Returns the limit that makes pipes smaller once a user's budget is used up.
LimitRecord sample_limit();

// Returns a small run with every part filled: two placements, both scenarios, a notify-only and a lossy transport,
// skipped, invalid and crashed cases, canary states. Not summarised.
Result sample_result();

}  // namespace ipcbench

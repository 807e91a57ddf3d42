#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// A case as a plan leaves it, without launches.
CaseRecord sample_case(const std::string& scenario, const std::string& transport, const std::string& wait,
                       std::uint64_t size, const std::string& placement);
// One completed launch of it. Ping-pong: mean `ns`, 1000 stamped round trips around it; streaming: `ns` per message.
LaunchRecord sample_launch(const CaseRecord& c, int pass, double ns);
// Adds `launches` launches whose values are ns * (1 + pass / 100).
void add_launches(CaseRecord& c, int launches, double ns);

// A user's pipes were smaller, since they have used up their budget.
LimitRecord sample_limit();

// A small run with every part filled: two placements, both scenarios, a notify-only and a lossy transport, skipped,
// invalid and crashed cases, canary states. Not summarised.
Result sample_result();

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/measure/run_log.h"
#include "harness/sdk/transport.h"
#include "results/model/record.h"

namespace ipcbench {

std::string_view to_string(Role role) noexcept;  // "producer"

// Describes why a side has failed. `expected`: bytes of the messages that it receives.
std::string describe_failure(const SideLog& side, std::size_t expected);
// Returns whether the failure is a wrong message, or a wrong time: the launch's number would be wrong.
bool makes_invalid(Failure failure) noexcept;

// Turns a launch that went well into one that broke by its session's fault.
void add_fault(const SessionFault& fault, LaunchRecord& record);
// Fills in how a launch broke.
void broke(LaunchRecord& record, Status status, Phase phase, std::string reason);

}  // namespace ipcbench

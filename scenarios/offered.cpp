#include "scenarios/all.h"

namespace ipcbench {

std::span<const ScenarioInfo> offered_scenarios() noexcept { return OfferedScenarios::infos(); }

}  // namespace ipcbench

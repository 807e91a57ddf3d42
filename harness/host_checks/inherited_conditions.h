#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/host_check.h"

namespace ipcbench {

// Returns the inherited state that changes measurements, from the findings of check_host(): "nice 10; tracer strace",
// or "usual". Figures are comparable only if these texts are equal.
std::string inherited_conditions(const std::vector<HostCheck>& checks);

// Returns the ids of the checks that such a text is made of, in its order.
std::span<const std::string_view> inherited_condition_ids() noexcept;

}  // namespace ipcbench

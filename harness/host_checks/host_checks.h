#pragma once

#include <string>
#include <vector>

#include "harness/host/host_info.h"
#include "harness/host_checks/host_check.h"

namespace ipcbench {

// Every check of a host, the fine ones too, in a fixed order and with ids that don't change: from what was read of it
// and from the live state below `root` (load, cgroups, permissions). What can't be read is a note with the reason.
// Never throws for a file.
std::vector<HostCheck> examine_host(const HostInfo& host, const std::string& root);

// Those that aren't fine: what speaks against a host's numbers. This is what a result stores.
std::vector<HostCheck> check_host(const HostInfo& host, const std::string& root);

}  // namespace ipcbench

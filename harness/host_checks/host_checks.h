#pragma once

#include <string>
#include <vector>

#include "harness/host/host_info.h"
#include "harness/records/host_check.h"

namespace ipcbench {

// Makes every check of a host, fine ones included, in a fixed order and with stable ids. It uses what was read of the
// host and the live state below `root`: load, cgroups, permissions. What can't be read becomes a note with the reason.
// Never throws for a file.
std::vector<HostCheck> examine_host(const HostInfo& host, const std::string& root);

// Returns the checks that aren't fine, which a result stores.
std::vector<HostCheck> findings_of(std::vector<HostCheck> checks);
std::vector<HostCheck> check_host(const HostInfo& host, const std::string& root);

}  // namespace ipcbench

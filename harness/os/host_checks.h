#pragma once

#include <string>
#include <vector>

#include "harness/os/host_info.h"

namespace ipcbench {

// What speaks against a host's numbers, from what was read of it and the live state below `root` (load, cgroup quota):
// "wrong": they mean something else than they say; "noisy": they scatter more than they must; "note": good to know.
std::vector<HostCheck> check_host(const HostInfo& host, const std::string& root);

}  // namespace ipcbench

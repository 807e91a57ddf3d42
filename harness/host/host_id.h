#pragma once

#include <optional>
#include <string>

namespace ipcbench {

// Returns 32 hexadecimal digits that tell this host from others, by sd_id128_get_machine_app_specific(3): the machine
// id can't be found from them. None without a machine id, as in many containers, or in a build without libsystemd.
std::optional<std::string> host_id();

}  // namespace ipcbench

#pragma once

#include <string>

namespace ipcbench {

// Returns the hypervisor that the firmware below `root` names, in the device tree or as vendor and product of DMI. ""
// if it names none, as on real hardware. It serves CPUs without CPUID's hypervisor leaf. The vendors' names are those
// of systemd-detect-virt(1).
std::string firmware_hypervisor(const std::string& root);

}  // namespace ipcbench

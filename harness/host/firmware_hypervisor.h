#pragma once

#include <string>

namespace ipcbench {

// The hypervisor that the firmware below `root` names: the device tree, or vendor and product of DMI. "" where it names
// none, as on real hardware. For CPUs that don't tell it themselves, as x86's do by CPUID. The names of vendors are
// those of systemd-detect-virt(1).
std::string firmware_hypervisor(const std::string& root);

}  // namespace ipcbench

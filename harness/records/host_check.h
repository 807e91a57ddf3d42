#pragma once

#include <string>

#include "harness/records/named.h"
#include "harness/records/severity.h"

namespace ipcbench {

// Describes a finding about a host that affects its numbers.
struct HostCheck {
  std::string id;  // "clocksource", "governor", "virtual-machine", "debug-build" …: stable
  SeverityName severity = Severity::fine;
  std::string text;
  std::string source;      // where it was read: "/sys/devices/system/clocksource/clocksource0/current_clocksource"
  std::string value = {};  // as found: "powersave", "8 KiB"; "unknown"; "" in results of early builds
  std::string fix = {};    // a command for an administrator; "" where there is nothing to fix, or no way to
};

}  // namespace ipcbench

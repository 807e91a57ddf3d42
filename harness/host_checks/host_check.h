#pragma once

#include <string>

namespace ipcbench {

// Describes a finding about this host that affects its numbers.
struct HostCheck {
  std::string id;  // "clocksource", "governor", "virtual-machine", "debug-build" …: stable
  // "wrong": the numbers don't mean what they say; "noisy": they scatter more than necessary; "note": good to know;
  // "fine".
  std::string severity;
  std::string text;
  std::string source;      // where it was read: "/sys/devices/system/clocksource/clocksource0/current_clocksource"
  std::string value = {};  // as found: "powersave", "8 KiB"; "unknown"
  std::string fix = {};    // a command for an administrator; "" where there is nothing to mend, or no way to
};

}  // namespace ipcbench

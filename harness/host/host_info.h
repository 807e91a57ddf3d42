#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ipcbench {

// Holds what the system says about itself, as text. Unreadable facts are missing from the lists or nullopt. Reading has
// no side effects, needs no root, and never throws for a missing file.
struct HostInfo {
  std::string cpu_model;
  int cpus_online = 0;
  std::string kernel;          // uname release
  std::string kernel_version;  // uname version: build, preemption
  std::string preemption;      // "dynamic: none", "dynamic", "voluntary", "full", "rt" …; "unknown"
  std::string virtualisation;  // "kvm", "kvm, container" …, "none"; from CPUID or firmware, and /proc/1
  std::string clocksource;
  std::optional<double> cpu_mhz;        // the first CPU's highest; without frequency scaling its current one
  std::optional<std::string> governor;  // of all CPUs; "performance, powersave" if they differ
  std::optional<std::string> turbo;     // "on", "off"
  std::string hostname;                 // not part of any comparison
  std::vector<std::pair<std::string, std::string>> mitigations;  // /sys/devices/system/cpu/vulnerabilities
  std::vector<std::pair<std::string, std::string>> limits;  // pipe-max-size, msgmax, msgmnb, mqueue/*, rmem_*, wmem_*,
                                                            //   nofile, nproc, msgqueue, memlock, /dev/shm …
};

// Reads this host. `root` is put before every path, for a recorded tree of /proc, /sys and /dev. CPUID is used only if
// that tree's /proc/cpuinfo has the `hypervisor` flag.
HostInfo read_host_info(const std::string& root = "");

// Returns what two results must share to be comparable, on one line: CPU model, CPUs, topology, kernel major.minor,
// virtualisation, and a short digest of the mitigations.
std::string machine_class(const HostInfo& host, const std::string& topology);

}  // namespace ipcbench

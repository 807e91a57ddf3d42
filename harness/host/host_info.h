#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ipcbench {

// Everything is text as the system gives it; what can't be read is absent from the lists or nullopt. No side effects,
// no root, never throws for a missing file.
struct HostInfo {
  std::string cpu_model;
  int cpus_online = 0;
  std::string kernel;          // uname release
  std::string kernel_version;  // uname version: build, preemption
  std::string preemption;      // "dynamic: none", "dynamic", "voluntary", "full", "rt" …; "unknown"
  std::string virtualisation;  // "kvm", "kvm, container" …, "none"; from CPUID or firmware, and /proc/1
  std::string clocksource;
  std::optional<double> cpu_mhz;        // the highest of the first CPU; without frequency scaling what it runs at
  std::optional<std::string> governor;  // of all CPUs; "performance, powersave" where they differ
  std::optional<std::string> turbo;     // "on", "off"
  std::string hostname;                 // not part of any comparison
  std::vector<std::pair<std::string, std::string>> mitigations;  // /sys/devices/system/cpu/vulnerabilities
  std::vector<std::pair<std::string, std::string>> limits;  // pipe-max-size, msgmax, msgmnb, mqueue/*, rmem_*, wmem_*,
                                                            //   nofile, nproc, msgqueue, memlock, /dev/shm …
};

// `root` is put before every path that is read: a recorded tree of /proc, /sys and /dev in place of this machine's.
// CPUID is asked only where that tree's /proc/cpuinfo has the `hypervisor` flag.
HostInfo read_host_info(const std::string& root = "");

// What must be equal for two results to be comparable: CPU model, CPUs, topology, kernel major.minor, virtualisation,
// mitigations (a short digest of them). One line.
std::string machine_class(const HostInfo& host, const std::string& topology);

}  // namespace ipcbench

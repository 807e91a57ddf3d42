#pragma once

#include <string>
#include <vector>

namespace ipcbench {

struct Cpu {
  int number = -1;  // Linux's
  friend bool operator==(Cpu, Cpu) = default;
};

// Returns the CPUs that this process may run on, ascending. Throws std::system_error.
std::vector<int> allowed_cpus();

// Restrict the calling thread to one CPU, or to several. Throw std::system_error.
void pin_to(Cpu cpu);
void pin_to(const std::vector<int>& cpus);

// Says why no thread of this process can be pinned, as under a seccomp filter: "sched_setaffinity: Operation not
// permitted (a seccomp filter?)"; "" if it can. It asks for the CPUs that are allowed already, so nothing changes.
std::string pinning_refusal();

// Returns the CPU that the calling thread runs on; -1 if unknown.
int current_cpu() noexcept;

}  // namespace ipcbench

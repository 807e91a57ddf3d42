#pragma once

#include <string>
#include <vector>

namespace ipcbench {

struct Cpu {
  int number = -1;  // Linux's
  friend bool operator==(Cpu, Cpu) = default;
};

// The CPUs that this process may run on, ascending. Throws std::system_error.
std::vector<int> allowed_cpus();

// Restricts the calling thread to one CPU, or to several. Throws std::system_error.
void pin_to(Cpu cpu);
void pin_to(const std::vector<int>& cpus);

// Why no thread of this process can be pinned, as a seccomp filter refuses it: "sched_setaffinity: Operation not
// permitted (a seccomp filter?)". "" where it can. Asks for the CPUs that are allowed already: nothing changes.
std::string pinning_refusal();

// Where the calling thread runs now; -1 if unknown.
int current_cpu() noexcept;

}  // namespace ipcbench

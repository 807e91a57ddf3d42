#include "harness/process/affinity.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <system_error>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

// CpuSet is a cpu_set_t for any number of CPUs; the fixed one ends at 1024.
class CpuSet {
 public:
  explicit CpuSet(int cpus)
      : size_(CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus))), words_(CPU_ALLOC(static_cast<std::size_t>(cpus))) {
    if (words_ == nullptr) throw_errno("allocate a set of {} CPUs", cpus);
    CPU_ZERO_S(size_, words_.get());
  }

  void add(int cpu) noexcept { CPU_SET_S(static_cast<std::size_t>(cpu), size_, words_.get()); }
  bool has(int cpu) const noexcept { return CPU_ISSET_S(static_cast<std::size_t>(cpu), size_, words_.get()) != 0; }
  std::size_t size() const noexcept { return size_; }
  cpu_set_t* get() const noexcept { return words_.get(); }

 private:
  struct Free {
    void operator()(cpu_set_t* set) const noexcept { CPU_FREE(set); }
  };

  std::size_t size_;
  std::unique_ptr<cpu_set_t, Free> words_;
};

constexpr int kMostCpus = 1 << 20;

}  // namespace

std::vector<int> allowed_cpus() {
  // EINVAL: the kernel's mask is longer than this one.
  for (int cpus = 1024;; cpus *= 2) {
    const CpuSet set(cpus);
    if (::sched_getaffinity(0, set.size(), set.get()) != 0) {
      if (errno == EINVAL && cpus < kMostCpus) continue;
      throw_errno("sched_getaffinity");
    }
    std::vector<int> allowed;
    for (int cpu = 0; cpu < cpus; ++cpu) {
      if (set.has(cpu)) allowed.push_back(cpu);
    }
    return allowed;
  }
}

void pin_to(Cpu cpu) { pin_to(std::vector<int>{cpu.number}); }

void pin_to(const std::vector<int>& cpus) {
  const auto [least, most] = std::minmax_element(cpus.begin(), cpus.end());
  if (cpus.empty() || *least < 0 || *most >= kMostCpus) {
    errno = EINVAL;
    throw_errno("sched_setaffinity to {}", cpus.empty() ? "no CPU" : "a CPU number that can't exist");
  }
  CpuSet set(*most + 1);
  for (const int cpu : cpus) set.add(cpu);
  if (::sched_setaffinity(0, set.size(), set.get()) != 0) {
    throw_errno("sched_setaffinity to {} CPU(s), the last of them {}", cpus.size(), *most);
  }
}

std::string pinning_refusal() {
  try {
    pin_to(allowed_cpus());
    return "";
  } catch (const std::system_error& error) {
    return fmt::format("sched_setaffinity: {} (a seccomp filter?)", error.code().message());
  }
}

int current_cpu() noexcept { return ::sched_getcpu(); }

}  // namespace ipcbench
